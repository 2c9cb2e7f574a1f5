"""The public list, the results, and who may fetch the files."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from priority import clock
from priority.extensions import db
from priority.queries.report import report
from priority.queries.rounds import rounds_of
from priority.services import exercises, rounds, voting
from priority.web.results import wording
from priority.words import RoleName
from tests import factories, finished
from tests.exports import pages

FILES = ("results.csv", "ballots.csv", "results.json")


@pytest.fixture
def exercise(finished_exercise):
    return finished_exercise


def reader_of(exercise, role=RoleName.RESEARCHER):
    return factories.a_person(exercise.organisation, role)


# -- the public list -------------------------------------------------------------------------------------------------
def test_the_public_list_is_the_shortlist_and_nothing_beyond(exercise, client):
    page = client.get(f"/e/{exercise.public_id}/list")
    told = report(exercise)
    assert page.status_code == 200
    assert pages.ranked(page.text) == [(question.place, question.text) for question in told.listed]
    beyond = [question for question in told.questions if not question.listed]
    assert beyond
    assert not [question for question in beyond if question.text in page.text]


def test_the_public_list_says_in_words_who_decided(exercise, client):
    page = pages.plain(client.get(f"/e/{exercise.public_id}/list").text)
    assert "33 people put" in page
    assert "hold half the say each" in page
    assert "People living with it: 18 people" in page


def test_own_words_stand_as_written_in_their_language(exercise, client):
    page = client.get(f"/e/{exercise.public_id}/list").text
    assert "My own words about thing 1, &lt;b&gt;as I wrote&lt;/b&gt; them" in page
    assert '<div class="slip__words" lang="sv"' in page


def test_public_pages_keep_to_the_words_for_people(exercise, client):
    page = pages.plain(client.get(f"/e/{exercise.public_id}/list").text).lower()
    for word in ("stakeholder", "uncertainty", "consensus", "ballot", "delphi", "panel", "methodology", "prioritise"):
        assert word not in page


def test_before_it_is_out_the_list_answers_like_a_page_that_is_not_there(app, client):
    exercise = finished.a_finished_exercise(publish=False, questions=11)
    exercise.title = "A title nobody may see yet"
    unpublished = client.get(f"/e/{exercise.public_id}/list")
    unknown = client.get(f"/e/{'0' * 26}/list")
    assert (unpublished.status_code, unknown.status_code) == (404, 404)
    assert unpublished.data == unknown.data


def test_a_shared_last_place_is_said_in_words(app, client):
    exercise = finished.an_exercise_to_answer(questions=12, panel={"patients": 10, "nurses": 10})
    first, second, third = rounds_of(exercise)
    for round_ in (first, second):
        finished.run_round(exercise, round_, answer=lambda _rng, _who, keys: dict.fromkeys(keys, 8))
    tenth = itertools.cycle([9, 10])

    def order(_rng, _who, keys):
        ten = [*keys[:9], keys[next(tenth)]]
        return {"piles": dict.fromkeys(keys, 1), "order": {key: place for place, key in enumerate(ten, start=1)}}

    finished.run_round(exercise, third, answer=order)
    exercises.publish(exercise, actor=None)
    page = pages.plain(client.get(f"/e/{exercise.public_id}/list").text)
    assert "These eleven questions come first" in page
    assert "Two questions share place 10, so the list has eleven instead of ten." in page


# -- the results -----------------------------------------------------------------------------------------------------
def test_the_results_show_every_question_with_place_and_every_method(exercise, client, sign_in):
    sign_in(client, reader_of(exercise))
    page = client.get(f"/staff/e/{exercise.public_id}/results").text
    told = report(exercise)
    assert pages.ranked(page) == [(question.place, question.text) for question in told.ranked]
    for run in told.runs:
        assert run.digest[:16] in page
        assert run.input_digest[:16] in page
    assert f"priority recompute {exercise.public_id}" in page


def test_a_method_that_leaves_a_question_out_is_marked(exercise, client, sign_in):
    sign_in(client, reader_of(exercise))
    page = client.get(f"/staff/e/{exercise.public_id}/results").text
    told = report(exercise)
    listed = {question.key for question in told.listed}
    differences = sum(len(listed - set(run.shortlist)) for run in told.runs)
    assert page.count(">left out<") == differences


def test_while_a_round_is_open_nobody_sees_an_answer(app, client, sign_in):
    exercise = finished.an_exercise_to_answer(questions=3)
    round_ = rounds_of(exercise)[0]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    for panelist in rounds._invited(exercise):
        voting.save_page(round_, panelist, {"Q1.1": 9}, base=None)
    sign_in(client, reader_of(exercise, RoleName.ADMINISTRATOR))
    page = client.get(f"/staff/e/{exercise.public_id}/results")
    assert page.status_code == 200
    assert "nobody sees the answers" in page.text
    assert "What helps with thing" not in page.text


def test_hostile_words_stay_words(exercise, client, sign_in):
    exercise.title = "<script>alert(1)</script> {{ 7777*7 }} %(x)s"
    sign_in(client, reader_of(exercise))
    for path in (f"/staff/e/{exercise.public_id}/results", f"/e/{exercise.public_id}/list"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "54439" not in page.text.partition("<h1")[0]


def test_an_exercise_of_ratings_only_shows_its_questions(app, client, sign_in):
    exercise = finished.an_exercise_to_answer(questions=3)
    finished.run_round(exercise, rounds_of(exercise)[0])
    sign_in(client, reader_of(exercise))
    page = client.get(f"/staff/e/{exercise.public_id}/results").text
    assert "33 people rated three questions" in page
    assert set(pages.table(page, "Round 1 in numbers")) == {"Q1.1", "Q2.1", "Q3.1"}


# -- who may -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["results", *FILES])
def test_only_readers_of_this_organisation_come_in(exercise, client, sign_in, name):
    path = f"/staff/e/{exercise.public_id}/{name}"
    assert client.get(path).status_code == 303
    sign_in(client, reader_of(exercise, RoleName.MODERATOR))
    assert client.get(path).status_code == 404
    sign_in(client, factories.a_person(factories.an_organisation(), RoleName.RESEARCHER))
    assert client.get(path).status_code == 404
    sign_in(client, reader_of(exercise))
    assert client.get(path).status_code == 200


def test_ballots_do_not_leave_where_the_rules_do_not_publish_them(app, client, sign_in):
    exercise = finished.a_finished_exercise(level="L1", questions=11)
    sign_in(client, reader_of(exercise))
    assert client.get(f"/staff/e/{exercise.public_id}/ballots.csv").status_code == 404
    assert "ballots.csv" not in client.get(f"/staff/e/{exercise.public_id}/results").text
    assert client.get(f"/staff/e/{exercise.public_id}/results.csv").status_code == 200


def test_files_are_handed_over_as_files_that_nothing_keeps(exercise, client, sign_in):
    sign_in(client, reader_of(exercise))
    kinds = {}
    for name in FILES:
        answer = client.get(f"/staff/e/{exercise.public_id}/{name}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        kinds[name] = answer.content_type
    assert kinds == dict(
        zip(FILES, ("text/csv; charset=utf-8", "text/csv; charset=utf-8", "application/json"), strict=True)
    )


def test_the_eleventh_file_of_an_hour_is_refused(exercise, client, sign_in):
    sign_in(client, reader_of(exercise))
    path = f"/staff/e/{exercise.public_id}/results.json"
    assert [client.get(path).status_code for _time in range(10)] == [200] * 10
    refused = client.get(path)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    db.session.rollback()


# -- what the words claim --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("consensus", "scope"),
    [
        ({"rule": "share", "high": 70, "low": 15, "scope": "sides"}, "on every side"),
        ({"rule": "share", "high": 70, "low": 15, "scope": "both_sides"}, "on every side"),
        ({"rule": "share", "high": 70, "low": 15, "scope": "pooled"}, "everybody together"),
        ({"rule": "rand_ucla", "scope": "pooled"}, "everybody together"),
    ],
)
def test_the_rule_is_told_with_who_must_say_so_and_of_whom_seven_in_ten_must_have_rated(app, consensus, scope):
    told = wording.rule(report(finished.an_exercise_to_answer(questions=1, consensus=consensus)).protocol)
    assert f"({scope})" in told
    assert "70 % of the people of each side who answered in the round" in told


@pytest.fixture
def without_professionals(app):
    """Everybody rated; nobody of the second side put anything in order. Not published yet."""

    def order(rng, panelist, keys):
        silent = {"piles": dict.fromkeys(keys, "cannot_judge"), "order": {}}
        return finished.order(rng, panelist, keys) if panelist.group.side.key == "lived" else silent

    exercise = finished.an_exercise_to_answer(questions=12)
    for round_ in rounds_of(exercise):
        finished.run_round(exercise, round_, answer=order if round_.n == 3 else None)
    return exercise


WHY_NO_LIST = "There is no list: of “Professionals” nobody put a question in order"


def test_without_a_side_the_coordinator_reads_why_there_is_no_list_before_publishing(
    without_professionals, client, sign_in
):
    exercise = without_professionals
    sign_in(client, reader_of(exercise, RoleName.COORDINATOR))
    for path in ("results", "publish"):
        assert WHY_NO_LIST in pages.plain(client.get(f"/staff/e/{exercise.public_id}/{path}").text)


def test_without_a_side_the_public_page_claims_no_list_that_was_put_together(without_professionals, client):
    exercises.publish(without_professionals, actor=None)
    page = pages.plain(client.get(f"/e/{without_professionals.public_id}/list").text)
    assert WHY_NO_LIST in page
    assert "Then the lists were put together" not in page
    assert "put 0 questions" not in page


def test_agreement_is_told_with_the_people_it_rests_on_and_of_how_many(app, client, sign_in):
    def order(_rng, panelist, keys):  # nurses put everything somewhere, doctors leave the first question out
        left = keys[1:] if panelist.group.key == "doctors" else keys
        return {"piles": dict.fromkeys(left, 1), "order": {key: place for place, key in enumerate(left[:3], start=1)}}

    exercise = finished.an_exercise_to_answer(questions=5)
    for round_ in rounds_of(exercise):
        finished.run_round(exercise, round_, answer=order if round_.n == 3 else None)
    assert [(one.w, one.n, one.people) for one in report(exercise).agreement] == [(1, 18, 18), (1, 9, 15)]
    sign_in(client, reader_of(exercise))
    page = pages.plain(client.get(f"/staff/e/{exercise.public_id}/results").text)
    assert "Professionals: Kendall's W 1.00, from 9 of 15 people" in page


@pytest.mark.parametrize(
    ("consensus", "said"),
    [
        (
            {"scope": "any"},
            "rate 7 to 9 and fewer than 15 % rate 1 to 3, out the other way round (on at least one side)",
        ),
        ({"scope": "groups"}, "(in every group)"),
        ({"scope": "k_of_groups", "needed": 1}, "(in at least one group)"),
        ({"scope": "k_of_groups", "needed": 3}, "(in at least 3 groups)"),
        ({"scope": "sides", "rule": "iqr"}, "In where the median is 7 or more and the quartiles are at most 2 apart"),
    ],
)
def test_the_rule_is_said_with_who_must_agree(app, consensus, said):
    declared = {"rule": "share", "high": 70, "low": 15} | consensus
    told = wording.rule(report(finished.an_exercise_to_answer(questions=1, consensus=declared)).protocol, ["nine"])
    assert said in told


def test_the_rule_is_said_for_each_round_and_scale_that_has_its_own(app):
    by_round = [{"rule": "share", "high": high, "low": 15, "scope": "sides"} for high in (50, 70)]
    exercise = finished.an_exercise_to_answer(questions=1, consensus_by_round=by_round)
    told = wording.rule(report(exercise).protocol, ["five"])
    assert "Round 1: In where 50 % or more rate 4 or 5 and fewer than 15 % rate 1 or 2" in told
    assert "Round 2: In where 70 %" in told
    assert "7 to 9 (of five: 4 or 5)" in wording.rule(report(exercise).protocol, ["nine", "five"])
