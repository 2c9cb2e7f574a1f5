"""Tests of whether parts of a panel answer alike, for those who ask: a panel is no random sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.scale import NINE
from aggregation.delphi.subgroups import dominance, histograms_of
from aggregation.errors import StatisticError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings


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

    first, second = histograms_of((one, other), scale)
    n, m = first.sum(axis=1), second.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        u = (n * m + dominance(first, second)) / 2
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
    histograms = np.stack(histograms_of(parts, scale))
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


def _untied(histogram: NDArray[np.int64]) -> NDArray[np.float64]:
    """What ties leave of the variance of ranks: 1 = no ties, 0 = all tied."""
    n, ties = histogram.sum(axis=1).astype(np.float64), histogram.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - (ties**3 - ties).sum(axis=1) / (n**3 - n))


def _test(items: tuple[str, ...], statistic: NDArray[np.float64], p: NDArray[np.float64]) -> RankTest:
    statistic.setflags(write=False)
    p = np.array(p)
    p.setflags(write=False)
    return RankTest(items=items, statistic=statistic, p=p)
