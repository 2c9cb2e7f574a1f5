"""The registry and what it promises of every row: names, parameters and defaults are the same wherever they stand."""

from __future__ import annotations

import numpy as np
import pytest

from aggregation import (
    METHODS,
    RULES,
    MethodError,
    Profile,
    ProfileError,
    Ratings,
    elect,
    leximin,
    rank,
    recompute,
    twins,
    unheard,
    what_would_it_take,
    write_bundle,
)
from aggregation.answers.twins import merged
from aggregation.delphi import ConsensusRule, verdicts, whole_people
from aggregation.uncertainty import families as families_module
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


def test_families_ask_no_method_whose_ranking_is_there_already(monkeypatch):
    there = {key: rank(BALLOTS, key) for key in METHODS if key != "positional"}
    plain = families(BALLOTS, 2, by="majority").as_dict()

    def refuse(_profile, method, **_parameters):
        raise AssertionError(method)

    monkeypatch.setattr(families_module, "rank", refuse)
    assert families(BALLOTS, 2, by="majority", ranked=there).as_dict() == plain
    with pytest.raises(AssertionError, match="kemeny"):
        families(BALLOTS, 2, ranked={key: value for key, value in there.items() if key != "kemeny"})


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


@pytest.mark.parametrize("rule", RULES)
def test_a_choice_between_level_questions_says_where_and_by_what_means(rule):
    level = Profile.from_orders([[("a", "b", "c")], [("a", "b", "c")]], unranked="last")
    committee = elect(level, rule, 2, tie_break="reverse")
    assert committee.order[0] == "c"
    assert committee.diagnostics["tie_breaks"]
    assert all({"stage", "items", "chosen", "by"} <= set(each) for each in committee.diagnostics["tie_breaks"])
    assert [each["stage"] for each in committee.rounds] == list(range(1, len(committee.rounds) + 1))


def test_the_choice_for_the_worst_off_says_so_too():
    level = Profile.from_ranks([[1, 0, 0], [0, 1, 0], [0, 0, 1]], ["a", "b", "c"], unranked="last", groups="xyz")
    committee = leximin(level, 2)
    assert [each["stage"] for each in committee.rounds] == [1]
    assert {"stage", "items", "chosen", "by"} <= set(committee.diagnostics["tie_breaks"][0])


def test_a_lot_in_a_bundle_is_drawn_again_from_its_seed(tmp_path):
    level = Profile.from_orders([list("abcdefgh"), list("hgfedcba")], unranked="last")
    write_bundle(tmp_path / "lot.zip", level, "stv_wigm", {"tie_break": "lot"}, seed=5, seats=3)
    again = recompute(tmp_path / "lot.zip")
    assert again.same
    assert again.seed == 5


def test_a_pair_of_twins_is_merged_by_the_method_as_it_was_asked():
    rng = np.random.default_rng(3)
    rows = np.array([rng.permutation(12) + 1 for _ in range(40)])
    rows[:, 1] = rows[:, 0]
    ballots = Profile(ranks=rows, items=[f"q{i}" for i in range(12)], unranked="last")
    (pair,) = twins(ballots, "positional", 3, vector=(3, 2, 1))
    assert pair.items == ("q0", "q1")
    restricted = merged(ballots, "q0", "q1")
    assert pair.merged == rank(restricted, "positional", vector=(3, 2, 1)).shortlist(3)
