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
    layer = layers_of(above)
    incomparable = int((layer[:, None] < layer).sum() - above.sum())
    diagnostics = account_of(tally) | {
        "strength": strength,
        "weak_order": incomparable == 0,
        "incomparable_pairs": incomparable,
        **undecided_pairs(shared),
    }
    tiers: list[list[str]] = [[] for _ in range(int(layer.max()) + 1)]
    for item, number in zip(tally.items, layer.tolist(), strict=True):
        tiers[number].append(item)
    return Ranking(tally.items, tuple(map(tuple, tiers)), None, "schulze", diagnostics)


def strongest_chains(strengths: NDArray[Any]) -> NDArray[Any]:
    """The strength of the strongest chain from each item to each other, 0 where there is none.

    Parameters
    ----------
    strengths : ndarray of int, shape (n, n)
        How strong the defeat of j by i is, 0 where there is none.

    Returns
    -------
    ndarray of int, shape (n, n)
        In 32 bits where that is enough. A chain is as strong as its weakest defeat; the diagonal holds circles.

    Examples
    --------
    >>> strongest_chains(np.array([[0, 7, 0], [0, 0, 5], [2, 0, 0]])).tolist()
    [[2, 7, 5], [2, 2, 5], [2, 2, 2]]
    """
    chains, values = _small(strengths)
    step = np.empty_like(chains)
    for middle in range(len(chains)):
        np.minimum(chains[:, middle, None], chains[middle], out=step)
        np.maximum(chains, step, out=chains)
    return chains if values is None else values[chains]


def _small(strengths: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[Any] | None]:
    """The strengths as 32-bit numbers, or where they are too long their places among the distinct `values`."""
    if strengths.max() <= np.iinfo(np.int32).max:
        return strengths.astype(np.int32), None
    values, places = np.unique(strengths, return_inverse=True)
    return places.astype(np.int32), values


def layers_of(above: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each item the length of the longest line of items that each stand above the next, and it last.

    Parameters
    ----------
    above : ndarray of bool, shape (n, n)
        ``above[i, j]``: i stands above j; transitive, without circles.

    Returns
    -------
    ndarray of int, shape (n,)
        0 for the items that none stands above.

    Examples
    --------
    >>> layers_of(np.array([[0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool))
    array([0, 1, 2, 0])
    """
    higher = above.sum(axis=0)
    if (above == (higher[:, None] < higher)).all():
        return np.asarray(np.unique(higher, return_inverse=True)[1])
    layers = np.zeros(len(above), dtype=np.intp)
    # Whoever stands above an item has fewer above itself, so that its own layer is known by then.
    for item in np.argsort(higher).tolist():
        if higher[item]:
            layers[item] = layers[above[:, item]].max() + 1
    return layers
