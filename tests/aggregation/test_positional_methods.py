"""Points for places: printed numbers, and each rule once more from its definition, ballot by ballot."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import permutations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import METHODS, MethodError, Profile, Ranking, rank
from aggregation.methods.places import Places, say_of
from tests.aggregation.strategies import profiles, voices

TENNESSEE = Profile.from_orders(["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17])
UP_TO_FOUR = st.integers(1, 4)


@cache
def strict_orders(row: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All strict orders that a row of ranks allows when what is level may stand either way; 0 is best."""
    return [order for order in permutations(range(len(row))) if [row[i] for i in order] == sorted(row)]


def mean_points(row: tuple[int, ...], points: list[Fraction]) -> list[Fraction]:
    """The mean points of each item over all strict orders of a row: what sharing the places of a tie means."""
    orders = strict_orders(row)
    return [sum((points[order.index(i)] for order in orders), Fraction(0)) / len(orders) for i in range(len(row))]


def with_unranked(row: list[int], at: int) -> tuple[int, ...]:
    return tuple(rank_ or at for rank_ in row)


def points_by_definition(profile: Profile, points: list[Fraction]) -> list[Fraction]:
    total = [Fraction(0)] * profile.n_items
    for row, voice in zip(profile.ranks.tolist(), voices(profile), strict=True):
        last, first = with_unranked(row, 99), with_unranked(row, -1)
        readings = [last] if profile.unranked == "last" else [last, first]
        for reading in readings:
            gained = mean_points(reading, points)
            total = [t + voice * g / len(readings) for t, g in zip(total, gained, strict=True)]
    return total


def named_by_definition(profile: Profile, points: list[Fraction]) -> list[Fraction]:
    total = [Fraction(0)] * profile.n_items
    for row, voice in zip(profile.ranks.tolist(), voices(profile), strict=True):
        gained = mean_points(with_unranked(row, 99), points)
        total = [t + voice * g * bool(r) for t, g, r in zip(total, gained, row, strict=True)]
    return total


def first_k(k: int, n_items: int) -> list[Fraction]:
    return [Fraction(place < k) for place in range(n_items)]


def assert_scores(profile: Profile, method: str, expected: list[Fraction], **parameters: object) -> None:
    ranking = rank(profile, method, **parameters)
    assert ranking.scores.tolist() == [float(each) for each in expected]
    levels = sorted(set(expected), reverse=True)
    items = zip(profile.items, expected, strict=True)
    by_level = {level: set() for level in levels}
    for item, score in items:
        by_level[score].add(item)
    assert [set(tier) for tier in ranking.tiers] == [by_level[level] for level in levels]


def test_one_ballot_of_nauru() -> None:
    """The card that the electoral commission prints: places 2, 4, 5, 3, 1, 6."""
    card = Profile(ranks=[[2, 4, 5, 3, 1, 6]], items=list("123456"), unranked="last")
    assert rank(card, "dowdall").scores.tolist() == [1 / 2, 1 / 4, 1 / 5, 1 / 3, 1, 1 / 6]


def test_tennessee_by_place() -> None:
    assert rank(TENNESSEE, "dowdall").scores.round(3).tolist() == [56.5, 57.667, 50.5, 43.667]
    assert rank(TENNESSEE, "plurality").scores.tolist() == [42, 26, 15, 17]
    assert rank(TENNESSEE, "approval", k=2).scores.tolist() == [42, 68, 58, 32]
    assert rank(TENNESSEE, "positional", vector=[3, 1]).scores.tolist() == [126, 120, 88, 66]


def test_importance_of_an_outcome_named_first_by_three_second_by_two_and_fifth_by_one_of_ten() -> None:
    """The importance score of nominal groups, .3 + .1 + .02 = .42 a person."""
    orders = ["x1234"] * 3 + ["1x234"] * 2 + ["1234x"] + ["12345"] * 4
    profile = Profile.from_orders(orders, "x12345", unranked="last")
    assert rank(profile, "positional", vector="1,1/2,1/3,1/4,1/5").scores[0] == 4.2


@given(profile=profiles(items=UP_TO_FOUR), numbers=st.lists(st.fractions(-3, 3, max_denominator=7), min_size=4))
def test_points_for_places_are_the_mean_over_all_strict_orders(profile: Profile, numbers: list[Fraction]) -> None:
    vector = sorted(numbers, reverse=True)
    assert_scores(
        profile,
        "positional",
        points_by_definition(profile, vector[: profile.n_items]),
        vector=[*vector[:4], vector[-1]],
    )


