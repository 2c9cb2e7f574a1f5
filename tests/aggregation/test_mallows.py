"""The Mallows model: the most likely centre and dispersion by brute force, and what they rest on."""

from __future__ import annotations

from itertools import combinations, permutations
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from aggregation import Profile, rank
from aggregation.methods.mallows import dispersion, expected_distance


def distance(order: tuple[int, ...], centre: tuple[int, ...]) -> int:
    return sum(order.index(b) < order.index(a) for a, b in combinations(centre, 2))


@settings(deadline=None, max_examples=15)
@given(st.lists(st.permutations(range(4)), min_size=2, max_size=9))
def test_mallows_is_the_most_likely_of_all_centres_and_dispersions(orders: list[list[int]]) -> None:
    ranking = rank(
        Profile.from_orders([["abcd"[i] for i in order] for order in orders], "abcd", unranked="last"), "mallows"
    )
    every = list(permutations(range(4)))
    from_first = [distance(order, every[0]) for order in every]

    def loss(theta: float, centre: tuple[int, ...]) -> float:
        spread = log(sum(exp(-theta * d) for d in from_first))
        return sum(theta * distance(tuple(order), centre) + spread for order in orders)

    found = {
        c: minimize_scalar(loss, bounds=(0, 8), args=(c,), method="bounded", options={"xatol": 1e-9}) for c in every
    }
    best = min(found.values(), key=lambda result: result.fun)
    theta = ranking.diagnostics["theta"]
    if ranking.diagnostics["mean_distance"] == 0:
        assert theta is None
        return
    assert ranking.diagnostics["exact_theta"]
    assert theta == pytest.approx(best.x, abs=1e-4)
    centre = tuple("abcd".index(item) for tier in ranking.tiers for item in tier)
    assert loss(theta, centre) <= best.fun + 1e-9


def test_mallows_has_kemenys_tiers_and_says_what_its_dispersion_rests_on() -> None:
    ballots = Profile.from_orders(["abc", "ab", "c", [("a", "b"), "c"]], unranked="absent")
    mallows, kemeny = rank(ballots, "mallows"), rank(ballots, "kemeny")
    assert mallows.tiers == kemeny.tiers
    # Three pairs, one and none, and two beside a tie: 6 of 12, none of them the other way round.
    assert mallows.diagnostics["compared"] == 0.5
    assert mallows.diagnostics["theta"] is None
    assert not mallows.diagnostics["exact_theta"]
    assert all(mallows.diagnostics[name] == kemeny.diagnostics[name] for name in ("cost", "optimal", "lower_bound"))


def test_dispersion_is_none_of_agreement_none_of_order_and_exact_near_both() -> None:
    assert dispersion(0.0, 5) is None
    assert dispersion(5.0, 5) == 0
    every = list(permutations(range(5)))
    for theta in (1e-5, 1e-3, 0.3, 2.0, 9.0):
        weights = [exp(-theta * distance(order, every[0])) for order in every]
        mean = sum(w * distance(order, every[0]) for w, order in zip(weights, every, strict=True)) / sum(weights)
        assert dispersion(mean, 5) == pytest.approx(theta, rel=1e-6)
        if theta >= 1e-3:
            assert expected_distance(theta, 5) == pytest.approx(mean, rel=1e-9)
