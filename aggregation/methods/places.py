"""How much of the say has each item at each place: the core of every method that gives points for places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.checks import WORST_RANK
from aggregation.errors import MethodError
from aggregation.voices import voices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aggregation.profile import Profile

# Ballots looked at together, as in the tally of pairs.
BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Places:
    """`say[i][a, b] / scale` is how much of the say has item i level with others at the places a + 1 to b."""

    say: tuple[Counter[tuple[int, int]], ...]
    scale: int

    @classmethod
    def named(cls, ranks: NDArray[Any], say: NDArray[Any], scale: int) -> Places:
        """Places of the items that a ballot ranks; the others have none.

        Parameters
        ----------
        ranks : ndarray of uint8 or uint16, shape (n_ballots, n_items)
            As in a profile: 1 = best, equal numbers are ties, 0 is unranked; not necessarily dense.
        say : ndarray of int, shape (n_ballots,)
            Whole numbers to divide by `scale`.

        Examples
        --------
        >>> Places.named(np.array([[1, 1, 3, 0]], dtype=np.uint8), np.array([5]), 1).say[0]
        Counter({(0, 2): 5})
        """
        return cls(_counted(ranks - ranks.dtype.type(1), say, ranks > 0), scale)

    @classmethod
    def every(cls, ranks: NDArray[Any], say: NDArray[Any], scale: int, *, unranked_first: bool = False) -> Places:
        """Places of all items: the unranked ones of a ballot share its last places, or its first."""
        # Rank 0 is below every other number, or wraps around to the largest.
        keys = ranks if unranked_first else ranks - ranks.dtype.type(1)
        return cls(_counted(keys, say, np.ones(ranks.shape, dtype=np.bool_)), scale)

    def scores(self, points: Sequence[Fraction]) -> list[Fraction]:
        """The points of each item, exact: `points` for each place, 1 first; level items share the mean of theirs."""
        return [self.score(item, points) for item in range(len(self.say))]

    def score(self, item: int, points: Sequence[Fraction]) -> Fraction:
        """The points of one item, by its index."""
        unit = lcm(*(each.denominator for each in points))
        ladder = [0, *accumulate(int(each * unit) for each in points)]
        by_size: Counter[int] = Counter()
        for (above, upto), amount in self.say[item].items():
            by_size[upto - above] += amount * (ladder[upto] - ladder[above])
        return sum((Fraction(amount, size) for size, amount in by_size.items()), Fraction(0)) / (self.scale * unit)


def say_of(profile: Profile) -> tuple[NDArray[Any], int]:
    """The say of each ballot as whole numbers, shape (n_ballots,), and the scale to divide them by.

    64-bit integers, or Python's own where their sum needs more; both are exact.
    """
    voices = voices_of(profile)
    return np.array(voices.counts, dtype=np.int64 if voices.total < 2**63 else object), voices.scale


def split_evenly(chosen: NDArray[np.bool_], say: NDArray[Any], unit: int) -> list[int]:
    """What each item gets where every ballot divides its say equally among the items it has chosen, times `unit`.

    Parameters
    ----------
    chosen : ndarray of bool, shape (n_items, n_ballots)
    say : ndarray of int, shape (n_ballots,)
    unit : int
        A multiple of every number of items that a ballot has chosen.

    Examples
    --------
    >>> split_evenly(np.array([[True, True], [True, False]]), np.array([1, 4]), 2)
    [9, 1]
    """
    if unit == 1:
        return [int(each) for each in (chosen @ say).tolist()]
    sizes = chosen.sum(axis=0, dtype=np.uint32)
    shares = [0] * len(chosen)
    for size in np.unique(sizes[sizes > 0]).tolist():
        sums = (chosen[:, sizes == size] @ say[sizes == size]).tolist()
        shares = [share + each * (unit // size) for share, each in zip(shares, sums, strict=True)]
    return shares


def check_k(k: int) -> None:
    """Refuse a number of places below 1 or above the largest rank."""
    if not 1 <= k <= WORST_RANK:
        raise MethodError(f"`k` must be 1 or more, at most {WORST_RANK}, not {k}")


def _counted(keys: NDArray[Any], say: NDArray[Any], counted: NDArray[np.bool_]) -> tuple[Counter[tuple[int, int]], ...]:
    found: tuple[Counter[tuple[int, int]], ...] = tuple(Counter() for _ in range(keys.shape[1]))
    for start in range(0, len(keys), BLOCK):
        block = slice(start, start + BLOCK)
        columns = np.ascontiguousarray(keys[block].T)
        for key, chosen, places in zip(columns, counted[block].T, found, strict=True):
            above = (columns < key).sum(axis=0, dtype=np.uint32)[chosen]
            upto = (columns <= key).sum(axis=0, dtype=np.uint32)[chosen]
            _add(places, above.astype(np.int64), upto.astype(np.int64), say[block][chosen])
    return found


def _add(
    places: Counter[tuple[int, int]], above: NDArray[np.int64], upto: NDArray[np.int64], say: NDArray[Any]
) -> None:
    if not len(say):
        return
    codes = above + (upto - above - 1) * int(upto.max())
    sums = np.zeros(int(codes.max()) + 1, dtype=say.dtype)
    np.add.at(sums, codes, say)
    for code in np.flatnonzero(sums).tolist():
        size, first = divmod(code, int(upto.max()))
        places[first, first + size + 1] += int(sums[code])
