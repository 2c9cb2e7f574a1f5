"""The fewest people: against every possible ballot on tiny panels, and the witnesses replayed for every method."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation import (
    METHODS,
    MethodError,
    Profile,
    ProfileError,
    Ranking,
    StatisticError,
    rank,
    recompute,
    what_would_it_take,
    write_bundle,
)
from aggregation.answers import fewest, search
from aggregation.answers import what_would_it_take as question
from aggregation.answers.least_move import least_move
from aggregation.answers.points import points_of
from aggregation.answers.what_would_it_take import near_the_line, state
from tests.aggregation.strategies import prefers, profiles, voices

if TYPE_CHECKING:
    from pathlib import Path

NEEDS = {"positional": {"vector": "3,1"}, "approval": {"k": 2}, "jla": {"k": 2}, "kemeny": {"time_limit": 2}}
POINTS = ("borda", "dowdall", "positional", "plurality", "approval")
RANKING = [key for key in METHODS if key not in {"plackett_luce", "bradley_terry", "mallows"}]


def every_ballot(items: int) -> list[tuple[int, ...]]:
    """All orders with ties and gaps that rank something."""
    found = set()
    for row in product(range(items + 1), repeat=items):
        levels = sorted(set(row) - {0})
        if levels:
            found.add(tuple(levels.index(rank_) + 1 if rank_ else 0 for rank_ in row))
    return sorted(found)


def points(row: tuple[int, ...], unranked: str, method: str) -> list[Fraction]:
    """Points on one ballot: from the definition for Borda, from a profile of one ballot for the others."""
    if method != "borda":
        alone = Profile(ranks=[row], items=[f"q{i}" for i in range(len(row))], unranked=unranked)
        scores = rank(alone, method, **NEEDS.get(method, {})).scores
        return [Fraction(score).limit_denominator(1_000) for score in scores.tolist()]
    others = range(len(row))
    return [Fraction(sum(prefers(row, i, j, unranked) - prefers(row, j, i, unranked) for j in others)) for i in others]


def fewest_of_all(profile: Profile, method: str, item: int, places: int, goal: str) -> int | None:
    """The fewest people, by trying every set of them with every ballot; None where all together do not suffice."""
    ballots = np.array([points(row, profile.unranked, method) for row in every_ballot(profile.n_items)], dtype=object)
    say = voices(profile)
    now = [points(tuple(row), profile.unranked, method) for row in profile.ranks.tolist()]
    own = np.array([[each * v for each in row] for row, v in zip(now, say, strict=True)], dtype=object)
    able = np.flatnonzero(profile.ranks.any(axis=1))
    for size in range(len(able) + 1):
        for people in combinations(able.tolist(), size):
            sums = {tuple(own.sum(axis=0) - own[list(people)].sum(axis=0))} if people else {tuple(own.sum(axis=0))}
            for person in people:
                sums = {tuple(np.array(one, dtype=object) + ballot * say[person]) for one in sums for ballot in ballots}
            for total in sums:
                level = sum(each >= total[item] for each in total)
                above = sum(each > total[item] for each in total)
                if (level <= places) if goal == "in" else (above >= places):
                    return size
    return None


@st.composite
def tiny(draw: st.DrawFn) -> tuple[Profile, int, int, str]:
    profile = draw(profiles(items=st.integers(2, 3), weights=False, sides=draw(st.booleans())))
    profile = profile.replace(
        ranks=profile.ranks[: (keep := min(3, profile.n_ballots))],
        groups=None,
        group_names=(),
        **({} if profile.strata is None else side_of(profile, keep)),
    )
    goal = draw(st.sampled_from(["in", "out"]))
    places = draw(st.integers(1, profile.n_items - (goal == "out")))
    return profile, draw(st.integers(0, profile.n_items - 1)), places, goal


def side_of(profile: Profile, keep: int) -> dict[str, object]:
    """The sides of the first ballots; none where these leave a side without a ballot that ranks anything."""
    strata = profile.strata[:keep]
    spoken = set(strata[profile.ranks[:keep].any(axis=1)].tolist())
    if spoken == set(range(len(profile.strata_names))):
        return {"strata": strata}
    return {"strata": None, "strata_names": (), "shares": ()}


@pytest.mark.parametrize("method", POINTS)
@settings(max_examples=25)
@given(case=tiny())
def test_no_fewer_people_suffice_among_all_ballots(method: str, case: tuple[Profile, int, int, str]) -> None:
    profile, item, places, goal = case
    change = what_would_it_take(
        profile, method, profile.items[item], places, goal=goal, move=False, **NEEDS.get(method, {})
    )
    least = fewest_of_all(profile, method, item, places, goal)
    if least is None:
        assert change.people is None
    else:
        assert change.lower_bound <= least <= change.people
        assert not change.proved or change.people == least


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_no_fewer_of_four_people_suffice_with_four_questions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ranks = np.array([rng.permutation(4) + 1 for _ in range(4)])
    profile = Profile(ranks=ranks, items=["q0", "q1", "q2", "q3"], unranked="last")
    for item, goal in product(range(4), ("in", "out")):
        change = what_would_it_take(profile, "borda", f"q{item}", 2, goal=goal, move=False)
        if change.people is not None and change.people <= 2:
            assert fewest_of_all(profile, "borda", item, 2, goal) == change.people
        assert change.proved


@pytest.mark.slow
@pytest.mark.parametrize("method", RANKING)
@settings(max_examples=15)
@given(profile=profiles(items=st.integers(2, 4)), data=st.data())
def test_ranking_the_witness_shows_the_change(method: str, profile: Profile, data: st.DataObject) -> None:
    goal = data.draw(st.sampled_from(["in", "out"]))
    places = data.draw(st.integers(1, profile.n_items - (goal == "out")))
    item = data.draw(st.sampled_from(profile.items))
    given_ = NEEDS.get(method, {})
    change = what_would_it_take(profile, method, item, places, goal=goal, **given_)
    assert change.was == state(rank(profile, method, **given_), item, places)
    if change.witness is not None:
        assert state(rank(change.witness, method, **given_), item, places) == goal
        assert len(change.rows) == change.people >= change.lower_bound
        assert change.witness.n_ballots == int(profile.counts.sum())
        assert sum(change.sides.values()) == change.people
    if change.move is not None:
        assert state(rank(change.move.witness, method, **given_), item, places) == goal
        assert change.people == 1


@given(profile=profiles(items=st.integers(2, 4)), data=st.data())
def test_only_the_rows_that_are_named_are_changed(profile: Profile, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(profile.items))
    change = what_would_it_take(profile, "borda", item, 1, goal="in", move=False)
    before = np.repeat(profile.ranks, profile.counts, axis=0)
    different = {row for row in range(len(before)) if (before[row] != change.witness.ranks[row]).any()}
    assert different <= set(change.rows)
    assert before[list(change.rows)].any(axis=1).all()


def test_the_last_of_three_needs_two_people() -> None:
    profile = Profile.from_orders(["ABC", "ABC", "BAC"], unranked="last")
    change = what_would_it_take(profile, "borda", "C", 2)
    assert (change.was, change.goal, change.people, change.lower_bound, change.proved) == ("out", "in", 2, 2, True)


@pytest.mark.parametrize("method", ["bucklin", "borda", "copeland", "kemeny"])
def test_a_move_to_the_end_leaves_a_ballot_that_says_all_are_level(method: str) -> None:
    only = Profile(ranks=[[1, 0]], items=["A", "B"], unranked="last", strata=[0], strata_names=["lived"])
    alone = what_would_it_take(only, method, "A", 1, goal="out")
    assert (alone.people, alone.move) == (1, None)
    assert least_move(only, 0, "out", lambda _: True, proved=True).witness.ranks.tolist() == [[1, 1]]


def test_answers_that_the_method_refuses_do_not_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(ballots: Profile, method: str, **parameters: object) -> Ranking:
        if ballots.ranks[0, 0] != 1:
            raise StatisticError("no list")
        return rank(ballots, method, **parameters)

    monkeypatch.setattr(question, "rank", refuses)
    change = what_would_it_take(Profile.from_orders(["AB", "AB", "AB"], unranked="last"), "schulze", "B", 1)
    assert change.people is None
    assert not change.proved


def test_trials_are_counted_as_they_are_made_and_a_move_that_suffices_is_one_person() -> None:
    # With every set counted beforehand, none was left for single people: two were said to be needed.
    ranks = [[1, 0, 0], [1, 1, 2], *[[0, 0, 0]] * 4, [0, 0, 1], [0, 1, 0], [0, 1, 0]]
    profile = Profile(
        ranks=ranks,
        items=["q0", "q1", "q2"],
        unranked="last",
        weights=[1, 3, 1, 1, 1, 1, 1, 1, 3],
        strata=[0, 1, 0, 0, 0, 0, 0, 0, 1],
        strata_names=["lived", "staff"],
        shares=["1/3", "2/3"],
    )
    assert what_would_it_take(profile, "bucklin", "q2", 2, goal="in", move=False).people == 1
    for trials in (0, 300):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search, "MOST_TRIED", trials)
            change = what_would_it_take(profile, "bucklin", "q2", 2, goal="in")
        assert (change.people, len(change.rows), change.proved) == (1, 1, True)
        assert state(rank(change.witness, "bucklin"), "q2", 2) == "in"


def test_a_set_is_grown_by_whoever_adds_most_slack_and_a_larger_one_goes_on_from_it() -> None:
    rng = np.random.default_rng(4)
    profile = Profile(ranks=rng.permuted(np.tile([1, 2, 3, 4], (9, 1)), axis=1), items=list("abcd"), unranked="last")
    points_given = points_of(profile, "borda", {})
    assert points_given is not None
    able, made = np.arange(1, 9), fewest.Contest.of(points_given, 3, 2, "in")
    people: list[int] = []
    for _ in range(5):
        left = [each for each in able.tolist() if each not in people]
        people.append(left[int(np.argmax(made.slack(np.array([[*people, each] for each in left]))))])
    assert [made._grown(size, able).tolist() for size in (2, 5, 3)] == [people[:2], people, people[:3]]


def test_more_people_than_can_be_looked_at_one_by_one_are_refused_at_once() -> None:
    profile = Profile.from_orders(["AB", "BA"], unranked="last", weights=[5_000, 1])
    with pytest.raises(ProfileError, match="5001 people; at most 5000"):
        what_would_it_take(profile, "borda", "A", 1)


def test_a_tie_over_the_line_is_not_in_and_the_bound_knows_it_without_looking_at_sets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fewest, "MOST_SETS", 0)
    change = what_would_it_take(Profile.from_orders(["AB"] * 4, unranked="last"), "borda", "B", 1)
    assert (change.people, change.lower_bound) == (3, 3)


def test_a_weight_of_three_is_three_people_who_may_answer_apart() -> None:
    profile = Profile.from_orders(["AB", "BA"], unranked="last", weights=[3, 1])
    change = what_would_it_take(profile, "plurality", "B", 1)
    assert change.able == 4
    assert change.people == 2
    assert what_would_it_take(profile, "plurality", "A", 1).people == 2


def test_a_person_counts_as_one_whatever_their_say() -> None:
    profile = Profile.from_orders(["AB", "BA", "BA", "BA"], unranked="last", sides=["few", "many", "many", "many"])
    assert state(rank(profile, "borda"), "A", 1) == "tied"
    change = what_would_it_take(profile, "borda", "A", 1)
    assert change.people == 1
    assert dict(change.sides) == {"few": 0, "many": 1}


def test_a_goal_that_is_reached_takes_nobody() -> None:
    profile = Profile.from_orders(["AB"], unranked="last")
    change = what_would_it_take(profile, "borda", "A", 1, goal="in")
    assert (change.people, change.lower_bound, change.proved, change.rows, change.move) == (0, 0, True, (), None)


def test_points_that_never_differ_cannot_be_changed_and_that_is_proved() -> None:
    profile = Profile.from_orders(["ABC", "BCA"], unranked="last")
    change = what_would_it_take(profile, "positional", "A", 1, vector="1,1,1")
    assert (change.people, change.lower_bound, change.proved, change.witness) == (None, 3, True, None)


def test_copelands_bound_holds_against_every_ballot() -> None:
    rng = np.random.default_rng(5)
    for _ in range(12):
        profile = Profile(ranks=[rng.permutation(3) + 1 for _ in range(3)], items=["a", "b", "c"], unranked="last")
        for item, goal in product("abc", ("in", "out")):
            change = what_would_it_take(profile, "copeland", item, 1, goal=goal, move=False)
            if change.lower_bound > 1:
                assert not one_ballot_suffices(profile, item, goal)
            if change.people == 1:
                assert one_ballot_suffices(profile, item, goal)


def one_ballot_suffices(profile: Profile, item: str, goal: str) -> bool:
    for row, ballot in product(range(profile.n_ballots), every_ballot(3)):
        ranks = profile.ranks.copy()
        ranks[row] = ballot
        if state(rank(profile.replace(ranks=ranks), "copeland"), item, 1) == goal:
            return True
    return False


@given(data=st.data())
def test_no_shorter_move_on_one_strict_ballot_suffices(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.permutations([1, 2, 3, 4]), min_size=1, max_size=5))
    profile = Profile(ranks=rows, items=["a", "b", "c", "d"], unranked="last")
    item, places = data.draw(st.integers(0, 3)), data.draw(st.integers(1, 3))
    goal = data.draw(st.sampled_from(["in", "out"]))
    change = what_would_it_take(profile, "borda", profile.items[item], places, goal=goal)
    least = min((moved for moved in moves(profile, item, places, goal)), default=None)
    assert (None if change.move is None or change.people == 0 else change.move.places) == least
    if change.move is not None:
        assert change.move.proved


def moves(profile: Profile, item: int, places: int, goal: str) -> list[Fraction]:
    """How far each single move goes that suffices: to between any two others, or level with one."""
    if state(rank(profile, "borda"), profile.items[item], places) == goal:
        return []
    far = []
    for row, ballot in enumerate(profile.ranks.tolist()):
        for half in range(9):  # twice the rank, or between two ranks
            ranks = [2 * each for each in ballot]
            ranks[item] = half + 1
            others = [each for i, each in enumerate(ranks) if i != item]
            new = 1 + Fraction(sum(o < half + 1 for o in others)) + Fraction(sum(o == half + 1 for o in others), 2)
            changed = profile.ranks.astype(int) * 2
            changed[row] = ranks
            if state(rank(profile.replace(ranks=changed), "borda"), profile.items[item], places) == goal:
                far.append(abs(new - ballot[item]))
    return far


def test_an_answer_that_was_not_given_cannot_be_moved() -> None:
    profile = Profile(ranks=[[1, 2, 0]], items=["a", "b", "c"], unranked="absent")
    assert what_would_it_take(profile, "borda", "c", 1).move is None
    last = what_would_it_take(profile.with_unranked("last"), "borda", "c", 1)
    assert (last.move.before, last.move.after) == (3, 1)


def test_witnesses_are_replayed_from_a_bundle(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    profile = Profile.from_ranks(
        [rng.permutation(8) + 1 for _ in range(12)],
        [f"q{i}" for i in range(8)],
        unranked="last",
        sides=["lived"] * 5 + ["staff"] * 7,
    )
    for method in ("borda", "copeland"):
        item = near_the_line(rank(profile, method), 4, 1)[-1]
        change = what_would_it_take(profile, method, item, 4)
        write_bundle(tmp_path / "witness.zip", change.witness, method)
        assert recompute(tmp_path / "witness.zip").same


def test_the_answer_survives_json_and_comes_twice() -> None:
    profile = Profile.from_orders(["ABC", "BCA", "ACB"], unranked="last")
    one, two = (what_would_it_take(profile, "copeland", "C", 2) for _ in range(2))
    assert json.dumps(one.as_dict()) == json.dumps(two.as_dict())
    assert (one.witness.ranks == two.witness.ranks).all()


def test_the_line_has_the_places_on_both_sides_of_it() -> None:
    ranking = rank(Profile.from_orders(["abcdef"], unranked="last"), "borda")
    assert near_the_line(ranking, 3, 2) == ("b", "c", "d", "e")
    assert near_the_line(ranking, 6, 1) == ("f",)


@pytest.mark.parametrize(
    ("method", "item", "places", "more", "error"),
    [
        ("no", "a", 1, {}, MethodError),
        ("borda", "x", 1, {}, ProfileError),
        ("borda", "a", 0, {}, (MethodError, ValueError)),
        ("borda", "a", 3, {}, MethodError),
        ("borda", "a", 2, {"goal": "out"}, MethodError),
        ("borda", "a", 1, {"goal": "up"}, MethodError),
        ("borda", "a", 1, {"k": 3}, MethodError),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    method: str, item: str, places: int, more: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        what_would_it_take(Profile.from_orders(["ab"], unranked="last"), method, item, places, **more)


def test_more_people_than_can_be_looked_at_one_by_one_are_refused() -> None:
    with pytest.raises(ProfileError, match="one by one"):
        what_would_it_take(Profile.from_orders(["ab"], unranked="last", weights=[300_000]), "borda", "b", 1)
