"""What happens in the browser when somebody comes in or goes out, whichever way they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, session, url_for

from priority.services import accounts, open_rounds
from priority.web import guests
from priority.web.guard import safe_next
from priority.words import SessionKind

if TYPE_CHECKING:
    from datetime import datetime

    from priority.services.accounts import Somebody
    from priority.services.open_rounds import Found
    from priority.services.voting import Guest

STARTS = {SessionKind.STAFF: "/staff", SessionKind.PANELIST: "/answer", SessionKind.CONTRIBUTOR: "/mine"}


def come_in(somebody: Somebody, target: str | None = None) -> str:
    """Signs somebody in on this device under a new secret; gives the address to go on to, one of ours."""
    accounts.sign_out(session.secret)  # type: ignore[attr-defined]
    guests.forget()
    signed = accounts.sign_in(somebody, session.rotate())  # type: ignore[attr-defined]
    return safe_next(target, STARTS[signed.kind])


def come_as_guest(round_id: str, guest: Guest, *, until: datetime | None = None) -> None:
    """From here on a guest answers on this device, under a new secret; whoever was signed in no longer is.

    Pages that are still open from before can post nothing into the guest's answers.
    """
    accounts.sign_out(session.secret)  # type: ignore[attr-defined]
    session.rotate()  # type: ignore[attr-defined]
    g.signed_in = None
    guests.remember(round_id, guest, until=until)


def come_with(found: Found) -> str:
    """Lets whoever typed a code of an open round in; gives the address to go on to."""
    if found.guest is None:
        return url_for("open.landing", exercise=found.exercise.public_id)
    come_as_guest(open_rounds.round_of(found.guest).public_id, found.guest)
    return url_for("open.mine")


def go_out() -> None:
    """Nobody is signed in on this device any more, and nobody answers on it as a guest."""
    guests.forget()
    accounts.sign_out(session.secret)  # type: ignore[attr-defined]
    session.end()  # type: ignore[attr-defined]
