"""Who is unheard: people counted one by one against the definition, quotas at their edges, and simulated panels."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import MethodError, Profile, ProfileError, rank, unheard
from aggregation.answers.trials import Design, unheard_trial
from tests.aggregation.strategies import profiles, voices


def puts_above_all(row: list[int], item: int, listed: list[int], unranked: str) -> bool:
    """The definition, ballot by ballot."""
    if not row[item] or item in listed:
        return False
    if unranked == "absent":
        listed = [other for other in listed if row[other]]
        if not listed:
            return False
    return all(row[item] < row[other] or not row[other] for other in listed)


@given(profile=profiles(), data=st.data())
def test_people_and_share_are_what_the_definition_says(profile: Profile, data: st.DataObject) -> None:
    listed = data.draw(st.sets(st.integers(0, profile.n_items - 1), min_size=1))
    hearing = unheard(profile, [profile.items[i] for i in listed], floor=1)
    say = [v if row.any() else 0 for v, row in zip(voices(profile), profile.ranks, strict=True)]
    assert {each.item for each in hearing.left_out} == {item for i, item in enumerate(profile.items) if i not in listed}
    for each in hearing.left_out:
        item = profile.items.index(each.item)
        who = [puts_above_all(row, item, list(listed), profile.unranked) for row in profile.ranks.tolist()]
        assert each.people == sum(count for count, yes in zip(profile.counts.tolist(), who, strict=True) if yes)
        assert each.share == Fraction(sum(v for v, yes in zip(say, who, strict=True) if yes)) / sum(say)
        assert each.alarm == (each.share > Fraction(1, len(listed) + 1) and each.people >= 1)


def panel(first_c: int, others: int) -> Profile:
    return Profile.from_orders(["CAB"] * first_c + ["ABC"] * others, unranked="last")


@pytest.mark.parametrize(("first", "alarmed"), [(6, False), (7, True)])
def test_an_alarm_needs_more_than_the_quota_not_just_as_much(first: int, *, alarmed: bool) -> None:
    hearing = unheard(panel(first, 18 - first), ["A", "B"])
    assert hearing.quota == Fraction(1, 3)
    assert [each.item for each in hearing.alarms] == (["C"] if alarmed else [])


@pytest.mark.parametrize(("floor", "alarmed"), [(4, True), (5, False)])
def test_fewer_people_than_the_floor_are_never_alarmed_of(floor: int, *, alarmed: bool) -> None:
    hearing = unheard(panel(4, 4), ["A", "B"], floor=floor)
    assert hearing.left_out[0].people == 4
    assert bool(hearing.alarms) == alarmed


def test_an_alarm_goes_by_the_say_where_there_are_sides() -> None:
    orders, sides = ["CAB"] * 5 + ["ABC"] * 3 + ["ABC"] * 30, ["lived"] * 8 + ["staff"] * 30
    people = Profile.from_orders(orders, unranked="last")
    say = Profile.from_orders(orders, unranked="last", sides=sides)
    assert not unheard(people, ["A"], floor=1).alarms
    hearing = unheard(say, ["A", "B"])
    assert not hearing.alarms
    assert hearing.left_out[0].share == Fraction(5, 16)
    alarm = unheard(say.with_shares({"lived": "0.6", "staff": "0.4"}), ["A", "B"]).alarms[0]
    assert alarm.share == Fraction(3, 8)
    assert [(part.name, part.people, part.n) for part in alarm.sides] == [("lived", 5, 8), ("staff", 0, 30)]


def test_groups_are_told_with_their_numbers_and_change_nothing() -> None:
    groups = ["patients", "carers", "carers", "patients", "carers", "patients"]
    profile = panel(3, 3).replace(
        groups=[int(name == "patients") for name in groups], group_names=("carers", "patients")
    )
    hearing = unheard(profile, ["A"], floor=1)
    assert [(part.name, part.people, part.n) for part in hearing.left_out[0].groups] == [
        ("carers", 2, 3),
        ("patients", 1, 3),
    ]
    split = profile.replace(groups=[0, 1, 2, 3, 4, 5], group_names=tuple("abcdef"))
    assert [(a.item, a.share, a.alarm) for a in unheard(split, ["A"]).left_out] == [
        (a.item, a.share, a.alarm) for a in unheard(profile, ["A"]).left_out
    ]


def test_a_list_with_a_tie_at_its_end_is_as_long_as_it_shows() -> None:
    profile = Profile.from_orders(["ABC", "ACB"], unranked="last")
    hearing = unheard(profile, rank(profile, "borda"), 2)
    assert hearing.listed == ("A", "B", "C")
    assert hearing.quota == Fraction(1, 4)
    assert hearing.left_out == ()


def test_who_cannot_judge_part_of_the_list_is_still_heard() -> None:
    profile = Profile(ranks=[[0, 2, 1], [0, 0, 1], [1, 2, 3]], items=["a", "b", "c"], unranked="absent")
    assert unheard(profile, ["a", "b"], floor=1).left_out[0].people == 1
    assert unheard(profile.with_unranked("last"), ["a", "b"], floor=1).left_out[0].people == 2


def test_blank_ballots_are_not_counted() -> None:
    profile = Profile(ranks=[[2, 1], [0, 0], [0, 0]], items=["a", "b"], unranked="last")
    hearing = unheard(profile, ["a"], floor=1)
    assert (hearing.people, hearing.left_out[0].share) == (1, 1)


def test_a_weight_that_is_no_whole_number_is_one_person() -> None:
    hearing = unheard(panel(2, 2).replace(weights=[1.5, 1.5, 0.5, 0.5]), ["A", "B"], floor=1)
    assert (hearing.people, hearing.left_out[0].people, hearing.left_out[0].share) == (4, 2, Fraction(3, 4))


def test_the_answer_survives_json() -> None:
    assert json.loads(json.dumps(unheard(panel(7, 3), ["A"]).as_dict()))["left_out"][0]["alarm"] is True


@pytest.mark.parametrize(
    ("listed", "k", "error"),
    [
        (["A", "X"], None, ProfileError),
        ([], None, ProfileError),
        (["A"], 1, MethodError),
        ("ranking", None, MethodError),
        ("ranking", 0, MethodError),
        ("ranking", 4, MethodError),
    ],
)
def test_a_list_that_is_none_is_refused(listed: object, k: int | None, error: type[Exception]) -> None:
    profile = panel(2, 2)
    with pytest.raises(error):
        unheard(profile, rank(profile, "borda") if listed == "ranking" else listed, k)


def test_a_floor_of_nobody_and_ballots_of_nobody_are_refused() -> None:
    with pytest.raises(MethodError, match="floor"):
        unheard(panel(1, 1), ["A"], floor=0)
    with pytest.raises(ProfileError, match="nobody ranks"):
        unheard(Profile(ranks=np.zeros((2, 2), dtype=int), items=["a", "b"], unranked="last"), ["a"])


@pytest.mark.slow
def test_a_need_shared_by_16_percent_is_found_and_panels_without_one_are_quiet() -> None:
    """200 panels of 120 people with 10 of 40 questions; the docs have the figures for other panels."""
    trial = unheard_trial()
    assert trial.found >= 150
    assert trial.false_alarms <= 30


def test_the_trial_can_tell_a_planted_need_from_none() -> None:
    few = unheard_trial(Design(people=60, items=20), panels=10, shared=0.02)
    assert few.found < 3
