"""Whom a list represents, and the list that is best for the group it is worst for."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregation import MethodError, Profile, ProfileError, leximin, represented
from aggregation.committees import leximin as module
from aggregation.committees.leximin_programme import greedy
from aggregation.committees.leximin_sets import ascending
from tests.aggregation.strategies import profiles, voices

GROUPS = ["carers", "carers", "staff", "staff"]


def of_own_by_all_orders(row: list[int], listed: set[int], k: int) -> Fraction:
    """Mean over all strict orders that a ballot's ties allow of how many of its first k are listed."""
    levels = [[item for item, rank in enumerate(row) if rank == level] for level in sorted(set(row) - {0})]
    total, left = Fraction(0), k
    for tier in levels:
        orders = list(permutations(tier))
        total += sum((Fraction(len(listed.intersection(order[:left])), len(orders)) for order in orders), Fraction(0))
        left = max(0, left - len(tier))
    return total


@given(profile=profiles(), data=st.data())
def test_every_row_is_the_mean_over_its_people(profile: Profile, data: st.DataObject) -> None:
    columns = data.draw(st.lists(st.integers(0, profile.n_items - 1), min_size=1, unique=True))
    top = data.draw(st.integers(1, 4))
    listed, k = set(columns), len(columns)
    rows = represented(profile, [profile.items[column] for column in columns], top=top)
    weights = [Fraction(count, profile.unit) for count in profile.counts.tolist()]
    assert profile.strata is not None
    assert profile.groups is not None
    expected = [(("all", ""), voices(profile), range(profile.n_ballots))]
    for kind, names, codes in (
        ("side", profile.strata_names, profile.strata),
        ("group", profile.group_names, profile.groups),
    ):
        expected += [((kind, name), weights, np.flatnonzero(codes == code)) for code, name in enumerate(names)]
    assert [(row.kind, row.name) for row in rows] == [name for name, _, _ in expected]
    for row, (_, says, people) in zip(rows, expected, strict=True):
        ballots = [(profile.ranks[p].tolist(), says[p], weights[p]) for p in people if profile.ranks[p].any()]
        total = sum((say for _, say, _ in ballots), Fraction(0))
        assert row.n == sum(weight for _, _, weight in ballots)
        assert row.n + row.blank == sum(weights[p] for p in people)
        if not total:
            assert (row.of_own, row.reached, row.best_place, row.none_ranked) == (None, None, None, None)
            continue
        places = [
            (min((1 + sum(0 < o < ranks[i] for o in ranks) for i in listed if ranks[i]), default=None), say)
            for ranks, say, _ in ballots
        ]
        ranking = [(place, say) for place, say in places if place is not None]
        told = sum((say for _, say in ranking), Fraction(0))
        assert row.of_own == sum(say * of_own_by_all_orders(ranks, listed, k) for ranks, say, _ in ballots) / total
        assert row.reached == sum((say for place, say in ranking if place <= top), Fraction(0)) / total
        assert row.none_ranked == 1 - told / total
        assert row.best_place == (sum(place * say for place, say in ranking) / told if told else None)


def test_a_list_of_the_many_reaches_nobody_of_the_few() -> None:
    profile = Profile.from_orders(
        [*["abcdef"] * 6, "fed", "ed"], "abcdef", unranked="last", groups=["carers"] * 6 + ["staff"] * 2
    )
    everybody, carers, staff = represented(profile, ["a", "b", "c"])
    assert (carers.of_own, carers.reached, carers.best_place, carers.none_ranked) == (3, 1, 1, 0)
    assert (staff.of_own, staff.reached, staff.best_place, staff.none_ranked) == (0, 0, None, 1)
    assert (everybody.n, everybody.of_own, everybody.none_ranked) == (8, Fraction(9, 4), Fraction(1, 4))
    assert json.loads(json.dumps(everybody.as_dict()))["of_own"] == 2.25


def test_everybody_is_counted_by_the_shares_of_sides() -> None:
    profile = Profile.from_orders(["ab", "ab", "ab", "ba"], unranked="last", sides=["staff"] * 3 + ["lived"])
    rows = {row.name: row for row in represented(profile, ["a"], top=1)}
    assert rows[""].reached == Fraction(1, 2)
    assert rows["staff"].reached == 1
    assert rows[""].n == 4


def test_a_list_that_is_none_is_refused() -> None:
    profile = Profile.from_orders(["ab"], unranked="last")
    for chosen, reason in (([], "empty"), (["a", "a"], "twice"), (["a", "z"], "'z'")):
        with pytest.raises(ProfileError, match=reason):
            represented(profile, chosen)
    with pytest.raises(MethodError, match="`top`"):
        represented(profile, ["a"], top=0)


# Leximin


