"""The demo in an installation of its own, for tests that only look at it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

from priority.app import create_app
from priority.database import commit
from priority.demo.loading import load
from priority.extensions import db
from tests.conftest import settings_in


@contextmanager
def demo_in(folder, migrated):
    """The demo as `priority run` loads it, in this folder."""
    shutil.copy(migrated, folder / "priority.db")
    app = create_app(settings_in(folder))
    with app.app_context():
        loaded = load(lambda _step: None)
        commit()
        yield loaded
        db.session.remove()
        db.engine.dispose()
