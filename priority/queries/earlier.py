"""Snapshots of rounds that closed before today's were kept, read as today's are; what is stored is never changed."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from aggregation.delphi import wilson
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Mapping

Body = dict[str, Any]
NINE = "nine"


def as_today(kind: ResultKind, body: Body) -> Body:
    """The snapshot with everything that one of today holds; one of today as it is.

    Earlier rounds of ratings all went from 1 to 9, and their snapshots did not say so.
    """
    if kind not in (ResultKind.ITEMS, ResultKind.FEEDBACK) or "scale" in body:
        return body
    questions = [_question(row) for row in body["questions"]] if kind is ResultKind.ITEMS else body["questions"]
    return {"scale": NINE, "questions": questions}


def _question(row: Mapping[str, Any]) -> Body:
    kept = {name: value for name, value in row.items() if name != "mean_high"}
    cells = {part: {key: _cell(cell) for key, cell in row[part].items()} for part in ("sides", "groups")}
    return kept | cells | {"whole": _cell(row["whole"]), "support": row["mean_high"]}


def _cell(cell: Mapping[str, Any]) -> Body:
    values = [value for value, count in enumerate(cell["histogram"], start=1) for _one in range(count)]
    if not values:
        return dict(cell) | {"mad": None, "interval": None}
    middle, interval = median(values), wilson(cell["high"], len(values))
    mad = float(median(abs(value - middle) for value in values))
    return dict(cell) | {"mad": mad, "interval": [interval.low, interval.high]}
