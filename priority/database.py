"""Brings the database to the newest schema, and tells whether it is there."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import Config, downgrade, upgrade

from priority.config import ROOT
from priority.extensions import db

MIGRATIONS = ROOT / "migrations"


def migrate_to_newest() -> None:
    """Runs every migration that has not been run; nothing where all have."""
    if current_revision() != newest_revision():
        upgrade(directory=str(MIGRATIONS))


def migrate_down_to_nothing() -> None:
    """Takes every migration back, and everything in the database with it."""
    downgrade(directory=str(MIGRATIONS), revision="base")


def current_revision() -> str | None:
    """The migration that the database stands at; None where it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The newest migration there is."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()
