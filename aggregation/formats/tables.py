"""CSV tables with a row a person: their header, the columns that say whose row it is, and the other cells."""

from __future__ import annotations

import csv
from array import array
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import FormatError
from aggregation.formats.text import short, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

LABELS = ("participant", "id")
COLUMNS = ("round", "side", "group", "weight")
SEPARATORS = ",;\t"
NOTHING = ("", "na", "nan")
CANNOT_JUDGE = "cannot_judge"
# What a label says that is left empty.
NOBODY = "(none)"


class _Cells(dict[str, float]):
    """Numbers by how a cell writes them; each spelling is read once, for most occur in many cells."""

    def __init__(self, read: Callable[[str], float]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> float:
        self[cell] = value = self._read(cell)
        return value

    def row(self, names: list[str], cells: list[str], line: int) -> list[float]:
        """The cells of a row as numbers; refuses the first that is none, naming its column."""
        try:
            return [self[cell] for cell in cells]
        except ValueError as wrong:
            column = next(name for name, cell in zip(names, cells, strict=True) if cell not in self)
            raise FormatError(f"column {short(column)!r}: {wrong}", line=line) from wrong


def rows_of(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row that is not empty, without white space around them, with the line the row ends on."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as wrong:
        raise FormatError(str(wrong).replace("\t", "a tab"), line=reader.line_num) from wrong


def separator_of(text: str) -> str:
    """The separator of the first row: the most frequent of comma, semicolon and tab outside of quotes."""
    counts = dict.fromkeys(SEPARATORS, 0)
    quoted = False
    for sign in text.lstrip():
        if sign == '"':
            quoted = not quoted
        elif sign in "\r\n" and not quoted:
            break
        elif sign in counts and not quoted:
            counts[sign] += 1
    return max(counts, key=lambda sign: counts[sign])


class Table:
    """A table whose rows are people: `names` of the columns that hold answers, and whose answers they are.

    A first column `participant` or `id` labels a row and is given once only; `side` and `group` sort the rows;
    `round` must say the same in all of them; `weight`, where `weighted`, is how many people a row stands for.
    """

    def __init__(self, text: str, *, weighted: bool) -> None:
        self._rows = rows_of(text, separator_of(text))
        self.line, self._header = next(self._rows, (1, [""]))
        labels = COLUMNS if weighted else COLUMNS[:-1]
        self._places = _label_columns(self._header, labels, self.line)
        self._answers = [place for place in range(len(self._header)) if place not in self._places.values()]
        self.names = [self._header[place] for place in self._answers]
        self._said: dict[str, list[str]] = {name: [] for name in self._places}
        self._people: dict[str, int] = {}
        self._weights: list[float] = []
        if not self.names:
            raise FormatError("there is no column with a question", line=self.line)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The answers of each row and the line it ends on; labels are taken note of on the way."""
        width = len(self._header)
        for line, row in self._rows:
            if len(row) != width:
                raise FormatError(f"this row has {len(row)} cells, the header has {width}", line=line)
            for name, place in self._places.items():
                self._take_note(name, row[place], line)
            yield line, [row[place] for place in self._answers]

    def numbers(self, read: Callable[[str], float], kind: str) -> NDArray[Any]:
        """The answers as `read` reads a cell, shape (n_rows, n_names); refuses a table without rows.

        `kind` is how a number is kept meanwhile, as `array` names it: "H" for ranks, in two bytes, "d" for floats.
        """
        known = _Cells(read)
        numbers: array[Any] = array(kind)
        for line, cells in self.rows():
            numbers.extend(known.row(self.names, cells, line))
        if not numbers:
            raise FormatError("the file has a header but no rows")
        return np.frombuffer(numbers, dtype=kind).reshape(-1, len(self.names))

    def _take_note(self, name: str, value: str, line: int) -> None:
        said = self._said[name]
        if name == "side" and not value:
            raise FormatError("this row names no side", line=line)
        if name == "round" and said and value != said[0]:
            raise FormatError(
                f"this row is of round {short(value)!r}, the first of {short(said[0])!r}; keep one round", line=line
            )
        if name == "participant" and value and self._people.setdefault(value, line) != line:
            raise FormatError(f"participant {short(value)!r} is already on line {self._people[value]}", line=line)
        if name == "weight":
            self._weights.append(float(weight_of(value, line)))
        said.append(value or NOBODY)

    @property
    def participants(self) -> list[str] | None:
        """Whose rows were read so far, "" where a row names nobody; None where no column says so."""
        said = self._said.get("participant")
        return None if said is None else ["" if each == NOBODY else each for each in said]

    @property
    def labels(self) -> dict[str, Any]:
        """`sides`, `groups` and `weights` of the rows read so far, as a profile takes them; None where not given."""
        return {"sides": self._said.get("side"), "groups": self._said.get("group")} | (
            {"weights": self._weights} if self._weights else {}
        )


def _label_columns(header: list[str], labels: tuple[str, ...], line: int) -> dict[str, int]:
    """Where the label columns are; refuses a column without a name and a name given twice."""
    found: dict[str, int] = {}
    names: set[str] = set()
    for place, name in enumerate(header):
        if not name:
            raise FormatError(f"column {place + 1} has no name", line=line)
        if name in names:
            raise FormatError(f"there are two columns {short(name)!r}", line=line)
        names.add(name)
        if name.lower() in found:
            raise FormatError(f"there are two columns {short(name.lower())!r}", line=line)
        if name.lower() in labels:
            found[name.lower()] = place
    if header[0].lower() in LABELS:
        found["participant"] = 0
    return found
