"""The sides and groups of an exercise as its rules say, while nothing is frozen yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from priority.errors import Invalid
from priority.extensions import db
from priority.models import Contributor, Panelist, Proposal, RoundGroup, Side, StakeholderGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from priority.models import Exercise
    from priority.services.protocols import Body

_WITH_PEOPLE = (Panelist.group_id, Contributor.group_id, Proposal.group_id, RoundGroup.group_id)


def follow(exercise: Exercise, body: Body) -> None:
    """Sides and groups as the rules name them; whoever is in a group whose key stays is in it still.

    Refuses to drop a group that somebody is in, or to let such a group change between answering and looking on.
    """
    before = {group.key: group for group in exercise.groups}
    wanted = {group["key"]: side for side, group, _position in _groups(body)}
    for key, group in before.items():
        moves = key not in wanted or (wanted[key] is None) is not (group.side_id is None)
        if moves and _has_people(group):
            raise Invalid(
                _("There are people in “%(name)s”. Keep the group, or give it another name.", name=group.name),
                field=_field(exercise, group),
            )
    sides = _follow_sides(exercise, body)
    for side, said, position in _groups(body):
        row = before.get(said["key"]) or StakeholderGroup(exercise=exercise, key=said["key"])
        row.name, row.member, row.position = said["name"], said["member"], position
        row.side = None if side is None else sides[side]
        db.session.add(row)
    db.session.flush()
    for key in before.keys() - wanted.keys():
        db.session.delete(before[key])
    db.session.flush()
    for key in {side.key for side in exercise.sides} - sides.keys():
        db.session.delete(next(side for side in exercise.sides if side.key == key))
    db.session.flush()
    db.session.expire(exercise, ["sides", "groups"])


def _follow_sides(exercise: Exercise, body: Body) -> dict[str, Side]:
    before = {side.key: side for side in exercise.sides}
    found = {}
    for position, side in enumerate(body["sides"], start=1):
        row = before.get(side["key"]) or Side(exercise_id=exercise.id, key=side["key"])
        row.name, row.share, row.position = side["name"], side["share"], position
        db.session.add(row)
        found[side["key"]] = row
    db.session.flush()
    return found


def _groups(body: Body) -> Iterator[tuple[str | None, Body, int]]:
    """Each group with the key of its side (None: it looks on) and its place, as when the exercise was made."""
    for number, side in enumerate(body["sides"], start=1):
        for position, group in enumerate(side["groups"], start=10 * number):
            yield side["key"], group, position
    for position, group in enumerate(body["observers"], start=1000):
        yield None, group, position


def _has_people(group: StakeholderGroup) -> bool:
    wanted = [select(column).where(column == group.id).exists() for column in _WITH_PEOPLE]
    return any(db.session.scalar(select(one)) for one in wanted) or _is_second_role(group)


def _is_second_role(group: StakeholderGroup) -> bool:
    second = (Panelist.exercise_id == group.exercise_id) & (Panelist.other_group == group.key)
    return bool(db.session.scalar(select(select(Panelist.id).where(second).exists())))


def _field(exercise: Exercise, group: StakeholderGroup) -> str:
    """The field of the form at which a group stood."""
    if group.side_id is None:
        return "observers"
    return f"side{[side.id for side in exercise.sides].index(group.side_id) + 1}_groups"
