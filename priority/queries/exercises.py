"""Exercises, as pages find and list them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from priority.extensions import db
from priority.models import Exercise, Side


def find_exercise(public_id: str) -> Exercise | None:
    """The exercise of this public id with its sides and groups; None where there is none."""
    return db.session.scalar(
        select(Exercise)
        .where(Exercise.public_id == public_id)
        .options(
            joinedload(Exercise.organisation),
            selectinload(Exercise.sides).selectinload(Side.groups),
            selectinload(Exercise.groups),
        )
    )
