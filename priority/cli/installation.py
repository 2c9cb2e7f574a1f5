"""What a command stands on: the application of the environment, its database brought to the newest schema."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from priority.errors import NotFound
from priority.extensions import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from priority.models import Exercise


@contextmanager
def installation() -> Iterator[Flask]:
    """The application within its context. What was not committed at the end is gone."""
    from priority.app import create_app
    from priority.database import migrate_to_newest

    app = create_app()
    with app.app_context():
        migrate_to_newest()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def exercise_of(public_id: str) -> Exercise:
    """The exercise that was named; refuses where there is none."""
    from priority.queries.exercises import find_exercise

    exercise = find_exercise(public_id)
    if exercise is None:
        raise NotFound(f"There is no exercise {public_id!r}. Its id is the 26 letters in its address after /e/.")
    return exercise
