"""Reasons: asked of few, never required, kept apart, and released together after somebody has read them."""

from __future__ import annotations

import pytest

from priority import clock
from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Audit, Reason
from priority.queries.reasons import given, own_reasons, released
from priority.services import reasons, rounds, voting
from priority.services.reasons import Why
from priority.words import ReasonSide, ReviewState
from tests.factories import a_panelist, an_exercise, an_open_round
from tests.services.test_voting import written_tables

pytestmark = pytest.mark.usefixtures("app")
HIGH, LOW = ReasonSide.HIGH, ReasonSide.LOW


@pytest.fixture
def panelist():
    return a_panelist(an_exercise())


@pytest.fixture
def round_(panelist):
    return an_open_round(panelist.exercise, design={"feedback": True, "reasons": True})


def asked(round_, last, now, *, middle=None, own_key=b"k" * 32):
    return reasons.asked(round_, own_key, "Q1.1", last=last, now=now, middle=middle)


@pytest.mark.parametrize(
    ("last", "now", "why"),
    [
        (6, 7, Why(changed=True, side=HIGH)),
        (3, 4, Why(changed=True, side=HIGH)),
        (9, 6, Why(changed=True, side=LOW)),
        (9, 1, Why(changed=True, side=LOW)),
        (7, 9, None),  # within its band
        (None, 9, None),  # no last answer
        (9, None, None),
        ("cannot_judge", 9, None),
        (9, "cannot_judge", None),
    ],
)
def test_who_crosses_a_band_is_asked(round_, last, now, why):
    assert asked(round_, last, now) == why


def test_about_a_quarter_of_those_who_differ_and_stay_are_asked_always_the_same(round_):
    people = [f"somebody {n}".encode() for n in range(2000)]
    drawn = [asked(round_, 8, 9, middle=5, own_key=who) for who in people]
    share = sum(one is not None for one in drawn) / len(people)
    print(f"\n{share:.1%} of those who differ and stay are asked")
    assert 0.21 < share < 0.29  # four standard deviations around a quarter
    assert drawn == [asked(round_, 8, 9, middle=5, own_key=who) for who in people]
    assert {one for one in drawn if one} == {Why(changed=False, side=HIGH)}


def test_who_agrees_with_the_middle_of_their_side_or_cannot_see_it_is_not_asked(round_):
    people = [f"somebody {n}".encode() for n in range(200)]
    assert not any(asked(round_, 8, 9, middle=7, own_key=who) for who in people)
    assert not any(asked(round_, 8, 9, middle=None, own_key=who) for who in people)


def test_a_round_that_asks_for_no_reasons_asks_nobody(panelist):
    plain = an_open_round(panelist.exercise, design={"feedback": True})
    assert asked(plain, 1, 9) is None


def test_a_scale_without_bands_asks_nobody(panelist):
    criteria = an_open_round(panelist.exercise, design={"reasons": True, "scale": "chnri"})
    assert asked(criteria, 0, 1) is None


def test_a_reason_can_be_written_changed_and_taken_away(round_, panelist):
    own_key = voting.own_key(round_.exercise, panelist)
    reasons.give(round_, panelist, "Q1.1", "  It keeps me awake.\r\n", side=HIGH)
    assert own_reasons(round_, own_key) == {"Q1.1": (HIGH, "It keeps me awake.")}
    reasons.give(round_, panelist, "Q1.1", "There are pills.", side=LOW)
    assert own_reasons(round_, own_key) == {"Q1.1": (LOW, "There are pills.")}
    reasons.give(round_, panelist, "Q1.1", " ", side=LOW)
    assert own_reasons(round_, own_key) == {}


def test_giving_a_reason_writes_it_and_nothing_else(round_, panelist):
    with written_tables() as tables:
        reasons.give(round_, panelist, "Q1.1", "So.", side=HIGH)
        reasons.give(round_, panelist, "Q1.1", "Or so.", side=HIGH)
        reasons.give(round_, panelist, "Q1.1", "", side=HIGH)
    assert set(tables) == {"reason"}


def test_what_cannot_be_kept_is_refused(round_, panelist):
    with pytest.raises(NotFound):
        reasons.give(round_, panelist, "Q99.1", "So.", side=HIGH)
    with pytest.raises(Invalid):
        reasons.give(round_, panelist, "Q1.1", "x" * (reasons.LONGEST + 1), side=HIGH)
    with clock.at(round_.closes_at), pytest.raises(Stale):
        reasons.give(round_, panelist, "Q1.1", "So.", side=HIGH)
    assert db.session.query(Reason).count() == 0


# -- reading and releasing -------------------------------------------------------------------------------------------
@pytest.fixture
def closed(round_, panelist):
    """Four people gave a reason; one of them took their answers back."""
    everybody = [panelist, a_panelist(round_.exercise, "nurses"), *(a_panelist(round_.exercise) for _one in range(2))]
    for one in everybody[1:]:
        rounds.join_late(round_, one)
    texts = [("I live with it.", HIGH), ("There are pills.", LOW), ("My name is Ada.", HIGH), ("Taken back.", HIGH)]
    for one, (text, side) in zip(everybody, texts, strict=True):
        voting.save_page(round_, one, {"Q1.1": 9}, base=None)
        reasons.give(round_, one, "Q1.1", text, side=side)
    voting.take_back(round_, everybody[3])
    with clock.at(round_.closes_at):
        rounds.close_round(round_, actor=None)
    return round_


def test_while_the_round_is_open_nobody_reads_a_reason(round_, panelist):
    voting.save_page(round_, panelist, {"Q1.1": 9}, base=None)
    reasons.give(round_, panelist, "Q1.1", "So.", side=HIGH)
    with pytest.raises(PermissionError):
        given(round_)
    with pytest.raises(Stale):
        reasons.release(round_, withheld=(), actor=None)


def test_nothing_is_seen_before_it_is_released_and_then_all_at_once(closed):
    assert released(closed) == {}
    waiting = given(closed)
    assert {one.text for one in waiting} == {"I live with it.", "There are pills.", "My name is Ada."}
    withheld = [one.handle for one in waiting if "Ada" in one.text]
    assert reasons.release(closed, withheld=withheld, actor=None) == 2
    said = released(closed)["Q1.1"]
    assert (said.high, said.low) == (("I live with it.",), ("There are pills.",))
    line = db.session.query(Audit).filter_by(action="reasons_released").one()
    assert line.body == {"round": 1, "released": 2, "withheld": 1}
    assert {one.state for one in given(closed)} == {ReviewState.RELEASED, ReviewState.WITHHELD}
    with pytest.raises(Stale):
        reasons.release(closed, withheld=(), actor=None)


def test_a_reason_beside_answers_that_were_taken_back_is_never_released(closed):
    reasons.release(closed, withheld=(), actor=None)
    everything = released(closed)["Q1.1"]
    assert "Taken back." not in (*everything.high, *everything.low)
    assert db.session.query(Reason).filter_by(text="Taken back.").one().state is ReviewState.WAITING


def test_one_side_alone_can_be_asked_for(closed):
    reasons.release(closed, withheld=(), actor=None)
    assert released(closed, side="professionals")["Q1.1"].low == ("There are pills.",)
    assert released(closed, side="professionals")["Q1.1"].high == ()


def test_a_handle_names_nobody_and_tells_no_order(closed):
    handles = {one.handle for one in given(closed)}
    keys = {row.ballot_key.hex() for row in db.session.query(Reason)}
    assert len(handles) == 3
    assert not any(handle in key or key.startswith(handle) for handle in handles for key in keys)