@given(profile=profiles(items=UP_TO_FOUR))
def test_dowdall_is_what_its_definition_says(profile: Profile) -> None:
    points = [Fraction(1, place) for place in range(1, profile.n_items + 1)]
    assert_scores(profile, "dowdall", points_by_definition(profile, points))
    assert rank(profile, "positional", vector=points).tiers == rank(profile, "dowdall").tiers


@given(profile=profiles())
def test_evenly_falling_points_are_borda_under_both_readings_of_unranked(profile: Profile) -> None:
    by_places = rank(profile, "positional", vector=range(profile.n_items - 1, -1, -1))
    by_pairs = rank(profile, "borda")
    assert by_places.scores.tolist() == by_pairs.scores.tolist()
    assert by_places.tiers == by_pairs.tiers


@given(profile=profiles(items=UP_TO_FOUR), k=st.integers(1, 5))
def test_approval_and_plurality_share_what_a_tie_leaves_of_the_first_places(profile: Profile, k: int) -> None:
    assert_scores(profile, "approval", named_by_definition(profile, first_k(k, profile.n_items)), k=k)
    assert_scores(profile, "plurality", named_by_definition(profile, first_k(1, profile.n_items)))


def test_two_level_at_the_last_approved_place_have_half_an_approval_each() -> None:
    profile = Profile(ranks=[[1, 2, 2, 4, 0], [1, 1, 1, 0, 0]], items=list("abcde"), unranked="absent")
    assert rank(profile, "approval", k=2).scores.tolist() == [5 / 3, 7 / 6, 7 / 6, 0, 0]


def test_approval_looks_at_places_where_the_equal_weight_rule_looks_at_ranks() -> None:
    piles = Profile(ranks=[[1, 2, 101, 101, 0]], items=list("abcde"), unranked="absent")
    assert rank(piles, "approval", k=3).scores.tolist() == [1, 1, 0.5, 0.5, 0]
    assert rank(piles, "jla", k=3).diagnostics["side_points"] == {"all": [3, 2, 0, 0, 0]}


def test_a_blank_ballot_votes_for_nothing_but_gives_every_place_the_same() -> None:
    profile = Profile(ranks=[[1, 2], [0, 0]], items=["a", "b"], unranked="last")
    assert rank(profile, "plurality").scores.tolist() == [1, 0]
    assert rank(profile, "dowdall").scores.tolist() == [1.75, 1.25]


def test_one_who_was_left_out_is_in_the_middle_under_absent_and_last_under_last() -> None:
    profile = Profile.from_orders(["ab"], "abc", unranked="last")
    assert rank(profile, "positional", vector=[4, 1]).scores.tolist() == [4, 1, 0]
    assert rank(profile, "positional", vector=[4, 1], unranked="absent").scores.tolist() == [2.5, 0.5, 2]


def test_points_are_not_rounded() -> None:
    """Three thirds are one, and a hundred-millionth more is more."""
    profile = Profile.from_orders(["abc", "cab", "cab", "bac"], unranked="last")
    level = rank(profile, "positional", vector=["1/3", "1/3", 0])
    assert level.tiers == (("a",), ("b", "c"))
    assert level.diagnostics["vector"] == ["1/3", "1/3", "0"]
    assert rank(profile, "positional", vector="0.33333333333333333334,0.33333333333333333333,0").tiers == (
        ("a",),
        ("c",),
        ("b",),
    )


@pytest.mark.parametrize(
    ("vector", "reason"),
    [
        (None, "`vector` is needed: the points for place 1, 2"),
        ((), "`vector` is needed"),
        ("1,2", "goes up: place 1 has 1 and place 2 has 2"),
        ("3,2,-1", "goes up: place 3 has -1 and place 4 has 0"),
        ("5,4,3,2,1,7", "goes up: place 5 has 1 and place 6 has 7"),
        ("1,many", "`vector` must be numbers separated by commas"),
        ([float("nan")], "`vector` must be numbers"),
        ([float("inf")], "`vector` must be numbers"),
        ("1/0", "`vector` must be numbers"),
        ([10**15 + 1], "at most 1e\\+15"),
        ("0,0,0,-2e15", "at most 1e\\+15"),
    ],
)
def test_points_that_are_none_are_refused(vector: object, reason: str) -> None:
    parameters = {} if vector is None else {"vector": vector}
    with pytest.raises(MethodError, match=reason):
        rank(TENNESSEE, "positional", **parameters)


