"""What Up, Down and Top mean on the page where questions are put in order. `order.js` does the same in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

UP, DOWN, TOP = DIRECTIONS = ("up", "down", "top")


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the number beside it; none is no place."""

    key: str
    number: int | None


def in_order(rows: Sequence[Row]) -> list[Row]:
    """By their numbers; equal numbers as they stood, those without a number last. No number changes."""
    return sorted(rows, key=lambda row: (row.number is None, row.number or 0))


def moved(rows: Sequence[Row], key: str, direction: str) -> list[Row]:
    """The rows in order of their numbers, one of them moved, then counted 1, 2, 3 from the top.

    Two that shared a number still share it if neither moved; rows without a number keep none.
    """
    ordered = in_order(rows)
    start = next(index for index, row in enumerate(ordered) if row.key == key)
    mover = ordered[start]
    end = _target(ordered, start, direction)
    if end == start and (mover.number is not None or direction == DOWN):
        return ordered
    ordered.insert(end, ordered.pop(start))
    return _counted(ordered, mover)


def _target(rows: Sequence[Row], start: int, direction: str) -> int:
    numbered = sum(row.number is not None for row in rows)
    if direction == TOP:
        return 0
    if direction == UP:
        return numbered if rows[start].number is None else max(start - 1, 0)
    return max(start, min(start + 1, numbered - 1))


def _counted(rows: Sequence[Row], mover: Row) -> list[Row]:
    counted: list[Row] = []
    for index, row in enumerate(rows):
        if row.number is None and row is not mover:
            counted.append(row)
            continue
        above = rows[index - 1] if index else None
        shares = above is not None and mover not in (above, row) and above.number == row.number
        counted.append(replace(row, number=counted[-1].number if shares else index + 1))
    return counted
