"""Reminders: to those of the invited who have not answered everything, by group, at most once a day.

Whom a letter goes to says who had not finished. So nobody is shown a list or an exact number, the log says only which
groups were written to, and the letters' rows are deleted once they have left, or when the round closes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, select

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import Audit, Ballot, Outbox, Panelist, Round, RoundGroup
from priority.policy import can_answer, is_open_to_all
from priority.queries.rules import smallest_cell
from priority.services import audit, outbox, protocols, voting
from priority.services.ballot_types import type_of
from priority.services.turnout import in_steps
from priority.words import BallotState, MailState, RoundState

if TYPE_CHECKING:
    from collections.abc import Collection

    from priority.models import Exercise, Person

TEMPLATE = "reminder"
APART = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Audience:
    """Some of those who are asked, and about how many of them a letter would reach.

    That is `step` or more, but fewer than five more; those who are deactivated are among them. `key` is that of a
    group, and empty for everybody.
    """

    key: str
    name: str
    asked: int
    step: int


def audiences(round_: Round) -> list[Audience]:
    """To whom a reminder could go: everybody, and each group of which so many are asked that it may be named.

    Whoever is deactivated stays in these numbers, though no letter reaches them: if a number changed with one person,
    deactivating them would show whether they had finished.
    """
    least = smallest_cell(protocols.current(round_.exercise).body)
    waiting = _unfinished(round_)
    asked = _asked(round_)
    found = [Audience("", str(_("Everybody")), len(asked), in_steps(len(waiting)))]
    for group in round_.exercise.groups:
        n = sum(where == group.id for where in asked.values())
        if n >= least:
            reached = sum(asked[one.id] == group.id for one in waiting)
            found.append(Audience(group.key, group.name, n, in_steps(reached)))
    return found


def hindrance(round_: Round) -> str | None:
    """Why no reminder can go out now, in a sentence; None where one can."""
    try:
        _refuse(round_)
    except Stale as refusal:
        return str(refusal.words)
    return None


def last_reminder(round_: Round) -> Audit | None:
    """The line of the log on the newest reminder in this round; None before the first."""
    lines = db.session.scalars(
        select(Audit)
        .where(Audit.exercise_id == round_.exercise_id, Audit.action == "reminded")
        .order_by(Audit.seq.desc())
    )
    return next((line for line in lines if line.body["round"] == round_.n), None)


def is_recent(round_: Round) -> bool:
    """Whether a reminder went out in this round less than a day ago."""
    last = last_reminder(round_)
    return last is not None and clock.now() - last.at < APART


def remind(round_: Round, groups: Collection[str], *, actor: Person | None, send: bool = True) -> int:
    """Writes to those of these groups (none: of all) who have not finished; gives about how many, in steps of five.

    Whoever took their answers back, left, or is deactivated is left in peace. Refuses a round that is not open, one
    that asks nobody by name, a group that may not be named, and a second reminder within a day. Without `send` nothing
    is written.
    """
    _refuse(round_)
    known = {one.key: one for one in audiences(round_) if one.key}
    if any(key not in known for key in groups):
        raise Invalid(_("Choose one of the groups."), field="groups")
    chosen = {group.id for group in round_.exercise.groups if group.key in groups}
    asked = _asked(round_)
    people = [one for one in _unfinished(round_) if one.active and (not chosen or asked[one.id] in chosen)]
    if send:
        day = clock.now().date().isoformat()
        outbox.queue_all(
            TEMPLATE,
            people,
            event_key=f"{TEMPLATE}:{round_.public_id}:{day}",
            exercise=round_.exercise,
            round=round_.n,
        )
        audit.record("reminded", exercise=round_.exercise, actor=actor, round=round_.n, groups=sorted(groups))
    return in_steps(len(people))


def forget_who_was_reminded() -> int:
    """Deletes the rows of reminders that have left, and all of those of rounds that have closed; gives how many."""
    over = select(Round.exercise_id, Round.n).where(Round.state == RoundState.CLOSED)
    closed = {(exercise, n) for exercise, n in db.session.execute(over)}
    letters = db.session.scalars(select(Outbox).where(Outbox.template == TEMPLATE)).all()
    gone = [
        letter.id
        for letter in letters
        if letter.state is MailState.SENT or (letter.exercise_id, letter.context["round"]) in closed
    ]
    for start in range(0, len(gone), outbox.PORTION):
        db.session.execute(delete(Outbox).where(Outbox.id.in_(gone[start : start + outbox.PORTION])))
    return len(gone)


# -- the small print ---------------------------------------------------------------------------------------------------
def _refuse(round_: Round) -> None:
    if not can_answer(round_, clock.now()):
        raise Stale(_("Reminders go out while a round is open."))
    if is_open_to_all(round_):
        raise Stale(_("This round is open to all. It has nobody’s address, so there is nobody to remind."))
    if is_recent(round_):
        raise Stale(_("A reminder went out less than a day ago. One a day is enough."))


def _asked(round_: Round) -> dict[int, int]:
    """In which group everybody stands who is asked, by their ids."""
    rows = db.session.execute(
        select(RoundGroup.panelist_id, RoundGroup.group_id)
        .join(Panelist, Panelist.id == RoundGroup.panelist_id)
        .where(RoundGroup.round_id == round_.id, Panelist.erased_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}


def _unfinished(round_: Round) -> list[Panelist]:
    """Those who are asked and have not answered everything; worked out anew each time and kept nowhere."""
    exercise = round_.exercise
    if exercise.ballot_key_check is None:
        return []
    left_alone = _left_alone(round_)
    asked = db.session.scalars(
        select(Panelist)
        .join(RoundGroup, RoundGroup.panelist_id == Panelist.id)
        .where(RoundGroup.round_id == round_.id, Panelist.erased_at.is_(None), Panelist.salt.is_not(None))
        .order_by(Panelist.id)
    )
    return [one for one in asked if one.salt and _key(exercise, one.salt) not in left_alone]


def _key(exercise: Exercise, salt: bytes) -> bytes:
    if exercise.ballot_key_check is None:
        raise LookupError("The exercise has no key any more.")
    return keys.ballot_key(exercise.public_id, salt, exercise.ballot_key_check)


def _left_alone(round_: Round) -> set[bytes]:
    """The keys of the ballots that are sent, whole, or were taken back."""
    items, progress = voting.item_keys(round_), type_of(round_.kind).progress
    rows = db.session.execute(
        select(Ballot.ballot_key, Ballot.state, Ballot.answers).where(Ballot.round_id == round_.id)
    )
    found = set()
    for key, state, answers in rows:
        done, of = progress(json.loads(answers), items, round_.design)
        if state is not BallotState.SAVED or done >= of:
            found.add(key)
    return found
