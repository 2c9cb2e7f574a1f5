"""The key that links people and answers goes, in time and for good; what was computed stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock
from priority.errors import NotFound
from priority.extensions import db, keys
from priority.keys import KeyMissing
from priority.models import Audit
from priority.services import forgetting, recomputing, rounds, voting
from priority.words import RoundKind
from tests.factories import a_panelist, an_exercise, an_open_round

pytestmark = pytest.mark.usefixtures("app")
DAYS = timedelta(days=30)


@pytest.fixture
def exercise():
    exercise = an_exercise()
    panelists = [a_panelist(exercise, group) for group in ("patients", "nurses") for _ in range(5)]
    round_ = an_open_round(exercise, RoundKind.RANKING)
    for panelist in panelists:
        voting.save_whole(round_, panelist, {"piles": {"Q1.1": 1, "Q2.1": 2}, "order": {"Q1.1": 1}}, base=None)
    rounds.close_round(round_, actor=None, reason="Everybody has answered")
    return exercise


def test_nothing_is_destroyed_before_its_time(exercise):
    with clock.at(clock.now() + DAYS - timedelta(hours=1)):
        assert forgetting.destroy_due_keys() == []
    assert keys.has_exercise_key(exercise.public_id)


def test_after_its_days_the_key_is_gone_and_logged(exercise):
    with clock.at(clock.now() + DAYS):
        assert forgetting.destroy_due_keys() == [exercise]
        assert forgetting.destroy_due_keys() == []  # once
    assert not keys.has_exercise_key(exercise.public_id)
    assert exercise.key_destroyed_at
    assert [line.action for line in db.session.query(Audit)].count("ballot_key_destroyed") == 1


def test_without_the_key_nobody_finds_a_ballot_and_the_ranking_stays(exercise):
    panelist = a_panelist(exercise)
    with clock.at(clock.now() + DAYS):
        forgetting.destroy_due_keys()
    with pytest.raises((KeyMissing, NotFound)):
        voting.own_key(exercise, panelist)
    assert all(one.same for one in recomputing.recompute(exercise))


def test_an_open_round_keeps_its_key(exercise):
    an_open_round(exercise, n=2)
    with clock.at(clock.now() + DAYS + DAYS):
        assert forgetting.destroy_due_keys() == []


def test_an_exercise_without_rounds_keeps_its_key():
    assert forgetting.due_for_forgetting(an_exercise()) is None
