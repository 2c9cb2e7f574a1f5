"""The largest bloc of near-identical ballots, and how large one grows by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Every ballot is compared with every other: of more, take a sample.
MOST_BALLOTS = 20_000
# Distances held at a time.
ROOM = 1 << 24


@dataclass(frozen=True, slots=True, eq=False)
class Bloc(Frozen):
    """The largest bloc: the ballots of which each differs from `ballot` in few answers. It accuses nobody.

    Parameters
    ----------
    size : int
        How many ballots there are in it; 1 where no two are near each other, 0 where nobody answered anything.
    members : ndarray of int, shape (size,)
        Their rows, ascending.
    ballot : ndarray of float, shape (n_answers,)
        The ballot in the middle, nan where it has no answer; empty where nobody answered anything.
    identical : int
        How many of the members are this very ballot.
    """

    size: int
    members: NDArray[np.int64]
    ballot: NDArray[np.float64]
    identical: int


def largest_bloc(ballots: ArrayLike, *, within: int) -> Bloc:
    """The most ballots that differ from one of them in at most `within` answers.

    All are near one ballot in the middle, so that no chain of small steps can link ballots unlike each other: any two
    members differ in at most twice as many answers.

    Parameters
    ----------
    ballots : array_like, shape (n_ballots, n_answers)
        Numbers of any kind (ratings, ranks, 1 for chosen), nan for no answer: two ballots without an answer to the
        same question do not differ there. Ballots without any answer are in no bloc.
    within : int
        From 0 to the number of answers less 1.

    Returns
    -------
    Bloc
        Of two equally large ones, the one with more ballots identical to its middle, then the one whose middle comes
        first when ballots are sorted: the order of the rows does not matter.

    Raises
    ------
    StatisticError
        If the ballots are no such array, more than 20,000, or `within` is out of range.

    Notes
    -----
    Ballots can be alike without anything being wrong: where most people agree, or few questions are asked. Compare
    `blocs_by_chance`, and give results with and without the bloc.

    Examples
    --------
    Four of six gave the same answers but for one:

    >>> ballots = [[9, 1, 5, 5], [9, 1, 5, 4], [9, 1, 5, 5], [8, 1, 5, 5], [2, 7, 3, 6], [4, 4, 9, 8]]
    >>> bloc = largest_bloc(ballots, within=1)
    >>> bloc.size, bloc.members.tolist(), bloc.identical
    (4, [0, 1, 2, 3], 2)
    """
    values = _checked(ballots, within)
    answered = np.flatnonzero(~np.isnan(values).all(axis=1))
    if not answered.size:
        return _bloc(0, answered, np.empty(0), 0)
    codes = _codes(values[answered])
    distinct, row, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    near = _people_near(distinct, counts, within)
    middle = int(np.lexsort((np.arange(len(near)), -counts, -near))[0])
    inside = (distinct != distinct[middle]).sum(axis=1) <= within
    members = answered[inside[row.ravel()]]
    ballot = values[answered[int(np.argmax(row.ravel() == middle))]]
    return _bloc(int(near[middle]), members, ballot.copy(), int(counts[middle]))


def blocs_by_chance(ballots: ArrayLike, *, within: int, draws: int = 99, seed: int) -> NDArray[np.int64]:
    """The sizes of the largest blocs if the answers to different questions had nothing to do with each other.

    In each draw the answers to every question are dealt out anew among the ballots that answer anything. People are
    more alike than that, since whoever likes one question likes others, so that an honest bloc may be somewhat larger.

    Parameters
    ----------
    ballots, within : as for `largest_bloc`
    draws : int
        1 or more.
    seed : int
        0 or above; the same seed gives the same sizes.

    Returns
    -------
    ndarray of int, shape (draws,)
        Ascending.

    Raises
    ------
    StatisticError
        As `largest_bloc`, or if `draws` or `seed` is out of range.

    Examples
    --------
    Twenty of sixty hand in the same ballot; by chance two at most are so near each other.

    >>> ballots = np.random.default_rng(1).integers(1, 10, (60, 12))
    >>> ballots[:20] = ballots[0]
    >>> largest_bloc(ballots, within=2).size, int(blocs_by_chance(ballots, within=2, seed=1)[-1])
    (20, 2)
    """
    values = _checked(ballots, within)
    if draws < 1 or seed < 0:
        raise StatisticError(f"`draws` must be 1 or more and `seed` 0 or more, not {draws} and {seed}")
    rng = np.random.default_rng(seed)
    dealt = values[~np.isnan(values).all(axis=1)]
    if not len(dealt):
        return np.zeros(draws, dtype=np.int64)
    return np.sort([largest_bloc(rng.permuted(dealt, axis=0), within=within).size for _ in range(draws)])


def _checked(ballots: ArrayLike, within: int) -> NDArray[np.float64]:
    try:
        values = np.array(ballots, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise StatisticError(f"`ballots` must be numbers, a row a ballot: {wrong}") from wrong
    if values.ndim != 2 or not values.size:
        raise StatisticError(f"`ballots` must have shape (n_ballots, n_answers), 1 or more of each, not {values.shape}")
    if len(values) > MOST_BALLOTS:
        raise StatisticError(f"{len(values)} ballots are too many to compare them all; {MOST_BALLOTS} are the most")
    if not 0 <= within < values.shape[1]:
        raise StatisticError(f"`within` must be from 0 to {values.shape[1] - 1}, not {within}")
    return values


def _codes(values: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Each answer as a number of its own in its column, equal answers (and missing ones) alike."""
    columns = [np.unique(column, return_inverse=True)[1].ravel() for column in values.T]
    return np.stack(columns, axis=1).astype(np.uint16)


def _people_near(distinct: NDArray[np.uint16], counts: NDArray[np.int64], within: int) -> NDArray[np.int64]:
    """How many ballots differ from each distinct one in at most so many answers, itself included."""
    n, m = distinct.shape
    narrow = distinct.astype(np.uint8) if distinct.max() < 256 else distinct
    columns = np.ascontiguousarray(narrow.T)
    near = np.zeros(n, dtype=np.int64)
    step = max(1, ROOM // n)
    for start in range(0, n, step):
        apart = np.zeros((min(step, n - start), n), dtype=np.uint8 if m < 256 else np.uint16)
        for column in columns:
            apart += column[start : start + step, None] != column
        near[start : start + step] = (apart <= within) @ counts
    return near


def _bloc(size: int, members: NDArray[np.int64], ballot: NDArray[np.float64], identical: int) -> Bloc:
    members.setflags(write=False)
    ballot.setflags(write=False)
    return Bloc(size, members, ballot, identical)
