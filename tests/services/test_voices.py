"""Who is unheard, how sure places are, and what one answer changes: found at closing, and without small cells."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from priority.queries.rounds import result_of, rounds_of, runs_of
from priority.services.answers import CANNOT_JUDGE
from priority.services.suppression import visible_groups
from priority.words import ResultKind
from tests import finished

PLANTED = "Q14.1"


def voices(exercise, answer):
    """Two rounds of ratings, and one of putting in order in which everybody answers as `answer` says."""
    one, two, last = rounds_of(exercise)
    finished.run_round(exercise, one, answer=all_eights)
    finished.run_round(exercise, two, answer=all_eights)
    finished.run_round(exercise, last, answer=answer)
    return result_of(last, ResultKind.VOICES)


def all_eights(_rng, _panelist, keys):
    return dict.fromkeys(keys, 8)


def the_list(keys):
    """Everybody orders ten of the others, so that the planted question is on nobody's list."""
    return [key for key in keys if key != PLANTED][:10]


def answering(first):
    """Who is in `first`, a count by group, puts the planted question above all; the others put it in the last pile."""

    def answer(rng, panelist, keys):
        own = the_list(keys)
        rng.shuffle(own)
        piles = dict.fromkeys(keys, 2) | dict.fromkeys(own, 1) | {PLANTED: 3}
        if left.get(panelist.group.key, 0):
            left[panelist.group.key] -= 1
            piles[PLANTED] = 1
            own = [PLANTED, *own[:9]]
        return {"piles": piles, "order": {key: place for place, key in enumerate(own, start=1)}}

    left = dict(first)
    return answer


@pytest.fixture
def exercise(app):
    return finished.an_exercise_to_answer()


def planted(body):
    return next(row for row in body["unheard"]["questions"] if row["key"] == PLANTED)


def test_people_who_put_a_question_left_out_above_the_whole_list_are_found(exercise):
    row = planted(voices(exercise, answering({"patients": 6})))
    assert (row["people"], row["alarm"], row["number"]) == (6, True, 14)
    assert Fraction(row["share"]) == Fraction(6, 18) / 2
    assert (row["sides"], row["groups"]) == ({"lived": 6, "professionals": 0}, {"patients": 6})


def test_no_alarm_and_no_count_where_they_are_fewer_than_may_be_told(exercise):
    body = voices(exercise, answering({"patients": 4}))
    row = planted(body)
    assert (row["people"], row["share"], row["sides"], row["groups"], row["alarm"]) == (None, None, None, None, False)


def test_no_sides_where_one_person_of_a_side_could_be_worked_out(exercise):
    row = planted(voices(exercise, answering({"patients": 6, "nurses": 1})))
    assert (row["people"], row["share"], row["sides"], row["groups"]) == (7, None, None, None)
    assert row["alarm"]


def test_no_group_whose_rest_could_be_worked_out(exercise):
    row = planted(voices(exercise, answering({"patients": 6, "carers": 2})))
    assert (row["sides"], row["groups"]) == ({"lived": 8, "professionals": 0}, {})


def test_no_cell_of_the_snapshot_holds_fewer_people_than_may_be_told(exercise):
    body = voices(exercise, finished.order)
    for row in body["unheard"]["questions"]:
        assert row["people"] is None or row["people"] >= 5
        for name, people in (row["sides"] or {}).items():
            assert people == 0 or people >= 5, name
        for side in exercise.sides:
            told = {group.key: row["groups"][group.key] for group in side.groups if group.key in (row["groups"] or {})}
            assert set(told) == visible_groups((row["sides"] or {}).get(side.key, 0), told)


def test_the_list_of_the_snapshot_is_that_of_the_run(exercise):
    body = voices(exercise, finished.order)
    primary = next(run for run in runs_of(exercise) if run.is_primary)
    assert body["listed"] == primary.result["shortlist"]
    assert [row["place"] for row in body["rank_sets"]["questions"]] == primary.result["ranks"]


def test_every_place_lies_in_its_set_and_neighbours_that_cannot_be_told_apart_are_named(exercise):
    body = voices(exercise, answering({}))["rank_sets"]
    for row in body["questions"]:
        assert row["all_lo"] <= row["lo"] <= row["place"] <= row["hi"] <= row["all_hi"]
        assert 0 <= row["p_top"] <= 1
    assert all(len(band) > 1 for band in body["level"])
    assert set(body["level"][0]) <= {row["key"] for row in body["questions"]}


def test_what_one_answer_swaps_tells_nothing_of_whose_it_is(exercise):
    found = voices(exercise, finished.order)["swaps"]["questions"]
    assert {row["goal"] for row in found} == {"in", "out"}
    for row in found:
        assert set(row) == {"key", "number", "question", "was", "goal", "people", "lower_bound", "proved", "step"}
        assert row["lower_bound"] <= row["people"]


