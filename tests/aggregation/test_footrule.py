"""The order nearest in places: against all orders, with numbers that floats cannot tell apart, and its tiers."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation import Profile, rank
from aggregation.methods import assignments
from aggregation.methods.assignments import best_assignment
from aggregation.methods.footrule_costs import place_costs
from tests.aggregation.strategies import profiles, voices


def place_on(row: list[int], item: int, unranked: str) -> Fraction | None:
    """The place of an item on a ballot of which rank 0 means unranked, as the documentation defines it."""
    present = [rank for rank in row if rank]
    if row[item]:
        above = sum(rank < row[item] for rank in present)
        level = sum(rank == row[item] for rank in present)
        place = above + Fraction(level + 1, 2)
        if unranked == "last":
            return place
        return (place - Fraction(1, 2)) * len(row) / len(present) + Fraction(1, 2)
    return None if unranked == "absent" else len(present) + Fraction(len(row) - len(present) + 1, 2)


def cost_of(order: tuple[int, ...], profile: Profile) -> Fraction:
    total = Fraction(0)
    for row, say in zip(profile.ranks.tolist(), voices(profile), strict=True):
        for place, item in enumerate(order, start=1):
            there = place_on(row, item, profile.unranked) if any(row) else None
            total += 0 if there is None else say * abs(there - place)
    return total


@settings(deadline=None, max_examples=60)
@given(profile=profiles(items=st.integers(1, 5)))
def test_no_order_is_nearer_and_tiers_are_what_all_nearest_orders_share(profile: Profile) -> None:
    judged = profile.ranks.any(axis=0) | (profile.unranked == "last")
    ranking = rank(profile, "footrule")
    unjudged = tuple(item for item, known in zip(profile.items, judged, strict=True) if not known)
    assert ranking.diagnostics["unjudged"] == list(unjudged)
    if unjudged:
        assert ranking.tiers[-1] == unjudged
    tiers = ranking.tiers[:-1] if unjudged else ranking.tiers
    if not judged.any():
        assert tiers == ()
        return
    known = profile.restrict([item for item in profile.items if item not in unjudged])
    costs = {order: cost_of(order, known) for order in permutations(range(known.n_items))}
    least = min(costs.values())
    best = [order for order, cost in costs.items() if cost == least]
    assert Fraction(ranking.diagnostics["exact_cost"]) == least
    assert ranking.diagnostics["optimal"]
    assert ranking.diagnostics["n_optimal"] == len(best)
    assert ranking.diagnostics["unique"] == (len(best) == 1)
    shared = [n for n in range(1, known.n_items + 1) if len({frozenset(order[:n]) for order in best}) == 1]
    assert np.cumsum([len(tier) for tier in tiers]).tolist() == shared
    assert tuple(known.items.index(item) for tier in tiers for item in tier) in best


def test_the_capital_of_tennessee_and_its_cost() -> None:
    profile = Profile.from_orders(["MNCK", "NCKM", "CKNM", "KCNM"], unranked="last", weights=[42, 26, 15, 17])
    ranking = rank(profile, "footrule")
    assert ranking.tiers == (("N",), ("C",), ("K",), ("M",))
    assert ranking.diagnostics["cost"] == min(cost_of(order, profile) for order in permutations(range(4))) == 380
    assert ranking.scores is None


def test_the_cost_is_between_kemenys_and_twice_kemenys() -> None:
    rng = np.random.default_rng(5)
    ranks = np.argsort(rng.random((9, 7)), axis=1) + 1
    profile = Profile(ranks=ranks, items=list("abcdefg"), unranked="last")
    kemeny, footrule = rank(profile, "kemeny").diagnostics["cost"], rank(profile, "footrule").diagnostics["cost"]
    assert kemeny <= footrule <= 2 * kemeny


def test_three_of_thirty_judged_stand_in_the_middle_of_their_thirds() -> None:
    ranks = np.zeros((2, 30), dtype=int)
    ranks[0, :3] = [1, 2, 3]
    ranks[1] = np.arange(1, 31)
    profile = Profile(ranks=ranks, items=[f"q{i}" for i in range(30)], unranked="absent")
    # 5.5, 15.5 and 25.5 against the places 1, 2 and 3; the complete ballot costs nothing.
    alone = cost_of(tuple(range(30)), profile)
    assert alone == Fraction(9, 2) + Fraction(27, 2) + Fraction(45, 2)
    assert Fraction(rank(profile, "footrule").diagnostics["exact_cost"]) <= alone


def test_odd_shares_are_exact() -> None:
    names = ["a", "b", "c"]
    orders = [["abc", "bca", "cab"][i % 3] for i in range(3 * 7)]
    sides = [names[i // 7] for i in range(21)]
    shares = {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)}
    ranking = rank(Profile.from_orders(orders, unranked="last", sides=sides, shares=shares), "footrule")
    assert len(ranking.tiers) == 1
    assert Fraction(ranking.diagnostics["exact_cost"]) == Fraction(8, 3)


@given(
    st.integers(2, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_costs_that_floats_cannot_tell_apart_are_still_solved(rows: list[list[int]]) -> None:
    costs = np.array([[2**70 + 7 * cost for cost in row] for row in rows], dtype=object)
    found = best_assignment(costs)
    n = len(rows)
    every = [sum(costs[item, place] for place, item in enumerate(order)) for order in permutations(range(n))]
    assert found.cost == found.bound == min(every)
    assert found.n_optimal == every.count(min(every))


def test_a_bad_start_is_mended_in_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    costs = rng.integers(0, 50, (30, 30))
    good = best_assignment(costs)
    monkeypatch.setattr(assignments, "_start", lambda _: np.arange(30))
    mended = best_assignment(costs)
    assert (mended.cost, mended.bound) == (good.cost, good.bound)
    assert [set(tier) for tier in mended.tiers] == [set(tier) for tier in good.tiers]


def test_more_best_orders_than_are_counted_are_said_to_be_several() -> None:
    level = Profile(ranks=np.ones((2, 13), dtype=int), items=[f"q{i}" for i in range(13)], unranked="last")
    diagnostics = rank(level, "footrule").diagnostics
    assert diagnostics["n_optimal"] is None
    assert not diagnostics["unique"]
    twelve = rank(level.restrict(level.items[:12]), "footrule").diagnostics
    assert twelve["n_optimal"] == 479_001_600


@pytest.mark.parametrize("unranked", ["last", "absent"])
def test_shares_beyond_64_bits_cost_what_the_definition_says(unranked: str) -> None:
    parts = {"lived": 333_331, "staff": 142_857, "third": 523_795}
    profile = Profile.from_ranks(
        [[1, 2, 3], [0, 1, 0], [3, 1, 2], [2, 1, 0], [1, 1, 2]],
        ["a", "b", "c"],
        unranked=unranked,
        weights=[999_961, 999_953, 999_931, 999_917, 999_907],
        sides=["lived", "staff", "lived", "staff", "third"],
        shares={name: Fraction(part, 999_983) for name, part in parts.items()},
    )
    assert place_costs(profile).counts.dtype == object
    least = min(cost_of(order, profile) for order in permutations(range(3)))
    assert Fraction(rank(profile, "footrule").diagnostics["exact_cost"]) == least
