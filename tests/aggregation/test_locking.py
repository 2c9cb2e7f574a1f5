"""Pairs locked in turn: every way to order equally strong ones by brute force, and what leaving them out promises."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation import Profile, rank
from aggregation.methods.locking import lock_every_way, lock_leaving_out
from tests.aggregation.strategies import STRENGTHS, closure, profiles, say_by_pair, strength_of

FEW = st.integers(1, 4)


def numbers_above_for_every_tie_break(classes: list[list[tuple[int, int]]], m: int) -> set[tuple[int, ...]]:
    """Pairs locked in every order that puts stronger ones first, one by one from the definition."""
    found: set[frozenset[tuple[int, int]]] = {frozenset()}
    for equal in classes:
        found = {frozenset(lock_in_turn(set(locked), order, m)) for locked in found for order in permutations(equal)}
    return {tuple(sum((i, j) in locked for i in range(m)) for j in range(m)) for locked in found}


def lock_in_turn(locked: set[tuple[int, int]], order: tuple[tuple[int, int], ...], m: int) -> set[tuple[int, int]]:
    for i, j in order:
        if (j, i) not in locked:
            locked = closure(locked | {(i, j)}, m)
    return locked


def classes_of(key: dict[tuple[int, int], Any]) -> list[list[tuple[int, int]]]:
    return [sorted(pair for pair in key if key[pair] == level) for level in sorted(set(key.values()), reverse=True)]


@settings(max_examples=60)
@given(profile=profiles(items=FEW), strength=st.sampled_from(STRENGTHS))
def test_ranked_pairs_is_what_every_tie_break_gives(profile: Profile, strength: str) -> None:
    m, say = profile.n_items, say_by_pair(profile)
    key = {
        (i, j): (value, -say[j, i] if strength == "winning" else 0)
        for (i, j), value in strength_of(profile, strength).items()
    }
    outcomes = numbers_above_for_every_tie_break(classes_of(key), m)
    best = [min(outcome[i] for outcome in outcomes) for i in range(m)]
    ranking = rank(profile, "ranked_pairs", strength=strength)
    assert [set(tier) for tier in ranking.tiers] == [
        {item for item, number in zip(profile.items, best, strict=True) if number == level}
        for level in sorted(set(best))
    ]
    assert ranking.diagnostics["all_tie_breaks"]
    if not ranking.diagnostics["ties_matter"]:
        assert len(outcomes) == 1
        assert ranking.tiers == rank(profile, "ranked_pairs", strength=strength, tie_break="leave_out").tiers


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_the_search_finds_the_best_place_of_each_over_all_tie_breaks(data: st.DataObject) -> None:
    """Five items, at most five pairs of one strength: often several circles at once, unlike in small profiles."""
    pairs = [(i, j) if data.draw(st.booleans()) else (j, i) for i in range(5) for j in range(i)]
    turn = data.draw(st.permutations(pairs))
    first = data.draw(st.integers(0, 5))
    classes = [each for each in (turn[:first], turn[first : first + 5], turn[first + 5 :]) if each]
    outcomes = numbers_above_for_every_tie_break(classes, 5)
    found = lock_every_way(classes, 5)
    assert found.above == [min(outcome[i] for outcome in outcomes) for i in range(5)]
    assert found.complete
    assert found.ties_matter or len(outcomes) == 1


def test_leaving_out_keeps_equal_pairs_outside_circles() -> None:
    found = lock_leaving_out([[(0, 1), (1, 2), (2, 0), (0, 3)], [(1, 0)]], 4)
    assert found.above == [1, 0, 0, 2]
    assert found.ties_matter
    assert not found.complete


def test_a_large_circle_of_equals_makes_everybody_a_possible_winner() -> None:
    found = lock_every_way([[(i, (i + 1) % 30) for i in range(30)]], 30)
    assert (found.above, found.complete) == ([0] * 30, True)


def locked_margins(draw: Any, m: int, largest: int) -> dict[tuple[int, int], int]:
    """Margins of all pairs, small so that many are equal."""
    upper = {(i, j): draw(st.integers(-largest, largest)) for i in range(m) for j in range(i)}
    return upper | {(j, i): -margin for (i, j), margin in upper.items()}


def first_of(margins: dict[tuple[int, int], int], m: int, lock: Any) -> set[int]:
    defeats = {pair: margin for pair, margin in margins.items() if margin > 0}
    return {i for i, number in enumerate(lock(classes_of(defeats), m).above) if not number}


def cloned(margins: dict[tuple[int, int], int], m: int, between: int) -> dict[tuple[int, int], int]:
    """A second wording of item 0, as item m."""
    copies = {i: (0, m) if i == 0 else (i,) for i in range(m)}
    both = {(a, b): margin for (i, j), margin in margins.items() for a in copies[i] for b in copies[j]}
    return both | {(0, m): between, (m, 0): -between}


@given(data=st.data())
def test_a_second_wording_changes_nothing_where_equal_circles_are_left_out(data: st.DataObject) -> None:
    m = data.draw(st.integers(3, 5))
    margins = locked_margins(data.draw, m, 2)
    more = cloned(margins, m, data.draw(st.integers(-3, 3)))
    before = first_of(margins, m, lock_leaving_out)
    assert {i % m for i in first_of(more, m + 1, lock_leaving_out)} == before


def test_a_second_wording_can_matter_over_all_tie_breaks() -> None:
    """Six pairs of strength 2 in each other's way: with two wordings of 0, some order of them lets 0 win."""
    defeats = {(0, 1): 2, (2, 0): 1, (1, 2): 1, (0, 3): 2, (3, 1): 2, (2, 3): 2, (4, 0): 2, (1, 4): 2, (4, 3): 1}
    margins = defeats | {(j, i): -margin for (i, j), margin in defeats.items()} | {(2, 4): 0, (4, 2): 0}
    assert first_of(margins, 5, lock_every_way) == {1, 2, 4}
    assert {i % 5 for i in first_of(cloned(margins, 5, 1), 6, lock_every_way)} == {0, 1, 2, 4}


@given(data=st.data())
def test_no_winner_over_all_tie_breaks_loses_by_being_put_higher(data: st.DataObject) -> None:
    m = data.draw(st.integers(3, 5))
    margins = locked_margins(data.draw, m, 2)
    winner = data.draw(st.sampled_from(sorted(first_of(margins, m, lock_every_way))))
    for other in set(range(m)) - {winner}:
        gain = data.draw(st.integers(0, 2))
        margins[winner, other] += gain
        margins[other, winner] -= gain
    assert winner in first_of(margins, m, lock_every_way)