def satisfactions(profile: Profile, chosen: tuple[int, ...], k: int) -> dict[str, Fraction]:
    given: dict[str, Fraction] = {}
    for name, people in profile.by_group().items():
        ballots = [(ranks, Fraction(count)) for ranks, count in zip(people.ranks.tolist(), people.counts, strict=True)]
        total = sum((count for ranks, count in ballots if any(ranks)), Fraction(0))
        if total:
            mean = sum((count * of_own_by_all_orders(r, set(chosen), k) for r, count in ballots), Fraction(0)) / total
            given[name] = mean
    return given


@pytest.mark.parametrize("most_sets", [60_000, 0])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profile=profiles(sides=False), data=st.data())
def test_no_set_is_better_for_the_worst_off(
    monkeypatch: pytest.MonkeyPatch, most_sets: int, profile: Profile, data: st.DataObject
) -> None:
    monkeypatch.setattr(module, "MOST_SETS", most_sets)
    seats = data.draw(st.integers(1, profile.n_items))
    every = {
        each: sorted(satisfactions(profile, each, seats).values())
        for each in combinations(range(profile.n_items), seats)
    }
    if not any(every.values()):
        with pytest.raises(MethodError, match="no groups"):
            leximin(profile, seats)
        return
    best = max(every.values())
    equal = [each for each, given in every.items() if given == best]
    found = leximin(profile, seats)
    chosen = tuple(profile.items.index(item) for item in found.members)
    assert chosen in equal
    assert found.diagnostics["satisfaction"] == {
        name: str(value) for name, value in satisfactions(profile, chosen, seats).items()
    }
    assert found.diagnostics["optimal"]
    contested = found.diagnostics["tie_breaks"][0]["items"] if len(equal) > 1 else []
    if most_sets:
        assert found.diagnostics["method"] == "all sets"
        assert (chosen, found.diagnostics["equal_choices"]) == (equal[0], len(equal))
        differ = set().union(*equal) - set(equal[0]).intersection(*equal)
        assert contested == [profile.items[i] for i in sorted(differ)]
    else:
        assert found.diagnostics["method"] == "programme"
        assert found.diagnostics["equal_choices"] == min(2, len(equal))
        assert bool(contested) == (len(equal) > 1)


def a_large_panel() -> Profile:
    rng = np.random.default_rng(11)
    liked = rng.normal(size=(4, 40))
    rows = [np.argsort(np.argsort(-(liked[p % 4] + rng.normal(size=40)))) + 1 for p in range(60)]
    return Profile.from_ranks(
        rows, [f"q{i}" for i in range(40)], unranked="last", groups=[f"g{p % 4}" for p in range(60)]
    )


def test_forty_questions_and_ten_places_are_solved_by_the_programme() -> None:
    """A choice by exchanges alone can be no better, and no single exchange improves on the programme's."""
    profile = a_large_panel()
    found = leximin(profile, 10)
    assert found.diagnostics["method"] == "programme"
    values, _ = module._values(profile, 10, "groups", 1)
    table = [[int(value * 15) for value in row] for row in values.values()]
    chosen = [profile.items.index(item) for item in found.members]
    best = ascending(table, chosen)
    assert best >= ascending(table, greedy(table, 10))
    for out in chosen:
        for into in set(range(40)).difference(chosen):
            assert ascending(table, [*(c for c in chosen if c != out), into]) <= best


def test_out_of_time_the_greedy_choice_is_told_as_such() -> None:
    found = leximin(a_large_panel(), 10, time_limit=1e-6)
    assert found.diagnostics["method"] == "greedy"
    assert not found.diagnostics["optimal"]
    assert found.diagnostics["equal_choices"] is None
    assert len(found.members) == 10


def test_groups_that_are_too_small_are_left_out_and_told() -> None:
    profile = Profile.from_orders(["ab", "ab", "ba"], unranked="last", groups=["carers", "carers", "staff"])
    assert leximin(profile, 1).diagnostics["satisfaction"] == {"carers": "1", "staff": "0"}
    large = leximin(profile, 1, fewest=2)
    assert large.members == ("a",)
    assert large.diagnostics["left_out"] == {"staff": 1}
    with pytest.raises(MethodError, match="no groups with 3"):
        leximin(profile, 1, fewest=3)


def test_sides_can_be_compared_in_place_of_groups() -> None:
    profile = Profile.from_orders(
        ["abcd", "abcd", "cdab"], unranked="last", sides=["staff", "staff", "lived"], groups=["x", "y", "x"]
    )
    assert leximin(profile, 2, over="sides").diagnostics["satisfaction"] == {"lived": "1", "staff": "1"}
    with pytest.raises(MethodError, match="`over`"):
        leximin(profile, 2, over="people")  # type: ignore[arg-type]
    with pytest.raises(MethodError, match="`seats`"):
        leximin(profile, 5)
    with pytest.raises(MethodError, match="no sides"):
        leximin(profile.pooled(), 2, over="sides")


def test_the_result_is_one_that_json_can_hold() -> None:
    profile = Profile.from_orders(["ab", "ba"], unranked="last", groups=["x", "y"])
    found = leximin(profile, 1)
    assert json.loads(json.dumps(found.as_dict()))["members"] == ["a"]
    assert found.diagnostics["equal_choices"] == 2
