"""The page after a round: what it says, the signature, and that nothing shows the alternatives before it."""

from __future__ import annotations

import json
import re

import pytest

from priority.extensions import db
from priority.queries import decision
from priority.queries.rounds import find_round, rounds_of, runs_of
from priority.services import deciding, exercises
from priority.words import RoleName, RoundKind
from tests import finished
from tests.factories import a_person

HOSTILE = '<script>alert(1)</script>"=1+1'


@pytest.fixture
def exercise(app):
    """Two rounds of ratings and one of orders, closed; nothing is signed, and the list is not out."""
    made = finished.an_exercise_to_answer(questions=13)
    for round_ in rounds_of(made):
        finished.run_round(made, round_)
    return made


@pytest.fixture
def coordinator(exercise, client, sign_in):
    person = a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise, name="Karin Ek")
    sign_in(client, person)
    return person


def at(exercise, *rest):
    return "/".join(["/staff/e", exercise.public_id, *map(str, rest)])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def sign(client, exercise, n, **values):
    return client.send(at(exercise, "rounds", n, "sign"), values)


# -- what it says ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_closed_round_has_a_page_with_its_decision(exercise, coordinator, client, n):
    page = client.get(at(exercise, "rounds", n, "after"))
    assert page.status_code == 200
    assert f"Sign the decision of round {n}" in page.text


def test_the_heading_counts_what_the_rule_found(exercise, coordinator, client):
    verdicts = list(decision.decided(find_round(exercise, 1))["verdicts"].values())
    page = client.get(at(exercise, "rounds", 1, "after"))
    heading = f"{verdicts.count('in')} in, {verdicts.count('out')} out, {verdicts.count('none')} undecided"
    assert f"<h1>{heading}</h1>" in page.text


def test_after_an_order_the_page_says_who_is_unheard_and_how_sure_it_is(exercise, coordinator, client):
    said = text_of(client.get(at(exercise, "rounds", 3, "after")))
    for words in (
        "Who is unheard?",
        "How sure are the places?",
        "What would it take?",
        "Fewer than 5 people are never",
    ):
        assert words in said


def test_a_second_round_of_ratings_says_what_settled_and_who_left(exercise, coordinator, client):
    said = text_of(client.get(at(exercise, "rounds", 2, "after")))
    for words in ("Has it settled?", "The rule to stop is", "Who did not come back", "two findings"):
        assert words in said


def test_a_question_that_many_cannot_judge_is_offered_for_rewording(app, client, sign_in):
    made = finished.an_exercise_to_answer(questions=3)

    def unclear(rng, panelist, keys):
        return dict.fromkeys(keys, 8) | {keys[1]: "cannot_judge" if rng.random() < 0.5 else 5}

    finished.run_round(made, rounds_of(made)[0], answer=unclear)
    sign_in(client, a_person(made.organisation, RoleName.COORDINATOR, exercise=made))
    page = client.get(at(made, "rounds", 1, "after"))
    assert "1 question that many could not judge" in page.text
    link = re.search(r'href="([^"]+\?why=unclear)"', page.text)[1]
    assert 'value="Many people could not judge it."' in client.get(link).text


def test_an_unknown_reason_in_the_address_says_nothing(exercise, coordinator, client):
    question = decision.decided(find_round(exercise, 1))["verdicts"]
    assert question
    page = client.get(at(exercise, "questions", _a_question(exercise)) + "?why=<script>")
    assert "<script>" not in page.text
    assert "Many people could not judge it." not in page.text


def _a_question(exercise):
    return rounds_of(exercise)[0].items[0].wording.question.public_id


def test_no_page_before_the_round_has_closed(app, client, sign_in):
    made = finished.an_exercise_to_answer(questions=3)
    sign_in(client, a_person(made.organisation, RoleName.COORDINATOR, exercise=made))
    for path in ("after", "sign", "alternatives"):
        where = at(made, "rounds", 1, path)
        assert (client.get(where) if path == "after" else client.send(where)).status_code == 409
    assert client.get(at(made, "rounds", 9, "after")).status_code == 404


def test_what_to_know_first_stands_first(app, client, sign_in):
    """Professionals come to the others, on a question that nobody of either side could judge well the second time."""
    made = finished.an_exercise_to_answer(questions=3)

    def first(_rng, panelist, keys):
        return dict.fromkeys(keys, 8 if panelist.group.side.key == "lived" else 3)

    def second(rng, _panelist, keys):
        return dict.fromkeys(keys, 8) | {keys[2]: "cannot_judge" if rng.random() < 0.5 else 8}

    finished.run_round(made, rounds_of(made)[0], answer=first)
    finished.run_round(made, rounds_of(made)[1], answer=second)
    sign_in(client, a_person(made.organisation, RoleName.COORDINATOR, exercise=made))
    said = text_of(client.get(at(made, "rounds", 2, "after"))).partition("What the rule decided")[0]
    for words in (
        "2 in, 0 out, 1 undecided",
        "33 of 33 people answered.",
        "The rule to stop is not met. 0 of 3 questions have settled; the rules ask for 80 %.",
        "Everybody came back.",
        "Many could not judge 1 question.",
        "a side moved toward another by more than chance explains.",
    ):
        assert words in said


