"""Choosing, best and worst, ratings from 1 to 5 and by criteria: each saved page by page, checked and sent."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from priority import clock
from priority.models import Round
from priority.services import accounts, consent, rounds, voting
from priority.services.answers import page_digest
from priority.web.sessions import new_secret
from priority.words import BallotState, ExerciseState, Purpose, RoundKind
from tests.factories import a_panelist, a_question, add, an_exercise, an_open_round
from tests.services.test_voting import written_tables

SETS = [["Q1.1", "Q2.1", "Q3.1"], ["Q4.1", "Q5.1", "Q1.1"]]


@pytest.fixture
def panelist(app):
    somebody = a_panelist(an_exercise())
    consent.give(somebody, {Purpose.TAKE_PART})
    return somebody


@pytest.fixture
def here(client, sign_in, panelist):
    sign_in(client, panelist)
    return client


def field(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def offered(page):
    """The questions that can be ticked on a page, in their order, and those that are."""
    boxes = re.findall(r'name="chosen" value="(Q[\d.]+)" id="[^"]*"( checked)?', page.text)
    return [key for key, _ticked in boxes], [key for key, ticked in boxes if ticked]


def answers(round_, panelist):
    found = voting.own_ballot(round_, panelist)
    return None if found is None else found.answers


def send(here, n):
    """Sends what the page of checking shows; gives the page of thanks."""
    page = here.get(f"/answer/{n}/check")
    sent = here.send(f"/answer/{n}/check", {"base": field(page, "base"), "submit_key": field(page, "submit_key")})
    assert sent.headers["Location"] == f"/answer/{n}/thanks"
    return here.get(sent.headers["Location"])


# -- choosing --------------------------------------------------------------------------------------------------------
@pytest.fixture
def choosing(panelist):
    return an_open_round(panelist.exercise, RoundKind.CHOOSE, questions=18, design={"choose": 3, "ranked": True})


def tick(here, page, keys, act="next"):
    """Ticks these boxes of a page and saves it."""
    shown = here.get(f"/answer/1/choose/{page}")
    return here.send(f"/answer/1/choose/{page}", {"base": field(shown, "base"), "chosen": keys, "act": act})


def test_what_is_chosen_on_one_page_stays_while_the_next_is_read(here, panelist, choosing):
    first, _none = offered(here.get("/answer/1/choose/1"))
    assert len(first) == 8
    assert tick(here, 1, first[:2]).headers["Location"] == "/answer/1/choose/2"
    page = here.get("/answer/1/choose/2")
    assert "You have chosen 2 of 3." in page.text
    assert "What you chose on other pages" in page.text
    second, _none = offered(page)
    tick(here, 2, second[:1])
    assert sorted(answers(choosing, panelist)["chosen"]) == sorted([*first[:2], second[0]])
    assert offered(here.get("/answer/1/choose/1"))[1] == first[:2]


def test_a_choice_can_be_unticked_again_and_then_nothing_counts(here, panelist, choosing):
    keys, _none = offered(here.get("/answer/1/choose/1"))
    tick(here, 1, keys[:1])
    tick(here, 1, [])
    assert voting.own_ballot(choosing, panelist).state is BallotState.TAKEN_BACK
    assert "There is nothing to send yet" in here.get("/answer/1/check").text


def test_a_page_without_a_tick_is_no_answer(here, panelist, choosing):
    assert tick(here, 1, []).status_code == 303
    assert answers(choosing, panelist) is None


def test_one_too_many_is_refused_with_everything_still_ticked(here, panelist, choosing):
    first, _none = offered(here.get("/answer/1/choose/1"))
    tick(here, 1, first[:2])
    second, _none = offered(here.get("/answer/1/choose/2"))
    page = tick(here, 2, second[:2])
    assert page.status_code == 422
    assert "You chose 4 questions. Choose 3 at most." in page.text
    assert "Take one away here or on another page." in page.text
    assert 'href="#chosen"' in page.text
    assert offered(page)[1] == second[:2]
    assert re.search(r"<details open><summary>What you chose on other pages", page.text)
    assert sorted(answers(choosing, panelist)["chosen"]) == sorted(first[:2])


def test_an_older_page_takes_nothing_away_that_was_chosen_on_another(here, panelist, choosing):
    stale = field(here.get("/answer/1/choose/1"), "base")
    first, _none = offered(here.get("/answer/1/choose/1"))
    second, _none = offered(here.get("/answer/1/choose/2"))
    tick(here, 2, second[:1])
    assert here.send("/answer/1/choose/1", {"base": stale, "chosen": first[:1]}).status_code == 303
    assert sorted(answers(choosing, panelist)["chosen"]) == sorted([first[0], second[0]])


def test_a_page_that_was_changed_elsewhere_shows_both_versions(here, panelist, choosing):
    page = here.get("/answer/1/choose/1")
    stale, (first, _none) = field(page, "base"), offered(page)
    tick(here, 1, first[:1])
    both = here.send("/answer/1/choose/1", {"base": stale, "chosen": first[1:3]})
    assert both.status_code == 409
    assert "Which answers shall we keep?" in both.text
    kept = here.send("/answer/1/choose/1", {"base": field(both, "base"), "chosen": first[1:3]})
    assert kept.status_code == 303
    assert sorted(answers(choosing, panelist)["chosen"]) == sorted(first[1:3])


def test_a_box_that_the_page_does_not_have_is_refused(here, panelist, choosing):
    assert tick(here, 1, ["Q99.1"]).status_code == 422
    assert answers(choosing, panelist) is None


def test_the_chosen_ones_are_put_in_order_by_number_and_by_moving(here, panelist, choosing):
    keys, _none = offered(here.get("/answer/1/choose/1"))
    assert tick(here, 1, keys[:3], act="done").headers["Location"] == "/answer/1/order"
    page = here.get("/answer/1/order")
    assert "These are the ones you chose." in page.text
    numbers = {f"place-{keys[0]}": "2", f"place-{keys[1]}": "1", f"place-{keys[2]}": ""}
    page = here.send("/answer/1/order", {"base": field(page, "base"), "act": "reorder", **numbers})
    assert answers(choosing, panelist)["order"] == {keys[1]: 1, keys[0]: 2}
    moved = here.send("/answer/1/order", {"base": field(page, "base"), "move": f"{keys[2]}:top", **numbers})
    assert answers(choosing, panelist)["order"][keys[2]] == 1
    onward = here.send("/answer/1/order", {"base": field(moved, "base"), "act": "check", **numbers})
    assert onward.headers["Location"] == "/answer/1/check"


def test_the_check_of_a_choice_has_the_places_and_those_without(here, panelist, choosing):
    voting.save_whole(choosing, panelist, {"chosen": ["Q1.1", "Q2.1", "Q3.1"], "order": {"Q3.1": 1}}, base=None)
    page = here.get("/answer/1/check").text
    assert "Is this your choice?" in page
    assert page.index("What helps with number 3?") < page.index("Chosen, without a place")
    assert "place 1" in html.unescape(send(here, 1).text)


def test_a_place_goes_when_the_question_is_no_longer_chosen(here, panelist, choosing):
    keys, _none = offered(here.get("/answer/1/choose/1"))
    voting.save_whole(choosing, panelist, {"chosen": keys[:2], "order": {keys[0]: 1, keys[1]: 2}}, base=None)
    tick(here, 1, keys[1:2])
    assert answers(choosing, panelist) == {"chosen": [keys[1]], "order": {keys[1]: 1}}


def test_a_choice_that_was_ordered_elsewhere_can_be_kept_either_way(here, panelist, choosing):
    voting.save_whole(choosing, panelist, {"chosen": ["Q1.1", "Q2.1"], "order": {}}, base=None)
    stale = field(here.get("/answer/1/order"), "base")
    voting.save_whole(choosing, panelist, {"chosen": ["Q1.1", "Q2.1"], "order": {"Q1.1": 1}}, base=None)
    both = here.send("/answer/1/order", {"base": stale, "act": "check", "place-Q2.1": "1", "place-Q1.1": "2"})
    assert both.status_code == 409
    versions = [html.unescape(one) for one in re.findall(r'name="keep" value="([^"]*)"', both.text)]
    typed = next(one for one in versions if '"Q2.1":1' in one)
    assert here.send("/answer/1/order", {"base": field(both, "base"), "keep": typed}).status_code == 303
    assert answers(choosing, panelist)["order"] == {"Q2.1": 1, "Q1.1": 2}


@pytest.mark.parametrize(
    "text", ['{"chosen":["Q9.1"],"order":{"Q99.1":1}}', '{"piles":{}}', "[]", '{"chosen":[[1]],"order":{}}']
)
def test_a_version_that_no_page_showed_is_refused(here, panelist, choosing, text):
    voting.save_whole(choosing, panelist, {"chosen": ["Q1.1"], "order": {}}, base=None)
    before = answers(choosing, panelist)
    base = page_digest(before)
    assert here.send("/answer/1/order", {"base": base, "keep": text}).status_code == 422
    assert answers(choosing, panelist) == before


def test_a_choice_without_places_goes_straight_to_the_check(here, panelist):
    an_open_round(panelist.exercise, RoundKind.CHOOSE, design={"choose": 3, "ranked": False})
    keys, _none = offered(here.get("/answer/1/choose/1"))
    assert tick(here, 1, keys[:1], act="done").headers["Location"] == "/answer/1/check"
    assert here.get("/answer/1/order").status_code == 404


def test_choosing_writes_the_answers_and_nothing_else(here, panelist, choosing, app):
    keys, _none = offered(here.get("/answer/1/choose/1"))
    with written_tables() as tables:
        tick(here, 1, keys[:2])
    assert set(tables) == {"ballot"}


def test_after_the_end_a_choice_is_given_back_and_not_counted(here, panelist, choosing):
    page = here.get("/answer/1/choose/1")
    keys, _none = offered(page)
    with clock.at(choosing.closes_at):
        later = new_secret()
        accounts.sign_in(panelist, later)
        here.set_cookie("s", later)
        late = here.send("/answer/1/choose/1", {"base": field(page, "base"), "chosen": keys[:1]})
    assert late.status_code == 409
    assert "This closed while you were here" in late.text
    assert f"What helps with number {keys[0][1:-2]}?" in late.text
    assert answers(choosing, panelist) is None


# -- best and worst --------------------------------------------------------------------------------------------------
@pytest.fixture
def marking(panelist):
    return an_open_round(panelist.exercise, RoundKind.BEST_WORST, questions=5, design={"sets": SETS})


def mark(here, page, best=None, worst=None, act="next"):
    shown = here.get(f"/answer/1/set/{page}")
    marks = {f"{page}.best": best, f"{page}.worst": worst}
    typed = {key: value for key, value in marks.items() if value}
    return here.send(f"/answer/1/set/{page}", {"base": field(shown, "base"), "act": act, **typed})


def test_each_set_is_two_groups_of_radios_and_is_saved_by_itself(here, panelist, marking):
    page = here.get("/answer/1/set/1").text
    assert page.count("<fieldset") == 2
    assert page.count('type="radio"') == 6
    assert mark(here, 1, "Q1.1", "Q3.1").headers["Location"] == "/answer/1/set/2"
    assert mark(here, 2, best="Q4.1").headers["Location"] == "/answer/1/check"
    assert answers(marking, panelist) == {"1.best": "Q1.1", "1.worst": "Q3.1", "2.best": "Q4.1"}


def test_the_same_question_cannot_matter_most_and_least(here, panelist, marking):
    page = mark(here, 1, "Q1.1", "Q1.1")
    assert page.status_code == 422
    assert "The same question cannot matter most and least." in page.text
    assert 'href="#1.worst"' in page.text
    assert page.text.count(" checked") == 2
    assert answers(marking, panelist) is None


def test_a_question_of_another_set_is_refused(here, panelist, marking):
    assert mark(here, 1, "Q4.1").status_code == 422
    assert mark(here, 1, "x").status_code == 422
    assert answers(marking, panelist) is None
    assert here.get("/answer/1/set/3").status_code == 404


def test_a_mark_can_be_taken_away_again(here, panelist, marking):
    mark(here, 1, "Q1.1", "Q3.1")
    shown = here.get("/answer/1/set/1")
    assert shown.text.count("No answer") == 2
    here.send("/answer/1/set/1", {"base": field(shown, "base"), "1.best": "", "1.worst": "Q3.1"})
    assert answers(marking, panelist) == {"1.worst": "Q3.1"}


def test_the_check_tells_whole_half_and_empty_sets_and_what_was_sent(here, panelist, marking):
    mark(here, 1, "Q1.1", "Q3.1")
    mark(here, 2, worst="Q5.1")
    page = here.get("/answer/1/check").text
    assert "You answered one step of 2 in full." in page
    assert re.search(r"<b class=\"num\">1</b> with one mark", page)
    thanks = html.unescape(send(here, 1).text)
    assert "Step 2, matters least:" in thanks
    assert "What helps with number 5?" in thanks
    assert "Step 2, matters most:" not in thanks


def test_the_start_page_leads_to_the_first_set_that_is_not_whole(here, panelist, marking):
    assert 'href="/answer/1/set/1"' in here.get("/answer").text
    mark(here, 1, "Q1.1", "Q3.1")
    page = here.get("/answer").text
    assert 'href="/answer/1/set/2"' in page
    assert "You answered 1 of 2." in page


def test_the_sets_that_opening_makes_can_be_walked_to_the_end_and_closed(here, panelist):
    exercise = panelist.exercise
    exercise.state = ExerciseState.SORTING
    for number in range(1, 8):
        a_question(exercise, number)
    round_ = add(Round(exercise=exercise, n=1, kind=RoundKind.BEST_WORST, design={"size": 4, "at_least": 2}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    consent.give(panelist, {Purpose.TAKE_PART})
    sets = round_.design["sets"]
    for number, members in enumerate(sets, start=1):
        assert mark(here, number, members[0], members[-1]).status_code == 303
    assert f"You answered {len(sets)} steps of {len(sets)} in full." in here.get("/answer/1/check").text
    send(here, 1)
    with clock.at(round_.closes_at):
        rounds.close_round(round_, actor=None)
    assert voting.own_ballot(round_, panelist).state is BallotState.SUBMITTED


# -- other scales ----------------------------------------------------------------------------------------------------
def test_a_rating_from_one_to_five_says_each_number_in_words(here, panelist):
    round_ = an_open_round(panelist.exercise, questions=2, design={"scale": "five"})
    page = here.get("/answer/1/page/1")
    assert "5 means it matters most." in page.text
    assert page.text.count("5: very high priority") == 2
    assert here.send("/answer/1/page/1", {"base": field(page, "base"), "Q1.1": "5", "Q2.1": "x"}).status_code == 303
    assert answers(round_, panelist) == {"Q1.1": 5, "Q2.1": "cannot_judge"}
    assert "answered from 1 to 5" in here.get("/answer/1/check").text
    assert "5: very high priority" in send(here, 1).text


def test_a_number_beyond_the_scale_is_refused(here, panelist):
    round_ = an_open_round(panelist.exercise, questions=2, design={"scale": "five"})
    base = field(here.get("/answer/1/page/1"), "base")
    assert here.send("/answer/1/page/1", {"base": base, "Q1.1": "6"}).status_code == 422
    assert answers(round_, panelist) is None


@pytest.fixture
def criteria(panelist):
    return an_open_round(panelist.exercise, questions=2, design={"scale": "chnri", "order": "list"})


def test_criteria_are_asked_one_question_a_page(here, panelist, criteria):
    page = here.get("/answer/1/page/1")
    assert page.text.count("<fieldset") == 5
    assert "Would it reach those who need it most?" in page.text
    typed = {"Q1.1/equity": "0.5", "Q1.1/burden": "1", "Q1.1/answerability": "0", "Q1.1/deliverability": "x"}
    assert here.send("/answer/1/page/1", {"base": field(page, "base"), **typed}).headers["Location"].endswith("/page/2")
    assert answers(criteria, panelist) == {
        "Q1.1/equity": 0.5,
        "Q1.1/burden": 1,
        "Q1.1/answerability": 0,
        "Q1.1/deliverability": "cannot_judge",
    }
    again = here.get("/answer/1/page/1").text
    assert re.search(r'name="Q1.1/equity" value="0.5" checked', again)
    assert "answered in part" in here.get("/answer/1/check").text


def test_a_criterion_takes_no_other_value(here, panelist, criteria):
    base = field(here.get("/answer/1/page/1"), "base")
    for wrong in ("2", "0.25", "yes", "1.0"):
        assert here.send("/answer/1/page/1", {"base": base, "Q1.1/equity": wrong}).status_code == 422
    assert answers(criteria, panelist) is None


def test_piles_follow_from_ratings_on_any_scale_that_has_bands(here, panelist):
    first = an_open_round(panelist.exercise, questions=3, design={"scale": "five"})
    voting.save_page(first, panelist, {"Q1.1": 5, "Q2.1": 3, "Q3.1": 1}, base=None)
    with clock.at(first.closes_at):
        rounds.close_round(first, actor=None)
    ranking = an_open_round(panelist.exercise, RoundKind.RANKING, n=2, questions=3)
    page = here.get("/answer/2/check")
    here.send("/answer/2/check", {"base": field(page, "base"), "submit_key": field(page, "submit_key")})
    assert answers(ranking, panelist)["piles"] == {"Q1.1": 1, "Q2.1": 2, "Q3.1": 3}
