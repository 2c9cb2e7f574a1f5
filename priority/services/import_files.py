"""Reads a CSV file that a command was given: its columns, its rows with their lines, and what is wrong with each."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.services.panel_files import DELIMITERS, decode
from priority.texts import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_BYTES = 50_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
LONGEST_FIELD = 20_000


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: on which line it begins, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of a row and the line it begins on."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns and its rows; rows with too few or too many cells are among `bad`."""

    columns: tuple[str, ...]
    rows: tuple[Line, ...]
    bad: tuple[BadRow, ...]

    def place(self, column: str) -> int:
        """Where a column stands; refuses one that is not there, naming those that are."""
        if column not in self.columns:
            there = ", ".join(self.columns[:20])
            raise Invalid(_("There is no column “%(column)s”. The columns are: %(there)s.", column=column, there=there))
        return self.columns.index(column)


def read_table(data: bytes) -> Table:
    """The table in a file. Refuses, in words, what is no CSV in UTF-8, is empty, or is too large; it never guesses."""
    lines = _lines(_text(data))
    columns = _columns(next(lines))
    rows, bad = [], []
    for line in lines:
        if len(line.cells) == len(columns):
            rows.append(line)
        else:
            reason = _("it has %(found)d cells, the first line %(n)d", found=len(line.cells), n=len(columns))
            bad.append(BadRow(line.number, reason))
        if len(rows) + len(bad) > MOST_ROWS:
            raise Invalid(_("The file has more than %(most)d rows. Please send it in parts.", most=MOST_ROWS))
    if not rows and not bad:
        raise Invalid(_("The file has a first line with the columns, and no rows."))
    return Table(columns, tuple(rows), tuple(bad))


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Invalid(_("The file is larger than %(mb)d MB. Please send it in parts.", mb=MOST_BYTES // 1_000_000))
    text = decode(data)
    if not text.strip():
        raise Invalid(_("The file is empty."))
    return text


def _lines(text: str) -> Iterator[Line]:
    """The rows that have something in them, each with the number of the line it begins on."""
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    before = csv.field_size_limit(LONGEST_FIELD)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(begins, [cell.strip() for cell in cells])
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(_unreadable(begins, str(error))) from None
    finally:
        csv.field_size_limit(before)


def _unreadable(line: int, why: str) -> str:
    words: str = _("From line %(line)d on the file cannot be read. Perhaps a quotation mark is missing.", line=line)
    if "field limit" in why:
        words = _("The row on line %(line)d has a cell of more than %(n)d characters.", line=line, n=LONGEST_FIELD)
    return words


def _columns(header: Line) -> tuple[str, ...]:
    columns: Sequence[str] = [clean_line(cell) for cell in header.cells]
    if len(columns) > MOST_COLUMNS:
        raise Invalid(_("The file has more than %(most)d columns.", most=MOST_COLUMNS))
    for place, name in enumerate(columns):
        if not name:
            raise Invalid(_("Column %(place)d has no name in the first line.", place=place + 1))
        if name in columns[:place]:
            raise Invalid(_("Two columns are called “%(name)s”.", name=name))
    return tuple(columns)