# -- the signature ---------------------------------------------------------------------------------------------------
def test_signing_keeps_the_note_and_shows_it_as_words(exercise, coordinator, client):
    answer = sign(client, exercise, 1, note=HOSTILE)
    assert (answer.status_code, answer.location.split("?")[1]) == (303, "done=signed#signed")
    page = client.get(at(exercise, "rounds", 1, "after"))
    assert "Karin Ek" in page.text
    assert HOSTILE not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert decision.signed(find_round(exercise, 1)).note == HOSTILE


def test_a_second_signature_is_refused_and_the_first_stays(exercise, coordinator, client):
    sign(client, exercise, 1, note="First.")
    late = sign(client, exercise, 1, note="The second <b>by</b> somebody else.")
    assert late.status_code == 409
    assert "The second &lt;b&gt;by&lt;/b&gt; somebody else." in late.text  # nothing that was typed is lost
    assert "csrf" not in late.text.partition("What you wrote")[2].partition("</main>")[0]
    assert decision.signed(find_round(exercise, 1)).note == "First."


def test_a_note_that_is_too_long_comes_back_as_it_was_typed(exercise, coordinator, client):
    answer = sign(client, exercise, 1, note="long " * 500)
    assert answer.status_code == 422
    assert "long long" in answer.text
    assert decision.signed(find_round(exercise, 1)) is None


@pytest.mark.parametrize("role", [RoleName.MODERATOR, RoleName.RESEARCHER, RoleName.TRANSLATOR])
def test_only_a_coordinator_reads_and_signs(exercise, client, sign_in, role):
    sign_in(client, a_person(exercise.organisation, role, exercise=exercise))
    assert client.get(at(exercise, "rounds", 1, "after")).status_code == 404
    assert sign(client, exercise, 1).status_code == 404
    assert decision.signed(find_round(exercise, 1)) is None


# -- what nothing shows before ---------------------------------------------------------------------------------------
def test_nobody_looks_before_the_signature_and_the_try_is_no_look(exercise, coordinator, client):
    answer = client.send(at(exercise, "rounds", 1, "alternatives"))
    assert answer.status_code == 409
    assert decision.looks(find_round(exercise, 1)) == []


def test_each_look_is_logged_and_named_on_the_page(exercise, coordinator, client):
    sign(client, exercise, 1)
    for number in (1, 2):
        page = client.send(at(exercise, "rounds", 1, "alternatives"))
        assert page.status_code == 200
        assert f"it is number {number}." in page.text
    assert len(decision.looks(find_round(exercise, 1))) == 2
    assert "There were 2 looks so far" in text_of(client.get(at(exercise, "rounds", 1, "after")))


def test_a_look_only_answers_a_post(exercise, coordinator, client):
    sign(client, exercise, 1)
    assert client.get(at(exercise, "rounds", 1, "alternatives")).status_code == 405


def test_alternatives_after_ratings_and_after_an_order(exercise, coordinator, client):
    for n, words in ((1, "70/15 in each group"), (3, "Five families of methods")):
        sign(client, exercise, n)
        assert words in client.send(at(exercise, "rounds", n, "alternatives")).text


def test_no_page_and_no_file_tells_what_another_rule_would_decide_before_the_signature(exercise, coordinator, client):
    """Neither the five rules, nor the families, nor the place of any question by another method."""
    paths = [["rounds", n, "after"] for n in (1, 2, 3)] + [
        ["rounds", 3],
        ["results"],
        ["results.csv"],
        ["results.json"],
    ]
    names = ["70_15_each_group", "70/15 in each group", "iqr_2", "IQR 2", "Five families", "plackett_luce", "copeland"]
    others = [run.digest[:16] for run in runs_of(exercise) if not run.is_primary]
    assert len(others) > 3
    for rest in paths:
        page = client.get(at(exercise, *rest))
        assert page.status_code == 200
        body = _without_the_rules(page)
        assert [name for name in [*names, *others] if name.lower() in body.lower()] == [], rest


def _without_the_rules(page):
    """The text without the declared rules themselves, which name the methods beside the one of the list."""
    if not page.is_json:
        return page.text
    body = json.loads(page.text)
    del body["protocol"]
    return json.dumps(body)


def test_files_tell_them_once_signed_and_out(exercise, coordinator, client):
    for n in (1, 2, 3):
        sign(client, exercise, n)
    before = client.get(at(exercise, "results.json")).json
    assert [run["primary"] for run in before["runs"]] == [True]
    assert all(one["alternatives"] is None for one in before["findings"])
    exercises.publish(exercise, actor=None)
    after = client.get(at(exercise, "results.json")).json
    assert len(after["runs"]) == len(runs_of(exercise))
    assert all(one["alternatives"] for one in after["findings"])


def test_a_round_of_choosing_without_an_order_has_nothing_to_compare(app):
    made = finished.an_exercise_to_answer(questions=4, rounds=[{"kind": "choose", "choose": 2, "ranked": False}])
    round_ = rounds_of(made)[0]
    assert round_.kind is RoundKind.CHOOSE
    finished.run_round(made, round_, answer=lambda _rng, _panelist, keys: {"chosen": keys[:2], "order": {}})
    person = a_person(made.organisation)
    deciding.sign(round_, actor=person)
    assert decision.alternatives_of(round_) is None
    assert decision.signed(round_).body["listed"]
    assert db.session.is_active


def test_the_first_page_asks_for_the_signature_until_it_is_there(exercise, coordinator, client):
    for n in (1, 2, 3):
        assert f"Round {n} waits for a signature." in client.get(at(exercise)).text
        sign(client, exercise, n)
    assert "waits for a signature" not in client.get(at(exercise)).text
