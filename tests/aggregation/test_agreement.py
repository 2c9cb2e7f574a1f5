"""Agreement by shape, ladders of consistency, and concordance with gaps: printed numbers, definitions, invariants."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import log2

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from aggregation import Profile, Ratings, StatisticError
from aggregation.delphi import (
    FIVE,
    Scale,
    Tally,
    average_majority,
    consistency,
    kendall_w,
    kendall_w_missing,
    summarise,
    tastle_wierman,
    van_der_eijk,
)
from tests.aggregation.strategies import NOT_JUDGED, a_panel

COUNTS = st.lists(st.integers(0, 12), min_size=3, max_size=9)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([5, 0, 0, 0, 5], 0),
        ([0, 0, 10, 0, 0], 1),
        ([10, 0, 0, 0, 0], 1),
        ([0, 0, 5, 5, 0], 0.807355),
        ([1, 1, 1, 1, 1], 0.433985),
        ([30, 40, 210, 130, 530, 50, 10], 0.725688),
    ],
)
def test_consensus_of_known_shapes(shares: list[int], expected: float) -> None:
    assert tastle_wierman([shares]).round(6).tolist() == [expected]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([30, 40, 210, 130, 530, 50, 10], 0.611333),
        ([50, 0, 0, 0, 50], -1),
        ([20, 20, 20, 20, 20], 0),
        ([0, 0, 100, 0, 0], 1),
    ],
)
def test_agreement_of_known_shapes(counts: list[int], expected: float) -> None:
    assert van_der_eijk([counts]).round(6).tolist() == [expected]


@pytest.mark.parametrize(
    ("shares", "printed"),
    [([24, 28, 32, 62, 135, 304, 416], 0.61), ([16, 26, 82, 210, 293, 270, 103], 0.48), ([2, 0, 1, 1], 0.08)],
)
def test_agreement_on_where_two_parties_stand_is_what_its_author_found(shares: list[int], printed: float) -> None:
    assert van_der_eijk([shares]).round(2).tolist() == [printed]


@given(counts=COUNTS)
def test_consensus_is_its_formula(counts: list[int]) -> None:
    assume(any(counts))
    n, last = sum(counts), len(counts) - 1
    mean = sum(place * count for place, count in enumerate(counts)) / n
    terms = [c / n * log2(1 - abs(place - mean) / last) for place, c in enumerate(counts) if c]
    assert tastle_wierman([counts])[0] == pytest.approx(1 + sum(terms), abs=1e-12)


@given(counts=COUNTS)
def test_agreement_is_its_definition_layer_by_layer(counts: list[int]) -> None:
    """The same in fractions, one layer and one triple at a time."""
    assume(any(counts))
    left, total = list(counts), Fraction(0)
    while any(left):
        height = min(count for count in left if count)
        layer = [count > 0 for count in left]
        total += height * sum(layer) * of_a_layer(layer)
        left = [count - height * chosen for count, chosen in zip(left, layer, strict=True)]
    assert van_der_eijk([counts])[0] == pytest.approx(float(total / sum(counts)), abs=1e-12)


def of_a_layer(layer: list[bool]) -> Fraction:
    k, triples = len(layer), list(combinations(layer, 3))
    if sum(layer) == 1:
        return Fraction(1)
    one = sum(triple in ((True, True, False), (False, True, True)) for triple in triples)
    two = sum(triple == (True, False, True) for triple in triples)
    if not one + two:
        return Fraction(0)
    peaked = Fraction((k - 2) * one - (k - 1) * two, (k - 2) * (one + two))
    return peaked * (1 - Fraction(sum(layer) - 1, k - 1))


@pytest.mark.parametrize("measure", [tastle_wierman, van_der_eijk])
@given(rows=st.integers(3, 9).flatmap(lambda k: st.lists(st.tuples(*[st.integers(0, 9)] * k), min_size=1, max_size=4)))
def test_neither_direction_nor_number_of_people_nor_company_matters(measure, rows) -> None:
    together = measure(rows)
    np.testing.assert_allclose(measure([row[::-1] for row in rows]), together, atol=1e-12)
    np.testing.assert_allclose(measure([[3 * count for count in row] for row in rows]), together, atol=1e-12)
    np.testing.assert_array_equal([measure([row])[0] for row in rows], together)
    assert np.isnan(together).tolist() == [not any(row) for row in rows]


def test_points_that_do_not_lie_evenly_are_measured_where_they_lie() -> None:
    uneven = Scale(points=(0, 1, 10), low=(0,), high=(10,))
    assert tastle_wierman([[0, 4, 4]], uneven)[0] < tastle_wierman([[0, 4, 4]])[0]
    assert tastle_wierman([[1, 2, 3, 2, 1]], FIVE)[0] == tastle_wierman([[1, 2, 3, 2, 1]])[0]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: tastle_wierman([1, 2, 3]), "must have shape"),
        (lambda: tastle_wierman([[1]]), "2 points or more"),
        (lambda: tastle_wierman([[1, 2]], FIVE), "2 points a row, the scale 5"),
        (lambda: tastle_wierman([[0.5, 0.5]]), "numbers of people"),
        (lambda: van_der_eijk([[1, 2]]), "3 points or more"),
        (lambda: van_der_eijk([[1, -1, 2]]), "numbers of people"),
    ],
)
def test_what_is_no_histogram_is_refused(call, reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        call()


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ([7, 8, 9, 9, 7], "perfect"),
        ([6, 7, 7, 8, 9], "very good"),
        ([6, 6, 7, 8, 9], "very good"),
        ([5, 7, 7, 8, 9], "good"),
        ([5, 5, 7, 7, 7], "good"),
        ([1, 2, 7, 7, 7, 7, 7, 9, 9], "very good"),
        ([1, 1, 7, 7, 7, 7, 7, 7, 4], "good"),
        ([3, 4, 6, 8, 9], "some"),
        ([2, 6, 7, 7, 8], "very good"),  # 80 % within 1
        ([4, 6, 7, 9], "good"),  # 50 % within 1
        ([4, 4, 6, 8, 9], "good"),  # 80 % within 2
        ([1, 5, 8, 9], "some"),  # 50 % within 2
        ([2, 2, 5, 8, 9], "some"),  # 80 % within 3
        ([1, 2, 5, 8, 9], "none"),
        ([1, 1, 1, 1, 1], "none"),
        ([2, 3, 3, 3, 9], "none"),
    ],
)
def test_the_steps_of_the_ladder(answers: list[float], word: str) -> None:
    assert consistency(summarise(a_panel(answers))) == (word,)


def test_the_ladder_says_nothing_where_nobody_answered_and_is_for_nine_points() -> None:
    assert consistency(summarise(a_panel([NOT_JUDGED, NOT_JUDGED], [8, 9]))) == (None, "perfect")
    with pytest.raises(StatisticError, match="1 to 9"):
        consistency(summarise(a_panel([4, 5]), FIVE))


def test_half_is_no_majority() -> None:
    assert average_majority(summarise(a_panel([8, 8, 2, 2], [8, 8, 8, 2]))) == Tally(3, 8)
    assert average_majority(summarise(a_panel([NOT_JUDGED], [5]))) == Tally(0, 1)


GAPPY = st.integers(3, 6).flatmap(
    lambda m: st.lists(
        st.lists(st.one_of(st.integers(1, 6), st.just(NOT_JUDGED)), min_size=m, max_size=m), min_size=5, max_size=9
    )
)


@given(rows=GAPPY)
def test_concordance_with_gaps_is_the_mean_correlation_of_pairs(rows: list[list[float]]) -> None:
    """Each pair by SciPy over what both ordered, a pair without a correlation counting 0."""
    able = [row for row in np.array(rows) if (~np.isnan(row)).sum() > 1]
    weighted, weights = 0.0, 0
    for one, other in combinations(able, 2):
        shared = ~np.isnan(one) & ~np.isnan(other)
        if shared.sum() > 1:
            level = np.ptp(one[shared]) == 0 or np.ptp(other[shared]) == 0
            rho = 0.0 if level else spearmanr(one[shared], other[shared]).statistic
            weighted, weights = weighted + (shared.sum() - 1) * rho, weights + shared.sum() - 1
    per_item = (~np.isnan(able)).sum() / len(rows[0]) if able else 0
    if len(able) < 2 or per_item <= 1 or not weights:
        with pytest.raises(StatisticError):
            kendall_w_missing(rows, fewest=2)
        return
    result = kendall_w_missing(rows, fewest=2)
    rho = weighted / weights
    assert (result.raters, result.left_out) == (len(able), len(rows) - len(able))
    assert result.raters_per_item == pytest.approx(per_item)
    assert result.rho == pytest.approx(rho, abs=1e-12)
    assert result.w == pytest.approx((1 + rho * (per_item - 1)) / per_item, abs=1e-12)


@given(rows=st.lists(st.permutations(range(5)), min_size=5, max_size=9))
def test_without_gaps_and_ties_it_is_kendalls_w(rows: list[list[int]]) -> None:
    assert kendall_w_missing(rows).w == pytest.approx(kendall_w(rows).w, abs=1e-12)


def test_people_who_never_contradict_each_other_agree_wholly_however_little_each_ordered() -> None:
    rng = np.random.default_rng(3)
    rows = np.tile(np.arange(12.0), (20, 1))
    rows[rng.random(rows.shape) < 0.6] = NOT_JUDGED
    assert kendall_w_missing(rows).w == pytest.approx(1)


def test_blocks_of_people_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    rows = rng.integers(1, 6, (23, 7)).astype(float)
    rows[rng.random(rows.shape) < 0.2] = NOT_JUDGED
    whole = kendall_w_missing(rows)
    monkeypatch.setattr("aggregation.delphi.concordance_missing.BLOCK", 5)
    blocks = kendall_w_missing(rows)
    assert blocks.w == pytest.approx(whole.w, abs=1e-12)
    assert (blocks.level_pairs, blocks.raters) == (whole.level_pairs, whole.raters)


def test_whoever_puts_all_level_counts_as_nothing_and_is_told() -> None:
    result = kendall_w_missing([[1, 2, 3]] * 5 + [[2, 2, 2]])
    assert (result.level_pairs, round(result.rho, 6)) == (5, round(10 / 15, 6))


def test_a_pair_that_shares_one_thing_is_no_pair() -> None:
    result = kendall_w_missing([[1, 2, NOT_JUDGED], [1, 2, NOT_JUDGED], [NOT_JUDGED, 1, 2]], fewest=2)
    assert (result.level_pairs, result.rho) == (0, 1)


def test_ranks_and_scores_say_the_same_whichever_way_up() -> None:
    ranks = [[1, 2, 3, 4], [1, 3, 0, 2], [2, 1, 3, 0], [1, 2, 4, 3], [0, 1, 2, 3]]
    profile = Profile(ranks=ranks, items=list("abcd"), unranked="absent")
    scores = [[9 - rank if rank else NOT_JUDGED for rank in row] for row in ranks]
    assert kendall_w_missing(profile).w == pytest.approx(kendall_w_missing(scores).w, abs=1e-12)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([[1, 2]] * 4, "needs 5 people who ordered two things; there are 4"),
        ([[1, NOT_JUDGED]] * 9, "there are 0"),
        ([[1, 2, NOT_JUDGED, NOT_JUDGED]] * 2, "more than one person"),
        ([[1, 2, NOT_JUDGED], [NOT_JUDGED, 1, 2], [1, NOT_JUDGED, 2]], "no two people"),
        ([1, 2, 3], "must have shape"),
        (Profile(ranks=[[1, 2]] * 5, weights=[2] * 5, items=["a", "b"], unranked="last"), "not for weights"),
    ],
)
def test_concordance_with_gaps_is_refused_where_it_says_nothing(answers: object, reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        kendall_w_missing(answers, fewest=5 if "needs 5" in reason else 2)


def test_cannot_judge_is_in_no_measure() -> None:
    silent = Ratings(values=[[8], [9], [8], [NOT_JUDGED]], items=["a"], cannot_judge=[[False]] * 3 + [[True]])
    heard = Ratings(values=[[8], [9], [8]], items=["a"])
    for measure in (tastle_wierman, van_der_eijk):
        assert measure(summarise(silent).histogram) == measure(summarise(heard).histogram)
    assert consistency(summarise(silent)) == consistency(summarise(heard))
    assert average_majority(summarise(silent)) == average_majority(summarise(heard))
