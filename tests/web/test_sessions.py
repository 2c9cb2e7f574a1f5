"""How long a browser stays signed in, what ends it, and that nobody slips into somebody else's place."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from priority import clock, ids
from priority.extensions import db
from priority.models import Contributor, Person, Proposal, Role, Session
from priority.services import accounts, panels
from priority.web.sessions import new_secret
from priority.words import ExerciseState, RoleName
from tests.world import World, a_place, a_world

if TYPE_CHECKING:
    from flask import Flask

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(app: Flask) -> World:
    return a_world()


# -- how long --------------------------------------------------------------------------------------------------------
def test_staff_who_work_stay_signed_in_for_twelve_hours_and_no_longer(client, sign_in, world):
    sign_in(client, world.people["moderator"])
    begun, queue = clock.now(), f"/staff/e/{world.own.exercise.public_id}/queue"
    for minutes in range(25, 12 * 60, 25):
        with clock.at(begun + minutes * MINUTE):
            assert client.get(queue).status_code == 200, minutes
    with clock.at(begun + 12 * 60 * MINUTE):
        assert client.get(queue).status_code == 303


def test_staff_who_are_away_for_half_an_hour_are_asked_again(client, sign_in, world):
    sign_in(client, world.people["moderator"])
    with clock.at(clock.now() + 31 * MINUTE):
        assert client.get("/staff").status_code == 303


def test_looking_again_within_five_minutes_writes_nothing(client, sign_in, world):
    sign_in(client, world.people["moderator"])
    before = db.session.query(Session.last_seen_at).scalar()
    with clock.at(clock.now() + 4 * MINUTE):
        client.get("/staff")
    assert db.session.query(Session.last_seen_at).scalar() == before


def test_nobody_notes_when_a_panelist_or_a_contributor_was_seen(client, sign_in, world):
    for role, start in (("panelist", "/answer"), ("contributor", "/mine")):
        sign_in(client, world.people[role])
        with clock.at(clock.now() + 25 * MINUTE):
            assert client.get(start).status_code == 200
        assert db.session.query(Session).filter(Session.last_seen_at.is_not(None)).count() == 0


# -- what ends it ----------------------------------------------------------------------------------------------------
def test_a_role_that_is_taken_away_is_gone_with_the_next_page(client, sign_in, world):
    sign_in(client, world.people["coordinator"])
    here = f"/staff/e/{world.own.exercise.public_id}"
    assert client.get(here).status_code == 200
    db.session.query(Role).filter_by(name=RoleName.COORDINATOR).delete()
    assert client.get(here).status_code == 404


def test_a_person_who_is_no_longer_active_is_signed_out_everywhere(client, sign_in, world):
    sign_in(client, world.people["coordinator"])
    db.session.query(Person).update({"active": False})
    assert client.get("/staff").status_code == 303


@pytest.mark.parametrize("act", [panels.deactivate, panels.new_link])
def test_a_link_that_was_replaced_or_ended_signs_out_who_came_by_it(client, sign_in, world, act):
    sign_in(client, world.people["panelist"])
    assert client.get("/answer").status_code == 200
    act(world.people["panelist"], None)
    assert client.get("/answer").status_code == 303


def test_a_cookie_from_before_signing_out_opens_nothing(client, sign_in, world):
    sign_in(client, world.people["contributor"])
    kept = client.get_cookie("s").value
    client.send("/sign-out")
    client.set_cookie("s", kept)
    assert client.get("/mine").status_code == 303


def test_a_secret_that_somebody_else_put_in_the_browser_is_not_signed_in(client, world):
    """Who fixes a cookie before somebody comes in has nothing of it afterwards."""
    client.token()
    fixed = client.get_cookie("s").value
    assert client.send("/code", {"code": accounts.code_of(world.own.contributor)}).status_code == 303
    client.set_cookie("s", fixed)
    assert client.get("/mine").status_code == 303


def test_coming_in_as_somebody_else_ends_the_earlier_session(client, sign_in, world):
    sign_in(client, world.people["contributor"])
    kept = client.get_cookie("s").value
    client.send(f"/in/{accounts.secret_of(world.own.panelist)}")
    client.set_cookie("s", kept)
    assert client.get("/mine").status_code == 303


def test_a_contributors_code_on_a_page_of_answers_signs_nobody_in(client, world):
    client.token()
    code = accounts.code_of(world.own.contributor)
    assert client.send("/answer/1/page/1", {"Q1.1": "5", "code": code}).status_code == 422
    assert db.session.query(Session).count() == 0
    assert client.get("/mine").status_code == 303


def test_coming_back_with_a_code_on_a_page_of_answers_ends_what_was_there(client, sign_in, world):
    sign_in(client, world.people["contributor"])
    code = accounts.code_of(world.own.panelist)
    assert client.send("/answer/1/page/1", {"Q1.1": "5", "code": code}).status_code == 200
    assert [one.kind for one in db.session.query(Session)] == ["panelist"]


# -- a form that is sent again ---------------------------------------------------------------------------------------
def a_form(client, exercise):
    """The last screen, as it stands in this browser after a minute of writing."""
    client.set_cookie("s", new_secret())
    with clock.at(clock.now() - MINUTE):
        page = client.get(f"/e/{exercise.public_id}/ask/words")
    key = re.search(r'name="key" value="([^"]+)"', page.text)[1]
    return {"key": key, "texts-0": "My own words.", "step": "check", "go": "send"}


@pytest.fixture
def asking(world):
    return a_place(world.own.exercise.organisation, ExerciseState.ASKING).exercise


def test_a_form_sent_again_by_a_slow_network_leads_to_the_same_thanks(client, asking):
    form, address = a_form(client, asking), f"/e/{asking.public_id}/ask/words"
    for _time in range(2):
        assert client.send(address, form).location == "/mine?done=asked"


def test_whoever_finds_the_sent_form_on_a_shared_computer_does_not_come_in(client, asking):
    """Back, and "send" once more, after somebody signed out: the words are known, and lead nobody to their page."""
    form, address = a_form(client, asking), f"/e/{asking.public_id}/ask/words"
    assert client.send(address, form).status_code == 303
    sent = db.session.query(Proposal).count()
    client.send("/sign-out")
    code = accounts.code_of(db.session.query(Contributor).order_by(Contributor.id.desc()).first())
    for number, changed in enumerate(({}, {"texts-0": "Other words."})):
        client.set_cookie("s", new_secret())
        client.send(address, form | changed)
        mine = client.get("/mine")
        assert "Your page" not in mine.text or ids.spaced(code) not in mine.text
        assert db.session.query(Proposal).count() == sent + 1 + number
