"""What is destroyed in time: first of all the key that links people and answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority import clock
from priority.extensions import db, keys
from priority.models import Exercise
from priority.queries.rounds import rounds_of
from priority.services import audit
from priority.words import RoundState

if TYPE_CHECKING:
    from datetime import datetime


def due_for_forgetting(exercise: Exercise) -> datetime | None:
    """When the link between people and answers is to be destroyed; None while a round is still to come or open."""
    rounds = rounds_of(exercise)
    if not rounds or any(round_.state is not RoundState.CLOSED for round_ in rounds):
        return None
    last = max(round_.closed_at for round_ in rounds if round_.closed_at is not None)
    return last + timedelta(days=exercise.key_days)


def destroy_due_keys() -> list[Exercise]:
    """Destroys the key of every exercise whose days after the last round have passed, and logs it; gives them.

    Afterwards nobody can work out which answers are whose. Rankings and exports stay as they are.
    """
    with_keys = select(Exercise).where(Exercise.ballot_key_check.is_not(None), Exercise.key_destroyed_at.is_(None))
    due = [exercise for exercise in db.session.scalars(with_keys) if _is_due(exercise)]
    for exercise in due:
        keys.destroy_exercise_key(exercise.public_id)
        exercise.key_destroyed_at = clock.now()
        audit.record("ballot_key_destroyed", exercise=exercise, actor=None)
    db.session.flush()
    return due


def _is_due(exercise: Exercise) -> bool:
    moment = due_for_forgetting(exercise)
    return moment is not None and moment <= clock.now()