def test_the_method_itself_refuses_what_is_no_number() -> None:
    from aggregation.methods.positional import positional

    with pytest.raises(MethodError, match="`vector` must be numbers, not"):
        positional(TENNESSEE, vector=[object()])


def test_points_below_zero_and_for_more_places_than_there_are() -> None:
    assert rank(TENNESSEE, "positional", vector=[0, 0, 0, -1]).scores.tolist() == [-58, 0, 0, -42]
    assert rank(TENNESSEE, "positional", vector=[10**15, 1, 1, 1, 1, -7]).winners == ("M",)


@pytest.mark.parametrize("method", ["approval", "jla", "jla_union"])
@pytest.mark.parametrize("k", [0, -1, 65_536, 10**400])
def test_a_number_of_places_out_of_range_is_refused(method: str, k: int) -> None:
    with pytest.raises(MethodError, match="`k` must be 1 or more, at most 65535"):
        rank(TENNESSEE, method, k=k)


@pytest.mark.parametrize("method", ["approval", "jla", "jla_union"])
def test_more_places_than_questions_are_all_places(method: str) -> None:
    assert rank(TENNESSEE, method, k=65_535).tiers == rank(TENNESSEE, method, k=300).tiers


@given(profile=profiles(items=UP_TO_FOUR))
def test_bucklin_is_what_its_definition_says(profile: Profile) -> None:
    m, total = profile.n_items, sum(voices(profile), Fraction(0))
    votes = [named_by_definition(profile, first_k(k, m)) for k in range(1, m + 1)]
    reached = [[2 * votes[k][i] > total for k in range(m)] for i in range(m)]
    scores = []
    for i in range(m):
        round_ = reached[i].index(True) if any(reached[i]) else m - 1
        scores.append(m - 1 - round_ + votes[round_][i] / total)
    assert_scores(profile, "bucklin", scores)
    deciding = min((row.index(True) for row in reached if any(row)), default=m - 1)
    diagnostics = rank(profile, "bucklin").diagnostics
    assert diagnostics["round"] == deciding + 1
    assert list(diagnostics["votes"].values()) == [float(each) for each in votes[deciding]]
    assert diagnostics["reached"] == any(map(any, reached))
    most = max(votes[deciding])
    assert [votes[deciding][profile.items.index(i)] for i in rank(profile, "bucklin").winners].count(most) >= 1
    assert all(votes[deciding][profile.items.index(i)] == most for i in rank(profile, "bucklin").winners)


def test_bucklin_needs_more_than_half_of_all_ballots_blank_ones_included() -> None:
    half = Profile.from_orders(["ab", "ba"], unranked="last")
    assert rank(half, "bucklin").diagnostics["round"] == 2
    blank = Profile.from_orders(["a", "a", [], []], "ab", unranked="last")
    diagnostics = rank(blank, "bucklin").diagnostics
    assert (diagnostics["round"], diagnostics["reached"], diagnostics["majority"]) == (2, False, 2)
    more = Profile.from_orders(["a", "a", "a", [], []], "ab", unranked="last")
    assert rank(more, "bucklin").diagnostics["round"] == 1


def test_bucklin_puts_an_earlier_majority_above_a_larger_one() -> None:
    """In 5 abc, 4 cba, a has 5 of 9 in round 1; b has all in round 2, c never more than 4 before round 3."""
    ranking = rank(Profile.from_orders(["abc", "cba"], unranked="last", weights=[5, 4]), "bucklin")
    assert ranking.tiers == (("a",), ("b",), ("c",))
    assert ranking.scores.tolist() == pytest.approx([2 + 5 / 9, 2, 1])


SIDES = ["p", "p", "p", "c", "c"]


def union(orders: list[str], k: int, sides: list[str] | None = SIDES, **more: object) -> object:
    return rank(Profile.from_orders(orders, "ABCDE", unranked="last", sides=sides, **more), "jla_union", k=k)


def test_what_is_on_both_lists_comes_before_what_is_on_one() -> None:
    ranking = union(["AB", "BA", "AD", "DB", "DB"], 2)
    assert ranking.tiers == (("B",), ("A", "D"), ("C", "E"))
    assert ranking.scores.tolist() == [1, 2, 0, 1, 0]
    assert ranking.diagnostics["union"] == ["A", "B", "D"]
    assert ranking.diagnostics["first"] == {"c": ["D", "B"], "p": ["A", "B"]}
    assert ranking.diagnostics["tied"] == {"c": [], "p": []}


