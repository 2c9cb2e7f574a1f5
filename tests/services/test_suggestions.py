"""Suggestions: kept under a key that only their writer has, read after the end, and every one answered."""

from __future__ import annotations

import pytest

from priority import clock
from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Suggestion
from priority.queries.rounds import live_questions
from priority.queries.suggestions import own_suggestions, suggested
from priority.services import rounds, suggestions, voting
from priority.services.suggestions import NewQuestion
from priority.services.voting import Guest
from priority.words import SuggestionState
from tests.factories import a_panelist, an_exercise, an_open_round
from tests.services.test_voting import written_tables

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def panelist():
    return a_panelist(an_exercise())


@pytest.fixture
def round_(panelist):
    return an_open_round(panelist.exercise, questions=2, design={"suggestions": True})


def own(round_, panelist):
    return own_suggestions(round_, voting.own_key(round_.exercise, panelist))


def close(round_):
    with clock.at(round_.closes_at):
        rounds.close_round(round_, actor=None)


def test_a_suggestion_is_kept_as_written_and_waits(round_, panelist):
    suggestions.suggest(round_, panelist, " What about the nights? \r\n")
    found = own(round_, panelist)
    assert [(one.text, one.state, one.answer) for one in found] == [
        ("What about the nights?", SuggestionState.WAITING, None)
    ]
    assert own(round_, a_panelist(round_.exercise)) == []


def test_suggesting_writes_it_and_nothing_else(round_, panelist):
    with written_tables() as tables:
        suggestions.suggest(round_, panelist, "What about the nights?")
        suggestions.withdraw(round_, panelist, 1)
    assert set(tables) == {"suggestion"}


def test_the_same_words_twice_are_one_suggestion(round_, panelist):
    suggestions.suggest(round_, panelist, "What about the nights?")
    suggestions.suggest(round_, panelist, "What about the nights?")
    assert len(own(round_, panelist)) == 1


def test_no_words_too_many_and_a_sixth_one_are_refused(round_, panelist):
    with pytest.raises(Invalid):
        suggestions.suggest(round_, panelist, " ")
    with pytest.raises(Invalid):
        suggestions.suggest(round_, panelist, "x" * (suggestions.LONGEST + 1))
    for n in range(suggestions.MOST):
        suggestions.suggest(round_, panelist, f"Number {n}?")
    with pytest.raises(Invalid):
        suggestions.suggest(round_, panelist, "One more?")
    suggestions.withdraw(round_, panelist, 2)
    suggestions.suggest(round_, panelist, "One more?")
    assert [one.n for one in own(round_, panelist)] == [1, 3, 4, 5, 6]


def test_a_round_that_takes_none_or_has_closed_refuses(round_, panelist):
    plain = an_open_round(panelist.exercise, n=2)
    with pytest.raises(NotFound):
        suggestions.suggest(plain, panelist, "What about the nights?")
    with clock.at(round_.closes_at), pytest.raises(Stale):
        suggestions.suggest(round_, panelist, "What about the nights?")


def test_nobody_takes_back_what_somebody_else_suggested(round_, panelist):
    suggestions.suggest(round_, panelist, "What about the nights?")
    with pytest.raises(NotFound):
        suggestions.withdraw(round_, a_panelist(round_.exercise), 1)
    assert len(own(round_, panelist)) == 1


def test_a_guest_suggests_once_something_of_theirs_is_saved():
    exercise = an_exercise()
    open_to_all = an_open_round(exercise, questions=2, design={"suggestions": True, "access": "open"})
    guest = Guest(exercise.id, open_to_all.id, "7kq2mx4p9d", "patients", verified=False)
    with pytest.raises(Invalid):
        suggestions.suggest(open_to_all, guest, "What about the nights?")
    voting.save_page(open_to_all, guest, {"Q1.1": 9}, base=None)
    suggestions.suggest(open_to_all, guest, "What about the nights?")
    assert [one.text for one in own(open_to_all, guest)] == ["What about the nights?"]


def test_while_the_round_is_open_nobody_reads_or_answers_one(round_, panelist):
    suggestions.suggest(round_, panelist, "What about the nights?")
    handle = own(round_, panelist)[0].handle
    with pytest.raises(PermissionError):
        suggested(round_)
    with pytest.raises(Stale):
        suggestions.decline(round_, handle, answer="No.", actor=None)


def test_a_suggestion_that_is_taken_becomes_a_question_of_the_exercise(round_, panelist):
    suggestions.suggest(round_, panelist, "nights??")
    close(round_)
    (one,) = suggested(round_)
    question = suggestions.take(
        round_, one.handle, NewQuestion("What helps at night?", "Nights"), answer="We ask it next time.", actor=None
    )
    assert [wording.text for link, wording in live_questions(round_.exercise) if link.number == 3] == [
        "What helps at night?"
    ]
    (mine,) = own(round_, panelist)
    assert (mine.state, mine.answer, mine.question_id) == (
        SuggestionState.TAKEN,
        "We ask it next time.",
        question.id,
    )


def test_one_that_is_on_the_list_already_points_to_its_question(round_, panelist):
    suggestions.suggest(round_, panelist, "Number 1?")
    close(round_)
    question = round_.items[0].wording.question
    suggestions.point_to(round_, suggested(round_)[0].handle, question, answer="It is number 1.", actor=None)
    assert own(round_, panelist)[0].question_id == question.id


def test_an_answer_needs_words_and_is_given_once(round_, panelist):
    suggestions.suggest(round_, panelist, "What about the nights?")
    close(round_)
    handle = suggested(round_)[0].handle
    with pytest.raises(Invalid):
        suggestions.decline(round_, handle, answer=" ", actor=None)
    with pytest.raises(Invalid):
        suggestions.take(round_, handle, NewQuestion("What helps at night?", "Nights"), answer="", actor=None)
    assert len(live_questions(round_.exercise)) == 2
    suggestions.decline(round_, handle, answer="Karin takes it to the region.", actor=None)
    with pytest.raises(Stale):
        suggestions.decline(round_, handle, answer="Again.", actor=None)
    with pytest.raises(Stale):
        suggestions.withdraw(round_, panelist, 1)
    with pytest.raises(NotFound):
        suggestions.decline(round_, "x" * 26, answer="No.", actor=None)
    assert db.session.query(Suggestion).one().state is SuggestionState.NOT_NOW
