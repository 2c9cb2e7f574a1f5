"""Leaving by oneself, and choosing one of two roles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock
from priority.errors import Gone, Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Audit, Ballot, BallotSubmit, Reason, Round, RoundGroup, Suggestion
from priority.queries.answering import asked_rounds, groups_to_choose
from priority.services import (
    accounts,
    consent,
    leaving,
    panels,
    reasons,
    rounds,
    suggestions,
    two_roles,
    voting,
)
from priority.words import ExerciseState, Purpose, ReasonSide, RoundKind
from tests.factories import a_panelist, a_question, add, an_exercise, an_open_round
from tests.services.test_voting import written_tables

pytestmark = pytest.mark.usefixtures("app")
DESIGN = {"feedback": True, "reasons": True, "suggestions": True}


@pytest.fixture
def panelist():
    somebody = a_panelist(an_exercise())
    consent.give(somebody, {Purpose.TAKE_PART})
    return somebody


@pytest.fixture
def answered(panelist):
    """Two rounds in which they and somebody else gave everything that can be given; the first has closed."""
    other = a_panelist(panelist.exercise)
    found = []
    for n in (1, 2):
        round_ = an_open_round(panelist.exercise, n=n, design=DESIGN)
        for one in (panelist, other):
            voting.save_page(round_, one, {"Q1.1": 9}, base=None)
            voting.submit(round_, one, bytes([n, one.id]) * 16)
            reasons.give(round_, one, "Q1.1", "So.", side=ReasonSide.HIGH)
            suggestions.suggest(round_, one, "What about the nights?")
        found.append(round_)
        if n == 1:
            with clock.at(round_.closes_at):
                rounds.close_round(round_, actor=None)
    return found


def rows(round_):
    tables = (Ballot, BallotSubmit, Reason, Suggestion)
    return [db.session.query(table).filter_by(round_id=round_.id).count() for table in tables]


def test_whoever_leaves_can_no_longer_come_in_and_gets_no_letter(panelist):
    accounts.sign_in(panelist, "s" * 51)
    leaving.leave(panelist)
    assert accounts.find_session("s" * 51) is None
    with pytest.raises((Gone, Invalid, NotFound)):
        accounts.behind_code(accounts.code_of(panelist))
    assert consent.given(panelist) == frozenset()
    assert not panelist.active
    assert db.session.query(Audit).filter_by(action="panelist_left").count() == 1
    with pytest.raises(Stale):
        leaving.leave(panelist)


def test_answers_stay_and_count_where_nothing_else_is_wished(panelist, answered):
    leaving.leave(panelist)
    assert rows(answered[1]) == [2, 2, 2, 2]
    assert voting.own_ballot(answered[1], panelist).counts


def test_answers_of_open_rounds_can_be_deleted_and_those_of_closed_ones_stay(panelist, answered):
    assert list(leaving.rounds_with_answers(panelist)) == [answered[1]]
    leaving.remove_answers(panelist)
    assert [rows(round_) for round_ in answered] == [[2, 2, 2, 2], [1, 1, 1, 1]]
    assert leaving.rounds_with_answers(panelist) == []


def test_deleting_answers_writes_nothing_else(panelist, answered):
    with written_tables() as tables:
        leaving.remove_answers(panelist)
    assert set(tables) <= {"ballot", "ballot_submit", "reason", "suggestion", "paper_entry"}


def test_an_observer_can_leave_and_has_no_answers(panelist):
    observer = a_panelist(panelist.exercise, observer=True)
    assert leaving.rounds_with_answers(observer) == []
    leaving.remove_answers(observer)
    leaving.leave(observer)
    assert not observer.active


def test_who_left_can_be_invited_again(panelist):
    leaving.leave(panelist)
    panels.reactivate(panelist, None)
    assert panelist.active
    assert consent.given(panelist) == frozenset()


# -- two roles -------------------------------------------------------------------------------------------------------
@pytest.fixture
def both(panelist):
    return a_panelist(panelist.exercise, "patients", other_group="nurses")


def test_somebody_with_two_roles_is_asked_once_they_have_chosen(both):
    assert [group.key for group in groups_to_choose(both)] == ["patients", "nurses"]
    round_ = _opened_by_the_service(both.exercise)
    assert asked_rounds(both) == []
    two_roles.choose(both, "nurses")
    assert list(asked_rounds(both)) == [round_]
    voting.save_page(round_, both, {"Q1.1": 7}, base=None)
    assert db.session.query(Ballot).one().group == "nurses"
    assert db.session.query(RoundGroup).filter_by(panelist_id=both.id).one().group_id == both.group_id


def test_the_choice_is_made_once_and_between_the_two(both):
    with pytest.raises(Invalid):
        two_roles.choose(both, "doctors")
    two_roles.choose(both, "patients")
    assert groups_to_choose(both) == []
    with pytest.raises(Stale):
        two_roles.choose(both, "nurses")


def test_a_second_role_that_gives_no_other_view_is_no_choice(panelist):
    assert groups_to_choose(panelist) == []
    assert groups_to_choose(a_panelist(panelist.exercise, other_group="patients")) == []
    assert groups_to_choose(a_panelist(panelist.exercise, other_group="unknown")) == []
    assert groups_to_choose(a_panelist(panelist.exercise, other_group="nurses", observer=True)) == []


def _opened_by_the_service(exercise):
    a_question(exercise, 1)
    exercise.state = ExerciseState.SORTING
    round_ = add(Round(exercise=exercise, n=1, kind=RoundKind.RATING, design={}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    return round_
