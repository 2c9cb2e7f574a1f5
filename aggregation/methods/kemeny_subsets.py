"""Kemeny's rule for up to 12 items: dynamic programming over sets of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods.majority import lines_crossed, tiers_from_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 12
# Best orders are listed one by one up to here, and only counted beyond.
MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class Block:
    """The solution of one block of items.

    `tiers` are indices, an order of `excess` when read from left to right; `bound` is what no order falls below;
    `n_optimal` counts the best orders where they were counted; `orders` lists them where they are few.
    """

    tiers: list[list[int]]
    excess: int
    bound: int
    ties_complete: bool
    n_optimal: int | None
    orders: list[list[int]] | None


def solve(margins: NDArray[Any]) -> Block:
    """The best order of few items, what all best orders have in common, and how many there are.

    Parameters
    ----------
    margins : ndarray of int, shape (n, n)
        ``margins[i, j]``: the say for i above j, less that against; n at most 12.

    Notes
    -----
    A set of items at the head of an order costs the same whatever follows, so the best heads and the best tails
    of all 2^n sets say which steps lie on a best order.

    References
    ----------
    N. Betzler, M. Fellows, J. Guo, R. Niedermeier, F. Rosamond, Fixed-parameter algorithms for Kemeny rankings,
    Theoretical Computer Science 410 (2009) 4554-4570.

    Examples
    --------
    A cycle of three equal majorities: three best orders, one tier.

    >>> found = solve(np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0]]))
    >>> found.tiers, found.excess, found.orders
    ([[0, 1, 2]], 1, [[0, 1, 2], [1, 2, 0], [2, 0, 1]])
    """
    n = len(margins)
    full = (1 << n) - 1
    cost = _cost_of_adding(margins)
    heads = _best_heads(cost, n)
    tails = _best_heads(cost[::-1], n, below=True)[::-1]
    sets = np.arange(full + 1)
    best = heads[full]
    on_best = np.zeros((full + 1, n), dtype=bool)
    for i in range(n):
        free = sets[(sets >> i) & 1 == 0]
        on_best[free, i] = heads[free] + cost[free, i] + tails[free | 1 << i] == best
    order = _first_path(on_best, n)
    swapped = _before_in_some(on_best, n)
    count = _count_paths(on_best, n)
    return Block(
        tiers=tiers_from_lines(order, lines_crossed(order, swapped)),
        excess=int(best),
        bound=int(best),
        ties_complete=True,
        n_optimal=count,
        orders=_all_paths(on_best, n) if count <= MOST_LISTED else None,
    )


def _cost_of_adding(margins: NDArray[Any]) -> NDArray[Any]:
    """Excess of putting item i right after the set, above all others outside it; shape (2^n, n)."""
    n = len(margins)
    against = -np.minimum(margins, 0)
    cost = np.zeros((1 << n, n), dtype=margins.dtype)
    for j in range(n):
        outside = (np.arange(1 << n) >> j) & 1 == 0
        cost[outside] += against[:, j]
    return cost


def _best_heads(cost: NDArray[Any], n: int, *, below: bool = False) -> NDArray[Any]:
    """Least excess of every set as the head of an order; for tails, sets and costs are complemented."""
    best = np.zeros(1 << n, dtype=cost.dtype)
    sets = np.arange(1 << n)
    sizes = np.array([each.bit_count() for each in sets.tolist()])
    for size in range(1, n + 1):
        layer = sets[sizes == size]
        options = []
        for i in range(n):
            holds = (layer >> i) & 1 == 1
            before = layer[holds] ^ (1 << i)
            # A tail grows upward: the item is added above the tail, to the head that is everything else.
            step = cost[layer[holds], i] if below else cost[before, i]
            options.append((holds, best[before] + step))
        best[layer] = _least(options, len(layer), cost.dtype)
    return best


def _least(options: list[tuple[NDArray[np.bool_], NDArray[Any]]], length: int, dtype: Any) -> NDArray[Any]:
    least = np.zeros(length, dtype=dtype)
    seen = np.zeros(length, dtype=bool)
    for holds, values in options:
        rows = np.flatnonzero(holds)
        better = ~seen[rows] | (values < least[rows])
        least[rows[better]] = values[better]
        seen[rows] = True
    return least


def _first_path(on_best: NDArray[np.bool_], n: int) -> list[int]:
    """The best order that comes first by index."""
    order: list[int] = []
    reached = 0
    for _ in range(n):
        order.append(int(np.argmax(on_best[reached])))
        reached |= 1 << order[-1]
    return order


def _all_paths(on_best: NDArray[np.bool_], n: int) -> list[list[int]]:
    """Every best order, by index."""
    paths: list[tuple[list[int], int]] = [([], 0)]
    for _ in range(n):
        paths = [
            ([*order, i], reached | 1 << i)
            for order, reached in paths
            for i in np.flatnonzero(on_best[reached]).tolist()
        ]
    return [order for order, _ in paths]


def _before_in_some(on_best: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """`[i, j]`: some best order has i above j."""
    before = np.zeros((n, n), dtype=bool)
    for i in range(n):
        heads = np.flatnonzero(on_best[:, i])
        for j in range(n):
            before[i, j] = i != j and bool(((heads >> j) & 1 == 0).any())
    return before


def _count_paths(on_best: NDArray[np.bool_], n: int) -> int:
    ways = np.zeros(1 << n, dtype=np.int64)
    ways[0] = 1
    # A set comes after all its subsets in numerical order.
    for reached in range(1 << n):
        if ways[reached]:
            for i in np.flatnonzero(on_best[reached]):
                ways[reached | 1 << int(i)] += ways[reached]
    return int(ways[-1])
