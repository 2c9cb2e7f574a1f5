"""Brings the database to the newest schema, ends transactions, and rewrites the file so that it keeps no order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import Config, downgrade, upgrade

from priority.config import ROOT
from priority.extensions import db

if TYPE_CHECKING:
    from sqlalchemy import URL

MIGRATIONS = ROOT / "migrations"
_REWRITE = "rewrite the file after the commit"


def keep_private(address: URL) -> None:
    """Nobody but the user of this process reads the database's file; it is made, empty, where there is none yet.

    What SQLite writes beside it takes over its permissions.
    """
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return
    descriptor = os.open(address.database, os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def commit() -> None:
    """Ends the transaction; where a round closed in it, the file is rewritten."""
    wanted = db.session.info.pop(_REWRITE, False)
    db.session.commit()
    if wanted:
        rewrite()


def request_rewrite() -> None:
    """With the next `commit` the file is rewritten."""
    db.session.info[_REWRITE] = True


def rewrite() -> None:
    """Writes the whole database anew, each table in the order of its keys, and empties the write-ahead log.

    Where a row lies in the file tells when it came. Moving rows within a transaction is not enough, since freed pages
    are handed out again in an order that follows from the old one.
    """
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()


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
