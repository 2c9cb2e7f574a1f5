"""Somebody of each kind, for whoever tries the installation out on their own computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from priority.extensions import db
from priority.models import Contributor, Exercise, Panelist, Person, Proposal, Role, Round, RoundGroup, StakeholderGroup
from priority.words import ExerciseState, RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.words import RoleName


def latest_published() -> Exercise | None:
    """The exercise whose list came out last; None where none has."""
    return db.session.scalar(
        select(Exercise)
        .where(Exercise.state == ExerciseState.PUBLISHED)
        .order_by(Exercise.published_at.desc())
        .limit(1)
    )


def somebody_with(role: RoleName) -> Person | None:
    """The first person of the staff who has this role everywhere in their organisation; None where nobody has."""
    return db.session.scalar(
        select(Person)
        .join(Role, Role.person_id == Person.id)
        .where(Role.name == role, Role.exercise_id.is_(None), Person.active)
        .order_by(Person.id)
        .limit(1)
    )


def somebody_who_asked(exercise: Exercise) -> Contributor | None:
    """Whoever asked the most in an exercise, and can still be shown what became of it; None where nobody asked."""
    return db.session.scalar(
        select(Contributor)
        .join(Proposal, Proposal.contributor_id == Contributor.id)
        .where(Contributor.exercise_id == exercise.id, Contributor.erased_at.is_(None))
        .group_by(Contributor.id)
        .order_by(func.count().desc(), Contributor.id)
        .limit(1)
    )


def somebody_of_each_group() -> Sequence[Panelist]:
    """The first who was invited of each group that the latest open round asks; nobody where no round is open."""
    newest = select(Round.id).where(Round.state == RoundState.OPEN).order_by(Round.opened_at.desc()).limit(1)
    firsts = (
        select(func.min(RoundGroup.panelist_id))
        .join(Panelist, Panelist.id == RoundGroup.panelist_id)
        .where(RoundGroup.round_id == newest.scalar_subquery(), Panelist.active)
        .group_by(RoundGroup.group_id)
    )
    return db.session.scalars(
        select(Panelist)
        .join(StakeholderGroup, StakeholderGroup.id == Panelist.group_id)
        .where(Panelist.id.in_(firsts))
        .options(joinedload(Panelist.group))
        .order_by(StakeholderGroup.position)
    ).all()
