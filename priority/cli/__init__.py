"""The commands: `priority --help` lists them. Each lies in a module of its own, loaded when it is called for.

A module of `COMMANDS` has `add_to(commands)`, which adds its subparser and sets `act`, a function that takes what was
typed and gives the exit code. A refusal's words go to the terminal, and nothing is half saved.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("run", "demo", "sweep", "importing", "recompute", "simulate", "rounds")


def main(argv: Sequence[str] | None = None) -> int:
    """Does what was typed and gives the exit code: 0 done, 1 refused or different, 2 not understood."""
    from priority.config import SettingsRefused
    from priority.errors import Refusal

    typed = _parser().parse_args(argv)
    try:
        code: int = typed.act(typed)
    except (Refusal, SettingsRefused) as refused:
        print(refused, file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="priority", description="Carries a patient's question to a researcher.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        if find_spec(f"priority.cli.{name}"):
            import_module(f"priority.cli.{name}").add_to(commands)
    return parser
