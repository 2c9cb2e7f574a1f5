"""A round as those who answer will see it, before it opens: made for one look, and gone with it."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority import clock, ids
from priority.errors import NotFound
from priority.extensions import begin_reading, begin_writing, db
from priority.models import Panelist, Round, Session
from priority.policy import Actor
from priority.services import consent, pilots, protocols, rounds
from priority.services.accounts import SignedIn
from priority.services.designs import full
from priority.words import Purpose, RoundKind, SessionKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from priority.models import Exercise

LOOK = timedelta(days=1)
NUMBER = 9000


@contextmanager
def as_somebody(exercise: Exercise, n: int) -> Iterator[tuple[Panelist, Round]]:
    """Somebody who is asked, and an open round of the design of round `n`; at the end nothing of it is left.

    It takes the write lock for as long as one page takes, and rolls back whatever happens. Refuses a round that there
    is not, and whatever would keep a trial from opening.
    """
    db.session.rollback()
    begin_writing()
    try:
        somebody = _somebody(exercise)
        yield somebody, _opened(exercise, n, somebody)
    finally:
        db.session.rollback()
        begin_reading()


def signed_in_as(somebody: Panelist) -> SignedIn:
    """Them, signed in for this one look; no session is kept."""
    session = Session(kind=SessionKind.PANELIST, panelist_id=somebody.id, expires_at=clock.now() + LOOK)
    return SignedIn(Actor(SessionKind.PANELIST, somebody.id), session, somebody)


def _fixed(exercise: Exercise, what: str) -> bytes:
    """The same for every look at an exercise, so that its questions keep one order from page to page."""
    return hashlib.sha256(f"look|{exercise.public_id}|{what}".encode()).digest()


def _somebody(exercise: Exercise) -> Panelist:
    group = next(group for group in exercise.groups if group.side_id is not None)
    somebody = Panelist(
        public_id=ids.new_public_id(),
        exercise=exercise,
        group=group,
        salt=_fixed(exercise, "salt")[:16],
        locale=exercise.locale,
        link_hash=secrets.token_bytes(32),
        code_hash=secrets.token_bytes(32),
    )
    db.session.add(somebody)
    db.session.flush()
    consent.give(somebody, {Purpose.TAKE_PART})
    return somebody


def _opened(exercise: Exercise, n: int, somebody: Panelist) -> Round:
    designs = protocols.current(exercise).body["rounds"]
    if not 1 <= n <= len(designs):
        raise NotFound(_("There is no such page."))
    design = full(designs[n - 1]) | {"access": "panel"}
    round_ = Round(
        public_id=ids.base32(_fixed(exercise, f"round {n}"), 26),
        exercise=exercise,
        n=NUMBER + n,
        pilot=True,
        kind=RoundKind(design["kind"]),
        design=design,
    )
    db.session.add(round_)
    db.session.flush()
    asked = pilots.questions_to_try(round_)
    rounds.open_round(round_, closes_at=clock.now() + LOOK, actor=None, people=[somebody], questions=asked)
    return round_
