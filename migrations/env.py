"""Runs the numbered migrations on the application's own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

from priority.extensions import db


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise RuntimeError("Migrations run on a database: set DATABASE_URL.")
with current_app.app_context():
    run()
