"""What happens in the browser when somebody comes in or goes out, whichever way they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import session

from priority.services import accounts
from priority.web.guard import safe_next
from priority.words import SessionKind

if TYPE_CHECKING:
    from priority.services.accounts import Somebody

STARTS = {SessionKind.STAFF: "/staff", SessionKind.PANELIST: "/answer", SessionKind.CONTRIBUTOR: "/mine"}


def come_in(somebody: Somebody, target: str | None = None) -> str:
    """Signs somebody in on this device under a new secret; gives the address to go on to, one of ours."""
    accounts.sign_out(session.secret)  # type: ignore[attr-defined]
    signed = accounts.sign_in(somebody, session.rotate())  # type: ignore[attr-defined]
    return safe_next(target, STARTS[signed.kind])


def go_out() -> None:
    """Nobody is signed in on this device any more."""
    accounts.sign_out(session.secret)  # type: ignore[attr-defined]
    session.end()  # type: ignore[attr-defined]
