"""Designs of best-worst rounds against the definition of balance; counts against the method that ranks by them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import StatisticError, rank
from aggregation.delphi import AnsweredSet, best_worst, cards, design
from aggregation.delphi.best_worst_design import counted

ITEMS = "abcdef"


@given(n=st.integers(3, 30), size=st.integers(3, 6), at_least=st.integers(1, 4), seed=st.integers(0, 5))
def test_every_item_is_shown_often_enough_and_the_counts_are_true(n: int, size: int, at_least: int, seed: int) -> None:
    size = min(size, n)
    found = design(n, size, at_least, seed=seed)
    assert all(len(set(each)) == size and set(each) <= set(range(n)) for each in found.sets)
    for item in range(n):
        assert found.shown[item] == sum(item in each for each in found.sets) >= at_least
    for one, other in combinations(range(n), 2):
        assert found.pair_counts[one, other] == sum({one, other} <= set(each) for each in found.sets)
    assert found.shown.max() - found.shown.min() <= 1
    assert len(found.sets) <= max(2 * -(-n * at_least // size), 1)
    even = len(set(found.shown)) == 1 and found.together[0] == found.together[1]
    assert found.balanced == even
    if not found.balanced:
        assert len(found.sets) == -(-n * at_least // size)


# Items, size, times shown, sets, times together: designs whose numbers are in every table (Fisher and Yates).
TABLES = [
    (7, 3, 3, 7, 1),
    (9, 3, 4, 12, 1),
    (13, 3, 6, 26, 1),
    (13, 4, 4, 13, 1),
    (16, 4, 5, 20, 1),
    (21, 5, 5, 21, 1),
    (25, 5, 6, 30, 1),
    (11, 5, 5, 11, 2),
    (6, 3, 5, 10, 2),
    (8, 4, 7, 14, 3),
    (15, 3, 7, 35, 1),
]


@pytest.mark.parametrize(("n", "size", "shown", "sets", "together"), TABLES)
def test_balanced_designs_of_the_tables_are_found(n: int, size: int, shown: int, sets: int, together: int) -> None:
    found = design(n, size, shown, seed=3)
    assert (len(found.sets), found.balanced, found.together) == (sets, True, (together, together))
    assert len(set(map(frozenset, found.sets))) == sets
    assert n * shown == sets * size
    assert together * (n - 1) == shown * (size - 1)


def test_balance_that_costs_more_sets_than_wanted_is_not_taken() -> None:
    assert len(design(13, 4, 2, seed=1).sets) == 13
    short = design(13, 4, 2, seed=1, at_most=12)
    assert (len(short.sets), short.balanced) == (7, False)


def test_pairs_are_as_even_as_those_of_forty_questions_can_be() -> None:
    """24 sets of five have 240 pairs, 780 can be had: none needs to come twice."""
    assert design(40, 5, 3, seed=8).together == (0, 1)


def test_the_same_seed_gives_the_same_sets_and_another_one_others() -> None:
    assert design(20, 4, 3, seed=4).sets == design(20, 4, 3, seed=4).sets != design(20, 4, 3, seed=5).sets
    assert design(13, 4, 4, seed=4).sets != design(13, 4, 4, seed=5).sets


def test_sets_without_a_common_item_are_told_to_be_unconnected() -> None:
    assert not counted([(0, 1, 2), (3, 4, 5)], 6).connected
    assert counted([(0, 1, 2), (2, 3, 4), (4, 5, 0)], 6).connected
    assert not design(40, 5, 1, seed=1).connected


@pytest.mark.parametrize(
    ("numbers", "seed"),
    [
        ((2, 3, 1), 1),
        ((9, 2, 1), 1),
        ((9, 10, 1), 1),
        ((9, 3, 0), 1),
        ((9, 3, 1), -1),
        ((501, 4, 1), 1),
        ((400, 4, 11), 1),
    ],
)
def test_designs_of_impossible_numbers_are_refused(numbers: tuple[int, int, int], seed: int) -> None:
    with pytest.raises(StatisticError):
        design(*numbers, seed=seed)


@st.composite
def answers(draw: st.DrawFn) -> AnsweredSet:
    shown = draw(st.permutations(ITEMS))[: draw(st.integers(3, 5))]
    best, worst = draw(st.permutations(shown))[:2]
    return AnsweredSet(tuple(shown), *draw(st.sampled_from([(best, worst), (None, worst), (best, None), (None, None)])))


@given(given_sets=st.lists(answers(), min_size=1, max_size=20))
def test_counts_are_those_of_the_method_that_ranks_by_them(given_sets: list[AnsweredSet]) -> None:
    found = best_worst(given_sets, ITEMS)
    ranking = rank(cards(given_sets, ITEMS), "best_worst")
    told = ranking.diagnostics
    for i, item in enumerate(ITEMS):
        assert (found.best[i], found.worst[i], found.shown[i]) == tuple(
            told[what][item] for what in ("best", "worst", "shown")
        )
        if found.shown[i]:
            assert found.score[i] == ranking.scores[i]
        else:
            assert np.isnan([found.score[i], found.ratio[i]]).all()
    assert found.answered + found.incomplete == len(given_sets)
    assert found.best.sum() == found.worst.sum() == found.answered
    if found.answered:
        assert np.nanmax(found.ratio) == 100


@given(given_sets=st.lists(answers(), min_size=1, max_size=12))
def test_turning_best_and_worst_turns_the_scores(given_sets: list[AnsweredSet]) -> None:
    turned = [AnsweredSet(each.shown, each.worst, each.best) for each in given_sets]
    np.testing.assert_array_equal(best_worst(turned, ITEMS).score, -best_worst(given_sets, ITEMS).score)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (AnsweredSet(("a", "x"), None, None), "shows 'x'"),
        (AnsweredSet(("a", "a"), None, None), "an item twice"),
        (AnsweredSet(("a", "b"), "c", "a"), "calls 'c' best"),
        (AnsweredSet(("a", "b"), "a", "c"), "calls 'c' worst"),
        (AnsweredSet(("a", "b"), "a", "a"), "both best and worst"),
    ],
)
def test_a_set_that_cannot_be_is_refused_with_its_row(answer: AnsweredSet, reason: str) -> None:
    good = AnsweredSet(("a", "b"), "a", "b")
    for ask in (best_worst, cards):
        with pytest.raises(StatisticError, match=rf"`answers`\[1\] .*{reason}"):
            ask([good, answer], ITEMS)


def test_without_answers_nothing_has_a_score() -> None:
    found = best_worst([], "ab")
    assert found.answered == 0
    assert np.isnan(found.score).all()
    assert np.isnan(found.ratio).all()
