"""What the browser carries: one opaque cookie. Who it belongs to stands in the database, so it can be revoked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from flask.sessions import SessionInterface, SessionMixin

from priority import ids

if TYPE_CHECKING:
    from flask import Flask, Request, Response

CSRF_FIELD = "csrf_token"
LENGTH = 51


class BrowserSession(dict[str, Any], SessionMixin):
    """The secret of one browser. Its only entry is what Flask-WTF signs, derived from the secret and never stored."""

    def __init__(self, secret: str, key: bytes, *, new: bool) -> None:
        super().__init__()
        self.secret = secret
        self.new = new
        self.ended = False
        self._key = key
        self._derive()

    def rotate(self) -> str:
        """A new secret from here on, as after signing in; gives it."""
        self.secret, self.new, self.ended = new_secret(), True, False
        self._derive()
        return self.secret

    def end(self) -> None:
        """Forget the browser."""
        self.ended = True

    def _derive(self) -> None:
        self[CSRF_FIELD] = hmac.new(self._key, self.secret.encode(), hashlib.sha256).hexdigest()


class CookieSessions(SessionInterface):
    """One cookie for everybody: set only where a form needs it or somebody signs in."""

    def __init__(self, key: bytes, *, secure: bool) -> None:
        self.key = key
        self.secure = secure
        self.name = "__Host-s" if secure else "s"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:  # noqa: ARG002
        """The session of this browser; a cookie that is not ours begins a new one."""
        secret = request.cookies.get(self.name, "")
        if len(secret) == LENGTH and set(secret) <= set(ids.ALPHABET):
            return BrowserSession(secret, self.key, new=False)
        return BrowserSession(new_secret(), self.key, new=True)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Sets the cookie where it is new, or takes it away after signing out."""
        if not isinstance(session, BrowserSession):
            raise TypeError("Another session interface is at work.")
        response.headers.setdefault("Vary", "Cookie")
        if session.ended:
            response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="Lax")
        elif session.new and response.headers.get("Content-Type", "").startswith("text/html"):
            response.set_cookie(self.name, session.secret, path="/", secure=self.secure, httponly=True, samesite="Lax")


def new_secret() -> str:
    """What a browser carries: 256 random bits that can be typed in no lifetime."""
    return ids.base32(secrets.token_bytes(32), LENGTH)
