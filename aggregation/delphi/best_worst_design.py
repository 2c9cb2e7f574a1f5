"""Which items to show together in the sets of a best-worst round, and how evenly that came out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Set = tuple[int, ...]

# Balance may cost at most so many times the sets that would show each item often enough.
DEARER = 2
# Sets looked at while a balanced design is sought, and steps of the search: a second or less.
MOST_ORBITS, MOST_STEPS = 20_000, 2_000
# More would keep a machine busy, and nobody answers so many sets.
MOST_ITEMS, MOST_SETS = 200, 500
# Exchanges tried for each set where there is no balanced design.
EXCHANGES = 150


@dataclass(frozen=True, slots=True, eq=False)
class Design(Frozen):
    """Sets of items for a best-worst round.

    Parameters
    ----------
    sets : tuple of tuples of int
        The items of each set, by number from 0; all sets have the same size and no item twice.
    shown : ndarray of int, shape (n_items,)
        In how many sets each item is.
    pair_counts : ndarray of int, shape (n_items, n_items)
        In how many sets two items are together; 0 on the diagonal.
    balanced : bool
        Whether every item is in equally many sets, and every two items together in equally many.
    """

    sets: tuple[Set, ...]
    shown: NDArray[np.int64]
    pair_counts: NDArray[np.int64]
    balanced: bool

    @property
    def together(self) -> tuple[int, int]:
        """In how many sets two items are together: the fewest and the most over all pairs."""
        pairs = self.pair_counts[np.triu_indices(len(self.shown), 1)]
        return int(pairs.min()), int(pairs.max())

    @property
    def connected(self) -> bool:
        """Whether every two items can be compared, if need be through others; else counts have no common scale."""
        reached = np.arange(len(self.shown)) == 0
        while True:
            wider = reached | self.pair_counts[reached].any(axis=0)
            if (wider == reached).all():
                return bool(reached.all())
            reached = wider


def design(n_items: int, size: int = 4, at_least: int = 3, *, seed: int, at_most: int | None = None) -> Design:
    """Sets of `size` items in which each item is shown at least so often, and pairs as evenly as can be.

    First a balanced incomplete block design is sought, among all that a cycle of the items (or of all but one) carries
    onto themselves: difference families, short cycles included. Where none has few enough sets, items are
    dealt out so that the numbers of times two are shown differ by at most one, and exchanged between sets while that
    evens out the pairs. What came out is counted, not assumed.

    Parameters
    ----------
    n_items, size : int
        `size` from 3 to `n_items`; four or five are usual.
    at_least : int
        In how many sets each item must be, 1 or more. In one set each, items of different sets cannot be compared.
    seed : int
        0 or above; the same seed gives the same sets.
    at_most : int, optional
        The most sets a balanced design may have; twice as many as are needed to show each item often enough, when
        left out. A design that is not balanced has just as many as are needed.

    Raises
    ------
    StatisticError
        If a number is out of range, or there are more than 200 items or 500 sets.

    References
    ----------
    R. C. Bose, On the construction of balanced incomplete block designs, Annals of Eugenics 9 (1939) 353-399;
    E. S. Kramer, D. M. Mesner, t-designs on hypergraphs, Discrete Mathematics 15 (1976) 263-296.

    Examples
    --------
    Seven items by three in seven sets, each pair together once (Fano's plane); thirteen by four:

    >>> fano, thirteen = design(7, 3, 3, seed=1), design(13, 4, 4, seed=1)
    >>> len(fano.sets), fano.balanced, fano.together, len(thirteen.sets), thirteen.together
    (7, True, (1, 1), 13, (1, 1))

    Forty questions by five, three times each: no balanced design has so few sets.

    >>> forty = design(40, 5, 3, seed=1)
    >>> len(forty.sets), set(forty.shown.tolist()), forty.balanced, forty.together, forty.connected
    (24, {3}, False, (0, 1), True)
    """
    if not 3 <= size <= n_items:
        raise StatisticError(f"`size` must be from 3 to {n_items}, the number of items, not {size}")
    if at_least < 1 or seed < 0 or (at_most is not None and at_most < 1):
        raise StatisticError("`at_least` and `at_most` must be 1 or more and `seed` 0 or more")
    fewest = -(-n_items * at_least // size)
    if n_items > MOST_ITEMS or fewest > MOST_SETS:
        raise StatisticError(f"{n_items} items in {fewest} sets are more than {MOST_ITEMS} in {MOST_SETS}")
    rng = np.random.default_rng(seed)
    most = DEARER * fewest if at_most is None else at_most
    sets = _balanced(n_items, size, at_least, most)
    if sets is None:
        sets = _evened_out(_dealt_out(n_items, size, fewest, rng), rng)
    # Which item has which number is chance, so that the first items of a list are not always shown together.
    label = rng.permutation(n_items)
    mixed = [tuple(label[list(sets[place])].tolist()) for place in rng.permutation(len(sets))]
    return counted(mixed, n_items)


def counted(sets: list[Set], n_items: int) -> Design:
    """Sets as a design, with how often each item and each pair is shown.

    Examples
    --------
    >>> counted([(0, 1, 2), (0, 1, 3)], 4).pair_counts.tolist()
    [[0, 2, 1, 1], [2, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]]
    """
    holds = _incidence(sets, n_items)
    pairs = holds.T @ holds
    shown = pairs.diagonal().copy()
    np.fill_diagonal(pairs, 0)
    above = pairs[np.triu_indices(n_items, 1)]
    for array in (shown, pairs):
        array.setflags(write=False)
    return Design(tuple(sets), shown, pairs, balanced=len(set(shown)) == 1 and len(set(above)) == 1)


def _incidence(sets: list[Set], n_items: int) -> NDArray[np.int64]:
    holds = np.zeros((len(sets), n_items), dtype=np.int64)
    for row, each in enumerate(sets):
        holds[row, list(each)] = 1
    return holds


def _balanced(n: int, size: int, at_least: int, most: int) -> list[Set] | None:
    """The fewest sets of a balanced design that a cycle carries onto itself; None where none is found."""
    if comb(n - 1, size - 1) > MOST_ORBITS:
        return None
    steps = [MOST_STEPS]
    for shown in range(at_least, most * size // n + 1):
        together, rest = divmod(shown * (size - 1), n - 1)
        if rest or n * shown % size:
            continue
        for cycle in (n, n - 1):
            orbits = list(_orbits(n, size, cycle))
            covers = np.array([_covers(orbit, n, cycle) for orbit in orbits])
            found = _exactly(covers, np.full(covers.shape[1], together), steps)
            if found is not None:
                return [each for place in found for each in orbits[place]]
    return None


def _orbits(n: int, size: int, cycle: int) -> Iterator[list[Set]]:
    """The sets of items, as the cycle 0, 1, ..., cycle - 1 carries them; an item beyond it stays where it is."""
    seen: set[Set] = set()
    for others in combinations(range(1, n), size - 1):
        first = (0, *others)
        if first not in seen:
            orbit = dict.fromkeys(_turned(first, step, cycle) for step in range(cycle))
            seen.update(orbit)
            yield list(orbit)


def _turned(items: Set, step: int, cycle: int) -> Set:
    return tuple(sorted((item + step) % cycle if item < cycle else item for item in items))


def _covers(orbit: list[Set], n: int, cycle: int) -> list[int]:
    """In how many sets of an orbit a pair of each kind is: with the item that stays, or 1, 2, ... steps apart."""
    counts = [0] * (cycle // 2 + 1)
    for one, other in combinations(orbit[0], 2):
        counts[0 if other == cycle else min(other - one, cycle - other + one)] += 1
    # So many pairs of each kind there are; half a turn apart there are half as many.
    pairs = [cycle // 2 if 2 * steps == cycle else cycle for steps in range(len(counts))]
    each = [len(orbit) * count // number for count, number in zip(counts, pairs, strict=True)]
    return each if n > cycle else each[1:]


def _exactly(covers: NDArray[np.int64], left: NDArray[np.int64], steps: list[int]) -> list[int] | None:
    """Different rows that add up to `left`; None where there are none, or after so many steps."""
    if not left.any():
        return []
    usable = np.flatnonzero((covers <= left).all(axis=1) & covers.any(axis=1))
    kinds = np.flatnonzero(left)
    # The kind of pair with the fewest orbits to cover it has to be covered by one of these.
    hardest = kinds[np.argmin((covers[usable][:, kinds] > 0).sum(axis=0))]
    for row in usable[covers[usable, hardest] > 0]:
        steps[0] -= 1
        if steps[0] < 0:
            return None
        others = covers.copy()
        others[row] = 0
        found = _exactly(others, left - covers[row], steps)
        if found is not None:
            return [int(row), *found]
    return None


def _dealt_out(n: int, size: int, n_sets: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Sets one after another, each of the items shown least so far, of these the ones seldom together; as rows."""
    holds = np.zeros((n_sets, n), dtype=bool)
    for each in holds:
        for _ in range(size):
            shown = holds.sum(axis=0) - each
            met = (holds[:, each].sum(axis=1)[:, None] * holds).sum(axis=0)
            order = np.lexsort((rng.random(n), met, shown, each))
            each[order[0]] = True
    return holds


def _evened_out(holds: NDArray[np.bool_], rng: np.random.Generator) -> list[Set]:
    """The same sets after exchanges of one item for another that made the pairs more even."""
    counts = holds.astype(np.int64)
    pairs = counts.T @ counts
    for _ in range(EXCHANGES * len(counts)):
        one, other = rng.integers(len(counts), size=2)
        only_one, only_other = np.flatnonzero(counts[one] > counts[other]), np.flatnonzero(counts[other] > counts[one])
        if not only_one.size:
            continue
        a, b = rng.choice(only_one), rng.choice(only_other)
        # a goes from one set to the other and meets others there; b the other way.
        change = counts[other] - counts[one]
        change[[a, b]] = 0
        if 2 * (change * (pairs[a] - pairs[b])).sum() + 2 * (change**2).sum() <= 0:
            pairs[a] += change
            pairs[:, a] += change
            pairs[b] -= change
            pairs[:, b] -= change
            counts[one, [a, b]], counts[other, [a, b]] = (0, 1), (1, 0)
    return [tuple(np.flatnonzero(each).tolist()) for each in counts]
