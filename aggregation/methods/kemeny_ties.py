"""What the best orders of a larger block have in common, given one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods.majority import costs_of_moves, excess_of, improved, lines_crossed
from aggregation.methods.order_programme import Cuts, OrderVariables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aggregation.methods.stopwatch import Stopwatch


def crossed_lines(
    order: list[int],
    margins: NDArray[Any],
    free: NDArray[np.bool_],
    cycles: list[tuple[int, int, int]],
    watch: Stopwatch,
) -> tuple[NDArray[np.bool_], bool]:
    """Which lines between neighbours some other best order crosses, and whether that is proved complete.

    Parameters
    ----------
    order : list of int, length n
        A best order.
    margins : ndarray of int, shape (n, n)
        As in `kemeny_cuts.solve`.
    free : ndarray of bool, shape (n, n)
        Symmetric; False where the pair is known to be in the same order in all best orders.
    cycles : list of tuples of int
        Cycles that are worth forbidding from the start.
    watch : Stopwatch
        When it has run out, the lines found so far are given, as not complete.

    Notes
    -----
    Single items are moved where that costs nothing. Then, among orders that pay no more than the best one, look
    for one that crosses as many of the remaining lines as possible; where none crosses any, the rest is common
    to all.
    """
    free, margins = (matrix[np.ix_(order, order)] for matrix in (free, margins))
    possible = lines_crossed(list(range(len(order))), free)
    crossed = _crossed_by_single_moves(list(range(len(order))), margins, watch)
    if not (possible & ~crossed).any():
        return crossed, True
    place = np.argsort(order).tolist()
    search = _Search(margins, free, [_smallest_in_front(*(place[i] for i in cycle)) for cycle in cycles])
    while (possible & ~crossed).any():
        another = search.crossing(~crossed, watch)
        if another is None:
            return crossed, False
        if not another:
            return crossed, True
        crossed |= _crossed_by_single_moves(another, margins, watch)
    return crossed, True


def _smallest_in_front(i: int, j: int, k: int) -> tuple[int, int, int]:
    return min((i, j, k), (j, k, i), (k, i, j))


def _crossed_by(order: list[int]) -> NDArray[np.bool_]:
    """The lines of 0, 1, 2, ... that this order crosses: those before which not all earlier items stand."""
    return np.asarray(np.maximum.accumulate(order)[:-1] > np.arange(len(order) - 1))


def _crossed_by_single_moves(order: list[int], margins: NDArray[Any], watch: Stopwatch) -> NDArray[np.bool_]:
    """The lines of 0, 1, 2, ... crossed by this order, or by moving single items of it at no cost.

    A move that crosses a new line is kept, and items are moved on from there.
    """
    crossed = _crossed_by(order)
    while watch.left and not crossed.all():
        for moved in _moved_at_no_cost(order, margins):
            if (_crossed_by(moved) & ~crossed).any():
                crossed |= _crossed_by(moved)
                order = moved
                break
        else:
            break
    return crossed


def _moved_at_no_cost(order: list[int], margins: NDArray[Any]) -> Iterator[list[int]]:
    for place, to in np.argwhere(costs_of_moves(order, margins) == 0).tolist():
        if to < place:
            yield [*order[:to], order[place], *order[to:place], *order[place + 1 :]]
        elif to > place + 1:
            yield [*order[:place], *order[place + 1 : to], order[place], *order[to:]]


class _Search:
    """Best orders of a block whose items are numbered as in the best order known."""

    def __init__(self, margins: NDArray[Any], free: NDArray[np.bool_], cycles: list[tuple[int, int, int]]) -> None:
        self._margins = margins
        self._variables = OrderVariables(len(margins))
        self._cuts = Cuts(self._variables)
        self._cuts.forbid(cycles)
        self._gain = self._variables.of(margins)
        self._lowest = np.where(self._variables.of(free), 0.0, 1.0)
        self._most_paid = int(np.maximum(self._gain, 0).sum())
        self._excess = excess_of(list(range(len(margins))), margins)

    def crossing(self, lines: NDArray[np.bool_], watch: Stopwatch) -> list[int] | None:
        """A best order that crosses one of the lines, [] where there is none, None when the time ran out."""
        tier = np.concatenate([[0], np.cumsum(lines)])
        wanted = (tier[self._variables.rows] != tier[self._variables.columns]).astype(float)
        for whole in (False, True):
            while watch.left:
                values, most = self._swapped_most(wanted, watch, whole=whole)
                if values is None:
                    return None
                if most < 1 - 1e-6:
                    return []
                found = improved(self._variables.order(values), self._margins, watch)
                if self._is_best(found) and (np.diff(tier[found]) < 0).any():
                    return found
                if not self._cuts.add_violated(values, watch):
                    break
        return None

    def _is_best(self, order: list[int]) -> bool:
        return excess_of(order, self._margins) == self._excess

    def _swapped_most(
        self, wanted: NDArray[np.float64], watch: Stopwatch, *, whole: bool
    ) -> tuple[NDArray[np.float64] | None, float]:
        """The point that swaps most of the wanted pairs while paying no more than the best order, and how many."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        scale = float(max(1, *np.abs(self._gain)))
        # Costs are whole numbers: half of one is far from rounding noise and lets no worse order in.
        room = self._excess - self._most_paid + (0.5 if whole else 0.01)
        limits = [LinearConstraint(-self._gain.astype(float) / scale, -np.inf, room / scale)]
        if self._cuts.limits:
            limits.append(LinearConstraint(self._cuts.sparse(), -np.inf, np.array(self._cuts.limits, dtype=float)))
        answer = milp(
            wanted,
            integrality=np.full(len(wanted), int(whole)),
            bounds=Bounds(self._lowest, 1.0),
            constraints=limits,
            options={"time_limit": watch.left},
        )
        if answer.status != 0:
            return None, 0.0
        return np.asarray(answer.x), float(wanted.sum() - answer.fun)
