"""Items assigned to places at the least cost, with all that other assignments of the same cost have in common."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods.majority import blocks_in_order, tiers_from_lines
from aggregation.tally import common_divisor

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Assignments are counted where no more places than this can be exchanged with each other.
COUNTED = 12
WIDE = 2**62


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment of least cost and what others of the same cost share with it.

    tiers : items by place, cut into tiers at the lines that no best assignment crosses;
    cost, bound : its cost, and the lower bound that prices of items and places prove;
    n_optimal : how many best assignments there are, None where they were not counted; `unique`: whether only one.
    """

    tiers: list[list[int]]
    cost: int
    bound: int
    n_optimal: int | None
    unique: bool


def best_assignment(costs: NDArray[Any]) -> Assignment:
    """The assignment of each item to a place of its own that costs least.

    Parameters
    ----------
    costs : ndarray of whole numbers, shape (n, n)
        Of item i at place q; at least one item.

    Notes
    -----
    A solver for floats gives the start. Then, in whole numbers, chains of items that each take the next one's place
    are searched for one that saves something; when there is none, the lengths of the shortest chains are prices
    that prove the bound, and the moves that cost nothing at these prices are all that best assignments can differ in.

    References
    ----------
    H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research Logistics 2 (1955) 83-97.

    Examples
    --------
    >>> best_assignment(np.array([[0, 1, 5], [0, 1, 5], [9, 5, 1]]))
    Assignment(tiers=[[0, 1], [2]], cost=2, bound=2, n_optimal=2, unique=False)
    """
    divisor = common_divisor(costs)
    reduced = costs // divisor
    n = len(reduced)
    if reduced.dtype != object and int(reduced.max()) * 4 * n >= WIDE:
        reduced = reduced.astype(object)
    holder = _start(reduced)
    while True:
        moves = reduced[holder] - reduced[holder, np.arange(n)][:, None]
        prices, cycle = _shortest_chains(moves)
        if cycle is None:
            break
        # Each item on the cycle takes the next place; the sum of their moves is below 0.
        holder[np.roll(cycle, -1)] = holder[cycle]
    free = prices[:, None] + moves == prices
    exchangeable = blocks_in_order(free)
    crossed = np.zeros(n - 1, dtype=bool)
    for block in exchangeable:
        crossed[block[0] : block[-1]] = True
    counted = [_matchings(free[np.ix_(block, block)]) for block in exchangeable if len(block) <= COUNTED]
    proved = (reduced[holder, np.arange(n)] - prices).sum() + prices.sum()
    return Assignment(
        tiers_from_lines(holder.tolist(), crossed),
        divisor * int(reduced[holder, np.arange(n)].sum()),
        divisor * int(proved),
        prod(counted) if len(counted) == len(exchangeable) else None,
        len(exchangeable) == n,
    )


def _start(costs: NDArray[Any]) -> NDArray[np.intp]:
    """The item at each place in an assignment that is best as far as floats can tell."""
    from scipy.optimize import linear_sum_assignment

    items, places = linear_sum_assignment(costs.astype(np.float64))
    return np.asarray(items[np.argsort(places)])


def _shortest_chains(moves: NDArray[Any]) -> tuple[NDArray[Any], list[int] | None]:
    """The least cost of a chain of moves that ends at each place, or a cycle of places whose moves save something.

    References
    ----------
    R. Bellman, On a routing problem, Quarterly of Applied Mathematics 16 (1958) 87-90.
    """
    n = len(moves)
    lengths = np.zeros(n, dtype=moves.dtype)
    come_from, shorter = np.arange(n), np.zeros(n, dtype=bool)
    for _ in range(n + 1):
        through = lengths[:, None] + moves
        best = np.argmin(through, axis=0)
        shorter = through[best, np.arange(n)] < lengths
        if not shorter.any():
            return lengths, None
        come_from[shorter] = best[shorter]
        lengths = np.where(shorter, through[best, np.arange(n)], lengths)
    return lengths, _cycle(come_from, int(np.flatnonzero(shorter)[0]))


def _cycle(come_from: NDArray[np.intp], place: int) -> list[int]:
    """The places on the way back from a place that is n steps from where its chain began, once around."""
    for _ in range(len(come_from)):
        place = int(come_from[place])
    around = [place]
    while (before := int(come_from[around[-1]])) != place:
        around.append(before)
    return around[::-1]


def _matchings(free: NDArray[np.bool_]) -> int:
    """In how many ways each can take a free place of its own: rows one by one, by the set of places taken."""
    ways = {0: 1}
    for row in free:
        following: dict[int, int] = {}
        for taken, count in ways.items():
            for place in np.flatnonzero(row).tolist():
                if not taken >> place & 1:
                    key = taken | 1 << place
                    following[key] = following.get(key, 0) + count
        ways = following
    return sum(ways.values())
