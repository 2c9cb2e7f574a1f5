"""What tests of pages can ask for: a browser whose requests stand apart from the test, signing in, sending forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from priority import ids
from priority.extensions import begin_writing, db, keys
from priority.services import accounts
from priority.web.sessions import CSRF_FIELD, BrowserSession

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from priority.services.accounts import Somebody


class Browser(FlaskClient):
    """A browser without a screen. What the test has made so far is committed, and each request is on its own."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
            response.get_data()
            response.close()
        begin_writing()
        db.session.expire_all()
        return response

    def send(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Posts a form with the token that this browser's pages would carry."""
        return self.post(path, data={"csrf_token": self.token()} | (data or {}), **kwargs)

    def token(self) -> str:
        """The token in the forms of this browser."""
        cookie = self.get_cookie("s")
        if cookie is None:
            self.set_cookie("s", ids.base32(b"a browser without a screen......", 51))
        secret = (cookie or self.get_cookie("s")).value
        field = BrowserSession(secret, keys.session, new=False)[CSRF_FIELD]
        signer = URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
        return str(signer.dumps(field))


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser without a screen; `client.send(path, data)` posts a form with its token."""
    app.test_client_class = Browser
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def sign_in(app: Flask):
    """`sign_in(client, somebody)`: from here on the browser is signed in as that person."""

    def signed(client: FlaskClient, somebody: Somebody) -> None:
        secret = ids.base32(keys.unlinkable(f"{somebody.public_id}{id(client)}"), 51)
        accounts.sign_in(somebody, secret)
        db.session.commit()
        client.set_cookie("s", secret)

    return signed


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in by e-mail does not wait in tests."""
    monkeypatch.setattr("priority.web.entry.views.EVEN_SECONDS", 0.0)
