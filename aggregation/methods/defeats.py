"""Who beats whom in pairs and by how much, and which pairs nothing decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.tally import SharedSupport

Strength = Literal["margins", "winning"]


def defeats(shared: SharedSupport, strength: Strength) -> NDArray[Any]:
    """How strong each defeat is, in the whole numbers of `shared`; 0 where i does not beat j.

    Parameters
    ----------
    shared : SharedSupport
    strength : {"margins", "winning"}
        "margins": the say that puts i above j less the say that puts j above i. "winning": the former alone.

    Returns
    -------
    ndarray of int, shape (n_items, n_items)

    Examples
    --------
    >>> from aggregation import PairwiseTally, Profile
    >>> shared = PairwiseTally.of(Profile.from_orders(["ab", "ab", "ba"], unranked="last")).shared()
    >>> defeats(shared, "margins")
    array([[0, 1],
           [0, 0]])
    >>> defeats(shared, "winning")
    array([[0, 2],
           [0, 0]])
    """
    margins = shared.margins
    return np.where(margins > 0, margins if strength == "margins" else shared.counts, 0)


def undecided_pairs(shared: SharedSupport) -> dict[str, int]:
    """For `diagnostics`: how many pairs are level, and how many of these no ballot compares."""
    level = (shared.margins == 0).sum() - len(shared.counts)
    silent = ((shared.counts + shared.counts.T) == 0).sum() - len(shared.counts)
    return {"level_pairs": int(level) // 2, "uncompared_pairs": int(silent) // 2}
