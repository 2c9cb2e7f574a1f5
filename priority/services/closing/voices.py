"""Who is unheard after an order was made, how sure the places are, and how little would change the end of the list.

One snapshot, already without small cells: a count of people under the least that may be shown is None in it, and so is
what it could be worked out from. It may be read and exported as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aggregation
from aggregation import AggregationError
from priority.services.closing.orders import order_of, silent_side
from priority.services.closing.side_views import left_behind, side_lists
from priority.services.closing.stored import seed_of, store
from priority.services.suppression import visible_groups
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.answers.unheard import LeftOut
    from priority.models import Exercise, Round
    from priority.queries.ballots import Row
    from priority.services.closing.orders import Body, Order

COVERAGE, DRAWS = 0.95, 1000
# A closing takes seconds. What would take longer is not asked, and the snapshot says so.
MOST_PEOPLE_TO_TURN = 500
MOST_SWAPS = 6
SIDE_SILENT, TOO_FEW, TOO_MANY, SLOW_METHOD = "side_silent", "too_few", "too_many_people", "slow_method"


def has_an_order(round_: Round) -> bool:
    """Whether people put questions in order in a round: a round of ranking, or of choosing some and ranking those."""
    return round_.kind is RoundKind.RANKING or (round_.kind is RoundKind.CHOOSE and bool(round_.design.get("ranked")))


def compute(round_: Round, rows: Sequence[Row]) -> None:
    """Stores it for a closed round of putting in order; that a side is silent, where there is no list by sides."""
    found = {"why": SIDE_SILENT} if silent_side(round_, rows) else voices_of(order_of(round_, rows))
    store(round_, ResultKind.VOICES, found)


def voices_of(order: Order) -> Body:
    """The snapshot."""
    return {
        "method": order.method,
        "places": order.places,
        "least": order.least,
        "people": order.profile.n_ballots,
        "listed": list(order.listed),
        "unheard": _unheard(order),
        "rank_sets": _rank_sets(order),
        "swaps": _swaps(order),
        "sides": side_lists(order),
        "left_behind": left_behind(order),
    }


# -- who is unheard --------------------------------------------------------------------------------------------------
def _unheard(order: Order) -> Body:
    """For each question left out, the people who put it above everything on the list, where they are enough to tell."""
    hearing = aggregation.unheard(order.profile, order.listed, floor=order.least)
    return {
        "quota": str(hearing.quota),
        "people": hearing.people,
        "questions": [
            order.named[one.item] | {"alarm": one.alarm} | _told(one, order.round.exercise, order.least)
            for one in hearing.left_out
        ],
    }


def _told(one: LeftOut, exercise: Exercise, least: int) -> Body:
    """Sides, and the share of the say (which tells them), where each has none or enough; no people under `least`."""
    people = one.people if one.people >= least else None
    sides = {part.name: part.people for part in one.sides}
    if people is None or any(0 < n < least for n in sides.values()):
        return {"people": people, "share": None, "sides": None, "groups": None}
    counts = {part.name: part.people for part in one.groups}
    groups: dict[str, int] = {}
    for side in exercise.sides:
        mine = {group.key: counts.get(group.key, 0) for group in side.groups}
        groups |= {key: mine[key] for key in sorted(visible_groups(sides.get(side.key, 0), mine, k=least))}
    return {"people": people, "share": str(one.share), "sides": sides, "groups": groups}


# -- how sure the places are -----------------------------------------------------------------------------------------
def _rank_sets(order: Order) -> Body:
    """The places that each question could have had if as many other people like these had answered."""
    from aggregation.uncertainty.intervals import DRAWS_AT_MOST

    if order.method in DRAWS_AT_MOST:
        return {"why": SLOW_METHOD}
    try:
        found = aggregation.rank_intervals(
            order.profile,
            order.method,
            k=order.places,
            coverage=COVERAGE,
            draws=DRAWS,
            seed=seed_of(order.round),
            settings=order.parameters,
        )
    except AggregationError:  # a side of one person, or everybody of one mind: there is nothing to draw from
        return {"why": TOO_FEW}
    columns = zip(
        found.items,
        found.ranks.tolist(),
        found.lo.tolist(),
        found.hi.tolist(),
        found.simultaneous_lo.tolist(),
        found.simultaneous_hi.tolist(),
        found.p_top_k.tolist(),
        strict=True,
    )
    return {
        "coverage": found.coverage,
        "draws": found.draws,
        "seed": found.seed,
        "how": found.how,
        "questions": [
            order.named[key]
            | {"place": place, "lo": lo, "hi": hi, "all_lo": all_lo, "all_hi": all_hi, "p_top": round(often, 4)}
            for key, place, lo, hi, all_lo, all_hi, often in columns
        ],
        "level": [list(band) for band in found.bands if len(band) > 1],
    }


def _swaps(order: Order) -> Body:
    """What it takes to bring the last questions on the list out of it, and the first beyond it in.

    Whose answers these would be, and what they are now, stays out: it could point at a person.
    """
    from aggregation.answers.what_would_it_take import near_the_line
    from aggregation.uncertainty.intervals import DRAWS_AT_MOST

    if order.method in DRAWS_AT_MOST:
        return {"why": SLOW_METHOD}
    if order.profile.n_ballots > MOST_PEOPLE_TO_TURN:
        return {"why": TOO_MANY}
    if order.places >= order.profile.n_items:
        return {"questions": []}
    near = near_the_line(order.ranking, order.places, 1)[:MOST_SWAPS]
    return {"questions": [_swap(order, key) for key in near]}


def _swap(order: Order, key: str) -> Body:
    change = aggregation.what_would_it_take(order.profile, order.method, key, order.places, **order.parameters)
    found = change.as_dict()
    told = {name: found[name] for name in ("was", "goal", "people", "lower_bound", "proved")}
    return order.named[key] | told | {"step": None if change.move is None else found["move"]["places"]}
