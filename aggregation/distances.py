"""How far two rankings of the same items are from each other: Kendall, Spearman, footrule.

Where only the heads of two lists are to be compared, or the lists hold different items, see `aggregation.overlap`.
How far many people agree is Kendall's W: `aggregation.delphi.kendall_w`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Ranks = Ranking | ArrayLike

# In every function `first` and `second` are a `Ranking` or ranks, array_like of shape (n,), 1 = best, equal numbers
# being ties; they need not be whole (mean ranks). Two rankings are matched by their ids, ranks by their places.


def kendall_tau_b(first: Ranks, second: Ranks) -> float:
    """Kendall's tau-b: pairs in the same order less pairs reversed, over the pairs that are no ties.

    Parameters
    ----------
    first, second : Ranking or array_like, shape (n,)
        Ranks, 1 = best, equal numbers are ties.

    Returns
    -------
    float
        In [-1, 1]; 1 where both put everything in the same order with the same ties, -1 where one is the other
        turned round. A pair tied in one of the two adds nothing above the line and to one factor below it.

    Raises
    ------
    StatisticError
        If the two are not rankings of the same two or more items, or one of them puts everything level.

    References
    ----------
    M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33 (1945) 239-251.

    Examples
    --------
    Of six pairs five are in the same order:

    >>> round(kendall_tau_b([1, 2, 3, 4], [1, 2, 4, 3]), 4)
    0.6667
    """
    pairs = _Pairs.of(first, second)
    return _ratio(pairs.alike - pairs.reversed, pairs.untied_first, pairs.untied_second)


def kendall_distance(first: Ranks, second: Ranks, *, p: float = 0.5, normalised: bool = False) -> float:
    """The number of pairs in reversed order, plus `p` for each pair tied in one of the two alone.

    Parameters
    ----------
    first, second : Ranking or array_like, shape (n,)
        Ranks, 1 = best, equal numbers are ties.
    p : float
        From 0 to 1; from 0.5 on this is a metric. Pairs tied in both cost nothing.
    normalised : bool
        Divided by the number of pairs, so that it is in [0, 1].

    Raises
    ------
    StatisticError
        If `p` is out of range, or the two are not rankings of the same two or more items.

    References
    ----------
    R. Fagin, R. Kumar, M. Mahdian, D. Sivakumar, E. Vee, Comparing and aggregating rankings with ties, PODS 2004.

    Examples
    --------
    Of a, b, c the first two are tied on one side, and b and c are reversed:

    >>> kendall_distance([1, 1, 3], [1, 3, 2])
    1.5
    """
    if not 0 <= p <= 1:
        raise StatisticError(f"`p` must be from 0 to 1, not {p}")
    pairs = _Pairs.of(first, second)
    distance = pairs.reversed + p * pairs.tied_once
    return distance / pairs.number if normalised else float(distance)


def weighted_tau(first: Ranks, second: Ranks) -> float:
    """Kendall's tau in which pairs near the top count more: Vigna's with additive hyperbolic weights.

    Parameters
    ----------
    first, second : Ranking or array_like, shape (n,)
        Ranks, 1 = best, equal numbers are ties.

    Returns
    -------
    float
        In [-1, 1]. The item at place r (1 = best) weighs 1/r, a pair the sum of its two. Weights are taken from the
        places in `first` (its ties in the order of `second`) and then the other way round, and the mean is given:
        what `scipy.stats.weightedtau` gives for scores.

    Raises
    ------
    StatisticError
        If the two are not rankings of the same two or more items, or one of them puts everything level.

    References
    ----------
    S. Vigna, A weighted correlation index for rankings with ties, WWW 2015.

    Examples
    --------
    A swap of the last two of four costs less than one of the first two:

    >>> round(weighted_tau([1, 2, 3, 4], [1, 2, 4, 3]), 4), round(weighted_tau([1, 2, 3, 4], [2, 1, 3, 4]), 4)
    (0.8133, 0.52)
    """
    ours, theirs = _checked(first, second)
    signs = _signs(ours), _signs(theirs)
    return (_weighted(*signs, _weights(ours, theirs)) + _weighted(*signs, _weights(theirs, ours))) / 2


def spearman_rho(first: Ranks, second: Ranks) -> float:
    """Spearman's rho: the correlation of the two lists of ranks, tied items sharing the mean of their places.

    Parameters
    ----------
    first, second : Ranking or array_like, shape (n,)
        Ranks, 1 = best, equal numbers are ties.

    Returns
    -------
    float
        In [-1, 1].

    Raises
    ------
    StatisticError
        If the two are not rankings of the same two or more items, or one of them puts everything level.

    References
    ----------
    C. Spearman, The proof and measurement of association between two things, American Journal of Psychology 15 (1904).

    Examples
    --------
    >>> round(spearman_rho([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]), 4)
    0.8
    """
    ours, theirs = (_doubled_places(ranks) - len(ranks) - 1 for ranks in _checked(first, second))
    return _ratio(int((ours * theirs).sum()), int((ours**2).sum()), int((theirs**2).sum()))


def footrule(first: Ranks, second: Ranks, *, normalised: bool = False) -> float:
    """Spearman's footrule: by how many places items differ, added up; tied items are at the mean of their places.

    Parameters
    ----------
    first, second : Ranking or array_like, shape (n,)
        Ranks, 1 = best, equal numbers are ties.
    normalised : bool
        Divided by the largest possible value, n * n / 2 rounded down, so that it is in [0, 1].

    Raises
    ------
    StatisticError
        If the two are not rankings of the same two or more items.

    References
    ----------
    P. Diaconis, R. L. Graham, Spearman's footrule as a measure of disarray, Journal of the Royal Statistical
    Society B 39 (1977) 262-268.

    Examples
    --------
    >>> footrule([1, 2, 3], [3, 2, 1]), footrule([1, 1, 3], [1, 2, 3])
    (4.0, 1.0)
    """
    ours, theirs = map(_doubled_places, _checked(first, second))
    doubled = int(abs(ours - theirs).sum())
    return doubled / 2 / (len(ours) ** 2 // 2) if normalised else doubled / 2


@dataclass(frozen=True, slots=True)
class _Pairs:
    """How two rankings treat the pairs of their items."""

    number: int
    alike: int
    reversed: int
    untied_first: int
    untied_second: int
    tied_once: int

    @classmethod
    def of(cls, first: Ranks, second: Ranks) -> _Pairs:
        ours, theirs = map(_signs, _checked(first, second))
        product = ours * theirs
        counts = (product > 0, product < 0, ours != 0, theirs != 0, (ours == 0) != (theirs == 0))
        return cls(len(ours) * (len(ours) - 1) // 2, *(int(np.count_nonzero(each)) // 2 for each in counts))


def _checked(first: Ranks, second: Ranks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if isinstance(first, Ranking) and isinstance(second, Ranking):
        place = dict(zip(second.items, second.ranks.tolist(), strict=True))
        if place.keys() != set(first.items):
            raise StatisticError("the two rankings must be of the same items")
        second = [place[item] for item in first.items]
    ours, theirs = _ranks_of(first, "first"), _ranks_of(second, "second")
    if len(ours) != len(theirs):
        raise StatisticError(f"`first` ranks {len(ours)} items and `second` {len(theirs)}; both must rank the same")
    if len(ours) < 2:
        raise StatisticError("two rankings can be compared where there are two items or more")
    return ours, theirs


def _ranks_of(ranks: Ranks, name: str) -> NDArray[np.float64]:
    try:
        values = np.asarray(ranks.ranks if isinstance(ranks, Ranking) else ranks, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise StatisticError(f"`{name}` must be ranks, not {ranks!r}") from wrong
    if values.ndim != 1:
        raise StatisticError(f"`{name}` must have shape (n,), not {values.shape}")
    if not (np.isfinite(values) & (values > 0)).all():
        raise StatisticError(f"`{name}` must rank every item with a number above 0; leave unranked items out of both")
    return values


def _signs(ranks: NDArray[np.float64]) -> NDArray[np.int8]:
    """1 where the row is below the column, -1 where it is above, 0 where they are level."""
    return (ranks[:, None] > ranks).astype(np.int8) - (ranks[:, None] < ranks).astype(np.int8)


def _doubled_places(ranks: NDArray[np.float64]) -> NDArray[np.int64]:
    """Twice the mean place of each item, so that all stays whole."""
    return np.asarray(_signs(ranks).sum(axis=1, dtype=np.int64) + len(ranks) + 1)


def _weights(ranks: NDArray[np.float64], ties_by: NDArray[np.float64]) -> NDArray[np.float64]:
    # Items tied in both may take their places in any order: they share all signs, so that only their sum counts.
    weights = np.empty(len(ranks))
    weights[np.lexsort((ties_by, ranks))] = 1 / np.arange(1, len(ranks) + 1)
    return weights


def _weighted(ours: NDArray[np.int8], theirs: NDArray[np.int8], weights: NDArray[np.float64]) -> float:
    pairs = weights[:, None] + weights
    return _ratio(
        float((pairs * ours * theirs).sum()), float((pairs * (ours != 0)).sum()), float((pairs * (theirs != 0)).sum())
    )


def _ratio(above: float, first: float, second: float) -> float:
    if not first or not second:
        raise StatisticError("one of the two rankings puts everything level, so that they have no correlation")
    return max(-1.0, min(1.0, above / sqrt(first * second)))
