"""The places each item could have had: what they promise, for whom they are told, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from aggregation import (
    MethodError,
    PairwiseTally,
    Profile,
    RankIntervals,
    StatisticError,
    rank,
    rank_intervals,
)
from aggregation.uncertainty.bootstrap import places_in_draws, worst_places
from aggregation.uncertainty.families import families
from aggregation.uncertainty.influence import leave_one_out
from aggregation.uncertainty.people import Resampling, panels, sides_of
from tests.aggregation.strategies import panel_of, profiles, sides_or_skip


@pytest.mark.parametrize("method", ["borda", "copeland", "minimax"])
def test_neither_the_order_of_ballots_nor_how_equal_ones_are_written_changes_a_figure(method: str) -> None:
    profile = Profile.from_orders(
        ["abcd", "bacd", "abdc", "dcba", "abcd"], unranked="last", sides=["s", "s", "t", "t", "s"]
    )
    other = Profile.from_orders(
        ["dcba", "abcd", "abdc", "bacd"], unranked="last", sides=["t", "s", "t", "s"], weights=[1, 2, 1, 1]
    )
    first, second = (rank_intervals(each, method, k=2, draws=200, seed=9) for each in (profile, other))
    assert first.as_dict() == second.as_dict()


def test_nor_does_the_order_of_people_whose_weights_are_no_whole_numbers() -> None:
    orders, weights = ["abc", "bca", "cab", "acb", "abc"], [1.5, 0.7, 2.25, 1, 0.3]
    first = Profile.from_orders(orders, unranked="last", weights=weights)
    second = Profile.from_orders(orders[::-1], unranked="last", weights=weights[::-1])
    figures = [rank_intervals(each, "copeland", k=1, draws=200, seed=3).p_top_k.tolist() for each in (first, second)]
    assert figures[0] == figures[1]


@pytest.mark.parametrize("method", ["borda", "schulze", "jla", "irv"])
def test_the_same_seed_gives_the_same_and_another_seed_other_draws(method: str) -> None:
    profile = panel_of(20)
    first, again, other = (rank_intervals(profile, method, k=3, draws=100, seed=seed) for seed in (1, 1, 2))
    assert first.as_dict() == again.as_dict()
    assert first.p_top_k.tolist() != other.p_top_k.tolist()


@pytest.mark.parametrize("technique", ["auto", "differences", "pairs", "percentile"])
@settings(max_examples=15)
@given(profile=profiles())
def test_intervals_hold_the_list_and_stand_within_those_for_all_at_once(profile: Profile, technique: Any) -> None:
    sides_or_skip(profile)
    found = rank_intervals(profile, k=2, draws=60, seed=3, technique=technique)
    assert (found.lo <= found.ranks).all()
    assert (worst_places(found.ranks[None])[0] <= found.hi).all()
    assert (found.simultaneous_lo <= found.lo).all()
    assert (found.hi <= found.simultaneous_hi).all()
    assert found.lo.min() >= 1
    assert found.hi.max() <= profile.n_items
    assert {item for band in found.bands for item in band} == set(profile.items)
    assert ((found.p_top_k >= 0) & (found.p_top_k <= 1)).all()


def test_a_clear_panel_is_sure_and_a_divided_one_is_not() -> None:
    clear = rank_intervals(panel_of(60, step=3), k=2, seed=1)
    assert clear.lo.tolist() == clear.hi.tolist() == clear.ranks.tolist() == [6, 5, 4, 3, 2, 1]
    assert clear.p_top_k.tolist() == [0, 0, 0, 0, 1, 1]
    assert clear.bands == (("q5",), ("q4",), ("q3",), ("q2",), ("q1",), ("q0",))
    divided = Profile.from_orders(["abc", "cba"] * 6, unranked="last")
    level = rank_intervals(divided, k=1, seed=1)
    assert level.lo.tolist() == [1, 1, 1]
    assert level.hi.tolist() == [3, 3, 3]
    assert level.bands == (("a", "b", "c"),)


def test_everything_is_among_the_first_as_many_as_there_are() -> None:
    assert rank_intervals(panel_of(12), k=6, draws=50, seed=1).p_top_k.tolist() == [1] * 6
    assert rank_intervals(panel_of(12), k=60, draws=50, seed=1).p_top_k.tolist() == [1] * 6


def test_the_answer_is_json_says_for_whom_and_by_which_technique() -> None:
    found = rank_intervals(panel_of(24), "copeland", k=2, draws=100, seed=1)
    value = json.loads(json.dumps(found.as_dict()))
    assert isinstance(found, RankIntervals)
    assert value["how"].startswith("If another 24 people like these had answered")
    assert "confiden" not in value["how"].lower()
    assert value["diagnostics"]["technique"] == "pairs"
    assert value["diagnostics"]["people"] == {"lived": 16, "staff": 8}
    assert not found.lo.flags.writeable
    with pytest.raises(TypeError):
        found.diagnostics["people"] = {}  # type: ignore[index]


def test_slow_methods_draw_fewer_panels_and_say_so() -> None:
    assert rank_intervals(panel_of(9, m=4), "kemeny", k=2, seed=1).draws == 100


def test_parameters_named_like_our_own_go_into_settings() -> None:
    profile = panel_of(12)
    found = rank_intervals(profile, "approval", k=3, draws=50, seed=1, settings={"k": 1})
    assert found.k == 3
    assert found.ranks.tolist() == rank(profile, "plurality").ranks.tolist()


def test_what_a_ballot_leaves_out_is_read_as_asked() -> None:
    profile = Profile.from_orders(["a", "ab", "cb", "b", "ca", "c"], unranked="absent")
    found = rank_intervals(profile, k=1, draws=50, seed=1, unranked="last")
    assert found.diagnostics["unranked"] == "last"
    assert found.ranks.tolist() == rank(profile, "borda", unranked="last").ranks.tolist()


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (Profile.from_orders(["abc"], unranked="last"), "there is 1 person who ranks anything"),
        (Profile.from_orders([[], []], ["a", "b"], unranked="last"), "there are 0 people who rank anything"),
        (
            Profile.from_orders(["ab", "ba", "ba"], unranked="last", sides=["s", "t", "t"]),
            "the side 's' has 1 person who ranks anything; how others of that side would answer cannot be learnt",
        ),
        (
            Profile.from_orders(["ab", [], "ba", "ba"], unranked="last", sides=["s", "s", "t", "t"]),
            "the side 's' has 1 person",
        ),
        (Profile.from_orders(["abc"] * 12, unranked="last"), "all ballots are the same"),
        (Profile.from_orders(["ab", "ba"], unranked="last", weights=[1, 0.5]), None),
        (Profile.from_orders(["ab", "ab", "ba", "ba"], unranked="last", sides=["s", "s", "t", "t"]), "all ballots"),
    ],
)
def test_a_panel_that_cannot_say_how_others_would_answer_is_refused_with_a_sentence(
    profile: Profile, sentence: str | None
) -> None:
    if sentence is None:
        assert rank_intervals(profile, k=1, draws=50, seed=1).hi.tolist() == [2, 2]
        return
    with pytest.raises(StatisticError, match=sentence):
        rank_intervals(profile, seed=1)


def test_ballots_that_differ_only_in_gaps_between_ranks_are_the_same() -> None:
    profile = Profile(ranks=[[1, 2, 3], [1, 2, 101]], items=("a", "b", "c"), unranked="last")
    with pytest.raises(StatisticError, match="all ballots are the same"):
        rank_intervals(profile, seed=1)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"k": 0}, "`k` must be 1 or more"),
        ({"coverage": 1.0}, "`coverage` must be from 0.5 to 0.999"),
        ({"coverage": 0.2}, "`coverage` must be from 0.5 to 0.999"),
        ({"draws": 39}, "`draws` must be from 40 "),
        ({"draws": 10**6}, "`draws` must be from 40 "),
        ({"seed": -1}, "`seed` must be 0 or above"),
        ({"technique": "guess"}, "`technique` must be one of auto, differences, pairs, percentile"),
        ({"method": "copeland", "technique": "differences"}, "the score of 'copeland' is not a mean"),
        ({"method": "nothing"}, "there is no method 'nothing'"),
        ({"vector": "1"}, "'borda' has no parameter 'vector'"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MethodError, match=sentence):
        rank_intervals(panel_of(12), **({"seed": 1} | wrong))


@pytest.mark.parametrize("ask", [lambda tally: rank_intervals(tally, seed=1), leave_one_out, families])
def test_a_tally_does_not_know_who_gave_which_ballot(ask: Any) -> None:
    with pytest.raises(MethodError, match="a tally does not know who gave which"):
        ask(PairwiseTally.of(panel_of(12)))


@pytest.mark.parametrize(("coverage", "fewest"), [(0.5, 4), (0.8, 10), (0.9, 20), (0.99, 200)])
def test_as_few_draws_will_do_as_leave_one_beyond_either_end(coverage: float, fewest: int) -> None:
    assert rank_intervals(panel_of(12), coverage=coverage, draws=fewest, seed=1).draws == fewest
    with pytest.raises(MethodError, match=f"`draws` must be from {fewest} "):
        rank_intervals(panel_of(12), coverage=coverage, draws=fewest - 1, seed=1)


def test_slow_methods_draw_as_many_as_the_coverage_needs() -> None:
    assert rank_intervals(panel_of(9, m=3), "kemeny", coverage=0.99, seed=1).draws == 200


def test_a_coverage_of_999_in_1000_asks_for_draws_enough() -> None:
    with pytest.raises(MethodError, match="`draws` must be from 2000 "):
        rank_intervals(panel_of(12), coverage=0.999, seed=1)


@pytest.mark.parametrize("resampling", ["plain", "rescaled", "bayesian"])
def test_memory_is_bounded_by_drawing_some_panels_at_a_time_which_changes_nothing(
    resampling: Resampling, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = panel_of(12)
    sides = sides_of(profile)

    def drawn() -> list[list[int]]:
        return places_in_draws(
            profile, "copeland", {}, sides, draws=30, rng=np.random.default_rng(1), resampling=resampling
        ).tolist()

    whole = drawn()
    monkeypatch.setattr("aggregation.uncertainty.people.ROOM", 36 * 7)
    assert len(next(panels(sides, 30, np.random.default_rng(1), resampling, 36))[0]) == 7
    assert drawn() == whole


def test_an_unknown_way_of_drawing_is_refused() -> None:
    with pytest.raises(MethodError, match="`resampling` must be"):
        next(panels(sides_of(panel_of(12)), 5, np.random.default_rng(1), "jackknife", 1))  # type: ignore[arg-type]
