"""Ratings of a round that was run elsewhere, from a file: a closed round that can be looked at like any other."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import insert

from priority import clock
from priority.errors import Invalid
from priority.extensions import db
from priority.models import Ballot, Round, RoundItem
from priority.queries.rounds import key_of, live_questions
from priority.queries.rules import HIGH, LOW
from priority.services import audit, merging, protocols, rounds
from priority.services.answers import CANNOT_JUDGE, FORMAT, canonical
from priority.services.import_files import BadRow, read_table
from priority.services.imports import Imported, by_line, new_exercise, refuse_bad
from priority.services.panel_files import shortened
from priority.words import BallotState, ExerciseState, RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from priority.models import Exercise
    from priority.services.import_files import Line, Table
    from priority.services.protocols import Body

WHO = frozenset({"participant", "id", "rater", "respondent"})  # a first column that says whose row it is
NO_ANSWER = frozenset({"", "na"})
EVERYBODY = "everybody"
RATING = re.compile("[1-9]")


def import_ballots(
    data: bytes, *, title: str, locale: str, texts: Mapping[str, str] | None = None, skip_bad: bool = False
) -> Imported:
    """A new exercise with one closed rating round: a row a ballot, a column a question, 1 to 9 or nothing.

    A first column `participant`, `id`, `rater` or `respondent` only tells rows apart and is not kept; ballots get
    random keys that lead to nobody. `texts` has the question for the name of its column. Refuses bad rows
    (BadRows) unless `skip_bad`, and a file without a good one.
    """
    table = read_table(data)
    columns = table.columns[_has_who(table) :]
    if not columns:
        raise Invalid(_("There is no column with a question in it."))
    _refuse_missing_texts(columns, texts)
    bad = [*table.bad]
    ballots = list(_good_ballots(table, columns, bad))
    refuse_bad(bad, ballots, skip_bad=skip_bad)
    exercise = new_exercise(title, locale, _one_round())
    round_ = _open_round(exercise, columns, texts or {})
    keys = {column: item.key for column, item in zip(columns, round_.items, strict=True)}
    db.session.execute(insert(Ballot), [_ballot(round_, keys, ballot) for ballot in ballots])
    audit.record("ballots_imported", exercise=exercise, actor=None, ballots=len(ballots), left_out=len(bad))
    rounds.close_round(round_, actor=None)
    return Imported(exercise, len(ballots), by_line(bad))


def question_texts(data: bytes, columns_of: bytes, where: tuple[str, str] | None = None) -> dict[str, str]:
    """The texts of the questions from a second file: one column names the columns of the first, the last is the text.

    `where` keeps the rows that have this value in that column. Refuses a name with two different texts.
    """
    names = set(read_table(columns_of).columns)
    table = read_table(data)
    kept = [row for row in table.rows if where is None or row.cells[table.place(where[0])] == where[1]]
    found = [sum(row.cells[place] in names for row in kept) for place in range(len(table.columns) - 1)]
    if not any(found):
        raise Invalid(_("No column of the file with the questions names the columns of the ratings."))
    key = found.index(max(found))
    texts: dict[str, str] = {}
    for row in kept:
        text = texts.setdefault(row.cells[key], row.cells[-1])
        if text != row.cells[-1]:
            raise Invalid(
                _("Line %(line)d: “%(key)s” has two different texts. Say which rows to use.",
                  line=row.number, key=shortened(row.cells[key]))
            )  # fmt: skip
    return texts


def _good_ballots(table: Table, columns: Sequence[str], bad: list[BadRow]) -> Iterator[dict[str, int | str]]:
    """The ballots of the rows that can be taken; the others are added to `bad`."""
    has_who = _has_who(table)
    seen: dict[str, int] = {}
    for row in table.rows:
        reason = _same_person(row, seen) if has_who else None
        answers = dict(zip(columns, row.cells[has_who:], strict=True))
        reason = reason or next(filter(None, (_wrong(column, cell) for column, cell in answers.items())), None)
        ballot = {column: _rating(cell) for column, cell in answers.items() if cell.lower() not in NO_ANSWER}
        if reason is None and not ballot:
            reason = _("there is no answer in it")
        if reason is None:
            yield ballot
        else:
            bad.append(BadRow(row.number, reason))


def _has_who(table: Table) -> bool:
    return table.columns[0].lower() in WHO


def _same_person(row: Line, seen: dict[str, int]) -> str | None:
    who = row.cells[0]
    first = seen.setdefault(who, row.number)
    if not who or first == row.number:
        return None
    reason: str = _("“%(who)s” has answered on line %(first)d already", who=shortened(who), first=first)
    return reason


def _wrong(column: str, cell: str) -> str | None:
    if cell.lower() in NO_ANSWER or cell == CANNOT_JUDGE or RATING.fullmatch(cell):
        return None
    where = {"cell": shortened(cell), "column": shortened(column)}
    reason: str = _("“%(cell)s” in the column “%(column)s” is no rating from 1 to 9", **where)
    return reason


def _rating(cell: str) -> int | str:
    return int(cell) if RATING.fullmatch(cell) else cell


def _refuse_missing_texts(columns: Sequence[str], texts: Mapping[str, str] | None) -> None:
    missing = [] if texts is None else [column for column in columns if not texts.get(column)]
    if missing:
        raise Invalid(_("There is no text for: %(missing)s.", missing=", ".join(missing[:20])))


def _open_round(exercise: Exercise, columns: Sequence[str], texts: Mapping[str, str]) -> Round:
    for column in columns:
        merging.new_question(
            exercise, text=texts.get(column, column), short=column[: merging.LONGEST_SHORT], actor=None
        )
    exercise.state = ExerciseState.ANSWERING
    (round_,) = rounds.plan(exercise)
    for position, (link, wording) in enumerate(live_questions(exercise), start=1):
        key = key_of(link, wording)
        round_.items.append(RoundItem(wording=wording, key=key, position=position))
    protocols.freeze(exercise, actor=None)
    db.session.flush()
    moment = clock.now()
    round_.opened_at, round_.closes_at, round_.state = moment, moment, RoundState.OPEN
    db.session.flush()
    return round_


def _ballot(round_: Round, keys: Mapping[str, str], ballot: Mapping[str, int | str]) -> Body:
    return {
        "round_id": round_.id,
        "ballot_key": secrets.token_bytes(32),
        "state": BallotState.SAVED,
        "kind": RoundKind.RATING,
        "format": FORMAT,
        "group": EVERYBODY,
        "answers": canonical({keys[column]: value for column, value in ballot.items()}),
        "version": 1,
        "verified": True,
    }


def _one_round() -> Body:
    """Rules for a round that was run elsewhere: one side, one group, one rating."""
    group = {"key": EVERYBODY, "name": _("Everybody"), "member": _("Somebody who answered")}
    return {
        "sides": [{"key": EVERYBODY, "name": _("Everybody"), "share": 1, "groups": [group]}],
        "observers": [],
        "rounds": [{"kind": "rating", "feedback": False}],
        "consensus": {"rule": "share", "high": HIGH, "low": LOW, "scope": "pooled"},
        "beside": [],
    }
