"""What was answered to each question: how many gave what, where the middle lies and how far answers spread."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.scale import NINE
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings


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
    histogram : ndarray of int, shape (n_items, n_points)
        How many gave each point of the scale, the lowest first.
    median, q1, q3, mean, minimum, maximum : ndarray of float
        Over valid answers, nan where there is none. Quartiles by linear interpolation between the two nearest
        answers (type 7 of [1]_).
    mad : ndarray of float
        Median of the distances from the median, in points of the scale (no factor); nan where there is no answer.
    sd, cv : ndarray of float
        Standard deviation with n - 1 below the line, nan under two answers; the same over the mean, nan where
        the mean is 0.
    scale : Scale

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
    mad: NDArray[np.float64]
    sd: NDArray[np.float64]
    cv: NDArray[np.float64]
    scale: Scale = NINE

    @property
    def iqr(self) -> NDArray[np.float64]:
        """The distance of the quartiles, shape (n_items,)."""
        return self.q3 - self.q1

    @property
    def low(self) -> NDArray[np.int64]:
        """How many gave a low answer (1 to 3 of nine), shape (n_items,)."""
        return np.asarray(self.histogram[:, : len(self.scale.low)].sum(axis=1))

    @property
    def high(self) -> NDArray[np.int64]:
        """How many gave a high answer (7 to 9 of nine), shape (n_items,)."""
        return np.asarray(self.histogram[:, -len(self.scale.high) :].sum(axis=1))

    def low_of(self, item: int) -> Tally:
        """The share of low answers to the item at this index, over its valid answers."""
        return Tally(int(self.low[item]), int(self.n[item]))

    def high_of(self, item: int) -> Tally:
        """The share of high answers to the item at this index, over its valid answers."""
        return Tally(int(self.high[item]), int(self.n[item]))


def summarise(ratings: Ratings, scale: Scale = NINE) -> RatingSummary:
    """The statistics of each question; for a side or a group, summarise `ratings.by_side()[name]`.

    Parameters
    ----------
    ratings : Ratings
        Points of the scale, nan where there is no valid answer.
    scale : Scale

    Raises
    ------
    RatingsError
        If a rating is no point of the scale, naming the person's row and the question.

    Examples
    --------
    >>> from aggregation import Ratings
    >>> summary = summarise(Ratings(values=[[7], [8], [9], [4]], items=["a"]))
    >>> summary.median[0], summary.q1[0], summary.q3[0], summary.high_of(0)
    (np.float64(7.5), np.float64(6.25), np.float64(8.25), Tally(hits=3, n=4))
    >>> summary.mad[0], round(float(summary.cv[0]), 5)
    (np.float64(1.0), 0.30861)
    """
    histogram, points = histogram_of(ratings, scale), scale.values
    n = histogram.sum(axis=1)
    silent = np.zeros(ratings.values.shape, dtype=bool) if ratings.cannot_judge is None else ratings.cannot_judge
    cannot = silent.sum(axis=0)
    mean, sd, cv = _moments(histogram, points)
    median = quantile(histogram, Fraction(1, 2), points)
    arrays = {
        "n": n,
        "missing": ratings.n_people - n - cannot,
        "cannot_judge": cannot,
        "histogram": histogram,
        "median": median,
        "q1": quantile(histogram, Fraction(1, 4), points),
        "q3": quantile(histogram, Fraction(3, 4), points),
        "mean": mean,
        "minimum": quantile(histogram, Fraction(0), points),
        "maximum": quantile(histogram, Fraction(1), points),
        "mad": _median_distance(histogram, points, median),
        "sd": sd,
        "cv": cv,
    }
    for array in arrays.values():
        array.setflags(write=False)
    return RatingSummary(items=ratings.items, people=ratings.n_people, scale=scale, **arrays)


def histogram_of(ratings: Ratings, scale: Scale = NINE) -> NDArray[np.int64]:
    """How many gave each point of the scale, shape (n_items, n_points); refuses any other rating."""
    width = len(scale.points) + 1
    cells = scale.places(ratings) + (1 + width * np.arange(ratings.n_items))
    return np.bincount(cells.ravel(), minlength=width * ratings.n_items).reshape(-1, width)[:, 1:]


def quantile(
    histogram: NDArray[np.int64], p: Fraction, points: NDArray[np.float64] = NINE.values
) -> NDArray[np.float64]:
    """The type 7 quantile at `p` of each row of a histogram, nan for an empty row; shape (n_items,).

    `points` are what is counted, ascending: of all rows, shape (n_points,), or of each, shape (n_items, n_points).

    Examples
    --------
    >>> quantile(np.array([[0, 0, 0, 1, 0, 0, 1, 1, 1]]), Fraction(1, 4))
    array([6.25])
    """
    cumulated = histogram.cumsum(axis=1)
    n = cumulated[:, -1]
    # The place (n - 1) p as a whole number and a remainder, so that no rounding can move it over an answer.
    place, rest = np.divmod((n - 1) * p.numerator, p.denominator)
    lower, upper = (_point_at(each, cumulated, points) for each in (place, place + (rest > 0)))
    return np.where(n > 0, lower + (upper - lower) * rest / p.denominator, np.nan)


def _point_at(
    place: NDArray[np.int64], cumulated: NDArray[np.int64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The answer at a place among all answers in ascending order, 0 the first; any where there are none."""
    column = np.minimum((cumulated <= place[:, None]).sum(axis=1), cumulated.shape[1] - 1)
    return np.take_along_axis(np.broadcast_to(points, cumulated.shape), column[:, None], axis=1)[:, 0]


def _moments(
    histogram: NDArray[np.int64], points: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean, standard deviation and their ratio; the sums are exact, so that equal answers have a spread of 0."""
    n, total, squares = (histogram @ points**power for power in (0, 1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
        sd = np.where(n > 1, np.sqrt(np.maximum(n * squares - total**2, 0) / (n * (n - 1))), np.nan)
        return mean, sd, np.where(mean == 0, np.nan, sd / mean)


def _median_distance(
    histogram: NDArray[np.int64], points: NDArray[np.float64], median: NDArray[np.float64]
) -> NDArray[np.float64]:
    distances = np.abs(points - median[:, None])
    order = distances.argsort(axis=1)
    ascending = np.take_along_axis(distances, order, axis=1)
    return quantile(np.take_along_axis(histogram, order, axis=1), Fraction(1, 2), ascending)
