"""One question after another drops out: printed counts, and each rule once more from its definition."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import PairwiseTally, Profile, rank
from aggregation.methods import irv as runoff
from aggregation.methods.first_preferences import FirstPreferences
from tests.aggregation.strategies import profiles, say_by_pair, voices

TENNESSEE = Profile.from_orders(["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17])
CYCLE = Profile.from_orders(["ABC", "BCA", "CAB"], unranked="last", weights=[25, 40, 35])
UP_TO_FIVE = st.integers(1, 5)


def by_id(profile: Profile, groups: list[set[int]]) -> list[set[str]]:
    return [{profile.items[i] for i in group} for group in groups]


def as_sets(profile: Profile, method: str) -> list[set[str]]:
    return [set(tier) for tier in rank(profile, method).tiers]


def borda_among(profile: Profile, standing: set[int]) -> dict[int, Fraction]:
    """Net points of each among those standing: what puts it above a rival less what puts it below."""
    say = say_by_pair(profile)
    return {i: sum((say[i, j] - say[j, i] for j in standing if j != i), Fraction(0)) for i in standing}


def dropped(profile: Profile, method: str) -> list[set[int]]:
    """Tiers of Baldwin's or Nanson's rule, by Borda's net points among those standing, whose mean is 0."""
    standing, tiers = set(range(profile.n_items)), []
    while True:
        net = borda_among(profile, standing)
        limit = min(net.values())
        out = {i for i in standing if (net[i] == limit if method == "baldwin" else net[i] < 0)}
        if not out or out == standing:
            return [standing, *tiers]
        tiers.insert(0, out)
        standing -= out


@given(profile=profiles(items=UP_TO_FIVE))
@pytest.mark.parametrize("method", ["baldwin", "nanson"])
def test_who_drops_out_by_borda_is_what_the_definition_says(method: str, profile: Profile) -> None:
    assert as_sets(profile, method) == by_id(profile, dropped(profile, method))


@given(profile=profiles(items=UP_TO_FIVE))
def test_black_is_borda_behind_whoever_beats_all_others(profile: Profile) -> None:
    everyone = set(range(profile.n_items))
    net, say = borda_among(profile, everyone), say_by_pair(profile)
    best = [i for i in everyone if all(say[i, j] > say[j, i] for j in everyone - {i})]
    levels = sorted({net[i] for i in everyone - set(best)}, reverse=True)
    tiers = [set(best)] if best else []
    tiers += [{i for i in everyone - set(best) if net[i] == level} for level in levels]
    assert as_sets(profile, "black") == by_id(profile, tiers)
    diagnostics = rank(profile, "black").diagnostics
    assert diagnostics["condorcet_winner"] == (profile.items[best[0]] if best else None)
    assert list(diagnostics["borda"].values()) == rank(profile, "borda").scores.tolist()


@pytest.mark.parametrize("method", ["black", "baldwin", "nanson"])
@given(profile=profiles())
def test_a_tally_suffices_for_what_counts_pairs(method: str, profile: Profile) -> None:
    assert rank(PairwiseTally.of(profile), method).as_dict() == rank(profile, method).as_dict()


def test_tennessee_by_elimination() -> None:
    assert rank(TENNESSEE, "black").tiers == (("N",), ("C",), ("M",), ("K",))
    assert rank(TENNESSEE, "baldwin").tiers == (("N",), ("C",), ("M",), ("K",))
    assert rank(TENNESSEE, "nanson").tiers == (("N",), ("C",), ("M", "K"))
    assert rank(TENNESSEE, "irv").tiers == (("K",), ("M",), ("N",), ("C",))
    diagnostics = rank(TENNESSEE, "irv").diagnostics
    assert [each["votes"] for each in diagnostics["rounds"]] == [
        {"M": 42, "N": 26, "C": 15, "K": 17},
        {"M": 42, "N": 26, "K": 32},
        {"M": 42, "K": 58},
    ]
    assert diagnostics["elimination_order"] == ["C", "N", "M"]
    assert diagnostics["tied"] == {}
    assert diagnostics["all_tie_breaks"]


