"""Linear programmes over orders: a variable a pair, cuts that forbid cycles of three, solved by SciPy's HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aggregation.methods.stopwatch import Stopwatch

# A cut is violated by more than rounding noise; at most so many, the worst first, are added at a time.
TOLERANCE = 1e-6
MOST_CUTS = 5_000


class OrderVariables:
    """Variables x[i, j] for i < j: 1 where i is above j, 0 where j is above i."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.rows, self.columns = np.triu_indices(n, 1)
        self.index = np.zeros((n, n), dtype=np.int64)
        self.index[self.rows, self.columns] = self.index[self.columns, self.rows] = np.arange(len(self.rows))

    def of(self, matrix: NDArray[Any]) -> NDArray[Any]:
        """The entries of a matrix that belong to the variables, shape (n (n - 1) / 2,)."""
        return matrix[self.rows, self.columns]

    def both_ways(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of pairs as a symmetric matrix; zero or False on the diagonal."""
        full = np.zeros((self.n, self.n), dtype=values.dtype)
        full[self.rows, self.columns] = full[self.columns, self.rows] = values
        return full

    def matrix(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values as a full matrix in which [i, j] and [j, i] add up to 1; zero on the diagonal."""
        full = np.zeros((self.n, self.n))
        full[self.rows, self.columns] = values
        full[self.columns, self.rows] = 1 - values
        return full

    def order(self, values: NDArray[np.float64]) -> list[int]:
        """Items by how much they are above the others, most first; the order itself where the values are one."""
        above = np.round(self.matrix(values).sum(axis=1), 6)
        return sorted(range(self.n), key=lambda i: (-above[i], i))


class Cuts:
    """Cuts found so far: on a cycle i, j, k at most two of "i above j", "j above k", "k above i" hold."""

    def __init__(self, variables: OrderVariables) -> None:
        self.variables = variables
        self.columns: list[tuple[int, int, int]] = []
        self.signs: list[tuple[int, int, int]] = []
        self.limits: list[int] = []
        self._known: dict[tuple[int, int, int], None] = {}

    @property
    def cycles(self) -> list[tuple[int, int, int]]:
        """The cycles forbidden so far, in the order in which they were found."""
        return list(self._known)

    def forbid(self, cycles: Iterable[tuple[int, int, int]]) -> None:
        """Add the cuts of these cycles, each written with its smallest item in front, except those there are."""
        for cycle in cycles:
            if cycle not in self._known:
                self._add(cycle)

    def add_violated(self, values: NDArray[np.float64], watch: Stopwatch) -> bool:
        """Add the cuts that these values violate; whether there are new ones, or may be, for time ran out."""
        cycles = [cycle for cycle in self._violated(self.variables.matrix(values), watch) if cycle not in self._known]
        for cycle in cycles:
            self._add(cycle)
        return bool(cycles) or not watch.left

    def _violated(self, full: NDArray[np.float64], watch: Stopwatch) -> list[tuple[int, int, int]]:
        """Cycles by how much they are violated, the worst first, each written with its smallest item in front."""
        found: list[tuple[float, int, int, int]] = []
        for i in range(self.variables.n - 2):
            if not watch.left:
                break
            rest = slice(i + 1, None)
            excess = full[i, rest, None] + full[rest, rest] + full[None, rest, i] - 2
            np.fill_diagonal(excess, 0)
            js, ks = np.nonzero(excess > TOLERANCE)
            amounts = -np.round(excess[js, ks], 6)
            # More than this many of one item can never be among the worst of all.
            worst = np.argsort(amounts, kind="stable")[:MOST_CUTS]
            others = ((each[worst] + i + 1).tolist() for each in (js, ks))
            found += zip(amounts[worst].tolist(), [i] * len(worst), *others, strict=True)
        found.sort()
        return [(i, j, k) for _, i, j, k in found[:MOST_CUTS]]

    def _add(self, cycle: tuple[int, int, int]) -> None:
        i, j, k = cycle
        steps = ((i, j), (j, k), (k, i))
        index = self.variables.index
        self._known[cycle] = None
        self.columns.append((int(index[i, j]), int(index[j, k]), int(index[k, i])))
        a, b, c = (1 if above < below else -1 for above, below in steps)
        self.signs.append((a, b, c))
        # A step against the variable's direction is 1 - x, which moves its 1 to the other side.
        self.limits.append(2 - (a, b, c).count(-1))

    def sparse(self) -> Any:
        """The cuts as a sparse matrix, shape (n_cuts, n_variables)."""
        from scipy.sparse import csr_matrix

        rows = np.repeat(np.arange(len(self.limits)), 3)
        entries = np.array(self.signs, dtype=float).reshape(-1)
        columns = np.array(self.columns, dtype=np.int64).reshape(-1)
        return csr_matrix((entries, (rows, columns)), shape=(len(self.limits), len(self.variables.rows)))


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An optimal point of the relaxation and the multipliers of the cuts, not negative."""

    values: NDArray[np.float64]
    duals: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Solution:
    """What branch and bound found: a 0-1 point or None, its bound, whether the point is proved optimal."""

    values: NDArray[np.float64] | None
    bound: float
    proved: bool
    infeasible: bool


def relaxation(cost: NDArray[Any], cuts: Cuts, watch: Stopwatch) -> Relaxed | None:
    """The least cost over points in [0, 1] that keep the cuts; None when the time ran out."""
    from scipy.optimize import linprog

    if not cuts.limits:
        return Relaxed(np.where(cost < 0, 1.0, 0.0), np.zeros(0))
    scale = float(max(1, *np.abs(cost)))
    answer = linprog(
        cost.astype(float) / scale,
        A_ub=cuts.sparse(),
        b_ub=np.array(cuts.limits, dtype=float),
        bounds=(0, 1),
        method="highs-ds",
        options={"time_limit": watch.left},
    )
    if answer.status != 0:
        return None
    return Relaxed(np.asarray(answer.x), -np.asarray(answer.ineqlin.marginals) * scale)


def optimum(cost: NDArray[Any], cuts: Cuts, fixed: NDArray[np.int8], watch: Stopwatch) -> Solution:
    """The least cost over 0-1 points that keep the cuts and have the fixed values (-1 = free)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    scale = float(max(1, *np.abs(cost)))
    answer = milp(
        cost.astype(float) / scale,
        integrality=np.ones(len(cost), dtype=np.int64),
        bounds=Bounds(np.where(fixed == 1, 1.0, 0.0), np.where(fixed == 0, 0.0, 1.0)),
        constraints=[LinearConstraint(cuts.sparse(), -np.inf, np.array(cuts.limits, dtype=float))],
        options={"time_limit": watch.left, "mip_rel_gap": 0.0},
    )
    bound = -np.inf if answer.mip_dual_bound is None else answer.mip_dual_bound * scale
    return Solution(answer.x, bound, answer.status == 0, answer.status == 2)
