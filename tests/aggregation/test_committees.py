"""Rules of choice: printed counts, second algorithms, what no vote may do, and what a solid coalition is owed."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregation import RULES, Profile, elect
from aggregation.committees.papers import papers_of
from tests.aggregation.counting import expanding_by_ballot, gregory_by_ballot, meek_by_floats, phragmen_by_money
from tests.aggregation.strategies import prefers, profiles, voices

TRANSFERABLE = ["stv_scottish", "stv_wigm", "stv_meek"]
FOOD = {
    ("orange",): 4,
    ("pear", "orange"): 2,
    ("chocolate", "strawberry"): 8,
    ("chocolate", "sweets"): 4,
    ("strawberry",): 1,
    ("sweets",): 1,
}


def a_profile(orders: dict[Any, int], items: str | None = None, **more: Any) -> Profile:
    more = {"unranked": "absent", "weights": list(orders.values())} | more
    return Profile.from_orders(list(orders), items, **more)


@st.composite
def orders_of_many(draw: st.DrawFn, *, ties: bool, complete: bool = False) -> Profile:
    """Two to five items, a few different orders, and so many people behind each that little is level."""
    m, n = draw(st.integers(2, 5)), draw(st.integers(2, 7))
    items = "abcde"[:m]
    row = st.lists(st.integers(0, m), min_size=m, max_size=m) if ties else st.permutations(range(1, m + 1))
    rows = draw(st.lists(row, min_size=n, max_size=n))
    if not ties and not complete:
        kept = draw(st.lists(st.integers(1, m), min_size=n, max_size=n))
        rows = [[rank if rank <= most else 0 for rank in ranks] for ranks, most in zip(rows, kept, strict=True)]
    weights = draw(st.lists(st.integers(1, 400), min_size=n, max_size=n))
    return Profile.from_ranks(rows, list(items), unranked=draw(st.sampled_from(["last", "absent"])), weights=weights)


# Printed counts


@pytest.mark.parametrize("rule", ["stv_scottish", "stv_wigm"])
def test_the_party_gets_chocolate_oranges_and_strawberries(rule: str) -> None:
    committee = elect(a_profile(FOOD), rule, 3)
    assert committee.order == ("chocolate", "orange", "strawberry")
    assert committee.diagnostics["quota"] == 6
    votes = [{item: float(Fraction(votes)) for item, votes in each["votes"].items()} for each in committee.rounds[:3]]
    assert votes == [
        {"chocolate": 12, "orange": 4, "pear": 2, "strawberry": 1, "sweets": 1},
        {"chocolate": 6, "orange": 4, "pear": 2, "strawberry": 5, "sweets": 3},
        {"chocolate": 6, "orange": 6, "pear": 0, "strawberry": 5, "sweets": 3},
    ]
    assert [each["excluded"] for each in committee.rounds] == [[], [], ["pear"], ["sweets"]]
    assert [each["elected"] for each in committee.rounds] == [["chocolate"], [], ["orange"], ["strawberry"]]


def test_the_last_papers_move_in_the_exact_count_and_stay_in_the_scottish_one() -> None:
    exact, scottish = (elect(a_profile(FOOD), rule, 3) for rule in ("stv_wigm", "stv_scottish"))
    assert (exact.rounds[-1]["votes"]["sweets"], exact.rounds[-1]["exhausted"]) == ("0", "3")
    assert (scottish.rounds[-1]["votes"]["sweets"], scottish.rounds[-1]["exhausted"]) == ("3.00000", "0.00000")
    assert exact.diagnostics["exhausted_share"] == 0.15


def test_scottish_transfer_values_are_cut_after_five_decimals_again_and_again() -> None:
    """Quota 5: 4 of the 9 of a go on, .44444 a paper; 2.99996 of the 7.99996 of b, .16666 and .37499 a paper."""
    committee = elect(a_profile({"abcd": 9, "bcd": 4, "c": 3, "d": 3}), "stv_scottish", 3)
    assert committee.diagnostics["quota"] == 5
    assert committee.rounds[1]["transfers"] == {"b": "3.99996"}
    assert committee.rounds[1]["lost"] == "0.00004"
    assert committee.rounds[2]["transfers"] == {"c": "2.99990"}
    assert committee.rounds[2]["lost"] == "0.00010"
    assert committee.rounds[2]["votes"] == {"a": "5.00000", "b": "5.00000", "c": "5.99990", "d": "3.00000"}


def test_equal_lowest_votes_are_told_apart_by_the_latest_stage_that_can() -> None:
    """After e goes to b, b and c are level at 4; one stage before, b had less."""
    profile = a_profile({"a": 9, "b": 3, "eb": 1, "c": 4, "d": 6}, "abcde")
    for rule in ("stv_scottish", "stv_wigm"):
        committee = elect(profile, rule, 2, tie_break="reverse")
        assert committee.rounds[1]["of"] == "a"
        assert committee.rounds[2]["excluded"] == ["e"]
        assert committee.rounds[3]["excluded"] == ["b"]
        assert committee.diagnostics["tie_breaks"] == [
            {"stage": 4, "decided": "excluded", "items": ["b", "c"], "chosen": "b", "by": "the votes at stage 2"}
        ]


def test_the_search_goes_on_among_those_that_were_lowest_at_that_stage() -> None:
    """b, c and d are level at 60; a stage before, b and c had 50; at the first, b had 49, c 50, and d 48."""
    orders = {"a": 100, "b": 49, "c": 50, "d": 48, "xb": 1, "xd": 12, "yb": 10, "yc": 10}
    for rule in ("stv_scottish", "stv_wigm"):
        committee = elect(a_profile(orders), rule, 1)
        assert committee.rounds[3]["excluded"] == ["b"]
        assert committee.diagnostics["tie_breaks"][0]["by"] == "the votes at stage 1"


def test_the_largest_surplus_goes_on_first_and_an_equal_one_by_its_history() -> None:
    """Quota 10: b has 13 before a has 12. Then c and d have 11 each; at the stages before, d had more."""
    largest = a_profile({"a": 12, "b": 13, "c": 6, "d": 5, "e": 3})
    assert [each["of"] for each in elect(largest, "stv_wigm", 3).rounds[:3]] == [None, "b", "a"]
    equal = a_profile({"c": 8, "d": 9, "xc": 3, "xd": 2, "e": 9, "f": 8}, "cdefx")
    for rule in ("stv_scottish", "stv_wigm"):
        committee = elect(equal, rule, 3)
        assert committee.rounds[1]["elected"] == ["d", "c"]
        assert committee.rounds[2]["of"] == "d"
        assert committee.diagnostics["tie_breaks"][1] == {
            "stage": 3,
            "decided": "whose surplus is passed on first",
            "items": ["c", "d"],
            "chosen": "d",
            "by": "the votes at stage 1",
        }


def test_meek_keeps_the_quota_and_no_more() -> None:
    committee = elect(a_profile({"ab": 4, "c": 2}), "stv_meek", 2)
    second = committee.rounds[1]
    assert second["votes"] == {"a": "2.000000004", "b": "1.999999996", "c": "2.000000000"}
    assert second["keep"] == {"a": "0.500000001", "b": "1.000000000", "c": "1.000000000"}
    assert second["quota"] == "2.000000001"
    assert committee.order == ("a", "c")


def test_phragmens_own_example() -> None:
    committee = elect(a_profile({"ABC": 1034, "PQR": 519, "ABQ": 90, "APQ": 47}), "phragmen", 3)
    assert committee.order == ("A", "Q", "B")
    assert committee.rounds[1]["load"] == str((1 + Fraction(137, 1171)) / 656)


def test_expanding_approvals_price_lies_just_above_what_divides_all_votes() -> None:
    committee = elect(a_profile({"abc": 6, "bca": 3}), "expanding_approvals", 2)
    assert committee.diagnostics["quota"] == "13/4"
    assert committee.rounds[0]["paid"] == "13/4"
    assert committee.rounds[0]["left"] == "23/4"


# Second algorithms


@given(profile=orders_of_many(ties=True), data=st.data())
def test_exact_count_equals_one_that_holds_every_ballot_apart(profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    committee = elect(profile, "stv_wigm", seats)
    assume(not committee.diagnostics["tie_breaks"])
    assert committee.order == tuple(profile.items[i] for i in gregory_by_ballot(profile, seats))


@given(profile=orders_of_many(ties=False), data=st.data())
def test_scottish_and_exact_counts_agree_where_nothing_is_rounded(profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    exact, scottish = elect(profile, "stv_wigm", seats), elect(profile, "stv_scottish", seats)
    assume(scottish.rounds[-1]["lost"] == "0.00000")
    assert scottish.members == exact.members
    for ours, theirs in list(zip(scottish.rounds, exact.rounds, strict=True))[:-1]:
        assert {item: Fraction(votes) for item, votes in ours["votes"].items()} == {
            item: Fraction(votes) for item, votes in theirs["votes"].items()
        }


@given(profile=orders_of_many(ties=True), data=st.data())
def test_meek_equals_a_count_by_floats_over_all_orders_of_the_ties(profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    expected = meek_by_floats(profile, seats)
    assume(expected is not None)
    assert set(elect(profile, "stv_meek", seats).members) == {profile.items[i] for i in expected or ()}


@given(profile=orders_of_many(ties=True), data=st.data())
def test_expanding_approvals_equals_a_count_that_holds_every_ballot_apart(
    profile: Profile, data: st.DataObject
) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    committee = elect(profile, "expanding_approvals", seats)
    assume(not committee.diagnostics["tie_breaks"])
    assert committee.order == tuple(profile.items[i] for i in expanding_by_ballot(profile, seats))


@given(profile=orders_of_many(ties=True), data=st.data())
def test_phragmen_equals_people_who_save_up_and_buy(profile: Profile, data: st.DataObject) -> None:
    seats, r = data.draw(st.integers(1, profile.n_items)), data.draw(st.integers(1, profile.n_items))
    committee = elect(profile, "phragmen", seats, r=r)
    assume(not committee.diagnostics["tie_breaks"])
    assert committee.order == tuple(profile.items[i] for i in phragmen_by_money(profile, seats, r))


# Promises


def owed(profile: Profile, seats: int) -> list[tuple[frozenset[str], int]]:
    """Every set of items that some people put above all others, and how many seats their quotas are owed."""
    scale = 100_000 if profile.shares else 1
    ballots = [(row, v * scale) for row, v in zip(profile.ranks.tolist(), voices(profile), strict=True) if any(row)]
    droop = sum((votes for _, votes in ballots), Fraction(0)) // (seats + 1) + 1
    found = []
    for size in range(1, profile.n_items + 1):
        for inside in combinations(range(profile.n_items), size):
            outside = set(range(profile.n_items)).difference(inside)
            votes = sum(
                votes
                for row, votes in ballots
                if all(prefers(row, i, j, profile.unranked) for i in inside for j in outside)
            )
            found.append((frozenset(profile.items[i] for i in inside), min(int(votes // droop), size)))
    return found


@pytest.mark.parametrize("rule", [key for key, row in RULES.items() if "solid coalitions" in row.axioms])
@given(profile=profiles(), data=st.data())
def test_a_solid_coalition_gets_what_its_quotas_are_owed(rule: str, profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    members = set(elect(profile, rule, seats).members)
    assert all(len(coalition & members) >= seats_owed for coalition, seats_owed in owed(profile, seats))


@pytest.mark.parametrize("rule", [*TRANSFERABLE, "expanding_approvals"])
@given(profile=orders_of_many(ties=False), data=st.data())
def test_a_solid_coalition_of_orders_without_ties_gets_its_seats(
    rule: str, profile: Profile, data: st.DataObject
) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    members = set(elect(profile, rule, seats).members)
    assert all(len(coalition & members) >= seats_owed for coalition, seats_owed in owed(profile, seats))


@given(profile=profiles(sides=False), data=st.data())
def test_people_who_support_the_same_questions_get_their_part_from_phragmen(
    profile: Profile, data: st.DataObject
) -> None:
    """Proportional justified representation: q/seats of all votes, q common questions, q chosen from their union."""
    seats, r = data.draw(st.integers(1, profile.n_items)), data.draw(st.integers(1, profile.n_items))
    members = set(elect(profile, "phragmen", seats, r=r).members)
    supported = []
    for row, votes in zip(profile.ranks.tolist(), voices(profile), strict=True):
        first = {
            item for item, rank in zip(profile.items, row, strict=True) if rank and sum(0 < o < rank for o in row) < r
        }
        if any(row):
            supported.append((first, votes))
    total = sum(votes for _, votes in supported)
    for size in range(1, len(supported) + 1):
        for people in combinations(supported, size):
            common = set.intersection(*(first for first, _ in people))
            q = min(len(common), int(sum(votes for _, votes in people) * seats // total))
            assert len(set.union(*(first for first, _ in people)) & members) >= q


@given(profile=profiles(), data=st.data())
def test_no_vote_is_lost_or_made(profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    total = papers_of(profile).total
    for each in elect(profile, "stv_wigm", seats).rounds:
        counted = sum(map(Fraction, each["votes"].values())) + Fraction(each["exhausted"])
        assert abs(counted - total) < Fraction(profile.n_items + 1, 10**12)
        assert each["lost"] == "0"
    scottish = elect(profile, "stv_scottish", seats)
    valid = Fraction(scottish.diagnostics["votes"])
    assert valid + Fraction(scottish.diagnostics["rejected"]) == total
    for each in scottish.rounds:
        counted = sum(map(Fraction, each["votes"].values())) + Fraction(each["exhausted"]) + Fraction(each["lost"])
        assert 0 <= valid - counted < Fraction(profile.n_ballots, 100_000)


@given(profile=profiles(), data=st.data())
def test_expanding_approvals_takes_the_quota_from_its_supporters_and_from_nobody_else(
    profile: Profile, data: st.DataObject
) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    committee = elect(profile, "expanding_approvals", seats)
    left = papers_of(profile).total
    for each in committee.rounds:
        left -= Fraction(each["paid"])
        assert abs(Fraction(each["left"]) - left) < Fraction(seats + 1, 10**12)
        full = Fraction(each["paid"]) == Fraction(committee.diagnostics["quota"])
        assert full != bool(each["without_quota"])
        assert full or profile.unranked == "absent" or not papers_of(profile).total


def test_one_ballot_cannot_pay_for_three_seats() -> None:
    """The quota is 1/4 + (3/4) / 4 = 7/16, and a third one is more than is left."""
    committee = elect(a_profile({"abc": 1}, unranked="last"), "expanding_approvals", 3)
    assert committee.diagnostics["quota"] == "7/16"
    assert [each["without_quota"] for each in committee.rounds] == [[], [], ["c"]]


@given(profile=profiles(unranked="last", sides=False), data=st.data())
def test_as_many_votes_as_seats_fill_every_seat_by_quota(profile: Profile, data: st.DataObject) -> None:
    votes = int(papers_of(profile).total)
    assume(votes)
    seats = data.draw(st.integers(1, min(votes, profile.n_items)))
    committee = elect(profile, "expanding_approvals", seats)
    assert not any(each["without_quota"] for each in committee.rounds)
