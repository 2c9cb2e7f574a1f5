"""Trials of a round: they ask whom one chose, freeze nothing, and nothing is ever computed from them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock
from priority.adapters import mail
from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Outbox
from priority.queries.answering import asked_rounds
from priority.queries.report import report
from priority.queries.rounds import find_round, rounds_of
from priority.services import closing, pilots, protocols, rounds, voting
from priority.words import ExerciseState, RoundState
from tests.factories import a_panelist, a_question, an_exercise

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def exercise():
    one = an_exercise(state=ExerciseState.ANSWERING)
    for number in range(1, 5):
        a_question(one, number)
    for key in ("patients", "patients", "nurses", "nurses"):
        a_panelist(one, key)
    rounds.plan(one)
    return one


def opened(exercise, n=1, people=2):
    chosen = [one.public_id for one in pilots.people_to_ask(exercise)[:people]]
    return pilots.open_pilot(exercise, n, people=chosen, closes_at=clock.now() + timedelta(days=3), actor=None)


def test_a_trial_asks_whom_one_chose_and_nobody_else_and_freezes_nothing(exercise):
    pilot = opened(exercise)
    asked = [one for one in pilots.people_to_ask(exercise) if pilot in asked_rounds(one)]
    assert asked == list(pilots.people_to_ask(exercise)[:2])
    assert (pilot.n, pilot.pilot, pilot.state) == (1001, True, RoundState.OPEN)
    assert protocols.current(exercise).frozen_at is None
    assert pilot not in rounds_of(exercise)
    assert find_round(exercise, 1001) is None
    assert {row.panelist_id for row in db.session.query(Outbox)} == {one.id for one in asked}


def test_the_letter_says_that_it_is_a_trial_and_carries_no_digest_before_the_rules_are_frozen(exercise):
    opened(exercise)
    letter = mail.render(db.session.query(Outbox).first())
    for body in (letter.text, letter.html):
        assert "This is a trial" in body
        assert "fingerprint" not in body


def test_nothing_is_computed_from_a_trial_and_no_result_knows_it(exercise):
    pilot = opened(exercise, people=4)
    for one in pilots.people_to_ask(exercise):
        voting.save_page(pilot, one, {"Q1.1": 9, "Q2.1": 1}, base=None)
    pilots.close_pilot(pilot, actor=None)
    assert pilot.state is RoundState.CLOSED
    assert pilots.computed_from(pilot) == 0
    with pytest.raises(ValueError, match="pilot"):
        closing.compute(pilot)
    assert "1001" not in repr(report(exercise))


def test_answers_to_a_trial_stay_apart_from_the_real_round(exercise):
    pilot = opened(exercise)
    somebody = pilots.people_to_ask(exercise)[0]
    voting.save_page(pilot, somebody, {"Q1.1": 9}, base=None)
    first = rounds.plan(exercise)[0]
    rounds.open_round(first, closes_at=clock.now() + timedelta(days=1), actor=None)
    assert voting.own_ballot(first, somebody) is None
    assert voting.who_has_answered(first) == set()


def test_trials_follow_one_another_and_the_real_round_is_as_it_was(exercise):
    first = opened(exercise)
    with pytest.raises(Stale, match="open already"):
        opened(exercise)
    pilots.close_pilot(first, actor=None)
    assert opened(exercise).n == 2001
    assert opened(exercise, n=2).n == 1002
    assert [one.n for one in pilots.pilots_of(exercise)] == [1001, 1002, 2001]
    assert [one.n for one in pilots.pilots_of(exercise, 1)] == [1001, 2001]
    assert [(one.n, one.state) for one in rounds_of(exercise)] == [(n, RoundState.PLANNED) for n in (1, 2, 3)]


def test_a_trial_of_the_last_round_asks_the_first_questions_while_nothing_is_known(exercise):
    pilot = opened(exercise, n=3)
    assert len(voting.item_keys(pilot)) == 4
    body = protocols.current(exercise).body
    protocols.set_body(exercise, body | {"rounds": [*body["rounds"][:2], body["rounds"][2] | {"at_most": 2}]})
    pilots.close_pilot(pilot, actor=None)
    assert len(voting.item_keys(opened(exercise, n=3))) == 2


def test_a_round_that_is_open_to_all_is_tried_out_by_people_who_are_invited(exercise):
    body = protocols.current(exercise).body
    protocols.set_body(exercise, body | {"rounds": [{"kind": "rating", "access": "open"}]})
    pilot = opened(exercise)
    assert pilot in asked_rounds(pilots.people_to_ask(exercise)[0])


def test_what_cannot_be_tried_is_refused(exercise):
    soon = clock.now() + timedelta(days=1)
    looks_on = a_panelist(exercise, "nurses", observer=True)
    for people in ([], ["nobody"], [looks_on.public_id]):
        with pytest.raises(Invalid) as refused:
            pilots.open_pilot(exercise, 1, people=people, closes_at=soon, actor=None)
        assert refused.value.field == "people"
    with pytest.raises(NotFound):
        pilots.open_pilot(exercise, 4, people=["x"], closes_at=soon, actor=None)
    with pytest.raises(NotFound):
        pilots.close_pilot(rounds.plan(exercise)[0], actor=None)
    some = [pilots.people_to_ask(exercise)[0].public_id]
    with pytest.raises(Invalid) as refused:
        pilots.open_pilot(exercise, 1, people=some, closes_at=clock.now(), actor=None)
    assert refused.value.field == "closes_at"
