"""What each item costs at each place of a list: how far ballots have it from there, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.voices import voices_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile

# Whole numbers up to here are exact as floats, and sums of products as 64-bit integers.
EXACT, WIDE = 2**53, 2**62


@dataclass(frozen=True, slots=True, eq=False)
class PlaceCosts:
    """`counts[i, q] / scale` is the say-weighted sum of distances in places of item i to place q + 1.

    Exact; 64-bit integers, or Python's own where these are too small.
    """

    counts: NDArray[Any]
    scale: int


def place_costs(profile: Profile) -> PlaceCosts:
    """The cost of every item at every place; ballots that rank nothing cost nothing.

    A ballot has tied items at the mean of their places. "last": unranked items are a tie after all others.
    "absent": the places of a ballot that ranks r of m items are spread evenly over m, p becoming
    (p - 1/2) m / r + 1/2, and an item it leaves out costs nothing.

    Examples
    --------
    >>> from aggregation import Profile
    >>> costs = place_costs(Profile.from_orders(["abc", "abc", "bac"], unranked="last"))
    >>> (costs.counts / costs.scale).tolist()
    [[1.0, 2.0, 5.0], [2.0, 1.0, 4.0], [6.0, 3.0, 0.0]]
    """
    voices = voices_of(profile)
    m = profile.n_items
    speaking = profile.ranks.any(axis=1)
    say = np.array(voices.counts, dtype=np.int64 if voices.total < EXACT else object)[speaking]
    ranks = profile.ranks[speaking]
    places = doubled_places(ranks)
    ranked = np.full(len(ranks), m)
    if profile.unranked == "absent":
        places[ranks == 0] = 0
        ranked = np.count_nonzero(ranks, axis=1)
    lengths = sorted({int(length) for length in ranked})
    common = lcm(*lengths) if lengths else 1
    wide = 2 * m * common * max(voices.total, 1) * m >= WIDE
    counts = np.zeros((m, m), dtype=object if wide else np.int64)
    for length in lengths:
        chosen = ranked == length
        found = _histogram(places[chosen], say[chosen], 2 * length + 1).astype(counts.dtype)[:, 1:]
        at = (np.arange(1, 2 * length + 1) - 1) * m + length
        distances = np.abs(at[:, None] - 2 * length * np.arange(1, m + 1)) * (common // length)
        counts += found @ distances.astype(counts.dtype)
    return PlaceCosts(counts, 2 * common * voices.scale)


def doubled_places(ranks: NDArray[Any]) -> NDArray[np.int64]:
    """Twice the place of each item on each ballot, tied items at the mean of theirs; unranked ones tied after all.

    Examples
    --------
    >>> doubled_places(np.array([[1, 2, 2, 0]], dtype=np.uint8)).tolist()
    [[2, 5, 5, 8]]
    """
    n, m = ranks.shape
    keys = ranks - ranks.dtype.type(1)
    order = np.argsort(keys, axis=1, kind="stable")
    ascending = np.take_along_axis(keys, order, axis=1)
    new = np.ones((n, m + 1), dtype=bool)
    new[:, 1:m] = ascending[:, 1:] != ascending[:, :-1]
    index = np.arange(m)
    start = np.maximum.accumulate(np.where(new[:, :m], index, 0), axis=1)
    end = np.minimum.accumulate(np.where(new[:, 1:], index + 1, m)[:, ::-1], axis=1)[:, ::-1]
    places = np.empty((n, m), dtype=np.int64)
    np.put_along_axis(places, order, start + end + 1, axis=1)
    return places


def _histogram(places: NDArray[np.int64], say: NDArray[Any], size: int) -> NDArray[Any]:
    """How much of the say has each item at each doubled place, exact; shape (n_items, size)."""
    m = places.shape[1]
    cells = (places + size * np.arange(m)).ravel()
    if say.dtype == object:
        found = np.zeros(m * size, dtype=object)
        np.add.at(found, cells, np.repeat(say, m))
    else:
        found = np.bincount(cells, weights=np.repeat(say, m), minlength=m * size).astype(np.int64)
    return found.reshape(m, size)
