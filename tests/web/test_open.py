"""Answering without an invitation: landing, slips, codes, one person at a time on a device, and what attackers try."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import text

from priority import clock, ids
from priority.extensions import db, keys
from priority.models import Ballot, Limit, Round, Session, StakeholderGroup
from priority.services import accounts, consent, open_rounds, rounds, voting
from priority.services.answers import page_digest
from priority.web import guests
from priority.words import ExerciseState, Purpose, RoleName, RoundKind
from tests.factories import a_panelist, a_person, a_question, add, an_exercise
from tests.web.conftest import Browser

QUESTIONS = 8
CODE = re.compile(r"[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}")


@pytest.fixture
def exercise(app):
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    observers = {"key": "researchers", "name": "Researchers", "member": "A researcher", "position": 9}
    add(StakeholderGroup(exercise=exercise, side_id=None, **observers))
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    return exercise


@pytest.fixture
def round_(exercise):
    return an_open_round_of(exercise)


def an_open_round_of(exercise, kind=RoundKind.RATING, **design):
    round_ = add(Round(exercise=exercise, n=1, kind=kind, design={"access": "open", **design}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    return round_


@pytest.fixture
def slip(round_):
    return open_rounds.make_slips(round_, 1, actor=None)[0]


@pytest.fixture
def other(app):
    """A second device."""
    app.test_client_class = Browser
    return app.test_client()


def landing(round_):
    return f"/e/{round_.exercise.public_id}/join"


def begin(client, round_, group="patients"):
    return client.send(landing(round_), {"group": group})


def answer(client, value=7, page=1, **fields):
    """Fills in a page as it stands on this device, and sends it."""
    shown = client.get(f"/answer/1/page/{page}").text
    base = re.findall(r'name="base" value="(\w+)"', shown)
    typed = {**dict.fromkeys(re.findall(r'name="(Q\d+\.1)"', shown), str(value)), "base": base, "act": "next"}
    return client.send(f"/answer/1/page/{page}", typed | fields)


def ballots():
    return db.session.query(Ballot).all()


def values():
    return {value for one in ballots() for value in json.loads(one.answers).values()}


def cookie(client):
    return client.get_cookie("o")


# -- the whole way ---------------------------------------------------------------------------------------------------
def test_from_the_link_to_the_receipt(client, round_):
    page = client.get(landing(round_))
    assert page.status_code == 200
    assert "A researcher" not in page.text
    begun = begin(client, round_)
    assert begun.location == "/answer/1/page/1"
    assert not CODE.search(client.get("/answer/1/page/1").text), "no code is shown before anything is saved"
    assert answer(client).status_code == 303
    second = client.get("/answer/1/page/2").text
    code = CODE.search(second).group()
    assert client.send("/answer/1/check", {"submit_key": "ab" * 32}).location == "/answer/1/thanks"
    thanks = client.get("/answer/1/thanks").text
    assert code in thanks
    assert "We write to you" not in thanks
    (ballot,) = ballots()
    assert (str(ballot.state), ballot.group, ballot.verified) == ("submitted", "patients", False)
    assert db.session.query(Session).count() == 0


def test_first_layer_is_short_and_says_what_is_so(client, round_):
    page = client.get(landing(round_)).text
    main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("<form", page.index("<main"))])
    assert len(main.split()) <= 120
    assert "with these answers and without them" in page
    assert "knows yours, too" in page


def test_where_only_slips_make_the_result_the_page_says_so(client, exercise):
    round_ = an_open_round_of(exercise, count="verified")
    assert "do not make the list" in client.get(landing(round_)).text


def test_a_slip_leads_through_the_group_to_the_questions(client, round_, slip):
    typed = client.send("/join", {"code": ids.spaced(slip).upper()})
    assert typed.location == "/join/mine"
    assert client.get("/join/mine").location == landing(round_)
    page = client.get(landing(round_)).text
    assert ids.spaced(slip) in page
    assert client.get("/answer/1/page/1").location == "/answer"  # nothing is asked before a group is chosen
    begin(client, round_, "nurses")
    answer(client)
    (ballot,) = ballots()
    assert (ballot.group, ballot.verified) == ("nurses", True)


@pytest.mark.parametrize("kind", list(RoundKind))
def test_every_kind_of_page_serves_a_guest(client, exercise, kind):
    design = {"choose": 3, "size": 4, "at_least": 2}
    round_ = an_open_round_of(exercise, kind, **design)
    start = begin(client, round_).location
    assert client.get(start).status_code == 200
    assert client.get("/join/mine").status_code == 200
    assert client.get("/answer").location.startswith("/join/mine")
    assert client.get("/answer/1/check").status_code in {200, 303}
    assert client.get("/answer/2/check").status_code == 404


@pytest.mark.parametrize("address", ["/join", "/code"])
def test_the_poster_and_a_slip_open_under_either_address(client, other, exercise, round_, slip, address):
    assert client.send(address, {"code": open_rounds.poster_code(exercise)}).location == landing(round_)
    assert cookie(client) is None
    assert other.send(address, {"code": slip}).location == "/join/mine"


def test_on_another_device_the_code_brings_the_answers_back(client, other, round_):
    begin(client, round_, "carers")
    answer(client, 3)
    code = CODE.search(client.get("/join/mine").text).group()
    assert other.send("/join", {"code": code}).location == "/join/mine"
    page = other.get("/join/mine").text
    assert "Carers" in page
    assert "You answered 6 of 8" in page
    assert ballots()[0].version == 1


def test_the_exercises_own_page_leads_in_while_it_is_open(client, exercise, round_):
    address = f"/e/{exercise.public_id}"
    assert landing(round_) in client.get(address).text
    rounds.close_round(round_, actor=None, reason="Enough.")
    assert landing(round_) not in client.get(address).text


@pytest.mark.parametrize("address", ["/join", "/code"])
def test_a_slip_whose_round_has_closed_says_so_under_either_address(client, round_, slip, address):
    rounds.close_round(round_, actor=None, reason="Enough.")
    typed = client.send(address, {"code": slip})
    assert typed.status_code == 410
    assert "This closed" in typed.text


def test_no_page_of_answers_breaks_for_a_guest(app, client, exercise, round_):
    """Each is their own, or not there, or leads home; what belongs to a panelist is not there."""
    begin(client, round_)
    answer(client)
    seen = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("answer.") and "GET" in rule.methods:
            with app.test_request_context():
                values = {"n": 1, "page": 1, "place": 1, "set": 1}
                address = app.url_for(rule.endpoint, **{name: values.get(name, 1) for name in rule.arguments})
            seen[rule.endpoint] = client.get(address).status_code
    assert set(seen.values()) <= {200, 303, 404, 409}, seen
    assert seen["answer.rating_page"] == seen["answer.check"] == 200
    assert seen["answer.leave"] in {303, 404}


def test_who_began_without_a_slip_and_has_one_now_counts_once(client, round_, slip):
    begin(client, round_)
    answer(client)
    assert client.send("/join", {"code": slip}).location == landing(round_)
    assert "so that you count once" in client.get(landing(round_)).text
    assert not ballots()[0].verified
    client.send("/join/erase")
    client.send("/join", {"code": slip})
    begin(client, round_)
    answer(client)
    assert [one.verified for one in ballots()] == [True]


def test_the_next_person_with_a_slip_says_that_they_are_another(client, round_, slip):
    begin(client, round_)
    answer(client)
    client.send("/join", {"code": slip})
    left = client.send("/join/leave")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.send("/join", {"code": slip}).location == "/join/mine"
    begin(client, round_, "nurses")
    answer(client)
    assert sorted(one.verified for one in ballots()) == [False, True]


# -- looking makes nothing -------------------------------------------------------------------------------------------
def test_looking_twenty_times_as_mail_scanners_do_makes_nothing(client, exercise, round_, slip):
    client.send("/join", {"code": slip})
    before = contents()
    for path in (landing(round_), "/join", "/join/mine", "/answer", "/answer/1/page/1", "/answer/1/check"):
        for _look in range(20):
            for response in (client.get(path), client.head(path)):
                assert response.status_code < 400
                assert "o=" not in response.headers.get("Set-Cookie", "")
    assert contents() == before


def test_a_browser_that_only_looks_gets_no_cookie_of_ours(client, round_):
    client.get(landing(round_))
    assert cookie(client) is None


def contents():
    tables = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    rows = {name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')).all())) for name in tables}
    db.session.rollback()
    return rows


# -- one slip, one ballot --------------------------------------------------------------------------------------------
def test_a_slip_on_two_devices_is_one_ballot_and_the_later_sees_both_versions(client, other, round_, slip):
    for device in (client, other):
        device.send("/join", {"code": slip})
        begin(device, round_)
    answer(client, 9, base=digest_of_nothing())
    late = answer(other, 1, base=digest_of_nothing())
    assert late.status_code == 409
    assert "another window or on another device" in late.text
    assert len(ballots()) == 1
    assert values() == {9}


def digest_of_nothing():
    return page_digest({})


def test_pressed_twice_and_back_again_it_is_one_person(client, round_):
    begin(client, round_)
    answer(client)
    kept = cookie(client).value
    assert begin(client, round_, "nurses").location == "/join/mine"
    assert cookie(client).value == kept
    assert len(ballots()) == 1


def test_the_group_can_be_chosen_anew_until_something_is_saved(client, round_):
    begin(client, round_, "nurses")
    before = client.get("/answer/1/page/1").text
    begin(client, round_, "patients")
    assert re.findall(r'name="(Q\d+\.1)"', before) == re.findall(
        r'name="(Q\d+\.1)"', client.get("/answer/1/page/1").text
    )
    answer(client)
    assert [one.group for one in ballots()] == ["patients"]


# -- after the end ---------------------------------------------------------------------------------------------------
def test_after_the_end_a_slip_is_answered_kindly_and_opens_nothing(client, round_, slip):
    rounds.close_round(round_, actor=None, reason="Enough.")
    typed = client.send("/join", {"code": slip})
    assert typed.status_code == 410
    assert "This closed" in typed.text
    assert cookie(client) is None
    assert "This has closed" in client.get(landing(round_)).text
    assert begin(client, round_).status_code == 409


def test_what_closes_while_somebody_answers_keeps_what_was_saved(client, round_):
    begin(client, round_)
    answer(client, 8)
    rounds.close_round(round_, actor=None, reason="Enough.")
    late = answer(client, 2)
    assert late.status_code == 409
    assert "Thank you for your answers" in client.get("/join/mine").text
    assert client.send("/join/erase").status_code == 409
    assert client.send("/answer/1/take-back").status_code == 409
    assert values() == {8}


def test_before_it_opens_the_page_says_when(client, exercise):
    round_ = add(Round(exercise=exercise, n=1, kind=RoundKind.RATING, design={"access": "open"}))
    assert "not begun yet" in client.get(landing(round_)).text
    round_.opens_at = clock.now() + timedelta(days=2)
    assert "It begins" in client.get(landing(round_)).text
    assert begin(client, round_).status_code == 409


def test_an_exercise_without_an_open_round_says_that_people_are_invited(client, exercise):
    address = f"/e/{exercise.public_id}/join"
    assert "people who are invited" in client.get(address).text
    exercise.state = ExerciseState.DRAFT
    assert client.get(address).status_code == 404
    assert client.send(address, {"group": "patients"}).status_code == 404


# -- guessing --------------------------------------------------------------------------------------------------------
def test_wrong_codes_are_counted_and_right_ones_are_not(client, other, round_, slip, monkeypatch):
    monkeypatch.setattr("priority.web.open.views.MOST_WRONG", 3)
    for _try in range(5):
        assert client.send("/join", {"code": slip}).status_code == 303
    wrong = [client.send("/join", {"code": open_rounds.new_code()}).status_code for _try in range(4)]
    assert wrong == [422, 422, 422, 429]
    refused = other.send(
        "/join", {"code": slip}
    )  # from the same network, even a right one waits: guessing must not pay
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert other.send("/join", {"code": slip}).status_code == 303


def test_answering_is_never_counted_by_network_address(client, round_):
    begin(client, round_)
    before = [(row.key, row.count) for row in db.session.query(Limit)]
    for value in (1, 2, 3):
        answer(client, value)
    client.send("/answer/1/check", {"submit_key": "ab" * 32})
    assert [(row.key, row.count) for row in db.session.query(Limit)] == before


def test_a_whole_meeting_may_begin_behind_one_address(client, round_, monkeypatch):
    monkeypatch.setattr("priority.web.open.views.MOST_BEGINNINGS", 300)
    for _person in range(30):
        assert begin(client, round_).status_code == 303


# -- the cookie ------------------------------------------------------------------------------------------------------
def test_the_cookie_is_shut_to_scripts_and_other_sites(app, client, round_, slip):
    set_by = begin(client, round_).headers.getlist("Set-Cookie")
    (own,) = [one for one in set_by if one.startswith("o=")]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(own.split("; "))
    assert "Max-Age=" in own  # a code made on the way is nowhere else, so the browser keeps it until the end
    client.send("/join/leave")
    (typed,) = [one for one in client.send("/join", {"code": slip}).headers.getlist("Set-Cookie") if one[:2] == "o="]
    assert "Max-Age=" not in typed  # a slip is on paper


def test_over_https_the_cookie_belongs_to_this_host_alone(app, client, round_, monkeypatch):
    monkeypatch.setattr(guests, "_secure", lambda: True)
    set_by = begin(client, round_).headers.getlist("Set-Cookie")
    (own,) = [one for one in set_by if one.startswith("__Host-o=")]
    assert {"Secure", "HttpOnly", "Path=/"} <= set(own.split("; "))
    assert "Domain" not in own


@pytest.mark.parametrize("forged", ["", "x", "a.b", "eyJyb3VuZCI6IngifQ.c2ln", "%00", "é", "." * 3000])
def test_a_cookie_that_we_did_not_write_is_nobodys(client, round_, forged):
    client.set_cookie("o", forged)
    assert client.get("/join/mine").location.startswith("/sign-in")
    assert client.get(landing(round_)).status_code == 200


def test_the_code_in_a_cookie_cannot_be_exchanged_for_a_guess(client, round_):
    """Else guesses would go past the count of wrong codes."""
    begin(client, round_)
    answer(client)
    victim = open_rounds.find(CODE.search(client.get("/join/mine").text).group()).guest.code
    kept = cookie(client).value
    payload, signature = kept.rsplit(".", 1)
    for key in ("", "x", keys.session.hex()[:-1]):
        forged = URLSafeSerializer(key or "-", salt="guest of an open round")
        client.set_cookie("o", forged.dumps({"round": round_.public_id, "code": victim, "group": "patients"}))
        assert client.get("/join/mine").location.startswith("/sign-in")
    client.set_cookie("o", f"{payload}.{signature[::-1]}")
    assert client.get("/join/mine").location.startswith("/sign-in")


def test_a_cookie_of_a_round_that_asks_by_invitation_opens_nothing(client, exercise, round_):
    begin(client, round_)
    db.session.execute(text("DROP TRIGGER guard_round_changed"))
    round_.design = {}
    assert client.get("/answer/1/page/1").location.startswith("/sign-in")


def test_leaving_and_erasing_take_the_cookie_away(client, round_):
    begin(client, round_)
    answer(client)
    assert client.send("/join/leave").location == f"{landing(round_)}?done=left"
    assert cookie(client) is None
    assert len(ballots()) == 1
    begin(client, round_)
    answer(client)
    assert client.send("/join/erase").location == f"{landing(round_)}?done=answers-erased"
    assert cookie(client) is None
    assert len(ballots()) == 1


# -- one person at a time --------------------------------------------------------------------------------------------
def test_whoever_begins_as_a_guest_is_signed_out_as_a_panelist(client, sign_in, exercise, round_):
    panelist = a_panelist(exercise)
    consent.give(panelist, {Purpose.TAKE_PART})
    sign_in(client, panelist)
    before = client.get_cookie("s").value
    assert "When you begin, you are signed out" in client.get(landing(round_)).text
    begin(client, round_)
    assert client.get_cookie("s").value != before
    assert db.session.query(Session).count() == 0
    answer(client)
    assert voting.own_ballot(round_, panelist) is None
    assert [one.verified for one in ballots()] == [False]


def test_whoever_signs_in_is_no_longer_the_guest(client, exercise, round_):
    begin(client, round_)
    answer(client)
    panelist = a_panelist(exercise)
    client.send(f"/in/{accounts.secret_of(panelist)}")
    assert cookie(client) is None
    assert client.get("/answer/1/page/1").status_code == 404  # the open round does not ask panelists
    assert client.get("/join/mine").location == "/answer"


def test_where_both_are_on_a_device_the_panelist_answers_and_sees_nothing_of_the_guest(
    client, sign_in, exercise, round_
):
    """It cannot come about on our pages; a cookie put back by hand must not mix two people's answers."""
    begin(client, round_)
    answer(client, 9)
    kept = cookie(client).value
    panelist = a_panelist(exercise)
    consent.give(panelist, {Purpose.TAKE_PART})
    sign_in(client, panelist)
    client.set_cookie("o", kept)
    assert client.get("/answer/1/page/1").status_code == 404
    assert client.send("/join/erase").location == "/answer"
    assert len(ballots()) == 1
    assert not CODE.search(client.get("/answer").text)


