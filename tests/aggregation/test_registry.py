"""The registry and what it promises of every row: names, parameters and defaults are the same wherever they stand."""

from __future__ import annotations

import pytest

from aggregation import (
    METHODS,
    RULES,
    MethodError,
    Profile,
    ProfileError,
    Ratings,
    elect,
    rank,
    unheard,
    what_would_it_take,
)
from aggregation.delphi import ConsensusRule, verdicts, whole_people
from aggregation.uncertainty.families import families

BALLOTS = Profile.from_orders(
    ["abcd", "bacd", ["c", ("a", "b")], "dab"], unranked="last", sides=["lived", "lived", "staff", "staff"]
)
NEEDED = {"positional": {"vector": (3, 2, 1)}}
RUNS = [("rank", key) for key in METHODS] + [("elect", key) for key in RULES]


def run(kind, key, **parameters):
    given = NEEDED.get(key, {}) | parameters
    return rank(BALLOTS, key, **given) if kind == "rank" else elect(BALLOTS, key, 2, **given)


@pytest.mark.parametrize(("kind", "key"), RUNS)
def test_a_result_names_its_method_and_every_parameter(kind, key):
    result = run(kind, key)
    assert (result.method if kind == "rank" else result.rule) == key
    row = METHODS.get(key) or RULES[key]
    recorded = set(result.diagnostics)
    assert {each.name for each in row.parameters if each.default is not None} <= recorded
    assert {"unranked", "ballots", "blank", "sides"} <= recorded


@pytest.mark.parametrize(("kind", "key"), RUNS)
def test_the_defaults_of_the_row_are_those_of_the_function(kind, key):
    row = METHODS.get(key) or RULES[key]
    defaults = {each.name: each.default for each in row.parameters if each.default is not None}
    plain, said = run(kind, key), run(kind, key, **defaults)
    assert plain.as_dict() == said.as_dict()
    for name, value in defaults.items():
        assert plain.diagnostics[name] == value


@pytest.mark.parametrize(("kind", "key"), RUNS)
def test_a_parameter_that_a_row_does_not_have_is_refused_by_name(kind, key):
    with pytest.raises(ValueError, match="has no parameter 'colour'"):
        run(kind, key, colour="red")


def test_ratings_become_ballots_with_what_was_not_rated_left_out():
    nan = float("nan")
    ratings = Ratings.from_values(
        [[9, nan, 7, 7], [1, 2, 3, nan], [nan, nan, nan, nan]],
        ["a", "b", "c", "d"],
        sides=["lived", "staff", "staff"],
        groups=["patient", "nurse", "doctor"],
    )
    profile = Profile.from_ratings(ratings, shares={"lived": 0.25, "staff": 0.75})
    assert profile.ranks.tolist() == [[1, 0, 2, 2], [3, 2, 1, 0], [0, 0, 0, 0]]
    assert profile.unranked == "absent"
    assert profile.items == ratings.items
    assert [str(share) for share in profile.shares] == ["1/4", "3/4"]
    assert [profile.group_names[code] for code in profile.groups] == ["patient", "nurse", "doctor"]
    assert rank(profile, "borda").winners == ("c",)


def test_a_side_keeps_labels_and_who_could_not_judge():
    ratings = Ratings.from_values(
        [[9, float("nan")], [8, 7]],
        ["a", "b"],
        names=["First", "Second"],
        cannot_judge=[[False, True], [False, False]],
        sides=["lived", "staff"],
    )
    lived = ratings.by_side()["lived"]
    assert lived.names == ("First", "Second")
    assert lived.cannot_judge.tolist() == [[False, True]]


def test_a_group_keeps_labels():
    profile = Profile.from_ranks([[1, 2], [2, 1]], ["a", "b"], unranked="last", names=["First", "Second"], groups="xy")
    assert profile.by_group()["x"].names == ("First", "Second")


def test_the_account_counts_each_side_by_itself():
    profile = Profile.from_ranks(
        [[1, 2], [2, 1], [0, 0]], ["a", "b"], unranked="last", sides=["lived", "staff", "staff"], weights=[1, 3, 0.5]
    )
    sides = rank(profile, "jla").diagnostics["sides"]
    assert sides == {"lived": {"ballots": 1, "share": "1/2"}, "staff": {"ballots": 3.5, "share": "1/2"}}
    assert rank(profile, "borda").diagnostics["sides"] == sides


@pytest.mark.parametrize("key", ["kemeny", "footrule", "mallows"])
def test_where_a_cost_is_minimised_its_proof_stands_beside_it(key):
    diagnostics = rank(BALLOTS.pooled(), key).diagnostics
    assert diagnostics["optimal"] is True
    assert diagnostics["cost"] == diagnostics["lower_bound"] > 0


def test_the_unions_lists_and_their_length_are_told():
    diagnostics = rank(BALLOTS, "jla_union", k=2).diagnostics
    assert diagnostics["k"] == 2
    assert diagnostics["first"]["lived"] == ["a", "b"]


def test_a_side_kept_apart_and_a_whole_list_of_fifteen_have_one_best_order():
    orders = ["abcdefghijklmno"] * 3 + ["onmlkjihgfedcba"] + ["bcaefdhigkljnom"]
    diagnostics = rank(Profile.from_orders(orders, unranked="last"), "kemeny").diagnostics
    assert diagnostics["n_optimal"] == 1
    assert diagnostics["ties_complete"] is True
    assert diagnostics["optimal_orders"] == [list("abcdefghijklmno")]


def test_an_answer_to_what_it_takes_says_for_which_method_and_refuses_another_goal():
    assert what_would_it_take(BALLOTS.pooled(), "borda", "d", 1, move=False).method == "borda"
    with pytest.raises(MethodError, match='`goal` must be "in" or "out", not \'up\''):
        what_would_it_take(BALLOTS.pooled(), "borda", "d", 1, goal="up")


def test_who_is_heard_is_told_as_json_and_a_stranger_is_named():
    hearing = unheard(BALLOTS, ["a"])
    assert [each["share"] for each in hearing.as_dict()["left_out"]] == [str(each.share) for each in hearing.left_out]
    with pytest.raises(ProfileError, match="'z' is not among the items"):
        unheard(BALLOTS, ["z"])


def test_families_say_who_spoke_for_them():
    assert families(BALLOTS, 2).by == "representative"
    assert families(BALLOTS, 2, by="majority").as_dict()["by"] == "majority"


def test_a_table_in_people_says_for_how_many_and_a_verdict_how_many_could_not_judge():
    assert whole_people(ConsensusRule(), 12).n == 12
    ratings = Ratings.from_values(
        [[8], [9], [float("nan")]], ["a"], cannot_judge=[[False], [False], [True]], sides=["lived", "lived", "staff"]
    )
    (verdict,) = verdicts(ratings, ConsensusRule())
    assert sum(part.cannot_judge for part in verdict.parts if part.name) == 1
