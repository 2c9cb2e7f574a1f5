"""What changed in the list between two rounds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock
from priority.extensions import db
from priority.models import Suggestion
from priority.queries.between import Leaving, ahead, between, round_before
from priority.queries.rounds import items_of, live_questions, rounds_of
from priority.services import merging, rounds
from priority.words import SuggestionState
from tests import finished


@pytest.fixture
def exercise(app):
    """Round 1 is closed: everybody finds question 5 unimportant and the others important."""
    made = finished.an_exercise_to_answer(questions=6)
    finished.run_round(made, rounds_of(made)[0], answer=all_but_the_fifth)
    return made


def all_but_the_fifth(_rng, _panelist, keys):
    return {key: 1 if key.startswith("Q5.") else 8 for key in keys}


def question(exercise, number):
    return next(link.question for link, _wording in live_questions(exercise) if link.number == number)


def open_next(exercise, questions=None):
    round_ = rounds_of(exercise)[1]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None, questions=questions)
    return round_


def reword(exercise, number, text):
    merging.reword(
        question(exercise, number), exercise=exercise, text=text, short="Short", background=None, actor=None,
        reason="Many could not judge it.",
    )  # fmt: skip


def join(exercise, number, into):
    """All words of one question under another, and the first off the list."""
    first, other = question(exercise, number), question(exercise, into)
    from priority.models import ProposalPart
    from priority.queries.links import links

    for part in [db.session.get(ProposalPart, one) for one, linked in links(exercise) if linked == first.id]:
        merging.merge([part], other, exercise=exercise, actor=None)
        merging.unmerge(part, first, exercise=exercise, actor=None)
    merging.take_off_list(first, exercise=exercise)


def test_the_same_questions_in_the_same_words_are_no_change(exercise):
    one = rounds_of(exercise)[0]
    found = between(one, open_next(exercise))
    assert found.nothing_changed
    assert [asked.number for asked in found.kept] == [1, 2, 3, 4, 5, 6]


def test_every_question_of_either_round_has_one_place(exercise):
    one = rounds_of(exercise)[0]
    reword(exercise, 2, "What helps with it, in clearer words?")
    join(exercise, 3, into=1)
    merging.new_question(exercise, text="What about sleep?", short="Sleep", actor=None)
    asked = {link.question_id for link, _wording in live_questions(exercise) if link.number not in {5, 6}}
    found = between(one, open_next(exercise, asked))
    assert [row.number for row in found.kept] == [1, 4]
    assert [(row.before.text, row.now.text, row.reason) for row in found.reworded] == [
        ("What helps with thing 2?", "What helps with it, in clearer words?", "Many could not judge it.")
    ]
    assert [(row.number, row.text, row.suggested) for row in found.new] == [(7, "What about sleep?", False)]
    assert [(row.question.number, row.why, row.into and row.into.number) for row in found.gone] == [
        (3, Leaving.MERGED, 1),
        (5, Leaving.OUT, None),
        (6, Leaving.NOT_ASKED, None),
    ]
    assert [row.question.number for row in found.merged] == [3]
    assert [row.question.number for row in found.left] == [5, 6]


def test_what_would_change_is_known_before_the_next_round_opens(exercise):
    one = rounds_of(exercise)[0]
    reword(exercise, 2, "What helps with it, in clearer words?")
    before = ahead(one)
    assert between(one, open_next(exercise)) == before
    assert [row.now.key for row in before.reworded] == ["Q2.2"]


def test_a_question_taken_off_the_list_without_words_is_withdrawn(app):
    made = finished.an_exercise_to_answer(questions=3)
    merging.new_question(made, text="Nobody asked this", short="Nobody", actor=None)
    finished.run_round(made, rounds_of(made)[0])
    merging.take_off_list(question(made, 4), exercise=made)
    found = ahead(rounds_of(made)[0])
    assert [(row.question.number, row.why) for row in found.gone] == [(4, Leaving.WITHDRAWN)]


def test_a_question_that_somebody_of_the_group_suggested_says_so(app):
    made = finished.an_exercise_to_answer(questions=3)
    new = []

    def with_a_suggestion(rng, panelist, keys):
        if not new:
            new.append(merging.new_question(made, text="What about sleep?", short="Sleep", actor=None))
            db.session.add(
                Suggestion(
                    round_id=rounds_of(made)[0].id,
                    ballot_key=b"k" * 32,
                    n=1,
                    text="Sleep?",
                    state=SuggestionState.TAKEN,
                    answer="We ask it.",
                    question_id=new[0].id,
                )
            )
        return finished.ratings(rng, panelist, keys)

    finished.run_round(made, rounds_of(made)[0], answer=with_a_suggestion)
    assert [(row.text, row.suggested) for row in ahead(rounds_of(made)[0]).new] == [("What about sleep?", True)]


def test_the_round_before_is_the_last_that_closed(exercise):
    one, two, three = rounds_of(exercise)
    assert (round_before(one), round_before(two), round_before(three)) == (None, one, one)


def test_joining_back_and_forth_leads_to_where_the_words_stand_now(exercise):
    one = rounds_of(exercise)[0]
    join(exercise, 3, into=1)
    join(exercise, 1, into=2)
    assert [(row.question.number, row.into.number) for row in ahead(one).merged] == [(1, 2), (3, 2)]


def test_texts_are_those_that_were_seen(exercise):
    one = rounds_of(exercise)[0]
    seen = {item.key: item.wording.text for item in items_of(one)}
    reword(exercise, 2, "Other words?")
    row = ahead(one).reworded[0]
    assert seen[row.before.key] == row.before.text


def test_a_question_that_was_asked_before_the_last_round_is_asked_again_and_not_new(exercise):
    asked = {link.question_id for link, _wording in live_questions(exercise) if link.number not in {5, 6}}
    last = open_next(exercise, asked)
    with clock.at(last.closes_at):
        rounds.close_round(last, actor=None)
    merging.new_question(exercise, text="What about sleep?", short="Sleep", actor=None)
    found = ahead(last)
    assert [row.number for row in found.again] == [5, 6]
    assert [row.number for row in found.new] == [7]
    assert not found.nothing_changed
