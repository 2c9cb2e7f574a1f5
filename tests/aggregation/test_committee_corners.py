"""Rules of choice at their corners: sides, blank and short ballots, ties of every kind, lots, decimals, many seats."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation import RULES, MethodError, Profile, elect
from tests.aggregation.strategies import profiles
from tests.aggregation.test_committees import a_profile


def test_thirty_seats_do_not_drown_in_digits() -> None:
    """Exact fractions double their digits with each seat that follows from another: 2**30 of them here."""
    rng = np.random.default_rng(5)
    rows = [np.where((places := rng.permutation(40) + 1) <= 12, places, 0) for _ in range(150)]
    profile = Profile.from_ranks(rows, [f"q{i}" for i in range(40)], unranked="last")
    for rule in RULES:
        committee = elect(profile, rule, 30)
        assert len(committee.members) == 30
        assert max(len(amount) for each in committee.rounds for amount in str(each).split()) < 60


@pytest.mark.parametrize("rule", RULES)
def test_one_side_alone_chooses_what_it_would_choose_without_sides(rule: str) -> None:
    orders = ["abcd", "abdc", "bacd", "cdab", "cdba"]
    alone = Profile.from_orders(orders, unranked="last", sides=["lived"] * 5)
    assert elect(alone, rule, 2).members == elect(alone.pooled(), rule, 2).members


def test_a_small_side_with_half_the_say_elects_half() -> None:
    orders, sides = ["ab"] * 30 + ["cd"] * 2, ["staff"] * 30 + ["lived"] * 2
    profile = Profile.from_orders(orders, unranked="absent", sides=sides)
    for rule in RULES:
        assert elect(profile, rule, 2).members == ("a", "c")
        assert elect(profile.pooled(), rule, 2).members == ("a", "b")
    assert elect(profile, "stv_wigm", 2).diagnostics["quota"] == 33_334


@pytest.mark.parametrize("rule", RULES)
def test_ballots_that_say_nothing_leave_everything_to_the_declared_order(rule: str) -> None:
    blank = Profile.from_ranks([[0, 0, 0], [0, 0, 0]], list("abc"), unranked="absent")
    committee = elect(blank, rule, 2)
    assert committee.order == ("a", "b")
    assert "c" in committee.diagnostics["tied_at_last_seat"]
    assert elect(blank, rule, 2, tie_break="reverse").members == ("b", "c")


@pytest.mark.parametrize("rule", RULES)
def test_a_tie_at_the_last_seat_is_reported(rule: str) -> None:
    profile = a_profile({"a": 5, "b": 3, "c": 3})
    committee = elect(profile, rule, 2)
    assert committee.members == ("a", "b")
    assert committee.diagnostics["tied_at_last_seat"] == ["b", "c"]
    assert elect(profile, rule, 2, tie_break="reverse").members == ("a", "c")
    assert elect(a_profile({"a": 5, "b": 4, "c": 3}), rule, 2).diagnostics["tied_at_last_seat"] == []


def test_a_tie_long_before_the_last_seat_is_told_apart_from_one_at_it() -> None:
    profile = a_profile({"a": 5, "b": 3, "cb": 3, "db": 4})
    committee = elect(profile, "stv_wigm", 1)
    assert committee.members == ("b",)
    assert [entry["items"] for entry in committee.diagnostics["tie_breaks"]] == [["b", "c"]]
    assert committee.diagnostics["tied_at_last_seat"] == []


def test_blank_ballots_raise_no_quota() -> None:
    orders = ["ab", "ab", "ba"]
    for rule in RULES:
        short, long = (
            elect(Profile.from_orders(ballots, "ab", unranked="last"), rule, 1)
            for ballots in (orders, [*orders, [], []])
        )
        assert short.rounds == long.rounds
        assert long.diagnostics["blank"] == 2


@pytest.mark.parametrize("rule", RULES)
def test_a_lot_is_drawn_only_from_a_seed_and_twice_alike(rule: str) -> None:
    profile = a_profile(dict.fromkeys("abcdefgh", 1))
    drawn = [elect(profile, rule, 3, tie_break="lot", seed=seed) for seed in range(6)]
    assert len({each.members for each in drawn}) > 1
    assert drawn[4].as_dict() == elect(profile, rule, 3, tie_break="lot", seed=4).as_dict()
    assert drawn[4].diagnostics["tie_breaks"][0]["by"] == "lot from seed 4"
    for refused in ({"tie_break": "lot"}, {"seed": 1}, {"tie_break": "lot", "seed": -1}, {"tie_break": "dice"}):
        with pytest.raises(MethodError):
            elect(profile, rule, 3, **refused)


@pytest.mark.parametrize("rule", RULES)
def test_all_seats_for_all_questions(rule: str) -> None:
    profile = a_profile({"ab": 2, "b": 1, "ca": 1}, "abcd")
    assert sorted(elect(profile, rule, 4).order) == list("abcd")
    with pytest.raises(MethodError):
        elect(profile, rule, 5)
    with pytest.raises(MethodError):
        elect(profile, rule, 0)


def test_a_scottish_paper_counts_up_to_its_first_tie() -> None:
    profile = a_profile({("a", ("b", "c")): 3, (("a", "b"), "c"): 2, "b": 1, "c": 1}, "abc")
    committee = elect(profile, "stv_scottish", 1)
    assert (committee.diagnostics["votes"], committee.diagnostics["rejected"]) == ("5", "2")
    assert committee.rounds[0]["votes"] == {"a": "3.00000", "b": "1.00000", "c": "1.00000"}


def test_a_split_vote_goes_to_the_rest_of_its_tie_first() -> None:
    profile = a_profile({(("a", "b"), "c"): 4, "c": 3, "d": 4}, "abcd")
    committee = elect(profile, "stv_wigm", 1)
    assert committee.rounds[0]["votes"] == {"a": "2", "b": "2", "c": "3", "d": "4"}
    assert committee.rounds[1]["transfers"] == {"a": "2"}


def test_weights_with_decimals_are_votes_with_decimals() -> None:
    profile = Profile.from_orders(["ab", "b", "c"], unranked="absent", weights=[2.5, 1.25, 0.25])
    assert elect(profile, "stv_wigm", 2).rounds[0]["votes"] == {"a": "5/2", "b": "5/4", "c": "1/4"}
    assert elect(profile, "stv_scottish", 2).rounds[1]["votes"]["b"] == "1.75000"
    assert elect(profile, "stv_meek", 2).rounds[0]["votes"]["b"] == "1.250000000"


def test_short_ballots_leave_seats_that_nobody_has_the_quota_for() -> None:
    committee = elect(a_profile({"a": 4, "b": 1, "c": 1}, "abcd"), "expanding_approvals", 3)
    assert [each["without_quota"] for each in committee.rounds] == [[], ["b"], ["c"]]
    by_depth = elect(a_profile({"ab": 4, "c": 1}, "abcd"), "phragmen", 3, r=1)
    assert [each["without_support"] for each in by_depth.rounds] == [[], [], ["b"]]
    with pytest.raises(MethodError, match="`r`"):
        elect(a_profile({"a": 1}), "phragmen", 1, r=0)


def test_what_a_last_place_says_counts_for_expanding_approvals_alone() -> None:
    profile = Profile.from_orders(["a"] * 3 + ["b"], "abc", unranked="last")
    for rule in RULES:
        outcomes = [elect(profile, rule, 2, unranked=reading).rounds for reading in ("last", "absent")]
        assert (outcomes[0] == outcomes[1]) == (rule != "expanding_approvals")


def test_exhausted_votes_are_told() -> None:
    committee = elect(a_profile({"a": 6, "b": 3, "cb": 2, "d": 1}), "stv_wigm", 2)
    assert committee.diagnostics["quota"] == 5
    assert committee.diagnostics["exhausted_share"] == pytest.approx(2 / 12)


@settings(max_examples=20)
@given(profile=profiles(), data=st.data())
def test_the_way_a_file_writes_its_ranks_changes_nothing(profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    stretched = profile.replace(ranks=np.where(profile.ranks > 0, profile.ranks.astype(int) * 300, 0))
    for rule in RULES:
        assert elect(profile, rule, seats).as_dict() == elect(stretched, rule, seats).as_dict()


def test_every_order_of_a_tie_is_weighed_alike_by_meek() -> None:
    """A tie of three among all: the same as its six orders, one each."""
    tied = a_profile({(("a", "b", "c"), "d"): 6, "a": 5, "e": 4}, "abcde")
    apart = a_profile({(*order, "d"): 1 for order in permutations("abc")} | {"a": 5, "e": 4}, "abcde")
    ours, theirs = elect(tied, "stv_meek", 3), elect(apart, "stv_meek", 3)
    for one, other in zip(ours.rounds, theirs.rounds, strict=True):
        for item, votes in one["votes"].items():
            assert float(votes) == pytest.approx(float(other["votes"][item]), abs=1e-6)
