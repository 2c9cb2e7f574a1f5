"""The RAND/UCLA method: the published panel and tables, NumPy's percentiles, and where its two rules differ."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import StatisticError
from aggregation.delphi import (
    appropriateness,
    rand_ucla,
    summarise,
)
from tests.aggregation.strategies import NOT_JUDGED, a_panel, all_panels


def counts_of(*answers: int) -> list[int]:
    return [answers.count(point) for point in range(1, 10)]


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
