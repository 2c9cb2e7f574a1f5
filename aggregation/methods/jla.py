"""The equal-weight rule of James Lind Alliance interim surveys, over sides."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.errors import MethodError
from aggregation.methods.places import Places, check_k
from aggregation.ranking import Ranking

if TYPE_CHECKING:
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
        If `k` is below 1 or above 65,535, or `rescore` is neither of the two.

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
    check_k(k)
    if rescore not in ("all", "top10"):
        raise MethodError(f'`rescore` must be "all" or "top10", not {rescore!r}')
    names = profile.strata_names or ("",)
    shares = profile.shares or (Fraction(1),)
    totals = side_points(profile, k)
    second = [_second_scores(total, k if rescore == "top10" else None) for total in totals]
    scores = [
        sum(share * len(names) * score for share, score in zip(shares, column, strict=True))
        for column in zip(*second, strict=True)
    ]
    diagnostics = account_of(profile) | {"k": k, "rescore": rescore, "side_points": {}}
    for name, total in zip(names, totals, strict=True):
        diagnostics["side_points"][name or "all"] = [float(each) for each in total]
    return Ranking.from_scores(profile.items, scores, method="jla", diagnostics=diagnostics)


def side_points(profile: Profile, k: int) -> list[list[Fraction]]:
    """The sums over each side's ballots of k points for the first item, k - 1 for the second, down to 1, exact.

    A list for each side, or one where there are none. Only ranks of `k` or less have points, shared in ties.
    """
    ranks = np.where(profile.ranks <= k, profile.ranks, 0).astype(profile.ranks.dtype)
    points = [Fraction(max(k - place, 0)) for place in range(profile.n_items)]
    strata = np.zeros(profile.n_ballots, dtype=np.int64) if profile.strata is None else profile.strata
    sides = [strata == side for side in range(max(1, len(profile.strata_names)))]
    return [Places.named(ranks[rows], profile.counts[rows], profile.unit).scores(points) for rows in sides]


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
