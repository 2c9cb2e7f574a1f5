"""What other rules would have decided: computed when a decision is signed, so that nobody can have read it before.

A round of ratings: five named consensus rules, and the declared one with "can't judge" as not high. An order: the five
families of methods. One snapshot; a group that is too small to be told apart speaks with the rest of its side in it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from aggregation import AggregationError, Ratings
from priority.queries.ballots import result_rows
from priority.queries.rounds import items_of, result_of
from priority.services.closing.orders import order_of, silent_side
from priority.services.closing.ratings import rule_of
from priority.services.closing.stored import least_of, number_of, rules_of, store
from priority.services.closing.voices import has_an_order
from priority.services.suppression import visible_groups
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation import Ranking
    from aggregation.delphi import ConsensusRule, Scale
    from priority.models import Round
    from priority.queries.ballots import Row
    from priority.services.closing.orders import Body, Order

TOO_FEW, NOT_THIS_SCALE, NO_RULE, SIDE_SILENT = "too_few", "not_this_scale", "no_rule", "side_silent"
BY_GROUPS = ("groups", "k_of_groups")
NOT_HIGH = "cannot_judge_not_high"
KEMENY_SECONDS = 5.0


def compute(round_: Round) -> None:
    """Stores it for a closed round whose decision was signed; a kind of round with one way to count has none."""
    rows = result_rows(round_)
    if round_.kind is RoundKind.RATING:
        store(round_, ResultKind.ALTERNATIVES, _of_ratings(round_, rows))
    elif has_an_order(round_):
        silent = silent_side(round_, rows)
        store(round_, ResultKind.ALTERNATIVES, {"why": SIDE_SILENT} if silent else _of_order(order_of(round_, rows)))


# -- ratings: named rules -------------------------------------------------------------------------------------------
def _of_ratings(round_: Round, rows: Sequence[Row]) -> Body:
    from aggregation.delphi import ALTERNATIVES, FIVE, NINE

    scale = {"nine": NINE, "five": FIVE}.get(round_.design.get("scale", "nine"))
    if scale is None:  # the criteria of CHNRI are scored, not ruled on
        return {"why": NO_RULE}
    sides = {side.key: [group.key for group in side.groups] for side in round_.exercise.sides}
    if any(all(row.side != side for row in rows) for side in sides):
        return {"why": SIDE_SILENT}
    body, least = rules_of(round_), least_of(round_)
    told = _told_apart(rows, sides, least)
    ratings = _ratings_of([item.key for item in items_of(round_)], rows if told is None else told)
    declared = {row["key"]: row["verdict"] for row in _ruled(round_)}
    found: dict[str, Body] = {}
    others = {name: _as_declared(rule, body, least) for name, rule in ALTERNATIVES.items()}
    for name, rule in (others | _counted_as_not_high(rule_of(body, round_.n))).items():
        if told is None and rule.scope in BY_GROUPS:
            found[name] = {"why": TOO_FEW}
        else:
            found[name] = _verdicts(ratings, rule, scale, declared)
    named = [{"key": item.key, "number": number_of(item)} for item in items_of(round_)]
    return {"questions": named, "declared": declared, "rules": found}


def _counted_as_not_high(rule: ConsensusRule) -> dict[str, ConsensusRule]:
    """The declared rule with "can't judge" counted among those who did not answer high, where it goes by shares."""
    return {NOT_HIGH: replace(rule, cannot_judge="not_high")} if rule.by == "share" else {}


def _ruled(round_: Round) -> Sequence[Body]:
    items = result_of(round_, ResultKind.ITEMS)
    return () if items is None else items["questions"]


def _as_declared(rule: ConsensusRule, body: Body, least: int) -> ConsensusRule:
    """A named rule with the floor of valid answers that was declared; groups too small to be told apart have no voice.

    RAND/UCLA takes the declared percentile rule; the rule by the quartiles keeps those that pages show.
    """
    changes: Body = {"floor": body["valid_share"]}
    if rule.scope in BY_GROUPS:
        changes["minimum"] = least
    if rule.by == "median":
        changes["percentile"] = body["percentile_rule"]
    return replace(rule, **changes)


def _verdicts(ratings: Ratings, rule: ConsensusRule, scale: Scale, declared: Body) -> Body:
    from aggregation.delphi import verdicts

    try:
        found = {one.item: one.decision for one in verdicts(ratings, rule, scale)}
    except AggregationError:
        return {"why": NOT_THIS_SCALE}
    return {"verdicts": found, "differs": [key for key in declared if found[key] != declared[key]]}


def _told_apart(rows: Sequence[Row], sides: dict[str, list[str]], least: int) -> list[Row] | None:
    """The rows with each group that may not be told apart under its side's name; None where a side is too small."""
    people = Counter(row.side for row in rows)
    if any(people[side] < least for side in sides):
        return None
    shown: set[str] = set()
    for side, groups in sides.items():
        counts = Counter(row.group for row in rows if row.side == side)
        shown |= visible_groups(people[side], {group: counts[group] for group in groups}, k=least)
    return [row if row.group in shown else replace(row, group=f"side:{row.side}") for row in rows]


def _ratings_of(keys: Sequence[str], rows: Sequence[Row]) -> Ratings:
    given = [[row.answers.get(key) for key in keys] for row in rows]
    return Ratings.from_values(
        [[float(one) if isinstance(one, int) else float("nan") for one in row] for row in given],
        keys,
        cannot_judge=[[isinstance(one, str) for one in row] for row in given],
        sides=[row.side for row in rows],
        groups=[row.group for row in rows],
    )


# -- orders: five families -------------------------------------------------------------------------------------------
def _of_order(order: Order) -> Body:
    from aggregation.uncertainty.families import families

    kemeny = _kemeny(order)
    report = families(order.profile, order.places, ranked={} if kemeny is None else {"kemeny": kemeny})
    return {
        "questions": [{"key": key, "number": named["number"]} for key, named in order.named.items()],
        "places": order.places,
        "listed": list(order.listed),
        "families": {family.name: family.as_dict() for family in report.families},
        "agree": {key: [len(names), len(report.speaking)] for key, names in report.for_item.items()},
        "heuristic": [] if kemeny is None or kemeny.diagnostics["optimal"] else ["distance"],
    }


def _kemeny(order: Order) -> Ranking | None:
    """Kemeny's order in the time that a page can take; None where it refuses these answers, as `families` tells."""
    import aggregation

    try:
        return aggregation.rank(order.profile, "kemeny", time_limit=KEMENY_SECONDS)
    except AggregationError:
        return None