def test_a_page_left_open_by_the_person_before_posts_nothing_into_the_next_ones_answers(client, round_):
    begin(client, round_)
    answer(client, 9)
    stale = client.token()
    client.send("/join/leave")
    begin(client, round_, "nurses")
    posted = client.post("/answer/1/page/1", data={"csrf_token": stale, "Q1.1": "1", "base": ""})
    assert posted.status_code == 200
    assert "saved" in posted.text
    assert len(ballots()) == 1
    assert values() == {9}


def test_on_a_meetings_tablet_the_next_slip_takes_over_from_the_last(client, round_):
    first, second = open_rounds.make_slips(round_, 2, actor=None)
    for slip, value in ((first, 9), (second, 1)):
        client.send("/join", {"code": slip})
        begin(client, round_)
        answer(client, value)
    assert (len(ballots()), values()) == (2, {1, 9})


@pytest.mark.parametrize("path", ["/join", "/join/leave", "/join/erase"])
def test_forged_from_elsewhere_nothing_happens(client, round_, slip, path):
    begin(client, round_)
    answer(client)
    kept, before = cookie(client).value, contents()
    for target in (path, landing(round_)):
        forged = client.post(target, data={"code": slip, "group": "nurses", "csrf_token": "x" * 90})
        assert forged.status_code == 409
    assert cookie(client).value == kept
    assert contents() == before


