"""Answering: one ballot a person, replaceable until the round closes, and nothing written but answers."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from priority import clock
from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Ballot, BallotSubmit, RoundGroup
from priority.services import voting
from priority.services.answers import page_digest
from priority.words import BallotState, RoundKind
from tests.factories import a_panelist, an_exercise, an_open_round

pytestmark = pytest.mark.usefixtures("app")
NOTHING = page_digest({})


@pytest.fixture
def panelist():
    return a_panelist(an_exercise())


@pytest.fixture
def round_(panelist):
    return an_open_round(panelist.exercise)


@pytest.fixture
def ranking(panelist):
    return an_open_round(panelist.exercise, RoundKind.RANKING, n=3)


def page(**answers):
    """Answers by the number of the question: `page(q1=7)`."""
    return {f"{key.upper()}.1": answer for key, answer in answers.items()}


def rate(round_, panelist, base=None, **answers):
    return voting.save_page(round_, panelist, page(**answers), base=base)


@contextmanager
def written_tables():
    """Collects the table of every row that is written inside."""
    seen = []

    def note(_connection, _cursor, statement, *_more):
        words = statement.split()
        if words[0].upper() in {"INSERT", "UPDATE", "DELETE", "REPLACE"}:
            seen.append(words[1] if words[0].upper() == "UPDATE" else words[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_first_save_makes_a_ballot_that_counts(round_, panelist):
    own = rate(round_, panelist, NOTHING, q1=7, q2="cannot_judge", q3=None)
    assert own == voting.own_ballot(round_, panelist)
    assert own.answers == page(q1=7, q2="cannot_judge")
    assert own.counts
    assert own.state is BallotState.SAVED


def test_each_page_is_saved_beside_the_others(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    rate(round_, panelist, NOTHING, q2=3)
    assert voting.own_ballot(round_, panelist).answers == page(q1=7, q2=3)
    assert db.session.query(Ballot).count() == 1


def test_an_answer_can_be_taken_out(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7, q2=3)
    rate(round_, panelist, page_digest(page(q1=7, q2=3)), q1=None, q2=3)
    assert voting.own_ballot(round_, panelist).answers == page(q2=3)


def test_answers_changed_elsewhere_are_not_overwritten(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    with pytest.raises(voting.Conflict) as found:
        rate(round_, panelist, NOTHING, q1=2)
    assert (found.value.saved, found.value.typed) == (page(q1=7), page(q1=2))
    assert voting.own_ballot(round_, panelist).answers == page(q1=7)


def test_the_same_answers_twice_are_no_conflict(round_, panelist):
    assert rate(round_, panelist, NOTHING, q1=7) == rate(round_, panelist, NOTHING, q1=7)


def test_another_page_changed_elsewhere_is_no_conflict(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    rate(round_, panelist, NOTHING, q2=7)
    rate(round_, panelist, page_digest(page(q1=7)), q1=8)
    assert voting.own_ballot(round_, panelist).answers == page(q1=8, q2=7)


@pytest.mark.parametrize("answer", [0, 10, -1, 7.0, True, "7", "x", [], {}])
def test_what_is_no_answer_is_refused_and_nothing_is_saved(round_, panelist, answer):
    with pytest.raises(Invalid):
        rate(round_, panelist, NOTHING, q1=5, q2=answer)
    assert voting.own_ballot(round_, panelist) is None


def test_a_question_of_another_round_is_refused(round_, panelist):
    with pytest.raises(Invalid):
        rate(round_, panelist, NOTHING, q99=5)


def test_after_the_end_nothing_is_saved_sent_or_taken_back(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    with clock.at(round_.closes_at):
        for late in (
            lambda: rate(round_, panelist, NOTHING, q1=1),
            lambda: voting.submit(round_, panelist, b"k" * 32),
            lambda: voting.take_back(round_, panelist),
        ):
            with pytest.raises(Stale, match="What you had saved counts"):
                late()
    assert voting.own_ballot(round_, panelist).answers == page(q1=7)


def test_somebody_whom_the_round_does_not_ask_is_refused(round_):
    late = a_panelist(round_.exercise)
    with pytest.raises(NotFound):
        rate(round_, late, NOTHING, q1=7)
    assert db.session.query(Ballot).count() == 0


def test_an_observer_and_somebody_from_elsewhere_have_no_ballot(round_):
    for stranger in (a_panelist(round_.exercise, observer=True), a_panelist(an_exercise())):
        with pytest.raises(NotFound):
            voting.own_ballot(round_, stranger)


def test_sending_gives_a_receipt_and_the_same_key_the_same_receipt(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    receipt = voting.submit(round_, panelist, b"k" * 32)
    assert len(receipt) == 13
    assert voting.submit(round_, panelist, b"k" * 32) == receipt
    assert voting.submit(round_, panelist, b"l" * 32) != receipt
    assert voting.own_receipt(round_, panelist, b"k" * 32) == receipt
    assert db.session.query(BallotSubmit).count() == 2


def test_a_late_replay_gets_its_receipt_and_changes_nothing(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    receipt = voting.submit(round_, panelist, b"k" * 32)
    rate(round_, panelist, page_digest(page(q1=7)), q1=8)
    assert voting.submit(round_, panelist, b"k" * 32) == receipt
    assert voting.own_ballot(round_, panelist).state is BallotState.SAVED
    with clock.at(round_.closes_at + timedelta(days=1)):
        assert voting.submit(round_, panelist, b"k" * 32) == receipt


def test_somebody_elses_submit_key_gives_no_receipt(round_, panelist):
    other = a_panelist(round_.exercise)
    db.session.add(RoundGroup(round_id=round_.id, panelist_id=other.id, group_id=other.group_id))
    for who in (panelist, other):
        rate(round_, who, NOTHING, q1=7)
    voting.submit(round_, panelist, b"k" * 32)
    assert voting.own_receipt(round_, other, b"k" * 32) is None


def test_there_is_nothing_to_send_where_nothing_is_answered(round_, panelist):
    with pytest.raises(Invalid, match="no answers to send"):
        voting.submit(round_, panelist, b"k" * 32)


def test_there_is_nothing_to_send_where_every_answer_was_taken_out(round_, panelist, ranking):
    rate(round_, panelist, NOTHING, q1=7)
    rate(round_, panelist, page_digest(page(q1=7)), q1=None)
    voting.save_whole(ranking, panelist, {"piles": {}, "order": {}}, base=NOTHING)
    for one in (round_, ranking):
        with pytest.raises(Invalid, match="no answers to send"):
            voting.submit(one, panelist, b"k" * 32)


def test_what_was_taken_back_does_not_count_until_it_is_saved_again(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    voting.submit(round_, panelist, b"k" * 32)
    voting.take_back(round_, panelist)
    assert not voting.own_ballot(round_, panelist).counts
    assert voting.who_has_answered(round_) == set()
    assert rate(round_, panelist, page_digest(page(q1=7)), q1=7).counts
    assert voting.who_has_answered(round_) == {panelist.id}


def test_what_was_taken_back_counts_when_it_is_sent_again(round_, panelist):
    rate(round_, panelist, NOTHING, q1=7)
    voting.take_back(round_, panelist)
    voting.submit(round_, panelist, b"k" * 32)
    assert voting.own_ballot(round_, panelist).state is BallotState.SUBMITTED


def test_a_ranking_keeps_piles_and_places(ranking, panelist):
    piles = page(q1=1, q2=1, q3=2, q4="cannot_judge")
    own = voting.save_whole(ranking, panelist, {"piles": piles, "order": page(q2=1)}, base=NOTHING)
    assert own.answers == {"piles": piles, "order": page(q2=1)}


def test_two_versions_of_a_ranking_are_a_conflict(ranking, panelist):
    voting.save_whole(ranking, panelist, {"piles": page(q1=1), "order": page(q1=1)}, base=NOTHING)
    with pytest.raises(voting.Conflict) as found:
        voting.save_whole(ranking, panelist, {"piles": page(q1=2), "order": {}}, base=NOTHING)
    assert found.value.saved["order"] == page(q1=1)
    assert found.value.typed["piles"] == page(q1=2)


def test_the_ballots_of_one_person_have_the_same_key_in_every_round_and_no_mark_of_the_person(
    round_, ranking, panelist
):
    rate(round_, panelist, NOTHING, q1=7)
    voting.save_whole(ranking, panelist, {"piles": page(q1=1), "order": {}}, base=NOTHING)
    found = db.session.query(Ballot).all()
    assert {ballot.ballot_key for ballot in found} == {voting.own_key(panelist.exercise, panelist)}
    assert panelist.salt not in {ballot.ballot_key for ballot in found}


def test_answering_writes_ballots_and_submits_and_nothing_else(round_, ranking, panelist):
    db.session.commit()
    with written_tables() as tables:
        rate(round_, panelist, NOTHING, q1=7)
        rate(round_, panelist, page_digest(page(q1=7)), q1=8)
        voting.submit(round_, panelist, b"k" * 32)
        voting.submit(round_, panelist, b"k" * 32)
        voting.take_back(round_, panelist)
        voting.save_whole(ranking, panelist, {"piles": page(q1=1), "order": page(q1=1)}, base=NOTHING)
        db.session.commit()
    assert set(tables) == {"ballot", "ballot_submit"}


def test_the_collector_of_written_tables_notices_another_table(panelist):
    with written_tables() as tables:
        panelist.locale = "sv"
        db.session.flush()
    assert tables == ["panelist"]


def test_a_page_left_untouched_is_no_answer(round_, panelist):
    assert not rate(round_, panelist, q1=None, q2=None).counts
    assert voting.own_ballot(round_, panelist) is None
    assert voting.who_has_answered(round_) == set()


def test_a_ballot_whose_answers_were_all_taken_out_does_not_count(round_, panelist):
    rate(round_, panelist, q1=7)
    assert not rate(round_, panelist, q1=None).counts
    assert voting.who_has_answered(round_) == set()
    assert rate(round_, panelist, q2=3).counts
