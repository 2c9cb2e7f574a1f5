"""Methods that add up points for places, with the points of each ballot: what one person can change is then known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.voices import voices_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aggregation.profile import Profile, Unranked

# Methods that give points to ranked items only; what a ballot leaves out has none.
NAMED = frozenset({"plurality", "approval"})


@dataclass(frozen=True, slots=True)
class Scale:
    """Points for places, in whole numbers: `ladder[p]` is the sum of the first p places, `unit` makes ties whole.

    `named`: only ranked items have points. Otherwise unranked items share the last places of a ballot ("last"), or
    half of these and half of its first places ("absent").
    """

    ladder: tuple[int, ...]
    unit: int
    named: bool
    unranked: Unranked

    def of(self, ranks: NDArray[Any]) -> NDArray[Any]:
        """The points of each item on each ballot, times four and `unit`; shape (n_ballots, n_items)."""
        ranks = ranks.astype(np.int64)
        last = np.where(ranks > 0, ranks, np.iinfo(np.int64).max)
        if self.named:
            return np.where(ranks > 0, 2 * self._shared(last), 0)
        if self.unranked == "last":
            return np.asarray(2 * self._shared(last))
        return np.asarray(self._shared(last) + self._shared(ranks))

    def _shared(self, keys: NDArray[np.int64]) -> NDArray[Any]:
        above, upto = np.zeros(keys.shape, dtype=np.int64), np.zeros(keys.shape, dtype=np.int64)
        for column in keys.T[:, :, None]:
            above += column < keys
            upto += column <= keys
        ladder = np.array(self.ladder, dtype=object)
        total = (ladder[upto] - ladder[above]) * (2 * self.unit)
        return np.asarray(total // (upto - above))

    @property
    def most(self) -> list[int]:
        """The most that 1, 2, 3, ... items can have together on one ballot, as `of` counts."""
        return [4 * self.unit * each for each in self.ladder[1:]]

    @property
    def least(self) -> list[int]:
        """The least that 1, 2, 3, ... items can have together on one ballot that ranks something, as `of` counts."""
        total = self.ladder[-1]
        if self.named:
            return [0] * (len(self.ladder) - 2) + self.most[:1]
        return [4 * self.unit * (total - each) for each in self.ladder[-2::-1]]


@dataclass(frozen=True, slots=True)
class Points:
    """`table[b, i]`: what ballot b gives item i, times its say `voices[b]`; whole numbers, compared exactly."""

    scale: Scale
    voices: NDArray[Any]
    table: NDArray[Any]


def points_of(profile: Profile, method: str, parameters: Mapping[str, Any]) -> Points | None:
    """The points behind a method that adds them up over the ballots; None for a method that does not."""
    vector = _vector(method, profile.n_items, parameters)
    if vector is None:
        return None
    finest = lcm(*(each.denominator for each in vector))
    ladder = tuple(accumulate((int(each * finest) for each in vector), initial=0))
    # Twice the mean of whole numbers in steps of one is whole whatever the number of them; other means may not be.
    unit = 1 if method == "borda" else lcm(*range(1, profile.n_items + 1))
    scale = Scale(ladder, unit, method in NAMED, profile.unranked)
    voices = np.array(voices_of(profile).counts, dtype=object)
    table = scale.of(profile.ranks) * voices[:, None]
    largest = max((abs(int(each)) for each in (*scale.most, *scale.least)), default=0) * int(voices.sum() or 1)
    if 8 * largest * profile.n_items**2 < 2**62:
        return Points(scale, voices.astype(np.int64), table.astype(np.int64))
    return Points(scale, voices, table)


def _vector(method: str, items: int, parameters: Mapping[str, Any]) -> list[Fraction] | None:
    """Points for each place, best first."""
    if method == "borda":
        return [Fraction(items - place) for place in range(1, items + 1)]
    if method == "dowdall":
        return [Fraction(1, place) for place in range(1, items + 1)]
    if method in NAMED:
        approved = 1 if method == "plurality" else parameters.get("k", 10)
        return [Fraction(place <= approved) for place in range(1, items + 1)]
    if method == "positional":
        return _padded(parameters.get("vector") or (), items)
    return None


def _padded(vector: Sequence[Fraction], items: int) -> list[Fraction]:
    given = [Fraction(each) for each in vector][:items]
    return given + [Fraction(0)] * (items - len(given))
