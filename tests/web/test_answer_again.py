"""The second time: what others answered, what changed, why an answer moved, and what becomes of what one says."""

from __future__ import annotations

import html
import re

import pytest

from priority import clock
from priority.extensions import db
from priority.models import QuestionWording, RoundItem
from priority.queries.answering import sees_own_side_only
from priority.queries.reasons import given, own_reasons
from priority.queries.suggestions import suggested
from priority.services import accounts, consent, reasons, rounds, suggestions, voting
from priority.web.sessions import new_secret
from priority.words import Purpose, ReasonSide, RoundKind
from tests.factories import a_panelist, a_question, an_exercise, an_open_round
from tests.services.test_voting import written_tables

GROUPS = (("patients", 6), ("carers", 5), ("nurses", 5), ("doctors", 6))
AGAIN = {"feedback": True, "reasons": True, "order": "list"}


@pytest.fixture
def panelist(app):
    somebody = a_panelist(an_exercise())
    consent.give(somebody, {Purpose.TAKE_PART})
    return somebody


@pytest.fixture
def others(panelist):
    return [a_panelist(panelist.exercise, group) for group, n in GROUPS for _one in range(n)]


@pytest.fixture
def here(client, sign_in, panelist):
    sign_in(client, panelist)
    return client


def first_round(panelist, others, own, answer, **design):
    """A first round that has closed: `own` are the panelist's answers, everybody else gave each question `answer`."""
    round_ = an_open_round(panelist.exercise, questions=2, design=design)
    if own:
        voting.save_page(round_, panelist, own, base=None)
    for index, one in enumerate(others):
        given_ = answer(index)
        voting.save_page(round_, one, {"Q1.1": given_, "Q2.1": given_}, base=None)
    return closed(round_)


def closed(round_):
    with clock.at(round_.closes_at):
        rounds.close_round(round_, actor=None)
    db.session.commit()
    return round_