def test_the_same_answers_give_the_same_snapshot(app):
    first, second = (voices(finished.an_exercise_to_answer(), finished.order) for _time in range(2))
    assert without_ids(first) == without_ids(second)


def without_ids(body):
    text = json.dumps(body, sort_keys=True)
    for row in body["rank_sets"]["questions"]:
        text = text.replace(row["question"], f"question {row['number']}")
    return text


def test_a_silent_side_leaves_no_order_to_speak_of(exercise):
    def only_one_side(rng, panelist, keys):
        if panelist.group.side.key == "lived":
            return finished.order(rng, panelist, keys)
        return {"piles": dict.fromkeys(keys, CANNOT_JUDGE), "order": {}}

    assert voices(exercise, only_one_side) == {"why": "side_silent"}


def test_one_mind_leaves_nothing_to_draw_from(exercise):
    def alike(_rng, _panelist, keys):
        return {"piles": dict.fromkeys(keys, 1), "order": {key: place for place, key in enumerate(keys[:10], start=1)}}

    body = voices(exercise, alike)
    assert body["rank_sets"] == {"why": "too_few"}
    assert all(row["people"] is None and not row["alarm"] for row in body["unheard"]["questions"])


def test_fewer_questions_than_places_leave_nobody_out(app):
    body = voices(finished.an_exercise_to_answer(questions=4), finished.order)
    assert (len(body["listed"]), body["unheard"]["questions"], body["swaps"]) == (4, [], {"questions": []})


def test_a_method_that_takes_long_is_not_asked_again_and_the_snapshot_says_so(app):
    exercise = finished.an_exercise_to_answer(primary={"method": "kemeny", "parameters": {}})
    body = voices(exercise, finished.order)
    assert body["rank_sets"] == body["swaps"] == {"why": "slow_method"}
    assert body["unheard"]["questions"]


# -- sides and groups ------------------------------------------------------------------------------------------------
def by_group(orders):
    """Everybody of a group orders the questions of these numbers, the rest in the second pile."""

    def answer(_rng, panelist, keys):
        wanted = orders.get(panelist.group.key, range(1, 11))
        own = [f"Q{number}.1" for number in wanted]
        piles = dict.fromkeys(keys, 2) | dict.fromkeys(own, 1)
        return {"piles": piles, "order": {key: place for place, key in enumerate(own, start=1)}}

    return answer


def a_little_different(orders):
    """The same, with two neighbours in the middle turned round by every other person."""
    same, turned = by_group(orders), [0]

    def answer(rng, panelist, keys):
        found = same(rng, panelist, keys)
        turned[0] += 1
        if turned[0] % 2:
            places = {place: key for key, place in found["order"].items()}
            found["order"] |= {places[5]: 6, places[6]: 5}
        return found

    return answer


def test_each_side_has_its_own_list_beside_the_common_one(exercise):
    professionals = range(5, 15)
    body = voices(exercise, by_group({"nurses": professionals, "doctors": professionals}))
    lived, others = body["sides"]["lived"], body["sides"]["professionals"]
    assert lived["listed"] == [f"Q{number}.1" for number in range(1, 11)]
    assert others["listed"] == [f"Q{number}.1" for number in professionals]
    assert (lived["n"], others["n"]) == (18, 15)
    assert lived["shared"] == len(set(lived["listed"]) & set(body["listed"]))
    assert -1 <= others["tau"] <= 1
    assert 0 <= others["rbo"] <= 1


def test_no_side_has_a_list_where_one_is_too_small_to_be_told_apart(app):
    body = voices(finished.an_exercise_to_answer(panel={"patients": 9, "nurses": 4}), finished.order)
    assert body["sides"] is None


def test_what_a_group_surely_wants_and_the_list_has_not_is_told_two_at_most(app):
    exercise = finished.an_exercise_to_answer(panel={"patients": 30, "carers": 7, "nurses": 9, "doctors": 6})
    others = {key: range(1, 11) for key in ("patients", "nurses", "doctors")}
    body = voices(exercise, a_little_different(others | {"carers": [14, 13, 12, *range(1, 8)]}))
    found = body["left_behind"]
    assert [row["group"] for row in found] == ["carers", "carers"]
    assert {row["number"] for row in found} <= {12, 13, 14}
    assert all(row["n"] == 7 and row["p_top"] >= 0.8 and row["own_place"] <= 3 < row["place"] for row in found)


def test_a_group_that_may_not_be_told_apart_leaves_nothing_behind_in_the_snapshot(app):
    made = finished.an_exercise_to_answer(panel={"patients": 11, "carers": 4, "nurses": 9, "doctors": 6})
    others = {key: range(1, 11) for key in ("nurses", "doctors")}
    wanting = {"carers": [14, 13, 12, *range(1, 8)], "patients": [14, 13, 12, *range(1, 8)]}
    body = voices(made, a_little_different(others | wanting))
    assert {row["group"] for row in body["left_behind"]} <= {"nurses", "doctors"}
