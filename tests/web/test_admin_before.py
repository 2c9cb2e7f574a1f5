"""The pages before and during a round: dates, reminders, trials, and whether the design will work."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from priority import clock
from priority.extensions import db
from priority.models import Outbox, Panelist
from priority.moments import typed
from priority.services import consent, designs, pilots, protocols, rounds, scheduling, voting
from priority.words import ExerciseState, Purpose, RoleName, RoundKind, RoundState
from tests.factories import a_panelist, a_person, a_question
from tests.web.coordinating import a_planned_exercise

pytestmark = pytest.mark.usefixtures("coordinator")


@pytest.fixture
def exercise(app):
    return a_planned_exercise()


@pytest.fixture
def coordinator(exercise, client, sign_in):
    person = a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise)
    sign_in(client, person)
    return person


def at(exercise, *rest):
    return "/".join(["/staff/e", exercise.public_id, *map(str, rest)])


def in_days(exercise, days):
    return typed(clock.now() + timedelta(days=days), exercise.time_zone).strftime("%Y-%m-%dT%H:%M")


def opened(exercise, people=0):
    for number in range(people):
        a_panelist(exercise, ("patients", "clinicians")[number % 2])
    first = rounds.plan(exercise)[0]
    rounds.open_round(first, closes_at=clock.now() + timedelta(days=5), actor=None)
    return first


# -- dates -------------------------------------------------------------------------------------------------------------
def test_a_round_gets_dates_by_the_clock_of_the_exercise_and_loses_them(client, exercise):
    path = at(exercise, "rounds", 1, "dates")
    assert "Let it open by itself" in client.get(path).text
    data = {"opens_at": in_days(exercise, 2), "until": in_days(exercise, 9)}
    assert client.send(path, data).status_code == 303
    first = rounds.plan(exercise)[0]
    assert typed(first.opens_at, exercise.time_zone).strftime("%Y-%m-%dT%H:%M") == data["opens_at"]
    assert "It opens by itself" in client.get(at(exercise, "rounds", 1)).text
    assert "opens by itself on" in client.get(at(exercise)).text
    assert client.send(at(exercise, "rounds", 1, "no-dates")).status_code == 303
    assert first.opens_at is None
    assert client.send(at(exercise, "rounds", 1, "no-dates")).status_code == 409


@pytest.mark.parametrize(
    ("opens", "until", "words"),
    [(-1, 5, "still to come"), (5, 5, "end after it has begun"), (5, 4, "end after it has begun")],
)
def test_dates_that_cannot_be_are_refused_in_words(client, exercise, opens, until, words):
    data = {"opens_at": in_days(exercise, opens), "until": in_days(exercise, until)}
    answer = client.send(at(exercise, "rounds", 1, "dates"), data)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_hour_that_the_clocks_leave_out_is_refused(client, exercise):
    data = {"opens_at": "2031-03-30T02:30", "until": "2031-04-30T10:00"}
    answer = client.send(at(exercise, "rounds", 1, "dates"), data)
    assert answer.status_code == 422
    assert "no such hour" in answer.text


def test_the_coordinator_is_told_beforehand_that_a_round_will_not_open(client, exercise, sign_in):
    for somebody in db.session.query(Panelist):
        somebody.active = False
    data = {"opens_at": in_days(exercise, 2), "until": in_days(exercise, 9)}
    client.send(at(exercise, "rounds", 1, "dates"), data)
    for page in (at(exercise), at(exercise, "rounds", 1), at(exercise, "rounds", 1, "dates")):
        assert "Nobody is invited to answer yet." in client.get(page).text
    with clock.at(rounds.plan(exercise)[0].opens_at):
        scheduling.open_due()
        sign_in(client, a_person(exercise.organisation, RoleName.COORDINATOR))
        assert "should have opened by itself" in client.get(at(exercise)).text


def test_an_open_round_has_no_dates_to_set(client, exercise):
    opened(exercise)
    assert "It has opened" in client.get(at(exercise, "rounds", 1, "dates")).text
    data = {"opens_at": in_days(exercise, 2), "until": in_days(exercise, 9)}
    assert client.send(at(exercise, "rounds", 1, "dates"), data).status_code == 409


# -- reminders ---------------------------------------------------------------------------------------------------------
def test_the_page_says_about_how_many_and_the_letters_go_to_the_group(client, exercise):
    first = opened(exercise, people=22)  # and one of each group that the exercise begins with
    patients = [one for one in db.session.query(Panelist) if one.group.key == "patients"]
    for one in patients[:7]:
        voting.save_page(first, one, dict.fromkeys(voting.item_keys(first), 8), base=None)
    path = at(exercise, "rounds", 1, "remind")
    text = client.get(path).text
    assert "5 or more" in text
    assert "5 to 9" in text
    assert client.send(path, {"groups": ["patients"]}).status_code == 303
    reached = {row.panelist_id for row in db.session.query(Outbox).filter_by(template="reminder")}
    assert reached == {one.id for one in patients[7:]}
    assert client.send(path, {"groups": ["patients"]}).status_code == 409
    assert "less than a day ago" in client.get(path).text


def test_a_group_that_is_not_there_is_refused(client, exercise):
    opened(exercise, people=12)
    assert client.send(at(exercise, "rounds", 1, "remind"), {"groups": ["plumbers"]}).status_code == 422


def test_a_planned_round_has_nobody_to_remind(client, exercise):
    assert "while a round is open" in client.get(at(exercise, "rounds", 1, "remind")).text
    assert client.send(at(exercise, "rounds", 1, "remind")).status_code == 409


def test_a_quiet_group_is_named_on_the_page_of_the_round(client, exercise):
    first = opened(exercise, people=40)
    for one in db.session.query(Panelist):
        if one.group.key == "patients":
            voting.save_page(first, one, {"Q1.1": 8}, base=None)
    for page in (at(exercise, "rounds", 1), at(exercise)):
        text = client.get(page).text
        assert "One group is quiet: Nurses, doctors, physiotherapists." in text
    assert "telephone call" in client.get(at(exercise, "rounds", 1, "remind")).text


# -- trials ------------------------------------------------------------------------------------------------------------
def test_a_trial_is_opened_closed_and_computed_from_never(client, exercise):
    path = at(exercise, "rounds", 1, "trial")
    somebody = db.session.query(Panelist).first()
    assert client.send(path, {"closes_at": in_days(exercise, 3)}).status_code == 422
    data = {"closes_at": in_days(exercise, 3), "people": [somebody.public_id]}
    assert client.send(path, data).status_code == 303
    assert "1 person is asked." in client.get(path).text
    pilot = pilots.pilots_of(exercise)[0]
    assert client.send(at(exercise, "rounds", pilot.n, "close-trial")).status_code == 303
    assert pilot.state is RoundState.CLOSED
    assert "0 results were computed from it." in client.get(path).text
    assert client.send(at(exercise, "rounds", 1, "close-trial")).status_code == 404
    assert client.get(at(exercise, "rounds", 4, "trial")).status_code == 404


def test_somebody_answers_a_trial_on_the_real_pages_and_is_told_that_it_is_one(client, exercise, sign_in):
    somebody = db.session.query(Panelist).first()
    soon = clock.now() + timedelta(days=1)
    pilot = pilots.open_pilot(exercise, 1, people=[somebody.public_id], closes_at=soon, actor=None)
    consent.give(somebody, {Purpose.TAKE_PART})
    sign_in(client, somebody)
    page = client.get(f"/answer/{pilot.n}/page/1")
    assert page.status_code == 200
    assert "This is a trial" in page.text
    pilots.close_pilot(pilot, actor=None)
    assert client.get(f"/answer/{pilot.n}/page/1").status_code == 404


# -- the design --------------------------------------------------------------------------------------------------------
def test_the_page_of_the_design_says_what_it_takes_for_granted_and_changes_nothing(client, exercise):
    text = client.get(at(exercise, "design")).text
    for words in ("Will this design work?", "What this takes for granted", "with the seed"):
        assert words in text
    query = "people-patients=9&people-carers=6&people-clinicians=8&people-social_workers=7"
    text = client.get(at(exercise, "design") + f"?{query}&questions=40&response=70&cannot_judge=5&seconds=30").text
    assert "20 minutes" in text
    assert 'value="70"' in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("questions=1", "2"),
        ("questions=many", "whole number"),
        ("people-patients=0&people-carers=0", "Each side needs somebody"),
        ("people-patients=-1", "0"),
        ("people-patients=99999999999999999999", "1000"),
        ("response=0", "1"),
    ],
)
def test_a_plan_that_cannot_be_is_said_at_its_field(client, exercise, change, words):
    plan = {"people-patients": 9, "people-carers": 6, "people-clinicians": 8, "people-social_workers": 7}
    plan |= {"questions": 40, "response": 70, "cannot_judge": 5, "seconds": 30}
    plan |= dict(part.split("=") for part in change.split("&"))
    answer = client.get(at(exercise, "design"), query_string=plan)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert words in answer.text


def test_close_wordings_are_named(client, exercise):
    assert "1.</b> What helps with number 1?" in client.get(at(exercise, "design")).text


def test_nobody_else_comes_near(client, exercise, sign_in):
    sign_in(client, a_person(exercise.organisation, RoleName.MODERATOR, exercise=exercise))
    for path in ("rounds/1/dates", "rounds/1/remind", "rounds/1/trial", "design"):
        assert client.get(at(exercise, path)).status_code == 404, path
    for path in ("rounds/1/dates", "rounds/1/no-dates", "rounds/1/remind", "rounds/1/trial", "rounds/1/close-trial"):
        assert client.send(at(exercise, path)).status_code == 404, path


# -- looking at a round ------------------------------------------------------------------------------------------------
def everything():
    tables = [table for table in db.metadata.tables if table not in {"session", "limit"}]
    return {table: db.session.execute(text(f'SELECT * FROM "{table}"')).fetchall() for table in tables}


@pytest.mark.parametrize("kind", ["rating", "ranking", "choose", "best_worst"])
def test_a_round_of_each_kind_is_looked_at_and_nothing_of_it_stays(client, exercise, kind):
    for number in range(4, 15):
        a_question(exercise, number)
    body = protocols.current(exercise).body
    design = designs.starting(RoundKind(kind))
    protocols.set_body(exercise, body | {"rounds": [{"kind": "rating"}, design]})
    db.session.commit()
    before = everything()
    page = client.get(at(exercise, "rounds", 2, "preview"))
    assert page.status_code == 200
    assert "This is how those who answer see round 2." in page.text
    assert "What helps with number" in page.text
    assert "<form" not in page.text
    assert 'href="/answer' not in page.text
    assert "autosave.js" not in page.text
    assert page.text.count("<h1") == 1
    assert everything() == before
    after_the_last = client.get(at(exercise, "rounds", 2, "preview", 99))
    assert after_the_last.status_code == 303
    assert everything() == before


def test_each_question_stands_on_one_page_of_a_look(client, exercise):
    for number in range(4, 15):
        a_question(exercise, number)
    asked = [
        set(re.findall(r"What helps with number \d+\?", client.get(at(exercise, "rounds", 1, "preview", page)).text))
        for page in (1, 2, 3)
    ]
    assert [len(one) for one in asked] == [6, 6, 2]
    assert len(set.union(*asked)) == 14


def test_a_round_that_cannot_be_looked_at_yet_says_why(client, exercise):
    exercise.state = ExerciseState.ASKING
    page = client.get(at(exercise, "rounds", 1, "preview"))
    assert page.status_code == 200
    assert "First the questions must be collected and sorted." in page.text
    assert client.get(at(exercise, "rounds", 9, "preview")).status_code == 200
    assert client.get(at(exercise)).status_code == 200
