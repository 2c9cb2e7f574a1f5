"""Differences between parts of a panel, against pairs counted one by one and SciPy, and against their invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import CHNRI, FIVE, holm, kruskal_wallis, mann_whitney, superiority
from tests.aggregation.strategies import NOT_JUDGED, a_panel

A, B, C = [9, 8, 7, 8, 9, 6, 8], [5, 6, 7, 4, 6, 7], [7, 8, 7, 9]
ANSWERS = st.lists(st.integers(0, 9).map(lambda cell: float(cell) if cell else NOT_JUDGED), min_size=1, max_size=12)


def given_answers(part: list[float]) -> np.ndarray:
    return np.array([each for each in part if not np.isnan(each)])


def turned(part: list[float]) -> Ratings:
    return a_panel([10 - each for each in part])


def test_the_example_of_the_methods() -> None:
    found = superiority(a_panel(A), a_panel(B))
    assert found.delta[0] == pytest.approx(0.809524, abs=5e-7)
    assert found.probability[0] == pytest.approx(0.904762, abs=5e-7)
    test = mann_whitney(a_panel(A), a_panel(B))
    assert (test.statistic[0], round(test.p[0], 6)) == (38, 0.016377)
    three = kruskal_wallis([a_panel(each) for each in (A, B, C)])
    assert (round(three.statistic[0], 6), round(three.p[0], 6)) == (7.751377, 0.020740)


@given(one=ANSWERS, other=ANSWERS)
def test_delta_is_the_count_over_all_pairs(one: list[float], other: list[float]) -> None:
    found = superiority(a_panel(one), a_panel(other))
    x, y = given_answers(one), given_answers(other)
    assert (found.n_one[0], found.n_other[0]) == (len(x), len(y))
    expected = np.sign(x[:, None] - y).mean() if len(x) and len(y) else np.nan
    assert found.delta[0] == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert found.probability[0] == pytest.approx((expected + 1) / 2, abs=1e-12, nan_ok=True)


@given(one=ANSWERS, other=ANSWERS)
def test_the_other_way_round_and_on_the_turned_scale_the_sign_turns(one: list[float], other: list[float]) -> None:
    delta = superiority(a_panel(one), a_panel(other)).delta
    np.testing.assert_allclose(superiority(a_panel(other), a_panel(one)).delta, -delta)
    np.testing.assert_allclose(superiority(turned(one), turned(other)).delta, -delta)
    np.testing.assert_allclose(superiority(a_panel(one * 3), a_panel(other)).delta, delta)
    p = mann_whitney(a_panel(one), a_panel(other)).p
    np.testing.assert_allclose(mann_whitney(turned(one), turned(other)).p, p)
    np.testing.assert_allclose(mann_whitney(a_panel(other), a_panel(one)).p, p)


@given(one=ANSWERS, other=ANSWERS)
def test_mann_whitney_is_scipys(one: list[float], other: list[float]) -> None:
    found = mann_whitney(a_panel(one), a_panel(other))
    x, y = given_answers(one), given_answers(other)
    if not len(x) or not len(y):
        assert np.isnan(found.p[0])
        return
    if len({*x, *y}) == 1:
        assert np.isnan(found.p[0])
        return
    theirs = stats.mannwhitneyu(x, y, method="asymptotic")
    assert found.statistic[0] == theirs.statistic
    assert found.p[0] == pytest.approx(theirs.pvalue, abs=1e-12)


@given(parts=st.lists(ANSWERS, min_size=2, max_size=5))
def test_kruskal_wallis_is_scipys(parts: list[list[float]]) -> None:
    found = kruskal_wallis([a_panel(part) for part in parts])
    answers = [given_answers(part) for part in parts]
    if not all(map(len, answers)) or len({*np.concatenate(answers)}) == 1:
        assert np.isnan([found.statistic[0], found.p[0]]).all()
        return
    theirs = stats.kruskal(*answers)
    assert found.statistic[0] == pytest.approx(theirs.statistic, abs=1e-9)
    assert found.p[0] == pytest.approx(theirs.pvalue, abs=1e-9)


def test_questions_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.integers(1, 10, (5, 9)).astype(float), rng.integers(1, 10, (5, 14)).astype(float)
    one[2, :4] = np.nan
    together = superiority(a_panel(*one), a_panel(*other))
    alone = [superiority(a_panel(x), a_panel(y)).delta[0] for x, y in zip(one, other, strict=True)]
    np.testing.assert_array_equal(together.delta, alone)
    assert together.n_one.tolist() == [9, 9, 5, 9, 9]


def test_the_interval_is_that_of_people_drawn_one_by_one() -> None:
    """The panels are drawn as histograms; drawing the people themselves gives the same interval but for chance."""
    rng = np.random.default_rng(2)
    x, y = rng.integers(3, 10, 25), rng.integers(1, 9, 18)
    found = superiority(a_panel(x), a_panel(y), draws=20_000, seed=1)
    drawn = [np.sign(rng.choice(x, 25)[:, None] - rng.choice(y, 18)).mean() for _ in range(4000)]
    assert (found.low[0], found.high[0]) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.03)
    assert found.probability_low[0] == pytest.approx((found.low[0] + 1) / 2)
    assert found.probability_high[0] == pytest.approx((found.high[0] + 1) / 2)


@pytest.mark.slow
def test_the_interval_holds_no_difference_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.integers(1, 10, (400, 15)).astype(float), rng.integers(1, 10, (400, 12)).astype(float)
    found = superiority(a_panel(*one), a_panel(*other), draws=1000, seed=1)
    assert 0.9 <= ((found.low <= 0) & (found.high >= 0)).mean() <= 0.97


def test_where_all_panels_drawn_agree_or_one_person_answered_there_is_no_interval() -> None:
    found = superiority(a_panel([9, 9, 9], [9, NOT_JUDGED, NOT_JUDGED]), a_panel([1, 2], [1, 2]), draws=200, seed=1)
    assert found.delta.tolist() == [1, 1]
    assert np.isnan([*found.low, *found.high]).all()


def test_other_scales_are_compared_by_their_order() -> None:
    assert superiority(a_panel([5, 4]), a_panel([1, 4]), scale=FIVE).delta[0] == 0.75
    assert superiority(a_panel([1, 0.5]), a_panel([0, 0.5]), scale=CHNRI).delta[0] == 0.75
    assert mann_whitney(a_panel([1, 0.5]), a_panel([0, 0.5]), scale=CHNRI).statistic[0] == 3.5
    assert kruskal_wallis([a_panel([1, 0.5]), a_panel([0, 0.5])], scale=CHNRI).statistic[0] == pytest.approx(
        stats.kruskal([1, 0.5], [0, 0.5]).statistic
    )


@given(p=st.lists(st.floats(0, 1) | st.just(NOT_JUDGED), max_size=8))
def test_holm_is_the_largest_step_up_to_each(p: list[float]) -> None:
    found = holm(p)
    asked = sorted(each for each in p if not np.isnan(each))
    for value, adjusted in zip(p, found, strict=True):
        if np.isnan(value):
            assert np.isnan(adjusted)
            continue
        steps = [(len(asked) - rank) * each for rank, each in enumerate(asked) if each <= value]
        assert adjusted == pytest.approx(min(1, max(steps)))


def test_holm_keeps_the_shape_and_refuses_what_is_no_probability() -> None:
    np.testing.assert_allclose(holm([[0.01, 0.02], [0.03, 1.0]]), [[0.04, 0.06], [0.06, 1.0]])
    for wrong in (-0.1, 1.1):
        with pytest.raises(StatisticError):
            holm([wrong])


def test_what_makes_no_sense_is_refused() -> None:
    one, other = a_panel([7, 8]), Ratings(values=[[7]], items=["other"])
    for compare in (superiority, mann_whitney):
        with pytest.raises(RatingsError, match="same questions"):
            compare(one, other)
    with pytest.raises(RatingsError, match="same questions"):
        kruskal_wallis([one, other])
    with pytest.raises(StatisticError, match="two or more"):
        kruskal_wallis([one])
    with pytest.raises(RatingsError, match="is 10"):
        superiority(one, a_panel([10]))
    with pytest.raises(StatisticError, match="seed"):
        superiority(one, one, draws=10)
    with pytest.raises(StatisticError, match="confidence"):
        superiority(one, one, confidence=1.5)
