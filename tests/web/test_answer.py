"""The pages on which people answer: nothing typed is lost, nothing is saved by halves, nothing else is written."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from priority import clock
from priority.extensions import db
from priority.models import Ballot, BallotSubmit
from priority.moments import spoken
from priority.services import accounts, consent, voting
from priority.services.answers import page_digest
from priority.web.answer import pace
from priority.web.sessions import new_secret
from priority.words import BallotState, Purpose, RoundKind, RoundState
from tests.factories import a_panelist, an_exercise, an_open_round
from tests.services.test_voting import written_tables

NOTHING = page_digest({})


@pytest.fixture
def panelist(app):
    somebody = a_panelist(an_exercise())
    consent.give(somebody, {Purpose.TAKE_PART})
    return somebody


@pytest.fixture
def rating(panelist):
    return an_open_round(panelist.exercise)


@pytest.fixture
def here(client, sign_in, panelist, rating):
    """A browser in which the panelist is signed in, with a rating round open."""
    sign_in(client, panelist)
    return client


@pytest.fixture(autouse=True)
def a_new_minute():
    pace._saves.clear()


def keys_on(page):
    """The questions of a page, in the order in which they stand on it."""
    return re.findall(r'<fieldset class="(?:rating|sorting)[^"]*" id="(Q[\d.]+)"', page.text)


def places_on(page):
    """The numbers on the page of ordering, in the order of the rows."""
    return re.findall(r'name="place-(Q[\d.]+)" value="(\d*)"', page.text)


def checked(page):
    return re.findall(r'name="(Q[\d.]+)" value="(\w*)" checked', page.text)


def field(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def own(round_, panelist):
    return voting.own_ballot(round_, panelist)


# -- the start page --------------------------------------------------------------------------------------------------
def test_somebody_agrees_first_and_then_sees_what_is_asked(client, sign_in, app):
    panelist = a_panelist(an_exercise())
    an_open_round(panelist.exercise)
    sign_in(client, panelist)
    assert "Before you begin" in client.get("/answer").text
    assert client.get("/answer/1/page/1").headers["Location"] == "/answer"
    assert client.send("/answer").headers["Location"] == "/answer"
    page = client.get("/answer").text
    assert "How much does each question matter?" in page
    assert "Nothing of yours is saved here yet." in page


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Stockholm", "Friday 3 July 2037, 17:00 (Stockholm)"),
        ("America/Argentina/Buenos_Aires", "Friday 3 July 2037, 12:00 (Buenos Aires)"),
        ("Asia/Tokyo", "Saturday 4 July 2037, 00:00 (Tokyo)"),
        ("UTC", "Friday 3 July 2037, 15:00 (UTC)"),
    ],
)
def test_a_moment_is_told_in_the_exercises_own_time(app, zone, words):
    with app.test_request_context():
        assert spoken(datetime(2037, 7, 3, 15, tzinfo=UTC), zone) == words


def test_the_end_stands_on_every_page_of_answers(here, rating):
    words = html.escape(moment_words_in(here, rating))
    for address in ("/answer", "/answer/1/page/1", "/answer/1/check"):
        assert words in here.get(address).text


def moment_words_in(browser, round_):
    with browser.application.test_request_context():
        return spoken(round_.closes_at, round_.exercise.time_zone)


def test_the_start_page_says_how_the_own_answers_stand(here, panelist, rating):
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    assert "You answered 1 of 8." in here.get("/answer").text
    voting.submit(rating, panelist, b"k" * 32)
    assert "Sent. Thank you." in here.get("/answer").text
    voting.take_back(rating, panelist)
    assert "Taken back. They do not count." in here.get("/answer").text


def test_after_the_end_the_start_page_is_calm_and_says_what_comes(here, panelist, rating):
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    with clock.at(rating.closes_at + timedelta(hours=1)):
        later = new_secret()
        accounts.sign_in(panelist, later)
        here.set_cookie("s", later)
        page = here.get("/answer").text
    assert "Thank you for your answers" in page
    assert "You answered 1 of 8." in page


def test_an_observer_takes_part_without_answers(client, sign_in, app):
    observer = a_panelist(an_exercise(), observer=True)
    an_open_round(observer.exercise)
    sign_in(client, observer)
    assert "You take part without answers" in client.get("/answer").text
    assert client.get("/answer/1/page/1").status_code == 404


def test_nobody_opens_a_round_that_does_not_ask_them(here, client, sign_in, rating):
    late = a_panelist(rating.exercise)
    consent.give(late, {Purpose.TAKE_PART})
    sign_in(client, late)
    assert client.get("/answer/1/page/1").status_code == 404
    assert client.send("/answer/1/page/1", {"Q1.1": "7"}).status_code == 404
    assert client.get("/answer/7/check").status_code == 404


# -- rating ----------------------------------------------------------------------------------------------------------
def test_the_order_of_the_questions_is_ones_own_and_stays(here, client, sign_in, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1")) + keys_on(here.get("/answer/1/page/2"))
    assert sorted(first) == sorted(f"Q{n}.1" for n in range(1, 9))
    assert first == keys_on(here.get("/answer/1/page/1")) + keys_on(here.get("/answer/1/page/2"))
    orders = {tuple(item.key for item in _questions_of(rating, bytes([n]) * 32)) for n in range(20)}
    assert len(orders) > 15


def _questions_of(round_, own_key):
    from priority.queries.answering import questions_for

    return questions_for(round_, own_key)


def test_nothing_is_set_until_somebody_answers(here):
    assert checked(here.get("/answer/1/page/1")) == []


def test_a_page_is_saved_and_the_next_one_follows(here, panelist, rating):
    page = here.get("/answer/1/page/1")
    first, second, *_rest = keys_on(page)
    answer = here.send("/answer/1/page/1", {first: "9", second: "x", "base": field(page, "base"), "act": "next"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/answer/1/page/2")
    assert own(rating, panelist).answers == {first: 9, second: "cannot_judge"}
    assert dict(checked(here.get("/answer/1/page/1"))) == {first: "9", second: "x"}


def test_the_buttons_lead_back_out_and_to_the_check(here):
    assert here.send("/answer/1/page/2", {"base": NOTHING, "act": "back"}).headers["Location"] == "/answer/1/page/1"
    assert here.send("/answer/1/page/2", {"base": NOTHING, "act": "next"}).headers["Location"] == "/answer/1/check"
    assert here.send("/answer/1/page/1", {"base": NOTHING, "act": "leave"}).headers["Location"].startswith("/answer?")


def test_a_page_that_there_is_not_is_not_there(here):
    for address in ("/answer/1/page/0", "/answer/1/page/3", "/answer/2/page/1", "/answer/1/sort/1", "/answer/1/order"):
        assert here.get(address).status_code == 404


@pytest.mark.parametrize("answer", ["0", "10", "seven", "7.5", "-1", "٣", "9" * 500, "<script>"])
def test_a_wrong_answer_keeps_the_others_on_the_page_and_saves_nothing(here, panelist, rating, answer):
    first, second, *_rest = keys_on(here.get("/answer/1/page/1"))
    page = here.send("/answer/1/page/1", {first: "7", second: answer, "base": NOTHING})
    assert page.status_code == 422
    assert (first, "7") in checked(page)
    assert f'<a href="#{second}">Please choose one of the answers on the page.' in page.text
    assert page.text.count("Please choose one of the answers on the page.") == 2
    assert "<title>Error:" in page.text
    assert own(rating, panelist) is None


def test_an_answer_can_be_taken_out_where_one_is_saved(here, panelist, rating):
    page = here.get("/answer/1/page/1")
    first = keys_on(page)[0]
    assert "No answer" not in page.text
    here.send("/answer/1/page/1", {first: "7", "base": NOTHING})
    page = here.get("/answer/1/page/1")
    assert page.text.count("No answer") == 1
    here.send("/answer/1/page/1", {first: "", "base": field(page, "base")})
    assert own(rating, panelist).answers == {}


def test_answers_changed_on_a_second_device_are_shown_beside_what_was_typed(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    voting.save_page(rating, panelist, {first: 2}, base=None)
    page = here.send("/answer/1/page/1", {first: "8", "base": NOTHING})
    assert page.status_code == 409
    assert "<b>8</b>" in page.text
    assert "<b>2</b>" in page.text
    assert own(rating, panelist).answers == {first: 2}
    typed, saved = page.text.split("Saved elsewhere")
    for half, kept in ((saved, 2), (typed, 8)):
        base = re.search(r'name="base" value="(\w+)"', half)[1]
        value = re.search(rf'name="{first}" value="(\w)"', half)[1]
        assert here.send("/answer/1/page/1", {first: value, "base": base}).status_code == 303
        assert own(rating, panelist).answers == {first: kept}


def test_the_same_form_twice_is_saved_once(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    for _twice in range(2):
        assert here.send("/answer/1/page/1", {first: "8", "base": NOTHING}).status_code == 303
    assert (own(rating, panelist).answers, own(rating, panelist).version) == ({first: 8}, 1)


def test_a_form_that_comes_after_the_end_is_shown_back_and_not_counted(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    voting.save_page(rating, panelist, {first: 2}, base=None)
    with clock.at(rating.closes_at + timedelta(seconds=1)):
        later = new_secret()
        accounts.sign_in(panelist, later)
        here.set_cookie("s", later)
        page = here.send("/answer/1/page/1", {first: "8", "base": page_digest({first: 2})})
        assert here.get("/answer/1/page/1").status_code == 409
    assert page.status_code == 409
    assert "This closed while you were here. What you had saved counts." in page.text
    assert "<b>8</b>" in page.text
    assert own(rating, panelist).answers == {first: 2}


def test_a_script_saves_in_the_background_and_reads_what_the_page_stands_on(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    quietly = {"headers": {"Accept": "application/json"}}
    answer = here.send("/answer/1/page/1", {first: "8", "base": NOTHING}, **quietly)
    assert answer.json == {"base": page_digest({first: 8})}
    assert here.send("/answer/1/page/1", {first: "9", "base": NOTHING}, **quietly).status_code == 409
    wrong = here.send("/answer/1/page/1", {first: "12", "base": answer.json["base"]}, **quietly)
    assert (wrong.status_code, list(wrong.json)) == (422, ["words"])
    assert own(rating, panelist).answers == {first: 8}


def test_more_saves_than_a_person_can_make_are_refused_and_the_page_keeps_what_was_typed(here, panelist, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 2)
    first = keys_on(here.get("/answer/1/page/1"))[0]
    for _ in range(2):
        assert here.send("/answer/1/page/1", {first: "8", "base": NOTHING}).status_code == 303
    page = here.send("/answer/1/page/1", {first: "9", "base": page_digest({first: 8})})
    assert page.status_code == 429
    assert checked(page) == [(first, "9")]
    with clock.at(clock.now() + timedelta(minutes=1, seconds=1)):
        assert here.send("/answer/1/page/1", {first: "9", "base": field(page, "base")}).status_code == 303


# -- the end of a session --------------------------------------------------------------------------------------------
def test_answers_survive_the_end_of_a_session(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    with clock.at(clock.now() + accounts.PANELIST_LASTS):
        page = here.send("/answer/1/page/1", {first: "8", "base": NOTHING, "act": "next"})
        assert page.status_code == 409
        assert field(page, first) == "8"
        kept = {first: "8", "base": field(page, "base"), "act": field(page, "act")}
        wrong = here.send("/answer/1/page/1", kept | {"code": "nonsense"})
        assert wrong.status_code == 422
        assert field(wrong, first) == "8"
        back = here.send("/answer/1/page/1", kept | {"code": accounts.code_of(panelist)})
        assert back.status_code == 200
        assert checked(back) == [(first, "8")]
        assert "It is not saved yet" in back.text
        assert own(rating, panelist) is None
        assert here.send("/answer/1/page/1", kept | {"base": field(back, "base")}).status_code == 303
    assert own(rating, panelist).answers == {first: 8}


def test_answers_survive_signing_in_again_in_another_window(here, panelist, rating, sign_in):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    old = here.token()
    here.set_cookie("s", "0" * 51)
    accounts.sign_in(panelist, "0" * 51)
    page = here.post("/answer/1/page/1", data={first: "8", "base": NOTHING, "csrf_token": old})
    assert checked(page) == [(first, "8")]
    assert "It is not saved yet" in page.text
    assert own(rating, panelist) is None


def test_answers_survive_a_lost_cookie(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    old = here.token()
    here.delete_cookie("s")
    page = here.post("/answer/1/page/1", data={first: "8", "base": NOTHING, "csrf_token": old})
    assert page.status_code == 409
    assert field(page, first) == "8"


def test_a_forged_form_from_elsewhere_saves_nothing(here, panelist, rating):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    here.post("/answer/1/page/1", data={first: "8", "base": NOTHING})
    here.post("/answer/1/check", data={"submit_key": "ab" * 32})
    here.post("/answer/1/take-back")
    assert own(rating, panelist) is None


# -- check and send --------------------------------------------------------------------------------------------------
def test_sending_twice_gives_one_receipt(here, panelist, rating):
    voting.save_page(rating, panelist, {"Q1.1": 7, "Q2.1": "cannot_judge"}, base=None)
    page = here.get("/answer/1/check")
    assert "You answered 2 questions of 8." in page.text
    form = {name: field(page, name) for name in ("submit_key", "base")}
    for _twice in range(2):
        answer = here.send("/answer/1/check", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/answer/1/thanks")
    assert db.session.query(BallotSubmit).count() == 1
    receipt = db.session.query(BallotSubmit).one().receipt
    thanks = here.get("/answer/1/thanks").text
    assert f"{receipt[:4]}-{receipt[4:8]}-{receipt[8:]}" in thanks
    assert "You can still change them until" in thanks


def test_each_visit_to_the_check_has_a_key_of_its_own(here, panelist, rating):
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    assert len({field(here.get("/answer/1/check"), "submit_key") for _ in range(5)}) == 5


@pytest.mark.parametrize("key", ["", "zz", "ab" * 31, "ab" * 33])
def test_a_broken_submit_key_is_refused_in_words(here, panelist, rating, key):
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    page = here.send("/answer/1/check", {"submit_key": key})
    assert page.status_code == 422
    assert "send again" in page.text
    assert len(field(page, "submit_key")) == 64


def test_nothing_is_sent_where_nothing_is_answered(here, rating):
    assert "nothing to send" in here.get("/answer/1/check").text
    assert here.send("/answer/1/check", {"submit_key": "ab" * 32}).status_code == 422


def test_what_was_changed_elsewhere_since_the_check_is_looked_at_once_more(here, panelist, rating):
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    form = {name: field(here.get("/answer/1/check"), name) for name in ("submit_key", "base")}
    voting.save_page(rating, panelist, {"Q2.1": 7}, base=None)
    page = here.send("/answer/1/check", form)
    assert page.status_code == 409
    assert "You answered 2 questions of 8." in page.text
    assert own(rating, panelist).state is BallotState.SAVED
    assert here.send("/answer/1/check", form | {"base": field(page, "base")}).status_code == 303


def test_there_is_no_receipt_to_see_before_sending_or_after_a_change(here, panelist, rating):
    assert here.get("/answer/1/thanks").headers["Location"] == "/answer"
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    voting.submit(rating, panelist, b"k" * 32)
    assert here.get("/answer/1/thanks").status_code == 200
    voting.save_page(rating, panelist, {"Q1.1": 8}, base=None)
    assert here.get("/answer/1/thanks").headers["Location"] == "/answer"


def test_answers_can_be_taken_back_and_sent_again(here, panelist, rating):
    voting.save_page(rating, panelist, {"Q1.1": 7}, base=None)
    assert "answers-taken-back" in here.send("/answer/1/take-back").headers["Location"]
    assert not own(rating, panelist).counts
    assert "they do not count until you send them" in here.get("/answer/1/check").text
    here.send("/answer/1/check", {"submit_key": "ab" * 32})
    assert own(rating, panelist).state is BallotState.SUBMITTED


def test_answering_through_the_pages_writes_ballots_and_submits_and_nothing_else(here):
    first = keys_on(here.get("/answer/1/page/1"))[0]
    with written_tables() as tables:
        here.get("/answer")
        here.send("/answer/1/page/1", {first: "8", "base": NOTHING})
        here.send("/answer/1/page/1", {first: "9", "base": NOTHING})
        here.send("/answer/1/page/1", {first: "99", "base": NOTHING})
        here.send("/answer/1/check", {"submit_key": "ab" * 32})
        here.get("/answer/1/thanks")
        here.send("/answer/1/take-back")
    assert set(tables) == {"ballot", "ballot_submit"}


# -- again, with what others answered --------------------------------------------------------------------------------
@pytest.fixture
def again(panelist, rating):
    """A second rating round, with a first one behind it that the panelist and eleven others answered."""
    from priority.services import rounds

    exercise = panelist.exercise
    others = [
        a_panelist(exercise, group) for group, n in (("patients", 5), ("nurses", 5), ("doctors", 1)) for _ in range(n)
    ]
    for index, somebody in enumerate(others):
        rounds.join_late(rating, somebody)
        voting.save_page(rating, somebody, {"Q1.1": 1 + index % 9, "Q2.1": 5}, base=None)
    voting.save_page(rating, panelist, {"Q1.1": 6, "Q3.1": "cannot_judge"}, base=None)
    with clock.at(rating.closes_at):
        rounds.close_round(rating, actor=None)
    db.session.commit()
    return an_open_round(exercise, n=2, design={"feedback": True})


def page_with(client, key, n=2):
    """The page of a round with one question a page on which this question stands, and its address."""
    for number in range(1, 9):
        page = client.get(f"/answer/{n}/page/{number}")
        if keys_on(page) == [key]:
            return page, f"/answer/{n}/page/{number}"
    raise AssertionError(key)


def test_the_second_time_one_sees_the_own_last_answer_beside_those_of_others(here, panelist, again):
    page, address = page_with(here, "Q1.1")
    assert "Your last answer: 6" in page.text
    assert "People living with it" in page.text
    assert "of 6 chose 7, 8 or 9" in page.text
    assert checked(page) == [("Q1.1", "6")]
    assert own(again, panelist) is None
    here.send(address, {"Q1.1": "6", "base": field(page, "base"), "act": "next"})
    assert own(again, panelist).answers == {"Q1.1": 6}


@pytest.mark.parametrize(
    ("group_key", "first", "then"), [("patients", "People living", "Prof"), ("nurses", "Prof", "Peo")]
)
def test_everybody_reads_of_their_own_side_first(app, again, group_key, first, then):
    from priority.queries.feedback import feedback_of, previous_rating
    from priority.web.answer.figures import figure_of

    reader = a_panelist(again.exercise, group_key)
    shown = feedback_of(previous_rating(again))["Q1.1"]
    own_side, other = figure_of(shown, again.exercise, reader.group).sides
    assert own_side.label.startswith(first)
    assert other.label.startswith(then)
    assert {own_side.shape, other.shape} == {"disc", "square"}


def test_a_small_group_is_not_shown_and_cannot_be_worked_out(here, again):
    page, _address = page_with(here, "Q1.1")
    assert "Doctors</span>: too few answered to show it" in page.text
    assert "Nurses</span>: not shown, so that nobody can be worked out" in page.text


def test_what_one_could_not_judge_or_left_empty_last_time_is_said(here, again):
    page, _address = page_with(here, "Q3.1")
    assert "Last time you chose “I can't judge this”." in page.text
    assert checked(page) == [("Q3.1", "x")]
    assert "Too few people answered this question" in page.text
    page, _address = page_with(here, "Q2.1")
    assert "You did not answer this question last time." in page.text
    assert "all chose 4, 5 or 6" in page.text
    assert checked(page) == []


# -- putting in order ------------------------------------------------------------------------------------------------
RATINGS = {"Q1.1": 9, "Q2.1": 8, "Q3.1": 7, "Q4.1": 5, "Q5.1": 2, "Q6.1": "cannot_judge"}


def ranking_after(panelist, ratings, questions=8):
    """A ranking round after a rating round in which the panelist answered so."""
    before = an_open_round(panelist.exercise, n=2, questions=questions)
    voting.save_page(before, panelist, ratings, base=None)
    before.state, before.closed_at = RoundState.CLOSED, clock.now()
    db.session.flush()
    return an_open_round(panelist.exercise, RoundKind.RANKING, n=3, questions=questions)


@pytest.fixture
def ranker(client, sign_in, panelist):
    sign_in(client, panelist)
    return client


@pytest.fixture
def ranking(panelist):
    return ranking_after(panelist, RATINGS)


PILES = {"Q1.1": 1, "Q2.1": 1, "Q3.1": 1, "Q4.1": 2, "Q5.1": 3, "Q6.1": "cannot_judge"}


def test_ratings_are_the_sort_and_what_has_none_is_sorted_first(ranker, ranking):
    assert "/answer/3/sort/1" in ranker.get("/answer").text
    page = ranker.get("/answer/3/sort/1")
    assert set(keys_on(page)) == {"Q7.1", "Q8.1"}
    assert checked(page) == []
    found = dict(checked(ranker.get("/answer/3/sort/2")))
    assert found == {key: "x" if pile == "cannot_judge" else str(pile) for key, pile in PILES.items()}
    assert ranker.get("/answer/3/sort/3").status_code == 404
    assert db.session.query(Ballot).filter_by(round_id=ranking.id).count() == 0


def test_looking_is_no_answer_and_the_first_act_is(ranker, panelist, ranking):
    for address in ("/answer", "/answer/3/sort/1", "/answer/3/order", "/answer/3/check"):
        assert ranker.get(address).status_code == 200
    assert own(ranking, panelist) is None
    form = {"Q7.1": "1", "base": field(ranker.get("/answer/3/sort/1"), "base"), "act": "next"}
    assert ranker.send("/answer/3/sort/1", form).headers["Location"] == "/answer/3/order"
    assert own(ranking, panelist).answers == {"order": {}, "piles": PILES | {"Q7.1": 1}}


def test_a_pile_can_be_taken_out_again(ranker, panelist, ranking):
    ranker.send("/answer/3/sort/1", {"Q7.1": "1", "base": NOTHING})
    page = ranker.get("/answer/3/sort/1")
    assert page.text.count("No answer") == 1
    ranker.send("/answer/3/sort/1", {"Q7.1": "", "base": field(page, "base")})
    assert own(ranking, panelist).answers["piles"] == PILES


@pytest.mark.parametrize("pile", ["4", "0", "first", "1.0"])
def test_a_wrong_pile_keeps_the_others_on_the_page(ranker, panelist, ranking, pile):
    page = ranker.send("/answer/3/sort/1", {"Q7.1": "2", "Q8.1": pile, "base": NOTHING})
    assert page.status_code == 422
    assert checked(page) == [("Q7.1", "2")]
    assert own(ranking, panelist) is None


def test_the_buttons_of_sorting_lead_on_back_and_out(ranker, ranking):
    for act, address in (("more", "/answer/3/sort/2"), ("back", "/answer/3/sort/1"), ("next", "/answer/3/order")):
        answer = ranker.send("/answer/3/sort/1", {"base": NOTHING, "act": act})
        assert answer.headers["Location"] == address


def order_form(page, **numbers):
    """The form of the page of ordering with these numbers: `q1=2`."""
    typed = {f"place-{key.upper()}.1": number for key, number in numbers.items()}
    return {f"place-{key}": value for key, value in places_on(page)} | typed | {"base": field(page, "base")}


def test_numbers_are_sort_keys_with_ties_gaps_and_blanks(ranker, panelist, ranking):
    page = ranker.get("/answer/3/order")
    assert dict(places_on(page)) == {"Q1.1": "", "Q2.1": "", "Q3.1": ""}
    page = ranker.send("/answer/3/order", order_form(page, q1="40", q2="7") | {"act": "reorder"})
    assert page.status_code == 200
    assert places_on(page) == [("Q2.1", "7"), ("Q1.1", "40"), ("Q3.1", "")]
    assert own(ranking, panelist).answers["order"] == {"Q2.1": 1, "Q1.1": 2}
    page = ranker.send("/answer/3/order", order_form(page, q1="3", q2="3") | {"act": "reorder"})
    assert "2 questions share the number 3. That is fine" in page.text
    assert own(ranking, panelist).answers["order"] == {"Q1.1": 1, "Q2.1": 1}


def test_the_first_button_of_the_form_is_the_harmless_one(ranker, ranking):
    page = ranker.get("/answer/3/order").text
    form = page[page.index("<form") :]
    assert re.search(r"<button[^>]*>", form)[0].endswith('name="act" value="reorder">')


@pytest.mark.parametrize(
    ("move", "rows"),
    [
        ("Q3.1:top", [("Q3.1", "1"), ("Q1.1", "2"), ("Q2.1", "3")]),
        ("Q2.1:up", [("Q2.1", "1"), ("Q1.1", "2"), ("Q3.1", "")]),
        ("Q1.1:down", [("Q2.1", "1"), ("Q1.1", "2"), ("Q3.1", "")]),
        ("Q3.1:up", [("Q1.1", "1"), ("Q2.1", "2"), ("Q3.1", "3")]),
    ],
)
def test_the_buttons_move_a_question(ranker, panelist, ranking, move, rows):
    page = ranker.send("/answer/3/order", order_form(ranker.get("/answer/3/order"), q1="1", q2="2") | {"move": move})
    assert places_on(page) == rows
    assert own(ranking, panelist).answers["order"] == {key: int(place) for key, place in rows if place}
    number = [key for key, _place in rows].index(move[:4]) + 1
    assert f"Number {move[1]}: position {number} of 3" in page.text
    assert page.text.count('id="moved"') == 1


def test_the_same_move_twice_moves_once(ranker, panelist, ranking):
    form = order_form(ranker.get("/answer/3/order"), q1="1", q2="2", q3="3") | {"move": "Q3.1:up"}
    for _twice in range(2):
        assert ranker.send("/answer/3/order", form).status_code == 200
    assert own(ranking, panelist).answers["order"] == {"Q1.1": 1, "Q3.1": 2, "Q2.1": 3}


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "first", "12345", "²"])
def test_a_number_we_cannot_count_with_keeps_what_was_typed(ranker, panelist, ranking, number):
    form = order_form(ranker.get("/answer/3/order"), q1=number, q2="2") | {"act": "check"}
    page = ranker.send("/answer/3/order", form)
    assert page.status_code == 422
    assert f'name="place-Q1.1" value="{number}"' in page.text
    assert ("Q2.1", "2") in places_on(page)
    assert '<a href="#place-Q1.1">' in page.text
    assert own(ranking, panelist) is None
    quietly = ranker.send("/answer/3/order", form, headers={"Accept": "application/json"})
    assert (quietly.status_code, quietly.is_json) == (422, True)


@pytest.mark.parametrize("move", ["Q1.1:sideways", "Q99.1:up", "up", ":", "Q4.1:top"])
def test_a_move_that_there_is_not_moves_nothing(ranker, panelist, ranking, move):
    form = order_form(ranker.get("/answer/3/order"), q1="1") | {"move": move}
    assert ranker.send("/answer/3/order", form).status_code == 200
    assert own(ranking, panelist).answers["order"] == {"Q1.1": 1}


def test_a_question_sorted_out_of_the_first_pile_loses_its_place_and_the_gap_closes(ranker, panelist, ranking):
    ranker.send("/answer/3/order", order_form(ranker.get("/answer/3/order"), q1="1", q2="2", q3="3"))
    for number in (1, 2):
        page = ranker.get(f"/answer/3/sort/{number}")
        if "Q2.1" in keys_on(page):
            form = dict(checked(page)) | {"Q2.1": "3", "base": field(page, "base")}
            ranker.send(f"/answer/3/sort/{number}", form)
    saved = own(ranking, panelist).answers
    assert saved["piles"]["Q2.1"] == 3
    assert saved["order"] == {"Q1.1": 1, "Q3.1": 2}


def test_check_shows_the_order_and_keeps_the_piles(ranker, ranking):
    ranker.send("/answer/3/order", order_form(ranker.get("/answer/3/order"), q1="1", q2="1") | {"act": "check"})
    page = ranker.get("/answer/3/check").text
    assert page.count("<small>shared</small>") == 2
    for words in ('<b class="num">1</b> very important, without a place', "1</b> important", "1</b> less important"):
        assert words in page
    assert "2</b> left empty" in page


def test_sending_from_the_check_saves_the_piles_where_nothing_was_saved(ranker, panelist, ranking):
    page = ranker.get("/answer/3/check")
    assert "Nothing is saved yet" in page.text
    form = {name: field(page, name) for name in ("submit_key", "base")}
    assert ranker.send("/answer/3/check", form).headers["Location"] == "/answer/3/thanks"
    assert own(ranking, panelist).answers["piles"]["Q1.1"] == 1
    assert own(ranking, panelist).state is BallotState.SUBMITTED
    assert ranker.send("/answer/3/check", form).status_code in (303, 409)
    assert db.session.query(BallotSubmit).count() == 1


def test_two_orders_of_two_devices_are_shown_side_by_side(ranker, panelist, ranking):
    old = ranker.get("/answer/3/order")
    ranker.send("/answer/3/order", order_form(old, q1="1") | {"act": "check"})
    page = ranker.send("/answer/3/order", order_form(old, q2="1") | {"act": "check"})
    assert page.status_code == 409
    keeps = [html.unescape(found) for found in re.findall(r'name="keep" value="([^"]*)"', page.text)]
    assert len(keeps) == 2
    for keep, order in zip(keeps, ({"Q2.1": 1}, {"Q1.1": 1}), strict=True):
        now = page_digest(own(ranking, panelist).answers)
        assert ranker.send("/answer/3/order", {"keep": keep, "base": now}).status_code == 303
        assert own(ranking, panelist).answers["order"] == order


@pytest.mark.parametrize(
    "keep",
    [
        "",
        "{",
        "[]",
        "null",
        '{"piles": 1, "order": {}}',
        '{"piles": {}, "order": {"Q1.1": "1"}}',
        '{"piles": {"Q1.1": true}, "order": {}}',
        '{"piles": {"Q99.1": 1}, "order": {}}',
        '{"piles": []}',
    ],
)
def test_a_version_that_was_tampered_with_is_refused(ranker, panelist, ranking, keep):
    for address in ("/answer/3/order", "/answer/3/sort/1"):
        assert ranker.send(address, {"keep": keep, "base": NOTHING}).status_code == 422
    assert own(ranking, panelist) is None


def test_somebody_who_found_none_very_important_goes_on_to_check(ranker, panelist):
    ranking_after(panelist, {"Q1.1": 3})
    assert "You found none very important" in ranker.get("/answer/3/order").text
    assert "None" not in ranker.get("/answer/3/check").text


@pytest.fixture
def fourteen(panelist):
    """A ranking round in which fourteen questions are in the first pile."""
    return ranking_after(panelist, {f"Q{n}.1": 9 for n in range(1, 15)}, questions=15)


def test_of_more_than_ten_one_chooses_ten_first(ranker, panelist, fourteen):
    page = ranker.get("/answer/3/order")
    assert page.text.count('name="chosen"') == 14
    chosen = [f"Q{n}.1" for n in range(1, 11)]
    page = ranker.send("/answer/3/order", {"chosen": chosen, "act": "choose", "base": field(page, "base")})
    assert sorted(key for key, _place in places_on(page)) == sorted(chosen)
    assert own(fourteen, panelist) is None
    form = order_form(page, q3="1", q5="2") | {"chosen": chosen, "act": "reorder"}
    page = ranker.send("/answer/3/order", form)
    assert len(places_on(page)) == 10
    assert own(fourteen, panelist).answers["order"] == {"Q3.1": 1, "Q5.1": 2}
    assert [key for key, _place in places_on(ranker.get("/answer/3/order"))] == ["Q3.1", "Q5.1"]
    assert ranker.get("/answer/3/order?choose=1").text.count(" checked") == 2


@pytest.mark.parametrize(("count", "words"), [(11, "You chose 11 questions"), (0, "Choose at least one question")])
def test_choosing_too_many_or_none_is_said_and_kept(ranker, fourteen, count, words):
    chosen = [f"Q{n}.1" for n in range(1, count + 1)]
    page = ranker.send("/answer/3/order", {"chosen": chosen, "act": "choose", "base": NOTHING})
    assert page.status_code == 422
    assert words in page.text
    assert page.text.count(" checked") == count


def test_more_than_ten_places_by_a_tampered_form_are_refused(ranker, panelist, fourteen):
    chosen = [f"Q{n}.1" for n in range(1, 13)]
    form = {f"place-{key}": "1" for key in chosen} | {"chosen": chosen, "base": NOTHING, "act": "check"}
    assert ranker.send("/answer/3/order", form).status_code == 422
    assert own(fourteen, panelist) is None


def test_an_order_survives_the_end_of_a_session(ranker, panelist, ranking):
    form = order_form(ranker.get("/answer/3/order"), q1="2", q2="1") | {"act": "check"}
    with clock.at(clock.now() + accounts.PANELIST_LASTS):
        page = ranker.send("/answer/3/order", form)
        kept = {name: field(page, name) for name in form}
        back = ranker.send("/answer/3/order", kept | {"code": accounts.code_of(panelist)})
    assert dict(places_on(back)) == {"Q1.1": "2", "Q2.1": "1", "Q3.1": ""}
    assert "It is not saved yet" in back.text
    assert own(ranking, panelist) is None
