"""The command line: rank and choose from a file of ballots, describe it, say how sure, and compute again."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from aggregation import AggregationError, MethodError
from aggregation.cli.parser import parser

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from aggregation.cli.listing import Listing

REFUSED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0, or 1 when the input is refused, with the reason on stderr.

    A command that is written wrongly ends with 2, as `argparse` does.
    """
    commands = parser()
    options = commands.parse_args(arguments)
    try:
        listing = _listing(options)
        _write(listing.as_text(options.format), options.output)
    except MethodError as wrong:
        commands.error(str(wrong))
    except AggregationError as wrong:
        where = f"{options.file}: " if "file" in options else ""
        sys.stderr.write(f"{where}{wrong}\n")
        return REFUSED
    except OSError as wrong:
        sys.stderr.write(f"{wrong.filename} cannot be written: {wrong.strerror}\n")
        return REFUSED
    return listing.exit_code


def _listing(options: Namespace) -> Listing:
    """What the command gives; its file is imported only when it is the one that was asked for."""
    listing: Listing = getattr(import_module(f"aggregation.cli.{options.module}"), options.run)(options)
    return listing


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        Path(output).write_text(text, encoding="utf-8")
