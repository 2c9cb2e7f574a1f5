"""`priority demo`: the demo in an empty installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.cli.installation import installation

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("demo", help="load the demo into an empty installation")
    parser.set_defaults(act=demo)


def demo(_typed: Namespace) -> int:
    """Loads the demo; 1 where anything is here already, or real people's words are kept here."""
    with installation() as app:
        if app.config["SETTINGS"].in_production:
            print("The demo is not loaded in production.")
            return 1
        if not load_first():
            print("There is something in this installation already, so the demo was not loaded.")
            return 1
    return 0


def load_first() -> bool:
    """Loads the demo where nothing is here yet, and says so; False where something is."""
    from priority import database
    from priority.queries.organisations import first_organisation

    if first_organisation() is not None:
        return False
    from priority.demo.loading import load

    print("Loading the demo, once (about 10 seconds)", flush=True)
    load(lambda step: print(f"  {step}", flush=True))
    database.commit()
    return True
