"""The answers of a closed round as rows without people: for computing, exporting and computing again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from priority.extensions import db
from priority.models import Ballot, RoundGroup, Side, StakeholderGroup
from priority.policy import can_see_results
from priority.queries.answering import sees_own_side_only
from priority.words import BallotState

if TYPE_CHECKING:
    from priority.models import Round

COUNTED = (BallotState.SAVED, BallotState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Row:
    """One ballot that counts: whose side and group, and the answers. Nothing says whose it is.

    `verified` is False where it came with a code that anybody can make, in a round that is open to all;
    `own_side_only` True where a drawn arm showed this person the answers of their own side alone.
    """

    side: str
    group: str
    answers: dict[str, Any]
    verified: bool = True
    own_side_only: bool = False


def counted_rows(round_: Round) -> list[Row]:
    """The ballots that count in a closed round, sorted by content; refuses while it is open."""
    return [row for _key, row in _keyed(round_)]


def result_rows(round_: Round) -> list[Row]:
    """The ballots of a closed round that make its result: all that count, or of an open round only verified ones.

    Which of the two is declared before a round opens; what it would have been the other way is kept beside the result.
    """
    rows = counted_rows(round_)
    return [row for row in rows if row.verified] if round_.design.get("count") == "verified" else rows


def linked_rows(*rounds: Round) -> list[tuple[Row | None, ...]]:
    """What each person answered in each of these closed rounds of one exercise, None where nothing counts.

    Sorted by content: no row says whose it is, and nothing but statistics may be kept of it. Works while the exercise's
    key does. Refuses while one of the rounds is open.
    """
    found = [dict(_keyed(round_)) for round_ in rounds]
    everybody = {key for rows in found for key in rows}
    return sorted((tuple(rows.get(key) for rows in found) for key in everybody), key=repr)


def _keyed(round_: Round) -> list[tuple[bytes, Row]]:
    """Each ballot that counts under its key, sorted by what it holds."""
    if not can_see_results(round_):
        raise PermissionError("The answers of an open round are shown to nobody.")
    rows = db.session.execute(
        select(Ballot.ballot_key, Side.key, StakeholderGroup.key, Ballot.answers, Ballot.verified)
        .join(StakeholderGroup, StakeholderGroup.key == Ballot.group)
        .join(Side, Side.id == StakeholderGroup.side_id)
        .where(
            Ballot.round_id == round_.id,
            Ballot.state.in_(COUNTED),
            StakeholderGroup.exercise_id == round_.exercise_id,
        )
    )
    by_content = sorted((side, group, answers, verified, key) for key, side, group, answers, verified in rows)
    return [
        (key, Row(side, group, json.loads(text), verified, sees_own_side_only(round_, key)))
        for side, group, text, verified, key in by_content
    ]


def asked_by_group(round_: Round) -> dict[str, int]:
    """How many people of each group a round asked."""
    rows = db.session.execute(
        select(StakeholderGroup.key, func.count())
        .join(RoundGroup, RoundGroup.group_id == StakeholderGroup.id)
        .where(RoundGroup.round_id == round_.id)
        .group_by(StakeholderGroup.key)
    )
    return {row[0]: row[1] for row in rows}
