"""How far one part of a panel answers above another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.resampling import check_confidence, check_draws, percentiles, size_drawn
from aggregation.delphi.scale import NINE
from aggregation.delphi.summary import histogram_of
from aggregation.errors import RatingsError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings


@dataclass(frozen=True, slots=True, eq=False)
class Superiority(Frozen):
    """How far one part answers above another; arrays have shape (n_items,) and are read-only.

    Parameters
    ----------
    items : tuple of str
    n_one, n_other : ndarray of int
        Valid answers of each.
    delta : ndarray of float
        Cliff's delta: the share of pairs, one person of each part, in which the first answers higher, less the share
        in which lower; in [-1, 1], 0 = neither. nan where a part has no valid answer.
    low, high : ndarray of float
        Its interval from panels drawn anew; nan where no draws were asked for, a part has fewer than two valid
        answers, or all panels drawn agree: that ten people are all above ten others is no proof that others would be.
    """

    items: tuple[str, ...]
    n_one: NDArray[np.int64]
    n_other: NDArray[np.int64]
    delta: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def probability(self) -> NDArray[np.float64]:
        """That somebody of the first part answers higher, a tie counting half; (delta + 1) / 2."""
        return np.asarray((self.delta + 1) / 2)

    @property
    def probability_low(self) -> NDArray[np.float64]:
        """The lower end of its interval."""
        return np.asarray((self.low + 1) / 2)

    @property
    def probability_high(self) -> NDArray[np.float64]:
        """The upper end of its interval."""
        return np.asarray((self.high + 1) / 2)


def superiority(
    one: Ratings,
    other: Ratings,
    *,
    scale: Scale = NINE,
    confidence: float = 0.95,
    draws: int = 0,
    seed: int | None = None,
) -> Superiority:
    """Cliff's delta and the probability of superiority of each question.

    Parameters
    ----------
    one, other : Ratings
        Two parts of a panel, for instance of `by_side()`, with the same questions.
    scale : Scale
    confidence : float
        In (0, 1).
    draws, seed : int
        Panels to draw for the interval, the parts apart; 0 = none. Parts of fewer than ten with one answer less.

    Raises
    ------
    RatingsError
        If the questions differ, or an answer is not on the scale.
    StatisticError
        If the confidence is outside (0, 1), or there are draws without a seed.

    References
    ----------
    N. Cliff, Dominance statistics: ordinal analyses to answer ordinal questions, Psychological Bulletin 114 (1993)
    494-509. A. Vargha, H. D. Delaney, Journal of Educational and Behavioral Statistics 25 (2000) 101-132.

    Examples
    --------
    >>> from aggregation import Ratings
    >>> a, b = ([9, 8, 7, 8, 9, 6, 8], [5, 6, 7, 4, 6, 7])
    >>> found = superiority(*(Ratings(values=[[each] for each in part], items=["q"]) for part in (a, b)))
    >>> round(float(found.delta[0]), 6), round(float(found.probability[0]), 6)
    (0.809524, 0.904762)
    """
    check_confidence(confidence)
    check_draws(draws, seed)
    first, second = histograms_of((one, other), scale)
    low, high = np.full((2, len(first)), np.nan)
    enough = np.minimum(first.sum(axis=1), second.sum(axis=1)) >= 2
    if draws and enough.any():
        rng = np.random.default_rng(seed)
        drawn = _delta(*(_drawn(each[enough], draws, rng) for each in (first, second)))
        low[enough], high[enough] = percentiles(drawn, confidence)
    arrays = {
        "n_one": first.sum(axis=1),
        "n_other": second.sum(axis=1),
        "delta": _delta(first, second),
        "low": low,
        "high": high,
    }
    for array in arrays.values():
        array.setflags(write=False)
    return Superiority(items=one.items, **arrays)


def histograms_of(parts: Sequence[Ratings], scale: Scale) -> list[NDArray[np.int64]]:
    """The histogram of each part, (n_items, n_points); other questions are refused with a `RatingsError`."""
    if any(part.items != parts[0].items for part in parts):
        raise RatingsError("the parts must have the same questions in the same order")
    return [histogram_of(part, scale) for part in parts]


def dominance(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs in which the first is higher less those in which it is lower, of histograms on the last axis."""
    below = second.cumsum(axis=-1) - second
    above = second.sum(axis=-1, keepdims=True) - second - below
    return np.asarray((first * (below - above)).sum(axis=-1))


def _delta(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        return np.asarray(dominance(first, second) / (first.sum(axis=-1) * second.sum(axis=-1)))


def _drawn(histogram: NDArray[np.int64], draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Histograms of as many answers drawn anew, shape (draws, n_items, n_points)."""
    n = histogram.sum(axis=1)
    sizes = [size_drawn(each) for each in n.tolist()]
    return rng.multinomial(sizes, histogram / n[:, None], size=(draws, len(n)))
