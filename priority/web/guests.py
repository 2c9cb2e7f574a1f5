"""Who answers an open round on this device: a cookie of its own with their code, signed, and gone when they leave.

A browser is one person at a time: whoever begins as a guest is signed out as anybody else, and whoever signs in is no
longer the guest. `priority.web.entry.arrival` sees to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from priority import clock
from priority.services import open_rounds

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask, Response

    from priority.services.voting import Guest


@dataclass(frozen=True, slots=True)
class Carried:
    """What a browser carries of a guest; with an `until` it keeps it after it was shut."""

    round: str
    code: str
    group: str
    until: datetime | None = None


def set_up(app: Flask) -> None:
    """Every answer of `app` that went well sets the cookie, or takes it away, where somebody came or left."""

    @app.after_request
    def keep(response: Response) -> Response:
        if not g.get("failed", False) and "carry" in g:
            _write(response, g.carry)
        return response


def remember(round_id: str, guest: Guest, *, until: datetime | None = None) -> None:
    """From here on the device is a guest's: until the browser is shut, or until a moment."""
    g.carry = Carried(round_id, guest.code, guest.group, until)
    g.guest = guest


def forget() -> None:
    """From here on the device is nobody's."""
    if _name() in request.cookies:
        g.carry = None
    g.guest = None


def this_guest() -> Guest | None:
    """The guest on this device, looked up once a request; None where there is none."""
    if "guest" not in g:
        parts = _read()
        g.guest = None if parts is None else open_rounds.carried(parts.round, parts.code, parts.group)
    found: Guest | None = g.guest
    return found


def _read() -> Carried | None:
    """What the browser brought; None where we did not write it."""
    try:
        found = _signer().loads(request.cookies.get(_name(), ""))
        return Carried(str(found["round"]), str(found["code"]), str(found["group"]))
    except (BadSignature, KeyError, TypeError):
        return None


def _write(response: Response, carry: Carried | None) -> None:
    name, secure = _name(), _secure()
    if carry is None:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
        return
    text = _signer().dumps({"round": carry.round, "code": carry.code, "group": carry.group})
    seconds = None if carry.until is None else max(1, int((carry.until - clock.now()).total_seconds()))
    response.set_cookie(name, text, max_age=seconds, path="/", secure=secure, httponly=True, samesite="Lax")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="guest of an open round")


def _secure() -> bool:
    return bool(current_app.config["SETTINGS"].in_production)


def _name() -> str:
    return "__Host-o" if _secure() else "o"
