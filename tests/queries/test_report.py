"""What may be told of closed rounds, and what is left out."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from priority.extensions import db
from priority.models import Contributor
from priority.queries.report import report
from priority.queries.rounds import result_of, rounds_of, runs_of
from priority.services import proposing, protocols
from priority.words import ResultKind, Verdict
from tests import finished


def voice(told, column):
    return next(one for one in told.voices if one.column == column)


@pytest.fixture
def exercise(finished_exercise):
    return finished_exercise


def test_questions_come_by_place_and_those_without_a_place_after_them(exercise):
    told = report(exercise)
    places = [question.place for question in told.questions]
    ranked = [place for place in places if place is not None]
    assert ranked == sorted(ranked)
    assert places[len(ranked) :] == [None] * (len(places) - len(ranked))
    assert len(told.listed) >= 10
    assert all(question.place <= 10 for question in told.listed)


def test_every_place_is_that_of_the_stored_run(exercise):
    told = report(exercise)
    for run in runs_of(exercise):
        stored = dict(zip(run.result["items"], run.result["ranks"], strict=True))
        assert {one.key: one.places[run.public_id] for one in told.questions if run.public_id in one.places} == stored


def test_the_numbers_are_those_stored_at_closing(exercise):
    told = report(exercise)
    for round_ in rounds_of(exercise)[:2]:
        for row in result_of(round_, ResultKind.ITEMS)["questions"]:
            question = next(one for one in told.questions if one.number == row["number"])
            rating = question.rating_of(round_.n)
            assert rating.verdict == row["verdict"]
            assert rating.di == Fraction(row["di"])
            cell = rating.cells["side_lived"]
            stored = row["sides"]["lived"]
            assert (cell.n, cell.people, cell.median, cell.q1, cell.q3, cell.high, cell.low) == tuple(
                stored[name] for name in ("n", "people", "median", "q1", "q3", "high", "low")
            )


def test_a_group_of_fewer_than_five_and_the_one_it_would_follow_from_have_no_cell(app):
    exercise = finished.a_finished_exercise(panel={"patients": 12, "carers": 3, "nurses": 8, "doctors": 7})
    told = report(exercise)
    for question in told.questions:
        for rating in question.ratings:
            assert rating.cell(voice(told, "group_carers")) is None
            assert rating.cell(voice(told, "group_patients")) is None
            assert rating.cell(voice(told, "side_lived")) is not None


def test_where_a_side_is_small_only_the_whole_is_told_and_no_turnout_of_sides(app):
    exercise = finished.a_finished_exercise(panel={"patients": 12, "carers": 8, "nurses": 3, "doctors": 1})
    told = report(exercise)
    assert {column for question in told.questions for one in question.ratings for column in one.cells} == {"whole"}
    assert {side.answered for line in told.rounds for side in line.sides} == {None}
    assert {line.whole.answered for line in told.rounds} == {24}


def test_where_fewer_than_ten_all_agree_only_the_band_is_told(app):
    exercise = finished.an_exercise_to_answer(panel={"patients": 9, "nurses": 12}, questions=2)
    finished.run_round(exercise, rounds_of(exercise)[0], answer=lambda _rng, _who, keys: dict.fromkeys(keys, 8))
    told = report(exercise)
    rating = told.questions[0].ratings[0]
    assert (rating.cells["side_lived"].band, rating.cells["side_lived"].median) == ("7–9", None)
    assert rating.cells["side_lived"].percent_high == 100
    assert (rating.cells["side_professionals"].band, rating.cells["side_professionals"].median) == (None, 8)


def test_before_anything_closed_there_is_nothing_to_tell(app):
    told = report(finished.an_exercise_to_answer(questions=2))
    assert (told.rounds, told.questions, told.runs, told.listed, told.agreement) == ((), (), (), (), ())


def test_a_tie_at_the_last_place_lengthens_the_list(app):
    exercise = finished.an_exercise_to_answer(questions=12, panel={"patients": 10, "nurses": 10})
    first, second, third = rounds_of(exercise)
    for round_ in (first, second):
        finished.run_round(exercise, round_, answer=lambda _rng, _who, keys: dict.fromkeys(keys, 8))
    tenth = itertools.cycle([9, 10])  # half of each side puts one question tenth, half the other

    def order(_rng, _who, keys):
        ten = [*keys[:9], keys[next(tenth)]]
        return {"piles": dict.fromkeys(keys, 1), "order": {key: place for place, key in enumerate(ten, start=1)}}

    finished.run_round(exercise, third, answer=order)
    listed = report(exercise).listed
    assert [question.number for question in listed] == list(range(1, 12))
    assert [question.number for question in listed if question.tied_at_end] == [10, 11]
    assert [question.place for question in listed[-2:]] == [10, 10]


def test_four_contributors_of_a_group_are_told_as_others(app):
    exercise = finished.an_exercise_to_answer(questions=4)
    finished.run_round(exercise, rounds_of(exercise)[0])
    groups = [group for question in report(exercise).questions for group in question.behind.groups]
    assert {(group.key, group.name, group.people) for group in groups} == {(None, None, 1)}


def test_erased_words_are_gone_and_the_person_still_counts(exercise):
    contributor = db.session.query(Contributor).filter_by(exercise_id=exercise.id).order_by(Contributor.id).first()
    proposing.erase(contributor)
    question = next(one for one in report(exercise).questions if one.number == 1)
    assert (question.behind.words, question.behind.people) == ((), 1)


def test_own_words_keep_their_language(exercise):
    words = {one.number: one.behind.words[0] for one in report(exercise).questions}
    assert words[3].locale == "sv"
    assert words[1].text == "My own words about thing 1, <b>as I wrote</b> them"


def test_a_later_change_of_rules_never_publishes_more_than_people_agreed_to(app):
    exercise = finished.a_finished_exercise(level="L1")
    body = protocols.current(exercise).body | {"publication_level": "L3"}
    protocols.deviate(exercise, body, reason="Somebody asked for it.", actor=None)
    told = report(exercise)
    assert told.level == "L1"
    assert [line.reason for line in told.deviations] == ["Somebody asked for it."]


def test_verdicts_have_words(exercise):
    verdicts = {rating.verdict for question in report(exercise).questions for rating in question.ratings}
    assert verdicts <= set(Verdict)
    assert all(str(verdict.label) for verdict in verdicts)