def test_all_that_are_level_at_the_last_place_of_a_list_are_on_it_and_named() -> None:
    """With k = 3, p gives A and D 3 points, B 2, C 1: three fit. With k = 2, A, C and D share the second place."""
    fits = union(["ABC", "D", "D", "E", "E"], 3, ["p", "p", "q", "c", "c"])
    assert fits.diagnostics["first"] == {"c": ["E"], "p": ["A", "D", "B"], "q": ["D"]}
    assert not any(fits.diagnostics["tied"].values())
    tied = union(["AB", "C", "D", "E", "E"], 2)
    assert tied.diagnostics["first"] == {"c": ["E"], "p": ["A", "C", "D"]}
    assert tied.diagnostics["tied"] == {"c": [], "p": ["A", "C", "D"]}
    assert tied.tiers == (("A", "C", "D", "E"), ("B",))


def test_a_question_without_points_is_on_no_list() -> None:
    assert union(["A"], 3, None).tiers == (("A",), ("B", "C", "D", "E"))


def test_three_sides_make_up_to_four_tiers_and_their_shares_do_not_matter() -> None:
    orders, sides = ["AB", "AB", "AC", "BD"], ["x", "x", "y", "z"]
    shares = {"x": 0.8, "y": 0.1, "z": 0.1}
    for more in ({}, {"shares": shares}):
        assert union(orders, 2, sides, **more).tiers == (("A", "B"), ("C", "D"), ("E",))
    assert union(["AB", "AC", "AB"], 2, ["x", "y", "z"]).tiers == (("A",), ("B",), ("C",), ("D", "E"))


CALLS = {"AE": 10, "AD": 2, "BD": 4, "BC": 3, "CB": 3, "DC": 1, "DA": 1}


def test_best_and_worst_of_twelve_people_with_two_cards() -> None:
    cards = [[best, set("ABCDE") - {best, worst}, worst] for best, worst in CALLS]
    ranking = rank(Profile.from_orders(cards, "ABCDE", unranked="absent", weights=list(CALLS.values())), "best_worst")
    assert list(ranking.diagnostics["best"].values()) == [12, 7, 3, 2, 0]
    assert list(ranking.diagnostics["worst"].values()) == [1, 3, 4, 6, 10]
    assert set(ranking.diagnostics["shown"].values()) == {24}
    assert ranking.scores.round(4).tolist() == [0.4583, 0.1667, -0.0417, -0.1667, -0.4167]
    ratios = [round(each, 4) for each in ranking.diagnostics["ratio"].values()]
    assert ratios == [2.8868, 1.4639, 0.8819, 0.6202, 0.2182]


@given(profile=profiles())
def test_best_less_worst_is_what_its_definition_says(profile: Profile) -> None:
    best, worst, shown = ([Fraction(0)] * profile.n_items for _ in range(3))
    for row, voice in zip(profile.ranks.tolist(), voices(profile), strict=True):
        card = {i: r or 99 for i, r in enumerate(row) if r or (profile.unranked == "last" and any(row))}
        for i, r in card.items():
            shown[i] += voice
            if len(set(card.values())) > 1:
                levels = list(card.values())
                best[i] += voice * Fraction(r == min(levels), levels.count(r))
                worst[i] += voice * Fraction(r == max(levels), levels.count(r))
    rows = list(zip(best, worst, shown, strict=True))
    assert_scores(profile, "best_worst", [(b - w) / n if n else Fraction(0) for b, w, n in rows])
    diagnostics = rank(profile, "best_worst").diagnostics
    assert list(diagnostics["best"].values()) == [float(each) for each in best]
    assert list(diagnostics["worst"].values()) == [float(each) for each in worst]
    assert list(diagnostics["shown"].values()) == [float(each) for each in shown]
    assert diagnostics["never_shown"] == [item for item, n in zip(profile.items, shown, strict=True) if not n]
    assert diagnostics["ratio"] is None
    pooled = rank(profile.pooled(), "best_worst").diagnostics
    for item, ratio in pooled["ratio"].items():
        assert ratio == pytest.approx(sqrt((pooled["best"][item] + 0.5) / (pooled["worst"][item] + 0.5)))


def test_a_card_shows_what_it_ranks_or_everything() -> None:
    profile = Profile.from_orders(["ab", "a", []], "abc", unranked="absent")
    absent = rank(profile, "best_worst")
    assert absent.scores.tolist() == [0.5, -1, 0]
    assert absent.diagnostics["never_shown"] == ["c"]
    last = rank(profile, "best_worst", unranked="last")
    assert last.scores.tolist() == [1, -0.25, -0.75]


