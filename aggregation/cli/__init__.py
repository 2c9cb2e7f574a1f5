"""The command line: rank and choose from a file of ballots, describe it, say how sure, and compute again."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from aggregation import AggregationError, MethodError
from aggregation.cli.output import refuse_overwriting, write
from aggregation.cli.parser import parser
from aggregation.cli.plain import plain

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from aggregation.cli.listing import Listing

REFUSED = 1
# What shells give for a program ended by Ctrl-C: 128 and the number of the signal.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0, or 1 when the input is refused, with the reason on stderr.

    A command that is written wrongly ends with 2, as `argparse` does; one that is interrupted with 130, silently.
    """
    commands = parser()
    options = commands.parse_args(arguments)
    try:
        refuse_overwriting(options)
        listing = _listing(options)
        write(listing.as_text(options.format), options.output)
    except MethodError as wrong:
        commands.error(str(wrong))
    except AggregationError as wrong:
        return _refused(f"{options.file}: {wrong}" if "file" in options else str(wrong))
    except OSError as wrong:
        return _refused(f"{wrong.filename or 'the output'} cannot be written: {wrong.strerror}")
    except MemoryError:
        return _refused("this is more than fits in memory")
    except KeyboardInterrupt:
        return INTERRUPTED
    return listing.exit_code


def _refused(reason: str) -> int:
    sys.stderr.write(f"{plain(reason)}\n")
    return REFUSED


def _listing(options: Namespace) -> Listing:
    """What the command gives; its file is imported only when it is the one that was asked for."""
    listing: Listing = getattr(import_module(f"aggregation.cli.{options.module}"), options.run)(options)
    return listing
