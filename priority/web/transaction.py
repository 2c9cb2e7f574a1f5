"""One transaction a request: it commits once, at the end, or rolls back whole."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import g, request
from sqlalchemy.exc import OperationalError

from priority.database import commit
from priority.extensions import begin_reading, begin_writing, db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def set_up(app: Flask) -> None:
    """Every request of `app` is one transaction; a GET takes no write lock."""

    @app.before_request
    def begin() -> None:
        g.failed = False
        if request.method in SAFE:
            begin_reading()
        else:
            begin_writing()

    @app.after_request
    def end(response: Response) -> Response:
        if request.method in SAFE or g.get("failed", False):
            db.session.rollback()
            return response
        try:
            commit()
        except OperationalError as error:  # a full disk: the page must say that nothing was saved
            db.session.rollback()
            return app.make_response(app.handle_user_exception(error))
        return response


@contextmanager
def writing() -> Iterator[None]:
    """What is written inside a page that only looks: in a transaction of its own, which ends with it."""
    db.session.commit()
    begin_writing()
    try:
        yield
        db.session.commit()
    except OperationalError:
        db.session.rollback()
        raise
    finally:
        if request.method in SAFE:
            begin_reading()


def fail() -> None:
    """Nothing that this request wrote is kept."""
    g.failed = True
    db.session.rollback()
