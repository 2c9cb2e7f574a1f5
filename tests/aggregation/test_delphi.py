"""Delphi statistics against printed numbers, against NumPy and SciPy, and against their invariants."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from aggregation import Profile, Ratings, RatingsError, StatisticError
from aggregation.delphi import (
    RULES,
    ConsensusRule,
    Tally,
    appropriateness,
    kendall_w,
    rand_ucla,
    summarise,
    verdicts,
    whole_people,
    wilson,
)
from tests.aggregation.strategies import NOT_JUDGED, panels

if TYPE_CHECKING:
    from collections.abc import Iterator


def counts_of(*answers: int) -> list[int]:
    return [answers.count(point) for point in range(1, 10)]


def a_panel(*columns: list[float], **labels: object) -> Ratings:
    return Ratings.from_values(np.array(columns).T, [f"q{i}" for i in range(len(columns))], **labels)


# Summary


@given(ratings=panels())
def test_summary_equals_numpy_over_the_valid_answers(ratings: Ratings) -> None:
    summary = summarise(ratings)
    for i, column in enumerate(ratings.values.T):
        valid = column[~np.isnan(column)]
        assert summary.n[i] == len(valid)
        assert summary.cannot_judge[i] == ratings.cannot_judge[:, i].sum()
        assert summary.n[i] + summary.missing[i] + summary.cannot_judge[i] == ratings.n_people
        assert summary.high_of(i) == Tally(int((valid >= 7).sum()), len(valid))
        assert summary.low_of(i) == Tally(int((valid <= 3).sum()), len(valid))
        if not len(valid):
            assert np.isnan([summary.median[i], summary.q1[i], summary.q3[i], summary.mean[i]]).all()
            continue
        expected = np.percentile(valid, [0, 25, 50, 75, 100])
        found = [each[i] for each in (summary.minimum, summary.q1, summary.median, summary.q3, summary.maximum)]
        assert found == expected.tolist()
        assert summary.mean[i] == pytest.approx(valid.mean(), rel=1e-15)


@given(ratings=panels())
def test_turning_the_scale_turns_the_summary(ratings: Ratings) -> None:
    turned = summarise(Ratings(values=10 - ratings.values, items=ratings.items, cannot_judge=ratings.cannot_judge))
    before = summarise(ratings)
    assert (turned.high == before.low).all()
    np.testing.assert_array_equal(turned.median, 10 - before.median)
    np.testing.assert_array_equal(turned.q1, 10 - before.q3)


@pytest.mark.parametrize("wrong", [0, 10, 4.5, -1])
def test_a_rating_outside_one_to_nine_is_refused_with_its_place(wrong: float) -> None:
    with pytest.raises(RatingsError, match=r"`values`\[1, 0\] \('q0'\) is"):
        summarise(a_panel([7, wrong]))


# Wilson


def test_wilson_of_fourteen_in_twenty() -> None:
    interval = wilson(14, 20)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.4810, 0.8545)


@given(n=st.integers(1, 60), data=st.data())
def test_wilson_solves_its_equation_and_is_symmetric(n: int, data: st.DataObject) -> None:
    """Both ends p satisfy (share - p)^2 = z^2 p (1 - p) / n."""
    hits = data.draw(st.integers(0, n))
    interval, mirrored = wilson(hits, n), wilson(n - hits, n)
    for end in (interval.low, interval.high):
        assert (hits / n - end) ** 2 == pytest.approx(1.959963984540054**2 * end * (1 - end) / n, abs=1e-12)
    assert interval.low == pytest.approx(1 - mirrored.high)
    assert 0 <= interval.low <= hits / n <= interval.high <= 1


@pytest.mark.parametrize(("hits", "n", "confidence"), [(0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1), (1, 2, 0)])
def test_wilson_refuses_what_is_no_proportion(hits: int, n: int, confidence: float) -> None:
    with pytest.raises(StatisticError):
        wilson(hits, n, confidence=confidence)


# RAND/UCLA


def test_the_published_panel_of_fifteen() -> None:
    counts = counts_of(4, 5, 6, *[7] * 5, *[8] * 5, 9, 9)
    for rule in ("weibull", "linear"):
        result = appropriateness(counts, percentile=rule)
        assert (result.n, result.median, result.p30, result.p70, result.ipr) == (15, 7, 7, 8, 1)
        assert (result.iprcp, result.asymmetry, result.ipras) == (Fraction(15, 2), Fraction(5, 2), Fraction(61, 10))
        assert round(float(result.di), 4) == 0.1639
        assert not result.disagreement
        assert result.decision == "high"
        assert result.classic_agreement
        assert result.classic_disagreement is False


def test_a_panel_in_two_camps_disagrees() -> None:
    result = appropriateness(counts_of(*[1] * 5, *[9] * 5))
    assert (result.ipr, result.ipras, round(float(result.di), 4)) == (8, Fraction(47, 20), 3.4043)
    assert result.disagreement
    assert result.classic_disagreement
    assert result.decision == "middle"


def test_percentile_rules_can_decide_differently() -> None:
    counts = counts_of(*[1] * 6, *[6] * 3)
    linear, weibull = (appropriateness(counts, percentile=rule) for rule in ("linear", "weibull"))
    assert (round(float(linear.di), 4), linear.disagreement) == (0.4918, False)
    assert (round(float(weibull.di), 4), weibull.disagreement) == (1.0870, True)


def test_an_index_of_exactly_one_is_what_the_rule_says() -> None:
    counts = counts_of(4, 4, 6, 7, 9, 9)
    assert appropriateness(counts).di == 1
    assert not appropriateness(counts).disagreement
    assert appropriateness(counts, at_equality="disagreement").disagreement


def all_panels(n: int) -> Iterator[list[int]]:
    """Every way in which n people can answer 1 to 9."""
    for bars in combinations(range(n + 8), 8):
        edges = (-1, *bars, n + 8)
        yield [right - left - 1 for left, right in pairwise(edges)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "classic", "missed_linear", "missed_weibull", "more_linear", "more_weibull"),
    [(8, 2_145, 0, 0, 560, 2_635), (9, 5_925, 918, 0, 900, 3_220), (10, 13_941, 4_759, 432, 1_820, 2_620)],
)
def test_how_often_the_index_and_the_classic_rule_differ(
    n: int, classic: int, missed_linear: int, missed_weibull: int, more_linear: int, more_weibull: int
) -> None:
    found = {"linear": [0, 0], "weibull": [0, 0]}
    by_counting = 0
    for counts in all_panels(n):
        for rule, (missed, more) in found.items():
            result = appropriateness(counts, percentile=rule)
            found[rule] = [
                missed + (result.classic_disagreement and not result.disagreement),
                more + (result.disagreement and not result.classic_disagreement),
            ]
        by_counting += result.classic_disagreement
    assert by_counting == classic
    assert found == {"linear": [missed_linear, more_linear], "weibull": [missed_weibull, more_weibull]}


@pytest.mark.parametrize(
    ("n", "agree", "disagree"), [(8, 2, 3), (10, 2, 3), (11, 3, 4), (13, 3, 4), (14, 4, 5), (16, 4, 5)]
)
def test_the_published_table_of_the_classic_rule(n: int, agree: int, disagree: int) -> None:
    for outside in range(n + 1):
        result = appropriateness(counts_of(*[9] * (n - outside), *[5] * outside))
        if result.band == "high":
            assert result.classic_agreement == (outside <= agree)
        split = appropriateness(counts_of(*[1] * outside, *[9] * (n - outside)))
        assert split.classic_disagreement == (min(outside, n - outside) >= disagree)


@pytest.mark.parametrize("n", [7, 26])
def test_no_table_no_classic_rule(n: int) -> None:
    result = appropriateness(counts_of(*[9] * n))
    assert result.classic_agreement is None
    assert result.classic_disagreement is None


@given(answers=st.lists(st.integers(1, 9), min_size=1, max_size=25), rule=st.sampled_from(["weibull", "linear"]))
def test_percentiles_equal_numpy_and_the_index_is_the_same_upside_down(answers: list[int], rule: str) -> None:
    result = appropriateness(counts_of(*answers), percentile=rule)
    assert [float(result.p30), float(result.p70)] == pytest.approx(
        np.percentile(answers, [30, 70], method=rule).tolist()
    )
    turned = appropriateness(counts_of(*(10 - each for each in answers)), percentile=rule)
    assert turned.di == result.di
    assert turned.disagreement == result.disagreement


@pytest.mark.parametrize("counts", [[0] * 9, [1] * 8, [-1, *[1] * 8]])
def test_counts_that_are_no_panel_are_refused(counts: list[int]) -> None:
    with pytest.raises(StatisticError, match="nine counts"):
        appropriateness(counts)


@pytest.mark.parametrize("wrong", [{"percentile": "median"}, {"at_equality": "maybe"}])
def test_an_unknown_rule_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(StatisticError, match=next(iter(wrong))):
        appropriateness(counts_of(5), **wrong)


def test_a_question_nobody_answered_has_no_index() -> None:
    results = rand_ucla(summarise(a_panel([7, 8], [NOT_JUDGED, NOT_JUDGED])))
    assert results[0].n == 2
    assert results[1] is None


# Consensus


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


# Kendall's W

ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]


def test_four_judges_of_five_projects() -> None:
    result = kendall_w([[1, 3, 2, 5, 4], [2, 1, 3, 4, 5], [3, 1, 2, 5, 4], [3, 2, 1, 4, 5]], fewest=2)
    assert result.exact == Fraction(122 * 12, 16 * 120)
    assert (result.w, round(result.chi2, 1), round(result.p_value(), 4)) == (0.7625, 12.2, 0.0159)


def test_three_raters_with_many_ties() -> None:
    result = kendall_w(ANXIETY, fewest=3)
    assert round(result.w, 6) == 0.539657
    assert round(result.uncorrected, 6) == 0.501921
    assert round(result.chi2, 6) == 30.760442
    assert (result.df, round(result.p_value(), 6)) == (19, 0.042883)


@given(
    rows=st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=5, max_size=9),
)
def test_w_is_friedmans_statistic_and_does_not_mind_direction(rows: list[list[int]]) -> None:
    assume(any(len(set(row)) > 1 for row in rows))
    result = kendall_w(rows)
    statistic, p = friedmanchisquare(*np.array(rows).T)
    assert result.chi2 == pytest.approx(statistic, abs=1e-9)
    assert result.p_value() == pytest.approx(p, abs=1e-9)
    assert kendall_w([[9 - each for each in row] for row in rows]).exact == result.exact
    assert 0 <= result.w <= 1


def test_only_raters_without_a_gap_are_counted() -> None:
    ranks = [[1, 2, 3]] * 5 + [[3, 0, 1]]
    result = kendall_w(Profile(ranks=ranks, items=list("abc"), unranked="last"))
    assert (result.raters, result.left_out, result.w) == (5, 1, 1.0)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([[1, 2]] * 4, "needs 5 people who put everything in order; there are 4"),
        ([[1, 2]] * 4 + [[1, NOT_JUDGED]], "there are 4"),
        ([[1]] * 5, "two things"),
        ([[3, 3]] * 5, "everything level"),
        ([1, 2, 3], "must have shape"),
        (Profile(ranks=[[1, 2]] * 5, weights=[2] * 5, items=["a", "b"], unranked="last"), "not for weights"),
    ],
)
def test_w_is_refused_where_it_says_nothing(answers: object, reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        kendall_w(answers)


def test_twenty_people_who_all_answer_eight_or_nine_have_hardly_any_concordance() -> None:
    """Why W is for rankings only: near agreement in ratings looks like none."""
    rng = np.random.default_rng(20)
    assert kendall_w(rng.integers(8, 10, (20, 10))).w < 0.15
