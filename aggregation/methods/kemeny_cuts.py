"""Kemeny's rule for blocks of more than 12 items: linear programming with cuts, then branch and bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods import kemeny_subsets
from aggregation.methods.kemeny_subsets import Block
from aggregation.methods.kemeny_ties import crossed_lines
from aggregation.methods.majority import blocks_in_order, excess_of, improved, tiers_from_lines
from aggregation.methods.order_bounds import Certificate, certificate
from aggregation.methods.order_programme import Cuts, OrderVariables, optimum, relaxation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.stopwatch import Stopwatch


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
    that their best orders, one after the other, are best together, and every best order puts such a pair so.
    """
    order: list[int] = []
    bound = 0
    free = margins == 0
    cycles: list[tuple[int, int, int]] = []
    for block in blocks_in_order(margins > 0):
        found = _block(margins[np.ix_(block, block)], watch)
        order += [block[i] for i in found.order]
        bound += found.bound
        free[np.ix_(block, block)] = found.free
        cycles += [(block[i], block[j], block[k]) for i, j, k in found.cycles]
    excess = excess_of(order, margins)
    level = np.asarray(margins[order[:-1], order[1:]] == 0, dtype=bool)
    if bound < excess:
        tiers = tiers_from_lines(order, level)
        return Block(tiers, excess, bound, ties_complete=False, n_optimal=None, orders=None)
    crossed, complete = crossed_lines(order, margins, free, cycles, watch)
    only_one = complete and not crossed.any()
    return Block(
        tiers_from_lines(order, crossed),
        excess,
        bound,
        ties_complete=complete,
        n_optimal=1 if only_one else None,
        orders=[order] if only_one else None,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """An order, a proved bound on the excess of any, the pairs that are not known to be the same in all best, cuts."""

    order: list[int]
    bound: int
    free: NDArray[np.bool_]
    cycles: list[tuple[int, int, int]]


def _block(margins: NDArray[Any], watch: Stopwatch) -> _Found:
    if len(margins) <= kemeny_subsets.LARGEST:
        part = kemeny_subsets.solve(margins)
        return _Found([i for tier in part.tiers for i in tier], part.bound, np.ones(margins.shape, dtype=bool), [])
    return _branch_and_cut(margins, watch)


def _branch_and_cut(margins: NDArray[Any], watch: Stopwatch) -> _Found:
    variables = OrderVariables(len(margins))
    gain = variables.of(margins)
    best = improved(_by_margin(margins), margins, watch)
    cuts, bound = Cuts(variables), 0
    proof = Certificate(0, (0,) * len(gain))
    while watch.left and bound < excess_of(best, margins):
        # An order pays what it would at most, less the margins of the pairs it puts in the variables' order.
        solution = relaxation(-gain, cuts, watch)
        if solution is None:
            break
        proof = certificate(gain, cuts, solution.duals)
        bound = max(bound, proof.bound)
        best = _better(best, improved(variables.order(solution.values), margins, watch), margins)
        if not cuts.add_violated(solution.values, watch):
            best, bound = _finish(margins, cuts, proof, best, bound, watch)
            break
    bound = min(bound, excess_of(best, margins))
    free = proof.fixed(excess_of(best, margins)) < 0
    return _Found(best, bound, variables.both_ways(free), cuts.cycles)


def _by_margin(margins: NDArray[Any]) -> list[int]:
    return sorted(range(len(margins)), key=lambda i: (-int(margins[i].sum()), i))


def _better(one: list[int], other: list[int], margins: NDArray[Any]) -> list[int]:
    return min(one, other, key=lambda order: excess_of(order, margins))


def _finish(
    margins: NDArray[Any], cuts: Cuts, proof: Certificate, best: list[int], bound: int, watch: Stopwatch
) -> tuple[list[int], int]:
    """Branch and bound among all orders that could be better than the best; the best then, and a proved bound."""
    gain = cuts.variables.of(margins)
    most = int(np.maximum(gain, 0).sum())
    fixed = proof.fixed(excess_of(best, margins) - 1)
    while watch.left:
        solution = optimum(-gain, cuts, fixed, watch)
        if solution.infeasible:
            return best, excess_of(best, margins)
        bound = max(bound, min(excess_of(best, margins), _rounded_up(solution.bound + most)))
        if solution.values is None:
            break
        best = _better(best, improved(cuts.variables.order(solution.values), margins, watch), margins)
        if not cuts.add_violated(solution.values, watch):
            return best, excess_of(best, margins) if solution.proved else bound
    return best, bound


def _rounded_up(bound: float) -> int:
    """The bound of the solver as a whole number, a little generous to its tolerance."""
    return int(np.ceil(bound - 1e-4)) if np.isfinite(bound) else 0
