"""Consensus rules: verdicts at the edges of their thresholds, who must say so, and the same told in people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import (
    RULES,
    ConsensusRule,
    Tally,
    verdicts,
    whole_people,
)
from tests.aggregation.strategies import NOT_JUDGED, a_panel, panels


def of_twenty(high: int, low: int) -> list[float]:
    return [8] * high + [2] * low + [5] * (20 - high - low)


@pytest.mark.parametrize(
    ("high", "low", "decision", "reason"),
    [
        (14, 2, "in", "met"),
        (13, 2, "none", "few_high"),
        (14, 3, "none", "many_low"),
        (2, 14, "out", "met"),
        (3, 14, "none", "few_high"),
        (2, 13, "none", "few_high"),
    ],
)
def test_seventy_and_fifteen_percent_at_their_edges(high: int, low: int, decision: str, reason: str) -> None:
    (verdict,) = verdicts(a_panel(of_twenty(high, low)), RULES["70_15_both_sides"])
    assert (verdict.decision, verdict.reason) == (decision, reason)


TWO_SIDES = ["lived"] * 5 + ["staff"] * 5


@pytest.mark.parametrize(
    ("lived", "staff", "both", "anybody", "pooled"),
    [
        ([9] * 5, [9] * 5, ("in", ""), ("in", ""), "in"),
        ([9] * 5, [9, 9, 9, 5, 5], ("none", "staff"), ("in", "lived"), "in"),
        ([9] * 5, [1] * 5, ("none", "staff"), ("in", "lived"), "none"),
        ([1] * 5, [1] * 5, ("out", ""), ("out", ""), "out"),
        ([5] * 5, [1] * 5, ("none", "lived"), ("none", "lived"), "none"),
    ],
)
def test_who_must_say_so(
    lived: list[float], staff: list[float], both: tuple[str, str], anybody: tuple[str, str], pooled: str
) -> None:
    ratings = a_panel(lived + staff, sides=TWO_SIDES)
    for rule, expected in (("70_15_both_sides", both), ("70_15_any_side", anybody)):
        (verdict,) = verdicts(ratings, RULES[rule])
        assert (verdict.decision, verdict.part) == expected
    assert verdicts(ratings, RULES["70_15_pooled"])[0].decision == pooled


def test_opposite_sides_are_named_as_such() -> None:
    (verdict,) = verdicts(a_panel([9] * 5 + [1] * 5, sides=TWO_SIDES), ConsensusRule())
    assert verdict.reason == "parts_differ"


def test_every_group_must_agree_where_the_rule_asks_groups() -> None:
    labels = ["a"] * 3 + ["b"] * 3 + ["c"] * 4
    ratings = a_panel([9] * 6 + [9, 9, 5, 5], sides=TWO_SIDES, groups=labels)
    (verdict,) = verdicts(ratings, RULES["70_15_each_group"])
    assert (verdict.decision, verdict.part) == ("none", "c")
    (small,) = verdicts(ratings, ConsensusRule(scope="groups", minimum=4))
    assert [part.reason for part in small.parts] == ["too_small", "too_small", "few_high"]
    with pytest.raises(RatingsError, match="every group"):
        verdicts(a_panel([9]), RULES["70_15_each_group"])


@pytest.mark.parametrize("rule", ["70_15_both_sides", "70_15_pooled", "70_15_any_side", "rand_ucla"])
def test_seven_of_ten_valid_answers_a_side_are_needed(rule: str) -> None:
    sides = ["lived"] * 10 + ["staff"] * 10
    enough = a_panel([9] * 10 + [9] * 7 + [NOT_JUDGED] * 3, sides=sides)
    too_few = a_panel([9] * 10 + [9] * 6 + [NOT_JUDGED] * 4, sides=sides)
    assert verdicts(enough, RULES[rule])[0].decision == "in"
    (verdict,) = verdicts(too_few, RULES[rule])
    assert (verdict.decision, verdict.reason, verdict.part) == ("none", "too_few_valid", "staff")


def test_cannot_judge_is_never_in_the_denominator_unless_asked_for() -> None:
    column = [9] * 7 + [5] * 1 + [NOT_JUDGED] * 2
    ratings = a_panel(column, cannot_judge=[[np.isnan(each)] for each in column])
    (left_out,) = verdicts(ratings, ConsensusRule())
    (counted,) = verdicts(ratings, ConsensusRule(cannot_judge="not_high"))
    assert left_out.parts[0].high == Tally(7, 8)
    assert counted.parts[0].high == Tally(7, 10)
    assert (left_out.decision, counted.decision) == ("in", "in")


def test_nobody_answered_is_no_verdict() -> None:
    column = a_panel([NOT_JUDGED] * 4)
    assert verdicts(column, ConsensusRule())[0].reason == "too_few_valid"
    assert verdicts(column, ConsensusRule(floor=0))[0].reason == "too_small"


def test_published_variants_are_parameters() -> None:
    """Out where at most half give 7 to 9; in without a limit on 1 to 3."""
    half_out = ConsensusRule(out_low=None, out_high=None, out_high_most=50)
    assert verdicts(a_panel(of_twenty(10, 0)), half_out)[0].decision == "out"
    assert verdicts(a_panel(of_twenty(11, 0)), half_out)[0].decision == "none"
    assert verdicts(a_panel(of_twenty(14, 6)), ConsensusRule(in_low=None))[0].decision == "in"
    never_out = ConsensusRule(out_low=None, out_high=None)
    assert verdicts(a_panel(of_twenty(0, 20)), never_out)[0].decision == "none"


@pytest.mark.parametrize(
    ("answers", "decision", "reason"),
    [
        ([7, 8, 9, 9, 8, 7, 7, 8, 9], "in", "met"),
        ([1, 2, 3, 3, 2, 1, 1, 2, 3], "out", "met"),
        ([5] * 9, "none", "middle"),
        ([1] * 6 + [6] * 3, "none", "disagreement"),
    ],
)
def test_the_median_rule(answers: list[float], decision: str, reason: str) -> None:
    (verdict,) = verdicts(a_panel(answers), RULES["rand_ucla"])
    assert (verdict.decision, verdict.reason) == (decision, reason)


@given(ratings=panels(), rule=st.sampled_from([RULES["70_15_both_sides"], RULES["70_15_pooled"]]))
def test_splitting_a_group_changes_no_verdict(ratings: Ratings, rule: ConsensusRule) -> None:
    split = Ratings.from_values(
        ratings.values,
        ratings.items,
        cannot_judge=ratings.cannot_judge,
        sides=[ratings.strata_names[code] for code in ratings.strata],
        groups=[str(row) for row in range(ratings.n_people)],
    )
    assert verdicts(split, rule) == verdicts(ratings, rule)


@given(ratings=panels())
def test_turning_the_scale_swaps_in_and_out(ratings: Ratings) -> None:
    turned = Ratings(values=10 - ratings.values, items=ratings.items)
    straight = Ratings(values=ratings.values, items=ratings.items)
    swap = {"in": "out", "out": "in", "none": "none"}
    for before, after in zip(verdicts(straight, ConsensusRule()), verdicts(turned, ConsensusRule()), strict=True):
        assert after.decision == swap[before.decision]


def test_a_rule_beyond_a_hundred_percent_is_refused() -> None:
    with pytest.raises(StatisticError, match="between 0 and 100"):
        ConsensusRule(in_high=101)


@pytest.mark.parametrize(
    ("n", "high_for_in", "low_for_in", "valid"), [(5, 4, 0, 4), (6, 5, 0, 5), (7, 5, 1, 5), (20, 14, 2, 14)]
)
def test_seventy_and_fifteen_percent_in_people(n: int, high_for_in: int, low_for_in: int, valid: int) -> None:
    table = whole_people(ConsensusRule(), n)
    assert (table.high_for_in, table.low_for_in, table.valid) == (high_for_in, low_for_in, valid)
    assert (table.low_for_out, table.high_for_out) == (high_for_in, low_for_in)


@given(n=st.integers(1, 40), data=st.data())
def test_people_and_percentages_agree(n: int, data: st.DataObject) -> None:
    high = data.draw(st.integers(0, n))
    low = data.draw(st.integers(0, n - high))
    table = whole_people(ConsensusRule(), n)
    (verdict,) = verdicts(a_panel([8] * high + [2] * low + [5] * (n - high - low)), ConsensusRule())
    assert (verdict.decision == "in") == (high >= table.high_for_in and low <= table.low_for_in)
    assert (verdict.decision == "out") == (low >= table.low_for_out and high <= table.high_for_out)


def test_only_shares_can_be_told_in_people() -> None:
    with pytest.raises(StatisticError):
        whole_people(RULES["rand_ucla"], 9)
    with pytest.raises(StatisticError):
        whole_people(ConsensusRule(), 0)
    variant = whole_people(ConsensusRule(in_low=None, out_low=None, out_high=None, out_high_most=50), 9)
    assert (variant.low_for_in, variant.low_for_out, variant.high_for_out) == (None, None, 4)
