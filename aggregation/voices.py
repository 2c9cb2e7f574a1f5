"""How much each ballot counts, exactly, once sides and their shares are taken into account."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import ProfileError

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from aggregation.profile import Profile


@dataclass(frozen=True, slots=True)
class Voices:
    """`counts[b] / scale` is the say of ballot b, whole numbers over one scale; their sum is `total / scale`.

    Without sides the say is counted in ballots, blank ones included. With sides it adds up to 1, and a blank ballot
    has none: it takes nothing from the rest of its side.
    """

    counts: tuple[int, ...]
    scale: int

    @property
    def total(self) -> int:
        """The sum of `counts`."""
        return sum(self.counts)


def voices_of(profile: Profile) -> Voices:
    """The say of each ballot of a profile; refuses a side that has a share and ranks nothing at all.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ab", "ba", "ba"], unranked="last", sides=["lived", "staff", "staff"])
    >>> voices_of(profile)
    Voices(counts=(2, 1, 1), scale=4)
    """
    if profile.strata is None:
        return Voices(tuple(profile.counts.tolist()), profile.unit)
    speaking = np.where(profile.ranks.any(axis=1), profile.counts, 0)
    factors = []
    for code, (name, share) in enumerate(zip(profile.strata_names, profile.shares, strict=True)):
        voice = int(speaking[profile.strata == code].sum())
        if not voice:
            raise ProfileError(f"the side {name!r} has a share of the say, but ranks nothing at all")
        factors.append(share / voice)
    scale = lcm(*(factor.denominator for factor in factors))
    multipliers = [int(factor * scale) for factor in factors]
    counts = [count * multipliers[code] for count, code in zip(speaking.tolist(), profile.strata.tolist(), strict=True)]
    divisor = gcd(scale, *counts)
    return Voices(tuple(count // divisor for count in counts), scale // divisor)


def as_numbers(counts: NDArray[Any], scale: int) -> list[list[int | float]]:
    """A matrix of `counts / scale` as JSON shows it: whole numbers where they are whole, else the nearest floats.

    Examples
    --------
    >>> as_numbers(np.array([[0, 3], [6, 2]]), 4)
    [[0, 0.75], [1.5, 0.5]]
    """
    rows: list[list[int]] = counts.tolist()
    if scale == 1:
        return [list(row) for row in rows]
    return [[count / scale if count % scale else count // scale for count in row] for row in rows]


def as_number(value: Fraction) -> int | float:
    """A fraction as JSON shows it: whole where it is whole, else the nearest float."""
    return value.numerator if value.denominator == 1 else float(value)