def test_a_cycle_in_which_black_and_the_others_differ() -> None:
    """Printed with one point more a ballot: A 185, B 205, C 210; A is below the mean of 200, and B beats C."""
    assert rank(CYCLE, "black").winners == ("C",)
    assert rank(CYCLE, "baldwin").tiers == (("B",), ("C",), ("A",))
    assert rank(CYCLE, "nanson").tiers == (("B",), ("C",), ("A",))
    assert rank(CYCLE, "nanson").diagnostics["rounds"] == [
        {"scores": {"A": 85, "B": 105, "C": 110}, "out": ["A"]},
        {"scores": {"B": 65, "C": 35}, "out": ["C"]},
        {"scores": {"B": 0}, "out": []},
    ]


def test_the_same_wins_by_baldwin_when_every_ballot_is_turned_round() -> None:
    """Markus Schulze's example: 14, 10, 9, then 5 to 6; turned round 8, 12, 13, then 7 to 4."""
    profile = Profile.from_orders(["ACB", "BAC", "CBA"], unranked="last", weights=[5, 4, 2])
    turned = profile.replace(ranks=4 - profile.ranks)
    for ballots, counts in ((profile, [[14, 10, 9], [5, 6]]), (turned, [[8, 12, 13], [7, 4]])):
        ranking = rank(ballots, "baldwin")
        assert ranking.winners == ("B",)
        found = [sorted(each["scores"].values()) for each in ranking.diagnostics["rounds"][:2]]
        assert found == [sorted(count) for count in counts]


def test_all_lowest_drop_out_together_and_all_that_are_level_win() -> None:
    profile = Profile.from_orders(["abcd", "badc"], unranked="last")
    assert rank(profile, "baldwin").tiers == (("a", "b"), ("c", "d"))
    assert rank(profile, "nanson").tiers == (("a", "b"), ("c", "d"))


def test_one_exactly_at_the_mean_stays() -> None:
    """Net points 2, 0, -2: Nanson's rule keeps b in the first round, where its other form would not."""
    rounds = rank(Profile.from_orders(["abc"], unranked="last"), "nanson").diagnostics["rounds"]
    assert [each["out"] for each in rounds] == [["c"], ["b"], []]


def first_votes(profile: Profile, standing: frozenset[int]) -> dict[int, Fraction]:
    votes = dict.fromkeys(standing, Fraction(0))
    for row, voice in zip(profile.ranks.tolist(), voices(profile), strict=True):
        left = [row[i] for i in standing if row[i]]
        top = [i for i in standing if row[i] and row[i] == min(left)]
        for i in top:
            votes[i] += voice / len(top)
    return votes


def places_over_all_ways(profile: Profile) -> list[int]:
    """The best place of each item, by following every way: one of the lowest goes out each time."""

    @cache
    def best(standing: frozenset[int]) -> dict[int, int]:
        if len(standing) == 1:
            return dict.fromkeys(standing, 1)
        votes = first_votes(profile, standing)
        found = dict.fromkeys(standing, len(standing))
        for out in (i for i in standing if votes[i] == min(votes.values())):
            for i, place in best(standing - {out}).items():
                found[i] = min(found[i], place)
        return found

    places = best(frozenset(range(profile.n_items)))
    return [places[i] for i in range(profile.n_items)]


@given(profile=profiles())
def test_instant_runoff_follows_every_way_of_breaking_ties(profile: Profile) -> None:
    places = places_over_all_ways(profile)
    tiers = [{i for i, place in enumerate(places) if place == level} for level in sorted(set(places))]
    assert as_sets(profile, "irv") == by_id(profile, tiers)


