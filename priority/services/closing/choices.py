"""Choosing: how many people chose each question, by side and group, and the list by support or by the orders given."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation.delphi import choices
from priority.queries.rounds import items_of
from priority.services.closing import parts
from priority.services.closing.profiles import heard_in, profile_in, shares_of
from priority.services.closing.stored import named
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi import Choices
    from priority.models import Round
    from priority.queries.ballots import Row

Body = dict[str, Any]


def snapshots(round_: Round, rows: Sequence[Row]) -> dict[ResultKind, Body]:
    """What was chosen, by side and group."""
    items, heard = items_of(round_), heard_in(round_, rows)
    told = parts.told_of(round_, [(row.side, row.group) for row in heard])
    counts = {part: _counted(round_, parts.rows_of(part, heard)) for part in told.parts}
    support = _support(round_, heard)
    questions = [
        named(item)
        | {"support": support[index]}
        | parts.cells(told, lambda part, index=index: _cell(counts[part], index))  # type: ignore[misc] # a default
        for index, item in enumerate(items)
    ]
    how = {"kind": str(round_.kind), "ranked": bool(round_.design.get("ranked")), "choose": _most(round_)}
    return {ResultKind.CHOICES: how | {"questions": questions, "hidden": parts.hidden(told)}}


def _counted(round_: Round, rows: Sequence[Row]) -> Choices:
    return choices(profile_in(round_, rows, pooled=True), _most(round_))


def _support(round_: Round, rows: Sequence[Row]) -> list[str | None]:
    """The share who chose each question, over the sides by their parts of the say; None where a side is silent."""
    shares = shares_of(round_.exercise)
    if any(all(row.side != side for row in rows) for side in shares):
        return [None] * len(items_of(round_))
    tallies = {side: _counted(round_, parts.rows_of(("side", side), rows)) for side in shares}
    return [
        str(sum((share * Fraction(*_pair(tallies[side], index)) for side, share in shares.items()), Fraction(0)))
        for index in range(len(items_of(round_)))
    ]


def _cell(counts: Choices, index: int) -> Body:
    interval = counts.interval_of(index)
    chosen, n = _pair(counts, index)
    return {"n": n, "chosen": chosen, "interval": [interval.low, interval.high]}


def _pair(counts: Choices, index: int) -> tuple[int, int]:
    tally = counts.share_of(index)
    return tally.hits, tally.n


def _most(round_: Round) -> int:
    return int(round_.design["choose"])