def test_a_guest_has_no_pages_of_a_panelist_and_no_pages_of_staff(client, exercise, round_):
    begin(client, round_)
    answer(client)
    assert client.send("/answer").status_code == 404  # agreeing as a panelist does
    for path in ("/mine", "/staff", f"/staff/e/{exercise.public_id}/rounds/1/doors"):
        assert client.get(path).location.startswith("/sign-in")


def test_somebody_whose_cookie_ended_types_the_code_and_has_everything_as_typed(client, round_):
    begin(client, round_)
    answer(client, 9)
    code = CODE.search(client.get("/join/mine").text).group()
    client.delete_cookie("o")
    away = client.send("/answer/1/page/2", {"Q1.1": "3", "base": ""})
    assert away.status_code == 409
    assert "You were away for a while" in away.text
    back = client.send("/answer/1/page/1", {"code": code, "Q1.1": "3", "base": ""})
    assert back.status_code == 200
    assert cookie(client) is not None
    assert values() == {9}


# -- the coordinator's page ------------------------------------------------------------------------------------------
@pytest.fixture
def coordinator(client, sign_in, exercise):
    sign_in(client, a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise))
    return client


def doors(round_):
    return f"/staff/e/{round_.exercise.public_id}/rounds/{round_.n}"


def test_slips_are_shown_once_eight_a_page(coordinator, other, round_):
    made = coordinator.send(f"{doors(round_)}/slips", {"count": "20"})
    codes = re.findall(rf'class="code">({CODE.pattern})<', made.text)
    assert len(set(codes)) == 20
    assert [page.split("</ul>")[0].count("<li>") for page in made.text.split('<ul class="cuts">')[1:]] == [8, 8, 4]
    assert made.headers["Cache-Control"] == "no-store"
    page = coordinator.get(f"{doors(round_)}/doors").text
    assert not [code for code in codes if code in page]
    assert "20 slips were made" in page
    assert other.send("/join", {"code": codes[7]}).status_code == 303


