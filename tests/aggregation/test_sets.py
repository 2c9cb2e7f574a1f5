"""Condorcet winner and loser, Smith and Schwartz sets: printed examples, and their definitions by brute force."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import PairwiseTally, Profile
from aggregation.sets import condorcet_loser, condorcet_winner, schwartz_set, smith_set
from tests.aggregation.strategies import profiles, say_by_pair

TENNESSEE = Profile.from_orders(["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17])


def test_tennessee() -> None:
    assert condorcet_winner(TENNESSEE) == "N"
    assert condorcet_loser(TENNESSEE) == "M"
    assert smith_set(TENNESSEE) == schwartz_set(TENNESSEE) == ("N",)


def test_schwartz_is_smaller_where_a_circle_has_a_draw() -> None:
    """a beats b, b beats c, a and c are level: c is in the Smith set, but nothing unbeaten leads to it alone."""
    profile = Profile.from_orders(["abc", "cab", "bca"], unranked="last", weights=[3, 2, 1])
    assert smith_set(profile) == ("a", "b", "c")
    assert schwartz_set(profile) == ("a",)
    assert condorcet_winner(profile) is None


@pytest.mark.parametrize("orders", [[("abc",), ("abc",)], ["abc", "cba"], [[]]])
def test_everything_level_is_everything(orders: list[object]) -> None:
    level = Profile.from_orders([[tuple(tier) for tier in order] for order in orders], "abc", unranked="absent")
    assert smith_set(level) == schwartz_set(level) == ("a", "b", "c")
    assert condorcet_winner(level) is None
    assert condorcet_loser(level) is None


def test_a_question_alone_wins_and_does_not_lose() -> None:
    alone = Profile.from_orders(["a"], unranked="last")
    assert (condorcet_winner(alone), condorcet_loser(alone)) == ("a", None)
    assert smith_set(alone) == schwartz_set(alone) == ("a",)


def test_sides_count_by_their_shares_and_a_tally_suffices() -> None:
    """Three patients against one clinician who holds as much: level; with nine tenths, the clinician decides."""
    ballots = Profile.from_orders(["ab", "ab", "ab", "ba"], unranked="last", sides=["p", "p", "p", "c"])
    assert condorcet_winner(ballots) is None
    swayed = PairwiseTally.of(ballots.with_shares({"p": "0.1", "c": "0.9"}))
    assert (condorcet_winner(swayed), condorcet_loser(swayed)) == ("b", "a")
    assert smith_set(swayed) == schwartz_set(swayed) == ("b",)


@given(profile=profiles(items=st.integers(1, 5)))
def test_they_are_what_their_definitions_say(profile: Profile) -> None:
    say, m = say_by_pair(profile), profile.n_items
    beats = {(i, j) for i, j in say if say[i, j] > say[j, i]}
    groups = [set(group) for size in range(1, m + 1) for group in combinations(range(m), size)]

    def named(group: set[int]) -> tuple[str, ...]:
        return tuple(profile.items[i] for i in sorted(group))

    def outside(group: set[int]) -> set[int]:
        return set(range(m)) - group

    dominant = [g for g in groups if all((i, j) in beats for i in g for j in outside(g))]
    assert smith_set(profile) == named(min(dominant, key=len))
    unbeaten = [g for g in groups if not any((j, i) in beats for i in g for j in outside(g))]
    least = [g for g in unbeaten if not any(h < g for h in unbeaten)]
    assert schwartz_set(profile) == named(set().union(*least))
    best = [i for i in range(m) if all((i, j) in beats for j in outside({i}))]
    worst = [i for i in range(m) if m > 1 and all((j, i) in beats for j in outside({i}))]
    assert condorcet_winner(profile) == (profile.items[best[0]] if best else None)
    assert condorcet_loser(profile) == (profile.items[worst[0]] if worst else None)
