"""Who is preferred to whom, by how many: pairwise counts a side, which add up over chunks of ballots."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import ProfileError
from aggregation.kernels import blank_of, blocks_of, keys_of, places_of, support_of

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from aggregation.profile import Profile, Unranked

# The sum of two tallies up to here still fits in 64 bits.
MOST = 2**61


@dataclass(slots=True, eq=False)
class PairwiseTally:
    """Counts over ballots, a layer for each side; tallies of the same items and sides can be added.

    Parameters
    ----------
    items, sides : tuple of str
        Ids of the items and names of the sides; one side without a name where the ballots have none.
    unranked : {"last", "absent"}
        "last": a ranked item is preferred to an unranked one. "absent": only ranked items are compared.
    unit : int
        What one ballot counts: 1, or a million where weights are no whole numbers.
    support : ndarray of int, shape (n_sides, n_items, n_items)
        `support[s, i, j]`: ballots of side s with i strictly above j.
    n, blank : ndarray of int, shape (n_sides,)
        Ballots of each side, and how many of these rank nothing.
    shares : tuple of Fraction, length n_sides
        The share of the say of each side; empty where the ballots have no sides and each counts one.
    positions : ndarray of int, shape (n_sides, n_items, n_items + 1), or None
        `positions[s, i, p]`: ballots of side s with i at place p, where p - 1 items are strictly above it;
        p = 0 counts the ballots that leave i unranked. They cost more than the pairs, and are counted where
        the tally was made with ``positions=True``.

    Examples
    --------
    >>> from aggregation import Profile
    >>> tally = PairwiseTally.of(Profile.from_orders(["ab", "ab", "ba"], unranked="last"))
    >>> tally.support[0]
    array([[0, 2],
           [1, 0]])
    """

    items: tuple[str, ...]
    sides: tuple[str, ...]
    unranked: Unranked
    unit: int
    support: NDArray[np.int64]
    n: NDArray[np.int64]
    blank: NDArray[np.int64]
    shares: tuple[Fraction, ...] = ()
    positions: NDArray[np.int64] | None = None

    @classmethod
    def empty(cls, profile: Profile, *, positions: bool = False) -> PairwiseTally:
        """A tally that has counted nothing yet, for chunks like `profile`."""
        sides = profile.strata_names or ("",)
        s, m = len(sides), profile.n_items
        return cls(
            items=profile.items,
            sides=sides,
            unranked=profile.unranked,
            unit=profile.unit,
            support=np.zeros((s, m, m), dtype=np.int64),
            n=np.zeros(s, dtype=np.int64),
            blank=np.zeros(s, dtype=np.int64),
            shares=profile.shares,
            positions=np.zeros((s, m, m + 1), dtype=np.int64) if positions else None,
        )

    @classmethod
    def of(cls, ballots: Profile | PairwiseTally, *, positions: bool = False) -> PairwiseTally:
        """The tally of all ballots of a profile; a tally is given back as it is.

        Raises
        ------
        ProfileError
            If `positions` are asked of a tally that was made without.
        """
        if isinstance(ballots, PairwiseTally):
            if positions and ballots.positions is None:
                raise ProfileError("the tally was made without positions; count the ballots again")
            return ballots
        tally = cls.empty(ballots, positions=positions)
        tally.update(ballots)
        return tally

    def update(self, chunk: Profile) -> None:
        """Count more ballots in place; refuses a chunk of other items, sides, unit or reading of unranked."""
        self._check_same(chunk.items, chunk.strata_names or ("",), chunk.unranked, chunk.unit, chunk.shares)
        self.refuse_beyond_counting()
        for side in range(len(self.sides)):
            rows = None if len(self.sides) == 1 else np.flatnonzero(chunk.strata == side)
            n = chunk.n_ballots if rows is None else len(rows)
            for block in blocks_of(n, chunk.n_items, chunk.ranks.itemsize):
                some = block if rows is None else rows[block]
                self._count(side, chunk.ranks[some], chunk.counts[some])

    def __add__(self, other: PairwiseTally) -> PairwiseTally:
        self._check_same(other.items, other.sides, other.unranked, other.unit, other.shares)
        if (self.positions is None) != (other.positions is None):
            raise ProfileError("a tally with positions and one without cannot be added")
        for tally in (self, other):
            tally.refuse_beyond_counting()
        return replace(
            self,
            support=self.support + other.support,
            n=self.n + other.n,
            blank=self.blank + other.blank,
            positions=None if self.positions is None or other.positions is None else self.positions + other.positions,
        )

    def refuse_beyond_counting(self, times: int = 1) -> None:
        """Refuse a tally whose counts, so many times, leave no room in 64 bits to add as much again."""
        if sum(self.n.tolist()) * times > MOST:
            raise ProfileError("there are more ballots than can be counted exactly")

    def _check_same(
        self,
        items: tuple[str, ...],
        sides: tuple[str, ...],
        unranked: Unranked,
        unit: int,
        shares: tuple[Fraction, ...],
    ) -> None:
        for what, ours, theirs in (
            ("items", self.items, items),
            ("sides", self.sides, sides),
            ("unranked", self.unranked, unranked),
            ("unit", self.unit, unit),
            ("shares", self.shares, shares),
        ):
            if ours != theirs:
                raise ProfileError(f"tallies of different {what} cannot be added: {ours!r} and {theirs!r}")

    def _count(self, side: int, ranks: NDArray[Any], counts: NDArray[np.int64]) -> None:
        keys = keys_of(ranks)
        self.support[side] += support_of(keys, counts, absent=self.unranked == "absent")
        if self.positions is not None:
            self.positions[side] += places_of(keys, counts)
        self.n[side] += counts.sum()
        self.blank[side] += blank_of(keys, counts)

    def shared(self, shares: tuple[Fraction, ...] | None = None) -> SharedSupport:
        """One support matrix for all sides, exact: each side's counts over its ballots, times its share.

        Parameters
        ----------
        shares : tuple of Fraction, length n_sides, optional
            Adding up to 1; the tally's own when left out. Empty: sides do not matter and every ballot counts one.

        Returns
        -------
        SharedSupport
            Whole numbers and the scale to divide them by.

        Notes
        -----
        A side's ballots are those that rank at least one item: who hands in an empty ballot takes nothing
        from the rest of their side. Within a side every ballot weighs the same.

        Raises
        ------
        ProfileError
            If a side with a share ranks nothing at all.
        """
        shares = self.shares if shares is None else shares
        if not shares:
            n = self.n.tolist()
            return SharedSupport(_combine([1] * len(n), self.support, n), self.unit, sum(n))
        if len(shares) != len(self.sides):
            raise ProfileError(f"`shares` has {len(shares)} entries for {len(self.sides)} sides")
        voices = [int(n) for n in self.n - self.blank]
        if 0 in voices:
            raise ProfileError(
                f"the side {self.sides[voices.index(0)]!r} has a share of the say, but ranks nothing at all"
            )
        factors = [share / voice for share, voice in zip(shares, voices, strict=True)]
        scale = lcm(*(factor.denominator for factor in factors))
        multipliers = [int(factor * scale) for factor in factors]
        return SharedSupport(_combine(multipliers, self.support, voices), scale, scale)

    def margins(self, shares: tuple[Fraction, ...] | None = None) -> NDArray[Any]:
        """Support minus its transpose after `shared`, in its whole numbers; shape (n_items, n_items)."""
        return self.shared(shares).margins


@dataclass(frozen=True, slots=True, eq=False)
class SharedSupport:
    """Support of all sides together: `counts[i, j] / scale` is how much of the say puts i strictly above j.

    Without sides the say is counted in ballots and `total / scale` is their number; with sides it is 1.
    `counts` are 64-bit integers, or Python's own where these are too small; both are exact.
    """

    counts: NDArray[Any]
    scale: int
    total: int

    @property
    def margins(self) -> NDArray[Any]:
        """`counts` minus its transpose."""
        return np.asarray(self.counts - self.counts.T)


def _combine(multipliers: list[int], support: NDArray[np.int64], voices: list[int]) -> NDArray[Any]:
    # The sums over all pairs that methods form later must fit as well, hence the number of pairs.
    largest = sum(m * n for m, n in zip(multipliers, voices, strict=True)) * support.shape[1] ** 2
    if largest < 2**62:
        return np.asarray(np.tensordot(np.array(multipliers, dtype=np.int64), support, axes=1))
    layers = [multiplier * layer.astype(object) for multiplier, layer in zip(multipliers, support, strict=True)]
    return np.asarray(np.sum(layers, axis=0))


def common_divisor(values: NDArray[Any]) -> int:
    """The greatest common divisor of whole numbers, 1 where all are zero.

    Examples
    --------
    >>> common_divisor(np.array([4, -6, 0]))
    2
    """
    return gcd(*(int(value) for value in values.ravel())) or 1
