"""Answering a round: one ballot a person, replaceable until the round closes, and kept apart from who gave it.

Casting writes `ballot` and `ballot_submit` and nothing else: no log line, no mail, no mark on the person. Who has
answered is worked out from salts and the exercise's key when somebody needs to know, and never stored. A plain INSERT
comes first and the constraints decide; looking first would hide a race, not prevent it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from flask_babel import gettext as _
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from priority import clock, ids
from priority.errors import Invalid, NotFound, Stale, Unavailable
from priority.extensions import db, keys
from priority.models import Ballot, BallotSubmit, Panelist, RoundGroup, RoundItem, StakeholderGroup
from priority.policy import can_answer, is_open_to_all
from priority.queries.ballots import COUNTED
from priority.services.answers import FORMAT, Answers, canonical, page_digest
from priority.services.ballot_types import type_of
from priority.words import BallotState, RoundState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement

    from priority.models import Exercise, Round

TRIES = 5


class Conflict(Stale):
    """The answers on this page were changed elsewhere since it was opened; carries both, so that nothing is lost."""

    def __init__(self, saved: Answers, typed: Answers) -> None:
        super().__init__(_("You changed these answers in another window or on another device."))
        self.saved = saved
        self.typed = typed


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who answers an open round with a code, whom nobody knows; `group` is whose view they give.

    `verified` where the code stands on a printed slip, which is one ballot; other codes anybody can have made.
    """

    exercise_id: int
    round_id: int
    code: str
    group: str
    verified: bool


Answerer = Panelist | Guest


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """Somebody's own answers in a round, as they stand."""

    state: BallotState
    answers: Answers
    version: int

    @property
    def counts(self) -> bool:
        """Whether these answers count if the round closes now."""
        return self.state in COUNTED


# -- reading one's own -----------------------------------------------------------------------------------------------
def own_ballot(round_: Round, who: Answerer) -> OwnBallot | None:
    """Somebody's own answers in a round; None where there are none. Nobody else's can be asked for."""
    row = db.session.execute(
        select(Ballot.state, Ballot.answers, Ballot.version).where(_is(round_, own_key(round_.exercise, who)))
    ).first()
    return None if row is None else OwnBallot(row.state, json.loads(row.answers), row.version)


def own_receipt(round_: Round, who: Answerer, submit_key: bytes) -> str | None:
    """The receipt that a submit of somebody's got; None where there was none."""
    return db.session.scalar(
        select(BallotSubmit.receipt).where(
            BallotSubmit.round_id == round_.id,
            BallotSubmit.submit_key == submit_key,
            BallotSubmit.ballot_key == own_key(round_.exercise, who),
        )
    )


def own_key(exercise: Exercise, who: Answerer) -> bytes:
    """The key of somebody's ballots, a panelist's the same in every round; refuses an observer and somebody erased."""
    secret = who.code.encode() if isinstance(who, Guest) else None if who.observer else who.salt
    if who.exercise_id != exercise.id or secret is None:
        raise NotFound(_("There is nothing for you to answer here."))
    if exercise.ballot_key_check is None:
        raise Unavailable(_("We can't take answers just now. It is not your fault, and nothing is lost."))
    return keys.ballot_key(exercise.public_id, secret, exercise.ballot_key_check)


def item_keys(round_: Round) -> list[str]:
    """The keys (such as `Q12.2`) of a round's questions, in the order of the list."""
    return list(
        db.session.scalars(select(RoundItem.key).where(RoundItem.round_id == round_.id).order_by(RoundItem.position))
    )


# -- writing one's own -----------------------------------------------------------------------------------------------
def save_page(round_: Round, who: Answerer, page: Mapping[str, Any], *, base: str | None) -> OwnBallot:
    """Saves the answers of one page beside those of the other pages; None as a value empties an answer.

    A ballot without a single answer does not count.
    `base` is the `page_digest` of what the page showed. Refuses (Conflict) where these answers were changed elsewhere
    meanwhile to something other than what comes now; refuses a closed round.
    """
    items = item_keys(round_)
    typed = {key: value for key, value in page.items() if value is not None}

    def change(answers: Answers) -> Answers:
        saved = {key: answers[key] for key in page if key in answers}
        if base is not None and base != page_digest(saved) and saved != typed:
            raise Conflict(saved, typed)
        kept = {key: value for key, value in answers.items() if key not in page}
        return type_of(round_.kind).check(kept | typed, items, round_.design)

    return _save(round_, who, change)


