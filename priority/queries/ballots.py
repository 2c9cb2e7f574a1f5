"""The answers of a closed round as rows without people: for computing, exporting and computing again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from priority.extensions import db
from priority.models import Ballot, RoundGroup, Side, StakeholderGroup
from priority.policy import can_see_results
from priority.words import BallotState

if TYPE_CHECKING:
    from priority.models import Round

COUNTED = (BallotState.SAVED, BallotState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Row:
    """One ballot that counts: whose side and group, and the answers. Nothing says whose it is."""

    side: str
    group: str
    answers: dict[str, Any]


def counted_rows(round_: Round) -> list[Row]:
    """The ballots that count in a closed round, sorted by content; refuses while it is open."""
    if not can_see_results(round_):
        raise PermissionError("The answers of an open round are shown to nobody.")
    rows = db.session.execute(
        select(Side.key, StakeholderGroup.key, Ballot.answers)
        .join(StakeholderGroup, StakeholderGroup.key == Ballot.group)
        .join(Side, Side.id == StakeholderGroup.side_id)
        .where(
            Ballot.round_id == round_.id,
            Ballot.state.in_(COUNTED),
            StakeholderGroup.exercise_id == round_.exercise_id,
        )
    )
    return [Row(side, group, json.loads(answers)) for side, group, answers in sorted(tuple(row) for row in rows)]


def asked_by_group(round_: Round) -> dict[str, int]:
    """How many people of each group a round asked."""
    rows = db.session.execute(
        select(StakeholderGroup.key, func.count())
        .join(RoundGroup, RoundGroup.group_id == StakeholderGroup.id)
        .where(RoundGroup.round_id == round_.id)
        .group_by(StakeholderGroup.key)
    )
    return {row[0]: row[1] for row in rows}
