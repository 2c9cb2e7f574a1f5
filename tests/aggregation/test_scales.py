"""Scales, and the summary of ratings on each of them, against NumPy, SciPy and their invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation, variation

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import CHNRI, FIVE, NINE, SCALES, Scale, Tally, rand_ucla, summarise
from tests.aggregation.strategies import NOT_JUDGED, a_panel

UNEVEN = Scale(points=(0, 1, 3, 10), low=(0,), high=(3, 10))


@st.composite
def rated(draw: st.DrawFn, people: st.SearchStrategy[int] | None = None) -> tuple[Scale, Ratings]:
    """A scale, and what one to twelve people answered to one to three questions on it, with gaps."""
    scale = draw(st.sampled_from([*SCALES.values(), UNEVEN]))
    n, m = draw(people or st.integers(1, 12)), draw(st.integers(1, 3))
    cell = st.sampled_from([*scale.points, NOT_JUDGED])
    values = draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n))
    return scale, Ratings(values=values, items=[f"q{i}" for i in range(m)])


@given(rated=rated())
def test_a_summary_equals_numpy_and_scipy_on_every_scale(rated: tuple[Scale, Ratings]) -> None:
    scale, ratings = rated
    summary = summarise(ratings, scale)
    for i, column in enumerate(ratings.values.T):
        valid = column[~np.isnan(column)]
        assert summary.histogram[i].tolist() == [(valid == point).sum() for point in scale.points]
        assert summary.low_of(i) == Tally(int(np.isin(valid, scale.low).sum()), len(valid))
        assert summary.high_of(i) == Tally(int(np.isin(valid, scale.high).sum()), len(valid))
        if not len(valid):
            assert np.isnan([summary.mad[i], summary.sd[i], summary.cv[i], summary.iqr[i]]).all()
            continue
        assert summary.median[i] == np.median(valid)
        assert summary.iqr[i] == pytest.approx(np.subtract(*np.percentile(valid, [75, 25])), abs=1e-12)
        assert summary.mad[i] == pytest.approx(median_abs_deviation(valid), abs=1e-12)
        if len(valid) == 1:
            assert np.isnan(summary.sd[i])
        else:
            assert summary.sd[i] == pytest.approx(np.std(valid, ddof=1), abs=1e-12)
        if len(valid) > 1 and valid.any():
            assert summary.cv[i] == pytest.approx(variation(valid, ddof=1), abs=1e-12)
        else:
            assert np.isnan(summary.cv[i])


@pytest.mark.parametrize("answer", [1, 5, 9])
def test_people_who_all_say_the_same_are_not_spread_at_all(answer: int) -> None:
    summary = summarise(a_panel([answer] * 7))
    assert (summary.sd[0], summary.cv[0], summary.mad[0], summary.iqr[0]) == (0, 0, 0, 0)


def test_the_variation_of_two_rounds_of_ten() -> None:
    """Two published-style rounds: sd over mean, with n - 1."""
    summary = summarise(a_panel([7, 8, 5, 9, 6, 7, 3, 8, 7, 6], [7, 8, 6, 9, 7, 7, 5, 8, 8, 7]))
    assert summary.cv.round(5).tolist() == [0.2595, 0.15768]


@given(rated=rated(), times=st.integers(2, 4))
def test_many_panels_that_answer_alike_have_its_middle_and_its_spread(rated: tuple[Scale, Ratings], times: int) -> None:
    scale, ratings = rated
    once = summarise(ratings, scale)
    many = summarise(Ratings(values=np.tile(ratings.values, (times, 1)), items=ratings.items), scale)
    assert (many.histogram == times * once.histogram).all()
    for name in ("median", "mad", "mean", "minimum", "maximum"):
        np.testing.assert_allclose(getattr(many, name), getattr(once, name), atol=1e-12)


@given(rated=rated(), data=st.data())
def test_the_order_of_people_and_questions_does_not_matter(rated: tuple[Scale, Ratings], data: st.DataObject) -> None:
    scale, ratings = rated
    people = data.draw(st.permutations(range(ratings.n_people)))
    questions = data.draw(st.permutations(range(ratings.n_items)))
    shuffled = Ratings(values=ratings.values[people][:, questions], items=[ratings.items[i] for i in questions])
    before, after = summarise(ratings, scale), summarise(shuffled, scale)
    for name in ("n", "missing", "histogram", "median", "q1", "q3", "mean", "mad", "sd", "cv", "low", "high"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name)[questions])


@given(values=st.lists(st.one_of(st.integers(1, 9), st.just(NOT_JUDGED)), min_size=1, max_size=15))
def test_turning_the_scale_turns_low_into_high_and_keeps_the_spread(values: list[float]) -> None:
    before, after = summarise(a_panel(values)), summarise(a_panel([10 - value for value in values]))
    assert (after.low[0], after.high[0]) == (before.high[0], before.low[0])
    for name in ("mad", "sd", "iqr"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


@pytest.mark.parametrize(
    ("scale", "bands"),
    [(NINE, [0, 0, 0, 1, 1, 1, 2, 2, 2]), (FIVE, [0, 0, 1, 2, 2]), (CHNRI, [0, 1, 2]), (UNEVEN, [0, 1, 2, 2])],
)
def test_every_point_is_in_a_band(scale: Scale, bands: list[int]) -> None:
    assert scale.bands.tolist() == bands
    assert scale.places(a_panel([*scale.points, NOT_JUDGED]))[:, 0].tolist() == [*range(len(bands)), -1]


@pytest.mark.parametrize("wrong", [0, 6, 1.5, -3, 1e300])
def test_an_answer_the_scale_has_not_is_refused_with_its_place(wrong: float) -> None:
    with pytest.raises(RatingsError, match=r"`values`\[1, 0\] \('q0'\) is .*; this statistic is for whole numbers"):
        summarise(a_panel([1, wrong]), FIVE)


def test_a_scale_is_told_in_words() -> None:
    assert str(UNEVEN) == "the answers 0, 1, 3, 10"


@pytest.mark.parametrize(
    ("points", "low", "high"),
    [
        ((1,), (1,), (1,)),
        ((1, 1, 2), (1,), (2,)),
        ((2, 1), (2,), (1,)),
        ((1, 2, float("nan")), (1,), (2,)),
        ((1, 2, float("inf")), (1,), (2,)),
        ((1, 2, 3), (2,), (3,)),
        ((1, 2, 3), (1,), (2,)),
        ((1, 2, 3), (1, 2), (2, 3)),
        ((1, 2, 3), (), (3,)),
        ((1, 2, 3), (1,), ()),
    ],
)
def test_points_and_bands_that_make_no_scale_are_refused(
    points: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...]
) -> None:
    with pytest.raises(StatisticError):
        Scale(points, low, high)


def test_one_person_is_a_share_and_nobody_is_none() -> None:
    assert Tally(0, 1).below(15)
    assert Tally(1, 1).at_least(100)
    assert not Tally(0, 0).below(100)


@pytest.mark.parametrize("points", [(0.53, 1.23, 1.93, 2.63), (-0.26, 0.20999999999999996, 0.6799999999999999, 1.15)])
def test_even_steps_that_binary_numbers_cannot_hold_are_points_all_the_same(points: tuple[float, ...]) -> None:
    scale = Scale(points, points[:1], points[-1:])
    assert scale.places(a_panel([*points, NOT_JUDGED]))[:, 0].tolist() == [*range(len(points)), -1]


def test_a_scale_of_two_points_has_no_middle() -> None:
    assert Scale((0, 1), (0,), (1,)).bands.tolist() == [0, 2]


def test_appropriateness_is_for_nine_points_only() -> None:
    with pytest.raises(StatisticError, match="from 1 to 9"):
        rand_ucla(summarise(a_panel([4, 5]), FIVE))
