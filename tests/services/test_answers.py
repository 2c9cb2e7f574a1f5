"""What answers look like: checked, canonical, and as piles and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priority.errors import Invalid
from priority.services.answers import (
    CANNOT_JUDGE,
    canonical,
    page_digest,
    pile_of,
    places,
    ranks,
)
from priority.services.ballot_types import type_of
from priority.words import RoundKind

ITEMS = ["Q1.1", "Q2.1", "Q3.1"]


def check(kind, answers, items=ITEMS, **design):
    return type_of(kind).check(answers, items, dict(type_of(kind).design) | design)


@pytest.mark.parametrize("rating", [1, 9, CANNOT_JUDGE])
def test_a_rating_from_1_to_9_or_cannot_judge_is_kept(rating):
    assert check(RoundKind.RATING, {"Q1.1": rating}, ITEMS) == {"Q1.1": rating}


@pytest.mark.parametrize("rating", [0, 10, True, 5.0, "5", None, [5], {"a": 1}])
def test_anything_else_is_no_rating(rating):
    with pytest.raises(Invalid) as found:
        check(RoundKind.RATING, {"Q1.1": rating}, ITEMS)
    assert found.value.field == "Q1.1"


@pytest.mark.parametrize("pile", [0, 4, True, 1.0, "1", None, [1], {"a": 1}])
def test_anything_but_three_piles_and_cannot_judge_is_no_pile(pile):
    with pytest.raises(Invalid):
        check(RoundKind.RANKING, {"piles": {"Q1.1": pile}}, ITEMS)


@pytest.mark.parametrize("place", [0, 11, True, 1.0, "1", None])
def test_anything_but_1_to_10_is_no_place(place):
    with pytest.raises(Invalid):
        check(RoundKind.RANKING, {"piles": {"Q1.1": 1}, "order": {"Q1.1": place}}, ITEMS)


@pytest.mark.parametrize("pile", [2, 3, CANNOT_JUDGE])
def test_only_the_first_pile_has_places(pile):
    with pytest.raises(Invalid):
        check(RoundKind.RANKING, {"piles": {"Q1.1": pile}, "order": {"Q1.1": 1}}, ITEMS)


def test_more_than_ten_places_are_refused_even_where_they_are_shared():
    keys = [f"Q{n}.1" for n in range(11)]
    with pytest.raises(Invalid, match="ten"):
        check(RoundKind.RANKING, {"piles": dict.fromkeys(keys, 1), "order": dict.fromkeys(keys, 1)}, keys)


@pytest.mark.parametrize(
    ("rating", "pile"),
    [(1, 3), (3, 3), (4, 2), (6, 2), (7, 1), (9, 1), (CANNOT_JUDGE, CANNOT_JUDGE), (None, None)],
)
def test_the_three_bands_are_the_three_piles(rating, pile):
    assert pile_of(rating) == pile


def test_gaps_close_and_equal_numbers_share_a_place():
    assert places({"a": 10, "b": 30, "c": 30, "d": 70}) == {"a": 1, "b": 2, "c": 2, "d": 4}


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 9999), max_size=10))
def test_places_keep_the_order_of_the_numbers_and_change_nothing_the_second_time(numbers):
    found = places(numbers)
    assert places(found) == found
    assert all(
        (numbers[one] < numbers[other]) == (found[one] < found[other])
        and (numbers[one] == numbers[other]) == (found[one] == found[other])
        for one in numbers
        for other in numbers
    )


def test_a_ranking_is_ten_then_the_rest_of_the_first_pile_then_the_others():
    piles = {"a": 1, "b": 1, "c": 2, "d": 3, "e": CANNOT_JUDGE}
    assert ranks({"piles": piles, "order": {"b": 1}}) == {"b": 1, "a": 101, "c": 102, "d": 103}


@given(st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 9)))
def test_the_same_answers_are_written_the_same_way(answers):
    turned = dict(reversed(answers.items()))
    assert canonical(answers) == canonical(turned)
    assert page_digest(answers) == page_digest(turned)
