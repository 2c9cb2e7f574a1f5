"""What every test can ask for: an application with a migrated database of its own, and a browserless client."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from priority.app import create_app
from priority.config import Settings
from priority.database import migrate_to_newest
from priority.extensions import db, keys
from priority.models import Exercise
from priority.web.answer import pace
from priority.web.sessions import CookieSessions
from tests.finished import a_finished_exercise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


# Folders whose tests open pages, race or rebuild databases: together they take minutes.
PATIENT = {"web", "proofs", "models"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs patience, so that `make fast` is fast."""
    for item in items:
        if item.path.parent.name in PATIENT:
            item.add_marker(pytest.mark.slow)


def settings_in(folder: Path, **changes: object) -> Settings:
    """Settings of an installation that lives in `folder`."""
    values = {
        "environment": "testing",
        "database": f"sqlite:///{folder / 'priority.db'}",
        "instance": folder,
        "keys": folder / "keys",
        "url": "http://127.0.0.1",
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema and nothing in it, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_in(folder))
    with app.app_context():
        migrate_to_newest()
        db.engine.dispose()
    return folder / "priority.db"


@pytest.fixture
def app(tmp_path: Path, migrated: Path) -> Iterator[Flask]:
    """The application on a fresh database and fresh keys, with its context pushed."""
    shutil.copy(migrated, tmp_path / "priority.db")
    app = create_app(settings_in(tmp_path))
    pace._saves.clear()  # counted for each process, and the next test's panelist has the same number
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen."""
    return app.test_client()


@pytest.fixture(scope="session")
def whole_way(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with one exercise that went the whole way, made once; see `tests.finished`."""
    folder = tmp_path_factory.mktemp("whole-way")
    shutil.copy(migrated, folder / "priority.db")
    with create_app(settings_in(folder)).app_context():
        a_finished_exercise()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def finished_exercise(app: Flask, tmp_path: Path, whole_way: Path) -> Exercise:
    """An exercise that is published after three rounds, in this test's own database."""
    db.session.remove()
    db.engine.dispose()
    for left in ("priority.db-wal", "priority.db-shm"):
        (tmp_path / left).unlink(missing_ok=True)
    shutil.copy(whole_way / "priority.db", tmp_path / "priority.db")
    shutil.rmtree(tmp_path / "keys")
    shutil.copytree(whole_way / "keys", tmp_path / "keys")
    keys.open(tmp_path / "keys")
    app.session_interface = CookieSessions(keys.session, secure=False)
    app.config["SECRET_KEY"] = keys.session.hex()
    return db.session.scalars(select(Exercise)).one()
