"""Kemeny's rule, exact, with a proof of how far from the best it can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import perm, prod
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.account import account_of, cost_account
from aggregation.errors import MethodError
from aggregation.methods import kemeny_cuts, kemeny_subsets
from aggregation.methods.kemeny_subsets import MOST_LISTED
from aggregation.methods.majority import blocks_in_order
from aggregation.methods.stopwatch import Stopwatch
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally, common_divisor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile


def kemeny(ballots: Profile | PairwiseTally, *, time_limit: float = 10.0) -> Ranking:
    """The order that contradicts the ballots least: fewest pairs put the other way round.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        An order pays, for each pair, the ballots that put it strictly the other way round; ties cost nothing.
        With sides, a side's ballots together count its share. ``unranked="last"``: an unranked item above a ranked
        one costs. ``unranked="absent"``: a ballot speaks only about the pairs it ranks.
    time_limit : float
        Seconds after which the best order found so far is given, with what is proved about it.

    Returns
    -------
    Ranking
        No scores. Read from left to right, the tiers are an order of least cost. A line between two tiers is one
        that no order of the same cost crosses, so that a tie is never hidden: items that all best orders put in
        the same order still share a tier where a third may stand on either side of both. Items that no ballot puts
        above or below anything would fit anywhere; they are in a last tier of their own. In `diagnostics`:

        cost, lower_bound : the ballots contradicted, summed over pairs (without sides), or the share of the say,
            and a proved lower bound on it; `exact_cost` is the cost as a fraction;
        optimal : whether no order costs less, proved; `gap` is cost - lower_bound;
        ties_complete : whether all best orders were taken into account in the tiers, proved;
        n_optimal : how many best orders there are, None where they were not counted;
        optimal_orders : all best orders where they are 60 or fewer, else None;
        uncompared : the items that no ballot puts above or below anything.

    Raises
    ------
    MethodError
        If `time_limit` is not above 0.

    Notes
    -----
    Items that a majority separates into blocks are solved apart [2]_. Blocks up to 12 items: dynamic programming
    over subsets. Larger: linear programming over orders with 3-cycle cuts added where violated [3]_; its dual
    values, rounded to whole numbers, give a bound that is exact whatever the solver's tolerance; variables are
    fixed by reduced costs, and branch and bound ends what remains.

    References
    ----------
    .. [1] J. G. Kemeny, Mathematics without numbers, Daedalus 88 (1959) 577-591.
    .. [2] M. Truchon, An extension of the Condorcet criterion and Kemeny orders, cahier 98-15, Universite Laval, 1998.
    .. [3] V. Conitzer, A. Davenport, J. Kalagnanam, Improved bounds for computing Kemeny rankings, AAAI 2006.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> ranking = kemeny(profile)
    >>> ranking.tiers, ranking.diagnostics["cost"], ranking.diagnostics["optimal"]
    ((('N',), ('C',), ('K',), ('M',)), 207, True)
    """
    if not time_limit > 0:
        raise MethodError(f"`time_limit` must be above 0 seconds, not {time_limit}")
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    divisor = common_divisor(shared.margins)
    # Every order pays the smaller side of each pair; what is to be minimised is what it pays beyond that.
    unavoidable = int(np.minimum(shared.counts, shared.counts.T).sum()) // 2
    silent = ~(shared.counts + shared.counts.T).any(axis=1)
    found = _with_silent(_solve(shared.margins // divisor, ~silent, Stopwatch(time_limit)), silent)
    cost = Fraction(unavoidable + divisor * found.excess, shared.scale)
    bound = Fraction(unavoidable + divisor * found.bound, shared.scale)
    diagnostics = account_of(tally) | {
        **cost_account(cost, bound),
        "ties_complete": found.ties_complete,
        "n_optimal": found.n_optimal,
        "optimal_orders": _named(found.orders, tally.items),
        "uncompared": [tally.items[i] for i in np.flatnonzero(silent)],
        "time_limit": time_limit,
    }
    tiers = tuple(tuple(tally.items[i] for i in tier) for tier in found.tiers)
    return Ranking(tally.items, tiers, None, "kemeny", diagnostics)


@dataclass(frozen=True, slots=True)
class _Found:
    tiers: list[list[int]]
    excess: int
    bound: int
    ties_complete: bool
    n_optimal: int | None
    orders: list[list[int]] | None


def _solve(margins: NDArray[Any], chosen: NDArray[np.bool_], watch: Stopwatch) -> _Found:
    """Blocks of the weak majority relation one by one: every best order puts these blocks in this order."""
    index = np.flatnonzero(chosen).tolist()
    margins = margins[np.ix_(index, index)]
    tiers: list[list[int]] = []
    parts: list[kemeny_subsets.Block] = []
    blocks = blocks_in_order(margins >= 0)
    for block in blocks:
        within = margins[np.ix_(block, block)]
        small = len(block) <= kemeny_subsets.LARGEST
        part = kemeny_subsets.solve(within) if small else kemeny_cuts.solve(within, watch)
        parts.append(part)
        tiers += [[index[block[i]] for i in tier] for tier in part.tiers]
    counts = [part.n_optimal for part in parts]
    n_optimal = None if None in counts else prod(count for count in counts if count is not None)
    return _Found(
        tiers,
        sum(part.excess for part in parts),
        sum(part.bound for part in parts),
        all(part.ties_complete for part in parts),
        n_optimal,
        _all_orders(blocks, parts, index) if n_optimal is not None and n_optimal <= MOST_LISTED else None,
    )


def _all_orders(blocks: list[list[int]], parts: list[kemeny_subsets.Block], index: list[int]) -> list[list[int]] | None:
    """Every best order: any best order of the first block, then any of the second, and so on."""
    orders: list[list[int]] = [[]]
    for block, part in zip(blocks, parts, strict=True):
        if part.orders is None:
            return None
        orders = [[*order, *(index[block[i]] for i in more)] for order in orders for more in part.orders]
    return orders


def _named(orders: list[list[int]] | None, items: tuple[str, ...]) -> list[list[str]] | None:
    return None if orders is None else [[items[i] for i in order] for order in orders]


def _with_silent(found: _Found, silent: NDArray[np.bool_]) -> _Found:
    """The same with the items that no ballot speaks of in a last tier; each fits anywhere in a best order."""
    last = np.flatnonzero(silent).tolist()
    if not last:
        return found
    ways = perm(len(silent), len(last))
    count = None if found.n_optimal is None else found.n_optimal * ways
    orders = found.orders if count is not None and count <= MOST_LISTED else None
    for item in last:
        orders = orders and [[*order[:i], item, *order[i:]] for order in orders for i in range(len(order) + 1)]
    return replace(found, tiers=[*found.tiers, last], n_optimal=count, orders=orders)
