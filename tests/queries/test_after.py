"""What the page and the files after a round are made of: nothing that few people answered, and no number lost."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from priority.exports.results import results_json
from priority.queries import after_moves, after_order, after_rating
from priority.queries.report import report
from priority.queries.rounds import result_of, rounds_of
from priority.services import deciding, exercises, rounds
from priority.words import ResultKind, Verdict
from tests import factories, finished

PLANTED = "Q14.1"


@pytest.fixture
def exercise(app):
    return finished.an_exercise_to_answer(questions=14)


def twice(exercise, second, *, first=None):
    """Two rounds of ratings; `first` and `second` give each panelist's answers."""
    one, two, _last = rounds_of(exercise)
    finished.run_round(exercise, one, answer=first or steady)
    finished.run_round(exercise, two, answer=second)
    return two


def steady(_rng, panelist, keys):
    """Everybody finds most important what professionals find least: patients 8, carers 7, nurses and doctors 3."""
    middle = {"patients": 8, "carers": 7, "nurses": 3, "doctors": 3}[panelist.group.key]
    return {key: middle - place % 2 for place, key in enumerate(keys)}


def professionals_come_nearer(rng, panelist, keys):
    answers = steady(rng, panelist, keys)
    return {key: value + 2 if panelist.group.side.key == "professionals" else value for key, value in answers.items()}


# -- what settled ----------------------------------------------------------------------------------------------------
def test_nobody_who_moves_leaves_everything_settled_and_the_rule_to_stop_met(exercise):
    found = after_rating.change_of(twice(exercise, steady))
    assert (found.since, found.margin, found.people) == (1, 15, 33)
    assert found.settled("stable") == 14
    assert (found.stopping.met, found.stopping.reasons) == (True, ("settled",))
    assert all(one.whole.crossed == 0 for one in found.questions)


def test_settled_and_agreed_are_two_findings(exercise):
    found = after_rating.change_of(twice(exercise, steady))
    assert {one.stability for one in found.questions} == {"stable"}
    assert "consensus" not in {one.agreement for one in found.questions}


def test_sides_that_cross_a_band_are_told_apart(exercise):
    found = after_rating.change_of(twice(exercise, professionals_come_nearer)).questions[0]
    assert [(cell.name, cell.crossed, cell.n) for cell in found.cells] == [
        ("", 15, 33),
        ("People living with it", 0, 18),
        ("Professionals", 15, 15),
    ]
    assert found.stability == "moving"


def test_a_first_round_has_nothing_to_compare_with(exercise):
    one = rounds_of(exercise)[0]
    finished.run_round(exercise, one)
    assert after_rating.change_of(one) is None
    assert after_rating.attrition_of(one) is None
    assert after_moves.movement_of(one) is None
    assert after_order.voices_of(one) is None


# -- who left, who moved ---------------------------------------------------------------------------------------------
def test_nobody_left_is_said(exercise):
    found = after_rating.attrition_of(twice(exercise, steady))
    assert found.nobody_left
    assert found.differing == ()


def test_verdicts_that_hang_on_who_came_back_are_named(exercise):
    """Half of each side does not come back; those who do find everything very important, the others nothing."""
    came = {}

    def apart(_rng, panelist, keys):
        came[panelist.id] = len(came) % 2 == 0
        return dict.fromkeys(keys, 8 if came[panelist.id] else 2)

    def half(rng, panelist, keys):
        return apart_again(panelist, keys) if came[panelist.id] else {}

    def apart_again(_panelist, keys):
        return dict.fromkeys(keys, 8)

    found = after_rating.attrition_of(twice(exercise, half, first=apart))
    assert len(found.differing) == found.compared == 14
    assert {(one.completers, one.carried) for one in found.differing} == {(Verdict.IN, Verdict.NONE)}
    assert found.parts[0].difference == pytest.approx(6)


def test_who_moved_toward_whom_and_not_the_reverse(exercise):
    found = after_moves.movement_of(twice(exercise, professionals_come_nearer))
    overall = {(one.mover, one.target): one.nearer for one in found.overall}
    assert overall["Professionals", "People living with it"] == pytest.approx(2)
    assert overall["People living with it", "Professionals"] == pytest.approx(0)
    assert {one.approach.mover for one in found.beyond_chance} == {"Professionals"}
    assert len(found.beyond_chance) == 14


