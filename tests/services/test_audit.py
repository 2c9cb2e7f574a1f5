"""The log of decisions shows every line that was changed, taken out, or put in another place."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from priority.extensions import db
from priority.services import audit
from tests.factories import an_exercise

LINES = 6


@pytest.fixture
def log(app):
    exercise = an_exercise()
    for number in range(LINES):
        audit.record("tried", exercise=exercise, actor=None, number=number)
    for event in ("update", "delete"):  # whoever tampers with the file is not stopped by its triggers
        db.session.execute(text(f"DROP TRIGGER guard_audit_{event}"))


def broken_after(*statements: str) -> list[int]:
    for statement in statements:
        db.session.execute(text(statement))
    db.session.expire_all()
    return list(audit.broken_lines())


def test_an_untouched_log_is_whole(log):
    assert broken_after() == []


@pytest.mark.parametrize(
    "change", ["action = 'other'", "body = '{}'", "at = '2020-01-01 00:00:00.000000'", "prev = ''"]
)
def test_a_changed_line_shows(log, change):
    assert 3 in broken_after(f"UPDATE audit SET {change} WHERE seq = 3")


def test_a_missing_line_shows(log):
    assert broken_after("DELETE FROM audit WHERE seq = 3") == [4]


def test_two_lines_that_changed_places_show(log):
    assert broken_after(
        "UPDATE audit SET seq = 99 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 99",
    )
