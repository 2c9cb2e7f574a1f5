"""Ranked pairs (Tideman): the clearest decisions first, none that contradicts them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.methods.defeats import Strength, undecided_pairs
from aggregation.methods.locking import Pair, fewest_above, lock_without_circles
from aggregation.methods.majority import blocks_in_order
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
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
        all_tie_breaks : whether the tiers hold for every way to order equal pairs, proved;
        equal_in_circles : the number of equally strong pairs that "leave_out" leaves out; 0 means that no tie
            between pairs matters;
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
    complete, left_out = True, 0
    # A block beats all later blocks, so that no circle leaves it and each can be looked at by itself.
    for block in blocks_in_order(shared.margins >= 0):
        part = _block(_classes(shared, block, strength), len(block), tie_break)
        tiers += [[block[i] for i in tier] for tier in _tiers(part.above)]
        complete &= part.complete
        left_out += part.left_out
    diagnostics = account_of(tally) | {
        "strength": strength,
        "tie_break": tie_break,
        "all_tie_breaks": complete,
        "equal_in_circles": left_out,
        **undecided_pairs(shared),
    }
    named = tuple(tuple(tally.items[i] for i in tier) for tier in tiers)
    return Ranking(tally.items, named, None, "ranked_pairs", diagnostics)


@dataclass(frozen=True, slots=True)
class _Part:
    above: list[int]
    complete: bool
    left_out: int


def _block(classes: list[list[Pair]], n: int, tie_break: TieBreak) -> _Part:
    order, left_out = lock_without_circles(classes, n)
    if not left_out:
        return _Part(order.numbers_above(), complete=True, left_out=0)
    found = fewest_above(classes, n) if tie_break == "all" else None
    return _Part(found or order.numbers_above(), complete=found is not None, left_out=left_out)


def _classes(shared: SharedSupport, block: list[int], strength: Strength) -> list[list[Pair]]:
    """The defeats within a block, strongest first, equally strong ones together."""
    within = np.ix_(block, block)
    counts, margins = shared.counts[within].tolist(), shared.margins[within].tolist()

    def order(pair: Pair) -> tuple[int, ...]:
        i, j = pair
        return (-margins[i][j],) if strength == "margins" else (-counts[i][j], counts[j][i])

    pairs = [(i, j) for i, row in enumerate(margins) for j, margin in enumerate(row) if margin > 0]
    return [list(equal) for _, equal in groupby(sorted(pairs, key=order), key=order)]


def _tiers(above: list[int]) -> list[list[int]]:
    return [[i for i, number in enumerate(above) if number == level] for level in sorted(set(above))]
