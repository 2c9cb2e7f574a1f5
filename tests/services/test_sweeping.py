"""What the hourly sweep does, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

from priority import clock
from priority.extensions import db
from priority.models import Limit, Session, SignInToken
from priority.services import accounts, limits, sweeping
from priority.words import RoleName, RoundState
from tests.factories import a_panelist, a_person, an_exercise, an_open_round


def test_a_round_closes_once_its_end_has_passed_and_not_before(app):
    exercise = an_exercise()
    a_panelist(exercise)
    round_ = an_open_round(exercise)
    db.session.commit()
    assert sweeping.sweep().closed == 0
    assert round_.state is RoundState.OPEN
    with clock.at(round_.closes_at):
        assert sweeping.sweep().closed == 1
        assert round_.state is RoundState.CLOSED
        assert sweeping.sweep().closed == 0


def test_what_is_over_is_deleted_and_the_rest_stays(app):
    person = a_person(an_exercise().organisation, RoleName.COORDINATOR)
    accounts.make_link(person, lasts=timedelta(minutes=15))
    accounts.make_link(person, lasts=timedelta(days=2))
    accounts.sign_in(person, "secret")
    limits.hit("sign-in", "127.0.0.1", most=3, seconds=3600)
    assert sweeping.sweep().removed == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert sweeping.sweep().removed == 3
    assert [db.session.scalar(db.select(db.func.count()).select_from(t)) for t in (Session, SignInToken, Limit)] == [
        0,
        1,
        0,
    ]
