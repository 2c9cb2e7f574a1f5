"""The union rule of James Lind Alliance interim surveys: what is in the first k of any side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.jla import side_points
from aggregation.methods.places import check_k
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from aggregation.profile import Profile


def jla_union(profile: Profile, *, k: int = 10) -> Ranking:
    """Items by the number of sides that have them among their first k: those of every side, of some side, the rest.

    Each ballot gives k points to its first item, k - 1 to the second, down to 1, as in `jla`; the points of a
    side's ballots are added. A side's first k are the items with the k highest sums, with all that are level with
    the last of these; an item without any points is in nobody's first k.

    Parameters
    ----------
    profile : Profile
        Without sides all ballots are one side. Both readings of `unranked` give the same: no points. The sides'
        shares do not matter: each side brings its first k whole.
    k : int
        Length of a ballot's ordered part, ranks of `k` or less, and of a side's list.

    Returns
    -------
    Ranking
        Scores, higher is better: the number of sides that have the item among their first k. Tiers follow it, and
        nothing else orders items within a tier; the last tier has score 0 where some are on no list.
        `diagnostics` has the `union`, the items on any list; `first`, each side's list, best first; and `tied`,
        for each side the items level at its place k, empty unless they make its list longer than k.

    Raises
    ------
    MethodError
        If `k` is below 1 or above 65,535.

    References
    ----------
    James Lind Alliance Guidebook, chapter on interim priority setting, where separate lists are brought together.

    Examples
    --------
    Patients put A, B first, clinicians D, B: only B is on both lists.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["AB", "BA", "AD", "DB", "DB"], "ABCDE", unranked="last", sides=["p", "p", "p", "c", "c"]
    ... )
    >>> jla_union(profile, k=2).tiers
    (('B',), ('A', 'D'), ('C', 'E'))
    """
    check_k(k)
    names = profile.strata_names or ("all",)
    lists = [_first(points, k) for points in side_points(profile, k)]
    scores = [sum(item in listed for listed, _ in lists) for item in range(profile.n_items)]
    ids = profile.items
    diagnostics = account_of(profile) | {
        "k": k,
        "union": [item for item, score in zip(ids, scores, strict=True) if score],
        "first": {name: [ids[i] for i in listed] for name, (listed, _) in zip(names, lists, strict=True)},
        "tied": {name: [ids[i] for i in tied] for name, (_, tied) in zip(names, lists, strict=True)},
    }
    return Ranking.from_scores(ids, scores, method="jla_union", diagnostics=diagnostics)


def _first(points: Sequence[Fraction], k: int) -> tuple[list[int], list[int]]:
    """The items with the k highest points and all level with the last of these, and these if they do not all fit."""
    order = sorted((i for i, each in enumerate(points) if each), key=lambda i: -points[i])
    if len(order) <= k or points[order[k]] < points[order[k - 1]]:
        return order[:k], []
    last = points[order[k - 1]]
    return [i for i in order if points[i] >= last], [i for i in order if points[i] == last]
