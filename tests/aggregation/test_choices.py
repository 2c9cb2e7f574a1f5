"""Choosing k, with and without an order, against counting by hand and the rule of the James Lind Alliance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import Profile, StatisticError
from aggregation.delphi import Tally, choices, wilson
from aggregation.methods.jla import side_points

K, ITEMS = 3, "abcde"


@st.composite
def ballots(draw: st.DrawFn) -> Profile:
    orders = st.permutations(ITEMS).flatmap(lambda order: st.integers(0, K).map(lambda n: order[:n]))
    chosen = draw(st.lists(orders, min_size=1, max_size=12))
    sides = ["lived", *draw(st.lists(st.sampled_from(["lived", "staff"]), min_size=len(chosen) - 1, max_size=11))]
    return Profile.from_orders(chosen, ITEMS, unranked="last", sides=sides[: len(chosen)])


@given(profile=ballots())
def test_points_are_those_of_the_james_lind_alliance_for_each_side(profile: Profile) -> None:
    for part, points in zip(profile.by_side().values(), side_points(profile, K), strict=True):
        found = choices(part, K, ordered=True)
        assert found.points.tolist() == points
        assert (found.places.sum(axis=1) == found.chosen).all()
        assert found.people + found.blank == part.n_ballots


@given(profile=ballots())
def test_the_order_does_not_matter_where_it_was_not_asked(profile: Profile) -> None:
    level = profile.replace(ranks=(profile.ranks > 0).astype(int))
    found = choices(level, K)
    assert (found.chosen == choices(profile, K, ordered=True).chosen).all()
    assert found.places is found.points is None
    assert found.chosen.tolist() == [sum(bool(row[i]) for row in profile.ranks.tolist()) for i in range(len(ITEMS))]


def test_a_weight_of_two_is_two_people_and_blank_ballots_are_in_no_denominator() -> None:
    profile = Profile.from_orders(["ab", "b", ""], ITEMS, unranked="last", weights=[2, 1, 4])
    found = choices(profile, 2, ordered=True)
    assert (found.people, found.blank) == (3, 4)
    assert found.share_of(0) == Tally(2, 3)
    assert found.interval_of(0) == wilson(2, 3)
    assert found.places[:2].tolist() == [[2, 0], [1, 2]]


def test_k_may_be_more_than_there_are_items() -> None:
    assert choices(Profile.from_orders(["ab"], unranked="last"), 4, ordered=True).points.tolist() == [4, 3]


@pytest.mark.parametrize(
    ("ranks", "k", "reason"),
    [
        ([[1, 2, 0], [1, 2, 3]], 2, "ballot 1 chooses 3 items; 2 can be chosen"),
        ([[1, 2, 0], [1, 1, 0]], 2, "ballot 1 must put"),
        ([[1, 3, 0]], 2, "ballot 0 must put"),
        ([[1, 2, 0]], 0, "`k` must be 1 or more"),
    ],
)
def test_ballots_that_do_not_keep_to_the_rule_are_refused(ranks: list[list[int]], k: int, reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        choices(Profile(ranks=ranks, items=list("abc"), unranked="last"), k, ordered=True)


def test_half_people_are_refused() -> None:
    with pytest.raises(StatisticError, match="no number of people"):
        choices(Profile(ranks=[[1]], weights=[0.5], items=["a"], unranked="last"), 1)


def test_an_interval_of_nobody_is_refused() -> None:
    with pytest.raises(StatisticError):
        choices(Profile(ranks=[[0, 0]], items=["a", "b"], unranked="last"), 1).interval_of(0)
