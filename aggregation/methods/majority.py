"""What a relation between items says by itself: who reaches whom, and which blocks come before which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.stopwatch import Stopwatch


def reachable(relation: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which item leads to which by one or more steps of the relation; shape (n, n), as `relation`.

    References
    ----------
    S. Warshall, A theorem on Boolean matrices, Journal of the ACM 9 (1962) 11-12.
    """
    paths = relation.copy()
    for middle in range(len(paths)):
        paths |= paths[:, middle, None] & paths[middle]
    return paths


def blocks_in_order(relation: NDArray[np.bool_]) -> list[list[int]]:
    """Items that lead to each other, as blocks, each block before all it leads to.

    Parameters
    ----------
    relation : ndarray of bool, shape (n, n)
        ``relation[i, j]``: i is at least as good as j, or beats j. Its diagonal does not matter.

    Returns
    -------
    list of lists of int
        Indices; within a block and between blocks that do not lead to each other, in ascending order.

    Examples
    --------
    >>> blocks_in_order(np.array([[0, 0, 0], [1, 0, 1], [1, 1, 0]], dtype=bool))
    [[1, 2], [0]]
    """
    if not len(relation):
        return []
    paths = reachable(relation) | np.eye(len(relation), dtype=bool)
    mutual = paths & paths.T
    # A block that leads to another reaches all that the other reaches, and itself besides.
    first = np.argmax(mutual, axis=1)
    leaders = sorted(set(first.tolist()), key=lambda i: (-int(paths[i].sum()), i))
    return [np.flatnonzero(mutual[leader]).tolist() for leader in leaders]


def excess_of(order: list[int], margins: NDArray[Any]) -> int:
    """What an order pays beyond the unavoidable: for each pair put against a majority, the size of that majority."""
    within = margins[np.ix_(order, order)]
    return -int(np.triu(np.minimum(within, 0), 1).sum())


def improved(order: list[int], margins: NDArray[Any], watch: Stopwatch) -> list[int]:
    """The order after moving single items while that lowers its excess and there is time.

    Examples
    --------
    >>> from aggregation.methods.stopwatch import Stopwatch
    >>> improved([1, 0, 2], np.array([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]), Stopwatch(60))
    [0, 1, 2]
    """
    order = list(order)
    while watch.left:
        gaining = [order[place] for place in np.flatnonzero((costs_of_moves(order, margins) < 0).any(axis=1))]
        if not gaining:
            break
        for item in gaining:
            if not watch.left:
                break
            place = order.index(item)
            rest = order[:place] + order[place + 1 :]
            # Moving the item one place down the rest costs its margin over the item it passes.
            paid = np.concatenate([[0], np.cumsum(margins[item, rest])])
            best = int(np.argmin(paid))
            if paid[best] < paid[place]:
                order = [*rest[:best], item, *rest[best:]]
    return order


def costs_of_moves(order: list[int], margins: NDArray[Any]) -> NDArray[Any]:
    """What it adds to the excess to move single items; shape (n, n + 1).

    Entry [place, to] is for the item at this place, moved so that of the first `to` places all others are above it;
    it stays where `to` is its place or the next.

    Examples
    --------
    >>> costs_of_moves([1, 0], np.array([[0, 1], [-1, 0]]))
    array([[ 0,  0, -1],
           [-1,  0,  0]])
    """
    within = margins[np.ix_(order, order)]
    paid = np.zeros((len(order), len(order) + 1), dtype=within.dtype)
    np.cumsum(within, axis=1, out=paid[:, 1:])
    return np.asarray(paid - np.diagonal(paid)[:, None])


def tiers_from_lines(order: list[int], crossed: NDArray[np.bool_]) -> list[list[int]]:
    """An order cut into tiers between neighbours, except where `crossed` says another best order crosses the line.

    Examples
    --------
    >>> tiers_from_lines([2, 0, 1], np.array([True, False]))
    [[2, 0], [1]]
    """
    tiers = [[order[0]]]
    for item, joined in zip(order[1:], crossed, strict=True):
        if joined:
            tiers[-1].append(item)
        else:
            tiers.append([item])
    return tiers


def lines_crossed(order: list[int], swapped: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the lines between neighbours lie between two items that `swapped` says are in either order.

    Parameters
    ----------
    order : list of int, length n
        Indices, best first.
    swapped : ndarray of bool, shape (n, n)
        ``swapped[i, j]``: some best order has i above j.

    Returns
    -------
    ndarray of bool, shape (n - 1,)
    """
    crossed = np.zeros(len(order) - 1, dtype=bool)
    for above, below in np.argwhere(np.triu(swapped[np.ix_(order, order)].T, 1)):
        crossed[above:below] = True
    return crossed
