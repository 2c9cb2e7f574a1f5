"""Importance scores and lowest totals against other methods that come to the same on complete orders."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from aggregation import Profile, StatisticError, rank
from aggregation.answers.side_lists import side_lists
from aggregation.delphi import importance, lowest_total
from aggregation.distances import kendall_tau_b
from aggregation.overlap import rank_biased_overlap
from tests.aggregation.strategies import profiles, strict_profiles


@given(profile=strict_profiles())
def test_importance_of_complete_orders_is_dowdalls_count_over_all_participants(profile: Profile) -> None:
    found = importance(profile)
    dowdall = rank(profile.pooled(), "dowdall")
    np.testing.assert_allclose(found.scores * found.participants, dowdall.scores)
    assert found.ranking.tiers == dowdall.tiers


@given(orders=st.lists(st.permutations("abcd").flatmap(lambda o: st.integers(0, 4).map(lambda n: o[:n])), min_size=1))
def test_importance_is_the_mean_of_one_over_the_place(orders: list[list[str]]) -> None:
    found = importance(Profile.from_orders(orders, "abcd", unranked="last"))
    for i, item in enumerate("abcd"):
        exact = sum(Fraction(1, order.index(item) + 1) for order in orders if item in order) / len(orders)
        assert found.scores[i] == float(exact)
        assert found.ranked_at[i].sum() == sum(item in order for order in orders)
    assert found.participants == len(orders)


def test_gaps_between_ranks_are_none_between_places_and_weights_are_people() -> None:
    found = importance(Profile(ranks=[[1, 101, 0], [3, 0, 2]], items=list("abc"), unranked="last", weights=[3, 1]))
    assert found.scores.tolist() == [0.875, 0.375, 0.25]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ranks": [[1, 2, 3], [1, 1, 2]]}, "ballot 1 has a tie"),
        ({"unranked": "absent"}, "counts 0 here"),
        ({"weights": [0.5]}, "no number of people"),
    ],
)
def test_what_a_nominal_group_does_not_give_is_refused(changes: dict[str, object], reason: str) -> None:
    given_ballots = {"ranks": [[1, 2, 3]], "items": list("abc"), "unranked": "last"}
    with pytest.raises(StatisticError, match=reason):
        importance(Profile(**(given_ballots | changes)))


@given(rows=st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=1, max_size=6))
def test_the_lowest_total_adds_mean_places_and_is_bordas_order(rows: list[list[int]]) -> None:
    profile = Profile(ranks=rows, items=list("abcd"), unranked="last")
    found = lowest_total(profile)
    assert found.totals.tolist() == rankdata(rows, axis=1).sum(axis=0).tolist()
    assert found.tiers == rank(profile, "borda").tiers
    assert all(len(tier) > 1 for tier in found.for_plenary)


def test_a_list_that_leaves_something_out_or_counts_half_is_refused() -> None:
    with pytest.raises(StatisticError, match="list 1 leaves out 'b'"):
        lowest_total(Profile(ranks=[[1, 2], [1, 0]], items=["a", "b"], unranked="last"))
    with pytest.raises(StatisticError, match="no number of lists"):
        lowest_total(Profile(ranks=[[1, 2]], items=["a", "b"], unranked="last", weights=[1.5]))


@given(profile=profiles(items=st.integers(2, 5)))
def test_each_sides_list_is_its_own_and_the_distances_are_those_of_the_library(profile: Profile) -> None:
    common = rank(profile, "borda")
    for by, parts in (("sides", profile.by_side()), ("groups", profile.by_group())):
        for found, (name, part) in zip(side_lists(profile, by=by), parts.items(), strict=True):
            assert found.name == name
            assert found.people == part.counts[part.ranks.any(axis=1)].sum()
            if not found.people:
                assert found.ranking is found.tau is found.overlap is None
                continue
            own = rank(part, "borda")
            assert found.ranking.tiers == own.tiers
            assert found.overlap == rank_biased_overlap(own, common)
            if min(len(own.tiers), len(common.tiers)) > 1:
                assert found.tau == kendall_tau_b(own, common)
            else:
                assert found.tau is None


def test_one_side_alone_has_the_list_of_all() -> None:
    profile = Profile.from_orders(["abc", "acb", "abc"], unranked="last", sides=["lived"] * 3)
    [found] = side_lists(profile, "schulze")
    assert (found.tau, found.overlap) == (1.0, pytest.approx(1.0))


def test_lists_of_nothing_are_refused() -> None:
    profile = Profile.from_orders(["ab"], unranked="last")
    with pytest.raises(ValueError, match="no sides"):
        side_lists(profile)
    with pytest.raises(ValueError, match="no groups"):
        side_lists(profile, by="groups")
    with pytest.raises(ValueError, match="`by`"):
        side_lists(profile, by="people")
