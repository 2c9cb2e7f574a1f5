"""What those who answer said: read after the end, reasons released together, suggestions answered one by one."""

from __future__ import annotations

import re

import pytest

from priority import clock
from priority.extensions import db
from priority.queries.reasons import released
from priority.queries.rounds import live_questions
from priority.queries.suggestions import suggested
from priority.services import reasons, rounds, suggestions, voting
from priority.words import ReasonSide, RoleName, SuggestionState
from tests.factories import a_panelist, a_person, an_exercise, an_open_round

DESIGN = {"feedback": True, "reasons": True, "suggestions": True}


@pytest.fixture
def round_(app):
    """Two people gave a reason, one of them with a name in it; one of them suggested something."""
    exercise = an_exercise()
    people = [a_panelist(exercise), a_panelist(exercise, "nurses")]
    round_ = an_open_round(exercise, questions=2, design=DESIGN)
    for one, text in zip(people, ("I live with it.", "Ask <Ada> Berg."), strict=True):
        voting.save_page(round_, one, {"Q1.1": 9}, base=None)
        reasons.give(round_, one, "Q1.1", text, side=ReasonSide.HIGH)
    suggestions.suggest(round_, people[0], "What about <nights>?")
    return round_


@pytest.fixture
def closed(round_):
    with clock.at(round_.closes_at):
        rounds.close_round(round_, actor=None)
    db.session.commit()
    return round_


@pytest.fixture
def moderator(client, sign_in, round_):
    sign_in(client, a_person(round_.exercise.organisation, RoleName.MODERATOR, exercise=round_.exercise))
    return client


def at(round_, path):
    return f"/staff/e/{round_.exercise.public_id}/{path}"


def test_while_the_round_is_open_nothing_of_it_is_read(moderator, round_):
    assert "There are none." in moderator.get(at(round_, "heard")).text
    for path in ("reasons/1", "suggestions/1", f"suggestions/1/{'a' * 26}"):
        page = moderator.get(at(round_, path))
        assert page.status_code == 409
        assert "I live with it" not in page.text


def test_the_list_counts_what_waits(moderator, closed):
    page = moderator.get(at(closed, "heard")).text
    assert "2 reasons</a>, 2 to read" in page
    assert "1 suggestion</a>, 1 to answer" in page


def test_reasons_are_released_together_save_those_that_are_ticked(moderator, closed):
    page = moderator.get(at(closed, "reasons/1")).text
    assert "Ask &lt;Ada&gt; Berg." in page
    assert page.count('name="withhold"') == 2
    named = re.search(r'Ada.*?name="withhold" value="(\w+)"', page, re.DOTALL)[1]
    done = moderator.send(at(closed, "reasons/1"), {"withhold": [named]})
    assert done.headers["Location"].endswith("/reasons/1?done=reasons-released")
    assert released(closed)["Q1.1"].high == ("I live with it.",)
    after = moderator.get(at(closed, "reasons/1")).text
    assert "Withheld" in after
    assert "Release all" not in after
    assert moderator.send(at(closed, "reasons/1")).status_code == 409


def test_each_box_beside_a_reason_is_told_apart_by_the_reason_itself(moderator, closed):
    page = moderator.get(at(closed, "reasons/1")).text
    boxes = re.findall(r'name="withhold" value="\w+" aria-describedby="([\w-]+)"', page)
    assert len(set(boxes)) == 2
    said = [re.search(rf'id="{box}".*?</div>\s*<p>', page, re.DOTALL)[0] for box in boxes]
    assert sorted("I live with it." in one for one in said) == [False, True]


def test_a_suggestion_becomes_a_question(moderator, closed):
    (one,) = suggested(closed)
    address = at(closed, f"suggestions/1/{one.handle}")
    assert "What about &lt;nights&gt;?" in moderator.get(address).text
    new = {"state": "taken", "text": "What helps at night?", "short": "Nights", "answer": "We ask it next time."}
    assert moderator.send(address, new).headers["Location"].endswith("/suggestions/1?done=suggestion-answered")
    assert [wording.text for link, wording in live_questions(closed.exercise) if link.number == 3] == [new["text"]]
    page = moderator.get(at(closed, "suggestions/1")).text
    assert "Question 3." in page
    assert "We ask it next time." in page
    late = moderator.send(address, new | {"answer": "Somebody else answers, a moment later."})
    assert late.status_code == 409
    assert "Somebody else answers, a moment later." in late.text  # given back, to be used elsewhere
    assert len(live_questions(closed.exercise)) == 3


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose what becomes of it."),
        ({"state": "later", "answer": "x"}, "Choose"),
        ({"state": "taken", "text": "", "short": "Nights", "answer": "x"}, ""),
        ({"state": "taken", "text": "Nights?", "short": "Nights", "answer": ""}, "Say a word to whoever suggested it."),
        ({"state": "on_list", "number": "99", "answer": "x"}, "Choose the question it is the same as."),
        ({"state": "not_now", "answer": " "}, "Say a word to whoever suggested it."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_answered(moderator, closed, typed, says):
    (one,) = suggested(closed)
    page = moderator.send(at(closed, f"suggestions/1/{one.handle}"), typed)
    assert page.status_code == 422
    assert says in page.text
    assert 'role="alert"' in page.text
    assert suggested(closed)[0].state is SuggestionState.WAITING
    assert len(live_questions(closed.exercise)) == 2


def test_a_suggestion_can_point_to_a_question_or_be_left(moderator, closed):
    (one,) = suggested(closed)
    address = at(closed, f"suggestions/1/{one.handle}")
    moderator.send(address, {"state": "on_list", "number": "2", "answer": "It is number 2."})
    (found,) = suggested(closed)
    assert (found.state, found.answer) == (SuggestionState.ON_LIST, "It is number 2.")
    assert "Question 2." in moderator.get(at(closed, "suggestions/1")).text


def test_a_suggestion_of_another_round_is_not_found(moderator, closed):
    assert moderator.get(at(closed, f"suggestions/1/{'a' * 26}")).status_code == 404
    assert moderator.get(at(closed, "suggestions/7")).status_code == 404
    assert moderator.get(at(closed, "reasons/7")).status_code == 404
