"""What one person changes, whether families of methods agree, and how many people to ask."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aggregation import METHODS, MethodError, Profile, ProfileError, StatisticError, rank
from aggregation.digest import ranking_digest
from aggregation.uncertainty.families import REPRESENTATIVES, families, members
from aggregation.uncertainty.influence import leave_one_out
from aggregation.uncertainty.planning import log_worths_of, plan_panel
from tests.aggregation.strategies import profiles

# From a tally, from the ballots, and one that looks at where items stand.
METHODS_LEFT = ("borda", "copeland", "schulze", "jla", "plurality", "kemeny", "footrule")


def without_one(profile: Profile, row: int) -> Profile | None:
    """The profile written anew without one person; None where a side that ranks anything would fall silent."""
    weights = [Fraction(count, profile.unit) for count in profile.counts.tolist()]
    weights[row] -= 1 if profile.unit == 1 else weights[row]
    kept = [i for i, weight in enumerate(weights) if weight]
    names = None if profile.strata is None else [profile.strata_names[code] for code in profile.strata]
    speaking = profile.ranks.any(axis=1)
    if names is None:
        if not kept:
            return None
    elif {names[i] for i in kept if speaking[i]} != set(profile.strata_names):
        return None
    return Profile.from_ranks(
        profile.ranks[kept],
        profile.items,
        unranked=profile.unranked,
        weights=[float(weights[i]) for i in kept],
        sides=None if names is None else [names[i] for i in kept],
        shares=None if names is None else dict(zip(profile.strata_names, profile.shares, strict=True)),
    )


@pytest.mark.parametrize("method", METHODS_LEFT)
@settings(max_examples=15)
@given(profile=profiles(), k=st.integers(1, 4))
def test_each_person_left_out_gives_the_list_of_the_ballots_written_without_them(
    profile: Profile, method: str, k: int
) -> None:
    assume(profile.counts.sum() > 1)
    found = leave_one_out(profile, method, k=k)
    whole = rank(profile, method)
    assert found.digest == ranking_digest(whole)
    for row, told in enumerate(found.people):
        rest = without_one(profile, row)
        if rest is None:
            assert (told.digest, told.joins, told.leaves, told.total) == (None, (), (), 0)
            continue
        other = rank(rest, method)
        first, now = set(whole.shortlist(k).items), set(other.shortlist(k).items)
        assert told.digest == ranking_digest(other)
        assert (set(told.joins), set(told.leaves)) == (now - first, first - now)
        assert told.largest == np.abs(other.ranks - whole.ranks).max()
        assert told.total == np.abs(other.ranks - whole.ranks).sum()


def test_somebody_whose_weight_is_no_whole_number_is_left_out_whole() -> None:
    profile = Profile.from_orders(["abc", "bca", "cab"], unranked="last", weights=[1.5, 0.7, 1])
    found = leave_one_out(profile, "borda", k=1)
    assert [each.people for each in found.people] == [1, 1, 1]
    for row, told in enumerate(found.people):
        rest = without_one(profile, row)
        assert rest is not None
        assert told.digest == ranking_digest(rank(rest, "borda"))


def test_the_only_one_of_a_side_is_told_apart_from_somebody_who_changes_nothing() -> None:
    profile = Profile.from_orders(["ab", "ba", "ba", "ba"], unranked="last", sides=["s", "t", "t", "t"])
    found = leave_one_out(profile, "borda", k=1)
    assert found.people[0].digest is None
    assert {each.digest for each in found.people[1:]} == {found.digest}
    assert found.changing == ()


def test_two_people_of_one_ballot_are_left_out_one_at_a_time() -> None:
    profile = Profile.from_orders(["ab", "ba"], unranked="last", weights=[2, 1])
    found = leave_one_out(profile, "borda", k=1)
    assert [each.people for each in found.people] == [2, 1]
    assert found.people[0].joins == ("b",)
    assert found.people[1].digest == found.digest
    assert [each.ballot for each in found.changing] == [0]
    assert json.loads(json.dumps(found.as_dict()))["people"][0]["joins"] == ["b"]


@pytest.mark.parametrize("sides", [None, ["s"]])
def test_a_single_person_cannot_be_left_out(sides: list[str] | None) -> None:
    with pytest.raises(StatisticError, match="there is one person"):
        leave_one_out(Profile.from_orders(["ab"], unranked="last", sides=sides))
    with pytest.raises(MethodError, match="`k` must be 1 or more"):
        leave_one_out(Profile.from_orders(["ab", "ba"], unranked="last"), k=0)


def test_every_family_has_a_representative_that_is_one_of_its_own() -> None:
    assert set(REPRESENTATIVES) == {row.family for row in METHODS.values()}
    assert all(METHODS[key].family == family for family, key in REPRESENTATIVES.items())
    assert "positional" not in members("positional")


def test_five_of_five_families_agree_on_what_nearly_everybody_puts_first() -> None:
    profile = Profile.from_orders(["abcd", "abdc", "acbd", "abcd", "bacd", "adbc"], unranked="last")
    report = families(profile, k=1)
    assert report.speaking == tuple(REPRESENTATIVES)
    assert report.unanimous == ("a",)
    assert report.as_dict()["agree"] == {"a": [5, 5], "b": [0, 5], "c": [0, 5], "d": [0, 5]}


def test_a_family_that_puts_more_items_level_at_the_last_place_than_fit_is_not_counted_for_them() -> None:
    profile = Profile.from_orders(["abc", "acb"], unranked="last")
    report = families(profile, k=2)
    assert report.unanimous == ("a",)
    assert report.for_item["b"] == report.for_item["c"] == ()
    assert report.level_for_item == {"a": (), "b": report.speaking, "c": report.speaking}
    assert families(profile, k=3).unanimous == ("a", "b", "c")


def test_families_disagree_where_points_and_pairs_do() -> None:
    # B wins by points; A beats every other in pairs.
    profile = Profile.from_orders(["abc"] * 3 + ["bca"] * 2, unranked="last")
    report = families(profile, k=1)
    assert "positional" not in report.for_item["a"]
    assert {"pairwise", "distance", "elimination"} <= set(report.for_item["a"])
    assert report.unanimous == ()


def test_the_majority_of_a_family_is_of_those_that_answer_and_refusals_are_named() -> None:
    profile = Profile.from_orders(["abc", "abc", "bac"], unranked="last")
    report = families(profile, k=1, by="majority", settings={"plackett_luce": {"prior": 0}})
    by_name = {family.name: family for family in report.families}
    assert set(by_name["pairwise"].lists) == set(members("pairwise"))
    assert "plackett_luce" in by_name["model"].refused
    alone = families(profile, k=1, settings={"plackett_luce": {"prior": 0}})
    assert "model" not in alone.speaking
    assert alone.unanimous == ("a",)
    assert json.loads(json.dumps(alone.as_dict()))["families"]["model"]["items"] is None


@settings(max_examples=20)
@given(profile=profiles(), k=st.integers(1, 4))
def test_what_a_family_says_is_what_its_representative_lists(profile: Profile, k: int) -> None:
    report = families(profile, k)
    for family in report.families:
        if family.items is not None:
            key = REPRESENTATIVES[family.name]
            listed = rank(profile, key).shortlist(k)
            assert set(family.items) == set(listed.items) - set(listed.tied)
            assert set(family.tied) == set(listed.tied)
    assert set(report.for_item) == set(profile.items)


@settings(max_examples=20)
@given(profile=profiles(), k=st.integers(1, 3))
def test_a_majority_is_more_than_half_of_the_lists_and_clear_where_ties_are_not_needed(
    profile: Profile, k: int
) -> None:
    for family in families(profile, k, by="majority").families:
        for item in profile.items:
            on = [item in listed.items for listed in family.lists.values()]
            clear = [item in listed.items and item not in listed.tied for listed in family.lists.values()]
            assert (item in (family.items or ())) == (2 * sum(clear) > len(clear))
            assert (item in family.tied) == (2 * sum(on) > len(on) and 2 * sum(clear) <= len(clear))


@pytest.mark.parametrize("wrong", [{"k": 0}, {"by": "all"}])
def test_a_question_to_the_families_that_has_no_meaning_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(MethodError, match="must be"):
        families(Profile.from_orders(["ab"], unranked="last"), **wrong)


def test_more_people_find_more_of_the_models_list_more_often_and_more_surely() -> None:
    plan = plan_panel(np.linspace(2, 0, 8).tolist(), [8, 120], k=3, draws=60, seed=4)
    small, large = plan.sizes
    assert plan.first == (0, 1, 2)
    assert small.overlap < large.overlap <= 1
    assert small.repeat < large.repeat <= 1
    assert small.places is not None
    assert large.places is not None
    assert small.places > large.places >= 1


def test_the_same_seed_gives_the_same_plan_whatever_other_sizes_follow() -> None:
    one, two, other = (
        plan_panel([1, 0.5, 0], sizes, k=1, draws=10, seed=seed) for sizes, seed in (([6], 1), ([6, 9], 1), ([6], 2))
    )
    assert one.sizes[0] == two.sizes[0]
    assert json.loads(json.dumps(one.as_dict()))["sizes"][0]["people"] == {"": 6}
    assert one != other


def test_two_items_and_two_people_repeat_as_often_as_chance_says() -> None:
    """Worths 3 to 1: a panel of two has a first with chance 9/16, b with 1/16, both level with 6/16."""
    plan = plan_panel([np.log(3), 0], [2], k=1, draws=3000, seed=1)
    expected = (9 / 16) ** 2 + (1 / 16) ** 2 + (6 / 16) ** 2
    assert plan.sizes[0].repeat == pytest.approx(expected, abs=0.03)
    assert plan.sizes[0].overlap == pytest.approx(15 / 16, abs=0.02)


def test_sides_differ_and_people_spread_over_them_as_told() -> None:
    worths = {"lived": [3, 0, 0, 2], "staff": [0, 3, 0, 2]}
    plan = plan_panel(worths, [11], k=1, mix={"lived": 2, "staff": 1}, draws=10, seed=1)
    assert plan.sizes[0].people == {"lived": 7, "staff": 4}
    assert plan.first == (3,)
    unequal = plan_panel(worths, [12], k=1, shares={"lived": "0.9", "staff": "0.1"}, draws=10, seed=1)
    assert unequal.first == (0,)


def test_people_who_all_answer_alike_have_no_rank_sets() -> None:
    plan = plan_panel([800, 400, 0], [2], k=1, draws=4, seed=1)
    assert plan.sizes[0].places is None
    assert (plan.sizes[0].overlap, plan.sizes[0].repeat) == (1, 1)


def test_a_fitted_model_is_planned_with() -> None:
    profile = Profile.from_orders(["abcd", "abdc", "bacd", "acbd"], unranked="last")
    logs = log_worths_of(rank(profile, "plackett_luce"))
    assert np.argsort(logs)[::-1].tolist()[:2] == [0, 1]
    with pytest.raises(MethodError, match="a ranking by 'borda' has no worths"):
        log_worths_of(rank(profile, "borda"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"log_worths": [1.0]}, "`log_worths` must be finite numbers"),
        ({"log_worths": [1.0, float("inf")]}, "`log_worths` must be finite numbers"),
        ({"log_worths": {"s": [1, 2], "t": [1, 2, 3]}}, "`log_worths` must be finite numbers"),
        ({"log_worths": {}}, "`log_worths` must be finite numbers"),
        ({"sizes": [1]}, "a panel of 1 has fewer than two people"),
        ({"mix": {"s": 1}}, "`mix` must have a number above 0"),
        ({"k": 0}, "`k` must be 1 or more"),
        ({"draws": 1}, "`draws` 2 or more"),
        ({"seed": -1}, "`seed` 0 or more"),
        ({"method": "nothing"}, "there is no method"),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MethodError, match=sentence):
        plan_panel(**({"log_worths": [1.0, 0.5, 0.0], "sizes": [4], "k": 1, "draws": 4, "seed": 1} | wrong))


def test_shares_that_do_not_fit_the_sides_are_refused() -> None:
    worths = {"lived": [1.0, 0.0], "staff": [0.0, 1.0]}
    for shares in ({"lived": 1}, {"lived": 0.5, "staff": 0.4}, {"lived": 0.5, "others": 0.5}):
        with pytest.raises(ProfileError):
            plan_panel(worths, [8], k=1, shares=shares, draws=4, seed=1)