def test_the_page_names_the_link_and_the_posters_code(coordinator, exercise, round_):
    page = coordinator.get(f"{doors(round_)}/doors").text
    assert f"http://127.0.0.1{landing(round_)}" in page
    assert ids.spaced(open_rounds.poster_code(exercise)) in page


@pytest.mark.parametrize("count", ["", "0", "801", "x", "-3"])
def test_a_wrong_number_of_slips_is_refused_in_words(coordinator, round_, count):
    answered = coordinator.send(f"{doors(round_)}/slips", {"count": count})
    assert answered.status_code == 422
    assert "Error:" in answered.text


def test_a_round_for_invited_people_offers_no_way_in(coordinator, exercise):
    a_panelist(exercise)
    round_ = add(Round(exercise=exercise, n=1, kind=RoundKind.RATING, design={}))
    page = coordinator.get(f"{doors(round_)}/doors")
    assert "no slips" in page.text
    assert coordinator.send(f"{doors(round_)}/slips", {"count": "8"}).status_code == 409


def test_after_closing_staff_and_researchers_read_both_results_in_words(client, sign_in, exercise, round_):
    """Twenty-five with slips, six by the link, and twenty of the slips filled in alike."""
    codes = open_rounds.make_slips(round_, 30, actor=None)
    keys_ = voting.item_keys(round_)
    for number in range(31):
        guest = open_rounds.begin(
            round_, "patients" if number % 2 else "nurses", code=codes[number] if number < 25 else None
        )
        value = {key: 9 if number < 20 else 1 + (3 * number + 5 * place) % 9 for place, key in enumerate(keys_)}
        voting.save_page(round_, guest, value, base=None)
    rounds.close_round(round_, actor=None, reason="Enough.")
    for role, address in (
        (RoleName.COORDINATOR, f"{doors(round_)}/doors"),
        (RoleName.RESEARCHER, f"/staff/e/{exercise.public_id}/results"),
    ):
        sign_in(client, a_person(exercise.organisation, role, exercise=exercise))
        page = client.get(address).text
        assert "25 came with one of the 30 slips, 6 by the link or the poster" in page
        assert re.search(r"20 of the 31 answer sheets that are at least half filled in are nearly alike", page)
        assert "This proves nothing about anybody" in page
        assert not re.search("fraud|fake|cheat|suspicious|invalid", page, re.IGNORECASE)