# -- what is unclear -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cannot", "named"), [(6, []), (7, [(7, 33)])])
def test_more_than_a_fifth_in_whole_numbers(exercise, cannot, named):
    """A fifth of 33 is 6.6 people."""
    seen = []

    def some_cannot(_rng, panelist, keys):
        seen.append(panelist)
        mine = [one for one in seen if one.group.side.key == panelist.group.side.key]
        few = cannot // 2 + (cannot % 2 if panelist.group.side.key == "lived" else 0)
        return dict.fromkeys(keys, 8) | {keys[2]: "cannot_judge" if len(mine) <= few else 8}

    round_ = rounds_of(exercise)[0]
    finished.run_round(exercise, round_, answer=some_cannot)
    found = after_rating.unclear_in(report(exercise), round_)
    whole = [(one.cannot_judge, one.n) for one in found if not one.name]
    assert whole == named


# -- orders ----------------------------------------------------------------------------------------------------------
def ordered(exercise, first):
    """Patients of the first `first` put the last question above all; the others do not want it."""
    for round_ in rounds_of(exercise)[:2]:
        finished.run_round(exercise, round_, answer=lambda _rng, _panelist, keys: dict.fromkeys(keys, 8))
    left = [first]

    def answer(rng, panelist, keys):
        own = [key for key in keys if key != PLANTED][:10]
        rng.shuffle(own)
        piles = dict.fromkeys(keys, 2) | dict.fromkeys(own, 1) | {PLANTED: 3}
        if panelist.group.key == "patients" and left[0]:
            left[0] -= 1
            piles[PLANTED], own = 1, [PLANTED, *own[:9]]
        return {"piles": piles, "order": {key: place for place, key in enumerate(own, start=1)}}

    finished.run_round(exercise, rounds_of(exercise)[2], answer=answer)
    return rounds_of(exercise)[2]


def test_an_order_says_who_is_unheard_in_people_and_sides(exercise):
    found = after_order.voices_of(ordered(exercise, 6))
    alarm = next(one for one in found.unheard if one.alarm)
    assert (alarm.named.key, alarm.people, alarm.share) == (PLANTED, 6, Fraction(1, 6))
    assert alarm.sides == (("People living with it", 6), ("Professionals", 0))
    assert found.quota == Fraction(1, len(found.listed) + 1)


def test_four_people_are_not_told(exercise):
    assert after_order.voices_of(ordered(exercise, 4)).unheard == ()


def test_every_question_has_one_place_and_the_list_is_marked(exercise):
    found = after_order.voices_of(ordered(exercise, 0))
    assert len(found.order) == 14
    assert {one.named for one in found.order if one.listed} == set(found.listed)
    assert [one.place for one in found.order] == sorted(one.place for one in found.order)
    assert found.order[-1].named.key == PLANTED


# -- the files -------------------------------------------------------------------------------------------------------
def test_the_file_holds_each_snapshot_as_it_was_stored(exercise):
    round_ = ordered(exercise, 6)
    body = json.loads(results_json(report(exercise)))["findings"]
    assert [one["round"] for one in body] == [1, 2, 3]
    assert body[2]["voices"] == json.loads(json.dumps(result_of(round_, ResultKind.VOICES)))
    two = rounds_of(exercise)[1]
    for kind in (ResultKind.CHANGE, ResultKind.ATTRITION, ResultKind.MOVEMENT):
        assert body[1][str(kind)] == json.loads(json.dumps(result_of(two, kind)))
    assert body[0]["decision"] is None


def test_the_file_says_what_was_signed_but_not_by_whom(exercise):
    round_ = ordered(exercise, 0)
    karin = factories.a_person(exercise.organisation, name="Karin Ek")
    deciding.sign(round_, actor=karin, note="We stop here.")
    deciding.look(round_, actor=karin)
    exercises.publish(exercise, actor=None)
    data = results_json(report(exercise))
    decision = json.loads(data)["findings"][2]["decision"]
    assert (decision["body"]["note"], decision["looks"]) == ("We stop here.", 1)
    assert b"Karin" not in data


def test_the_file_says_what_changed_in_the_list_between_rounds(exercise):
    finished.run_round(exercise, rounds_of(exercise)[0])
    finished.run_round(exercise, rounds_of(exercise)[1])
    found = json.loads(results_json(report(exercise)))["findings"]
    assert found[0]["list_changed"] is None
    assert len(found[1]["list_changed"]["kept"]) == 14
    assert found[1]["list_changed"]["gone"] == []


def test_an_open_round_has_no_findings(exercise):
    from datetime import timedelta

    from priority import clock

    rounds.open_round(rounds_of(exercise)[0], closes_at=clock.now() + timedelta(days=1), actor=None)
    assert report(exercise).findings == ()
