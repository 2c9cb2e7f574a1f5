"""Best and worst: how often each question mattered most and least of those shown with it, and the list by that."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation.delphi import best_worst
from priority.queries.rounds import items_of
from priority.services.ballot_types.best_worst import sets_of
from priority.services.closing import parts
from priority.services.closing.profiles import answered_sets, heard_in, shares_of
from priority.services.closing.stored import named
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi import BestWorst
    from priority.models import Round
    from priority.queries.ballots import Row

Body = dict[str, Any]


def snapshots(round_: Round, rows: Sequence[Row]) -> dict[ResultKind, Body]:
    """How often each question was called best and worst, by side and group."""
    items, heard = items_of(round_), heard_in(round_, rows)
    told = parts.told_of(round_, [(row.side, row.group) for row in heard])
    mine = {part: parts.rows_of(part, heard) for part in told.parts}
    counts = {part: _counted(round_, rows) for part, rows in mine.items()}
    support = _support(round_, heard)
    questions = [
        named(item)
        | {"support": support[index]}
        | parts.cells(told, lambda part, index=index: _cell(len(mine[part]), counts[part], index))  # type: ignore[misc] # a default
        for index, item in enumerate(items)
    ]
    how = {"kind": str(round_.kind), "sets": len(sets_of(round_.design))}
    return {ResultKind.CHOICES: how | {"questions": questions, "hidden": parts.hidden(told)}}


def _counted(round_: Round, rows: Sequence[Row]) -> BestWorst:
    sets = [one for row in rows for one in answered_sets(round_, row)]
    return best_worst(sets, [item.key for item in items_of(round_)])


def _support(round_: Round, rows: Sequence[Row]) -> list[str | None]:
    """Best less worst of each time shown, each side's sets together weighing its part of the say.

    None where a side is silent; 0 for a question that no answered set showed, as in the run.
    """
    shares = shares_of(round_.exercise)
    if any(all(row.side != side for row in rows) for side in shares):
        return [None] * len(items_of(round_))
    found = {side: _counted(round_, parts.rows_of(("side", side), rows)) for side in shares}
    weights = {side: share / found[side].answered for side, share in shares.items()}
    return [str(_mean(index, found, weights)) for index in range(len(items_of(round_)))]


def _mean(index: int, found: dict[str, BestWorst], weights: dict[str, Fraction]) -> Fraction:
    above = sum((weights[side] * int(one.difference[index]) for side, one in found.items()), Fraction(0))
    below = sum((weights[side] * int(one.shown[index]) for side, one in found.items()), Fraction(0))
    return above / below if below else Fraction(0)


def _cell(people: int, counts: BestWorst, index: int) -> Body:
    best, worst, shown = (int(each[index]) for each in (counts.best, counts.worst, counts.shown))
    score = str(Fraction(best - worst, shown)) if shown else None
    return {"n": people, "shown": shown, "best": best, "worst": worst, "score": score}
