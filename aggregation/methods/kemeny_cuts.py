"""Kemeny's rule for blocks of more than 12 items: linear programming with cuts, then branch and bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods import kemeny_subsets
from aggregation.methods.kemeny_subsets import Block
from aggregation.methods.kemeny_ties import crossed_lines
from aggregation.methods.majority import blocks_in_order, excess_of, improved, tiers_from_lines
from aggregation.methods.order_programme import Cuts, OrderVariables, optimum, relaxation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.stopwatch import Stopwatch

# Dual values are rounded to multiples of 2^-20 before the bound is computed from them in whole numbers.
BITS = 20


def solve(margins: NDArray[Any], watch: Stopwatch) -> Block:
    """An order of the items, a proved bound on what any order pays, and its tiers where there is time for them.

    Parameters
    ----------
    margins : ndarray of int, shape (n, n)
        ``margins[i, j]``: the say for i above j, less that against.
    watch : Stopwatch
        When it has run out, the best so far is given.

    Notes
    -----
    Between blocks of the strict majority relation every pair is put as the majority wants it or is level, so
    that their best orders, one after the other, are best together.
    """
    order: list[int] = []
    bound = 0
    for block in blocks_in_order(margins > 0):
        within = margins[np.ix_(block, block)]
        if len(block) <= kemeny_subsets.LARGEST:
            part = kemeny_subsets.solve(within)
            inner, low = [i for tier in part.tiers for i in tier], part.bound
        else:
            inner, low = _branch_and_cut(within, watch)
        order += [block[i] for i in inner]
        bound += low
    excess = excess_of(order, margins)
    level = crossed_at_no_cost(order, margins)
    if bound < excess:
        return Block(tiers_from_lines(order, level), excess, bound, ties_complete=False, n_optimal=None)
    crossed, complete = crossed_lines(order, margins, level, watch)
    only_one = complete and not crossed.any()
    return Block(
        tiers_from_lines(order, crossed), excess, bound, ties_complete=complete, n_optimal=1 if only_one else None
    )


def crossed_at_no_cost(order: list[int], margins: NDArray[Any]) -> NDArray[np.bool_]:
    """The lines between neighbours that are level, so that swapping the two costs nothing; shape (n - 1,)."""
    return np.asarray(margins[order[:-1], order[1:]] == 0, dtype=bool)


def _branch_and_cut(margins: NDArray[Any], watch: Stopwatch) -> tuple[list[int], int]:
    """The best order found and a proved lower bound on the excess of any."""
    variables = OrderVariables(len(margins))
    gain = variables.of(margins)
    base = int(np.maximum(gain, 0).sum())
    best = improved(_by_margin(margins), margins)
    cuts, bound = Cuts(variables), 0
    fixed = np.full(len(gain), -1, dtype=np.int8)
    while watch.left:
        # An order pays base minus the margins of the pairs it puts in the order of the variables.
        solution = relaxation(-gain, cuts, watch)
        if solution is None:
            return best, bound
        scaled, reduced = proved_bound(gain, base, cuts, solution.duals)
        bound = max(bound, -(-scaled >> BITS) if scaled > 0 else 0)
        best = min(best, improved(variables.order(solution.values), margins), key=lambda o: excess_of(o, margins))
        fixed = fixed_by_cost(scaled, reduced, excess_of(best, margins))
        if bound >= excess_of(best, margins):
            return best, excess_of(best, margins)
        if not cuts.add_violated(solution.values):
            break
    return _finish(margins, cuts, fixed, (best, bound), watch)


def _by_margin(margins: NDArray[Any]) -> list[int]:
    return sorted(range(len(margins)), key=lambda i: (-int(margins[i].sum()), i))


def proved_bound(gain: NDArray[Any], base: int, cuts: Cuts, duals: NDArray[np.float64]) -> tuple[int, list[int]]:
    """A lower bound on the excess and the reduced costs, both times 2^20, in whole numbers.

    Any multipliers of the cuts that are not negative give a valid bound, so that those of the solver may be
    rounded and need not be trusted.
    """
    multipliers = [max(0, round(dual * (1 << BITS))) for dual in duals.tolist()]
    reduced = [-int(each) << BITS for each in gain]
    bound = base << BITS
    for columns, signs, limit, multiplier in zip(cuts.columns, cuts.signs, cuts.limits, multipliers, strict=True):
        if multiplier:
            bound -= limit * multiplier
            for column, sign in zip(columns, signs, strict=True):
                reduced[column] += sign * multiplier
    return bound + sum(min(0, each) for each in reduced), reduced


def fixed_by_cost(scaled: int, reduced: list[int], excess: int) -> NDArray[np.int8]:
    """The value each variable must have in any order below `excess`: 0, 1, or -1 where it may have either."""
    room = ((excess - 1) << BITS) - scaled
    return np.array([-1 if abs(each) <= room else (0 if each > 0 else 1) for each in reduced], dtype=np.int8)


def _finish(
    margins: NDArray[Any], cuts: Cuts, fixed: NDArray[np.int8], found: tuple[list[int], int], watch: Stopwatch
) -> tuple[list[int], int]:
    """Branch and bound among the orders that the fixed variables leave: all that could be better than `found`."""
    best, bound = found
    gain = cuts.variables.of(margins)
    base = int(np.maximum(gain, 0).sum())
    excess = excess_of(best, margins)
    while watch.left:
        solution = optimum(-gain, cuts, fixed, watch)
        if solution.infeasible:
            return best, excess
        bound = max(bound, min(excess, _rounded_up(solution.bound + base)))
        if solution.values is None:
            return best, bound
        candidate = improved(cuts.variables.order(solution.values), margins)
        best = min(best, candidate, key=lambda o: excess_of(o, margins))
        if not solution.proved or cuts.add_violated(solution.values):
            excess = excess_of(best, margins)
            continue
        return best, excess_of(best, margins)
    return best, min(bound, excess_of(best, margins))


def _rounded_up(bound: float) -> int:
    """The bound of the solver as a whole number, a little generous to its tolerance."""
    return int(np.ceil(bound - 1e-4)) if np.isfinite(bound) else 0
