"""The equal-weight rule of James Lind Alliance interim surveys, over sides."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.errors import MethodError
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile

Rescore = Literal["all", "top10"]


def jla(profile: Profile, *, k: int = 10, rescore: Rescore = "all") -> Ranking:
    """Items by the sum of their places on the lists of all sides, so that a large side cannot drown a small one.

    Each ballot gives k points to its first item, k - 1 to the second, down to 1. The points of a side's ballots
    are added, the sums are put in order, and the places are scored again; these second scores are added over
    the sides, each times its share and the number of sides (1 where shares are equal).

    Parameters
    ----------
    profile : Profile
        Without sides all ballots are one side. Both readings of `unranked` give the same: no points.
    k : int
        Length of the ordered part of a ballot. Only items with a rank of k or less have points, so that a ballot
        may go on with piles at 101, 102; among these, an item's place is 1 plus the number ranked above it, and
        tied items share the mean of the points of the places they take up (none beyond k).
    rescore : {"all", "top10"}
        "all": the places of a side's whole list count N, N - 1, ..., 1 for N items.
        "top10": its first k count k, k - 1, ..., 1, and an item that nobody on the side gave points has 0.
        Items whose sums are equal share the mean of their places' points.

    Returns
    -------
    Ranking
        Scores, higher is better. `diagnostics["side_points"]` has the first sums of each side.

    Raises
    ------
    MethodError
        If `k` is below 1 or `rescore` is neither of the two.

    References
    ----------
    James Lind Alliance Guidebook, chapter on interim priority setting. Two readings of it are in use; `rescore`
    names them. Ties follow the mean, on which the guidebook is silent.

    Examples
    --------
    Two sides with k = 3: pooled points would put A and B first together.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["ABC", "BAC", "ADB", "DCB", "DBA"], "ABCDE", unranked="last", sides=["p", "p", "p", "c", "c"]
    ... )
    >>> jla(profile, k=3).scores
    array([7. , 8. , 5.5, 7.5, 2. ])
    """
    if k < 1:
        raise MethodError(f"`k` must be 1 or more, not {k}")
    if rescore not in ("all", "top10"):
        raise MethodError(f'`rescore` must be "all" or "top10", not {rescore!r}')
    points = _ballot_points(profile.ranks, k)
    names = profile.strata_names or ("",)
    shares = profile.shares or (Fraction(1),)
    strata = np.zeros(profile.n_ballots, dtype=np.int64) if profile.strata is None else profile.strata
    totals = [
        _side_totals(points, np.where(strata == side, profile.counts, 0), profile.n_items) for side in range(len(names))
    ]
    second = [_second_scores(total, k if rescore == "top10" else None) for total in totals]
    scores = [
        sum(share * len(names) * score for share, score in zip(shares, column, strict=True))
        for column in zip(*second, strict=True)
    ]
    diagnostics = account_of(profile) | {"k": k, "rescore": rescore, "side_points": {}}
    for name, total in zip(names, totals, strict=True):
        diagnostics["side_points"][name or "all"] = [float(each / profile.unit) for each in total]
    return Ranking.from_scores(profile.items, scores, method="jla", diagnostics=diagnostics)


def _ballot_points(ranks: NDArray[Any], k: int) -> dict[int, NDArray[np.int64]]:
    """Points of each item on each ballot before division: for each size of tie, the points its members share."""
    order = np.where((ranks >= 1) & (ranks <= k), ranks, 0).astype(np.int64)
    above = np.zeros(order.shape, dtype=np.int64)
    level = np.zeros(order.shape, dtype=np.int64)
    for column in order.T[:, :, None]:
        above += (column > 0) & (column < order)
        level += column == order
    ladder = np.concatenate([[0], np.cumsum(np.arange(k, 0, -1))])
    first, last = np.minimum(above, k), np.minimum(above + level, k)
    shared = np.where(order > 0, ladder[last] - ladder[first], 0)
    return {int(size): np.where(level == size, shared, 0) for size in np.unique(level[order > 0])}


def _side_totals(points: dict[int, NDArray[np.int64]], counts: NDArray[np.int64], n_items: int) -> list[Fraction]:
    """The points of each item over a side's ballots, exact."""
    totals = {size: counts @ shared for size, shared in points.items()}
    return [sum((Fraction(int(totals[size][i]), size) for size in totals), Fraction(0)) for i in range(n_items)]


def _second_scores(totals: list[Fraction], k: int | None) -> list[Fraction]:
    """Points for the places of the totals, highest first: N..1, or k..1 for the first k with any points."""
    n, levels = len(totals), sorted(set(totals), reverse=True)
    points: dict[Any, Fraction] = {}
    place = 0
    for level in levels:
        size = totals.count(level)
        best = n if k is None else k
        given = sum(max(0, best - each) for each in range(place, place + size))
        points[level] = Fraction(given, size) if k is None or level > 0 else Fraction(0)
        place += size
    return [points[total] for total in totals]
