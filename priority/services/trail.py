"""The trail itself: lines are added, never changed, and each keeps what is needed to undo it exactly."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from priority import clock
from priority.errors import NotFound, Stale
from priority.extensions import db
from priority.models import MergeRecord, MergeRecordPart, Outbox, OutcomeEvent, Proposal, ProposalPart
from priority.services import outcomes
from priority.words import Destination, ExerciseState, MailState, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from priority.models import Exercise, Person, Question
    from priority.words import Moment

ROADS = {road.value: road for road in Destination}
SORTING_ENDED = frozenset({ExerciseState.ANSWERING, ExerciseState.PUBLISHED})


def add_line(
    operation: Operation,
    parts: Sequence[ProposalPart],
    *,
    exercise: Exercise,
    actor: Person | None,
    question: Question | None = None,
    reason: str | None = None,
    undoes: MergeRecord | None = None,
    made: Sequence[ProposalPart] = (),
    **detail: Any,
) -> MergeRecord:
    """A new line of the trail, with each part's state before it: call this before changing anything.

    `made` are parts that did not exist before.
    """
    record = MergeRecord(
        exercise_id=exercise.id,
        operation=operation,
        question_id=None if question is None else question.id,
        actor_id=None if actor is None else actor.id,
        reason=reason or None,
        undoes=None if undoes is None else undoes.seq,
        detail=detail | {"before": {str(part.id): _state(part) for part in parts}},
        at=clock.now(),
        parts=[MergeRecordPart(part_id=part.id) for part in (*parts, *made)],
    )
    db.session.add(record)
    db.session.flush()
    return record


def decide(
    part: ProposalPart,
    destination: Destination,
    actor: Person | None,
    *,
    owner: str | None = None,
    sentence: str | None = None,
) -> None:
    """From now on these words are on this road."""
    part.destination, part.owner, part.sentence = destination, owner, sentence
    part.decided_by_id, part.decided_at = None if actor is None else actor.id, clock.now()
    touch(part)


def leave_waiting(part: ProposalPart) -> None:
    """From now on these words wait for an answer again; ask `refuse_waiting` first."""
    part.destination = part.owner = part.sentence = part.decided_by_id = part.decided_at = None
    touch(part)


def restore(part: ProposalPart, record: MergeRecord) -> None:
    """The part's road, owner, sentence, decision and place in the set of parts as they were before that line."""
    before = record.detail["before"].get(str(part.id))
    if before is None:  # the line made this part
        part.retired_at = clock.now()
        return
    part.destination = None if before["destination"] is None else ROADS[before["destination"]]
    part.owner, part.sentence, part.decided_by_id = before["owner"], before["sentence"], before["decided_by"]
    part.decided_at = None if before["decided_at"] is None else datetime.fromisoformat(before["decided_at"])
    part.retired_at = None
    touch(part)


def touch(thing: ProposalPart | Question) -> None:
    """A new version of a row, even where no column of it changes, so that an older page of it is noticed."""
    flag_modified(thing, "public_id")


def parts_of(record: MergeRecord) -> list[ProposalPart]:
    """The parts that a line is about, in order."""
    wanted = [line.part_id for line in record.parts]
    return list(db.session.scalars(select(ProposalPart).where(ProposalPart.id.in_(wanted)).order_by(ProposalPart.id)))


def refuse_restoring(parts: Iterable[ProposalPart], record: MergeRecord, exercise: Exercise) -> None:
    """Refuses to go back behind a line where that would leave words without an answer after sorting has ended."""
    for part in parts:
        before = record.detail["before"].get(str(part.id))
        if before is not None and before["destination"] is None:
            refuse_waiting(exercise, unless=part.destination is None)


def refuse_waiting(exercise: Exercise, *, unless: bool = False) -> None:
    """Refuses to leave words without an answer once sorting has ended."""
    if exercise.state in SORTING_ENDED and not unless:
        raise Stale(
            _(
                "Sorting has ended, so no words may be left without an answer. "
                "Join them to another question, or send them down another road, instead."
            )
        )


def refuse_unsortable(parts: Iterable[ProposalPart], exercise: Exercise) -> None:
    """Refuses words of another exercise, words that were taken back, and a part that has been split since."""
    for part in parts:
        if part.proposal.exercise_id != exercise.id:
            raise NotFound(_("There is no such page."))
        if part.proposal.withdrawn_at is not None:
            raise Stale(_("The person has taken these words back."))
        if part.retired_at is not None:
            raise Stale(_("These words have been split, or put together again, since you opened the page."))


def tell_of(record: MergeRecord, moment: Moment, proposal: Proposal, exercise: Exercise, **detail: Any) -> None:
    """Keeps for good what happened to a proposal, and tells whoever wrote it."""
    event = outcomes.note(moment, proposal, exercise, source=_source(record), record=record.seq, **detail)
    if proposal.contributor is not None:
        outcomes.tell(proposal.contributor, event, exercise)


def hold_back_news(record: MergeRecord) -> None:
    """Messages about a line that have not left yet never leave: what they would tell was undone."""
    for event in db.session.scalars(select(OutcomeEvent.id).where(OutcomeEvent.source == _source(record))):
        db.session.execute(
            update(Outbox)
            .where(Outbox.event_key.startswith(f"event:{event}:"), Outbox.state == MailState.WAITING)
            .values(state=MailState.DROPPED)
        )


def _source(record: MergeRecord) -> str:
    return f"trail:{record.seq}"


def _state(part: ProposalPart) -> dict[str, Any]:
    return {
        "destination": part.destination,
        "owner": part.owner,
        "sentence": part.sentence,
        "decided_by": part.decided_by_id,
        "decided_at": None if part.decided_at is None else part.decided_at.isoformat(),
    }
