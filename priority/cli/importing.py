"""`priority import-ballots` and `priority import-proposals`: real data from files, where it lies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from priority.cli.installation import exercise_of, installation
from priority.errors import Invalid

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Any

    from priority.services.import_files import BadRow
    from priority.services.imports import Imported


def add_to(commands: Any) -> None:
    """Adds both commands."""
    ballots = commands.add_parser("import-ballots", help="a closed rating round from a CSV of ratings 1 to 9")
    _common(ballots, import_ballots)
    ballots.add_argument("--questions", type=Path, metavar="FILE", help="a CSV with the text for each column")
    ballots.add_argument("--where", metavar="COLUMN=VALUE", help="which rows of the file with the questions to use")
    proposals = commands.add_parser("import-proposals", help="fill a queue with what people asked, from a CSV")
    _common(proposals, import_proposals)
    proposals.add_argument("--column", action="append", required=True, help="a column with texts; may be repeated")
    proposals.add_argument("--exercise", metavar="ID", help="the exercise to add to; a new one without it")


def import_ballots(typed: Namespace) -> int:
    """Makes a new exercise with one closed round of these ratings; 1 where the file cannot be taken."""
    from priority.services import import_ratings

    data = _read(typed.file)

    def act() -> Imported:
        texts = None
        if typed.questions:
            texts = import_ratings.question_texts(_read(typed.questions), data, _where(typed.where))
        return import_ratings.import_ballots(
            data, title=_title(typed), locale=typed.locale, texts=texts, skip_bad=typed.skip_bad
        )

    return _import(act, "%d ballots were imported.", "/results")


def import_proposals(typed: Namespace) -> int:
    """Fills a queue with the distinct texts of these columns; 1 where the file cannot be taken."""
    from priority.services import import_questions

    data = _read(typed.file)

    def act() -> Imported:
        return import_questions.import_proposals(
            data,
            typed.column,
            locale=typed.locale,
            title=_title(typed),
            exercise=exercise_of(typed.exercise) if typed.exercise else None,
            skip_bad=typed.skip_bad,
        )

    return _import(act, "%d questions wait in the queue.", "/queue")


def _common(parser: ArgumentParser, act: Callable[[Namespace], int]) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV in UTF-8 whose first line names the columns")
    parser.add_argument("--title", help="the title of the new exercise; the file's name without it")
    parser.add_argument("--locale", default="en", help="the language of the texts (en)")
    parser.add_argument("--skip-bad", action="store_true", help="import the good rows and leave the others out")
    parser.set_defaults(act=act)


def _import(act: Callable[[], Imported], said: str, page: str) -> int:
    """Does one import in one transaction and tells what came of it."""
    from priority.extensions import db
    from priority.services.imports import BadRows

    with installation() as app:
        try:
            done = act()
        except BadRows as refused:
            _name(refused.rows)
            print(f"{refused} Use --skip-bad to import the good rows.", file=sys.stderr)
            return 1
        db.session.commit()
        _name(done.bad)
        print(said % done.count)
        if done.repeats:
            print(f"{done.repeats} repeats were left out.")
        if done.bad:
            print(f"{len(done.bad)} bad rows were left out.")
        print(f"{app.config['SETTINGS'].url}/staff/e/{done.exercise.public_id}{page}")
    return 0


def _name(bad: tuple[BadRow, ...]) -> None:
    for row in bad:
        print(f"line {row.line}: {row.reason}", file=sys.stderr)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be opened: {error.strerror}.") from None


def _where(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    column, equals, value = text.partition("=")
    if not equals:
        raise Invalid("--where is written as COLUMN=VALUE, as in round=2.")
    return column, value


def _title(typed: Namespace) -> str:
    return str(typed.title or typed.file.stem)
