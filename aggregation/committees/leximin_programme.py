"""The leximin set where there are too many sets to look at: integer programmes, one for each sum of the worst off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from aggregation.committees.leximin_sets import Found, ascending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aggregation.committees.leximin_sets import Table

# What the solver cannot tell apart, in items on the list; and how many sets so close are compared exactly.
CLOSE = 1e-6
MOST_COMPARED = 20
INFEASIBLE = 2


class _OutOfTimeError(Exception):
    """The solver did not finish."""


def solve(table: Table, seats: int, scale: int, time_limit: float) -> Found:
    """A leximin set of columns, whether another is as good, and how it was found.

    `table` has a row a group, whole numbers over `scale`. What the solver says is checked exactly: a set that it takes
    to be as good and that is better replaces the first.
    """
    programme = _Programme(np.array([[entry / scale for entry in row] for row in table]), seats, time_limit)
    best: tuple[int, ...] = ()
    try:
        for worst in range(1, len(table) + 1):
            best = programme.best_for(worst) or best
            programme.keep(worst, sum(ascending(table, best)[:worst]) / scale)
    except _OutOfTimeError:
        return Found(greedy(table, seats), None, (), "greedy")
    try:
        return _compared(table, programme, best)
    except _OutOfTimeError:
        return Found(best, None, (), "programme")


def _compared(table: Table, programme: _Programme, best: tuple[int, ...]) -> Found:
    """The best set among those that the solver holds for equally good, and whether another is."""
    programme.forbid(best)
    for _ in range(MOST_COMPARED):
        other = programme.best_for(1)
        if other is None:
            return Found(best, 1, (), "programme")
        if ascending(table, other) == ascending(table, best):
            return Found(min(best, other), 2, tuple(sorted({*best} ^ {*other})), "programme")
        programme.forbid(other)
        best = max(best, other, key=lambda chosen: ascending(table, chosen))
    return Found(best, None, (), "programme")


def greedy(table: Table, seats: int) -> tuple[int, ...]:
    """Item by item what is best for the worst off, then single exchanges while one helps."""
    chosen: list[int] = []
    items = range(len(table[0]))
    while len(chosen) < seats:
        chosen.append(max((i for i in items if i not in chosen), key=lambda i: (ascending(table, [*chosen, i]), -i)))
    while True:
        exchanges = [[*(c for c in chosen if c != out), into] for out in chosen for into in items if into not in chosen]
        better = max(exchanges, key=lambda each: ascending(table, each), default=chosen)
        if ascending(table, better) <= ascending(table, chosen):
            return tuple(sorted(chosen))
        chosen = better


class _Programme:
    """Which items are in, and for each number of worst-off groups the sum of what these get.

    The sum of the t smallest satisfactions is the largest t r - sum(d) with d >= 0 and r - d <= satisfaction in each
    group, so that each t has a variable r and one d a group.
    """

    def __init__(self, values: NDArray[np.float64], seats: int, time_limit: float) -> None:
        self.values, self.time_limit = values, time_limit
        self.groups, self.items = len(values), len(values[0])
        self.width = self.items + self.groups * (1 + self.groups)
        self.rows: list[NDArray[np.float64]] = [self._row(range(self.items), 1)]
        self.low, self.high = [float(seats)], [float(seats)]
        for worst in range(1, self.groups + 1):
            for group in range(self.groups):
                row = self._row([self._shortfall(worst) + group], 1)
                row[self._level(worst)] = -1
                row[: self.items] = values[group]
                self._add(row, 0, np.inf)

    def best_for(self, worst: int) -> tuple[int, ...] | None:
        """A set with the largest sum for so many worst-off groups; None where all that remain are worse."""
        whole = np.arange(self.width) < self.items
        found = milp(
            -self._sum_of(worst),
            integrality=whole.astype(int),
            bounds=Bounds(0, np.where(whole, 1, np.inf)),
            constraints=LinearConstraint(np.array(self.rows), np.array(self.low), np.array(self.high)),
            options={"time_limit": self.time_limit, "mip_rel_gap": 0},
        )
        if found.status == INFEASIBLE:
            return None
        if found.status != 0:
            raise _OutOfTimeError
        return tuple(np.flatnonzero(found.x[: self.items] > 0.5).tolist())

    def keep(self, worst: int, reached: float) -> None:
        """From now on, so many worst-off groups get no less together."""
        self._add(self._sum_of(worst), reached - CLOSE, np.inf)

    def forbid(self, chosen: Sequence[int]) -> None:
        """From now on, any set but this one."""
        self._add(self._row(chosen, 1), 0, len(chosen) - 1)

    def _add(self, row: NDArray[np.float64], low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def _row(self, columns: Sequence[int], value: float) -> NDArray[np.float64]:
        row = np.zeros(self.width)
        row[list(columns)] = value
        return row

    def _sum_of(self, worst: int) -> NDArray[np.float64]:
        start = self._shortfall(worst)
        row = self._row(range(start, start + self.groups), -1)
        row[self._level(worst)] = worst
        return row

    def _level(self, worst: int) -> int:
        return self.items + (worst - 1) * (1 + self.groups)

    def _shortfall(self, worst: int) -> int:
        return self._level(worst) + 1
