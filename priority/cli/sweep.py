"""`priority sweep`: what a clock should call for every hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.cli.installation import installation

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("sweep", help="close and open rounds that are due, delete what is over, send letters")
    parser.set_defaults(act=sweep)


def sweep(_typed: Namespace) -> int:
    """Sweeps once and says what was done."""
    from priority.services import sweeping

    with installation():
        done = sweeping.sweep()
    print(
        f"Rounds closed: {done.closed}, opened: {done.opened}. Rows that were over: {done.removed}. "
        f"Letters sent: {done.sent}."
    )
    return 0
