"""How each side's own list differs from the common one, and what a group surely wants that is not on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aggregation
from aggregation import StatisticError
from priority.services.closing.stored import seed_of
from priority.services.suppression import visible_groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregation import Profile, Ranking
    from priority.services.closing.orders import Body, Order

DRAWS = 1000


def side_lists(order: Order) -> Body | None:
    """Each side's own order by the same method, and how like the common one it is.

    None where a side is too small to be told apart: its order would follow from the common one and the others'.
    """
    parts = order.profile.by_side()
    if len(parts) < 2 or any(part.n_ballots < order.least for part in parts.values()):
        return None
    return {side: _side_list(order, part) for side, part in parts.items()}


def _side_list(order: Order, part: Profile) -> Body:
    from aggregation.distances import kendall_tau_b
    from aggregation.overlap import rank_biased_overlap

    own = aggregation.rank(part.pooled(), order.method, **order.parameters)
    listed = own.shortlist(order.places).items
    return {
        "n": part.n_ballots,
        "tiers": [list(tier) for tier in own.tiers],
        "listed": list(listed),
        "shared": len(set(listed) & set(order.listed)),
        "tau": _rounded(kendall_tau_b, own, order.ranking),
        "rbo": _rounded(rank_biased_overlap, own, order.ranking),
    }


def _rounded(measure: Callable[[Ranking, Ranking], float], own: Ranking, common: Ranking) -> float | None:
    """A measure to four digits; None where it has no value, as where one list puts everything level."""
    try:
        return round(measure(own, common), 4)
    except StatisticError:
        return None


def left_behind(order: Order) -> list[Body]:
    """Of each group that may be told apart, what it surely has among its first three and the list does not have."""
    from aggregation.answers.left_behind import left_behind as found_in

    shown, parts = set(), order.profile.by_group()
    for side in order.round.exercise.sides:
        sizes = {group.key: parts[group.key].n_ballots if group.key in parts else 0 for group in side.groups}
        shown |= visible_groups(sum(sizes.values()), sizes, k=order.least)
    lists = found_in(
        order.profile,
        order.method,
        order.places,
        floor=order.least,
        draws=DRAWS,
        seed=seed_of(order.round),
        **order.parameters,
    )
    return [
        order.named[one.item]
        | {
            "group": group.name,
            "n": group.people,
            "own_place": one.place,
            "place": one.listed_at,
            "p_top": round(one.chance, 4),
        }
        for group in lists
        if group.name in shown
        for one in group.left_behind
    ]
