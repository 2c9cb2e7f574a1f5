"""Twins: what two wordings of one question do to ballots, told apart from what chance and camps do."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import MethodError, Profile, ProfileError, StatisticError, rank, twins
from aggregation.answers.trials import Design, twins_trial
from aggregation.answers.twins import likeness_of, merged
from tests.aggregation.strategies import profiles


def kappa(places: np.ndarray, one: int, other: int) -> float:
    """Cohen's weighted kappa, over pairs of people one by one; disagreement is how many places lie between."""
    a, b = places[:, one].tolist(), places[:, other].tolist()
    seen = np.mean([max(abs(x - y) - 1, 0) for x, y in zip(a, b, strict=True)])
    chance = np.mean([max(abs(x - y) - 1, 0) for x in a for y in b])
    return 1 - seen / chance if chance else 0.0


@given(data=st.data())
def test_likeness_is_kappa_of_the_places(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.permutations([1, 2, 3, 4]), min_size=2, max_size=8))
    places = np.array(rows)
    found = likeness_of(places, np.ones(len(rows), dtype=np.int64), "last")
    for one in range(4):
        for other in range(4):
            assert found[one, other] == pytest.approx(kappa(places, one, other))


def test_ballots_of_which_items_are_absent_are_stretched_to_the_same_length() -> None:
    """The third ballot ranks two of four, whose places count as 1.5 and 3.5 then; only the first two rank a and d."""
    short = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [0, 1, 2, 0]])
    found = likeness_of(short, np.ones(3, dtype=np.int64), "absent")
    assert found[1, 2] == pytest.approx(1 - (1 / 3) / (2 / 9))
    assert found[0, 3] == pytest.approx(kappa(short[:2], 0, 3))


def test_neighbours_on_every_ballot_have_a_likeness_of_one() -> None:
    places = np.array([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [2, 1, 5, 3, 4]])
    assert likeness_of(places, np.ones(3, dtype=np.int64), "last")[0, 1] == 1


def crowd(rng: np.random.Generator, people: int, items: int) -> np.ndarray:
    return rng.standard_normal(items) + 1.5 * rng.standard_normal((people, items))


def profile_of(worth: np.ndarray, top: int | None = None) -> Profile:
    places = (-worth).argsort(axis=1).argsort(axis=1) + 1
    ranks = places if top is None else np.where(places <= top, places, 0)
    return Profile(ranks=ranks, items=[f"q{i}" for i in range(worth.shape[1])], unranked="last")


def test_two_wordings_next_to_each_other_are_together() -> None:
    rng = np.random.default_rng(3)
    worth = crowd(rng, 60, 12)
    worth[:, 11] = worth[:, 0] + 0.1 * rng.standard_normal(60)
    pairs = twins(profile_of(worth), places=5)
    assert [(pair.items, pair.kind) for pair in pairs] == [(("q0", "q11"), "together")]
    assert pairs[0].likeness > 0.8


def test_two_wordings_of_which_everybody_takes_one_are_either() -> None:
    rng = np.random.default_rng(4)
    worth = crowd(rng, 300, 30)
    worth[:, 29] = worth[:, 0] = worth[:, 0] + 1
    worth[np.arange(300), np.where(rng.integers(0, 2, 300), 0, 29)] = -99
    pair = twins(profile_of(worth, 10))[0]
    assert (pair.items, pair.kind, pair.both) == (("q0", "q29"), "either", 0)
    assert pair.expected > 10


def test_two_questions_of_opposite_camps_are_no_twins() -> None:
    """Never on the same ballot, but their people differ in all else, too."""
    rng = np.random.default_rng(5)
    worth = crowd(rng, 400, 30)
    camp = rng.integers(0, 2, 400).astype(bool)
    for item in range(10):
        worth[camp == bool(item % 2), item] += 3
        worth[camp != bool(item % 2), item] -= 3
    chosen = profile_of(worth, 10).ranks > 0
    assert (chosen[:, 0] & chosen[:, 1]).sum() < 5
    assert ("q0", "q1") not in [pair.items for pair in twins(profile_of(worth, 10)) if pair.kind == "either"]


