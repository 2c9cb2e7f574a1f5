"""Rounds from a terminal: each command does a thing once, and says in a sentence why it cannot."""

from __future__ import annotations

import pytest

from priority import cli
from priority.extensions import db
from priority.models import Outbox, Round
from priority.services import protocols, rounds
from priority.words import ExerciseState, RoundState
from tests.factories import a_panelist, a_question, an_exercise


@pytest.fixture
def exercise(app, tmp_path, monkeypatch):
    """The commands work on this test's installation."""
    monkeypatch.setenv("PRIORITY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PRIORITY_ENV", "testing")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PRIORITY_KEYS", raising=False)
    one = an_exercise(state=ExerciseState.ANSWERING)
    for number in (1, 2, 3):
        a_question(one, number)
    for _one in range(6):
        a_panelist(one)
    rounds.plan(one)
    db.session.commit()
    return one.public_id


def typed(*words):
    code = cli.main(list(words))
    db.session.rollback()
    db.session.expire_all()
    return code


def first():
    return db.session.query(Round).filter_by(n=1).one()


def frozen():
    found = protocols.current(first().exercise).frozen_at is not None
    db.session.rollback()  # the command's own transaction comes next
    return found


def test_a_round_is_opened_reminded_of_and_closed_each_once(exercise, capsys):
    until = "2099-12-01T17:00"
    assert typed("open-round", exercise, "1", "--until", until, "--dry-run") == 0
    assert "would open" in capsys.readouterr().out
    assert not frozen()
    assert typed("open-round", exercise, "1", "--until", until) == 0
    assert "until 2099-12-01T17:00:00+01:00" in capsys.readouterr().out
    assert typed("open-round", exercise, "1", "--until", until) == 0
    assert "open already" in capsys.readouterr().out
    assert typed("remind", exercise, "1", "--dry-run") == 0
    assert "5 to 9 letters would go out." in capsys.readouterr().out
    assert typed("remind", exercise, "1", "--group", "patients") == 0
    assert typed("remind", exercise, "1") == 0
    assert "less than a day ago" in capsys.readouterr().out
    assert db.session.query(Outbox).filter_by(template="reminder").count() == 6
    db.session.rollback()
    assert typed("close-round", exercise, "1") == 1
    assert "say why" in capsys.readouterr().err
    assert typed("close-round", exercise, "1", "--reason", "All answered.") == 0
    assert first().state is RoundState.CLOSED
    db.session.rollback()
    assert typed("close-round", exercise, "1") == 0
    assert "closed already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("open-round", "1", "--until", "tomorrow"), "no time"),
        (("open-round", "1", "--until", "2031-03-30T02:30"), "leave"),
        (("open-round", "1", "--until", "2020-01-01T10:00"), "still to come"),
        (("open-round", "2", "--until", "2099-01-01T10:00"), "Round 1 must close first"),
        (("open-round", "2", "--until", "2099-01-01T10:00", "--dry-run"), "Round 1 must close first"),
        (("open-round", "9", "--until", "2099-01-01T10:00"), "no round 9"),
        (("close-round", "1", "--dry-run"), "not open"),
        (("remind", "1"), "while a round is open"),
    ],
)
def test_what_stands_in_the_way_is_one_sentence_and_exit_1(exercise, capsys, words, said):
    command, n, *rest = words
    assert typed(command, exercise, n, *rest) == 1
    found = capsys.readouterr().err
    assert said in found
    assert len(found.splitlines()) == 1
    assert not frozen()


def test_an_exercise_or_a_group_that_is_not_there_is_refused(exercise, capsys):
    assert typed("close-round", "nowhere", "1") == 1
    typed("open-round", exercise, "1", "--until", "2099-12-01T17:00")
    assert typed("remind", exercise, "1", "--group", "plumbers") == 1
    assert "Choose one of the groups." in capsys.readouterr().err
