"""Exact Kemeny against all orders, small blocks against large ones, and what it says when time runs out."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from aggregation import MethodError, Profile, rank
from aggregation.methods import kemeny_cuts, kemeny_subsets
from aggregation.methods.majority import costs_of_moves, excess_of, improved
from aggregation.methods.order_bounds import certificate
from aggregation.methods.order_programme import Cuts, OrderVariables
from aggregation.methods.stopwatch import Stopwatch
from tests.aggregation.strategies import all_best_orders, profiles


def random_margins(n: int, seed: int, largest: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.integers(-largest, largest + 1, (n, n)), 1)
    return upper - upper.T


@given(profile=profiles(items=st.integers(1, 5)))
def test_cost_number_and_common_part_of_the_best_orders(profile: Profile) -> None:
    least, orders = all_best_orders(profile)
    ranking = rank(profile, "kemeny")
    assert Fraction(ranking.diagnostics["exact_cost"]) == least
    assert ranking.diagnostics["n_optimal"] == len(orders)
    assert ranking.diagnostics["optimal"]
    assert ranking.diagnostics["gap"] == 0
    assert tuple(profile.items.index(item) for tier in ranking.tiers for item in tier) in orders
    silent = ranking.diagnostics["uncompared"]
    spoken_of = [tier for tier in ranking.tiers if set(tier) != set(silent)]
    said = {profile.items.index(item) for tier in spoken_of for item in tier}
    orders = [tuple(i for i in order if i in said) for order in orders]
    heads = {n for n in range(1, len(said) + 1) if len({frozenset(order[:n]) for order in orders}) == 1}
    assert set(np.cumsum([len(tier) for tier in spoken_of]).tolist()) == heads


@settings(max_examples=60)
@given(n=st.integers(3, 7), seed=st.integers(0, 10_000), largest=st.integers(1, 4))
def test_cuts_and_subsets_agree(n: int, seed: int, largest: int) -> None:
    """Two algorithms for one rule; blocks of one make the cuts do all the work."""
    margins = random_margins(n, seed, largest)
    by_subsets = kemeny_subsets.solve(margins)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kemeny_subsets, "LARGEST", 1)
        by_cuts = kemeny_cuts.solve(margins, Stopwatch(60))
    assert (by_cuts.excess, by_cuts.bound, by_cuts.ties_complete) == (by_subsets.excess, by_subsets.excess, True)
    assert [set(tier) for tier in by_cuts.tiers] == [set(tier) for tier in by_subsets.tiers]
    assert by_cuts.n_optimal in {None, by_subsets.n_optimal}


@pytest.mark.parametrize("seed", range(4))
def test_twelve_items_by_subsets_are_as_good_as_by_cuts(seed: int) -> None:
    margins = random_margins(12, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kemeny_subsets, "LARGEST", 1)
        by_cuts = kemeny_cuts.solve(margins, Stopwatch(60))
    by_subsets = kemeny_subsets.solve(margins)
    assert by_cuts.excess == by_cuts.bound == by_subsets.excess
    assert [set(tier) for tier in by_cuts.tiers] == [set(tier) for tier in by_subsets.tiers]


@pytest.mark.parametrize("seed", [5, 12, 16, 21])
def test_branch_and_bound_is_as_good_as_one_programme_with_every_cut(seed: int) -> None:
    """Sixteen items without any consensus, where the relaxation alone leaves fractions."""
    margins = random_margins(16, seed, 2)
    found = kemeny_cuts.solve(margins, Stopwatch(60))
    assert found.excess == found.bound == least_excess(margins)
    assert found.ties_complete


def least_excess(margins: np.ndarray) -> int:
    """The whole programme at once: a variable for each ordered pair, a cut for each cycle of three."""
    n = len(margins)
    pairs = list(permutations(range(n), 2))
    column = {pair: i for i, pair in enumerate(pairs)}
    once, cycles = np.zeros((n * (n - 1) // 2, len(pairs))), np.zeros((n * (n - 1) * (n - 2) // 3, len(pairs)))
    for row, (i, j) in enumerate(combinations(range(n), 2)):
        once[row, [column[i, j], column[j, i]]] = 1
    turns = [(i, j, k) for i, j, k in permutations(range(n), 3) if i < min(j, k)]
    for row, (i, j, k) in enumerate(turns):
        cycles[row, [column[i, j], column[j, k], column[k, i]]] = 1
    answer = milp(
        [max(0, margins[j, i]) for i, j in pairs],
        integrality=np.ones(len(pairs), dtype=int),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, 1, 1), LinearConstraint(cycles, -np.inf, 2)],
    )
    return round(answer.fun)


def test_numbers_beyond_64_bits_give_the_same_order() -> None:
    margins = random_margins(14, 5)
    huge = margins.astype(object) * 10**21
    small, large = kemeny_cuts.solve(margins, Stopwatch(60)), kemeny_cuts.solve(huge, Stopwatch(60))
    assert large.tiers == small.tiers
    assert large.excess == large.bound == small.excess * 10**21


def test_a_bound_of_rounded_duals_is_never_above_the_best() -> None:
    """The certificate is arithmetic: even multipliers that no solver gave must bound the best order from below."""
    margins = random_margins(6, 3)
    best = kemeny_subsets.solve(margins).excess
    variables = OrderVariables(6)
    cuts = Cuts(variables)
    cuts.add_violated(np.ones(15) * 0.5 + np.tile([0.5, -0.5, 0.5], 5), Stopwatch(60))
    assert cuts.limits
    gain = variables.of(margins)
    rng = np.random.default_rng(1)
    for _ in range(50):
        proof = certificate(gain, cuts, rng.uniform(0, 3, len(cuts.limits)))
        assert 0 <= proof.bound <= best


def test_values_fixed_by_a_proof_are_those_of_every_order_that_cheap() -> None:
    rng = np.random.default_rng(2)
    fixed_to = set()
    for seed in range(20):
        margins = random_margins(5, seed)
        variables = OrderVariables(5)
        gain = variables.of(margins)
        cuts = Cuts(variables)
        cuts.add_violated(np.ones(10) * 0.5 + np.tile([0.5, -0.5], 5), Stopwatch(60))
        proof = certificate(gain, cuts, rng.uniform(0, 3, len(cuts.limits)))
        orders = list(permutations(range(5)))
        for most in range(proof.bound, proof.bound + 4):
            fixed = proof.fixed(most)
            fixed_to |= set(fixed.tolist())
            for order in orders:
                if excess_of(list(order), margins) <= most:
                    above = variables.of(
                        np.array([[order.index(i) < order.index(j) for j in range(5)] for i in range(5)])
                    )
                    assert ((fixed == -1) | (fixed == above)).all()
    assert fixed_to == {-1, 0, 1}


def test_when_time_runs_out_the_best_so_far_comes_with_a_proved_bound() -> None:
    margins = random_margins(45, 1)
    found = kemeny_cuts.solve(margins, Stopwatch(0.2))
    order = [i for tier in found.tiers for i in tier]
    assert sorted(order) == list(range(45))
    assert excess_of(order, margins) == found.excess
    assert found.bound < found.excess
    assert not found.ties_complete
    assert found.n_optimal is None


@pytest.mark.slow
@pytest.mark.parametrize("n", [150, 400])
def test_hard_orders_of_many_questions_come_back_in_time(n: int) -> None:
    """Majorities without any sense, which nothing solves: two seconds are allowed, twenty would be a hang."""
    margins = random_margins(n, n)
    start = time.monotonic()
    found = kemeny_cuts.solve(margins, Stopwatch(2))
    assert time.monotonic() - start < 20
    order = [i for tier in found.tiers for i in tier]
    assert sorted(order) == list(range(n))
    assert excess_of(order, margins) == found.excess
    assert 0 <= found.bound < found.excess
    assert not found.ties_complete


@given(n=st.integers(1, 7), seed=st.integers(0, 10_000))
def test_the_cost_of_a_move_is_what_it_adds_to_the_excess(n: int, seed: int) -> None:
    margins = random_margins(n, seed)
    order = np.random.default_rng(seed).permutation(n).tolist()
    costs = costs_of_moves(order, margins)
    for place in range(n):
        for to in range(n + 1):
            above = [item for item in order[:to] if item != order[place]]
            below = [item for item in order[to:] if item != order[place]]
            moved = [*above, order[place], *below]
            assert costs[place, to] == excess_of(moved, margins) - excess_of(order, margins)


@given(n=st.integers(1, 8), seed=st.integers(0, 10_000))
def test_an_improved_order_cannot_be_improved_by_moving_one_item(n: int, seed: int) -> None:
    margins = random_margins(n, seed)
    order = improved(list(range(n)), margins, Stopwatch(60))
    assert sorted(order) == list(range(n))
    assert excess_of(order, margins) <= excess_of(list(range(n)), margins)
    assert (costs_of_moves(order, margins) >= 0).all()


def test_time_that_runs_out_while_looking_for_cycles_proves_nothing() -> None:
    """No cycle found because none was looked for is not "no cycle"."""
    cuts = Cuts(OrderVariables(6))
    assert cuts.add_violated(np.zeros(15), Stopwatch(0))
    assert not cuts.limits
    assert not cuts.add_violated(np.zeros(15), Stopwatch(60))


def test_thirty_questions_of_a_divided_panel_are_solved() -> None:
    rng = np.random.default_rng(7)
    noise = 0.6 * rng.normal(size=30) + rng.normal(size=(24, 30))
    ranks = noise.argsort(axis=1).argsort(axis=1) + 1
    profile = Profile.from_ranks(
        ranks, [f"q{i}" for i in range(30)], unranked="last", sides=["lived"] * 15 + ["staff"] * 9
    )
    diagnostics = rank(profile, "kemeny").diagnostics
    assert diagnostics["optimal"]
    assert diagnostics["ties_complete"]


def test_two_orders_of_one_cost_share_a_tier() -> None:
    ranking = rank(Profile.from_orders(["abc", "bac"], unranked="last"), "kemeny")
    assert ranking.tiers == (("a", "b"), ("c",))
    assert ranking.diagnostics["n_optimal"] == 2


def test_a_question_nobody_speaks_of_does_not_blur_the_rest() -> None:
    ranking = rank(Profile.from_orders(["abc", "abc"], "xabc", unranked="absent"), "kemeny")
    assert ranking.tiers == (("a",), ("b",), ("c",), ("x",))
    assert ranking.diagnostics["uncompared"] == ["x"]
    assert ranking.diagnostics["n_optimal"] == 4


def test_a_question_that_fits_on_either_side_is_tied_with_both() -> None:
    """kij and ijk: i is above j in every best order, k may stand anywhere, and no line is free of it."""
    ranking = rank(Profile.from_orders(["kij", "ijk"], unranked="last"), "kemeny")
    assert [set(tier) for tier in ranking.tiers] == [{"i", "j", "k"}]
    assert ranking.diagnostics["n_optimal"] == 3


def test_a_level_block_counts_every_order() -> None:
    level = Profile(ranks=np.ones((1, 12), dtype=int), items=[f"q{i}" for i in range(12)], unranked="last")
    assert rank(level, "kemeny").diagnostics["n_optimal"] == factorial(12)


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_time_limit_must_leave_time(limit: float) -> None:
    with pytest.raises(MethodError, match="time_limit"):
        rank(Profile.from_orders(["ab"], unranked="last"), "kemeny", time_limit=limit)
