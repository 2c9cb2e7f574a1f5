"""Schulze's method: whoever has the stronger chain of defeats stands above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.account import account_of
from aggregation.methods.defeats import Strength, defeats, undecided_pairs
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile


def schulze(ballots: Profile | PairwiseTally, *, strength: Strength = "margins") -> Ranking:
    """Items by chains of defeats: i stands above j where its strongest chain to j is stronger than any back.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        With sides, each side's ballots together hold its share. ``unranked="last"``: ranked beats unranked on that
        ballot, unranked items are level. ``unranked="absent"``: a ballot speaks only about the pairs it ranks.
    strength : {"margins", "winning"}
        Of a defeat: the difference of the two sides of the pair, or the say of the winning side alone. A chain is
        as strong as its weakest defeat.

    Returns
    -------
    Ranking
        No scores. "Stands above" is a partial order. The first tier are the items that none stands above,
        the second those that only items of the first stand above, and so on: whoever stands above another is in
        a higher tier, and two of one tier are never one above the other. In `diagnostics`:

        weak_order : whether this order and the tiers say the same; if not, some items of different tiers
            are not one above the other either;
        incomparable_pairs : the number of such pairs of different tiers;
        level_pairs, uncompared_pairs : pairs that are level in the ballots, and those that no ballot compares.

    References
    ----------
    M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
    election method, Social Choice and Welfare 36 (2011) 267-303.

    Examples
    --------
    The 45 ballots of the paper's example 1 without ties:

    >>> from aggregation import Profile
    >>> orders = ["ACBED", "ADECB", "BEDAC", "CABED", "CAEBD", "CBADE", "DCEBA", "EBADC"]
    >>> profile = Profile.from_orders(orders, unranked="last", weights=[5, 5, 8, 3, 7, 2, 7, 8])
    >>> schulze(profile).tiers
    (('E',), ('A',), ('C',), ('B',), ('D',))
    """
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    chains = strongest_chains(defeats(shared, strength))
    above = chains > chains.T
    layers = layers_of(above)
    layer = np.empty(len(above), dtype=np.intp)
    for number, members in enumerate(layers):
        layer[members] = number
    incomparable = int((layer[:, None] < layer).sum() - above.sum())
    diagnostics = account_of(tally) | {
        "strength": strength,
        "weak_order": incomparable == 0,
        "incomparable_pairs": incomparable,
        **undecided_pairs(shared),
    }
    tiers = tuple(tuple(tally.items[i] for i in members) for members in layers)
    return Ranking(tally.items, tiers, None, "schulze", diagnostics)


def strongest_chains(strengths: NDArray[Any]) -> NDArray[Any]:
    """The strength of the strongest chain from each item to each other, 0 where there is none.

    Parameters
    ----------
    strengths : ndarray of int, shape (n, n)
        How strong the defeat of j by i is, 0 where there is none.

    Returns
    -------
    ndarray of int, shape (n, n)
        Each chain as strong as its weakest defeat. The diagonal holds the strongest circles.

    Examples
    --------
    >>> strongest_chains(np.array([[0, 7, 0], [0, 0, 5], [2, 0, 0]]))
    array([[2, 7, 5],
           [2, 2, 5],
           [2, 2, 2]])
    """
    chains = strengths.copy()
    step = np.empty_like(chains)
    for middle in range(len(chains)):
        np.minimum(chains[:, middle, None], chains[middle], out=step)
        np.maximum(chains, step, out=chains)
    return chains


def layers_of(above: NDArray[np.bool_]) -> list[list[int]]:
    """Items that none stands above, then those that only the first ones stand above, and so on.

    Parameters
    ----------
    above : ndarray of bool, shape (n, n)
        ``above[i, j]``: i stands above j; without circles.

    Examples
    --------
    >>> layers_of(np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0]], dtype=bool))
    [[0, 2], [1]]
    """
    layers = []
    held_down = above.sum(axis=0)
    while (free := np.flatnonzero(held_down == 0)).size:
        layers.append(free.tolist())
        held_down = held_down - above[free].sum(axis=0)
        held_down[free] = -1
    return layers
