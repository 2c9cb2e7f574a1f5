"""Weights and shares of groups: targets met, caps kept, few people refused, and splitting a group changes nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import Profile, ProfileError, StatisticError, pooled_shares, rake, rank
from aggregation.raking import effective_people

HALVES = {"sex": {"w": "1/2", "m": "1/2"}}


def survey(seed: int, people: int = 200) -> dict[str, list[str]]:
    rng = np.random.default_rng(seed)
    return {
        "sex": [*"wm", *rng.choice(["w", "m"], people - 2, p=[0.7, 0.3]).tolist()],
        "age": [*"yo", *rng.choice(["y", "o"], people - 2, p=[0.2, 0.8]).tolist()],
    }


@given(seed=st.integers(0, 10_000), women=st.integers(30, 70), young=st.integers(20, 60))
def test_every_target_is_met(seed: int, women: int, young: int) -> None:
    targets = {
        "sex": {"w": Fraction(women, 100), "m": Fraction(100 - women, 100)},
        "age": {"y": Fraction(young, 100), "o": Fraction(100 - young, 100)},
    }
    labels = survey(seed)
    raking = rake(labels, targets, cap=20)
    assert raking.converged
    for margin, shares in targets.items():
        for category, share in shares.items():
            who = np.array(labels[margin]) == category
            assert raking.weights[who].sum() / raking.weights.sum() == pytest.approx(float(share), abs=1e-5)
            assert raking.reached[margin][category] == pytest.approx(float(share), abs=1e-5)


def test_weights_are_products_of_a_factor_a_category() -> None:
    """What makes it raking and not another weighting that meets the targets: no interaction is added."""
    labels = survey(1)
    weights = rake(labels, {"sex": HALVES["sex"], "age": {"y": 0.4, "o": 0.6}}).weights
    cell = {
        (sex, age): weights[(np.array(labels["sex"]) == sex) & (np.array(labels["age"]) == age)][0]
        for sex in "wm"
        for age in "yo"
    }
    assert cell["w", "y"] * cell["m", "o"] == pytest.approx(cell["w", "o"] * cell["m", "y"], rel=1e-4)


def test_nobody_weighs_more_than_the_cap_and_a_missed_target_is_told() -> None:
    labels = {"sex": ["w"] * 98 + ["m"] * 2}
    raking = rake(labels, HALVES, cap=5)
    assert raking.weights.max() == 5
    assert raking.weights.mean() == pytest.approx(1, abs=1e-5)
    assert raking.capped == 2
    assert not raking.converged
    assert raking.reached["sex"]["m"] == pytest.approx(0.1, abs=1e-5)
    assert raking.missed == pytest.approx(0.4, abs=1e-5)


def test_effective_people_are_kishs() -> None:
    raking = rake({"sex": ["w"] * 60 + ["m"] * 20}, HALVES)
    assert raking.effective_people == pytest.approx(60, abs=1e-3)
    assert effective_people([2, 2, 2]) == 3
    assert raking.as_dict()["effective_people"] == raking.effective_people
    with pytest.raises(ProfileError):
        effective_people([1, 0])


def test_targets_that_contradict_each_other_are_no_convergence() -> None:
    """Everybody young is a woman and everybody old a man, so both cannot be weighted apart."""
    labels = {"sex": ["w"] * 50 + ["m"] * 50, "age": ["y"] * 50 + ["o"] * 50}
    raking = rake(labels, {"sex": HALVES["sex"], "age": {"y": 0.8, "o": 0.2}}, most_rounds=20)
    assert not raking.converged
    assert raking.missed > 0.1


def test_weights_of_people_change_a_list_as_ballots_do() -> None:
    profile = Profile.from_orders(["ab"] * 60 + ["ba"] * 20, unranked="last")
    weights = rake({"sex": ["w"] * 60 + ["m"] * 20}, {"sex": {"w": "1/4", "m": "3/4"}}).weights
    assert rank(profile, "borda").winners == ("a",)
    assert rank(profile.replace(weights=weights), "borda").winners == ("b",)


def test_under_fifty_people_are_refused_in_a_sentence() -> None:
    with pytest.raises(StatisticError, match="at least 50 people, and there are 49"):
        rake({"sex": ["w"] * 40 + ["m"] * 9}, HALVES)
    assert rake({"sex": ["w"] * 40 + ["m"] * 10}, HALVES).converged


@pytest.mark.parametrize(
    ("labels", "targets", "more"),
    [
        ({"sex": ["w"] * 60}, {"age": {"w": 1}}, {}),
        ({"sex": ["w"] * 60}, HALVES, {}),
        ({"sex": ["w", "m", "x"] * 20}, HALVES, {}),
        ({"sex": ["w", "m"] * 30}, {"sex": {"w": 0.5, "m": 0.4}}, {}),
        ({"sex": ["w", "m"] * 30, "age": ["y"] * 59}, HALVES | {"age": {"y": 1}}, {}),
        ({"sex": ["w", "m"] * 30}, HALVES, {"cap": 1}),
        ({"sex": ["w", "m"] * 30}, HALVES, {"cap": float("nan")}),
        ({"sex": ["w", "m"] * 30}, HALVES, {"most_rounds": 0}),
        ({}, {}, {}),
    ],
)
def test_margins_that_do_not_fit_are_refused(labels: object, targets: object, more: dict[str, float]) -> None:
    with pytest.raises(ProfileError):
        rake(labels, targets, **more)


def sided(patients: int = 12, carers: int = 12, nurses: int = 10, doctors: int = 4) -> Profile:
    numbers = {"patients": patients, "carers": carers, "nurses": nurses, "doctors": doctors}
    rng = np.random.default_rng(1)
    people = sum(numbers.values())
    return Profile.from_ranks(
        [rng.permutation(5) + 1 for _ in range(people)],
        list("abcde"),
        unranked="last",
        sides=["lived"] * (patients + carers) + ["staff"] * (nurses + doctors),
        groups=[group for group, number in numbers.items() for _ in range(number)],
    )


def shares(profile: Profile) -> dict[str, str]:
    return {name: str(share) for name, share in zip(profile.strata_names, profile.shares, strict=True)}


def test_a_group_that_is_large_enough_has_a_share_of_its_own() -> None:
    found = pooled_shares(sided(), {"lived": {"patients": "2/3", "carers": "1/3"}, "staff": {"nurses": "3/4"}})
    assert shares(found.profile) == {"lived: carers": "1/6", "lived: patients": "1/3", "staff": "1/2"}
    assert found.pooled == (("staff", "nurses"),)


def test_ten_people_are_enough_and_nine_are_not() -> None:
    parts = {"staff": {"nurses": "3/4"}}
    ten = pooled_shares(sided(nurses=10, doctors=10), parts)
    assert shares(ten.profile) == {"lived": "1/2", "staff: nurses": "3/8", "staff": "1/8"}
    assert shares(pooled_shares(sided(nurses=9, doctors=10), parts).profile) == {"lived": "1/2", "staff": "1/2"}
    assert shares(pooled_shares(sided(nurses=10, doctors=9), parts).profile) == {"lived": "1/2", "staff": "1/2"}


def test_a_small_group_is_pooled_and_its_part_goes_to_the_pool() -> None:
    found = pooled_shares(
        sided(patients=20, carers=9, nurses=10, doctors=10), {"lived": {"patients": 0.5, "carers": 0.5}}
    )
    assert shares(found.profile) == {"lived": "1/2", "staff": "1/2"}
    assert found.pooled == (("lived", "carers"), ("lived", "patients"))
    found = pooled_shares(sided(nurses=30, doctors=10), {"staff": {"nurses": 0.9}}, fewest=10)
    assert shares(found.profile) == {"lived": "1/2", "staff: nurses": "9/20", "staff": "1/20"}


def test_people_who_rank_nothing_do_not_make_a_group_large() -> None:
    profile = sided()
    ranks = profile.ranks.copy()
    ranks[0:3] = 0
    found = pooled_shares(profile.replace(ranks=ranks), {"lived": {"patients": "1/2", "carers": "1/2"}})
    assert found.pooled == (("lived", "carers"), ("lived", "patients"))


def test_without_parts_nothing_changes_by_a_byte() -> None:
    profile = sided()
    same = pooled_shares(profile, {})
    assert repr(rank(same.profile, "borda").as_dict()) == repr(rank(profile, "borda").as_dict())
    assert same.profile.strata_names == profile.strata_names


@pytest.mark.parametrize("method", ["borda", "copeland", "jla"])
@given(data=st.data())
def test_splitting_a_group_that_is_not_declared_changes_no_byte(method: str, data: st.DataObject) -> None:
    profile = sided(patients=12, carers=data.draw(st.integers(1, 14)), nurses=11, doctors=12)
    parts = {"lived": {"patients": "2/3"}, "staff": {"nurses": "1/4"}}
    codes = profile.groups.copy()
    names = [*profile.group_names, "young", "old", "junior"]
    for name, new in (("carers", (4, 5)), ("doctors", (6,))):
        rows = np.flatnonzero(profile.groups == profile.group_names.index(name))
        moved = data.draw(
            st.lists(st.sampled_from([profile.group_names.index(name), *new]), min_size=len(rows), max_size=len(rows))
        )
        codes[rows] = moved
    used, codes = np.unique(codes, return_inverse=True)
    split = profile.replace(groups=codes, group_names=tuple(names[code] for code in used))
    one, other = pooled_shares(profile, parts), pooled_shares(split, parts)
    assert shares(one.profile) == shares(other.profile)
    assert repr(rank(one.profile, method).as_dict()) == repr(rank(other.profile, method).as_dict())


@pytest.mark.parametrize(
    "parts",
    [
        {"nobody": {"patients": 1}},
        {"lived": {"nurses": 0.5}},
        {"lived": {"patients": 0.8, "carers": 0.8}},
        {"lived": {"patients": 0.2, "carers": 0.2}},
        {"lived": {"patients": 0}},
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ProfileError):
        pooled_shares(sided(), parts)


def test_ballots_without_sides_or_groups_have_no_parts() -> None:
    with pytest.raises(ProfileError, match="sides and groups"):
        pooled_shares(sided().pooled(), {})
    with pytest.raises(ProfileError, match="fewest"):
        pooled_shares(sided(), {}, fewest=0)
