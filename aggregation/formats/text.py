"""The text of a file that a stranger sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path


def text_of(path: Path) -> str:
    """The text of a file without its byte order mark; refuses one that is missing, empty or no UTF-8 text."""
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise FormatError(f"the file cannot be opened: {wrong.strerror}") from wrong
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
