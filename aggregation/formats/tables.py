"""CSV files with a row a person and a column a question: ranks, or ratings."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.checks import WORST_RANK
from aggregation.errors import AggregationError, FormatError
from aggregation.profile import Profile
from aggregation.ratings import Ratings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aggregation.profile import Unranked

LABELS = ("participant", "id")
COLUMNS = ("round", "side", "group")
NOTHING = ("", "na", "nan")
CANNOT_JUDGE = "cannot_judge"


@dataclass(slots=True)
class _Table:
    items: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    labels: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def cells(self, read: Callable[[str], float]) -> Any:
        """Every cell as a number; refuses one that `read` refuses, naming line and column."""
        values = np.zeros((len(self.rows), len(self.items)))
        for row, (line, cells) in enumerate(zip(self.lines, self.rows, strict=True)):
            for column, cell in enumerate(cells):
                try:
                    values[row, column] = read(cell)
                except ValueError as wrong:
                    raise FormatError(f"column {self.items[column]!r}: {wrong}", line=line) from wrong
        return values

    def of(self, cell: str) -> Any:
        """Where the table says just this, shape (n_rows, n_items)."""
        return np.array([[each.lower() == cell for each in cells] for cells in self.rows], dtype=bool)


def read_rankcsv(text: str, unranked: Unranked) -> Profile:
    r"""The profile of a table of ranks: 1 = best, equal numbers are ties, empty or 0 is unranked.

    A first column `participant` or `id` is a label; columns `side` and `group` sort the ballots; a column `round`
    must say the same in every row; every other column is an item. "cannot_judge" is unranked. Cells are separated
    by commas, semicolons or tabs, as the header is.

    Raises
    ------
    FormatError
        Naming the line and the column.

    Examples
    --------
    >>> read_rankcsv("participant,side,a,b\nann,lived,1,2\nbob,staff,2,\n", "last").ranks
    array([[1, 2],
           [2, 0]], dtype=uint8)
    """
    table = _table(text)
    with _refusing_as_file():
        return Profile.from_ranks(
            table.cells(_rank),
            table.items,
            unranked=unranked,
            sides=table.labels.get("side"),
            groups=table.labels.get("group"),
        )


def read_ratingcsv(text: str) -> Ratings:
    r"""The ratings of a table of numbers; an empty cell is no answer, "cannot_judge" is kept apart from it.

    Columns as in `read_rankcsv`. The scale is not checked here but by the statistic that needs one.

    Raises
    ------
    FormatError
        Naming the line and the column.

    Examples
    --------
    >>> ratings = read_ratingcsv("id,a,b\n1,9,\n2,7,cannot_judge\n")
    >>> ratings.values.tolist(), ratings.cannot_judge.tolist()
    ([[9.0, nan], [7.0, nan]], [[False, False], [False, True]])
    """
    table = _table(text)
    with _refusing_as_file():
        return Ratings.from_values(
            table.cells(_rating),
            table.items,
            cannot_judge=table.of(CANNOT_JUDGE),
            sides=table.labels.get("side"),
            groups=table.labels.get("group"),
        )


@contextmanager
def _refusing_as_file() -> Iterator[None]:
    """Refusals of the values a file holds, told as refusals of the file."""
    try:
        yield
    except FormatError:
        raise
    except AggregationError as wrong:
        raise FormatError(str(wrong)) from wrong


def _rank(cell: str) -> float:
    if cell.lower() in (*NOTHING, CANNOT_JUDGE):
        return 0
    value = _number(cell)
    if not (0 <= value <= WORST_RANK and value == int(value)):
        raise ValueError(f"a rank is a whole number from 1 (best) to {WORST_RANK}, or empty, not {cell!r}")
    return value


def _rating(cell: str) -> float:
    return np.nan if cell.lower() in (*NOTHING, CANNOT_JUDGE) else _number(cell)


def _number(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"{cell[:40]!r} is not a number") from None
    if not np.isfinite(value):
        raise ValueError(f"{cell!r} is not a number")
    return value


def _table(text: str) -> _Table:
    header_line = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(header_line), strict=True)
    table, header = _Table(items=[]), None
    labels: dict[str, int] = {}
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not row:
                continue
            if header is None:
                header = row
                labels = _header(row, reader.line_num)
                table.items = [name for i, name in enumerate(row) if i not in labels.values()]
                table.labels = {name: [] for name in labels}
            else:
                _add_row(table, row, len(header), labels, reader.line_num)
    except csv.Error as wrong:
        raise FormatError(str(wrong), line=reader.line_num) from wrong
    if not table.rows:
        raise FormatError("the file has a header but no rows")
    return table


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _header(row: list[str], line: int) -> dict[str, int]:
    """Where the label columns are; refuses a column without a name, a name given twice, and no questions."""
    for place, name in enumerate(row):
        if not name:
            raise FormatError(f"column {place + 1} has no name", line=line)
        if name in row[:place]:
            raise FormatError(f"there are two columns {name!r}", line=line)
    found = {name.lower(): place for place, name in enumerate(row) if name.lower() in COLUMNS}
    if row[0].lower() in LABELS:
        found["participant"] = 0
    if len(found) == len(row):
        raise FormatError("there is no column with a question", line=line)
    return found


def _add_row(table: _Table, row: list[str], width: int, labels: dict[str, int], line: int) -> None:
    if len(row) != width:
        raise FormatError(f"this row has {len(row)} cells, the header has {width}", line=line)
    for name, place in labels.items():
        _check_label(table, name, row[place], line)
        table.labels[name].append(row[place] or "(none)")
    table.rows.append([cell for i, cell in enumerate(row) if i not in labels.values()])
    table.lines.append(line)


def _check_label(table: _Table, name: str, value: str, line: int) -> None:
    if name == "side" and not value:
        raise FormatError("this row names no side", line=line)
    if name == "round" and table.labels[name] and value != (first := table.labels[name][0]):
        raise FormatError(f"this row is of round {value!r}, the first of {first!r}; keep one round", line=line)
    if name == "participant" and value and table.people.setdefault(value, line) != line:
        raise FormatError(f"participant {value!r} is already on line {table.people[value]}", line=line)