def save_whole(round_: Round, who: Answerer, answers: Mapping[str, Any], *, base: str | None) -> OwnBallot:
    """Saves piles and places, or a choice, as a whole. `base` is the `page_digest` of the answers that the page showed.

    Refuses (Conflict) where they were changed elsewhere meanwhile; refuses a closed round.
    """
    typed = type_of(round_.kind).check(answers, item_keys(round_), round_.design)

    def change(saved: Answers) -> Answers:
        if base is not None and base != page_digest(saved) and saved != typed:
            raise Conflict(saved, typed)
        return typed

    return _save(round_, who, change)


def submit(round_: Round, who: Answerer, submit_key: bytes) -> str:
    """Marks the saved answers as sent and gives the receipt; the same `submit_key` again gets the same receipt.

    Refuses a closed round, and somebody who has not answered anything.
    """
    key = own_key(round_.exercise, who)
    if not can_answer(round_, clock.now()):  # a late replay still gets the receipt that it had
        return own_receipt(round_, who, submit_key) or _refuse_closed(round_)
    ballot = db.session.execute(select(Ballot.answers).where(_is(round_, key))).first()
    if ballot is None or type_of(round_.kind).is_empty(json.loads(ballot.answers)):
        raise Invalid(_("There are no answers to send yet."))
    nonce = secrets.token_bytes(16)
    commitment = _commitment(round_, ballot.answers, nonce)
    receipt = ids.base32(commitment, 13)
    if not _insert(BallotSubmit, round_id=round_.id, ballot_key=key, submit_key=submit_key, receipt=receipt):
        return own_receipt(round_, who, submit_key) or _is_lost()
    db.session.execute(
        update(Ballot)
        .where(_is(round_, key))
        .values(state=BallotState.SUBMITTED, nonce=nonce, commitment=commitment, version=Ballot.version + 1)
    )
    return receipt


def take_back(round_: Round, who: Answerer) -> None:
    """The answers stay where they are and no longer count, until something is saved again. Refuses a closed round."""
    _refuse_unless_open(round_)
    db.session.execute(
        update(Ballot)
        .where(_is(round_, own_key(round_.exercise, who)))
        .values(state=BallotState.TAKEN_BACK, nonce=None, commitment=None, version=Ballot.version + 1)
    )


# -- counting, never storing, who has answered -----------------------------------------------------------------------
def who_has_answered(round_: Round) -> set[int]:
    """The ids of the panelists whose answers would count now. Worked out anew each time and kept nowhere."""
    exercise = round_.exercise
    if exercise.ballot_key_check is None:
        return set()
    check = exercise.ballot_key_check
    cast = set(
        db.session.scalars(select(Ballot.ballot_key).where(Ballot.round_id == round_.id, Ballot.state.in_(COUNTED)))
    )
    asked = db.session.execute(
        select(Panelist.id, Panelist.salt)
        .join(RoundGroup, RoundGroup.panelist_id == Panelist.id)
        .where(RoundGroup.round_id == round_.id, Panelist.salt.is_not(None))
    )
    return {who for who, salt in asked if salt and keys.ballot_key(exercise.public_id, salt, check) in cast}


