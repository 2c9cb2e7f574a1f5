"""Counting who is above whom, in blocks of bytes: the one place of this library where speed decides the shape.

Ballots stand here as *keys*: a row an item, a column a ballot, the best rank 0, and unranked the largest number of the
type, below all ranks. All counts are whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Ballots compared at a time: so many that calls cost little, in keys of at most so many bytes.
BLOCK = 65_536
MOST_BYTES = 8 << 20
# Items compared with all others in turn, so that their keys stay in the cache meanwhile.
TOGETHER = 12
# Ballots transposed, or checked for ties, at a time, so that both sides stay in the nearest cache.
TILE = 1_024
# Below so many ballots a call for each pair costs more than its work; then many pairs share one, in so many bytes.
FEW = 8_192
AT_ONCE = 1 << 20


def blocks_of(n: int, n_items: int, width: int) -> Iterator[slice]:
    """Slices of n ballots, about equally long, for keys of `width` bytes."""
    most = max(TILE, min(BLOCK, MOST_BYTES // (n_items * width)))
    length = -(-n // -(-n // most)) if n else 1
    return (slice(start, min(start + length, n)) for start in range(0, n, length))


def keys_of(ranks: NDArray[Any]) -> NDArray[Any]:
    """The keys of ballots, shape (n_items, n_ballots), from ranks of shape (n_ballots, n_items)."""
    n, m = ranks.shape
    keys = np.empty((m, n), dtype=ranks.dtype)
    one = ranks.dtype.type(1)
    for start in range(0, n, TILE):
        # Rank 0 wraps around to the largest number.
        np.subtract(ranks[start : start + TILE].T, one, out=keys[:, start : start + TILE])
    return keys


def support_of(keys: NDArray[Any], counts: NDArray[np.int64], *, absent: bool) -> NDArray[np.int64]:
    """How many ballots put one item strictly above another, shape (n_items, n_items).

    Parameters
    ----------
    keys : ndarray, shape (n_items, n_ballots)
    counts : ndarray of int, shape (n_ballots,)
        How many ballots each column stands for; adding up to less than 2^53.
    absent : bool
        Whether only ranked items are compared; otherwise an unranked one is below every ranked one.
    """
    below = _ranked_only(keys) if absent else keys
    each = int(counts[0])
    if not (counts == each).all():
        return _by_bits(keys, below, counts)
    if keys.shape[1] < FEW:
        return each * _by_bits(keys, below)
    return each * (_one_way(keys) if is_strict(keys) else _both_ways(keys, below))


def _ranked_only(keys: NDArray[Any]) -> NDArray[Any]:
    """Keys in which nothing is above an unranked item; the same where every item is ranked."""
    unranked = keys == np.iinfo(keys.dtype).max
    return np.where(unranked, keys.dtype.type(0), keys) if unranked.any() else keys


def is_strict(keys: NDArray[Any]) -> bool:
    """Whether every ballot ranks all items without a tie, at ranks up to 64; False where that is not told cheaply.

    A ballot's ranks are bits of one word: as many bits as items means that no two ranks are equal.
    """
    highest = int(keys.max())
    if highest >= 64:
        return False
    word = np.uint32 if highest < 32 else np.uint64
    # A first look at a few ballots spares most others the whole.
    return all(
        bool((np.bitwise_count(_words(keys[:, start : start + length], word)) == len(keys)).all())
        for start, length in ((0, 64), *((start, TILE) for start in range(0, keys.shape[1], TILE)))
    )


def _words(keys: NDArray[Any], word: type[np.uint32 | np.uint64]) -> NDArray[Any]:
    bits = keys.astype(word)
    np.left_shift(word(1), bits, out=bits)
    return np.asarray(np.bitwise_or.reduce(bits, axis=0))


def _one_way(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Without ties and gaps, who is not above is below: half of the comparisons suffice."""
    m, n = keys.shape
    support = np.zeros((m, m), dtype=np.int64)
    above = np.empty(n, dtype=bool)
    for start in range(0, m, TOGETHER):
        for i in range(start + 1, m):
            some = slice(start, min(start + TOGETHER, i))
            support[i, some] = [np.count_nonzero(np.less(keys[i], other, out=above)) for other in keys[some]]
            support[some, i] = n - support[i, some]
    return support


def _both_ways(keys: NDArray[Any], below: NDArray[Any]) -> NDArray[np.int64]:
    support = np.empty((len(keys), len(keys)), dtype=np.int64)
    above = np.empty(keys.shape[1], dtype=bool)
    for start in range(0, len(keys), TOGETHER):
        some = slice(start, start + TOGETHER)
        others = list(below[some])
        for i, key in enumerate(keys):
            support[i, some] = [np.count_nonzero(np.less(key, other, out=above)) for other in others]
    return support


def _by_bits(keys: NDArray[Any], below: NDArray[Any], counts: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """A bit a ballot for each pair, counted once for each binary digit of the ballots' counts, or once."""
    m = len(keys)
    digits = [] if counts is None else _digits(counts)
    # Ballots that fill up the last word put nothing above anything.
    same = below is keys
    keys = _filled(keys)
    below = keys if same else _filled(below)
    support = np.zeros((m, m), dtype=np.int64)
    step = max(1, AT_ONCE // keys.size)
    for start in range(0, m, step):
        some = slice(start, start + step)
        above = np.packbits(keys[some, None] < below, axis=-1).view(np.uint64)
        if counts is None:
            np.add.reduce(np.bitwise_count(above), axis=-1, dtype=np.int64, out=support[some])
        for bit, digit in enumerate(digits):
            support[some] += np.bitwise_count(above & digit).sum(axis=-1, dtype=np.int64) << bit
    return support


def _digits(counts: NDArray[np.int64]) -> list[NDArray[np.uint64]]:
    """The binary digits of the counts, lowest first, a bit a ballot."""
    digits = (((counts >> bit) & 1).astype(bool) for bit in range(int(counts.max()).bit_length()))
    return [np.packbits(_filled(digit)).view(np.uint64) for digit in digits]


def _filled(array: NDArray[Any]) -> NDArray[Any]:
    """The array with zeros at the end of its last axis, so that its bits fill whole words of 64."""
    n = array.shape[-1]
    filled = np.zeros((*array.shape[:-1], -(-n // 64) * 64), dtype=array.dtype)
    filled[..., :n] = array
    return filled


def places_of(keys: NDArray[Any], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many ballots have each item at each place, shape (n_items, n_items + 1); place 0 is unranked.

    An item is at place p where p - 1 items are strictly above it.
    """
    m = len(keys)
    ranked = keys != np.iinfo(keys.dtype).max
    # Sums of counts stay below 2^53, where floats are exact.
    return np.array(
        [
            np.bincount(
                ranked[i] * (1 + np.add.reduce(keys < key, axis=0, dtype=np.intp)), weights=counts, minlength=m + 1
            )
            for i, key in enumerate(keys)
        ]
    ).astype(np.int64)


def blank_of(keys: NDArray[Any], counts: NDArray[np.int64]) -> int:
    """How many ballots rank nothing."""
    unranked = np.iinfo(keys.dtype).max
    return int(counts[keys.min(axis=0) == unranked].sum()) if keys.max() == unranked else 0
