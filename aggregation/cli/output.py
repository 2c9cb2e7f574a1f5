"""Where a result goes: to the terminal or a pipe, or to a file, which is never one that was read."""

from __future__ import annotations

import io
import os
import sys
from errno import EBADF
from pathlib import Path
from typing import TYPE_CHECKING

from aggregation import MethodError

if TYPE_CHECKING:
    from argparse import Namespace

# Half a character, which a bundle can hold, is written as JSON escapes it; whatever else there is, as it is.
ENCODING, ERRORS = "utf-8", "backslashreplace"


def refuse_overwriting(options: Namespace) -> None:
    """Refuse to write over a file that the command reads, or two results into one file."""
    read = [getattr(options, "file", None), getattr(options, "before", None), *getattr(options, "files", [])]
    output, bundle = options.output, getattr(options, "bundle", None)
    for target in (output, bundle):
        if target is not None and any(_same(target, each) for each in read if each is not None):
            raise MethodError(f"{target!r} is the file that is read; write the result elsewhere")
    if output is not None and bundle is not None and Path(output).absolute() == Path(bundle).absolute():
        raise MethodError("--output and --bundle are the same file")


def _same(one: str, other: str) -> bool:
    try:
        return Path(one).is_file() and Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def write(text: str, output: str | None) -> None:
    """Write the text, in UTF-8, to a file or where results go; a reader who has seen enough may leave."""
    if output is not None:
        Path(output).write_text(text, encoding=ENCODING, errors=ERRORS)
        return
    if sys.stdout is None:
        raise OSError(EBADF, "it is closed", "the output")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=ENCODING, errors=ERRORS)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
    except OSError:
        _let_go()
        raise


def _let_go() -> None:
    """Give up what could not be written, which would be tried, and fail, once more at the end of the program."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
