"""The footrule optimum: the list on which items stand least far from their places on the ballots."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.account import account_of, cost_account
from aggregation.methods.assignments import Assignment, best_assignment
from aggregation.methods.footrule_costs import place_costs
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from aggregation.profile import Profile


def footrule(profile: Profile) -> Ranking:
    """The order whose places are nearest to those on the ballots, by the sum of the differences in places.

    Parameters
    ----------
    profile : Profile
        Tied items have the mean of their places. ``unranked="last"``: unranked items share the mean of the places
        that are left. ``unranked="absent"``: an item costs nothing on a ballot that leaves it out, and the places
        of a ballot that ranks r of the m items are spread evenly over m: p becomes (p - 1/2) m / r + 1/2, so that
        the middle stays the middle and a complete ballot as it is. With sides, each side's ballots together count
        its share. Blank ballots cost nothing.

    Returns
    -------
    Ranking
        No scores. Read from left to right, the tiers are an order of least cost. A line between two tiers is one
        that no order of the same cost crosses. Items that no ballot ranks are in a last tier of their own if
        unranked is "absent". In `diagnostics`:

        cost, exact_cost : the sum of differences over ballots (without sides), or its mean by say, also as a
            fraction;
        lower_bound, gap, optimal : the bound that was proved, cost - lower_bound, and whether they are equal;
        n_optimal, unique : how many best orders there are, None where they were not counted; whether only one;
        unjudged : the items that no ballot ranks, if unranked is "absent"; the others are ordered without them.

    References
    ----------
    .. [1] P. Diaconis, R. L. Graham, Spearman's footrule as a measure of disarray, Journal of the Royal Statistical
       Society B 39 (1977) 262-268.
    .. [2] C. Dwork, R. Kumar, M. Naor, D. Sivakumar, Rank aggregation methods for the web, WWW10 (2001) 613-622:
       the optimum as an assignment, and scaled places for partial lists (here about their middle).

    Examples
    --------
    The capital of Tennessee: of all 24 orders, this one is nearest to the ballots.

    >>> from aggregation import Profile
    >>> orders = ["MNCK", "NCKM", "CKNM", "KCNM"]
    >>> ranking = footrule(Profile.from_orders(orders, "MNCK", unranked="last", weights=[42, 26, 15, 17]))
    >>> ranking.tiers, ranking.diagnostics["cost"], ranking.diagnostics["optimal"]
    ((('N',), ('C',), ('K',), ('M',)), 380, True)
    """
    absent = profile.unranked == "absent"
    unjudged = np.flatnonzero(~profile.ranks.any(axis=0)).tolist() if absent else []
    judged = [i for i in range(profile.n_items) if i not in set(unjudged)]
    found, scale = Assignment([], 0, 0, 1, unique=True), 1
    if judged:
        costs = place_costs(profile.restrict([profile.items[i] for i in judged]))
        found, scale = best_assignment(costs.counts), costs.scale
    cost, bound = Fraction(found.cost, scale), Fraction(found.bound, scale)
    diagnostics = account_of(profile) | {
        **cost_account(cost, bound),
        "n_optimal": found.n_optimal,
        "unique": found.unique,
        "unjudged": [profile.items[i] for i in unjudged],
    }
    indices = [[judged[i] for i in tier] for tier in found.tiers] + ([unjudged] if unjudged else [])
    tiers = tuple(tuple(profile.items[i] for i in tier) for tier in indices)
    return Ranking(profile.items, tiers, None, "footrule", diagnostics)
