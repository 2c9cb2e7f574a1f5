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
    hidden = {ALL: _why_not(round_, rows, rows, k), VERIFIED: _why_not(round_, verified, rows, k)}
    hidden[WITHOUT_BLOC] = _why_not(round_, parts[WITHOUT_BLOC], proper, k)
    whole = _rows_of(round_, rows)
    results = {name: None if hidden[name] else _result(round_, part, whole, k) for name, part in parts.items()}
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


def _why_not(round_: Round, part: Sequence[Row], whole: Sequence[Row], k: int) -> str | None:
    """Why there is no result of a part of the ballots: too few in it or beside it, all of them, or a silent side."""
    beside = len(whole) - len(part)
    if part is not whole and not beside:
        return SAME
    if len(part) < k or 0 < beside < k:
        return FEW
    heard = {row.side for row in part}
    return SILENT if any(side.key not in heard for side in round_.exercise.sides) else None


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
def _result(round_: Round, rows: Sequence[Row], whole: dict[str, Body], k: int) -> Body:
    """What the declared rule, or the declared method, makes of these ballots."""
    if round_.kind is not RoundKind.RATING:
        return _ordered(round_, rows)
    found = _rows_of(round_, rows)
    return {
        "people": len(rows),
        "questions": [
            {name: row[name] for name in ("key", "number", "question")}
            | {"support": row["support"] if _tells(row, whole[key], k) else None, "decision": row["verdict"]}
            for key, row in found.items()
        ],
    }


def _rows_of(round_: Round, rows: Sequence[Row]) -> dict[str, Body]:
    """What was answered to each question of a round of ratings; nothing for other kinds, and without answers."""
    if round_.kind is not RoundKind.RATING or not rows:
        return {}
    items, scale = items_of(round_), scale_of(round_.design)
    by_criteria = scale.key not in ratings.BANDED
    found = criteria.rated(round_, items, rows, scale) if by_criteria else ratings.rated(round_, items, rows)
    return {row["key"]: row for row in found}


def _tells(row: Body, whole: Body, k: int) -> bool:
    """Whether the support of a question may be told: every side's answers here, and those left out, are none or k."""
    pairs = [(row["sides"].get(side, {"n": 0})["n"], cell["n"]) for side, cell in whole["sides"].items()]
    return all(n >= k and (n == all_n or all_n - n >= k) for n, all_n in pairs)


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
    """The keys of the questions that were decided otherwise."""
    if proper is None or other is None:
        return []
    decided = {row["key"]: row["decision"] for row in proper["questions"]}
    return [row["key"] for row in other["questions"] if row["decision"] != decided[row["key"]]]
