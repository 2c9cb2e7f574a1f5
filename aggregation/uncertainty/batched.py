"""Places in many panels at once, for the methods where one computation serves all."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.uncertainty.people import Side

# Largest whole numbers that the two kinds of floats hold exactly.
EXACT_32, EXACT_64 = 2**24, 2**53
# Pairs of items whose ballots are compared at a time.
CELLS = 2**22
# Numbers of a panel's pairs that a processor keeps near while it looks for the strongest paths.
NEAR = 2**17


def places_of(scores: NDArray[Any]) -> NDArray[np.int64]:
    """Place of each item in each panel, 1 = best; tied items share the best of their places.

    Parameters
    ----------
    scores : ndarray, shape (n_panels, n_items)
        Higher is better; equal numbers are ties.

    Examples
    --------
    >>> places_of(np.array([[2, 5, 2], [1, 2, 3]]))
    array([[2, 1, 2],
           [3, 2, 1]])
    """
    places = np.ones(scores.shape, dtype=np.int64)
    for column in scores.T:
        places += column[:, None] > scores
    return places


def above_by_ballot(profile: Profile, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each ballot puts i strictly above j, shape (n_rows, n_items, n_items)."""
    ranks = profile.ranks[rows]
    # Rank 0 wraps around to the largest number, so that an unranked item is below every ranked one.
    keys = ranks - ranks.dtype.type(1)
    above = np.asarray(keys[:, :, None] < keys[:, None, :])
    if profile.unranked == "absent":
        above &= (ranks > 0)[:, None, :]
    return above


def support_in_panels(
    profile: Profile, sides: tuple[Side, ...], counts: list[NDArray[np.int64]]
) -> NDArray[np.int64] | None:
    """How much of the say of each panel puts i above j, in whole numbers over one scale; None where they are too large.

    Parameters
    ----------
    profile : Profile
    sides : tuple of Side
    counts : list of ndarray, shape (n_panels, n_rows)
        What each ballot of each side counts in each panel; for several sides their sum must not vary.

    Returns
    -------
    ndarray of int64, shape (n_panels, n_items, n_items), or None
    """
    voices = [int(each[0].sum()) for each in counts]
    largest = [int(each.sum(axis=1).max()) for each in counts]
    factors = [side.share / voice for side, voice in zip(sides, voices, strict=True)]
    scale = lcm(*(factor.denominator for factor in factors))
    multipliers = [1] if len(sides) == 1 else [int(factor * scale) for factor in factors]
    if sum(m * n for m, n in zip(multipliers, largest, strict=True)) >= EXACT_64:
        return None
    total = np.zeros((len(counts[0]), profile.n_items**2), dtype=np.int64)
    for side, each, multiplier, most in zip(sides, counts, multipliers, largest, strict=True):
        total += multiplier * _support(profile, side, each, most)
    return total.reshape(-1, profile.n_items, profile.n_items)


def _support(profile: Profile, side: Side, counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """One side's support by matrix products; sums are whole numbers that the floats hold exactly."""
    kind = np.float32 if most < EXACT_32 else np.float64
    block = max(1, CELLS // profile.n_items**2)
    total = np.zeros((len(counts), profile.n_items**2), dtype=kind)
    for start in range(0, len(side.rows), block):
        above = above_by_ballot(profile, side.rows[start : start + block])
        total += counts[:, start : start + block].astype(kind) @ above.reshape(len(above), -1).astype(kind)
    return total.astype(np.int64)


def copeland_places(support: NDArray[np.int64], _: Mapping[str, Any]) -> NDArray[np.int64]:
    """Places by pairs won, half for pairs that are level."""
    against = support.transpose(0, 2, 1)
    return places_of((support > against).sum(axis=2) - (support < against).sum(axis=2))


def schulze_places(support: NDArray[np.int64], parameters: Mapping[str, Any]) -> NDArray[np.int64]:
    """Places by strongest paths; by margins, or winning votes if `strength` says so.

    Examples
    --------
    >>> cycle = np.array([[[0, 6, 4], [3, 0, 7], [5, 2, 0]]])
    >>> schulze_places(cycle, {})
    array([[1, 2, 3]])
    """
    against = support.transpose(0, 2, 1)
    margins = support - against
    strength = np.where(margins > 0, support if parameters.get("strength") == "winning" else margins, 0)
    paths: NDArray[Any] = strength.astype(np.int32 if int(strength.max(initial=0)) < 2**31 else np.int64)
    near = max(1, NEAR // paths[0].size)
    for start in range(0, len(paths), near):
        _strengthen(paths[start : start + near])
    beats: NDArray[np.bool_] = paths > paths.transpose(0, 2, 1)
    return _places_in_order(beats)


def _strengthen(paths: NDArray[Any]) -> None:
    """Put in place of each pair's strength that of its strongest path, which is that of the path's weakest link."""
    for through in range(paths.shape[1]):
        np.maximum(paths, np.minimum(paths[:, :, through, None], paths[:, through, None, :]), out=paths)


def _places_in_order(beats: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places in a transitive relation: the unbeaten first, then those unbeaten among the rest, and so on."""
    beaten_by = beats.sum(axis=1)
    places: NDArray[np.int64] = 1 + beaten_by
    odd = np.flatnonzero((beats != (beaten_by[:, :, None] < beaten_by[:, None, :])).any(axis=(1, 2)))
    if odd.size:
        places[odd] = places_of(-_layers(beats[odd], beaten_by[odd]))
    return places


def _layers(beats: NDArray[np.bool_], beaten_by: NDArray[np.int64]) -> NDArray[np.int64]:
    """In which layer each item is, 0 = unbeaten: one below the lowest of those that beat it.

    In a transitive relation whoever beats an item is itself beaten by fewer, so that items in order of that number
    find the layers of all above them known.
    """
    layer = np.zeros(beaten_by.shape, dtype=np.int64)
    every = np.arange(len(beats))
    for item in np.argsort(beaten_by, axis=1).T:
        layer[every, item] = (beats[every, :, item] * (layer + 1)).max(axis=1)
    return layer


PAIRWISE: dict[str, Callable[[NDArray[np.int64], Mapping[str, Any]], NDArray[np.int64]]] = {
    "copeland": copeland_places,
    "schulze": schulze_places,
}
