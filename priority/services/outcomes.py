"""What became of people's words: each step is kept for good, and told to those who want to hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from priority import clock
from priority.extensions import db
from priority.models import OutcomeEvent
from priority.services import outbox
from priority.words import Letters, Moment

if TYPE_CHECKING:
    from priority.models import Contributor, Exercise, Proposal, Question

ALWAYS = frozenset({Letters.EVERY_STEP, Letters.END})
AT_THE_END = frozenset({Moment.RECEIVED, Moment.END, Moment.AFTERWARDS})


def note(moment: Moment, about: Proposal | Question, exercise: Exercise, *, source: str, **detail: Any) -> OutcomeEvent:
    """Keeps that something happened to a proposal or a question; `source` names where the knowledge comes from."""
    is_question = about.__tablename__ == "question"
    event = OutcomeEvent(
        exercise_id=exercise.id,
        proposal_id=None if is_question else about.id,
        question_id=about.id if is_question else None,
        moment=moment,
        detail=detail,
        source=source,
        at=clock.now(),
    )
    db.session.add(event)
    db.session.flush()
    return event


def tell(contributor: Contributor, event: OutcomeEvent, exercise: Exercise) -> None:
    """Queues news of an event for its contributor, once, where they want to hear of this kind of step."""
    wanted = contributor.letters in ALWAYS if event.moment in AT_THE_END else contributor.letters is Letters.EVERY_STEP
    if wanted and contributor.erased_at is None:
        outbox.queue(
            f"news_{event.moment}", contributor, event_key=f"event:{event.id}", exercise=exercise, event=event.id
        )
