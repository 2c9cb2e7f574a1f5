"""What is kept of two rounds of ratings together: right, and nothing from which a few people could be worked out."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from aggregation.delphi import movement
from priority import clock
from priority.queries.answering import sees_own_side_only
from priority.queries.ballots import linked_rows
from priority.queries.rounds import result_of, rounds_of
from priority.services import merging, rounds, voting
from priority.services.answers import CANNOT_JUDGE
from priority.services.closing.movers import DRAWS
from priority.services.closing.pairs import pairs_before
from priority.services.closing.stored import seed_of
from priority.words import ResultKind
from tests import factories, finished

PANEL = {"patients": 9, "carers": 6, "nurses": 8, "doctors": 7}
RATING = {"kind": "rating"}
KINDS = (ResultKind.CHANGE, ResultKind.ATTRITION, ResultKind.MOVEMENT)


def an_exercise(*designs, panel=None, questions=2, **body):
    designs = designs or (RATING, RATING)
    return finished.an_exercise_to_answer(questions=questions, panel=panel or PANEL, rounds=list(designs), **body)


def held(exercise, n, answer):
    """Round `n`, answered by everybody with `answer(number, panelist, keys)` (None: does not come) and closed."""
    round_ = rounds_of(exercise)[n - 1]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    for number, panelist in enumerate(rounds._invited(exercise)):
        answers = answer(number, panelist, voting.item_keys(round_))
        if answers is not None:
            voting.save_page(round_, panelist, answers, base=None)
    rounds.close_round(round_, actor=None, reason="Everybody has answered.")
    return round_


def numbers(number, _panelist, keys):
    """Everybody something else, the same person always the same."""
    return {key: 1 + (number * 5 + place * 3) % 9 for place, key in enumerate(keys)}


def but_for(answer, **silent):
    """The same, only that so many of a group do not come."""
    left = dict(silent)

    def fewer(number, panelist, keys):
        if left.get(panelist.group.key, 0):
            left[panelist.group.key] -= 1
            return None
        return answer(number, panelist, keys)

    return fewer


def two_rounds(exercise, first=numbers, second=numbers):
    held(exercise, 1, first)
    round_ = held(exercise, 2, second)
    return {kind: result_of(round_, kind) for kind in KINDS}


def questions_of(found, kind=ResultKind.CHANGE):
    return {row["number"]: row for row in found[kind]["questions"]}


# -- nobody can be worked out ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("silent", "sides", "groups"),
    [
        ({}, {"lived", "professionals"}, {"patients", "carers", "nurses", "doctors"}),
        ({"carers": 2}, {"lived", "professionals"}, {"nurses", "doctors"}),
        ({"nurses": 8, "doctors": 3}, set(), set()),
    ],
)
def test_a_part_of_which_few_answered_twice_is_in_no_table_and_follows_from_none(app, silent, sides, groups):
    found = two_rounds(an_exercise(), second=but_for(numbers, **silent))
    for row in questions_of(found).values():
        assert (set(row["sides"]), set(row["groups"])) == (sides, groups)
        cells = [row["whole"], *row["sides"].values(), *row["groups"].values()]
        assert all(cell["n"] >= 5 for cell in cells)
    for row in questions_of(found, ResultKind.MOVEMENT).values():
        assert (set(row["sides"]), set(row["groups"])) == (sides, groups)
        for kind in ("sides", "groups"):
            assert all(set(mover["toward"]) == set(row[kind]) for mover in row[kind].values())


def test_of_a_panel_of_four_nothing_is_kept_but_verdicts(app):
    found = two_rounds(an_exercise(panel={"patients": 2, "nurses": 2}))
    assert found[ResultKind.CHANGE]["people"] is None
    for row in questions_of(found).values():
        assert (row["whole"], row["sides"], row["groups"]) == (None, {}, {})
        assert (row["stability"], row["agreement"]) == ("unknown", "unknown")
    for row in questions_of(found, ResultKind.MOVEMENT).values():
        assert (row["sides"], row["groups"]) == ({}, {})
    assert found[ResultKind.MOVEMENT]["overall"] == {}
    reruns = found[ResultKind.ATTRITION]["reruns"]["questions"]
    assert {row["completers"] for row in reruns} == {None}
    assert found[ResultKind.ATTRITION]["whole"]["completers"] is None


def test_where_one_person_answered_once_no_number_is_kept_from_which_their_answer_follows(app):
    found = two_rounds(an_exercise(), second=but_for(numbers, patients=1))
    for row in questions_of(found).values():
        assert {cell["more"] for cell in [row["whole"], *row["sides"].values(), *row["groups"].values()]} == {None}
    for row in questions_of(found, ResultKind.MOVEMENT).values():
        for mover in [*row["sides"].values(), *row["groups"].values()]:
            figures = [
                mover["shift"],
                *(one[name] for one in mover["toward"].values() for name in ("nearer", "low", "high")),
            ]
            assert mover["coarse"]
            assert all(figure is None or (mover["n"] >= 10 and (2 * figure).is_integer()) for figure in figures)


def test_an_interval_told_in_steps_is_never_narrower_than_the_one_that_was_found(app):
    exercise = an_exercise(panel={"patients": 13, "nurses": 12}, questions=3)
    held(exercise, 1, numbers)
    round_ = held(exercise, 2, but_for(nearer, patients=1))
    told, pairs = result_of(round_, ResultKind.MOVEMENT), pairs_before(round_)
    before, after = pairs.everybody()
    found = movement(before, after, by="sides", scale=pairs.scale, draws=DRAWS, seed=seed_of(round_), confidence=0.95)
    parts, seen = {key: place for place, key in enumerate(found.parts)}, 0
    for mover, at in parts.items():
        for target, toward in parts.items():
            overall = told["overall"][mover][target]
            assert overall["low"] <= found.overall_low[at, toward] <= found.overall_high[at, toward] <= overall["high"]
            for index, row in enumerate(told["questions"]):
                one = row["sides"][mover]["toward"][target]
                assert one["low"] <= found.low[index, at, toward] <= found.high[index, at, toward] <= one["high"]
                seen += one["low"] < one["high"]
    assert seen


def nearer(number, panelist, keys):
    """Two of three go up by a point."""
    return {key: min(9, given + (number % 3 > 0)) for key, given in numbers(number, panelist, keys).items()}


def test_what_somebody_cannot_judge_the_second_time_counts_as_answered_once(app):
    def second(number, panelist, keys):
        return numbers(number, panelist, keys) | ({keys[0]: CANNOT_JUDGE} if number == 0 else {})

    rows = questions_of(two_rounds(an_exercise(), second=second))
    assert (rows[1]["whole"]["n"], rows[1]["whole"]["more"]) == (29, None)
    assert rows[2]["whole"]["more"] is not None


def test_groups_have_counts_alone_for_a_side_less_a_group_is_another_group(app):
    row = questions_of(two_rounds(an_exercise()))[1]
    assert row["whole"]["more"] is not None
    assert row["sides"]["lived"]["more"] is not None
    assert {cell["more"] for cell in row["groups"].values()} == {None}


def test_one_who_answered_once_leaves_nothing_exact_of_anybody(app):
    """Five left on the other side, but a mean change of 0 over everybody says that nobody changed on this one, too."""
    row = questions_of(two_rounds(an_exercise(), second=but_for(numbers, patients=5, nurses=1)))[1]
    assert {cell["more"] for cell in cells_of(row)} == {None}
    row = questions_of(two_rounds(an_exercise(), second=but_for(numbers, patients=5, nurses=5)))[1]
    assert {cell["more"] is None for cell in (row["whole"], *row["sides"].values())} == {False}


def cells_of(row):
    return [row["whole"], *row["sides"].values(), *row["groups"].values()]


def test_nobody_can_tell_whether_nobody_changed_where_one_person_left(app):
    """If they could, the difference of the published counts would be the answers of the one who left."""

    def three_change(number, panelist, keys):
        return {key: value + (number in (10, 20, 29)) for key, value in answers(number, panelist, keys).items()}

    def answers(_number, _panelist, keys):
        return dict.fromkeys(keys, 6)

    kept = []
    for second in (answers, three_change):
        found = two_rounds(an_exercise(), answers, but_for(second, patients=1))
        rows = json.loads(json.dumps(found[ResultKind.CHANGE]["questions"]), object_hook=without_ids)
        assert {cell["step"] for row in rows for cell in cells_of(row)} == {5}
        kept.append([row | {"agreement": None} for row in rows])  # that follows from the later round alone
        for row in questions_of(found, ResultKind.MOVEMENT).values():
            for mover in (*row["sides"].values(), *row["groups"].values()):
                assert {(one["off"], one["toward"], one["by_chance"]) for one in mover["toward"].values()} == {
                    (0, 0, None)
                }
    assert kept[0] == kept[1]


def test_numbers_in_steps_are_rounded_down(app):
    def second(number, panelist, keys):
        return numbers(number, panelist, keys) | ({keys[0]: 9 if numbers(number, panelist, keys)[keys[0]] < 4 else 1})

    exact = questions_of(two_rounds(an_exercise(), second=second))[1]["whole"]
    told = questions_of(two_rounds(an_exercise(), second=but_for(second, doctors=2)))[1]["whole"]
    assert (exact["step"], told["step"], told["n"]) == (1, 5, 28)
    assert exact["crossed"] - 5 < told["crossed"] + 5
    assert told["crossed"] % 5 == told["changed"] % 5 == 0
    assert told["crossed"] > 0


@pytest.mark.parametrize(
    ("early", "late", "told"),
    [
        ({}, {}, {"completers", "carried"}),
        ({}, {"patients": 1}, {"completers"}),  # one left: with their last answer the verdict could turn
        ({}, {"patients": 6}, {"completers", "carried"}),
        ({}, {"patients": 6, "doctors": 2}, {"completers"}),
        ({"nurses": 1}, {}, {"carried"}),  # one came late: without them it could turn
        ({"nurses": 5}, {}, {"completers", "carried"}),
        ({"nurses": 1}, {"patients": 1}, set()),
    ],
)
def test_a_verdict_is_worked_out_otherwise_only_where_it_hangs_on_nobody_or_on_enough(app, early, late, told):
    kept = two_rounds(an_exercise(), but_for(numbers, **early), but_for(numbers, **late))[ResultKind.ATTRITION]
    for row in kept["reruns"]["questions"]:
        assert {name for name in ("completers", "carried") if row[name] is not None} == told
        assert row["everybody"] is not None
    if not told:
        assert kept["reruns"]["differing"] == []


def test_one_whose_answer_to_one_question_is_carried_hides_the_verdict_on_that_one_alone(app):
    def second(number, panelist, keys):
        answers = numbers(number, panelist, keys)
        return {key: value for key, value in answers.items() if (number, key) != (0, keys[0])}

    rows = two_rounds(an_exercise(), second=second)[ResultKind.ATTRITION]["reruns"]["questions"]
    assert [row["carried"] is None for row in rows] == [True, False]
    assert None not in [row["completers"] for row in rows]


@pytest.mark.parametrize(
    ("silent", "whole", "sides"),
    [
        ({"patients": 4}, False, set()),  # four left
        ({"patients": 5}, True, set()),  # nobody left the other side, so these five are all
        ({"patients": 5, "nurses": 2}, True, set()),  # two would follow
        ({"patients": 5, "nurses": 5}, True, {"lived", "professionals"}),
    ],
)
def test_means_of_those_who_left_are_kept_for_five_or_more(app, silent, whole, sides):
    kept = two_rounds(an_exercise(), second=but_for(numbers, **silent))[ResultKind.ATTRITION]
    assert (kept["whole"] is not None, set(kept["sides"])) == (whole, sides)
    for cell in [one for one in (kept["whole"], *kept["sides"].values(), *kept["groups"].values()) if one]:
        assert cell["dropped_out"] >= 5
        assert cell["completers"] >= 5


def test_of_those_who_left_only_people_who_had_rated_something_have_a_mean(app):
    def first(number, panelist, keys):  # two of the five patients who will leave could judge nothing
        return dict.fromkeys(keys, CANNOT_JUDGE) if number < 2 else numbers(number, panelist, keys)

    kept = two_rounds(an_exercise(), first=first, second=but_for(numbers, patients=5))[ResultKind.ATTRITION]
    assert kept["whole"] is None


def test_few_who_came_late_are_not_counted_out(app):
    kept = two_rounds(an_exercise(), first=but_for(numbers, carers=2), second=but_for(numbers, nurses=6))
    assert kept[ResultKind.ATTRITION]["whole"]["joined_late"] is None
    kept = two_rounds(an_exercise(), first=but_for(numbers, carers=6), second=but_for(numbers, nurses=6))
    assert kept[ResultKind.ATTRITION]["whole"]["joined_late"] == 6


def test_nothing_that_is_kept_says_what_one_person_answered_twice(app):
    exercise = an_exercise()
    found = two_rounds(exercise)
    keys = {row.answers["Q1.1"] for both in linked_rows(*rounds_of(exercise)) for row in both}
    assert len(keys) == 9
    text = json.dumps(list(found.values()))
    assert "ballot" not in text
    assert "answers" not in text
    assert len(text) < 40_000  # a row a person would be longer


# -- what changed ----------------------------------------------------------------------------------------------------
def published(number, _panelist, keys, which):
    """The ten people of methods 3.7 on each side."""
    rounds_ = ((7, 8, 5, 9, 6, 7, 3, 8, 7, 6), (7, 8, 6, 9, 7, 7, 5, 8, 8, 7))
    return dict.fromkeys(keys, rounds_[which][number % 10])


def test_the_published_example_of_two_rounds_is_found_again(app):
    exercise = an_exercise(panel={"patients": 10, "nurses": 10})
    found = two_rounds(exercise, *(lambda *who, i=i: published(*who, i) for i in (0, 1)))
    for cell in questions_of(found)[1]["sides"].values():
        assert (cell["n"], cell["changed"], cell["crossed"]) == (10, 5, 3)
        assert cell["more"] == {
            "mean_absolute": pytest.approx(0.6),
            "cv_before": pytest.approx(0.25950, abs=5e-6),
            "cv_after": pytest.approx(0.15768, abs=5e-6),
            "cv_difference": pytest.approx(0.10182, abs=5e-6),
            "net": 2,
            "kappa_linear": pytest.approx(0.610390, abs=5e-7),
            "kappa_quadratic": pytest.approx(0.807692, abs=5e-7),
            "spearman": pytest.approx(0.929342, abs=5e-7),
        }


@pytest.mark.parametrize(("movers", "stability"), [(2, "stable"), (3, "moving")])
def test_exactly_the_declared_margin_is_moving(app, movers, stability):
    def second(number, _panelist, keys):
        return dict.fromkeys(keys, 5 if number < movers else 8)

    exercise = an_exercise(panel={"patients": 10, "nurses": 10})
    found = two_rounds(exercise, lambda _n, _p, keys: dict.fromkeys(keys, 8), second)
    row = questions_of(found)[1]
    assert (row["stability"], row["whole"]["crossed"], row["agreement"]) == (stability, movers, "consensus")


def test_the_margin_and_the_stopping_rule_are_those_declared(app):
    def second(number, panelist, keys):
        return numbers(number, panelist, keys) | ({keys[0]: 5} if number < 15 else {})

    rules = {"stability_margin": 50, "stopping": {"rounds_at_most": 4, "settled_share": 50}}
    found = two_rounds(an_exercise(**rules), second=second)[ResultKind.CHANGE]
    assert found["margin"] == 50
    assert found["stopping"] == {
        "met": True, "reasons": ["settled"], "rounds": 2, "rounds_at_most": 4, "settled": 2, "questions": 2,
        "settled_share": 50, "moving": [], "unknown": [],
    }  # fmt: skip
    found = two_rounds(an_exercise(stopping={"rounds_at_most": 2, "settled_share": 100}), second=second)
    assert found[ResultKind.CHANGE]["stopping"]["reasons"] == ["rounds_at_most"]
    assert found[ResultKind.CHANGE]["stopping"]["moving"] == ["Q1.1"]


def test_who_changed_their_group_is_in_neither_count(app):
    exercise = an_exercise()
    held(exercise, 1, numbers)
    people = rounds._invited(exercise)
    people[0].group = factories.group(exercise, "nurses")
    round_ = held(exercise, 2, numbers)
    assert result_of(round_, ResultKind.CHANGE)["people"] == 29
    assert questions_of({ResultKind.CHANGE: result_of(round_, ResultKind.CHANGE)})[1]["whole"]["n"] == 29


def test_a_question_in_other_words_is_not_compared_and_said_to_be_other(app):
    exercise = an_exercise(questions=3)
    held(exercise, 1, numbers)
    first = rounds_of(exercise)[0].items[0].wording.question
    words = {"text": "Quite another question?", "short": "Another", "background": None, "reason": "It was unclear."}
    merging.reword(first, exercise=exercise, actor=None, **words)
    factories.a_question(exercise, 9)
    found = result_of(held(exercise, 2, numbers), ResultKind.CHANGE)
    assert [row["key"] for row in found["questions"]] == ["Q2.1", "Q3.1"]
    assert found["not_compared"] == {"reworded": ["Q1.2"], "new": ["Q9.1"], "gone": []}


@pytest.mark.parametrize(
    "designs",
    [
        (RATING, RATING | {"scale": "five"}),
        (RATING | {"scale": "chnri"}, RATING | {"scale": "chnri"}),
        (RATING | {"access": "open"}, RATING),
    ],
)
def test_rounds_that_cannot_be_compared_person_by_person_are_not(app, designs):
    exercise = an_exercise(*designs)
    held(exercise, 1, lambda *_: None)
    round_ = held(exercise, 2, lambda *_: None)
    assert {result_of(round_, kind) for kind in KINDS} == {None}
    assert pairs_before(round_) is None


def test_a_second_round_that_nobody_comes_to_leaves_nothing_to_compare(app):
    found = two_rounds(an_exercise(), second=lambda *_: None)
    assert set(found.values()) == {None}


def test_rounds_from_one_to_five_are_compared_by_their_own_bands(app):
    five = RATING | {"scale": "five"}
    found = two_rounds(
        an_exercise(five, five),
        lambda _n, _p, keys: dict.fromkeys(keys, 3),
        lambda n, _p, keys: dict.fromkeys(keys, 4 if n % 2 else 3),
    )
    assert questions_of(found)[1]["whole"] | {"more": None} == {
        "n": 30, "changed": 15, "crossed": 15, "step": 1, "stability": "moving", "more": None,
    }  # fmt: skip


# -- who left, who moved ---------------------------------------------------------------------------------------------
def test_those_who_left_had_rated_lower_and_what_hangs_on_them_is_named(app):
    def first(number, panelist, keys):
        return dict.fromkeys(keys, 2 if panelist.group.key == "carers" else 7 + number % 3)

    def second(_number, panelist, keys):
        return None if panelist.group.key == "carers" else dict.fromkeys(keys, 8)

    kept = two_rounds(an_exercise(), first, second)[ResultKind.ATTRITION]
    whole = kept["whole"]
    assert (whole["completers"], whole["dropped_out"], whole["dropped_out_mean"]) == (24, 6, 2)
    assert whole["difference"] == pytest.approx(whole["completers_mean"] - 2)
    assert whole["low"] < whole["difference"] < whole["high"]
    reruns = kept["reruns"]
    assert reruns["differing"] == ["Q1.1", "Q2.1"]
    assert reruns["questions"][0]["completers"] == {"verdict": "in", "why": "met"}
    assert reruns["questions"][0]["carried"]["verdict"] == "none"


def test_professionals_who_come_nearer_to_the_others_are_named_and_the_others_are_not(app):
    def first(number, panelist, keys):
        lived = panelist.group.side.key == "lived"
        return {keys[0]: 8 if lived else 3 + number % 2, keys[1]: 4 + number % 3}

    def second(number, panelist, keys):
        before = first(number, panelist, keys)
        return before if panelist.group.side.key == "lived" else before | {keys[0]: before[keys[0]] + 3}

    found = questions_of(two_rounds(an_exercise(), first, second), ResultKind.MOVEMENT)
    staff, lived = found[1]["sides"]["professionals"], found[1]["sides"]["lived"]
    assert (staff["coarse"], staff["shift"], staff["toward"]["lived"]["nearer"]) == (False, 3, 3)
    assert staff["toward"]["lived"]["beyond_chance"] is True
    assert (lived["toward"]["professionals"]["nearer"], lived["toward"]["professionals"]["beyond_chance"]) == (0, False)
    assert found[1]["groups"]["nurses"]["toward"]["carers"]["nearer"] is None  # eight are too few to tell
    assert not any(one["beyond_chance"] for one in found[2]["sides"]["professionals"]["toward"].values())


def test_the_same_answers_give_the_same_numbers_again(app):
    def moved(number, panelist, keys):
        return {key: min(9, value + number % 2) for key, value in numbers(number, panelist, keys).items()}

    first, second = (two_rounds(an_exercise(), second=but_for(moved, patients=6)) for _ in range(2))
    for kind in KINDS:
        one, other = (json.loads(json.dumps(found[kind]), object_hook=without_ids) for found in (first, second))
        assert one == other


def without_ids(part):
    return {key: value for key, value in part.items() if key != "question"}


# -- a drawn arm -----------------------------------------------------------------------------------------------------
def test_what_each_half_of_a_drawn_arm_changed_is_counted_apart(app):
    exercise = an_exercise(RATING, RATING | {"feedback": True, "arm": "random"})
    held(exercise, 1, lambda *_: {"Q1.1": 5, "Q2.1": 5})
    second = rounds_of(exercise)[1]

    def shown_all_moves(_number, panelist, keys):
        own_side = sees_own_side_only(second, voting.own_key(exercise, panelist))
        return dict.fromkeys(keys, 5 if own_side else 8)

    held(exercise, 2, shown_all_moves)
    everybody = rounds._invited(exercise)
    own = sum(sees_own_side_only(second, voting.own_key(exercise, one)) for one in everybody)
    kept = result_of(second, ResultKind.CHANGE)["arms"]
    if min(own, len(everybody) - own) < 5:  # about one draw in ten thousand
        assert kept is None
        return
    assert kept["own_side"] == {"people": own, "n": 2 * own, "changed": 0, "crossed": 0, "step": 1}
    assert kept["everybody"]["people"] == len(everybody) - own
    assert kept["everybody"]["crossed"] == kept["everybody"]["n"] == 2 * (len(everybody) - own)


def test_without_a_drawn_arm_no_halves_are_told(app):
    exercise = an_exercise(RATING, RATING | {"feedback": True})
    two_rounds(exercise)
    assert result_of(rounds_of(exercise)[1], ResultKind.CHANGE)["arms"] is None