@pytest.mark.parametrize("worst", [255, 256, 65_535])
@pytest.mark.parametrize("method", ["dowdall", "plurality", "best_worst", "bucklin", "irv", "baldwin"])
def test_the_largest_rank_is_not_taken_for_unranked(method: str, worst: int) -> None:
    far = Profile(ranks=[[1, worst, 0], [worst, 0, 1]], items=list("abc"), unranked="last")
    near = Profile(ranks=[[1, 2, 0], [2, 0, 1]], items=list("abc"), unranked="last")
    assert rank(far, method).as_dict() == rank(near, method).as_dict()


def test_ballots_counted_in_blocks_are_all_counted() -> None:
    rows = np.tile([[1, 2, 3], [3, 1, 2], [2, 0, 1]], (40_000, 1))
    profile = Profile(ranks=rows, items=list("abc"), unranked="absent")
    small = Profile(ranks=rows[:3], items=list("abc"), unranked="absent", weights=[40_000] * 3)
    for method in ("dowdall", "plurality", "bucklin", "best_worst", "jla", "jla_union"):
        assert rank(profile, method).as_dict() == rank(small, method).as_dict()


def test_a_say_beyond_64_bits_is_exact() -> None:
    """Sides of 99991 and 100003 ballots in millionths: the common scale has more than 63 bits."""
    profile = Profile.from_orders(
        ["abc", "bca", "bca", "cab"],
        unranked="last",
        weights=[99_991.000001, 7, 100_003.000003, 5.5],
        sides=["x", "x", "y", "y"],
        shares={"x": 0.3, "y": 0.7},
    )
    say, _ = say_of(profile)
    assert say.dtype == object
    for method, points in (("plurality", [1, 0, 0]), ("dowdall", [1, Fraction(1, 2), Fraction(1, 3)])):
        assert_scores(profile, method, points_by_definition(profile, [Fraction(each) for each in points]))
    assert rank(profile, "best_worst").scores.tolist() == pytest.approx(
        [float(each) for each in points_by_definition(profile, [Fraction(1), Fraction(0), Fraction(-1)])]
    )
    assert rank(profile, "irv").winners == ("b",)


def test_places_of_a_tie_are_shared_and_those_of_unranked_items_only_where_asked() -> None:
    ranks, say = np.array([[1, 1, 9, 0], [0, 0, 0, 0]], dtype=np.uint8), np.array([2, 3])
    assert [dict(each) for each in Places.named(ranks, say, 1).say] == [{(0, 2): 2}, {(0, 2): 2}, {(2, 3): 2}, {}]
    assert dict(Places.every(ranks, say, 1).say[3]) == {(3, 4): 2, (0, 4): 3}
    assert dict(Places.every(ranks, say, 1, unranked_first=True).say[3]) == {(0, 1): 2, (0, 4): 3}


def test_the_page_counts_the_rounds_of_the_capital() -> None:
    """In round 4 every ballot has been counted to its end, so that M, last on 58 of 100, has a majority then."""
    assert rank(TENNESSEE, "bucklin").scores.tolist() == [1, 2.68, 2.58, 1.58]


@pytest.mark.parametrize(("ahead", "k"), [([], 2), (list("efghijkl"), 10)])
def test_a_winner_put_higher_may_make_room_on_a_list_for_another(ahead: list[str], k: int) -> None:
    """Every item is on one list; then one clinician puts b first, c loses points, and a joins the clinicians' list."""

    def union(*orders: str) -> Ranking:
        rows, sides = [[*ahead, *order] for order in orders], ["patients", "clinicians", "clinicians"]
        return rank(
            Profile.from_orders(rows, ["a", "b", "c", "d", *ahead], unranked="last", sides=sides), "jla_union", k=k
        )

    before, after = union("adcb", "cdab", "badc"), union("adcb", "bcda", "badc")
    assert before.diagnostics["first"]["patients"][-2:] == ["a", "d"]
    assert {"b", "c"} == set(before.diagnostics["first"]["clinicians"]) - set(ahead)
    assert {"a", "b", "c"} == set(after.diagnostics["first"]["clinicians"]) - set(ahead)
    assert after.ranks[0] < after.ranks[1]
    assert "monotone" not in METHODS["jla_union"].axioms