def test_merging_keeps_the_better_place_and_the_first_name() -> None:
    profile = Profile.from_orders(["abcd", "dcba", "ca", "b"], "abcd", unranked="last")
    one = merged(profile, "b", "d")
    assert one.items == ("a", "b", "c")
    assert [row.tolist() for row in one.ranks] == [[1, 2, 3], [4, 1, 2], [2, 0, 1], [0, 1, 0]]


@given(profile=profiles())
def test_a_merged_item_is_ranked_where_either_was(profile: Profile) -> None:
    if profile.n_items < 2:
        return
    one, other = profile.items[0], profile.items[1]
    both = merged(profile, one, other)
    assert ((both.ranks[:, 0] > 0) == (profile.ranks[:, :2] > 0).any(axis=1)).all()
    assert (both.ranks[:, 1:] == profile.ranks[:, 2:]).all()


def test_the_list_if_both_were_one_is_what_ranking_the_merged_ballots_gives() -> None:
    rng = np.random.default_rng(8)
    worth = crowd(rng, 300, 20)
    item = int(worth.mean(axis=0).argsort()[-4])
    worth = np.concatenate([worth, worth[:, [item]]], axis=1)
    worth[np.arange(300), np.where(rng.integers(0, 2, 300), item, 20)] = -99
    profile = profile_of(worth, 5)
    before = rank(profile, "borda").shortlist(5).items
    pair = next(pair for pair in twins(profile, "borda", 5) if pair.items == (f"q{item}", "q20"))
    expected = rank(merged(profile, f"q{item}", "q20"), "borda").shortlist(5)
    assert pair.merged == expected
    assert f"q{item}" not in before
    assert f"q{item}" in expected.items
    assert set(pair.leaves) == set(before) - set(expected.items)
    assert pair.enters == ()
    assert json.loads(json.dumps(pair.as_dict()))["kind"] == "either"


def test_where_everybody_agrees_nothing_can_be_told() -> None:
    assert twins(Profile.from_orders(["abcd"] * 30, unranked="last"), places=2) == ()


def test_hardly_chosen_items_are_not_alike_for_being_left_out_together() -> None:
    orders = [["a", "b"]] * 15 + [["b", "a"]] * 15 + [["c", "d"]] * 6 + [["d", "c"]] * 6
    pairs = twins(Profile.from_orders(orders, "abcde", unranked="last"), places=2)
    assert [pair.items for pair in pairs] == [("a", "b")]


def test_not_being_able_to_judge_is_no_sign() -> None:
    ranks = np.zeros((60, 12), dtype=int)
    rng = np.random.default_rng(6)
    for row in range(60):
        ranks[row, 2:] = np.where(rng.random(10) < 0.7, rng.permutation(10) + 1, 0)
        ranks[row, row % 2] = 11
    profile = Profile(ranks=ranks, items=[f"q{i}" for i in range(12)], unranked="absent")
    assert ("q0", "q1") not in [pair.items for pair in twins(profile, places=2)]
    assert ("q0", "q1") in [pair.items for pair in twins(profile.with_unranked("last"), places=2)]


def test_few_people_and_senseless_numbers_are_refused() -> None:
    profile = Profile.from_orders(["ab"] * 19, unranked="last")
    with pytest.raises(StatisticError, match="19 people"):
        twins(profile, places=1)
    more = Profile.from_orders(["ab"] * 20, unranked="last")
    assert twins(more, places=1) == ()
    for wrong in ({"likeness": 0}, {"likeness": 1.1}, {"places": 3}, {"method": "no", "places": 1, "likeness": 2}):
        with pytest.raises(MethodError):
            twins(more, **{"places": 1} | wrong)
    for one, other in (("a", "a"), ("a", "x")):
        with pytest.raises(ProfileError):
            merged(more, one, other)


@pytest.mark.slow
@pytest.mark.long
def test_power_and_false_alarms_are_what_the_docs_say() -> None:
    together = twins_trial("together", Design(people=30))
    assert together.found >= 85
    assert together.false_alarms <= 5
    either = twins_trial("either", Design(people=300, themes=0.7))
    assert either.found >= 85
    assert either.false_alarms <= 8


@pytest.mark.slow
def test_a_sixth_question_in_two_wordings_mostly_drops_out() -> None:
    """Of choose-and-rank-10 rounds with weak agreement, in which each person takes one of the wordings."""
    assert twins_trial("either", panels=100).dropped >= 80
