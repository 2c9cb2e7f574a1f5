"""What was answered to each question on the scale 1 to 9."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import RatingsError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.ratings import Ratings

POINTS = np.arange(1, 10)
LOW, HIGH = slice(0, 3), slice(6, 9)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many; compared as whole numbers, never as a rounded percentage."""

    hits: int
    n: int

    def at_least(self, percent: int) -> bool:
        """Whether the share is `percent` or more; False where n is 0.

        Examples
        --------
        >>> Tally(14, 20).at_least(70), Tally(0, 0).at_least(0)
        (True, False)
        """
        return self.n > 0 and 100 * self.hits >= percent * self.n

    def below(self, percent: int) -> bool:
        """Whether the share is less than `percent`; False where n is 0.

        Examples
        --------
        >>> Tally(3, 20).below(15)
        False
        """
        return self.n > 0 and 100 * self.hits < percent * self.n


@dataclass(frozen=True, slots=True, eq=False)
class RatingSummary(Frozen):
    """Statistics of each question over the valid answers; arrays have shape (n_items,) and are read-only.

    Parameters
    ----------
    items : tuple of str
    people : int
        Everybody who was asked, the N of "n of N".
    n, missing, cannot_judge : ndarray of int
        Valid answers, no answer, "I can't judge"; together `people`.
    histogram : ndarray of int, shape (n_items, 9)
        How many gave 1, 2, ..., 9.
    median, q1, q3, mean, minimum, maximum : ndarray of float
        Over valid answers, nan where there is none. Quartiles by linear interpolation between the two nearest
        answers (type 7 of [1]_).

    References
    ----------
    .. [1] R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996)
       361-365.
    """

    items: tuple[str, ...]
    people: int
    n: NDArray[np.int64]
    missing: NDArray[np.int64]
    cannot_judge: NDArray[np.int64]
    histogram: NDArray[np.int64]
    median: NDArray[np.float64]
    q1: NDArray[np.float64]
    q3: NDArray[np.float64]
    mean: NDArray[np.float64]
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]

    @property
    def low(self) -> NDArray[np.int64]:
        """How many gave 1 to 3, shape (n_items,)."""
        return np.asarray(self.histogram[:, LOW].sum(axis=1))

    @property
    def high(self) -> NDArray[np.int64]:
        """How many gave 7 to 9, shape (n_items,)."""
        return np.asarray(self.histogram[:, HIGH].sum(axis=1))

    def low_of(self, item: int) -> Tally:
        """The share in 1 to 3 of the item at this index, over its valid answers."""
        return Tally(int(self.low[item]), int(self.n[item]))

    def high_of(self, item: int) -> Tally:
        """The share in 7 to 9 of the item at this index, over its valid answers."""
        return Tally(int(self.high[item]), int(self.n[item]))


def summarise(ratings: Ratings) -> RatingSummary:
    """The statistics of each question; for a side or a group, summarise `ratings.by_side()[name]`.

    Parameters
    ----------
    ratings : Ratings
        Whole numbers from 1 to 9, nan where there is no valid answer.

    Raises
    ------
    RatingsError
        If a rating is no whole number from 1 to 9, naming the person's row and the question.

    Examples
    --------
    >>> from aggregation import Ratings
    >>> summary = summarise(Ratings(values=[[7], [8], [9], [4]], items=["a"]))
    >>> summary.median[0], summary.q1[0], summary.q3[0], summary.high_of(0)
    (np.float64(7.5), np.float64(6.25), np.float64(8.25), Tally(hits=3, n=4))
    """
    histogram = histogram_of(ratings)
    n = histogram.sum(axis=1)
    silent = np.zeros(ratings.values.shape, dtype=bool) if ratings.cannot_judge is None else ratings.cannot_judge
    cannot = silent.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = (histogram @ POINTS) / n
    arrays = {
        "n": n,
        "missing": ratings.n_people - n - cannot,
        "cannot_judge": cannot,
        "histogram": histogram,
        "median": quantile(histogram, Fraction(1, 2)),
        "q1": quantile(histogram, Fraction(1, 4)),
        "q3": quantile(histogram, Fraction(3, 4)),
        "mean": mean,
        "minimum": quantile(histogram, Fraction(0)),
        "maximum": quantile(histogram, Fraction(1)),
    }
    for array in arrays.values():
        array.setflags(write=False)
    return RatingSummary(items=ratings.items, people=ratings.n_people, **arrays)


def histogram_of(ratings: Ratings) -> NDArray[np.int64]:
    """How many gave each of 1 to 9, shape (n_items, 9); refuses any other rating."""
    values = ratings.values
    given = ~np.isnan(values)
    wrong = np.argwhere(given & ~np.isin(values, POINTS))
    if wrong.size:
        row, column = wrong[0]
        raise RatingsError(
            f"`values`[{row}, {column}] ({ratings.items[column]!r}) is {values[row, column]:g}; "
            "this statistic is for whole numbers from 1 to 9"
        )
    cells = np.where(given, values, 0).astype(np.int64) + 10 * np.arange(ratings.n_items)
    return np.bincount(cells.ravel(), minlength=10 * ratings.n_items).reshape(-1, 10)[:, 1:]


def quantile(histogram: NDArray[np.int64], p: Fraction) -> NDArray[np.float64]:
    """The type 7 quantile at `p` of each row of a histogram of 1 to 9, nan for an empty row; shape (n_items,).

    Examples
    --------
    >>> quantile(np.array([[0, 0, 0, 1, 0, 0, 1, 1, 1]]), Fraction(1, 4))
    array([6.25])
    """
    cumulated = histogram.cumsum(axis=1)
    n = cumulated[:, -1]
    # The place (n - 1) p as a whole number and a remainder, so that no rounding can move it over an answer.
    place, rest = np.divmod((n - 1) * p.numerator, p.denominator)
    lower, upper = ((cumulated <= each[:, None]).sum(axis=1) + 1 for each in (place, place + (rest > 0)))
    return np.where(n > 0, lower + (upper - lower) * rest / p.denominator, np.nan)
