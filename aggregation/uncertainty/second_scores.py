"""The equal-weight rule in many panels at once: points of each side's ballots, places of the sums, points again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.uncertainty.batched import places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.uncertainty.people import Side

# Sums of floats that differ by less than this are the same number: points are fractions of small numbers.
SAME = 1e-7


def jla_in_panels(
    profile: Profile, sides: tuple[Side, ...], parameters: Mapping[str, Any]
) -> Callable[[list[NDArray[np.int64]]], NDArray[np.int64]]:
    """A function from what ballots count in each panel to the places that `jla` gives there."""
    k, rescore = parameters.get("k", 10), parameters.get("rescore", "all")
    points = [ballot_points(profile.ranks[side.rows], k) for side in sides]

    def places(counts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        total = np.zeros((len(counts[0]), profile.n_items))
        for side, each, given in zip(sides, counts, points, strict=True):
            sums = np.rint(each @ given / each.sum(axis=1, keepdims=True) / SAME)
            total += float(side.share) * _second(sums, k if rescore == "top10" else None)
        return places_of(np.rint(total / SAME))

    return places


def ballot_points(ranks: NDArray[Any], k: int) -> NDArray[np.float64]:
    """Points of each item on each ballot: k for the first place down to 1 for place k, ties sharing the mean.

    Examples
    --------
    >>> ballot_points(np.array([[1, 2, 2, 0]]), 3)
    array([[3. , 1.5, 1.5, 0. ]])
    """
    ranked = np.where((ranks >= 1) & (ranks <= k), ranks.astype(np.int64), k + 1)
    above = np.array([(row[:, None] > row).sum(axis=1) for row in ranked])
    level = np.array([(row[:, None] == row).sum(axis=1) for row in ranked])
    return np.where(ranked <= k, _mean_points(above, level, k), 0.0)


def _second(sums: NDArray[np.float64], k: int | None) -> NDArray[np.float64]:
    """Points for the places of the sums: as many as there are items for the first, or k and none without a sum."""
    m = sums.shape[1]
    above = places_of(sums) - 1
    level = np.zeros_like(above)
    for column in sums.T:
        level += column[:, None] == sums
    points = _mean_points(above, level, m if k is None else k)
    return points if k is None else np.where(sums > 0, points, 0.0)


def _mean_points(above: NDArray[np.int64], level: NDArray[np.int64], best: int) -> NDArray[np.float64]:
    """The mean of best, best - 1, ..., 1, 0, 0, ... over the `level` places that follow the first `above`."""
    ladder = np.concatenate([[0], np.cumsum(np.arange(best, 0, -1))])
    return np.asarray((ladder[np.minimum(above + level, best)] - ladder[np.minimum(above, best)]) / level)
