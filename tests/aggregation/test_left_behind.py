"""What groups put first and the list does not have: planted wishes are found, chance rings hardly any alarm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from aggregation import MethodError, Profile, ProfileError, rank
from aggregation.answers.left_behind import left_behind
from aggregation.answers.side_lists import side_lists
from tests.aggregation.strategies import profiles

ITEMS = [f"q{i}" for i in range(20)]


def a_panel(seed: int, wish: float = 0.0) -> Profile:
    """Forty people in four groups who share tastes; the last group wants q0, which to all others is worth the least."""
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal(20)
    shared[0] = shared.min() - 1
    liked = shared + 1.5 * rng.standard_normal((40, 20))
    groups = np.repeat(list("abcd"), 10)
    if wish:
        liked[groups == "d", 0] = liked.max() + wish
    ranks = (-liked).argsort(axis=1).argsort(axis=1) + 1
    sides = ["lived" if group in "ab" else "staff" for group in groups]
    return Profile.from_ranks(ranks, ITEMS, unranked="last", sides=sides, groups=groups.tolist())


def test_a_wish_that_a_whole_group_shares_is_found_with_its_gap() -> None:
    panel = a_panel(1, wish=1.0)
    found = {group.name: group for group in left_behind(panel, seed=1)}
    wish = found["d"].left_behind[0]
    assert (wish.item, wish.chance, wish.place) == ("q0", 1.0, 1)
    assert wish.listed_at == rank(panel, "borda").ranks[0] > 10
    assert wish.gap == wish.listed_at - 1
    assert not any(each.item == "q0" for name in "abc" for each in found[name].left_behind)


def test_chance_alone_rings_a_fifth_of_the_alarms_that_every_difference_would() -> None:
    surely = every = 0
    for seed in range(30):
        panel = a_panel(seed)
        surely += sum(len(group.left_behind) for group in left_behind(panel, places=4, draws=200, seed=seed))
        listed = set(rank(panel, "borda").shortlist(4).items)
        every += sum(len(set(rank(part, "borda").shortlist(3).items) - listed) for part in panel.by_group().values())
    assert every > 30
    assert surely <= every / 5


@given(profile=profiles())
def test_it_keeps_its_word_on_any_ballots(profile: Profile) -> None:
    found = left_behind(profile, places=2, own=2, floor=2, draws=40, seed=3)
    assert [group.name for group in found] == list(profile.group_names)
    listed = rank(profile, "borda")
    first = set(listed.shortlist(2).items)
    for group, part in zip(found, profile.by_group().values(), strict=True):
        assert group.people == part.counts[part.ranks.any(axis=1)].sum()
        assert (group.why_not == "too_few") == (group.people < 2)
        ranks = dict(zip(part.items, rank(part, "borda").ranks.tolist(), strict=True))
        assert set(group.left_behind) <= set(group.own)
        assert len(group.left_behind) <= 2
        for each in group.own:
            assert each.chance >= 0.8
            assert each.place == ranks[each.item] <= 2
            assert each.listed_at == dict(zip(profile.items, listed.ranks.tolist(), strict=True))[each.item]
            assert (each in group.left_behind) == (each.item not in first)


def test_two_are_named_at_most_and_the_surest_first() -> None:
    orders = ["ABCDEF"] * 30 + ["FEDABC"] * 5 + ["FEABCD"]
    profile = Profile.from_orders(orders, unranked="last", groups=["p"] * 30 + ["c"] * 6)
    group = next(each for each in left_behind(profile, places=2, seed=1) if each.name == "c")
    assert [each.item for each in group.own] == ["F", "E", "D"]
    assert [each.item for each in group.left_behind] == ["F", "E"]
    assert (group.own[0].chance, group.own[2].chance < 1) == (1.0, True)


def test_groups_of_few_or_of_one_mind_are_said_to_be_so() -> None:
    orders = ["abc", "acb"] * 5 + ["cab"] * 6 + ["cba"] * 4
    profile = Profile.from_orders(orders, unranked="last", groups=["many"] * 10 + ["alike"] * 6 + ["few"] * 4)
    assert {group.name: group.why_not for group in left_behind(profile, places=1, seed=1)} == {
        "many": None,
        "alike": "all_alike",
        "few": "too_few",
    }


def test_who_ranks_nothing_neither_breaks_agreement_nor_is_drawn() -> None:
    """Six who agree are of one mind, whoever of the group hands in a blank ballot."""
    orders, groups = ["cab"] * 6 + ["abc", "acb"] * 5, ["g"] * 6 + ["h"] * 10
    assert left_behind(Profile.from_orders(orders, unranked="last", groups=groups), seed=1)[0].why_not == "all_alike"
    blank = Profile.from_orders(["", *orders, ""], unranked="last", groups=["g", *groups, "h"])
    [alike, many] = left_behind(blank, places=1, seed=1)
    assert (alike.people, alike.why_not) == (6, "all_alike")
    [_, without] = left_behind(Profile.from_orders(orders, unranked="last", groups=groups), places=1, seed=1)
    assert many == without


def test_people_are_counted_and_not_the_weights_that_correct_for_who_answered() -> None:
    """Three people whose weights add up to more than five are three, five of less are five."""
    orders = ["abc", "acb", "bac", "cba", "cab", "abc", "cba", "bca"]
    weights, groups = [1.9] * 3 + [0.4] * 5, ["few"] * 3 + ["many"] * 5
    profile = Profile.from_orders(orders, unranked="last", weights=weights, sides=groups, groups=groups)
    found = left_behind(profile, places=1, seed=1)
    assert [(group.name, group.people, group.why_not) for group in found] == [("few", 3, "too_few"), ("many", 5, None)]
    assert [(each.name, each.people) for each in side_lists(profile)] == [("few", 3), ("many", 5)]
    whole_in_one_group = profile.replace(weights=[2.0] * 3 + [0.4] * 5)
    assert left_behind(whole_in_one_group, places=1, seed=1)[0].people == 3


def test_how_surely_is_what_drawing_people_by_hand_gives() -> None:
    """Ten people drawn with replacement, Borda's count by hand; two thousand times, as surely as that allows."""
    panel = a_panel(3, wish=1.0)
    members = np.flatnonzero(panel.groups == 3)[:10]
    points = 20 - panel.ranks[members].astype(int)
    rng = np.random.default_rng(11)
    hits = np.zeros(20)
    for _ in range(2000):
        total = points[rng.integers(10, size=10)].sum(axis=0)
        hits += (total[:, None] <= total).sum(axis=1) <= 3
    told = {each.item: each.chance for each in left_behind(panel, seed=2, draws=2000, sure=1)[3].own}
    assert len(told) == 3
    for item, chance in told.items():
        assert chance == pytest.approx(hits[ITEMS.index(item)] / 2000, abs=0.06)


