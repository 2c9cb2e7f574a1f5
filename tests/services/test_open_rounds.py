"""Open rounds: slips, codes made on the way, what a typed code opens, and erasing what was answered with one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from priority import clock, ids
from priority.errors import Gone, Invalid, NotFound, Stale, Unavailable
from priority.extensions import db, keys
from priority.models import Audit, Ballot, BallotSubmit, Outbox, Round, RoundGroup, Slip, StakeholderGroup
from priority.queries.open_rounds import answered_by_side, is_slip, open_to_all, round_for_all, slips_made
from priority.services import accounts, open_rounds, rounds, voting
from priority.services.voting import Guest
from priority.words import BallotState, ExerciseState, RoundKind, RoundState
from tests.factories import a_panelist, a_question, add, an_exercise

QUESTIONS = 4


@pytest.fixture
def exercise(app):
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    return exercise


def a_round(exercise, *, n=1, opened=True, **design):
    round_ = add(Round(exercise=exercise, n=n, kind=RoundKind.RATING, design={"access": "open", **design}))
    if opened:
        rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    return round_


@pytest.fixture
def round_(exercise):
    return a_round(exercise)


def save(round_, guest, value=7, base=None):
    return voting.save_page(round_, guest, {"Q1.1": value}, base=base)


def ballots():
    return db.session.query(Ballot).count()


# -- slips -----------------------------------------------------------------------------------------------------------
def test_slips_are_kept_as_hashes_alone_and_their_codes_nowhere(round_):
    codes = open_rounds.make_slips(round_, 24, actor=None)
    assert len(set(codes)) == 24
    assert {len(code) for code in codes} == {ids.CODE_LENGTH}
    assert {row.code_hash for row in db.session.query(Slip)} == {keys.fingerprint(code) for code in codes}
    assert slips_made(round_) == 24
    dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
    assert not [code for code in codes if code in dump or ids.spaced(code) in dump]
    line = db.session.query(Audit).filter_by(action="slips_made").one()
    assert line.body == {"round": 1, "slips": 24}


@pytest.mark.parametrize("count", [0, -1, 801])
def test_no_more_slips_than_can_be_printed(round_, count):
    with pytest.raises(Invalid):
        open_rounds.make_slips(round_, count, actor=None)


def test_there_is_an_end_to_the_slips_of_a_round(round_, monkeypatch):
    monkeypatch.setattr(open_rounds, "MOST_SLIPS", 10)
    open_rounds.make_slips(round_, 8, actor=None)
    with pytest.raises(Invalid):
        open_rounds.make_slips(round_, 3, actor=None)
    assert slips_made(round_) == 8


def test_slips_can_be_printed_before_the_round_opens_and_not_after_it_closed(exercise):
    round_ = a_round(exercise, opened=False)
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    with pytest.raises(Gone, match="not begun"):
        open_rounds.find(code)
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    assert open_rounds.find(code).guest.verified
    rounds.close_round(round_, actor=None, reason="Enough.")
    with pytest.raises(Stale):
        open_rounds.make_slips(round_, 1, actor=None)


def test_a_round_for_invited_people_has_no_slips(exercise):
    a_panelist(exercise)
    panel = a_round(exercise, access="panel")
    with pytest.raises(Stale):
        open_rounds.make_slips(panel, 8, actor=None)


def test_a_slip_is_one_ballot_however_it_is_typed(round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    spaced = ids.spaced(code)
    for n, typed in enumerate((code, code.upper(), spaced, f"  {spaced.upper()} ", spaced.replace("-", " ")), start=1):
        found = open_rounds.find(typed)
        guest = open_rounds.begin(round_, "patients", code=found.guest.code)
        assert guest.verified
        save(round_, guest, value=n)
        assert ballots() == 1
    assert json.loads(db.session.query(Ballot).one().answers) == {"Q1.1": 5}
    assert db.session.query(Ballot).one().verified


def test_a_slip_leaves_no_mark_that_it_was_used(round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    before = db.session.execute(text("SELECT * FROM slip")).all()
    save(round_, open_rounds.begin(round_, "patients", code=code))
    assert db.session.execute(text("SELECT * FROM slip")).all() == before


def test_the_group_of_the_first_answer_stays_whatever_a_second_device_says(round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    save(round_, open_rounds.begin(round_, "patients", code=code))
    assert open_rounds.find(code).guest.group == "patients"
    other = open_rounds.begin(round_, "nurses", code=code)
    assert other.group == "patients"
    save(round_, Guest(other.exercise_id, other.round_id, code, "nurses", verified=True), value=3)
    assert db.session.query(Ballot).one().group == "patients"


# -- codes that are typed --------------------------------------------------------------------------------------------
def test_a_code_made_on_the_way_is_found_once_something_is_saved(round_):
    guest = open_rounds.begin(round_, "patients")
    assert not guest.verified
    with pytest.raises(Invalid):
        open_rounds.find(guest.code)
    save(round_, guest)
    assert open_rounds.find(ids.spaced(guest.code).upper()).guest == guest
    assert not db.session.query(Ballot).one().verified


def test_beginning_writes_nothing(round_):
    before = db.session.execute(text("SELECT total_changes()")).scalar()
    open_rounds.begin(round_, "patients")
    assert db.session.execute(text("SELECT total_changes()")).scalar() == before


def test_a_poster_leads_to_its_exercise_and_to_nobodys_answers(exercise, round_):
    found = open_rounds.find(open_rounds.poster_code(exercise))
    assert (found.exercise, found.guest) == (exercise, None)
    other = an_exercise(exercise.organisation)
    assert open_rounds.poster_code(other) != open_rounds.poster_code(exercise)
    with pytest.raises(Invalid):
        open_rounds.find(open_rounds.poster_code(other))


@pytest.mark.parametrize(
    "typed", ["", "7kq2m", "7kq2m-x4p9d", "7kq2m-x4p9d-x", "uuuuu-uuuuu", "²" * 10, "ÅÄÖ" * 9, "'; DROP", "\x00" * 10]
)
def test_what_is_no_code_of_ours_is_refused_alike(round_, typed):
    with pytest.raises(Invalid, match="can't find that code"):
        open_rounds.find(typed)


def test_the_code_of_a_panelist_opens_no_open_round(exercise, round_):
    panelist = a_panelist(exercise)
    with pytest.raises(Invalid):
        open_rounds.find(accounts.code_of(panelist))


def test_a_code_belongs_to_its_round_and_exercise(exercise, round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    elsewhere = an_exercise(exercise.organisation, state=ExerciseState.ANSWERING)
    a_question(elsewhere, 1)
    other = a_round(elsewhere)
    guest = open_rounds.guest_with(other, code, "patients")
    assert not guest.verified
    assert not is_slip(other, keys.fingerprint(code))
    assert open_rounds.find(code).exercise == exercise
    with pytest.raises(NotFound):  # a guest of one exercise in a round of another
        save(other, open_rounds.guest_with(round_, code, "patients"))


def test_a_slip_of_the_round_before_is_refused_in_words(exercise, round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    save(round_, open_rounds.begin(round_, "patients", code=code))
    rounds.close_round(round_, actor=None, reason="Enough.")
    second = a_round(exercise, n=2)
    with pytest.raises(Gone, match="closed"):
        open_rounds.find(code)
    assert not open_rounds.begin(second, "patients", code=code).verified


def test_no_code_opens_a_round_past_its_end(round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    guest = open_rounds.begin(round_, "patients")
    save(round_, guest)
    with clock.at(round_.closes_at):
        for one in (code, guest.code):
            with pytest.raises(Gone, match="closed"):
                open_rounds.find(one)
        with pytest.raises(Stale):
            open_rounds.begin(round_, "patients")
        with pytest.raises(Stale):
            save(round_, guest, value=2)


def test_codes_stay_findable_where_another_exercise_has_lost_its_key(exercise, round_):
    guest = open_rounds.begin(round_, "patients")
    save(round_, guest)
    elsewhere = an_exercise(exercise.organisation, state=ExerciseState.ANSWERING)
    a_question(elsewhere, 1)
    a_round(elsewhere)
    keys.destroy_exercise_key(elsewhere.public_id)
    assert open_rounds.find(guest.code).guest == guest
    with pytest.raises(Unavailable):  # it may be a code of the one whose key is gone: nobody is told that it is wrong
        open_rounds.find("7kq2m-x4p9d")


def test_after_the_key_is_destroyed_a_browser_is_nobodys(exercise, round_):
    guest = open_rounds.begin(round_, "patients")
    save(round_, guest)
    rounds.close_round(round_, actor=None, reason="Enough.")
    assert open_rounds.carried(round_.public_id, guest.code, guest.group) == guest
    keys.destroy_exercise_key(exercise.public_id)
    exercise.key_destroyed_at = clock.now()
    assert open_rounds.carried(round_.public_id, guest.code, guest.group) is None
    with pytest.raises(Invalid):
        open_rounds.find(guest.code)


# -- beginning -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("group", ["researchers", "nobody", "", None])
def test_only_a_group_with_a_side_can_be_spoken_for(exercise, group):
    observers = {"key": "researchers", "name": "Researchers", "member": "A researcher", "position": 9}
    add(StakeholderGroup(exercise=exercise, side_id=None, **observers))
    round_ = a_round(exercise)
    with pytest.raises(Invalid):
        open_rounds.begin(round_, group)
    with pytest.raises(NotFound):  # nor where the cookie says so
        save(round_, open_rounds.guest_with(round_, open_rounds.new_code(), group or ""))
    assert ballots() == 0


def test_nobody_begins_in_a_round_for_invited_people(exercise):
    a_panelist(exercise)
    panel = a_round(exercise, access="panel")
    with pytest.raises(NotFound):
        open_rounds.begin(panel, "patients")
    with pytest.raises(NotFound):
        save(panel, Guest(exercise.id, panel.id, open_rounds.new_code(), "patients", verified=False))
    assert open_rounds.carried(panel.public_id, "0123456789", "patients") is None


def test_an_open_round_asks_nobody_by_name(exercise, round_):
    assert db.session.query(RoundGroup).count() == 0
    assert db.session.query(Outbox).count() == 0
    panelist = a_panelist(exercise)
    with pytest.raises(NotFound):
        save(round_, panelist)


def test_a_pilot_is_open_to_nobody(exercise):
    add(Round(exercise=exercise, n=1001, pilot=True, kind=RoundKind.RATING, design={"access": "open"}))
    assert open_to_all() == []
    assert round_for_all(exercise) is None


def test_which_round_people_are_led_to(exercise):
    assert round_for_all(exercise) is None
    first, second = a_round(exercise), a_round(exercise, n=2, opened=False)
    assert round_for_all(exercise) == first
    rounds.close_round(first, actor=None, reason="Enough.")
    assert round_for_all(exercise) == second
    rounds.open_round(second, closes_at=clock.now() + timedelta(days=7), actor=None)
    rounds.close_round(second, actor=None, reason="Enough.")
    assert round_for_all(exercise) == second
    assert second.state is RoundState.CLOSED


# -- counting and erasing --------------------------------------------------------------------------------------------
def test_how_many_have_answered_is_told_in_steps(round_):
    for number in range(7):
        guest = open_rounds.begin(round_, "patients" if number < 6 else "nurses")
        save(round_, guest)
    assert answered_by_side(round_, step=5) == [("People living with it", 5), ("Professionals", 0)]
    voting.take_back(round_, guest)
    assert answered_by_side(round_, step=1) == [("People living with it", 6), ("Professionals", 0)]


def test_taking_back_keeps_the_answers_and_does_not_count_them(round_):
    guest = open_rounds.begin(round_, "patients")
    save(round_, guest)
    voting.take_back(round_, guest)
    assert voting.own_ballot(round_, guest).state is BallotState.TAKEN_BACK
    save(round_, guest, value=2)
    assert voting.own_ballot(round_, guest).counts


def test_erasing_leaves_nothing_of_one_and_everything_of_others(round_):
    mine, others = open_rounds.begin(round_, "patients"), open_rounds.begin(round_, "patients")
    for guest in (mine, others):
        save(round_, guest)
        voting.submit(round_, guest, keys.fingerprint(guest.code))
    open_rounds.erase(round_, mine)
    assert voting.own_ballot(round_, mine) is None
    assert voting.own_ballot(round_, others).answers == {"Q1.1": 7}
    assert (ballots(), db.session.query(BallotSubmit).count()) == (1, 1)
    with pytest.raises(Invalid):
        open_rounds.find(mine.code)


def test_an_erased_slip_can_be_used_anew_and_is_still_one_ballot(round_):
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    guest = open_rounds.begin(round_, "patients", code=code)
    save(round_, guest)
    open_rounds.erase(round_, guest)
    again = open_rounds.begin(round_, "nurses", code=open_rounds.find(code).guest.code)
    save(round_, again)
    assert db.session.query(Ballot).one().group == "nurses"


def test_after_closing_nothing_is_erased(round_):
    guest = open_rounds.begin(round_, "patients")
    save(round_, guest)
    rounds.close_round(round_, actor=None, reason="Enough.")
    with pytest.raises(Stale):
        open_rounds.erase(round_, guest)
    assert ballots() == 1
