"""Rounds that open by themselves: at their time, whatever the clocks do, and never half."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Outbox, Panelist, RoundGroup
from priority.moments import meant, typed
from priority.queries.rounds import live_questions
from priority.services import protocols, rounds, ruling, scheduling, sweeping, voting
from priority.words import ExerciseState, RoundState
from tests.factories import a_panelist, a_question, an_exercise

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


@pytest.fixture
def exercise():
    one = an_exercise(state=ExerciseState.ANSWERING)
    for number in (1, 2, 3):
        a_question(one, number)
    rounds.plan(one)
    return one


def dated(round_, *, opens=1, closes=8):
    now = clock.now()
    scheduling.schedule(round_, opens_at=now + opens * DAY, closes_at=now + closes * DAY, actor=None)
    return round_


def test_a_round_opens_at_its_time_and_not_before_and_once(exercise):
    somebody = a_panelist(exercise)
    first = dated(rounds.plan(exercise)[0])
    db.session.commit()
    assert sweeping.sweep().opened == 0
    with clock.at(first.opens_at - timedelta(seconds=1)):
        assert sweeping.sweep().opened == 0
    with clock.at(first.opens_at):
        assert sweeping.sweep().opened == 1
        assert (first.state, first.opened_at) == (RoundState.OPEN, first.opens_at)
        assert sweeping.sweep().opened == 0
    assert protocols.current(exercise).frozen_at is not None
    assert db.session.query(RoundGroup).filter_by(round_id=first.id, panelist_id=somebody.id).count() == 1
    assert [row.template for row in db.session.query(Outbox)] == ["round_open"]


def test_one_sweep_closes_a_round_and_opens_the_next(exercise):
    for group in ("patients", "nurses"):
        a_panelist(exercise, group)
    first = dated(rounds.plan(exercise)[0], opens=1, closes=3)
    second = dated(rounds.plan(exercise)[1], opens=3, closes=5)
    db.session.commit()
    with clock.at(first.opens_at):
        sweeping.sweep()
        for somebody in db.session.query(Panelist):
            voting.save_page(first, somebody, {"Q1.1": 8}, base=None)
        db.session.commit()
    with clock.at(second.opens_at):
        done = sweeping.sweep()
    assert (done.closed, done.opened) == (1, 1)
    assert (first.state, second.state) == (RoundState.CLOSED, RoundState.OPEN)


def test_a_round_with_nobody_to_ask_stays_planned_says_why_and_opens_when_that_is_mended(exercise):
    first = dated(rounds.plan(exercise)[0])
    db.session.commit()
    assert scheduling.of(first).hindrance == "Nobody is invited to answer yet."
    with clock.at(first.opens_at + timedelta(hours=5)):
        assert sweeping.sweep().opened == 0
        line = scheduling.of(first)
        assert (first.state, line.is_late, line.hindrance) == (
            RoundState.PLANNED,
            True,
            "Nobody is invited to answer yet.",
        )
        assert protocols.current(exercise).frozen_at is None
        a_panelist(exercise)
        db.session.commit()
        assert scheduling.of(first).hindrance is None
        assert sweeping.sweep().opened == 1


def test_what_cannot_open_does_not_keep_others_from_opening(exercise):
    other = an_exercise(state=ExerciseState.ANSWERING)
    a_question(other, 1)
    a_panelist(other)
    stuck, fine = dated(rounds.plan(exercise)[0]), dated(rounds.plan(other)[0])
    db.session.commit()
    with clock.at(fine.opens_at):
        assert sweeping.sweep().opened == 1
    assert (stuck.state, fine.state) == (RoundState.PLANNED, RoundState.OPEN)


def test_a_round_whose_end_passed_too_does_not_open_and_says_so(exercise):
    first = dated(rounds.plan(exercise)[0])
    db.session.commit()
    with clock.at(first.closes_at):
        a_panelist(exercise)
        assert sweeping.sweep().opened == 0
        assert "Its end has passed, too" in scheduling.of(first).hindrance


def test_a_later_round_waits_for_the_one_before_and_says_when_that_is_too_long(exercise):
    a_panelist(exercise)
    second = dated(rounds.plan(exercise)[1], opens=5, closes=9)
    assert scheduling.of(second).hindrance == "Round 1 must close first."
    first = dated(rounds.plan(exercise)[0], opens=1, closes=3)
    assert scheduling.of(second).hindrance is None
    with clock.at(first.opens_at):
        scheduling.open_due()
        rounds.move_end(first, second.opens_at + DAY, reason="Holidays", actor=None)
        assert scheduling.of(second).hindrance == "Round 1 must close first."
    with clock.at(second.opens_at):
        assert scheduling.open_due() == []


@pytest.mark.parametrize(("opens", "closes", "field"), [(-1, 5, "opens_at"), (3, 3, "until"), (3, 2, "until")])
def test_times_that_cannot_be_are_refused(exercise, opens, closes, field):
    with pytest.raises(Invalid) as refused:
        dated(rounds.plan(exercise)[0], opens=opens, closes=closes)
    assert refused.value.field == field
    assert rounds.plan(exercise)[0].opens_at is None


def test_a_round_does_not_begin_before_the_one_before_it_ends(exercise):
    dated(rounds.plan(exercise)[0], opens=1, closes=5)
    with pytest.raises(Invalid, match="Round 1 is still open then"):
        dated(rounds.plan(exercise)[1], opens=4, closes=9)


def test_a_date_is_taken_away_and_a_round_that_opened_has_none_to_take(exercise):
    a_panelist(exercise)
    first = dated(rounds.plan(exercise)[0])
    scheduling.unschedule(first, actor=None)
    assert scheduling.scheduled(exercise) == []
    with pytest.raises(Stale):
        scheduling.unschedule(first, actor=None)
    rounds.open_round(first, closes_at=clock.now() + DAY, actor=None)
    with pytest.raises(Stale):
        dated(first)


def test_a_round_keeps_its_hour_over_the_change_of_clocks(exercise):
    before, after = datetime(2027, 3, 27, 9, 0), datetime(2027, 3, 29, 9, 0)  # noqa: DTZ001 - the clock on the wall
    with clock.at(datetime(2027, 3, 1, tzinfo=UTC)):
        first = rounds.plan(exercise)[0]
        zone = exercise.time_zone
        scheduling.schedule(first, opens_at=meant(before, zone), closes_at=meant(after, zone), actor=None)
        assert (typed(first.opens_at, zone), typed(first.closes_at, zone)) == (before, after)
        db.session.commit()
        db.session.refresh(first)
        assert first.closes_at - first.opens_at == timedelta(hours=47)


def test_a_round_with_too_few_questions_for_its_kind_stays_planned_and_stops_nobody_else(exercise):
    other = an_exercise(state=ExerciseState.ANSWERING)
    a_question(other, 1)
    a_panelist(other)
    a_panelist(exercise)
    body = protocols.current(exercise).body
    ruling.change_rules(
        exercise, body | {"rounds": [{"kind": "best_worst", "size": 5, "at_least": 3}]}, reason="", actor=None
    )
    for link, _wording in live_questions(exercise)[:1]:
        link.withdrawn_at = clock.now()
    few, fine = dated(rounds.plan(exercise)[0]), dated(rounds.plan(other)[0])
    db.session.commit()
    assert "at least three questions" in scheduling.of(few).hindrance
    with clock.at(fine.opens_at):
        assert sweeping.sweep().opened == 1
    assert (few.state, fine.state) == (RoundState.PLANNED, RoundState.OPEN)
    assert few.items == []