@given(profile=profiles())
def test_the_rounds_told_are_one_of_the_ways(profile: Profile) -> None:
    diagnostics, total = rank(profile, "irv").diagnostics, sum(voices(profile), Fraction(0))
    standing = frozenset(range(profile.n_items))
    for number, each in enumerate(diagnostics["rounds"], start=1):
        votes = first_votes(profile, standing)
        lowest = [profile.items[i] for i in sorted(standing) if votes[i] == min(votes.values())]
        assert each["votes"] == {profile.items[i]: float(votes[i]) for i in standing}
        assert each["exhausted"] == float(total - sum(votes.values()))
        assert set(each["out"]) <= set(lowest)
        assert diagnostics["tied"].get(str(number), lowest[:1]) == lowest
        assert len(each["out"]) <= 1 or not min(votes.values())
        standing -= {profile.items.index(item) for item in each["out"]}
    assert diagnostics["exhausted_share"] == float((total - sum(votes.values())) / total)
    assert diagnostics["elimination_order"] == [item for each in diagnostics["rounds"] for item in each["out"]]
    assert {profile.items[i] for i in standing} <= set(rank(profile, "irv").winners)


def test_a_tie_at_the_bottom_lets_both_ways_count() -> None:
    """2 a, 2 b, 3 c: if a goes, b beats c; if b goes, c beats a. b and c can win, a is second at best."""
    profile = Profile.from_orders(["ab", "bc", "c"], "abc", unranked="last", weights=[2, 2, 3])
    ranking = rank(profile, "irv")
    assert ranking.tiers == (("b", "c"), ("a",))
    assert ranking.diagnostics["tied"] == {"1": ["a", "b"]}
    assert ranking.diagnostics["elimination_order"] == ["b", "a"]


def test_level_at_the_top_of_a_ballot_shares_the_vote_until_one_goes() -> None:
    profile = Profile.from_orders([[{"a", "b"}, "c"], ["c"], ["a"]], "abc", unranked="last", weights=[3, 2, 1])
    rounds = rank(profile, "irv").diagnostics["rounds"]
    assert rounds[0]["votes"] == {"a": 2.5, "b": 1.5, "c": 2}
    assert rounds[1]["votes"] == {"a": 4, "c": 2}


def test_exhausted_ballots_are_counted_as_lost() -> None:
    """Of 10, one is blank and two are done when c is out; both readings of what is left out are the same."""
    profile = Profile.from_orders(["ab", "ba", "c", []], "abc", unranked="last", weights=[4, 3, 2, 1])
    ranking = rank(profile, "irv")
    assert [each["exhausted"] for each in ranking.diagnostics["rounds"]] == [1, 3]
    assert ranking.diagnostics["exhausted_share"] == 0.3
    assert rank(profile, "irv", unranked="absent").tiers == ranking.tiers


def test_what_a_side_lets_exhaust_is_lost_to_that_side() -> None:
    sides = ["lived", "lived", "staff", "staff"]
    profile = Profile.from_orders(["a", "ca", "b", "b"], "abc", unranked="last", sides=sides)
    assert rank(profile, "irv").winners == ("a", "b")
    short = Profile.from_orders(["a", "c", "b", "b"], "abc", unranked="last", sides=sides)
    assert rank(short, "irv").winners == ("b",)
    assert rank(short, "irv").diagnostics["exhausted_share"] == 0.25


def test_items_without_a_vote_drop_out_together() -> None:
    ranking = rank(Profile.from_orders(["abcd", "badc", "a"], unranked="last"), "irv")
    assert ranking.tiers == (("a",), ("b",), ("c", "d"))
    assert ranking.diagnostics["rounds"][0]["out"] == ["c", "d"]


