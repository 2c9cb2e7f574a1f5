"""How many have answered while a round is open: in steps of five, by side and by group, never who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority.extensions import db
from priority.models import RoundGroup
from priority.services import voting

if TYPE_CHECKING:
    from priority.models import Round

STEP = 5


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of a side could answer and how many did; `answered` is None where it is fewer than five."""

    side: str
    name: str
    asked: int
    answered: int | None


@dataclass(frozen=True, slots=True)
class GroupTurnout:
    """How many of a group answered so far, in steps of five; only groups of which enough people are asked are told.

    `is_quiet` where it surely lags behind: the most that its step allows is less than what everybody together has at
    least.
    """

    key: str
    name: str
    side: str
    asked: int
    answered: int | None
    is_quiet: bool


def by_side(round_: Round) -> list[Turnout]:
    """How many of each side have answered so far, never who: in steps of five, so that no single answer shows."""
    answered = voting.who_has_answered(round_)
    side_of = {group.id: group.side_id for group in round_.exercise.groups}
    asked = [
        (who, side_of[group])
        for who, group in db.session.execute(
            select(RoundGroup.panelist_id, RoundGroup.group_id).where(RoundGroup.round_id == round_.id)
        )
    ]
    found = []
    for side in round_.exercise.sides:
        people = [who for who, where in asked if where == side.id]
        done = len(answered.intersection(people))
        found.append(Turnout(side.key, side.name, len(people), in_steps(done) or None))
    return found


def by_group(round_: Round, *, least: int = STEP) -> list[GroupTurnout]:
    """How many of each group have answered so far, of those groups of which at least `least` are asked."""
    answered = voting.who_has_answered(round_)
    rows = db.session.execute(
        select(RoundGroup.panelist_id, RoundGroup.group_id).where(RoundGroup.round_id == round_.id)
    )
    where = {row.panelist_id: row.group_id for row in rows}
    everybody, so_far = len(where), in_steps(len(answered & where.keys()))
    found = []
    for group in round_.exercise.groups:
        members = {who for who, at in where.items() if at == group.id}
        if group.side is not None and len(members) >= least:
            step = in_steps(len(answered & members))
            most = min(len(members), step + STEP - 1)
            is_quiet = most * everybody < so_far * len(members)
            found.append(GroupTurnout(group.key, group.name, group.side.name, len(members), step or None, is_quiet))
    return found


def in_steps(n: int) -> int:
    """The number of people that may be told: rounded down to a step, so that no single answer shows."""
    return n // STEP * STEP
