"""Who left: intervals against SciPy, counts against sets, and verdicts run three times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import FIVE, ConsensusRule, attrition, reruns, verdicts, welch
from tests.aggregation.strategies import NOT_JUDGED, a_panel, panels
from tests.aggregation.test_change import first_with, two_rounds

SAMPLES = st.lists(st.integers(1, 9).map(float), min_size=2, max_size=12)


@pytest.mark.filterwarnings("ignore:Precision loss:RuntimeWarning")  # where one sample is all alike; Welch allows it
@given(one=SAMPLES, other=SAMPLES, confidence=st.sampled_from([0.8, 0.95, 0.99]))
def test_welch_is_scipys(one: list[float], other: list[float], confidence: float) -> None:
    found = welch(np.array(one), np.array(other), confidence=confidence)
    if len(set(one)) == len(set(other)) == 1:
        assert found is None
        return
    theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval(confidence)
    assert found == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-9)


def test_one_person_has_no_spread_to_learn_from() -> None:
    assert welch(np.array([7.0]), np.array([1.0, 2, 3])) is None


@given(rounds=two_rounds())
def test_counts_are_those_of_sets_and_means_those_of_people(rounds: tuple[Ratings, Ratings]) -> None:
    first, second = rounds
    began = (~np.isnan(first.values) | first.cannot_judge).any(axis=1)
    stayed = ~np.isnan(second.values).all(axis=1)
    for part in attrition(first, second):
        rows = np.ones(first.n_people, dtype=bool)
        if part.kind == "side":
            rows = first.strata == first.strata_names.index(part.name)
        if part.kind == "group":
            rows = first.groups == first.group_names.index(part.name)
        assert part.people == rows.sum()
        assert part.completers == (rows & began & stayed).sum()
        assert part.dropped_out == (rows & began & ~stayed).sum()
        assert part.joined_late == (rows & ~began & stayed).sum()
        for mean, who in ((part.completers_mean, stayed), (part.dropped_out_mean, ~stayed)):
            each = [row[~np.isnan(row)].mean() for row in first.values[rows & began & who] if not np.isnan(row).all()]
            assert mean == (pytest.approx(np.mean(each)) if each else None)
        if part.difference is not None and part.low is not None:
            assert part.low < part.difference < part.high


def test_parts_come_whole_first_then_sides_then_groups() -> None:
    first = a_panel([7, 8, 9], sides=["lived", "staff", "staff"], groups=["a", "b", "c"])
    found = [(part.kind, part.name) for part in attrition(first, first)]
    assert found == [("all", ""), ("side", "lived"), ("side", "staff"), *(("group", each) for each in "abc")]


def test_splitting_a_group_changes_neither_sides_nor_the_whole() -> None:
    rng = np.random.default_rng(1)
    values, sides = rng.integers(1, 10, (40, 5)).astype(float), ["lived", "staff"] * 20
    second = values.copy()
    second[:15] = np.nan
    items = [f"q{i}" for i in range(5)]
    parts = []
    for groups in (["g"] * 40, ["g", "h"] * 20):
        rounds = (Ratings.from_values(each, items, sides=sides, groups=groups) for each in (values, second))
        parts.append([part for part in attrition(*rounds, draws=200, seed=1) if part.kind != "group"])
    assert parts[0] == parts[1]


def test_drawn_intervals_are_near_welchs_and_the_same_for_any_order_of_rows() -> None:
    rng = np.random.default_rng(2)
    values = rng.integers(1, 10, (200, 6)).astype(float)
    second = values.copy()
    second[:80] = np.nan
    part = attrition(*(a_panel(*each.T) for each in (values, second)), draws=2000, seed=1)[0]
    assert (part.drawn_low, part.drawn_high) == pytest.approx((part.low, part.high), abs=0.05)
    rows = rng.permutation(200)
    again = attrition(*(a_panel(*each[rows].T) for each in (values, second)), draws=2000, seed=1)[0]
    assert again == part


@pytest.mark.slow
def test_intervals_hold_a_difference_that_is_none_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    held = np.zeros((2, 300), dtype=bool)
    for draw in range(300):
        values = rng.integers(1, 10, (24, 4)).astype(float)
        second = values.copy()
        second[:9] = np.nan
        part = attrition(a_panel(*values.T), a_panel(*second.T), draws=400, seed=draw)[0]
        held[:, draw] = part.low <= 0 <= part.high, part.drawn_low <= 0 <= part.drawn_high
    assert 0.92 <= held[0].mean() <= 0.98
    assert 0.88 <= held[1].mean() <= 0.98


def test_where_nobody_left_there_is_no_difference() -> None:
    part = attrition(a_panel([7, 8, 9]), a_panel([7, 8, 9]), draws=100, seed=1)[0]
    assert (part.dropped_out, part.difference, part.low, part.drawn_low) == (0, None, None, None)


def test_who_could_judge_nothing_in_the_second_round_stayed() -> None:
    second = Ratings(values=[[NOT_JUDGED], [7]], items=["q0"], cannot_judge=[[True], [False]])
    assert attrition(a_panel([7, 8]), second)[0].completers == 2


def test_what_makes_no_sense_is_refused() -> None:
    first = a_panel([7, 8])
    with pytest.raises(RatingsError, match="same people"):
        attrition(first, a_panel([7]))
    with pytest.raises(RatingsError, match="whole numbers from 1 to 5"):
        attrition(first, first, scale=FIVE)
    for wrong in ({"draws": 10}, {"draws": -1}, {"draws": 10**6, "seed": 1}, {"confidence": 1}):
        with pytest.raises(StatisticError):
            attrition(first, first, **wrong)


RULE = ConsensusRule()


def decisions(first: Ratings, second: Ratings, rule: ConsensusRule = RULE) -> list[str | None]:
    runs = reruns(first, second, rule)
    return [None if run is None else run[0].decision for run in (runs.everybody, runs.completers, runs.carried)]


def test_late_joiners_count_among_everybody_and_leavers_only_carried() -> None:
    first = a_panel([8] * 6 + [2] * 4 + [NOT_JUDGED] * 10)
    second = a_panel([8] * 6 + [NOT_JUDGED] * 4 + [2] * 10)
    assert decisions(first, second) == ["none", "in", "none"]
    assert reruns(first, second, RULE).differing == ("q0",)


@given(ratings=panels())
def test_with_nobody_gone_all_three_are_the_verdicts(ratings: Ratings) -> None:
    heard = (~np.isnan(ratings.values) | ratings.cannot_judge).any(axis=1)
    if not heard.all():
        ratings = first_with(ratings, np.where(np.isnan(ratings.values), 5, ratings.values))
    runs = reruns(ratings, ratings, RULE)
    assert runs.everybody == runs.completers == runs.carried == verdicts(ratings, RULE)
    assert runs.differing == ()


def test_a_side_of_which_nobody_stayed_is_a_side_without_an_answer() -> None:
    sides = ["lived"] * 6 + ["staff"] * 6
    first = a_panel([8] * 12, sides=sides)
    second = a_panel([8] * 6 + [NOT_JUDGED] * 6, sides=sides)
    runs = reruns(first, second, RULE)
    assert (runs.completers[0].decision, runs.completers[0].reason) == ("none", "too_few_valid")
    assert runs.completers[0].part == "staff"
    assert runs.carried[0].decision == "in"


def test_sides_and_groups_stay_in_the_order_of_the_panel() -> None:
    """A reason is told of the first part it lies with, so that another order would name another part."""
    codes = {"strata": [0] * 5 + [1] * 5, "strata_names": ("staff", "lived")}
    codes |= {"groups": [1] * 5 + [0] * 5, "group_names": ("patients", "nurses")}
    ratings = Ratings(values=[[5]] * 10, items=["q0"], **codes)
    for rule in (RULE, ConsensusRule(scope="groups")):
        assert reruns(ratings, ratings, rule).everybody == verdicts(ratings, rule)


def test_a_group_of_which_nobody_stayed_is_left_out() -> None:
    groups = ["a"] * 6 + ["b"] * 3
    first = a_panel([8] * 9, groups=groups)
    second = a_panel([8] * 6 + [NOT_JUDGED] * 3, groups=groups)
    runs = reruns(first, second, ConsensusRule(scope="groups"))
    assert [each.decision for each in runs.completers] == ["in"]
    assert [part.name for part in runs.completers[0].parts] == ["a"]


def test_cannot_judge_is_an_answer_and_nothing_is_carried_over_it() -> None:
    first = a_panel([8] * 10)
    second = Ratings(values=[[NOT_JUDGED]] * 10, items=["q0"], cannot_judge=[[True]] * 10)
    carried = reruns(first, second, RULE).carried[0]
    assert (carried.reason, carried.parts[0].valid, carried.parts[0].cannot_judge) == ("too_few_valid", 0, 10)


def test_cannot_judge_of_the_first_round_is_carried_and_a_new_question_has_nothing_to_carry() -> None:
    first = Ratings(values=[[8]] * 9 + [[NOT_JUDGED]], items=["old"], cannot_judge=[[False]] * 9 + [[True]])
    second = Ratings(values=[[8, 8]] * 9 + [[NOT_JUDGED] * 2], items=["new", "old"])
    new, old = reruns(first, second, RULE).carried
    assert (new.parts[0].valid, new.parts[0].cannot_judge) == (9, 0)
    assert (old.parts[0].valid, old.parts[0].cannot_judge) == (9, 1)


def test_where_nobody_took_part_there_is_no_run() -> None:
    nobody, some = a_panel([NOT_JUDGED] * 3), a_panel([8] * 3)
    assert decisions(some, nobody) == [None, None, "in"]
    assert decisions(nobody, some) == ["in", None, "in"]
    assert decisions(nobody, nobody) == [None, None, None]
    assert reruns(some, nobody, RULE).differing == ()


def test_reruns_go_by_the_scale() -> None:
    panel = a_panel([4, 5, 4, 5, 4])
    assert reruns(panel, panel, ConsensusRule(), FIVE).everybody[0].decision == "in"
