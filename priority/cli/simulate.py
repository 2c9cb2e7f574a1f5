"""`priority simulate`: a made-up exercise of any size through the real services, with its decisions and its digest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("simulate", help="run a made-up exercise and print its decisions and its digest")
    parser.add_argument("--people", type=int, default=300, help="how many answer, in two sides and five groups (300)")
    parser.add_argument("--questions", type=int, default=40, help="how many questions they are asked (40)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same digest (1)")
    parser.set_defaults(act=simulate)


def simulate(typed: Namespace) -> int:
    """Prints what every round decided and the digest of all that was stored; nothing of it is kept.

    It works in an installation of its own that is deleted afterwards. 1 where the sizes are too small.
    """
    from priority.app import create_app
    from priority.config import Settings
    from priority.database import migrate_to_newest
    from priority.demo.rehearsal import FEWEST_PEOPLE, FEWEST_QUESTIONS, rehearse
    from priority.extensions import db

    if typed.people < FEWEST_PEOPLE or typed.questions < FEWEST_QUESTIONS or typed.seed < 0:
        print(f"At least {FEWEST_PEOPLE} people, {FEWEST_QUESTIONS} questions, and a seed of 0 or more.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder), database=f"sqlite:///{folder}/priority.db"))
        with app.app_context():
            migrate_to_newest()
            digest = rehearse(people=typed.people, questions=typed.questions, seed=typed.seed, say=print)
            db.session.remove()
            db.engine.dispose()
    print(f"digest {digest}")
    return 0
