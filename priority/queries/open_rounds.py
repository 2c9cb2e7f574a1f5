"""Rounds that anybody may answer with a code: which they are, their slips, and how many have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from priority.extensions import db
from priority.models import Ballot, Round, Side, Slip, StakeholderGroup
from priority.policy import is_open_to_all
from priority.queries.ballots import COUNTED
from priority.queries.rounds import rounds_of
from priority.words import RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise


def open_to_all() -> list[Round]:
    """Every real round of every exercise that anybody may answer, the latest first."""
    rounds = db.session.scalars(select(Round).where(~Round.pilot).order_by(Round.id.desc()))
    return [round_ for round_ in rounds if is_open_to_all(round_)]


def round_for_all(exercise: Exercise) -> Round | None:
    """The round that people without an invitation are asked now, else the next one, else the last; None without any."""
    rounds = [round_ for round_ in rounds_of(exercise) if is_open_to_all(round_)]
    for state in (RoundState.OPEN, RoundState.PLANNED):
        found = next((round_ for round_ in rounds if round_.state is state), None)
        if found is not None:
            return found
    return rounds[-1] if rounds else None


def round_named(public_id: str) -> Round | None:
    """The real round of this id that anybody may answer; None where there is none."""
    round_ = db.session.scalar(select(Round).where(Round.public_id == public_id, ~Round.pilot))
    return round_ if round_ is not None and is_open_to_all(round_) else None


def speaking_groups(exercise: Exercise) -> list[StakeholderGroup]:
    """The groups whose view can be given, in the exercise's order: those that belong to a side."""
    return [group for group in exercise.groups if group.side_id is not None]


def is_slip(round_: Round, code_hash: bytes) -> bool:
    """Whether a printed slip of the round carries the code of this hash."""
    return db.session.get(Slip, (round_.id, code_hash)) is not None


def slips_made(round_: Round) -> int:
    """How many slips were made for a round."""
    return db.session.scalar(select(func.count()).select_from(Slip).where(Slip.round_id == round_.id)) or 0


def group_saved(round_: Round, ballot_key: bytes) -> str | None:
    """Whose view the ballot of this key gives; None where there is no such ballot."""
    return db.session.scalar(select(Ballot.group).where(Ballot.round_id == round_.id, Ballot.ballot_key == ballot_key))


def answered_by_side(round_: Round, *, step: int) -> Sequence[tuple[str, int]]:
    """Each side with how many have answered so far, rounded down to whole steps, so that no single answer shows."""
    rows = db.session.execute(
        select(Side.name, func.count(Ballot.ballot_key))
        .select_from(Side)
        .join(StakeholderGroup, StakeholderGroup.side_id == Side.id)
        .outerjoin(
            Ballot,
            (Ballot.group == StakeholderGroup.key) & (Ballot.round_id == round_.id) & Ballot.state.in_(COUNTED),
        )
        .where(Side.exercise_id == round_.exercise_id)
        .group_by(Side.id)
        .order_by(Side.position)
    )
    return [(name, n // step * step) for name, n in rows]
