"""The people who are invited to answer, as the coordinator lists them. Nothing here says who has answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from priority.extensions import db, keys
from priority.models import Panelist, Person, Role, Side, StakeholderGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Exercise
    from priority.words import RoleName


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many of a group are invited; `side` is None for those who look on."""

    key: str
    name: str
    side: str | None
    invited: int
    observers: int
    deactivated: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is invited, or was; `other_group` while they have not chosen between two."""

    public_id: str
    name: str
    address: str
    group: str
    other_group: str | None
    locale: str
    active: bool
    observer: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody of the staff with a role in the exercise, or everywhere."""

    name: str
    address: str
    role: RoleName
    everywhere: bool


def group_counts(exercise: Exercise) -> list[GroupCount]:
    """How many are invited in each group, in the exercise's order."""
    rows = db.session.execute(
        select(Panelist.group_id, Panelist.active, Panelist.observer, func.count())
        .where(Panelist.exercise_id == exercise.id)
        .group_by(Panelist.group_id, Panelist.active, Panelist.observer)
    )
    counts = {(group, active, observer): n for group, active, observer, n in rows}
    names = {side.id: side.name for side in exercise.sides}
    return [
        GroupCount(
            key=group.key,
            name=group.name,
            side=None if group.side_id is None else names[group.side_id],
            invited=counts.get((group.id, True, False), 0),
            observers=counts.get((group.id, True, True), 0),
            deactivated=counts.get((group.id, False, False), 0) + counts.get((group.id, False, True), 0),
        )
        for group in exercise.groups
    ]


def invited_by_side(exercise: Exercise) -> dict[str, int]:
    """How many are invited to answer on each side, by its key."""
    rows = db.session.execute(
        select(Side.key, func.count())
        .join(StakeholderGroup, StakeholderGroup.side_id == Side.id)
        .join(Panelist, Panelist.group_id == StakeholderGroup.id)
        .where(Panelist.exercise_id == exercise.id, Panelist.active, ~Panelist.observer)
        .group_by(Side.key)
    )
    return {row[0]: row[1] for row in rows}


def members(exercise: Exercise, *, group: str | None, page: int, size: int) -> tuple[list[Member], int]:
    """A page of the people of a group (or of all), in the order they were invited, and how many there are in all."""
    wanted = select(Panelist).join(StakeholderGroup).where(Panelist.exercise_id == exercise.id)
    if group is not None:
        wanted = wanted.where(StakeholderGroup.key == group)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.session.scalars(
        wanted.options(joinedload(Panelist.group))
        .order_by(StakeholderGroup.position, Panelist.id)
        .offset((page - 1) * size)
        .limit(size)
    )
    names = {one.key: one.name for one in exercise.groups}
    return [_member(row, names) for row in rows], total


def find_panelist(exercise: Exercise, public_id: str) -> Panelist | None:
    """The panelist of this exercise with this public id; None where there is none."""
    return db.session.scalar(
        select(Panelist)
        .where(Panelist.exercise_id == exercise.id, Panelist.public_id == public_id)
        .options(joinedload(Panelist.exercise), joinedload(Panelist.group))
    )


def helpers(exercise: Exercise) -> list[Helper]:
    """Everybody with a role in the exercise or in its whole organisation."""
    rows = db.session.execute(
        select(Person, Role)
        .join(Role, Role.person_id == Person.id)
        .where(
            Person.organisation_id == exercise.organisation_id,
            Person.active,
            Role.exercise_id.is_(None) | (Role.exercise_id == exercise.id),
        )
        .order_by(Role.exercise_id.is_(None), Role.name, Person.name)
    )
    return [
        Helper(person.name, keys.reveal(person.address), role.name, role.exercise_id is None) for person, role in rows
    ]


def _member(row: Panelist, names: Mapping[str, str]) -> Member:
    return Member(
        public_id=row.public_id,
        name="" if row.name is None else keys.reveal(row.name),
        address="" if row.address is None else keys.reveal(row.address),
        group=row.group.name,
        other_group=names.get(row.other_group or ""),
        locale=row.locale,
        active=row.active,
        observer=row.observer,
        erased=row.erased_at is not None,
    )
