"""Minimax, Schulze and ranked pairs: printed examples, their definitions by brute force, and equally strong pairs."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import MethodError, PairwiseTally, Profile, rank
from aggregation.methods import locking
from aggregation.methods.schulze import layers_of, strongest_chains
from tests.aggregation.strategies import STRENGTHS, closure, profiles, say_by_pair, strength_of

each_strength = pytest.mark.parametrize("strength", STRENGTHS)


def election(*lines: str, unranked: str = "last") -> Profile:
    """Lines such as "12 ADCB": how many ballots, and the order."""
    weights, orders = zip(*(line.split(" ", 1) for line in lines), strict=True)
    tiers = [order.split(">") if ">" in order else order for order in orders]
    items = sorted(set("".join(orders)) - {">"})
    return Profile.from_orders(tiers, items, unranked=unranked, weights=[int(weight) for weight in weights])


def places(profile: Profile, method: str, **parameters: Any) -> str:
    return ">".join("".join(tier) for tier in rank(profile, method, **parameters).tiers)


TENNESSEE = election("42 MNCK", "26 NCKM", "15 CKNM", "17 KCNM")


# Schulze 2011, examples 1, 3 and 4; the last leaves two pairs of items on neither side.
SCHULZE_1 = election("5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC")


SCHULZE_4 = election("3 ABCD", "2 CBDA", "2 DABC", "2 DBCA")


# Gorr's ranked pairs example 4: two pairs of the same strength are in each other's way.
EQUAL_PAIRS = election("12 ADCB", "3 BACD", "25 BCAD", "21 CBAD", "12 DABC", "21 DACB", "6 DBAC")


@each_strength
@pytest.mark.parametrize("method", ["schulze", "ranked_pairs"])
def test_the_capital_of_tennessee(method: str, strength: str) -> None:
    assert places(TENNESSEE, method, strength=strength) == "N>C>K>M"


@pytest.mark.parametrize(
    ("scoring", "scores"),
    [("winning", [68, 83, 58, 0]), ("margins", [36, 66, 16, 0]), ("opposition", [68, 83, 58, 42])],
)
def test_minimax_of_tennessee_under_each_scoring(scoring: str, scores: list[int]) -> None:
    ranking = rank(TENNESSEE, "minimax", scoring=scoring)
    assert (ranking.items, ranking.scores.tolist()) == (("C", "K", "M", "N"), scores)
    assert ranking.tiers == (("N",), ("M",), ("C",), ("K",))
    assert ranking.diagnostics["scoring"] == scoring


def test_opposition_passes_over_a_question_that_beats_every_other() -> None:
    ballots = [[("A", "C"), "B"], ["A", "C", "B"], ["C", "B", "A"], ["B", ("A", "C")]]
    profile = Profile.from_orders(ballots, "ABC", unranked="last", weights=[4, 47, 43, 6])
    found = {scoring: rank(profile, "minimax", scoring=scoring) for scoring in ("winning", "margins", "opposition")}
    assert {scoring: ranking.scores.tolist() for scoring, ranking in found.items()} == {
        "winning": [0, 94, 47],
        "margins": [0, 88, 4],
        "opposition": [49, 94, 47],
    }
    assert [ranking.winners for ranking in found.values()] == [("A",), ("A",), ("C",)]


def test_three_scorings_of_minimax_choose_three_winners() -> None:
    """B beats A by 15 to 14, D beats B by 10 to 8, A beats D by 13 to 8."""
    profile = Profile.from_orders(["ADC", "DB", "DAC", "BC", "DCB", "A"], unranked="last", weights=[2, 3, 1, 8, 4, 11])
    found = {scoring: rank(profile, "minimax", scoring=scoring) for scoring in ("winning", "margins", "opposition")}
    assert {scoring: (ranking.winners, ranking.scores.tolist()) for scoring, ranking in found.items()} == {
        "winning": (("B",), [15, 10, 14, 13]),
        "margins": (("A",), [1, 2, 4, 5]),
        "opposition": (("D",), [15, 14, 14, 13]),
    }


@each_strength
def test_the_forty_five_ballots_of_schulze(strength: str) -> None:
    ranking = rank(SCHULZE_1, "schulze", strength=strength)
    assert places(SCHULZE_1, "schulze", strength=strength) == "E>A>C>B>D"
    assert ranking.scores is None
    assert ranking.diagnostics["weak_order"]
    assert ranking.diagnostics["incomparable_pairs"] == 0
    assert ranking.diagnostics["strength"] == strength


def test_the_strongest_chains_of_schulzes_first_example() -> None:
    chains = strongest_chains(np.where((margins := PairwiseTally.of(SCHULZE_1).margins()) > 0, margins, 0))
    np.fill_diagonal(chains, 0)
    # Printed as winning votes 28 28 30 24, 25 28 33 24, ... of 45; margins are twice these less 45.
    votes = [[0, 28, 28, 30, 24], [25, 0, 28, 33, 24], [25, 29, 0, 29, 24], [25, 28, 28, 0, 24], [25, 28, 28, 31, 0]]
    assert chains.tolist() == [[2 * n - 45 if n else 0 for n in row] for row in votes]


def test_strengths_of_any_length_come_back_as_they_were() -> None:
    long = np.array([[0, 7 * 10**30, 0], [0, 0, 5 * 10**30], [2 * 10**30, 0, 0]], dtype=object)
    assert strongest_chains(long).tolist() == [[n * 10**30 for n in row] for row in ([2, 7, 5], [2, 2, 5], [2, 2, 2])]


def test_schulze_says_where_it_leaves_two_questions_incomparable() -> None:
    """B and D are unbeaten; A is below D alone, C below B alone, and the tiers must not pretend otherwise."""
    ranking = rank(SCHULZE_4, "schulze")
    assert ranking.tiers == (("B", "D"), ("A", "C"))
    assert not ranking.diagnostics["weak_order"]
    assert ranking.diagnostics["incomparable_pairs"] == 2


# Schulze 2011, example 11, where each ballot names four of five.
TRUNCATED = election("9 ADBE", "6 BCAD", "5 BCDE", "2 CDBE", "6 DECB", "14 EACB", "2 ECAB", "1 EDAC", unranked="absent")


def test_margins_and_winning_votes_choose_differently() -> None:
    """Schulze 2011, example 11, reading what a ballot leaves out as absent."""
    assert places(TRUNCATED, "schulze", strength="winning") == "D>E>A>C>B"
    assert places(TRUNCATED, "schulze", strength="margins") == "A>D>E>C>B"
    assert places(TRUNCATED, "ranked_pairs", strength="winning") == "D>E>A>C>B"
    assert places(TRUNCATED, "ranked_pairs", strength="margins") == "A>D>E>C>B"
    assert rank(TRUNCATED, "minimax", scoring="winning").winners == ("D",)
    assert rank(TRUNCATED, "minimax", scoring="margins").winners == ("A",)


def test_ranked_pairs_leaves_aside_what_contradicts_stronger_defeats() -> None:
    """A beats B by 5, B beats C by 9, C beats A by 3: a circle, opened where it is weakest."""
    circle = election("7 ABC", "6 BCA", "4 CAB")
    ranking = rank(circle, "ranked_pairs")
    assert ranking.tiers == (("A",), ("B",), ("C",))
    assert ranking.scores is None
    assert not ranking.diagnostics["ties_matter"]
    assert ranking.diagnostics["all_tie_breaks"]


def test_fewer_losing_votes_decide_between_equal_winning_votes() -> None:
    """Three defeats of 5 votes, against 4, 3 and 2: the one against 4 is the weakest, and is passed over."""
    pairs = {("a", "b"): (5, 4), ("b", "c"): (5, 3), ("c", "a"): (5, 2)}
    orders = [
        [x, y] for (i, j), (won, lost) in pairs.items() for x, y, n in ((i, j, won), (j, i, lost)) for _ in range(n)
    ]
    ranking = rank(Profile.from_orders(orders, unranked="absent"), "ranked_pairs", strength="winning")
    assert ranking.tiers == (("b",), ("c",), ("a",))
    assert not ranking.diagnostics["ties_matter"]


@each_strength
def test_all_who_win_for_some_order_of_equal_pairs_are_first(strength: str) -> None:
    ranking = rank(EQUAL_PAIRS, "ranked_pairs", strength=strength)
    assert ranking.winners == ("B", "C")
    assert ranking.diagnostics["tie_break"] == "all"
    assert ranking.diagnostics["ties_matter"]
    assert ranking.diagnostics["all_tie_breaks"]


def test_equal_pairs_that_close_a_circle_can_be_left_out() -> None:
    circle = election("1 ABCD", "1 BCAD", "1 CABD")
    ranking = rank(circle, "ranked_pairs", tie_break="leave_out")
    assert ranking.tiers == (("A", "B", "C"), ("D",))
    assert ranking.diagnostics["ties_matter"]
    assert not ranking.diagnostics["all_tie_breaks"]
    assert rank(circle, "ranked_pairs").diagnostics["all_tie_breaks"]


@pytest.mark.parametrize("bound", ["WORK", "LOOKS"])
def test_a_search_given_up_is_said_and_answered_by_leaving_out(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(locking, bound, 8)
    ranking = rank(EQUAL_PAIRS, "ranked_pairs")
    assert not ranking.diagnostics["all_tie_breaks"]
    assert ranking.diagnostics["tie_break"] == "all"
    assert ranking.tiers == rank(EQUAL_PAIRS, "ranked_pairs", tie_break="leave_out").tiers


def test_few_ballots_about_many_items_are_not_searched_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, until_choice = [0], locking._until_choice

    def counted(order: locking.Order, classes: Any) -> Any:
        looks[0] += sum(map(len, classes))
        return until_choice(order, classes)

    monkeypatch.setattr(locking, "_until_choice", counted)
    rng = np.random.default_rng(1)
    orders = [rng.permutation(150) + 1 for _ in range(3)]
    profile = Profile.from_ranks(np.array(orders), [f"q{i}" for i in range(150)], unranked="last")
    assert not rank(profile, "ranked_pairs").diagnostics["all_tie_breaks"]
    assert looks[0] * 150 < 1.2 * locking.LOOKS


def test_undecided_pairs_are_counted() -> None:
    profile = Profile.from_orders(["ab", "ba", "bc"], "abcd", unranked="absent")
    for method in ("minimax", "schulze", "ranked_pairs"):
        diagnostics = rank(profile, method).diagnostics
        assert (diagnostics["level_pairs"], diagnostics["uncompared_pairs"]) == (5, 4)


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("minimax", {"scoring": "losing"}),
        ("schulze", {"strength": "opposition"}),
        ("ranked_pairs", {"strength": "wide"}),
        ("ranked_pairs", {"tie_break": "random"}),
    ],
)
def test_unknown_choices_are_refused(method: str, wrong: dict[str, str]) -> None:
    with pytest.raises(MethodError, match=next(iter(wrong))):
        rank(TENNESSEE, method, **wrong)


@given(profile=profiles(), scoring=st.sampled_from(["winning", "margins", "opposition"]))
def test_minimax_is_what_its_definition_says(profile: Profile, scoring: str) -> None:
    say = say_by_pair(profile)
    measure = {
        "winning": lambda won, lost: won if won > lost else Fraction(0),
        "margins": lambda won, lost: max(won - lost, Fraction(0)),
        "opposition": lambda won, _lost: won,
    }[scoring]
    m = profile.n_items
    worst = [max((measure(say[j, i], say[i, j]) for j in range(m)), default=Fraction(0)) for i in range(m)]
    ranking = rank(profile, "minimax", scoring=scoring)
    assert ranking.scores.tolist() == [float(score) for score in worst]
    assert [set(tier) for tier in ranking.tiers] == [
        {item for item, score in zip(profile.items, worst, strict=True) if score == level}
        for level in sorted(set(worst))
    ]


def every_path(i: int, j: int, m: int) -> list[tuple[int, ...]]:
    others = [k for k in range(m) if k not in (i, j)]
    return [(i, *middle, j) for length in range(len(others) + 1) for middle in permutations(others, length)]


@given(profile=profiles(items=st.integers(1, 5)), strength=st.sampled_from(STRENGTHS))
def test_schulze_is_what_looking_at_every_chain_says(profile: Profile, strength: str) -> None:
    m, link = profile.n_items, strength_of(profile, strength)
    chain = {
        (i, j): max(min(link.get(step, 0) for step in pairwise(path)) for path in every_path(i, j, m))
        for i, j in permutations(range(m), 2)
    }
    above = {(i, j) for i, j in chain if chain[i, j] > chain[j, i]}
    ranking = rank(profile, "schulze", strength=strength)
    tier = [next(t for t, members in enumerate(ranking.tiers) if item in members) for item in profile.items]
    for j in range(m):
        higher = [tier[i] for i in range(m) if (i, j) in above]
        assert tier[j] == (max(higher) + 1 if higher else 0)
    assert ranking.diagnostics["incomparable_pairs"] == sum(
        tier[i] < tier[j] and (i, j) not in above for i, j in permutations(range(m), 2)
    )
    assert ranking.diagnostics["weak_order"] == (ranking.diagnostics["incomparable_pairs"] == 0)


@given(data=st.data())
def test_layers_are_the_longest_lines(data: st.DataObject) -> None:
    m = data.draw(st.integers(1, 6))
    order = data.draw(st.permutations(range(m)))
    chosen = {(order[i], order[j]) for i in range(m) for j in range(i + 1, m) if data.draw(st.booleans())}
    above = np.zeros((m, m), dtype=bool)
    for i, j in closure(chosen, m):
        above[i, j] = True

    def longest(j: int) -> int:
        return max((longest(i) + 1 for i in range(m) if above[i, j]), default=0)

    assert layers_of(above).tolist() == [longest(j) for j in range(m)]


@pytest.mark.parametrize("method", ["minimax", "schulze", "ranked_pairs"])
def test_numbers_beyond_64_bits_give_the_same_tiers(method: str) -> None:
    """Five sides of prime numbers of ballots have no short common measure, but say the same as one ballot each."""
    orders, sides = ["ABCD", "BCAD", "CABD", "BDCA", "DABC"], ["v", "w", "x", "y", "z"]
    plain = Profile.from_orders(orders, unranked="last", sides=sides)
    long = plain.replace(weights=[999983, 999979, 999961, 999959, 999953])
    assert PairwiseTally.of(long).shared().counts.dtype == object
    assert rank(long, method).tiers == rank(plain, method).tiers


@pytest.mark.parametrize("method", ["minimax", "schulze", "ranked_pairs"])
def test_a_tally_gives_what_its_ballots_give(method: str) -> None:
    assert rank(PairwiseTally.of(SCHULZE_1), method).as_dict() == rank(SCHULZE_1, method).as_dict()
