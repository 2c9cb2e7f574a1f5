"""Where two parts of a panel answer differently: effect sizes first, tests for those who ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.resampling import check_confidence, check_draws, percentiles, size_drawn
from aggregation.delphi.scale import NINE
from aggregation.delphi.summary import histogram_of
from aggregation.errors import RatingsError, StatisticError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

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


@dataclass(frozen=True, slots=True, eq=False)
class RankTest(Frozen):
    """A test of whether parts answer alike; arrays have shape (n_items,) and are read-only.

    Parameters
    ----------
    items : tuple of str
    statistic : ndarray of float
        Mann and Whitney's U of the first part, or Kruskal and Wallis's H corrected for ties.
    p : ndarray of float
        Two-sided, by the normal or the chi-square approximation, corrected for ties; nan where a part has no valid
        answer or all answers are the same. Poor in parts of fewer than about eight.
    """

    items: tuple[str, ...]
    statistic: NDArray[np.float64]
    p: NDArray[np.float64]


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
    first, second = _histograms((one, other), scale)
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


def mann_whitney(one: Ratings, other: Ratings, *, scale: Scale = NINE) -> RankTest:
    """Mann and Whitney's test of each question, with the correction for continuity.

    Parameters
    ----------
    one, other, scale : as in `superiority`

    Raises
    ------
    RatingsError
        If the questions differ, or an answer is not on the scale.

    References
    ----------
    H. B. Mann, D. R. Whitney, On a test of whether one of two random variables is stochastically larger than the other,
    Annals of Mathematical Statistics 18 (1947) 50-60.

    Examples
    --------
    >>> from aggregation import Ratings
    >>> a, b = ([9, 8, 7, 8, 9, 6, 8], [5, 6, 7, 4, 6, 7])
    >>> found = mann_whitney(*(Ratings(values=[[each] for each in part], items=["q"]) for part in (a, b)))
    >>> float(found.statistic[0]), round(float(found.p[0]), 6)
    (38.0, 0.016377)
    """
    from scipy.special import ndtr

    first, second = _histograms((one, other), scale)
    n, m = first.sum(axis=1), second.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        u = (n * m + _dominance(first, second)) / 2
        spread = np.sqrt(n * m * (n + m + 1) / 12 * _untied(first + second))
        z = np.maximum(np.abs(u - n * m / 2) - 0.5, 0) / spread
        p = np.where(spread > 0, 2 * ndtr(-z), np.nan)
    return _test(one.items, np.where(n * m > 0, u, np.nan), p)


def kruskal_wallis(parts: Sequence[Ratings], *, scale: Scale = NINE) -> RankTest:
    """Kruskal and Wallis's test of each question over two or more parts.

    Parameters
    ----------
    parts : sequence of Ratings
        For instance ``list(ratings.by_group().values())``; a part without a valid answer to a question makes its
        result nan.
    scale : as in `superiority`

    Raises
    ------
    RatingsError
        If the questions differ, or an answer is not on the scale.
    StatisticError
        If there are fewer than two parts.

    References
    ----------
    W. H. Kruskal, W. A. Wallis, Use of ranks in one-criterion variance analysis, Journal of the American Statistical
    Association 47 (1952) 583-621.

    Examples
    --------
    >>> from aggregation import Ratings
    >>> rows = [9, 8, 7, 8, 9, 6, 8], [5, 6, 7, 4, 6, 7], [7, 8, 7, 9]
    >>> found = kruskal_wallis([Ratings(values=[[each] for each in part], items=["q"]) for part in rows])
    >>> round(float(found.statistic[0]), 6), round(float(found.p[0]), 6)
    (7.751377, 0.02074)
    """
    from scipy.special import chdtrc

    if len(parts) < 2:
        raise StatisticError("two or more parts are needed to compare them")
    histograms = np.stack(_histograms(parts, scale))
    pooled, sizes = histograms.sum(axis=0), histograms.sum(axis=2)
    n = pooled.sum(axis=1)
    up_to = pooled.cumsum(axis=1)
    # Twice the mean rank of each answer, from the middle.
    doubled = (2 * up_to - pooled - up_to[:, -1:]).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = ((histograms * doubled).sum(axis=2) ** 2 / sizes).sum(axis=0)
        statistic = 3 * squares / (n * (n + 1) * _untied(pooled))
        statistic = np.where(sizes.all(axis=0) & (_untied(pooled) > 0), statistic, np.nan)
    return _test(parts[0].items, statistic, chdtrc(len(parts) - 1, statistic))


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted by Holm for having asked so many times, in the same shape and order.

    Parameters
    ----------
    p : array_like of float
        In [0, 1]; nan was not asked, stays nan and does not count.

    Raises
    ------
    StatisticError
        If one is outside [0, 1].

    References
    ----------
    S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, float("nan")]).round(12).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    values = np.array(p, dtype=np.float64)
    asked = ~np.isnan(values)
    if ((values[asked] < 0) | (values[asked] > 1)).any():
        raise StatisticError("a p-value lies between 0 and 1")
    ordered = values[asked]
    order = ordered.argsort(kind="stable")
    steps = ordered[order] * np.arange(len(order), 0, -1)
    ordered[order] = np.minimum(np.maximum.accumulate(steps), 1)
    values[asked] = ordered
    return values


def _histograms(parts: Sequence[Ratings], scale: Scale) -> list[NDArray[np.int64]]:
    if any(part.items != parts[0].items for part in parts):
        raise RatingsError("the parts must have the same questions in the same order")
    return [histogram_of(part, scale) for part in parts]


def _dominance(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs in which the first is higher less those in which it is lower, of histograms on the last axis."""
    below = second.cumsum(axis=-1) - second
    above = second.sum(axis=-1, keepdims=True) - second - below
    return np.asarray((first * (below - above)).sum(axis=-1))


def _delta(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        return np.asarray(_dominance(first, second) / (first.sum(axis=-1) * second.sum(axis=-1)))


def _untied(histogram: NDArray[np.int64]) -> NDArray[np.float64]:
    """What ties leave of the variance of ranks: 1 = no ties, 0 = all tied."""
    n, ties = histogram.sum(axis=1).astype(np.float64), histogram.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - (ties**3 - ties).sum(axis=1) / (n**3 - n))


def _drawn(histogram: NDArray[np.int64], draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Histograms of as many answers drawn anew, shape (draws, n_items, n_points)."""
    n = histogram.sum(axis=1)
    sizes = [size_drawn(each) for each in n.tolist()]
    return rng.multinomial(sizes, histogram / n[:, None], size=(draws, len(n)))


def _test(items: tuple[str, ...], statistic: NDArray[np.float64], p: NDArray[np.float64]) -> RankTest:
    statistic.setflags(write=False)
    p = np.array(p)
    p.setflags(write=False)
    return RankTest(items=items, statistic=statistic, p=p)
