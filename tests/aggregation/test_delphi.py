"""Summaries, proportions and concordance against printed numbers, NumPy and SciPy, and against their invariants."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from aggregation import Profile, Ratings, RatingsError, StatisticError
from aggregation.delphi import (
    Tally,
    kendall_w,
    kendall_w_missing,
    summarise,
    wilson,
)
from tests.aggregation.strategies import NOT_JUDGED, a_panel, panels


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


@given(
    rows=st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=5, max_size=9),
    data=st.data(),
)
def test_concordance_minds_neither_who_is_first_nor_which_thing_is(rows: list[list[int]], data: st.DataObject) -> None:
    assume(any(len(set(row)) > 1 for row in rows))
    people, things = data.draw(st.permutations(range(len(rows)))), data.draw(st.permutations(range(4)))
    shuffled = np.array(rows)[people][:, things]
    assert kendall_w(shuffled).exact == kendall_w(rows).exact
    assert kendall_w_missing(shuffled).w == pytest.approx(kendall_w_missing(rows).w, abs=1e-12)


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
