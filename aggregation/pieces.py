"""Files of ballots in pieces that fit in memory, each of which can be read by itself, by another process as well."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import AggregationError, FormatError
from aggregation.formats import read
from aggregation.formats.rankcsv import read_rankcsv
from aggregation.formats.tables import COLUMNS, LABELS
from aggregation.formats.text import short, text_from
from aggregation.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from aggregation.profile import Unranked

# Bytes of a table of text read at a time, and ballots of a Parquet file.
TEXT = 8 << 20
BALLOTS = 1 << 17
CHUNKED = "rankcsv"


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Refusals with the name of the file in front; that a file cannot be read is one."""
    try:
        yield
    except AggregationError as wrong:
        raise FormatError(f"{path}: {wrong}") from wrong
    except OSError as wrong:
        raise FormatError(f"{path}: the file cannot be read: {wrong.strerror or wrong}") from wrong


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or what lies between two of its bytes. `size` is in bytes of the file."""

    path: Path
    size: int
    format: str | None

    def profiles(self, unranked: Unranked) -> Iterator[Profile]:
        """The ballots of the piece; refusals name the file and the line."""
        with naming(self.path):
            for profile in self._read(unranked):
                if not isinstance(profile, Profile):
                    raise FormatError("this is a file of ratings; a tally needs ranks")
                yield profile

    def _read(self, unranked: Unranked) -> Iterator[Any]:
        yield read(self.path, self.format, unranked=unranked)


@dataclass(frozen=True, slots=True)
class TextPiece(Piece):
    """Some rows of a table of text: the bytes from `start` on, under the header, which is the first `header` bytes."""

    start: int
    header: int
    line: int

    def _read(self, unranked: Unranked) -> Iterator[Any]:
        with self.path.open("rb") as file:
            header = file.read(self.header)
            file.seek(self.start)
            rows = file.read(self.size)
        try:
            yield read_rankcsv(text_from(header + rows), unranked)
        except FormatError as wrong:
            raise FormatError(wrong.reason, line=self._line_of(wrong.line, header.count(b"\n"))) from wrong

    def _line_of(self, line: int | None, above: int) -> int | None:
        """The line of the file which is this line of the piece, under a header of so many lines."""
        return line if line is None or line <= above else line - above + self.line - 1


@dataclass(frozen=True, slots=True)
class ParquetPiece(Piece):
    """One row group of a Parquet file."""

    group: int

    def _read(self, unranked: Unranked) -> Iterator[Any]:
        batches = _parquet(self.path).iter_batches(BALLOTS, row_groups=[self.group], use_threads=False)
        while (batch := _next(batches)) is not None:
            yield _profile_of(batch, unranked)


def pieces_of(path: str | PathLike[str], format: str | None) -> Iterator[Piece]:  # noqa: A002 -- as in `read`
    """The pieces of a file in order; refuses a Parquet file or large table whose beginning cannot be read."""
    path = Path(path)
    key = path.suffix.lower().removeprefix(".") if format is None else format
    whole = Piece(path, _size(path), format)
    if key == "parquet":
        with naming(path):
            yield from _parquet_pieces(whole)
    elif key in {"csv", CHUNKED} and whole.size > TEXT:
        with naming(path):
            yield from _text_pieces(whole)
    else:
        yield whole


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        # Whoever opens the file will say what is wrong with it.
        return 0


def _text_pieces(whole: Piece) -> Iterator[Piece]:
    """Whole rows, about as many bytes each; a line within quotes does not end a row."""
    with whole.path.open("rb") as file:
        header = _rows(file, 1)
        start, line = len(header), header.count(b"\n") + 1
        while rows := _rows(file, TEXT):
            # What is left over at the end may be empty lines, of which no reader makes a table.
            if rows.strip():
                yield TextPiece(whole.path, len(rows), whole.format, start, len(header), line)
            start, line = start + len(rows), line + rows.count(b"\n")


def _rows(file: Any, size: int) -> bytes:
    lines = file.readlines(size)
    text = b"".join(lines)
    quotes = text.count(b'"')
    while quotes % 2 and (more := file.readline()):
        quotes += more.count(b'"')
        text += more
    return bytes(text)


def _parquet(path: Path) -> Any:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as missing:
        raise FormatError("a Parquet file needs pyarrow: pip install 'priority[parquet]'") from missing
    try:
        return parquet.ParquetFile(path)
    except pa.ArrowException as wrong:
        raise FormatError(f"this Parquet file cannot be read: {wrong}") from wrong


def _next(batches: Iterator[Any]) -> Any:
    """The next batch of a Parquet file, None after the last; damage shows only while reading."""
    import pyarrow as pa

    try:
        return next(batches, None)
    except pa.ArrowException as wrong:
        raise FormatError(f"this Parquet file is damaged: {wrong}") from wrong


def _parquet_pieces(whole: Piece) -> Iterator[Piece]:
    file = _parquet(whole.path)
    names = file.schema_arrow.names
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise FormatError(f"there are two columns {short(twice[0])!r}")
    rounds = [name for name in names if name.lower() == "round"]
    if rounds and len(file.read(rounds).column(0).unique()) > 1:
        raise FormatError("its rows are of different rounds; keep one round")
    groups = file.num_row_groups
    for group in range(groups):
        yield ParquetPiece(whole.path, whole.size * (group + 1) // groups - whole.size * group // groups, None, group)


def _profile_of(batch: Any, unranked: Unranked) -> Profile:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    labels = {name.lower(): column for name, column in columns.items() if name.lower() in {*LABELS, *COLUMNS}}
    items = [name for name in columns if name.lower() not in labels]
    if not items:
        raise FormatError("there is no column with a question")
    ranks = [_ranks(name, columns[name]) for name in items]
    # Stored a column after the other, as Parquet does, and read-only, so that nothing is copied again.
    together = np.empty((batch.num_rows, len(items)), dtype=np.result_type(*ranks), order="F")
    for place, column in enumerate(ranks):
        together[:, place] = column
    together.setflags(write=False)
    weights = labels.get("weight")
    return Profile.from_ranks(
        together,
        items,
        unranked=unranked,
        weights=None if weights is None else weights.to_numpy(zero_copy_only=False),
        sides=_sides(labels.get("side")),
    )


def _ranks(name: str, column: Any) -> Any:
    import pyarrow as pa

    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_null(column.type)):
        raise FormatError(f"column {short(name)!r} holds {column.type}, not ranks")
    if pa.types.is_null(column.type):
        return np.zeros(len(column), dtype=np.uint8)
    return (column.fill_null(0) if column.null_count else column).to_numpy(zero_copy_only=False)


def _sides(column: Any) -> list[str] | None:
    if column is None:
        return None
    sides: list[Any] = column.to_pylist()
    if not all(isinstance(side, str) and side.strip() for side in sides):
        raise FormatError("a row names no side")
    return sides
