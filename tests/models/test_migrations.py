"""The migrations make what the models say, triggers too, and take it away again."""

from __future__ import annotations

import re

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from priority.app import create_app
from priority.database import current_revision, migrate_down_to_nothing, migrate_to_newest, newest_revision
from priority.extensions import db
from priority.models import Base
from priority.models.guards import GUARDS, create_statements, unknown_tables
from tests.conftest import settings_in


def triggers() -> dict[str, str]:
    rows = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return dict(tuple(row) for row in rows)


def test_a_migrated_database_is_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_migrated_database_has_every_guard_in_its_words(app):
    wanted = {statement.split()[2]: statement for statement in create_statements("sqlite")}
    assert triggers() == wanted
    assert len(wanted) == len(GUARDS)
    assert not unknown_tables()


def test_answers_lie_in_tables_without_a_running_number(app):
    for table in ("ballot", "ballot_submit", "paper_entry", "reason", "slip", "suggestion"):
        sql = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
        assert "WITHOUT ROWID" in sql, table


def test_no_answer_carries_a_time_or_a_key_to_a_person(app):
    for table in ("ballot", "ballot_submit", "paper_entry", "reason", "slip", "suggestion"):
        names = {column["name"] for column in inspect(db.engine).get_columns(table)}
        assert not {name for name in names if re.search(r"_at$|time|date|person|panelist|contributor|session", name)}


def test_every_constraint_has_a_name(app):
    inspector = inspect(db.engine)
    for table in Base.metadata.tables:
        for unique in inspector.get_unique_constraints(table):
            assert unique["name"], table
        for check in inspector.get_check_constraints(table):
            assert check["name"], table


def test_down_takes_everything_away_and_up_brings_it_back(tmp_path):
    app = create_app(settings_in(tmp_path))
    with app.app_context():
        migrate_to_newest()
        before = schema()
        migrate_down_to_nothing()
        assert current_revision() is None
        assert set(schema()) <= {"alembic_version"}
        migrate_to_newest()
        assert current_revision() == newest_revision()
        assert schema() == before
        db.session.remove()
        db.engine.dispose()


def schema() -> dict[str, str]:
    db.session.rollback()
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return dict(tuple(row) for row in rows)
