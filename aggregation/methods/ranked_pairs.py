"""Ranked pairs (Tideman): the clearest decisions first, none that contradicts them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.methods.defeats import Strength, undecided_pairs
from aggregation.methods.locking import Locked, Pair, lock_every_way, lock_leaving_out
from aggregation.methods.majority import blocks_in_order
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.tally import SharedSupport

TieBreak = Literal["all", "leave_out"]


def ranked_pairs(
    ballots: Profile | PairwiseTally, *, strength: Strength = "margins", tie_break: TieBreak = "all"
) -> Ranking:
    """Items by defeats in pairs, locked from the strongest to the weakest unless stronger ones contradict.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        With sides, each side's ballots together hold its share. ``unranked="last"``: ranked beats unranked on that
        ballot, unranked items are level. ``unranked="absent"``: a ballot speaks only about the pairs it ranks.
    strength : {"margins", "winning"}
        Of a defeat: the difference of the two sides of the pair; or the say of the winning side, and where that
        is equal the smaller say of the losing side.
    tie_break : {"all", "leave_out"}
        "all": every way to order equally strong pairs is taken into account, and each item has the best place
        that any of them gives it; the first tier are all items that win for some. Finding them is NP-hard [2]_;
        the search is given up after a fixed number of steps, and a block of items where that happens is ordered
        by the other rule. "leave_out": equally strong pairs that together would close a circle are left out.

    Returns
    -------
    Ranking
        No scores. An item's place is 1 plus the number of items locked above it. In `diagnostics`:

        tie_break : the rule asked for;
        ties_matter : whether equally strong pairs ever were in each other's way; if not, every tie break gives
            these tiers;
        all_tie_breaks : whether every way to order equal pairs was taken into account;
        level_pairs, uncompared_pairs : pairs that are level in the ballots, and those that no ballot compares.

    References
    ----------
    .. [1] T. N. Tideman, Independence of clones as a criterion for voting rules, Social Choice and Welfare 4 (1987)
       185-206.
    .. [2] M. Brill, F. Fischer, The price of neutrality for the ranked pairs method, AAAI 2012.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> ranked_pairs(profile).tiers
    (('N',), ('C',), ('K',), ('M',))
    """
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    tiers: list[list[int]] = []
    parts: list[Locked] = []
    # A block beats all later blocks, so that no circle leaves it and each can be looked at by itself.
    for block in blocks_in_order(shared.margins >= 0):
        part = _lock(_classes(shared, block, strength), len(block), tie_break)
        tiers += [[block[i] for i in tier] for tier in _tiers(part.above)]
        parts.append(part)
    diagnostics = account_of(tally) | {
        "strength": strength,
        "tie_break": tie_break,
        "ties_matter": any(part.ties_matter for part in parts),
        "all_tie_breaks": all(part.complete for part in parts),
        **undecided_pairs(shared),
    }
    named = tuple(tuple(tally.items[i] for i in tier) for tier in tiers)
    return Ranking(tally.items, named, None, "ranked_pairs", diagnostics)


def _lock(classes: list[list[Pair]], n: int, tie_break: TieBreak) -> Locked:
    if tie_break == "all" and (every := lock_every_way(classes, n)).complete:
        return every
    return lock_leaving_out(classes, n)


def _classes(shared: SharedSupport, block: list[int], strength: Strength) -> list[list[Pair]]:
    """The defeats within a block, strongest first, equally strong ones together."""
    within = np.ix_(block, block)
    counts, margins = shared.counts[within], shared.margins[within]
    first, second = np.nonzero(margins > 0)
    if strength == "margins":
        level = _levels(margins[first, second])
    else:
        level = _levels(counts[first, second]) * len(first) - _levels(counts[second, first])
    strongest = np.argsort(-level, kind="stable")
    pairs = list(zip(first[strongest].tolist(), second[strongest].tolist(), strict=True))
    cuts = np.flatnonzero(np.diff(level[strongest])) + 1
    return [pairs[start:end] for start, end in pairwise([0, *cuts.tolist(), len(pairs)])]


def _levels(values: NDArray[Any]) -> NDArray[np.intp]:
    """The place of each value among the distinct ones, smallest first; numbers of any length become small."""
    return np.asarray(np.unique(values, return_inverse=True)[1])


def _tiers(above: list[int]) -> list[list[int]]:
    return [[i for i, number in enumerate(above) if number == level] for level in sorted(set(above))]
