"""The text of a file that a stranger sent: its bytes, its lines, its numbers."""

from __future__ import annotations

import re
from contextlib import contextmanager
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from aggregation.checks import MOST_COUNTS, WEIGHT_UNIT
from aggregation.errors import AggregationError, FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Numbers of more digits are never counts; refused unread, for reading a million digits takes minutes.
_WHOLE = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_RATIO = re.compile(r"[0-9]{1,18}/[0-9]{1,18}")


def text_of(path: Path) -> str:
    """The text of a file without its byte order mark; refuses one that is missing, empty or no UTF-8 text."""
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise FormatError(f"the file cannot be opened: {wrong.strerror}") from wrong
    except ValueError as wrong:
        raise FormatError("this cannot be the name of a file") from wrong
    return text_from(data)


def text_from(data: bytes) -> str:
    """The text in these bytes without its byte order mark; refuses what is empty or no UTF-8 text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise FormatError("this is not UTF-8 text; save the file as UTF-8", line=line) from wrong
    if "\0" in text:
        raise FormatError("this is no text", line=text.count("\n", 0, text.index("\0")) + 1)
    if not text.strip():
        raise FormatError("the file is empty")
    return text


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, however the system that wrote it ends lines; nothing else ends one."""
    return enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)


def short(text: str) -> str:
    """The text as a refusal may quote it: a hostile name is cut, and cannot give orders to a terminal."""
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:60])
    return shown if len(text) <= 60 else shown + "…"


def count_of(text: str, line: int, what: str = "ballots") -> int:
    """How many ballots a line stands for, or how many of `what`; refuses what is no whole number from 1 to 2**53."""
    count = int(text) if _WHOLE.fullmatch(text) else 0
    if not 1 <= count <= MOST_COUNTS:
        raise FormatError(f"{what} are counted in whole numbers from 1, not {short(text)!r}", line=line)
    return count


def weight_of(text: str, line: int) -> int | Fraction:
    """The weight of a line, written 3, 1.5 or 3/2; refuses what is no such number from a millionth to 2**53."""
    if _WHOLE.fullmatch(text) and 1 <= (whole := int(text)) <= MOST_COUNTS:
        return whole
    weight = Fraction(0)
    if _NUMBER.fullmatch(text) or (_RATIO.fullmatch(text) and int(text.partition("/")[2])):
        weight = Fraction(text)
    if not Fraction(1, WEIGHT_UNIT) <= weight <= MOST_COUNTS:
        raise FormatError(f"a weight is a number above 0, not {short(text)!r}", line=line)
    return weight


def score_of(text: str, line: int) -> Fraction:
    """A score, exactly; refuses what is no number, or one of more than 18 digits."""
    if not _NUMBER.fullmatch(text):
        raise FormatError(f"a score is a number, not {short(text)!r}", line=line)
    return Fraction(text)


def float_of(text: str) -> float:
    """A number as spreadsheets write it, with or without an exponent; ValueError where it is none."""
    if not _FLOAT.fullmatch(text) or not isfinite(value := float(text)):
        raise ValueError(f"{short(text)!r} is not a number")
    return value


@contextmanager
def refusing_as_file() -> Iterator[None]:
    """Refusals of the values a file holds, told as refusals of the file."""
    try:
        yield
    except FormatError:
        raise
    except AggregationError as wrong:
        raise FormatError(str(wrong)) from wrong
