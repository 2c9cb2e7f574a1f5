"""The largest bloc against looking at all pairs, and what chance makes of it."""

from __future__ import annotations

from math import isnan
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from aggregation import StatisticError
from aggregation.answers.blocs import blocs_by_chance, largest_bloc
from tests.aggregation.strategies import NOT_JUDGED

few_ballots = st.lists(
    st.lists(st.sampled_from([1, 2, 3, NOT_JUDGED]), min_size=4, max_size=4), min_size=1, max_size=12
)


def apart(one: list[float], other: list[float]) -> int:
    return sum(not (a == b or (isnan(a) and isnan(b))) for a, b in zip(one, other, strict=True))


@given(ballots=few_ballots, within=st.integers(0, 3))
def test_it_is_the_largest_that_looking_at_all_ballots_finds(ballots: list[list[float]], within: int) -> None:
    found = largest_bloc(ballots, within=within)
    speaks = [row for row in ballots if not all(map(isnan, row))]
    assert found.size == max((sum(apart(row, one) <= within for row in speaks) for one in speaks), default=0)
    assert len(found.members) == found.size
    assert all(apart(ballots[row], found.ballot.tolist()) <= within for row in found.members)
    assert found.identical == sum(apart(row, found.ballot.tolist()) == 0 for row in speaks if found.size)


@pytest.mark.parametrize("within", [0, 3, 8])
def test_it_is_the_largest_by_the_distances_of_scipy(within: int) -> None:
    ballots = np.random.default_rng(within).integers(1, 3, (400, 16))
    near = squareform(np.rint(pdist(ballots, "hamming") * 16)) <= within
    found = largest_bloc(ballots, within=within)
    assert found.size == near.sum(axis=1).max()
    assert (near[(ballots == found.ballot).all(axis=1).argmax()].nonzero()[0] == found.members).all()


@given(ballots=few_ballots, within=st.integers(0, 3), seed=st.integers(0, 9))
def test_the_order_of_the_rows_does_not_matter(ballots: list[list[float]], within: int, seed: int) -> None:
    mixed = np.random.default_rng(seed).permutation(len(ballots))
    found, again = largest_bloc(ballots, within=within), largest_bloc(np.array(ballots)[mixed], within=within)
    np.testing.assert_array_equal(found.ballot, again.ballot)
    assert sorted(mixed[again.members]) == found.members.tolist()


def test_a_chain_of_small_steps_makes_no_bloc() -> None:
    """Each ballot differs from the next in one answer, so that a chain links all ten."""
    chain = np.triu(np.ones((10, 10)))
    assert largest_bloc(chain, within=1).size == 3


def test_twenty_slips_in_an_open_round_are_found_and_chance_makes_none_like_it() -> None:
    rng = np.random.default_rng(7)
    ballots = rng.integers(1, 10, (180, 40))
    slips = rng.choice(180, 20, replace=False)
    ballots[slips] = ballots[slips[0]]
    # Each of the twenty changes one answer, as somebody might who does not want to be seen.
    ballots[slips, rng.integers(40, size=20)] = 5
    found = largest_bloc(ballots, within=2)
    assert found.members.tolist() == sorted(slips.tolist())
    assert blocs_by_chance(ballots, within=2, seed=1).max() <= 2


@pytest.mark.parametrize("seed", range(10))
def test_a_panel_without_a_bloc_has_none_worth_naming(seed: int) -> None:
    """People who share tastes are somewhat more alike than chance alone, and by far no bloc of twenty."""
    rng = np.random.default_rng(seed)
    liked = rng.normal(6, 1.2, 40) + rng.normal(0, 1.8, (180, 40))
    found = largest_bloc(np.clip(np.rint(liked), 1, 9), within=4)
    assert found.size <= 2


def test_where_everybody_agrees_chance_says_so_too() -> None:
    ballots = np.full((50, 6), 9)
    assert largest_bloc(ballots, within=0).size == blocs_by_chance(ballots, within=0, draws=3, seed=1)[0] == 50


def test_ballots_without_any_answer_are_in_no_bloc() -> None:
    found = largest_bloc([[NOT_JUDGED] * 3] * 5 + [[1, 2, 3]], within=0)
    assert (found.size, found.members.tolist()) == (1, [5])
    empty = largest_bloc([[NOT_JUDGED] * 3] * 5, within=0)
    assert (empty.size, empty.members.tolist(), empty.ballot.tolist()) == (0, [], [])
    assert blocs_by_chance([[NOT_JUDGED] * 3] * 5, within=0, draws=4, seed=1).tolist() == [0] * 4


def test_the_null_is_seeded_and_leaves_the_ballots_alone() -> None:
    ballots = np.random.default_rng(1).integers(1, 4, (30, 5)).astype(float)
    before = ballots.copy()
    first, again = (blocs_by_chance(ballots, within=1, draws=20, seed=5) for _ in range(2))
    assert (first == again).all()
    assert (ballots == before).all()
    assert (np.diff(first) >= 0).all()


def test_five_thousand_ballots_of_forty_answers_take_seconds() -> None:
    ballots = np.random.default_rng(0).integers(1, 10, (5000, 40))
    start = perf_counter()
    assert largest_bloc(ballots, within=3).size < 3
    assert perf_counter() - start < 10


@pytest.mark.parametrize(
    ("ballots", "within"),
    [([1, 2], 0), ([[]], 0), ([["a"]], 0), ([[1, 2]], 2), ([[1, 2]], -1), ([], 0), (np.ones((20_001, 2)), 0)],
)
def test_what_is_no_table_of_ballots_is_refused(ballots: object, within: int) -> None:
    with pytest.raises(StatisticError):
        largest_bloc(ballots, within=within)


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (1, -1)])
def test_a_null_without_draws_is_refused(draws: int, seed: int) -> None:
    with pytest.raises(StatisticError):
        blocs_by_chance([[1, 2]], within=0, draws=draws, seed=seed)