def test_items_level_beyond_the_third_place_are_not_among_the_first() -> None:
    orders = [["a", ("b", "c", "d", "e")], [("a", "b", "c", "d"), "e"]] * 6
    profile = Profile.from_orders(orders, unranked="last", groups=["g"] * 12)
    [group] = left_behind(profile, places=1, seed=1)
    assert [each.item for each in group.own] == ["a"]


def test_the_same_seed_gives_the_same_whatever_the_order_of_the_ballots() -> None:
    panel = a_panel(5, wish=0.5)
    mixed = np.random.default_rng(1).permutation(40)
    other = panel.replace(ranks=panel.ranks[mixed], strata=panel.strata[mixed], groups=panel.groups[mixed])
    assert left_behind(panel, seed=7) == left_behind(other, seed=7)


def test_parameters_of_the_method_are_passed_on() -> None:
    found = left_behind(a_panel(2, wish=1.0), "jla", 5, seed=1, k=3)
    assert [each.item for each in found[3].left_behind][:1] == ["q0"]


def test_what_cannot_be_looked_at_is_refused() -> None:
    panel = a_panel(1)
    with pytest.raises(ProfileError, match="no groups"):
        left_behind(panel.replace(groups=None, group_names=()), seed=1)
    for wrong in ({"places": 0}, {"own": 0}, {"floor": 1}, {"draws": 0}, {"sure": 0}, {"sure": 101}):
        with pytest.raises(MethodError):
            left_behind(panel, **({"seed": 1} | wrong))
    with pytest.raises(MethodError):
        left_behind(panel, seed=-1)
