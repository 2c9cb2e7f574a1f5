"""Which tier of a ballot each item is in, whatever numbers the ballot was written with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def dense_levels(ranks: NDArray[Any]) -> NDArray[Any]:
    """Ranks without gaps: 1 for the first tier of a ballot, 2 for the next, 0 for what it leaves out.

    So 1, 2, 101 and 1, 2, 3 are the same ballot.

    Examples
    --------
    >>> dense_levels(np.array([[7, 2, 0, 7]], dtype=np.uint8)).tolist()
    [[2, 1, 0, 2]]
    """
    if (np.sort(ranks, axis=1) == np.arange(1, ranks.shape[1] + 1)).all():
        return ranks
    order = np.argsort(ranks, axis=1, kind="stable")
    ascending = np.take_along_axis(ranks, order, axis=1)
    new = np.empty(ranks.shape, dtype=bool)
    new[:, :1] = ascending[:, :1] > 0
    np.not_equal(ascending[:, 1:], ascending[:, :-1], out=new[:, 1:])
    levels = np.empty(ranks.shape, dtype=np.uint8 if ranks.shape[1] < 256 else np.uint16)
    np.put_along_axis(levels, order, np.cumsum(new, axis=1, dtype=levels.dtype), axis=1)
    return levels
