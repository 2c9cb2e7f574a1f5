"""`priority open-round`, `close-round` and `remind`: what a coordinator does on the pages, for a terminal or a timer.

Each does a thing once: where it is done already it says so and changes nothing. With `--dry-run` it only says what it
would do.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from priority.cli.installation import exercise_of, installation
from priority.errors import Invalid, NotFound
from priority.words import RoundState

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Any

    from priority.models import Round


def add_to(commands: Any) -> None:
    """Adds the three commands."""
    opens = commands.add_parser("open-round", help="open a planned round until a time, and queue the letters")
    _common(opens, open_round)
    opens.add_argument("--until", required=True, metavar="TIME", help="by the exercise's clock: 2026-12-01T17:00")
    closes = commands.add_parser("close-round", help="close an open round and compute what it found")
    _common(closes, close_round)
    closes.add_argument("--reason", default="", help="needed before its end; the report shows it")
    reminds = commands.add_parser("remind", help="queue a letter to those who are not finished")
    _common(reminds, remind)
    reminds.add_argument("--group", action="append", default=[], metavar="KEY", help="only this group; may be repeated")


def open_round(typed: Namespace) -> int:
    """Opens a round; 0 also where it is open already, 1 where something stands in the way."""
    from priority.services import rounds

    def act(round_: Round) -> str:
        until = _moment(typed.until, round_.exercise.time_zone)
        if round_.state is RoundState.OPEN:
            return f"Round {round_.n} is open already."
        if typed.dry_run:
            found = rounds.hindrance(round_)
            if found is not None:
                raise Invalid(found)
            return f"Round {round_.n} would open until {until.isoformat()}."
        rounds.open_round(round_, closes_at=until, actor=None)
        return f"Round {round_.n} is open until {until.isoformat()}."

    return _done(typed, act)


def close_round(typed: Namespace) -> int:
    """Closes a round; 0 also where it is closed already, 1 where it never opened or a reason is missing."""
    from priority.services import rounds

    def act(round_: Round) -> str:
        if round_.state is RoundState.CLOSED:
            return f"Round {round_.n} is closed already."
        if typed.dry_run and round_.state is RoundState.OPEN:
            return f"Round {round_.n} would close."
        rounds.close_round(round_, actor=None, reason=typed.reason)
        return f"Round {round_.n} is closed."

    return _done(typed, act)


def remind(typed: Namespace) -> int:
    """Queues reminders; 0 also where one went out within a day, 1 where the round is not open or a group is unknown."""
    from priority.services import reminding
    from priority.services.turnout import STEP

    def act(round_: Round) -> str:
        if reminding.is_recent(round_):
            return "A reminder went out less than a day ago, so nothing was sent."
        about = reminding.remind(round_, typed.group, actor=None, send=not typed.dry_run)
        would = "would go" if typed.dry_run else "go"
        return f"{about} to {about + STEP - 1} letters {would} out."

    return _done(typed, act)


def _common(parser: ArgumentParser, act: Callable[[Namespace], int]) -> None:
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's id, as in its address after /e/")
    parser.add_argument("n", type=int, metavar="ROUND", help="the number of the round")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.set_defaults(act=act)


def _done(typed: Namespace, act: Callable[[Round], str]) -> int:
    """Does it to the round that was named, in one transaction, and says what was done."""
    from priority import database
    from priority.queries.rounds import find_round

    with installation():
        round_ = find_round(exercise_of(typed.exercise), typed.n)
        if round_ is None:
            raise NotFound(f"There is no round {typed.n}.")
        said = act(round_)
        if not typed.dry_run:
            database.commit()
    print(said)
    return 0


def _moment(text: str, zone: str) -> datetime:
    from priority.moments import is_skipped, meant

    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is no time. Write it as 2026-12-01T17:00.") from None
    if local.tzinfo is not None:
        return local
    if is_skipped(local, zone):
        raise Invalid(f"The clocks of {zone} leave {text} out.")
    return meant(local, zone)
