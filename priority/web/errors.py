"""Every refusal becomes a page in plain words with a way on; nothing that fails leaves half of itself behind."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from flask import current_app, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from priority.errors import Refusal, TooMany
from priority.keys import KeyMissing
from priority.texts import clean_words
from priority.web.transaction import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

log = logging.getLogger("priority")
PAGES = frozenset({404, 409, 410, 413, 429, 500, 503})


def set_up(app: Flask) -> None:
    """Every error of `app` is answered by a page of ours."""
    for kind, answer in ANSWERS.items():
        app.register_error_handler(kind, answer)


def _refused(error: Refusal) -> Any:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    return _page(int(error.status), str(error.words), headers, typed=_typed())


def _typed() -> list[str]:
    """What somebody wrote in their own words: a page that comes too late gives it back, to be used elsewhere."""
    words = [clean_words(text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    return [text for text in words if " " in text]


def _forged(_error: CSRFError) -> Any:
    return _page(409, _("This page was open for too long, or in another window. Please go back and try again."))


def _overtaken(_error: StaleDataError) -> Any:
    return _page(409, _("Somebody else changed this a moment ago. Please go back, look again, and try again."))


def _keyless(error: KeyMissing) -> Any:
    log.error("the ballot key of exercise %s is missing or is another one", error)
    return _page(503, _("We can't take answers just now. It is not your fault, and nothing is lost."))


def _busy(error: OperationalError) -> Any:
    if not isinstance(error.orig, sqlite3.OperationalError):
        raise error
    log.error("the database refused: %s", error.orig)
    words = _("We could not save that just now. Please wait a minute, go back, and try again.")
    return _page(503, words, {"Retry-After": "30"})


def _another_host(error: SecurityError) -> Any:
    """In words of plain text: under another name than its own the house has no addresses, so no page can be drawn."""
    fail()
    return _("There is no such page."), error.code or 400, {"Content-Type": "text/plain; charset=utf-8"}


def _plain(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code, None)


def _broken(error: Exception) -> Any:
    if current_app.testing:
        raise error
    number = secrets.token_hex(4)
    log.error("error %s", number, exc_info=error)
    return _page(500, None, number=number)


ANSWERS: dict[type[Exception], Callable[[Any], Any]] = {
    Refusal: _refused,
    CSRFError: _forged,
    StaleDataError: _overtaken,
    KeyMissing: _keyless,
    OperationalError: _busy,
    SecurityError: _another_host,
    HTTPException: _plain,
    Exception: _broken,
}


def _page(status: int, words: str | None, headers: dict[str, str] | None = None, **values: Any) -> Any:
    fail()
    name = status if status in PAGES else 404 if status < 500 else 500
    if name == 404:  # a page that is not there and one that is not for this person answer alike, to the byte
        g.pop("exercise", None)
    return render_template(f"errors/{name}.html", words=words, **values), status, headers or {}
