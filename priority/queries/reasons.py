"""Why people answered as they did: one's own words, what a moderator reads, and what everybody may read afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority.extensions import db
from priority.models import Ballot, Reason, RoundItem, Side, StakeholderGroup
from priority.policy import can_see_results
from priority.queries.ballots import COUNTED
from priority.words import ReasonSide, ReviewState

if TYPE_CHECKING:
    from sqlalchemy import Select

    from priority.models import Round


@dataclass(frozen=True, slots=True)
class Given:
    """A reason as a moderator reads it: for which question, for a high or a low answer. Nothing says whose it is."""

    handle: str
    key: str
    side: ReasonSide
    text: str
    state: ReviewState


@dataclass(frozen=True, slots=True)
class Reasons:
    """What people said about one question, for a high answer and for a low one, in no order that means anything."""

    high: tuple[str, ...]
    low: tuple[str, ...]


def own_reasons(round_: Round, own_key: bytes) -> dict[str, tuple[ReasonSide, str]]:
    """Somebody's own reasons in a round, by the question's key."""
    rows = db.session.execute(
        select(RoundItem.key, Reason.side, Reason.text)
        .join(Reason, (Reason.round_id == RoundItem.round_id) & (Reason.wording_id == RoundItem.wording_id))
        .where(Reason.round_id == round_.id, Reason.ballot_key == own_key)
    )
    return {key: (side, text) for key, side, text in rows}


def given(round_: Round) -> list[Given]:
    """Every reason beside answers that count, question by question; refuses while the round is open."""
    if not can_see_results(round_):
        raise PermissionError("The reasons of an open round are shown to nobody.")
    rows = db.session.execute(_beside_counted(round_))
    found = [
        Given(handle(round_, wording, ballot_key), key, side, text, state)
        for key, wording, ballot_key, side, text, state in rows
    ]
    places = {key: place for place, key in enumerate(_keys_of(round_))}
    return sorted(found, key=lambda one: (places[one.key], one.side, one.handle))


def released(round_: Round, *, side: str | None = None) -> dict[str, Reasons]:
    """What was released of a closed round's reasons, by the question's key; with `side`, that side's alone."""
    chosen = _beside_counted(round_).where(Reason.state == ReviewState.RELEASED)
    if side is not None:
        chosen = (
            chosen.join(StakeholderGroup, StakeholderGroup.key == Ballot.group)
            .join(Side, Side.id == StakeholderGroup.side_id)
            .where(Side.key == side, StakeholderGroup.exercise_id == round_.exercise_id)
        )
    rows = sorted(
        (key, handle(round_, wording, ballot_key), given_for, text)
        for key, wording, ballot_key, given_for, text, _state in db.session.execute(chosen)
    )
    return {
        key: Reasons(
            tuple(text for found, _handle, given_for, text in rows if found == key and given_for is ReasonSide.HIGH),
            tuple(text for found, _handle, given_for, text in rows if found == key and given_for is ReasonSide.LOW),
        )
        for key in dict.fromkeys(row[0] for row in rows)
    }


def handle(round_: Round, wording_id: int, ballot_key: bytes) -> str:
    """What a form calls one reason: it names neither a person nor their other reasons, and sorts like chance."""
    return hashlib.sha256(f"reason|{round_.public_id}|{wording_id}|".encode() + ballot_key).hexdigest()[:26]


def _beside_counted(round_: Round) -> Select[str, int, bytes, ReasonSide, str, ReviewState]:
    return (
        select(RoundItem.key, Reason.wording_id, Reason.ballot_key, Reason.side, Reason.text, Reason.state)
        .join(RoundItem, (Reason.round_id == RoundItem.round_id) & (Reason.wording_id == RoundItem.wording_id))
        .join(Ballot, (Ballot.round_id == Reason.round_id) & (Ballot.ballot_key == Reason.ballot_key))
        .where(Reason.round_id == round_.id, Ballot.state.in_(COUNTED))
    )


def _keys_of(round_: Round) -> list[str]:
    return list(
        db.session.scalars(select(RoundItem.key).where(RoundItem.round_id == round_.id).order_by(RoundItem.position))
    )
