"""CSV files that open as they are meant: in every spreadsheet, with nothing in them that could run."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Value = str | int | float | bool | None

BYTE_ORDER_MARK = "\ufeff"
STARTS_A_FORMULA = tuple("=+-@＝＋－＠")
NEVER_FIRST = ("\t", "\r", "\n", "\x00")
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\ufeff"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A table as RFC 4180 has it, in UTF-8 with its byte order mark; text that could be a formula begins with `'`."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


def cell(value: Value) -> str:
    """A value as a cell holds it: numbers stay numbers, `yes` and `no`, nothing where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    return f"'{value}" if could_run(value) else value


def number(value: float) -> str:
    """A number without a needless `.0`, in all the digits it has."""
    return str(int(value)) if value == int(value) else repr(float(value))


def could_run(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula, however it is dressed."""
    bare = text.lstrip().lstrip(UNSEEN).lstrip()
    return text.startswith(NEVER_FIRST) or bare.startswith(STARTS_A_FORMULA)
