"""The columns and the JSON of rounds of choices, of best and worst, and of ratings by criteria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.queries.report_values import CRITERIA
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from priority.exports.tables import Value
    from priority.queries.report_kinds import Found, Scored
    from priority.queries.report_values import RoundLine

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `results.csv`: its name as docs/exports.md has it, and what it says."""

    name: str
    read: Callable[[Any], Value]


def rounded(value: float | Fraction | None) -> float | None:
    """A share or a score as a table has it; `results.json` has the exact fraction where there is one."""
    return None if value is None else round(float(value), DIGITS)


SUPPORT = Column("support", lambda found: rounded(found.support))
OF_A_CHOICE = (
    Column("n", lambda cell: cell.n),
    Column("chosen", lambda cell: cell.chosen),
    Column("percent_chosen", lambda cell: cell.percent),
    Column("interval_low", lambda cell: rounded(cell.interval[0])),
    Column("interval_high", lambda cell: rounded(cell.interval[1])),
)
OF_SETS = (
    Column("n", lambda cell: cell.n),
    Column("shown", lambda cell: cell.shown),
    Column("best", lambda cell: cell.best),
    Column("worst", lambda cell: cell.worst),
    Column("score", lambda cell: rounded(cell.score)),
)
OF_CRITERIA = (
    Column("n", lambda cell: cell.n),
    Column("rps", lambda cell: rounded(cell.rps)),
    Column("weighted", lambda cell: rounded(cell.weighted)),
    Column("aea", lambda cell: rounded(cell.aea)),
)


def columns_of(line: RoundLine, criteria: tuple[str, ...]) -> tuple[Column, ...]:
    """What a table says of each voice in a round of this kind."""
    if line.kind is RoundKind.CHOOSE:
        return OF_A_CHOICE
    return OF_SETS if line.kind is RoundKind.BEST_WORST else OF_CRITERIA + tuple(map(_criterion, criteria))


def _criterion(name: str) -> Column:
    def read(cell: Scored) -> Value:
        return rounded(cell.criteria[name])

    return Column(f"criterion_{name}", read)


def criteria_of(found: Found) -> tuple[str, ...]:
    """The criteria that a question was scored by; none in a round of another kind."""
    return next((tuple(getattr(cell, "criteria", ())) for cell in found.cells.values()), ())


def found_json(found: Found, line: RoundLine) -> dict[str, Any]:
    """What one round found of one question."""
    columns = columns_of(line, criteria_of(found))
    return {
        "round": found.n,
        "key": found.key,
        "kind": CRITERIA if line.scale == CRITERIA else str(found.kind),
        "support": None if found.support is None else str(found.support),
        "cells": {voice: {column.name: column.read(cell) for column in columns} for voice, cell in found.cells.items()},
    }
