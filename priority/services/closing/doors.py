"""A round that is open to all: its result with and without unverified ballots, and without a bloc of like ones.

Which of the first two is the result proper was declared before the round opened. A bloc accuses nobody: friends who
talked it over answer alike, too. What would tell of fewer than the least number of people is left out here already.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import aggregation
from priority.queries.ballots import counted_rows
from priority.queries.open_rounds import slips_made
from priority.queries.rounds import items_of
from priority.services import protocols
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.scales import scale_of
from priority.services.closing import criteria, ratings
from priority.services.closing.alike import bloc_among
from priority.services.closing.orders import silent_side
from priority.services.closing.profiles import profile_in
from priority.services.closing.runs import methods_of
from priority.services.closing.stored import least_of, named, store
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Round
    from priority.queries.ballots import Row

Body = dict[str, Any]
ALL, VERIFIED, WITHOUT_BLOC = "all", "verified", "without_bloc"
FEW, SAME, SILENT = "few", "same", "silent"


def compute(round_: Round) -> None:
    """Stores what each way in brought, and what the result would have been without some of the ballots."""
    rows, k = counted_rows(round_), least_of(round_)
    verified = [row for row in rows if row.verified]
    count = VERIFIED if round_.design.get("count") == VERIFIED else ALL
    proper = verified if count == VERIFIED else rows
    bloc, members = bloc_among(round_, rows, k=k)
    parts = {ALL: rows, VERIFIED: verified, WITHOUT_BLOC: _without(proper, [rows[index] for index in members])}
    results: dict[str, Body | None] = {}
    hidden: dict[str, str | None] = {}
    told: list[Sequence[Row]] = [proper]  # the result proper stands elsewhere in full, whatever is told here
    for name in sorted(parts, key=(count, ALL, VERIFIED, WITHOUT_BLOC).index):
        hidden[name] = _why_not(round_, parts[name], told, k)
        results[name] = None if hidden[name] else _result(round_, parts[name], told, k)
        told += [parts[name]] if results[name] else []
    store(
        round_,
        ResultKind.DOORS,
        {
            "count": count,
            "k": k,
            "slips": slips_made(round_),
            "people": {ALL: len(rows), VERIFIED: len(verified), "unverified": len(rows) - len(verified)},
            "sides": _sides(round_, rows, k),
            "results": results,
            "hidden": {name: why for name, why in hidden.items() if why},
            "changes": {name: _changes(results[count], results[name]) for name in parts if name != count},
            "bloc": bloc,
        },
    )


def _without(rows: Sequence[Row], members: Sequence[Row]) -> list[Row]:
    inside = {id(row) for row in members}
    return [row for row in rows if id(row) not in inside]


def _why_not(round_: Round, part: Sequence[Row], told: Sequence[Sequence[Row]], k: int) -> str | None:
    """Why there is no result of a part of the ballots: too few in it or beside what is told, all, or a silent side."""
    proper = told[0]
    if part is not proper and not _apart(part, proper):
        return SAME
    if len(part) < k or any(_is_few(_apart(part, other), k, by_side=_is_rating(round_)) for other in told):
        return FEW
    heard = {row.side for row in part}
    return SILENT if any(side.key not in heard for side in round_.exercise.sides) else None


def _apart(part: Sequence[Row], other: Sequence[Row]) -> list[Row]:
    """The ballots that are in one of the two and not in the other: what a difference of the two would tell of."""
    return [*_without(part, other), *_without(other, part)]


def _is_few(apart: Sequence[Row], k: int, *, by_side: bool) -> bool:
    """Whether these are one to k - 1 people; of any side, where each side has a verdict of its own."""
    return any(n < k for n in Counter(row.side if by_side else "" for row in apart).values())


def _is_rating(round_: Round) -> bool:
    return round_.kind is RoundKind.RATING


def _sides(round_: Round, rows: Sequence[Row], k: int) -> Body:
    """How many of each side came which way; nothing where that would tell of a few."""
    counts = Counter((row.side, row.verified) for row in rows)
    if any(0 < n < k for n in counts.values()):
        return {}
    return {
        side.key: {VERIFIED: counts[side.key, True], "unverified": counts[side.key, False]}
        for side in round_.exercise.sides
    }


# -- results ---------------------------------------------------------------------------------------------------------
def _result(round_: Round, rows: Sequence[Row], told: Sequence[Sequence[Row]], k: int) -> Body:
    """What the declared rule, or the declared method, makes of these ballots; `told` are those told already."""
    if not _is_rating(round_):
        return _ordered(round_, rows)
    return {"people": len(rows), "questions": [_question(round_, row, rows, told, k) for row in _rows_of(round_, rows)]}


def _question(round_: Round, row: Body, rows: Sequence[Row], told: Sequence[Sequence[Row]], k: int) -> Body:
    """A question with its support and its decision; without, where beside what is told they would tell of a few."""
    heard = [_who_rated(round_, row["key"], each) for each in (rows, *told)]
    few = any(_is_few(_apart(heard[0], other), k, by_side=True) for other in heard[1:])
    small = any(row["sides"].get(side.key, {"n": 0})["n"] < k for side in round_.exercise.sides)
    return {name: row[name] for name in ("key", "number", "question")} | {
        "support": None if few or small else row["support"],
        "decision": None if few else row["verdict"],
    }


def _who_rated(round_: Round, key: str, rows: Sequence[Row]) -> list[Row]:
    fields = scale_of(round_.design).fields(key)
    return [row for row in rows if any(row.answers.get(field, CANNOT_JUDGE) != CANNOT_JUDGE for field in fields)]


def _rows_of(round_: Round, rows: Sequence[Row]) -> list[Body]:
    """What was answered to each question of a round of ratings."""
    items, scale = items_of(round_), scale_of(round_.design)
    by_criteria = scale.key not in ratings.BANDED
    return criteria.rated(round_, items, rows, scale) if by_criteria else ratings.rated(round_, items, rows)


def _ordered(round_: Round, rows: Sequence[Row]) -> Body:
    spec = methods_of(round_)[0]
    if silent_side(round_, rows):
        return {"people": len(rows), "method": spec["method"], "order": [], "listed": [], "questions": []}
    ranking = aggregation.rank(profile_in(round_, rows, pooled=False), spec["method"], **(spec.get("parameters") or {}))
    listed = list(ranking.shortlist(protocols.current(round_.exercise).body["shortlist"]).items)
    return {
        "people": len(rows),
        "method": spec["method"],
        "order": [list(tier) for tier in ranking.tiers],
        "listed": listed,
        "questions": [
            named(item) | {"support": None, "decision": "in" if item.key in listed else "none"}
            for item in items_of(round_)
        ],
    }


def _changes(proper: Body | None, other: Body | None) -> list[str]:
    """The keys of the questions that were decided otherwise, as far as that is told."""
    if proper is None or other is None:
        return []
    decided = {row["key"]: row["decision"] for row in proper["questions"]}
    return [row["key"] for row in other["questions"] if row["decision"] not in (None, decided[row["key"]])]
