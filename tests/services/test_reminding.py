"""Reminders: only to those not finished, by group, once a day, and leaving no trace of whom they reached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from priority import clock
from priority.adapters import mail
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Audit, Outbox, Panelist
from priority.services import panels, protocols, reminding, rounds, sweeping, turnout, voting
from priority.words import MailState, RoundKind, RoundState
from tests.factories import a_panelist, an_exercise, an_open_round

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def exercise():
    one = an_exercise()
    for key, n in (("patients", 12), ("carers", 3), ("nurses", 10)):
        for _one in range(n):
            a_panelist(one, key)
    return one


def of(exercise, key):
    return [one for one in db.session.query(Panelist).order_by(Panelist.id) if one.group.key == key]


def answer(round_, people, *, whole=True, sent=False):
    keys = voting.item_keys(round_)
    for one in people:
        voting.save_page(round_, one, dict.fromkeys(keys if whole else keys[:1], 7), base=None)
        if sent:
            voting.submit(round_, one, one.salt)


def reached():
    return {row.panelist_id for row in db.session.query(Outbox).filter_by(template="reminder")}


def test_who_answered_everything_or_sent_it_or_took_it_back_is_left_in_peace(exercise):
    round_ = an_open_round(exercise, questions=3)
    patients = of(exercise, "patients")
    answer(round_, patients[:4])
    answer(round_, patients[4:6], whole=False, sent=True)
    answer(round_, patients[6:8], whole=False)
    answer(round_, patients[8:9], whole=False)
    voting.take_back(round_, patients[8])
    panels.deactivate(patients[9], None)
    reminding.remind(round_, {"patients"}, actor=None)
    assert reached() == {one.id for one in [*patients[6:8], *patients[10:]]}


def test_a_reminder_goes_to_groups_or_to_all_and_never_to_those_who_look_on(exercise):
    a_panelist(exercise, "nurses", observer=True)
    round_ = an_open_round(exercise, questions=3)
    assert reminding.remind(round_, set(), actor=None, send=False) == 25
    assert reached() == set()
    assert reminding.remind(round_, {"nurses"}, actor=None) == 10
    assert reached() == {one.id for one in of(exercise, "nurses") if not one.observer}
    with clock.at(clock.now() + timedelta(days=1)):
        reminding.remind(round_, set(), actor=None)
    assert db.session.query(Outbox).filter_by(template="reminder").count() == 35


def test_a_group_of_few_is_not_named_and_counts_come_in_steps(exercise):
    round_ = an_open_round(exercise, questions=3)
    answer(round_, of(exercise, "patients")[:3])
    assert [(one.key, one.asked, one.step) for one in reminding.audiences(round_)] == [
        ("", 25, 20),
        ("patients", 12, 5),
        ("nurses", 10, 10),
    ]
    with pytest.raises(Invalid, match="Choose one of the groups"):
        reminding.remind(round_, {"carers"}, actor=None)


@pytest.mark.parametrize("done", [True, False])
def test_deactivating_somebody_does_not_show_whether_they_had_finished(exercise, done):
    round_ = an_open_round(exercise, questions=3)
    patients = of(exercise, "patients")
    answer(round_, patients[:2])  # ten wait: one fewer would be another step
    before = reminding.audiences(round_)
    panels.deactivate(patients[0 if done else 2], None)
    assert reminding.audiences(round_) == before
    reminding.remind(round_, {"patients"}, actor=None)
    assert len(reached()) == (10 if done else 9)


def test_one_reminder_a_day(exercise):
    round_ = an_open_round(exercise, questions=3)
    reminding.remind(round_, {"nurses"}, actor=None)
    with pytest.raises(Stale, match="less than a day ago"):
        reminding.remind(round_, {"patients"}, actor=None)
    with clock.at(clock.now() + timedelta(hours=21)):
        reminding.remind(round_, {"patients"}, actor=None)


def test_none_goes_out_before_after_or_where_nobody_is_asked_by_name(exercise):
    planned = rounds.plan(exercise)[0]
    with pytest.raises(Stale, match="while a round is open"):
        reminding.remind(planned, set(), actor=None)
    round_ = an_open_round(exercise, n=11, questions=3, design={"access": "open"})
    with pytest.raises(Stale, match="open to all"):
        reminding.remind(round_, set(), actor=None)
    with clock.at(round_.closes_at), pytest.raises(Stale, match="while a round is open"):
        reminding.remind(round_, set(), actor=None)


def test_the_log_names_groups_and_no_number_and_no_person(exercise):
    round_ = an_open_round(exercise, questions=3)
    reminding.remind(round_, {"nurses"}, actor=None)
    line = db.session.query(Audit).filter_by(action="reminded").one()
    assert line.body == {"round": 1, "groups": ["nurses"]}


def test_whom_a_letter_reached_is_forgotten_once_it_has_left_and_at_the_latest_at_closing(exercise):
    round_ = an_open_round(exercise, questions=3)
    reminding.remind(round_, {"nurses"}, actor=None)
    rows = db.session.query(Outbox).filter_by(template="reminder").order_by(Outbox.id).all()
    rows[0].state, rows[1].state = MailState.SENT, MailState.FAILED
    db.session.commit()
    sweeping.sweep()
    assert db.session.query(Outbox).filter_by(template="reminder").count() == 9
    with clock.at(round_.closes_at):
        sweeping.sweep()
    assert round_.state is RoundState.CLOSED
    assert db.session.execute(text("SELECT count(*) FROM outbox WHERE template = 'reminder'")).scalar() == 0


def test_the_letter_hurries_nobody_and_carries_the_digest_of_the_rules(exercise):
    round_ = an_open_round(exercise, RoundKind.RATING, questions=3)
    reminding.remind(round_, {"nurses"}, actor=None)
    letter = mail.render(db.session.query(Outbox).filter_by(template="reminder").first())
    digest = protocols.current(exercise).digest
    for body in (letter.text, letter.html):
        assert digest in body
        assert "nothing more to do. Thank you." in body
        for hurry in ("not finished", "last chance", "have not answered", "reminder"):
            assert hurry not in body.casefold()
    assert letter.subject.startswith("You can still answer, until ")


# -- turnout -----------------------------------------------------------------------------------------------------------
def test_turnout_by_group_comes_in_steps_and_leaves_small_groups_out(exercise):
    round_ = an_open_round(exercise, questions=3)
    answer(round_, of(exercise, "patients")[:7])
    answer(round_, of(exercise, "carers"))
    answer(round_, of(exercise, "nurses")[:4])
    assert [(one.key, one.asked, one.answered) for one in turnout.by_group(round_)] == [
        ("patients", 12, 5),
        ("nurses", 10, None),
    ]
    assert [one.key for one in turnout.by_group(round_, least=12)] == ["patients"]


def test_a_quiet_group_is_one_whose_most_lies_below_what_all_have_at_least():
    exercise = an_exercise()
    for key in ("patients", "nurses", "doctors"):
        for _one in range(20):
            a_panelist(exercise, key)
    round_ = an_open_round(exercise, questions=3)
    assert not any(one.is_quiet for one in turnout.by_group(round_))
    answer(round_, of(exercise, "patients"))
    answer(round_, of(exercise, "nurses")[:18])
    answer(round_, of(exercise, "doctors")[:4])
    assert [(one.key, one.is_quiet) for one in turnout.by_group(round_)] == [
        ("patients", False),
        ("nurses", False),
        ("doctors", True),
    ]
    answer(round_, of(exercise, "doctors")[4:16])
    assert not any(one.is_quiet for one in turnout.by_group(round_))
