"""Panels that might as well have answered: how they are drawn, their places, and means with their errors."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation import (
    METHODS,
    Profile,
    StatisticError,
    rank,
    rank_intervals,
)
from aggregation.uncertainty.bootstrap import _computation, _panel
from aggregation.uncertainty.mean_scores import MEAN_METHODS, mean_scores
from aggregation.uncertainty.mrsw import spread_of_differences
from aggregation.uncertainty.people import BAYESIAN_TOTAL, Side, panels, sides_of
from tests.aggregation.strategies import panel_of, profiles, sides_or_skip

# Every computation that serves many panels at once, with the parameters that change it.
TOGETHER: list[tuple[str, dict[str, Any]]] = [
    ("borda", {}),
    ("dowdall", {}),
    ("plurality", {}),
    ("approval", {"k": 2}),
    ("positional", {"vector": "5,3,1/3"}),
    ("copeland", {}),
    ("schulze", {}),
    ("schulze", {"strength": "winning"}),
    ("jla", {"k": 2}),
    ("jla", {"k": 3, "rescore": "top10"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "parameters"), TOGETHER)
@settings(max_examples=25)
@given(profile=profiles())
def test_many_panels_at_once_give_the_places_of_each_panel_by_itself(
    profile: Profile, method: str, parameters: dict[str, Any]
) -> None:
    sides = sides_or_skip(profile)
    read = METHODS[method].read(parameters)
    for resampling in ("rescaled", "bayesian"):
        compute = _computation(profile, method, read, sides)
        for counts in panels(sides, 6, np.random.default_rng(1), resampling, 1):
            one_by_one = [
                rank(_panel(profile, sides, each), method, **read).ranks for each in zip(*counts, strict=True)
            ]
            assert compute(counts).tolist() == np.array(one_by_one).tolist()


def test_on_a_side_with_few_points_an_item_without_any_has_none_for_its_place_either() -> None:
    """Side s gives points to a and b alone; the others are level at its third place, which counts for nothing."""
    profile = Profile.from_orders(["ab", "ab", "dcbae", "dcbae"], "abcde", unranked="last", sides=["s", "s", "t", "t"])
    sides, parameters = sides_of_two(), {"k": 3, "rescore": "top10"}
    counts = [np.array([[2]]), np.array([[2]])]
    listed = rank(profile, "jla", **parameters)
    assert listed.ranks.tolist() == [1, 1, 4, 1, 5]
    assert _computation(profile, "jla", parameters, sides)(counts)[0].tolist() == listed.ranks.tolist()


def sides_of_two() -> tuple[Side, ...]:
    one = np.array([1])
    return tuple(Side(name, Fraction(1, 2), np.array([row]), 2 * one, one) for name, row in (("s", 0), ("t", 2)))


@pytest.mark.parametrize("unranked", ["last", "absent"])
def test_weights_that_are_no_whole_numbers_are_counted_in_every_panel(unranked: str) -> None:
    profile = Profile.from_orders(
        ["abc", "bca", "cab", "acb", "bac"],
        unranked=unranked,
        weights=[1.5, 0.7, 2.25, 1, 0.3],
        sides=["s", "s", "t", "t", "t"],
    )
    sides = sides_of(profile)
    assert [side.people for side in sides] == [2, 3]
    for method in ("borda", "copeland", "schulze", "jla"):
        compute = _computation(profile, method, {}, sides)
        for counts in panels(sides, 20, np.random.default_rng(4), "rescaled", 1):
            one_by_one = [rank(_panel(profile, sides, each), method).ranks for each in zip(*counts, strict=True)]
            assert compute(counts).tolist() == np.array(one_by_one).tolist()


@settings(max_examples=40)
@given(profile=profiles(), method=st.sampled_from(sorted(MEAN_METHODS)))
def test_a_method_whose_score_is_a_mean_ranks_by_the_mean_of_what_each_ballot_gives(
    profile: Profile, method: str
) -> None:
    sides = sides_or_skip(profile)
    parameters = {"positional": {"vector": "4,2,1"}, "approval": {"k": 2}}.get(method, {})
    read = METHODS[method].read(parameters)
    means = mean_scores(profile, method, read, sides)
    assert means is not None
    listed = rank(profile, method, **read)
    assert means.places([np.array([side.counts * side.scale]) for side in sides])[0].tolist() == listed.ranks.tolist()


def test_the_errors_of_the_means_have_the_covariance_of_a_stratified_sample() -> None:
    profile = panel_of(31)
    sides = sides_of(profile)
    means = mean_scores(profile, "borda", {}, sides)
    assert means is not None
    below = profile.n_items - profile.ranks.astype(float)
    assert profile.strata is not None
    groups = [below[profile.strata == code] for code in (0, 1)]
    expected = sum(np.cov(each.T, ddof=1) / len(each) / 4 for each in groups)
    # Rivals below less rivals above are twice the points, less a constant.
    covariance = sum(each.T @ each for each in means.centred())
    assert np.allclose(covariance, 4 * expected)
    assert np.allclose(means.theta, sum(2 * each.mean(axis=0) - 5 for each in groups) / 2)
    assert np.allclose(np.cov(means.errors(40_000, np.random.default_rng(1)).T), covariance, atol=0.03)
    assert spread_of_differences(covariance)[1, 4] == pytest.approx(
        2 * sum((each[:, 1] - each[:, 4]).var(ddof=1) / len(each) / 4 for each in groups) ** 0.5
    )


def test_the_spread_of_a_pair_is_drawn_toward_that_of_the_others_as_by_two_more_people() -> None:
    profile = Profile.from_orders(["abc", "abc", "acb"], unranked="last")
    means = mean_scores(profile, "borda", {}, sides_of(profile))
    assert means is not None
    # Rivals below less rivals above: a 2, 2, 2; b 0, 0, -2; c -2, -2, 0. Variances of the mean differences, by hand:
    pairs = {(0, 1): 4 / 9, (0, 2): 4 / 9, (1, 2): 16 / 9}
    mean = sum(pairs.values()) / 3
    for (i, j), variance in pairs.items():
        assert means.steadied_spread()[i, j] ** 2 == pytest.approx((2 * variance + 2 * mean) / 4)


def test_degrees_of_freedom_are_those_of_welch() -> None:
    one = Profile.from_orders(["ab", "ab", "ba", "ba", "ba"], unranked="last")
    means = mean_scores(one, "borda", {}, sides_of(one))
    assert means is not None
    assert means.freedom() == pytest.approx(4)
    two = Profile.from_orders(["ab", "ba", "ba", "ab"], unranked="last", sides=["s", "s", "t", "t"])
    means = mean_scores(two, "borda", {}, sides_of(two))
    assert means is not None
    assert means.freedom() == pytest.approx(2)


def test_uneven_weights_leave_the_spread_of_the_mean_right_on_average() -> None:
    # Over all ways to hand the weights out, the estimate is on average the variance of people times the sum of squares.
    weights, orders = [5.5, 1.5, 1.5, 0.5], ["ab", "ab", "ba", "ba"]
    part = np.array(weights) / sum(weights)
    estimates = []
    for handed in permutations(weights):
        profile = Profile.from_orders(orders, "ab", unranked="last", weights=handed)
        means = mean_scores(profile, "borda", {}, sides_of(profile))
        assert means is not None
        moved = means.centred()[0]
        estimates.append((moved.T @ moved)[0, 0])
    assert np.mean(estimates) == pytest.approx(np.var([1, 1, -1, -1], ddof=1) * (part**2).sum())


def test_a_few_who_weigh_much_leave_few_degrees_of_freedom() -> None:
    profile = Profile.from_orders(["ab", "ab", "ba", "ba", "ba"], unranked="last", weights=[2.5, 2.5, 0.5, 0.5, 0.5])
    means = mean_scores(profile, "borda", {}, sides_of(profile))
    assert means is not None
    # Squares of the weights: twice 6.25 and three times .25, of which again the squares.
    assert means.freedom() == pytest.approx(13.25**2 / 78.3125 - 1)


def test_people_whose_weights_are_far_from_even_are_rarely_told_apart_where_all_is_level() -> None:
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng([3, seed])
        ranks = rng.permuted(np.tile(np.arange(1, 7), (20, 1)), axis=1)
        profile = Profile(ranks=ranks, items=list("abcdef"), unranked="last", weights=[10.5] * 3 + [1.5] * 17)
        sets = rank_intervals(profile, k=3, seed=seed, draws=200)
        wrong += bool((sets.simultaneous_lo > 1).any() or (sets.simultaneous_hi < 6).any())
    assert wrong <= 4


def test_a_small_side_that_is_of_one_mind_is_no_proof_that_all_like_them_are() -> None:
    orders = ["abc"] * 9 + ["abc", "bac", "cab", "cba"] * 3
    sides = ["lived"] * 9 + ["staff"] * 12
    with pytest.raises(StatisticError, match="all 9 ballots of the side 'lived' are the same"):
        rank_intervals(Profile.from_orders(orders, unranked="last", sides=sides), seed=1)
    enough = Profile.from_orders(["abc", *orders], unranked="last", sides=["lived", *sides])
    assert rank_intervals(enough, seed=1).diagnostics["people"] == {"lived": 10, "staff": 12}


def test_small_sides_are_drawn_one_person_less_and_then_spread_as_widely_as_they_should() -> None:
    profile = Profile.from_orders(["ab"] * 2 + ["ba"] * 3, unranked="last")
    side = sides_of(profile)
    drawn = np.concatenate([each[0] for each in panels(side, 40_000, np.random.default_rng(1), "rescaled", 1)])
    assert set(drawn.sum(axis=1).tolist()) == {4}
    share = drawn[:, 0] / 4
    assert share.mean() == pytest.approx(0.4, abs=0.005)
    # The unbiased variance of the mean: 0.4 * 0.6 / (5 - 1).
    assert share.var() == pytest.approx(0.06, rel=0.03)
    plain = np.concatenate([each[0] for each in panels(side, 40_000, np.random.default_rng(1), "plain", 1)])
    assert (plain[:, 0] / 5).var() == pytest.approx(0.048, rel=0.03)


def test_the_weights_of_a_bayesian_panel_always_add_up_to_the_same() -> None:
    profile = panel_of(14)
    for counts in panels(sides_of(profile), 50, np.random.default_rng(1), "bayesian", 1):
        assert [set(each.sum(axis=1).tolist()) for each in counts] == [{BAYESIAN_TOTAL}, {BAYESIAN_TOTAL}]
        assert min(each.min() for each in counts) >= 0


def test_many_equal_ballots_are_drawn_as_often_as_people_gave_them() -> None:
    profile = Profile.from_orders(["ab", "ba"], unranked="last", weights=[300, 100])
    drawn = next(panels(sides_of(profile), 4000, np.random.default_rng(1), "rescaled", 1))[0]
    assert set(drawn.sum(axis=1).tolist()) == {400}
    assert drawn[:, 0].mean() == pytest.approx(300, abs=1)
    assert drawn[:, 0].var() == pytest.approx(75, rel=0.1)