def test_hundreds_without_a_first_place_are_no_search() -> None:
    """Each ballot puts them in another order behind three: 10, 5, 5; without q2, q1 has 10 as well."""
    rng = np.random.default_rng(1)
    ranks = rng.random((20, 200)).argsort(axis=1).argsort(axis=1) + 4
    heads = np.array([[1, 2, 3], [1, 3, 2], [2, 1, 3], [3, 2, 1]] * 5)
    profile = Profile(ranks=np.hstack([heads, ranks]), items=[f"q{i}" for i in range(203)], unranked="last")
    ranking = rank(profile, "irv")
    assert ranking.tiers[:2] == (("q0", "q1"), ("q2",))
    assert ranking.ranks[3:].tolist() == [4] * 200
    assert ranking.diagnostics["all_tie_breaks"]


def test_two_hundred_alike_are_no_search() -> None:
    """Nobody tells them apart: every order of them is the same way through."""
    level = Profile(ranks=np.ones((3, 200), dtype=int), items=[f"q{i}" for i in range(200)], unranked="last")
    ranking = rank(level, "irv")
    assert len(ranking.tiers) == 1
    assert ranking.diagnostics["all_tie_breaks"]


def test_too_many_ways_are_not_followed_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """2 a, 2 b, 3 c as above: with a and b out together, c is alone."""
    monkeypatch.setattr(runoff, "_most_counts", lambda *_: 4)
    profile = Profile.from_orders(["ab", "bc", "c"], "abc", unranked="last", weights=[2, 2, 3])
    ranking = rank(profile, "irv")
    assert not ranking.diagnostics["all_tie_breaks"]
    assert ranking.tiers == (("c",), ("a", "b"))
    assert ranking.diagnostics["rounds"] == [{"votes": {"a": 2, "b": 2, "c": 3}, "exhausted": 0, "out": ["a", "b"]}]
    level = rank(Profile.from_orders(["ab", "ba"], unranked="last"), "irv")
    assert level.tiers == (("a", "b"),)


def test_as_many_ways_as_are_needed_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same: abc, then ac and bc, then c and b are counted."""
    profile = Profile.from_orders(["ab", "bc", "c"], "abc", unranked="last", weights=[2, 2, 3])
    monkeypatch.setattr(runoff, "_most_counts", lambda *_: 5)
    assert rank(profile, "irv").diagnostics["all_tie_breaks"]


def test_a_search_ends_alike_however_ballots_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty questions, two first places each, no consensus; equal orders in other rows and numbers are the same."""
    monkeypatch.setattr(runoff, "MOST_WORK", 100_000_000)
    rng = np.random.default_rng(7)
    ranks = rng.random((120, 60)).argsort(axis=1).argsort(axis=1) + 1
    ranks[ranks > 10] = 0
    profile = Profile(ranks=ranks, items=[f"q{i}" for i in range(60)], unranked="last")
    once, doubled = rank(profile, "irv"), rank(profile.replace(ranks=np.concatenate([3 * ranks, ranks])), "irv")
    assert not once.diagnostics["all_tie_breaks"]
    assert not doubled.diagnostics["all_tie_breaks"]
    assert doubled.tiers == once.tiers
    assert runoff._most_counts(FirstPreferences.of(profile), 60) == 100_000_000 // (120 * 60 + 10_000 + 300 * 60)
    assert runoff._most_counts(FirstPreferences.of(profile), 10**7) == 4 * 10**7


@pytest.mark.slow
def test_a_search_is_given_up_before_anybody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """150 people with ten of sixty questions each, drawn blindly; a count takes about 30 microseconds."""
    counted, votes = [0], FirstPreferences.votes

    def counting(self: FirstPreferences, standing: tuple[int, ...]) -> list[int]:
        counted[0] += 1
        return votes(self, standing)

    monkeypatch.setattr(FirstPreferences, "votes", counting)
    ranks = np.random.default_rng(5).random((150, 60)).argsort(axis=1).argsort(axis=1) + 1
    ranks[ranks > 10] = 0
    profile = Profile(ranks=ranks, items=[f"q{i}" for i in range(60)], unranked="last")
    assert not rank(profile, "irv").diagnostics["all_tie_breaks"]
    assert counted[0] < 25_000
