"""Rounds that anybody may answer: printed slips, codes made on the way, what a typed code opens, and erasing.

A slip is one ballot, by the key that follows from its code; nothing marks it as used. The hash of a slip's code alone
is kept; the code is shown once, to be printed. A code made on the way is kept nowhere: it is good once something is
saved.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from priority import clock, ids
from priority.errors import Gone, Invalid, NotFound, Stale, Unavailable
from priority.extensions import db, keys
from priority.keys import KeyMissing
from priority.models import Ballot, BallotSubmit, PaperEntry, Reason, Round, Slip, Suggestion
from priority.moments import spoken
from priority.policy import can_answer, is_open_to_all
from priority.queries import open_rounds as queries
from priority.queries.public import is_listed
from priority.services import audit, voting
from priority.services.voting import Guest
from priority.words import RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise, Person
    from priority.services.voting import Answerer

CODE_BYTES = 7
MOST_AT_ONCE, MOST_SLIPS = 800, 5000
POSTER = "poster"
_OF_A_BALLOT = (Suggestion, Reason, PaperEntry, BallotSubmit, Ballot)


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed code opens: an exercise, and, unless it stood on a poster, who comes in with it."""

    exercise: Exercise
    guest: Guest | None = None


# -- codes -----------------------------------------------------------------------------------------------------------
def poster_code(exercise: Exercise) -> str:
    """The code on posters, the same for everybody and every round: it leads to the exercise's page and no further."""
    return keys.code(POSTER, exercise.public_id)


def make_slips(round_: Round, count: int, *, actor: Person | None) -> list[str]:
    """The codes of so many new slips, to be printed now: they cannot be shown again.

    Refuses a round for invited people, one that has closed, and more than can be printed at once.
    """
    if not is_open_to_all(round_) or round_.pilot:
        raise Stale(_("Only a round that is open to all has slips."))
    if round_.state is RoundState.CLOSED:
        raise Stale(_("This round has closed, so a slip would open nothing."))
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid(_("Write a number from 1 to %(most)d.", most=MOST_AT_ONCE), field="count")
    if queries.slips_made(round_) + count > MOST_SLIPS:
        raise Invalid(_("There can be %(most)d slips in all.", most=MOST_SLIPS), field="count")
    codes = [new_code() for _slip in range(count)]
    rows = [{"round_id": round_.id, "code_hash": keys.fingerprint(code)} for code in codes]
    db.session.execute(insert(Slip), rows)
    audit.record("slips_made", exercise=round_.exercise, actor=actor, round=round_.n, slips=count)
    return codes


def new_code() -> str:
    """A code of ten characters that nobody has: 50 random bits."""
    return ids.base32(secrets.token_bytes(CODE_BYTES), ids.CODE_LENGTH)


def find(text: str) -> Found:
    """What a typed code opens; refuses one that we do not know, and one whose round is not open. Count wrong ones."""
    code = ids.typed(text)
    if len(code) == ids.CODE_LENGTH and set(code) <= set(ids.ALPHABET):
        rounds = queries.open_to_all()
        found = next((found for round_ in rounds if (found := _opened(round_, code)) is not None), None)
        if found is not None:
            return found
        _refuse_without_keys(rounds)
    raise Invalid(
        _("We can't find that code. Codes have ten letters and numbers and look like 7kq2m-x4p9d."), field="code"
    )


# -- guests ----------------------------------------------------------------------------------------------------------
def guest_with(round_: Round, code: str, group: str) -> Guest:
    """Somebody who answers a round with a code; `group` is empty until they have said whose view they give."""
    return Guest(round_.exercise_id, round_.id, code, group, queries.is_slip(round_, keys.fingerprint(code)))


def carried(public_id: str, code: str, group: str) -> Guest | None:
    """The guest whom a browser remembers; None where there is no such round, or no key to find their answers with."""
    round_ = queries.round_named(public_id)
    if round_ is None or round_.state is RoundState.PLANNED or round_.exercise.key_destroyed_at is not None:
        return None
    return guest_with(round_, code, group)


def round_of(guest: Guest) -> Round:
    """The round that a guest's code is for."""
    return db.session.get_one(Round, guest.round_id)


def begin(round_: Round, group: str, *, code: str | None = None) -> Guest:
    """Somebody who begins to answer for a group, with the code of their slip or one that is made for them.

    Nothing is written. Refuses a round that is not open to all now, and a group that has no say.
    """
    if not is_open_to_all(round_):
        raise NotFound(_("There is no such page."))
    if not can_answer(round_, clock.now()):
        raise Stale(_("Nobody can answer here just now."))
    if group not in {one.key for one in queries.speaking_groups(round_.exercise)}:
        raise Invalid(_("Choose whose view you give."), field="group")
    return as_saved(round_, guest_with(round_, code or new_code(), group))


def as_saved(round_: Round, guest: Guest) -> Guest:
    """The guest with the group that their saved answers were given for, whatever was chosen on another device."""
    saved = queries.group_saved(round_, voting.own_key(round_.exercise, guest))
    return guest if saved is None else replace(guest, group=saved)


def has_answers(round_: Round, guest: Guest) -> bool:
    """Whether anything of theirs is saved, so that their code can be found again."""
    return queries.group_saved(round_, voting.own_key(round_.exercise, guest)) is not None


def erase(round_: Round, guest: Answerer) -> None:
    """Deletes everything that somebody answered in a round. A slip can then be used anew. Refuses a closed round.

    After closing nothing can be taken out: what was computed stays as it is.
    """
    if not can_answer(round_, clock.now()):
        raise Stale(_("This has closed. What was saved has been counted, without your name."))
    own_key = voting.own_key(round_.exercise, guest)
    for table in _OF_A_BALLOT:
        db.session.execute(delete(table).where(table.round_id == round_.id, table.ballot_key == own_key))


# -- the small print -------------------------------------------------------------------------------------------------
def _opened(round_: Round, code: str) -> Found | None:
    """What the code opens, if it has to do with this round; refuses where the round is not open."""
    exercise = round_.exercise
    if code == poster_code(exercise):
        return Found(exercise) if is_listed(exercise) else None
    guest = guest_with(round_, code, "")
    group = _saved_group(round_, guest)
    if group is None and not guest.verified:
        return None
    _refuse_unless_open(round_)
    return Found(exercise, replace(guest, group=group or ""))


def _saved_group(round_: Round, guest: Guest) -> str | None:
    """The group of the answers under a code; None where there are none, or no key to find them with."""
    if round_.state is RoundState.PLANNED:
        return None
    with suppress(KeyMissing):
        return queries.group_saved(round_, voting.own_key(round_.exercise, guest))
    return None


def _refuse_without_keys(rounds: Sequence[Round]) -> None:
    """Raises where a code may be right and only the key is missing that would find its answers."""
    asked = [round_.exercise.public_id for round_ in rounds if round_.state is RoundState.OPEN]
    if not all(keys.has_exercise_key(exercise) for exercise in asked):
        raise Unavailable(_("We can't look for your code just now. It is not your fault, and nothing is lost."))


def _refuse_unless_open(round_: Round) -> None:
    if can_answer(round_, clock.now()):
        return
    if round_.state is RoundState.PLANNED:
        raise Gone(_("Your code is right, and it has not begun yet. Please come back when it opens."))
    moment = spoken(round_.closed_at or round_.closes_at or clock.now(), round_.exercise.time_zone)
    raise Gone(_("This closed %(moment)s. What was saved before counts. Thank you.", moment=moment))