# -- the small print -------------------------------------------------------------------------------------------------
def _save(round_: Round, who: Answerer, change: Callable[[Answers], Answers]) -> OwnBallot:
    _refuse_unless_open(round_)
    key = own_key(round_.exercise, who)
    group = _group_of(round_, who)
    try:
        first = change({})
    except Conflict as conflict:  # the page showed answers: there must be a ballot
        return _replace(round_, key, change, otherwise=conflict)
    if type_of(round_.kind).is_empty(first):  # a page left untouched is no answer
        nothing = OwnBallot(BallotState.TAKEN_BACK, first, 0)
        return nothing if own_ballot(round_, who) is None else _replace(round_, key, change)
    inserted = _insert(
        Ballot,
        round_id=round_.id,
        ballot_key=key,
        state=BallotState.SAVED,
        kind=round_.kind,
        format=FORMAT,
        group=group,
        answers=canonical(first),
        version=1,
        verified=not isinstance(who, Guest) or who.verified,
    )
    return OwnBallot(BallotState.SAVED, first, 1) if inserted else _replace(round_, key, change)


def _replace(
    round_: Round, key: bytes, change: Callable[[Answers], Answers], *, otherwise: Conflict | None = None
) -> OwnBallot:
    for _attempt in range(TRIES):
        row = db.session.execute(select(Ballot.answers, Ballot.version, Ballot.state).where(_is(round_, key))).first()
        if row is None:
            raise otherwise or _lost()
        before = json.loads(row.answers)
        after = change(before)
        if after == before and row.state in COUNTED:
            return OwnBallot(row.state, after, row.version)
        state = BallotState.TAKEN_BACK if type_of(round_.kind).is_empty(after) else BallotState.SAVED
        done = db.session.execute(
            update(Ballot)
            .where(_is(round_, key), Ballot.version == row.version)
            .values(answers=canonical(after), state=state, nonce=None, commitment=None, version=row.version + 1)
        )
        if done.rowcount:  # type: ignore[attr-defined]
            return OwnBallot(state, after, row.version + 1)
    raise _lost()


def _insert(table: type[Ballot | BallotSubmit], **values: Any) -> bool:
    """Whether a plain INSERT was taken; False where the constraints say that it is there already."""
    try:
        with db.session.begin_nested():
            db.session.execute(insert(table).values(**values))
    except IntegrityError as error:
        if "UNIQUE" not in str(error.orig):
            raise
        return False
    return True


def _is(round_: Round, key: bytes) -> ColumnElement[bool]:
    return (Ballot.round_id == round_.id) & (Ballot.ballot_key == key)


def _group_of(round_: Round, who: Answerer) -> str:
    group = _open_group(round_, who) if isinstance(who, Guest) else _asked_group(round_, who)
    if group is None:
        raise NotFound(_("There is nothing for you to answer here."))
    return group


def _asked_group(round_: Round, panelist: Panelist) -> str | None:
    return db.session.scalar(
        select(StakeholderGroup.key)
        .join(RoundGroup, RoundGroup.group_id == StakeholderGroup.id)
        .where(RoundGroup.round_id == round_.id, RoundGroup.panelist_id == panelist.id)
    )


def _open_group(round_: Round, guest: Guest) -> str | None:
    """The group that a guest gives the view of, where the round is theirs and the group has a side."""
    if guest.round_id != round_.id or not is_open_to_all(round_):
        return None
    return db.session.scalar(
        select(StakeholderGroup.key).where(
            StakeholderGroup.exercise_id == round_.exercise_id,
            StakeholderGroup.key == guest.group,
            StakeholderGroup.side_id.is_not(None),
        )
    )


def _commitment(round_: Round, answers: str, nonce: bytes) -> bytes:
    parts = ("prio-ballot-v1", round_.exercise.public_id, round_.public_id, answers)
    return hashlib.sha256(b"|".join(part.encode() for part in parts) + b"|" + nonce).digest()


def _refuse_unless_open(round_: Round) -> None:
    if not can_answer(round_, clock.now()):
        _refuse_closed(round_)


def _refuse_closed(round_: Round) -> NoReturn:
    if round_.state is RoundState.PLANNED:
        raise Stale(_("This has not opened yet."))
    raise Stale(_("This closed while you were here. What you had saved counts."))


def _is_lost() -> NoReturn:
    raise _lost()


def _lost() -> Unavailable:
    return Unavailable(_("We could not save that just now. Please try again."))
