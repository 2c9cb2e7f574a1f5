"""What others answered, read from the closed round before: as it was stored, and only then."""

from __future__ import annotations

import pytest

from priority import clock
from priority.extensions import db
from priority.queries.answering import asked_rounds, questions_for, receipt_of
from priority.queries.feedback import feedback_of, previous_rating
from priority.services import rounds, voting
from priority.words import RoundKind
from tests.factories import a_panelist, an_exercise, an_open_round

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def panelists():
    exercise = an_exercise()
    return [a_panelist(exercise, group) for group, n in (("patients", 6), ("nurses", 5)) for _ in range(n)]


@pytest.fixture
def rated(panelists):
    """A closed round: everybody gave the first question 1 to 6 or 5, all gave the second 8, one answered the third."""
    round_ = an_open_round(panelists[0].exercise, questions=3)
    for number, somebody in enumerate(panelists, start=1):
        answers = {"Q1.1": min(number, 6), "Q2.1": 8} | ({"Q3.1": 9} if number == 1 else {})
        voting.save_page(round_, somebody, answers, base=None)
    with clock.at(round_.closes_at):
        rounds.close_round(round_, actor=None)
    db.session.commit()
    return round_


def test_sides_come_first_and_each_row_says_how_many_and_how(rated):
    rows = feedback_of(rated)["Q1.1"].rows
    assert [(row.kind, row.key, row.n) for row in rows] == [
        ("side", "lived", 6),
        ("side", "professionals", 5),
        ("group", "patients", 6),
        ("group", "nurses", 5),
    ]
    assert rows[0].histogram == (1, 1, 1, 1, 1, 1, 0, 0, 0)
    assert (rows[0].median, rows[0].bands, rows[0].high) == (3.5, (3, 3, 0), 0)


def test_few_who_all_agree_are_read_as_a_band(rated):
    row = feedback_of(rated)["Q2.1"].rows[0]
    assert (row.histogram, row.median, row.bands) == (None, None, (0, 0, 6))


def test_what_may_not_be_shown_is_named_with_its_reason(rated):
    feedback = feedback_of(rated)["Q3.1"]
    assert feedback.rows == ()
    assert [(one.key, one.why) for one in feedback.hidden] == [("lived", "few"), ("professionals", "few")]


def test_an_open_round_has_no_feedback(panelists):
    round_ = an_open_round(panelists[0].exercise)
    voting.save_page(round_, panelists[0], {"Q1.1": 7}, base=None)
    assert feedback_of(round_) == {}


def test_the_round_before_is_the_last_closed_rating_of_the_same_exercise(rated):
    exercise = rated.exercise
    second = an_open_round(exercise, n=2)
    third = an_open_round(exercise, RoundKind.RANKING, n=3)
    assert previous_rating(rated) is None
    assert previous_rating(second) is rated
    assert previous_rating(third) is rated  # the second has not closed
    assert previous_rating(an_open_round(an_exercise(), n=2)) is None


def test_somebody_is_asked_only_by_rounds_that_copied_their_group(rated, panelists):
    late = a_panelist(rated.exercise)
    assert asked_rounds(late) == []
    assert asked_rounds(panelists[0]) == [rated]


def test_questions_stay_in_their_blocks_whatever_the_lot(rated):
    exercise = rated.exercise
    round_ = rounds.Round(exercise=exercise, n=2, kind=RoundKind.RATING)
    db.session.add(round_)
    db.session.flush()
    for position, item in enumerate(rated.items, start=1):
        block = 1 if position == 3 else 2
        added = type(item)(round_id=round_.id, wording_id=item.wording_id, key=item.key, position=position, block=block)
        db.session.add(added)
    db.session.flush()
    orders = {tuple(item.key for item in questions_for(round_, bytes([n]) * 32)) for n in range(12)}
    assert {order[0] for order in orders} == {"Q3.1"}
    assert len(orders) == 2


def test_a_receipt_is_read_only_while_the_answers_stand_as_they_were_sent(panelists):
    somebody = panelists[0]
    round_ = an_open_round(somebody.exercise)
    key = voting.own_key(round_.exercise, somebody)
    voting.save_page(round_, somebody, {"Q1.1": 7}, base=None)
    assert receipt_of(round_, key) is None
    assert voting.submit(round_, somebody, b"k" * 32) == receipt_of(round_, key)
    voting.save_page(round_, somebody, {"Q1.1": 8}, base=None)
    assert receipt_of(round_, key) is None
