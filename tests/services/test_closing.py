"""What is computed when a round closes, where people are missing, silent or all of one mind; and computed again."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text

from priority import clock
from priority.extensions import db
from priority.queries.report import report
from priority.queries.rounds import result_of, rounds_of, runs_of
from priority.services import protocols, recomputing, rounds, voting
from priority.services.answers import CANNOT_JUDGE
from priority.services.candidates import candidates
from priority.words import ExerciseState, ResultKind, Verdict
from tests import finished

EVERYBODY = {"lived", "professionals"}


@pytest.fixture
def exercise(app):
    return finished.an_exercise_to_answer(questions=4)


def all_eights(_panelist, keys):
    return dict.fromkeys(keys, 8)


def rated(exercise, n=1, *, sides=EVERYBODY, answer=all_eights):
    """A round of ratings in which the people of `sides` answered, closed; the stored questions by key."""
    round_ = rounds_of(exercise)[n - 1]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    for panelist in rounds._invited(exercise):
        if panelist.group.side.key in sides:
            voting.save_page(round_, panelist, answer(panelist, voting.item_keys(round_)), base=None)
    rounds.close_round(round_, actor=None, reason="Enough.")
    return {row["key"]: row for row in result_of(round_, ResultKind.ITEMS)["questions"]}


def ordered(exercise, *, sides=EVERYBODY, answer, questions=None):
    """The round of putting in order, closed, after two rounds of ratings; gives it."""
    rated(exercise, 1)
    rated(exercise, 2)
    round_ = rounds_of(exercise)[2]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None, questions=questions)
    people = [one for one in rounds._invited(exercise) if one.group.side.key in sides]
    for number, panelist in enumerate(people):
        voting.save_whole(round_, panelist, answer(number, voting.item_keys(round_)), base=None)
    rounds.close_round(round_, actor=None, reason="Enough.")
    return round_


def in_the_list_s_order(_number, keys):
    return {"piles": dict.fromkeys(keys, 1), "order": {key: place for place, key in enumerate(keys[:10], start=1)}}


def all_level(_number, keys):
    return {"piles": dict.fromkeys(keys, 1), "order": {}}


def only_cannot_judge(_number, keys):
    return {"piles": dict.fromkeys(keys, CANNOT_JUDGE), "order": {}}


def the_first_person_cannot_judge(number, keys):
    return only_cannot_judge(number, keys) if number == 0 else in_the_list_s_order(number, keys)


# -- verdicts --------------------------------------------------------------------------------------------------------
def test_no_verdict_where_a_whole_side_did_not_answer(exercise):
    row = rated(exercise, sides={"lived"})["Q1.1"]
    assert (row["verdict"], row["why"], row["where"]) == ("none", "too_few_valid", "professionals")
    assert row["support"] is None


def test_no_verdict_of_everybody_together_where_a_whole_side_did_not_answer(app):
    rule = {"rule": "rand_ucla", "scope": "pooled"}
    row = rated(finished.an_exercise_to_answer(questions=2, consensus=rule), sides={"lived"})["Q1.1"]
    assert (row["verdict"], row["why"], row["where"]) == ("none", "too_few_valid", "professionals")


@pytest.mark.parametrize(("silent", "verdict"), [(4, "in"), (5, "none")])
def test_seven_in_ten_of_a_side_s_people_whose_answers_count_must_have_answered(exercise, silent, verdict):
    # 15 professionals: 11 of 15 is above 70 %, 10 of 15 is not. Who sent nothing at all is not among the 15.
    seen = iter(range(15))

    def answer(panelist, keys):
        if panelist.group.side.key == "professionals" and next(seen) < silent:
            return {keys[0]: CANNOT_JUDGE, keys[1]: 8}
        return dict.fromkeys(keys, 8)

    row = rated(exercise, answer=answer)["Q1.1"]
    assert (row["sides"]["professionals"]["n"], row["sides"]["professionals"]["people"]) == (15 - silent, 15)
    assert row["verdict"] == verdict


def test_a_round_in_which_nobody_answered_finds_nothing(exercise):
    row = rated(exercise, sides=())["Q1.1"]
    assert (row["verdict"], row["whole"]["n"], row["support"], row["di"]) == ("none", 0, None, None)


# -- which questions go on -------------------------------------------------------------------------------------------
def one_question_that_no_professional_can_judge(panelist, keys):
    unknown = {keys[0]: CANNOT_JUDGE} if panelist.group.side.key == "professionals" else {}
    return dict.fromkeys(keys, 8) | unknown


def test_a_question_that_one_side_cannot_judge_is_offered_last_and_without_a_mean(exercise):
    rated(exercise, answer=one_question_that_no_professional_can_judge)
    found = candidates(exercise)
    assert [(one.number, one.support) for one in found] == [(2, 1), (3, 1), (4, 1), (1, None)]


def test_a_question_without_a_mean_goes_on_only_where_the_coordinator_says_so(exercise):
    rated(exercise, 1)
    rated(exercise, 2, answer=one_question_that_no_professional_can_judge)
    last = rounds_of(exercise)[2]
    rounds.open_round(last, closes_at=clock.now() + timedelta(days=1), actor=None)
    assert voting.item_keys(last) == ["Q2.1", "Q3.1", "Q4.1"]


def test_questions_that_tie_with_the_last_one_go_on_together(app):
    exercise = finished.an_exercise_to_answer(questions=4, rounds=[
        {"kind": "rating", "feedback": False}, {"kind": "ranking", "at_most": 2, "top": 10},
    ])  # fmt: skip
    rated(exercise, answer=lambda _one, keys: dict(zip(keys, (8, 5, 5, 5), strict=True)))
    assert [(one.number, one.support) for one in candidates(exercise)] == [(1, 1), (2, 0), (3, 0), (4, 0)]


def test_the_mean_is_over_sides_not_over_people(exercise):
    rated(exercise, answer=lambda panelist, keys: dict.fromkeys(keys, 9 if panelist.group.key == "nurses" else 5))
    assert candidates(exercise)[0].support == (Fraction(0, 18) + Fraction(9, 15)) / 2
    assert candidates(exercise)[0].verdict is Verdict.NONE


# -- rankings --------------------------------------------------------------------------------------------------------
def test_somebody_who_can_judge_nothing_takes_nothing_and_changes_no_digest(exercise):
    ordered(exercise, answer=the_first_person_cannot_judge)
    assert runs_of(exercise)[0].result["n"] == {"lived": 17, "professionals": 15}
    assert [one.same for one in recomputing.recompute(exercise)] == [True] * 8


def test_without_one_side_there_is_no_list_by_sides_and_the_report_says_whose_orders_are_missing(exercise):
    ordered(exercise, sides={"lived"}, answer=in_the_list_s_order)
    assert [run.pooled for run in runs_of(exercise)] == [True] * 4
    told = report(exercise)
    assert told.listed == ()
    assert [side.key for side in told.silent_sides] == ["professionals"]


@pytest.mark.parametrize("answer", [only_cannot_judge, None])
def test_where_nobody_put_anything_in_order_every_side_is_missing(exercise, answer):
    ordered(exercise, sides=EVERYBODY if answer else (), answer=answer)
    assert list(runs_of(exercise)) == []
    assert [side.key for side in report(exercise).silent_sides] == ["lived", "professionals"]


def test_no_side_is_missing_where_there_is_a_list_or_no_such_round_has_closed(exercise):
    rated(exercise)
    assert report(exercise).silent_sides == ()
    rated(exercise, 2)
    finished.run_round(exercise, rounds_of(exercise)[2])
    assert report(exercise).silent_sides == ()


def test_one_question_that_two_people_put_in_order_is_a_list_of_one(app):
    exercise = finished.an_exercise_to_answer(questions=1, panel={"patients": 1, "nurses": 1})
    ordered(exercise, answer=in_the_list_s_order)
    assert {tuple(run.result["shortlist"]) for run in runs_of(exercise)} == {("Q1.1",)}
    assert all(one.same for one in recomputing.recompute(exercise))


def test_where_all_is_level_the_list_shows_all_as_tied(app):
    exercise = finished.an_exercise_to_answer(questions=12)
    ordered(exercise, answer=all_level)
    for run in runs_of(exercise):
        assert (len(run.result["shortlist"]), len(run.result["tied"])) == (12, 12)


def nine_in_order_two_level_one_below(_number, keys):
    order = {key: place for place, key in enumerate(keys[:9], start=1)}
    return {"piles": dict.fromkeys(keys[:11], 1) | {keys[11]: 3}, "order": order}


def test_a_tie_at_place_ten_shows_eleven_and_names_the_two(app):
    exercise = finished.an_exercise_to_answer(questions=12)
    ordered(exercise, answer=nine_in_order_two_level_one_below)
    result = next(run for run in runs_of(exercise) if (run.method, run.pooled) == ("borda", False)).result
    assert (len(result["shortlist"]), result["tied"]) == (11, ["Q10.1", "Q11.1"])


def test_questions_that_nobody_gave_a_place_have_no_points_and_are_level_in_the_primary_ranking(app):
    exercise = finished.an_exercise_to_answer(questions=12)
    ordered(exercise, answer=nine_in_order_two_level_one_below)
    assert runs_of(exercise)[0].result["tied"] == ["Q10.1", "Q11.1", "Q12.1"]


# -- agreement -------------------------------------------------------------------------------------------------------
def test_kendalls_w_of_people_who_are_all_level_has_no_value_and_says_from_how_many(exercise):
    ordered(exercise, answer=all_level)
    assert [(one.w, one.n) for one in report(exercise).agreement] == [(None, 18), (None, 15)]


def test_kendalls_w_rests_on_those_without_a_gap_and_is_not_given_under_five(exercise):
    def answer(number, keys):  # four professionals order all, and eighteen of the other side
        return in_the_list_s_order(number, keys if number < 22 else keys[1:])

    round_ = ordered(exercise, answer=answer)
    assert result_of(round_, ResultKind.AGREEMENT)["kendall_w"] == {
        "lived": {"w": 1.0, "n": 18, "people": 18},
        "professionals": {"w": None, "n": 4, "people": 15},
    }
    assert [(one.w, one.n) for one in report(exercise).agreement] == [(1.0, 18), (None, None)]


# -- computed again --------------------------------------------------------------------------------------------------
@pytest.fixture
def complete(exercise):
    ordered(exercise, answer=in_the_list_s_order)
    db.session.flush()
    return exercise


def test_all_that_was_stored_is_found_again(complete):
    assert [one.same for one in recomputing.recompute(complete)] == [True] * 8


@pytest.mark.parametrize("part", ["tiers", "ranks", "scores", "shortlist", "tied"])
def test_a_stored_list_that_was_changed_is_noticed_though_its_digest_was_not(complete, part):
    run = runs_of(complete)[0]
    changed = run.result | {part: list(reversed(run.result[part])) if part != "tied" else ["Q1.1"]}
    db.session.execute(text("DROP TRIGGER guard_consensus_run_update"))
    db.session.execute(
        text("UPDATE consensus_run SET result = :result WHERE id = :id"), {"result": json.dumps(changed), "id": run.id}
    )
    db.session.expire_all()
    found = recomputing.recompute(complete)
    assert [one.same for one in found] == [False] + [True] * 7
    assert found[0].digest == found[0].run.digest


def test_answers_of_a_side_that_are_gone_are_a_difference_not_a_crash(complete):
    db.session.execute(text("DROP TRIGGER guard_ballot_update"))
    db.session.execute(text("UPDATE ballot SET state = 'taken_back' WHERE \"group\" IN ('nurses', 'doctors')"))
    assert [one.same for one in recomputing.recompute(complete)] == [False] * 8


def test_a_share_that_was_changed_is_noticed_where_sides_matter(complete):
    db.session.execute(text("DROP TRIGGER guard_side_update"))
    db.session.execute(text("UPDATE side SET share = 2 WHERE key = 'lived'"))
    db.session.expire_all()
    found = recomputing.recompute(complete)
    assert [one.same for one in found] == [one.run.pooled for one in found]


def test_a_later_deviation_about_the_length_of_the_list_changes_no_stored_list(complete):
    body = protocols.current(complete).body | {"shortlist": 3}
    protocols.deviate(complete, body, reason="A shorter list is asked for.", actor=None)
    assert complete.state is ExerciseState.ANSWERING
    assert [one.same for one in recomputing.recompute(complete)] == [True] * 8
