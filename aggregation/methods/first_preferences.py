"""Whom each ballot counts for when only some of the items are still standing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.levels import dense_levels
from aggregation.methods.places import say_of, split_evenly
from aggregation.voices import as_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile


@dataclass(frozen=True, slots=True)
class FirstPreferences:
    """The distinct ballots of a profile.

    `keys`, shape (n_items, n_distinct), are ranks without gaps from 0 = best; the largest number is unranked.
    `say`, shape (n_distinct,), are whole numbers; `unit` is a multiple of every number of items that can be level.
    Votes are whole numbers over `scale`.
    """

    keys: NDArray[Any]
    say: NDArray[Any]
    unit: int
    scale: int

    @classmethod
    def of(cls, profile: Profile) -> FirstPreferences:
        """The distinct orders, whoever gave them: how a ballot is written and split into rows does not matter."""
        say, scale = say_of(profile)
        rows, row = np.unique(dense_levels(profile.ranks), axis=0, return_inverse=True)
        sums = np.zeros(len(rows), dtype=say.dtype)
        np.add.at(sums, row.ravel(), say)
        unit = lcm(*range(1, _most_level(rows) + 1))
        # Rank 0 wraps around to the largest number.
        return cls(np.ascontiguousarray((rows - rows.dtype.type(1)).T), sums, unit, scale * unit)

    def votes(self, standing: tuple[int, ...]) -> list[int]:
        """The say of the ballots that put each standing item above all others standing, times `scale`.

        A ballot with several level above the others is split equally among them; one that ranks none of those
        standing counts for none.
        """
        among = self.keys[list(standing)]
        best = among.min(axis=0)
        chosen = (among == best) & (best < np.iinfo(among.dtype).max)
        return split_evenly(chosen, self.say, self.unit)

    @property
    def total(self) -> int:
        """All votes, those of blank ballots included."""
        return int(self.say.sum()) * self.unit

    def number(self, votes: int) -> int | float:
        """Votes as JSON shows them, in ballots or parts of the say."""
        return as_number(Fraction(votes, self.scale))

    def alike(self) -> list[int]:
        """A number for each item, the same for items that every ballot puts at the same rank."""
        return list(np.unique(self.keys, axis=0, return_inverse=True)[1].ravel().tolist())


def _most_level(rows: NDArray[Any]) -> int:
    """The largest number of items that any ballot ranks level, at least 1."""
    ordered = np.sort(rows, axis=1)
    most = 1
    while most < ordered.shape[1] and ((ordered[:, most:] == ordered[:, :-most]) & (ordered[:, most:] > 0)).any():
        most += 1
    return most
