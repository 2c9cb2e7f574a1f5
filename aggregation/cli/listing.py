"""Results as text: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aggregation.cli.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Block:
    """Some columns that belong together, under a heading."""

    heading: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows under named columns, and the same as a JSON value; `notes` stand below the table.

    With `blocks`, more columns than a line holds are printed one block under another, each beside the columns that
    are in no block; a row that has nothing in a block is not in it.

    `exit_code` is 1 where what is listed is bad news, such as a result that could not be computed again.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    value: Any
    notes: tuple[str, ...] = ()
    exit_code: int = 0
    blocks: tuple[Block, ...] = ()

    def as_text(self, form: str) -> str:
        """The listing as "table", "json" or "csv"."""
        return {"table": self._table, "json": self._json, "csv": self._csv}[form]()

    def _json(self) -> str:
        return json.dumps(self.value, ensure_ascii=False, allow_nan=False) + "\n"

    def _csv(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()

    def _table(self) -> str:
        tables = [self._block(block) for block in self.blocks] or [_aligned((self.columns, *self.rows))]
        notes = ["", *map(plain, self.notes)] if self.notes else []
        return "\n".join([*"\n\n".join(tables).split("\n"), *notes]) + "\n"

    def _block(self, block: Block) -> str:
        inside = {column for each in self.blocks for column in each.columns}
        keys = [place for place, column in enumerate(self.columns) if column not in inside]
        places = [self.columns.index(column) for column in block.columns]
        rows = [row for row in self.rows if any(row[place] is not None for place in places)]
        chosen = [tuple(row[place] for place in keys + places) for row in (self.columns, *rows)]
        return f"{block.heading}\n{_aligned(tuple(chosen))}"


def _aligned(rows: tuple[tuple[Cell, ...], ...]) -> str:
    lines = [tuple(plain(shown(cell)) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def noted(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Facts as notes below a table, a line each."""
    return tuple(f"{name}: {shown(value)}" for name, value in facts.items())


def shown(cell: object) -> str:
    """A cell as a table shows it: a dash for nothing, numbers to six digits."""
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