def words(page):
    """What is read on a page, without its marks."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.text).split()))


def field(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def rate(here, number, answer, page=1):
    shown = here.get(f"/answer/2/page/{page}")
    return here.send(f"/answer/2/page/{page}", {"base": field(shown, "base"), f"Q{number}.1": answer, "act": "next"})


# -- what others answered --------------------------------------------------------------------------------------------
def test_the_own_side_comes_first_with_one_sentence_a_row(here, panelist, others):
    first_round(panelist, others, {"Q1.1": 6}, lambda index: 7 + index % 3 if index < 8 else 2)
    an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN)
    page = words(here.get("/answer/2/page/1"))
    assert "People living with it : 8 of 12 chose 7, 8 or 9" in page
    assert "Professionals : 0 of 11 chose 7, 8 or 9" in page
    assert page.index("People living with it :") < page.index("Professionals :") < page.index("Patients :")
    assert "Your last answer: 6" in page


def test_on_a_scale_from_one_to_five_the_figure_has_five_columns(here, panelist, others):
    first_round(panelist, others, {"Q1.1": 4}, lambda index: 1 + index % 5, scale="five")
    an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN | {"scale": "five"})
    page = here.get("/answer/2/page/1")
    assert "chose 4 or 5" in page.text
    assert "from 1 to 5" in page.text
    heads = re.findall(r'<th scope="col">(\d)</th>', page.text)
    assert heads == ["1", "2", "3", "4", "5"]
    assert "5: very high priority" in page.text
    assert "Your last answer: 4" in page.text
    columns = {round(float(x)) for x in re.findall(r'<rect class="bar[^"]*" x="([\d.]+)"', page.text)}
    assert len(columns) == 5
    assert max(columns) < 340


def test_each_criterion_has_its_sentences_and_its_table(here, panelist, others):
    first = an_open_round(panelist.exercise, questions=2, design={"scale": "chnri", "order": "list"})
    voting.save_page(first, panelist, {"Q1.1/equity": 0.5}, base=None)
    for index, one in enumerate(others):
        answers = {"Q1.1/equity": (0, 0.5, 1)[index % 3], "Q1.1/burden": 1}
        voting.save_page(first, one, answers, base=None)
    closed(first)
    again = an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN | {"scale": "chnri"})
    page = here.get("/answer/2/page/1")
    assert re.search(r'name="Q1.1/equity" value="0.5" checked', page.text)
    said = words(page)
    assert "Your last answers are set." in said
    assert "People living with it : 3 of 12 chose “Yes”" in said
    assert "Carers all chose “Yes”" in said  # in the table, which has the groups, too
    assert "Too few people answered this" in said
    heads = re.findall(r'<th scope="col">([^<]+)</th>', page.text)
    assert heads[:5] == ["Who", "No", "In between", "Yes", "All"]
    assert here.send("/answer/2/page/1", {"base": field(page, "base"), "Q1.1/equity": "1"}).status_code == 303
    assert voting.own_ballot(again, panelist).answers == {"Q1.1/equity": 1}


def test_answers_on_another_scale_are_not_compared(here, panelist, others):
    first_round(panelist, others, {"Q1.1": 9}, lambda _index: 8)
    an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN | {"scale": "five"})
    page = here.get("/answer/2/page/1")
    assert '<svg class="histogram"' not in page.text
    assert " checked" not in page.text
    assert "There are no answers of others that fit beside this question." in page.text
    assert "Nobody has answered this question before." not in page.text


def test_whoever_comes_late_sees_the_distribution_and_is_told_kindly(client, sign_in, panelist, others):
    first_round(panelist, others, {}, lambda index: 1 + index % 9)
    late = a_panelist(panelist.exercise)
    consent.give(late, {Purpose.TAKE_PART})
    again = an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN)
    sign_in(client, late)
    page = client.get("/answer/2/page/1")
    assert "You joined after the first time. Welcome." in page.text
    assert '<svg class="histogram"' in page.text
    assert "did not answer this question last time" not in page.text
    assert "Keep your answer" not in page.text
    onward = client.send("/answer/2/page/1", {"base": field(page, "base"), "Q1.1": "9", "act": "next"})
    assert onward.headers["Location"] == "/answer/2/page/2"
    assert voting.own_ballot(again, late).answers == {"Q1.1": 9}
    assert client.get("/answer/2/page/1/why").headers["Location"] == "/answer/2/page/2"


def test_a_question_that_was_left_empty_says_so(here, panelist, others):
    first_round(panelist, others, {"Q2.1": 5}, lambda index: 1 + index % 9)
    an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN)
    assert "You did not answer this question last time." in here.get("/answer/2/page/1").text


def test_a_new_and_a_reworded_question_say_what_they_are(here, panelist, others):
    first_round(panelist, others, {"Q1.1": 6}, lambda index: 1 + index % 9)
    _reword(panelist.exercise)
    a_question(panelist.exercise, 3)
    an_open_round(panelist.exercise, n=2, questions=3, design=AGAIN)
    assert "New words this time" in here.get("/answer/2/page/1").text
    assert "Nobody has answered this question before." in here.get("/answer/2/page/3").text


def _reword(exercise):
    question = db.session.query(RoundItem).filter_by(key="Q1.1").one().wording.question
    changed = {"n": 2, "locale": "en", "text": "What truly helps with number 1?", "short": "Number 1"}
    db.session.add(QuestionWording(question_id=question.id, reason="It was not clear.", **changed))
    db.session.flush()
    db.session.expire(question)


# -- the arm that is drawn by lot ------------------------------------------------------------------------------------
LABELS = {
    "lived": ("People living with it", "Patients", "Carers"),
    "professionals": ("Professionals", "Nurses", "Doctors"),
}


@pytest.mark.parametrize("side", ["lived", "professionals"])
def test_half_by_lot_see_their_own_side_alone_and_are_told(client, sign_in, panelist, others, side):
    first_round(panelist, others, {}, lambda index: 1 + index % 9)
    again = an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN | {"arm": "random"})
    mine = [one for one in others if one.group.side.key == side]
    drawn = {sees_own_side_only(again, voting.own_key(again.exercise, one)): one for one in mine}
    for alone, one in drawn.items():
        consent.give(one, {Purpose.TAKE_PART})
        sign_in(client, one)
        page = words(client.get("/answer/2/page/1"))
        assert all(f"{label} :" in page for label in LABELS[side])
        (other,) = LABELS.keys() - {side}
        assert [f"{label} :" in page for label in LABELS[other]] == [not alone] * 3
        assert ("drawn by lot" in page) is alone


def test_the_lot_is_about_even_and_a_round_without_an_arm_has_none(panelist):
    plain = an_open_round(panelist.exercise)
    drawn = an_open_round(panelist.exercise, n=2, design={"feedback": True, "arm": "random"})
    people = [f"somebody {n}".encode() for n in range(2000)]
    share = sum(sees_own_side_only(drawn, one) for one in people) / len(people)
    assert 0.455 < share < 0.545  # four standard deviations around a half
    assert not any(sees_own_side_only(plain, one) for one in people)


# -- why -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def again(panelist, others):
    first_round(panelist, others, {"Q1.1": 6, "Q2.1": 5}, lambda index: 4 + index % 3)
    return an_open_round(panelist.exercise, n=2, questions=2, design=AGAIN)


def test_who_leaves_their_band_is_asked_once_and_may_leave_it_empty(here, panelist, again):
    assert rate(here, 1, "8").headers["Location"] == "/answer/2/page/1/why"
    page = here.get("/answer/2/page/1/why")
    assert "What made you change your answer?" in page.text
    assert "(you can leave this empty)" in page.text
    onward = here.send("/answer/2/page/1/why", {"text": "", "act": "next"})
    assert onward.headers["Location"] == "/answer/2/page/2"
    assert own_reasons(again, voting.own_key(again.exercise, panelist)) == {}


def test_a_reason_is_kept_shown_again_and_not_asked_for_twice(here, panelist, again):
    rate(here, 1, "8")
    with written_tables() as tables:
        here.send("/answer/2/page/1/why", {"text": "I had a bad night.", "act": "next"})
    assert set(tables) == {"reason"}
    own = own_reasons(again, voting.own_key(again.exercise, panelist))
    assert own == {"Q1.1": (ReasonSide.HIGH, "I had a bad night.")}
    assert "I had a bad night." in here.get("/answer/2/page/1/why").text
    assert rate(here, 1, "9").headers["Location"] == "/answer/2/page/2"
    assert rate(here, 1, "1").headers["Location"] == "/answer/2/page/1/why"


def test_who_stays_where_most_are_is_not_asked(here, panelist, again):
    assert rate(here, 1, "5").headers["Location"] == "/answer/2/page/2"
    assert here.get("/answer/2/page/1/why").headers["Location"] == "/answer/2/page/2"
    refused = here.send("/answer/2/page/1/why", {"text": "So.", "act": "next"})
    assert refused.status_code == 422
    assert "no reason is needed any more" in refused.text


def test_saving_and_leaving_asks_nothing(here, panelist, again):
    shown = here.get("/answer/2/page/1")
    left = here.send("/answer/2/page/1", {"base": field(shown, "base"), "Q1.1": "9", "act": "leave"})
    assert left.headers["Location"] == "/answer?done=answers-saved"


def test_the_last_page_that_asks_why_leads_to_the_check(here, panelist, again):
    assert rate(here, 2, "9", page=2).headers["Location"] == "/answer/2/page/2/why"
    assert here.send("/answer/2/page/2/why", {"text": "So."}).headers["Location"] == "/answer/2/check"


def test_a_reason_that_is_too_long_comes_back_whole(here, panelist, again):
    rate(here, 1, "9")
    text = "x" * (reasons.LONGEST + 1)
    page = here.send("/answer/2/page/1/why", {"text": text})
    assert page.status_code == 422
    assert text in page.text


def test_a_reason_that_comes_after_the_end_is_given_back(here, panelist, again):
    rate(here, 1, "9")
    with clock.at(again.closes_at):
        later = new_secret()
        accounts.sign_in(panelist, later)
        here.set_cookie("s", later)
        late = here.send("/answer/2/page/1/why", {"text": "Too late."})
    assert late.status_code == 409
    assert "Too late." in late.text


def test_released_reasons_stand_beside_the_answers_the_next_time(here, panelist, others, again):
    rate(here, 1, "8")
    here.send("/answer/2/page/1/why", {"text": "I had a <bad> night."})
    for one in others:
        voting.save_page(again, one, {"Q1.1": 7}, base=None)
    reasons.give(again, others[0], "Q1.1", "There are pills.", side=ReasonSide.LOW)
    closed(again)
    an_open_round(panelist.exercise, n=3, questions=2, design=AGAIN)
    assert "What some of them said" not in here.get("/answer/3/page/1").text
    withheld = [one.handle for one in given(again) if "pills" in one.text]
    reasons.release(again, withheld=withheld, actor=None)
    page = here.get("/answer/3/page/1")
    assert "I had a &lt;bad&gt; night." in page.text
    assert "For a high number:" in page.text
    assert "For a low number:" not in page.text
    assert "There are pills." not in page.text


def test_released_reasons_stand_beside_the_order_too(here, panelist, others, again):
    rate(here, 1, "8")
    here.send("/answer/2/page/1/why", {"text": "I had a <bad> night."})
    for one in others:
        voting.save_page(again, one, {"Q1.1": 7}, base=None)
    closed(again)
    an_open_round(panelist.exercise, RoundKind.RANKING, n=3, questions=2)
    assert "what some said" not in here.get("/answer/3/order").text
    reasons.release(again, withheld=[], actor=None)
    page = here.get("/answer/3/order").text
    assert "Read what some said about these questions last time" in page
    assert "I had a &lt;bad&gt; night." in page


# -- what changed, what is missing -----------------------------------------------------------------------------------
def test_what_changed_stands_before_the_first_page(here, panelist, others):
    first_round(panelist, others, {"Q1.1": 6}, lambda index: 4 + index % 3)
    assert 'href="/answer/1' not in here.get("/answer").text
    _reword(panelist.exercise)
    a_question(panelist.exercise, 3)
    second = an_open_round(panelist.exercise, n=2, questions=3, design=AGAIN)
    assert 'href="/answer/2/changes"' in here.get("/answer").text
    page = words(here.get("/answer/2/changes"))
    assert "One question is asked again in the same words." in page
    assert "One question is new What helps with number 3?" in page
    assert "Before: What helps with number 1? Why: It was not clear." in page
    voting.save_page(second, panelist, {"Q2.1": 6}, base=None)
    assert 'href="/answer/2/changes"' not in here.get("/answer").text


def test_where_nothing_changed_one_begins_at_once(here, panelist, again):
    assert 'href="/answer/2/page/1"' in here.get("/answer").text
    assert here.get("/answer/2/changes").headers["Location"] == "/answer/2/page/1"


def test_whoever_comes_late_has_nothing_to_compare(client, sign_in, panelist, others):
    first_round(panelist, others, {}, lambda index: 1 + index % 9)
    late = a_panelist(panelist.exercise)
    consent.give(late, {Purpose.TAKE_PART})
    a_question(panelist.exercise, 3)
    an_open_round(panelist.exercise, n=2, questions=3, design=AGAIN)
    sign_in(client, late)
    assert 'href="/answer/2/page/1"' in client.get("/answer").text


def test_a_missing_question_is_suggested_taken_back_and_answered(here, panelist, others):
    round_ = an_open_round(panelist.exercise, questions=2, design={"suggestions": True})
    assert 'href="/answer/1/suggest"' in here.get("/answer").text
    with written_tables() as tables:
        done = here.send("/answer/1/suggest", {"text": "What about <nights>?"})
    assert set(tables) == {"suggestion"}
    assert done.headers["Location"] == "/answer/1/suggest?done=suggested"
    assert "What about &lt;nights&gt;?" in here.get("/answer/1/suggest").text
    here.send("/answer/1/suggest", {"text": "And days?"})
    here.send("/answer/1/suggest", {"back": "2"})
    assert "And days?" not in here.get("/answer").text
    closed(round_)
    (one,) = suggested(round_)
    suggestions.decline(round_, one.handle, answer="Karin takes it to the region.", actor=None)
    page = here.get("/answer").text
    assert "What about &lt;nights&gt;?" in page
    assert "We do not ask it this time" in page
    assert "Karin takes it to the region." in page
    assert "nothing can be added any more" in here.get("/answer/1/suggest").text


@pytest.mark.parametrize("text", [" ", "x" * 1001])
def test_what_cannot_be_suggested_comes_back_with_the_reason(here, panelist, text):
    an_open_round(panelist.exercise, questions=2, design={"suggestions": True})
    page = here.send("/answer/1/suggest", {"text": text})
    assert page.status_code == 422
    assert f"\n{text}</textarea>" in page.text


@pytest.mark.parametrize("number", ["7", "x", "²", "-1", "1" * 40])
def test_a_suggestion_that_there_is_not_cannot_be_taken_back(here, panelist, number):
    an_open_round(panelist.exercise, questions=2, design={"suggestions": True})
    page = here.send("/answer/1/suggest", {"back": number})
    assert page.status_code == 404
    assert "There is no such suggestion." in page.text


def test_a_round_without_suggestions_has_no_page_for_them(here, panelist):
    an_open_round(panelist.exercise)
    assert here.get("/answer/1/suggest").status_code == 404
    assert "Suggest it" not in here.get("/answer").text


# -- leaving, two roles ----------------------------------------------------------------------------------------------
def test_leaving_asks_what_becomes_of_open_answers_and_then_does_it(here, panelist):
    round_ = an_open_round(panelist.exercise)
    voting.save_page(round_, panelist, {"Q1.1": 9}, base=None)
    assert 'href="/answer/leave"' in here.get("/answer").text
    page = here.send("/answer/leave")
    assert page.status_code == 422
    assert "Say what becomes of your answers." in page.text
    gone = here.send("/answer/leave", {"answers": "remove"})
    assert gone.headers["Location"] == "/?done=no-longer-here"
    assert "You have left" in here.get("/?done=no-longer-here").text
    assert voting.own_ballot(round_, panelist) is None
    assert not panelist.active
    assert here.get("/answer").headers["Location"].startswith("/sign-in")


def test_leaving_without_open_answers_is_one_press(here, panelist):
    assert "And your answers" not in here.get("/answer/leave").text
    assert here.send("/answer/leave").headers["Location"] == "/?done=no-longer-here"
    assert not panelist.active


def test_answers_can_stay_when_somebody_leaves(here, panelist):
    round_ = an_open_round(panelist.exercise)
    voting.save_page(round_, panelist, {"Q1.1": 9}, base=None)
    here.send("/answer/leave", {"answers": "keep"})
    assert voting.own_ballot(round_, panelist).counts


def test_somebody_with_two_roles_chooses_first(client, sign_in, app):
    both = a_panelist(an_exercise(), "patients", other_group="nurses")
    consent.give(both, {Purpose.TAKE_PART})
    sign_in(client, both)
    page = client.get("/answer").text
    assert "Whose view do you give?" in page
    assert page.count('type="radio"') == 2
    wrong = client.send("/answer/role", {"group": "doctors"})
    assert wrong.status_code == 422
    assert "Choose one of the two." in wrong.text
    assert client.send("/answer/role", {"group": "nurses"}).headers["Location"] == "/answer"
    assert "You answer as one of: Nurses." in client.get("/answer").text
    assert client.send("/answer/role", {"group": "patients"}).status_code == 409
