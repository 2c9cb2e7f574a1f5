"""Rounds: planned from the protocol, opened, their end moved with a reason, closed with everything computed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import func, select

from priority import clock
from priority.database import request_rewrite
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import Ballot, Panelist, Round, RoundExtension, RoundGroup, RoundItem
from priority.policy import is_open_to_all
from priority.queries.answering import groups_to_choose
from priority.queries.ballots import COUNTED
from priority.queries.rounds import items_of, key_of, live_questions, open_rounds, rounds_of
from priority.services import audit, closing, outbox, protocols
from priority.services.ballot_types import type_of
from priority.services.candidates import candidates, takes_candidates
from priority.services.designs import full
from priority.words import ExerciseState, ExtensionKind, RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from priority.models import Exercise, ExerciseQuestion, Person, QuestionWording


def plan(exercise: Exercise) -> Sequence[Round]:
    """The rounds that the protocol declares, made where they are not there yet."""
    if not rounds_of(exercise):
        for n, said in enumerate(protocols.current(exercise).body["rounds"], start=1):
            design = full(said)
            db.session.add(Round(exercise_id=exercise.id, n=n, kind=RoundKind(design["kind"]), design=design))
        db.session.flush()
    return rounds_of(exercise)


def open_round(
    round_: Round,
    *,
    closes_at: datetime,
    actor: Person | None,
    questions: Collection[int] | None = None,
    people: Sequence[Panelist] | None = None,
) -> None:
    """Opens a planned round until `closes_at` for everybody who is invited now, and queues the news to them.

    `questions` are ids of questions; without them a round that narrows the list (every ranking round, and one that
    says `at_most`) asks the candidates, if a round has closed before it; any other asks all. A pilot asks `people`
    only. The first real round freezes the protocol. Refuses an end that has passed, a round before this one that is
    not closed, no questions, and nobody to ask.
    """
    exercise = round_.exercise
    _refuse_opening(round_)
    if closes_at <= clock.now():
        raise Invalid(_("Please choose a time that is still to come."), field="closes_at")
    asked = [] if is_open_to_all(round_) else people if people is not None and round_.pilot else _invited(exercise)
    _add_items(round_, questions)
    db.session.flush()
    round_.design = dict(type_of(round_.kind).prepare(round_.design, [item.key for item in items_of(round_)]))
    _copy_groups(round_, asked)
    if not round_.pilot:
        protocols.freeze(exercise, actor=actor)
        exercise.state = ExerciseState.ANSWERING
    db.session.flush()
    round_.closes_at, round_.opened_at, round_.state = closes_at, clock.now(), RoundState.OPEN
    db.session.flush()
    audit.record("round_opened", exercise=exercise, actor=actor, round=round_.n, closes_at=closes_at.isoformat())
    outbox.queue_all("round_open", asked, event_key=f"round:{round_.public_id}", exercise=exercise, round=round_.n)


def hindrance(round_: Round) -> str | None:
    """Why a planned round could not open now, in a sentence; None where it could."""
    try:
        _refuse_opening(round_)
        asked = _asked_questions(round_, None)
        if not asked:
            return str(_("There is no question on the list yet."))
        type_of(round_.kind).prepare(round_.design, [key_of(link, wording) for link, wording in asked])
    except (Invalid, Stale) as refusal:
        return str(refusal.words)
    return None


def join_late(round_: Round, panelist: Panelist) -> None:
    """Lets somebody who was invited after the opening answer an open round, once it is clear whose view they give."""
    if groups_to_choose(panelist):
        return
    if round_.state is RoundState.OPEN and db.session.get(RoundGroup, (round_.id, panelist.id)) is None:
        db.session.add(RoundGroup(round_id=round_.id, panelist_id=panelist.id, group_id=panelist.group_id))
        db.session.flush()


def move_end(round_: Round, closes_at: datetime, *, reason: str, actor: Person | None) -> None:
    """Moves the end of an open round, later or earlier, with a reason that the report will show."""
    if round_.state is not RoundState.OPEN or round_.closes_at is None:
        raise Stale(_("Only an open round has an end that can move."))
    if closes_at <= clock.now():
        raise Invalid(_("Please choose a time that is still to come."), field="closes_at")
    _set_end(round_, round_.closes_at, closes_at, reason=reason, actor=actor)


def close_round(round_: Round, *, actor: Person | None, reason: str | None = None) -> None:
    """Closes an open round, and computes and stores everything that is worked out from its answers.

    Before its end a reason is needed. Afterwards nothing about it changes any more. With the commit the database
    file is rewritten, so that the order in which answers came is gone from it.
    """
    if round_.state is not RoundState.OPEN or round_.closes_at is None:
        raise Stale(_("This round is not open."))
    moment = clock.now()
    if moment < round_.closes_at:
        _set_end(round_, round_.closes_at, moment, reason=reason or "", actor=actor)
    round_.state, round_.closed_at = RoundState.CLOSED, moment
    db.session.flush()
    audit.record(
        "round_closed",
        exercise=round_.exercise,
        actor=actor,
        round=round_.n,
        ballots=_count(round_),
        root=_root(round_),
    )
    if not round_.pilot:
        closing.compute(round_)
    request_rewrite()


def close_due() -> list[Round]:
    """Closes every round whose end has passed; gives them."""
    due = [round_ for round_ in open_rounds() if round_.closes_at is not None and round_.closes_at <= clock.now()]
    for round_ in due:
        close_round(round_, actor=None)
    return due


# -- the small print -------------------------------------------------------------------------------------------------
def _set_end(round_: Round, before: datetime, closes_at: datetime, *, reason: str, actor: Person | None) -> None:
    if not reason.strip():
        raise Invalid(_("Please say why. The reason is shown in the report."), field="reason")
    kind = ExtensionKind.LATER if closes_at > before else ExtensionKind.EARLY
    db.session.add(
        RoundExtension(
            round_id=round_.id,
            kind=kind,
            closes_at=closes_at,
            reason=reason.strip(),
            actor_id=None if actor is None else actor.id,
        )
    )
    db.session.flush()
    round_.closes_at = closes_at
    db.session.flush()
    audit.record("round_end_moved", exercise=round_.exercise, actor=actor, round=round_.n, reason=reason.strip())


def _refuse_opening(round_: Round) -> None:
    exercise = round_.exercise
    if round_.state is not RoundState.PLANNED:
        raise Stale(_("This round has been opened before."))
    if exercise.state not in {ExerciseState.SORTING, ExerciseState.ANSWERING}:
        raise Stale(_("First the questions must be collected and sorted."))
    before = [other for other in rounds_of(exercise) if other.n < round_.n and other.state is not RoundState.CLOSED]
    if before and not round_.pilot:
        raise Stale(_("Round %(n)d must close first.", n=before[0].n))
    if exercise.ballot_key_check is None or keys.ballot_check(exercise.public_id) != exercise.ballot_key_check:
        raise Stale(_("The key that keeps answers apart from names is missing. Please ask whoever looks after this."))
    if not is_open_to_all(round_) and not _invited(exercise):
        raise Stale(_("Nobody is invited to answer yet."))


def _asked_questions(
    round_: Round, questions: Collection[int] | None
) -> list[tuple[ExerciseQuestion, QuestionWording]]:
    """The questions that a round asks, of these ids or (without them) as its design says, with their wordings."""
    if questions is None and takes_candidates(round_):
        found = candidates(round_.exercise, for_round=round_)
        questions = [one.question_id for one in found if one.place is not None]
    live = live_questions(round_.exercise)
    return [(link, wording) for link, wording in live if questions is None or link.question_id in questions]


def _add_items(round_: Round, questions: Collection[int] | None) -> None:
    live = _asked_questions(round_, questions)
    if not live:
        raise Invalid(_("Please choose at least one question."), field="questions")
    for position, (link, wording) in enumerate(live, start=1):
        key = key_of(link, wording)
        db.session.add(RoundItem(round_id=round_.id, wording_id=wording.id, key=key, position=position))


def _copy_groups(round_: Round, people: Sequence[Panelist]) -> None:
    for panelist in people:
        if groups_to_choose(panelist):  # asked once they have said whose view they give
            continue
        db.session.add(RoundGroup(round_id=round_.id, panelist_id=panelist.id, group_id=panelist.group_id))


def _invited(exercise: Exercise) -> Sequence[Panelist]:
    return db.session.scalars(
        select(Panelist)
        .where(Panelist.exercise_id == exercise.id, Panelist.active, ~Panelist.observer)
        .order_by(Panelist.id)
    ).all()


def _count(round_: Round) -> int:
    count = select(func.count()).select_from(Ballot).where(Ballot.round_id == round_.id, Ballot.state.in_(COUNTED))
    return db.session.scalar(count) or 0


def _root(round_: Round) -> str:
    """One digest of everything that was sent, for the log: the commitments in their own order, hashed together."""
    commitments = db.session.scalars(
        select(Ballot.commitment).where(Ballot.round_id == round_.id, Ballot.commitment.is_not(None))
    )
    return hashlib.sha256(b"".join(sorted(one for one in commitments if one is not None))).hexdigest()
