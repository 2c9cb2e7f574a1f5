"""What a relaxation proves about every order, in whole numbers and whatever the solver's tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.order_programme import Cuts

# Dual values are rounded to multiples of 2^-20 before anything is computed from them.
BITS = 20


@dataclass(frozen=True, slots=True)
class Certificate:
    """A lower bound on the excess of every order and the reduced cost of every variable, both times 2^20."""

    scaled: int
    reduced: tuple[int, ...]

    @property
    def bound(self) -> int:
        """The bound as a whole number, at least 0, as every excess is."""
        return max(0, -(-self.scaled >> BITS))

    def fixed(self, most: int) -> NDArray[np.int8]:
        """The value of each variable in any order with an excess of `most` or less: 0, 1, or -1 for either."""
        room = (most << BITS) - self.scaled
        return np.array([-1 if abs(each) <= room else (0 if each > 0 else 1) for each in self.reduced], dtype=np.int8)


def certificate(gain: NDArray[Any], cuts: Cuts, duals: NDArray[np.float64]) -> Certificate:
    """What the multipliers of the cuts prove.

    Parameters
    ----------
    gain : ndarray of int, shape (n_variables,)
        The margin of the pair of each variable: an order pays the sum of the positive ones, less those of the
        variables that are 1.
    cuts : Cuts
    duals : ndarray of float, shape (n_cuts,)
        Any multipliers that are not negative give a valid bound, so that those of a solver may be rounded and
        need not be trusted; better multipliers give a better bound.
    """
    multipliers = [max(0, round(dual * (1 << BITS))) for dual in duals.tolist()]
    reduced = [-int(each) << BITS for each in gain]
    bound = int(np.maximum(gain, 0).sum()) << BITS
    for columns, signs, limit, multiplier in zip(cuts.columns, cuts.signs, cuts.limits, multipliers, strict=True):
        if multiplier:
            bound -= limit * multiplier
            for column, sign in zip(columns, signs, strict=True):
                reduced[column] += sign * multiplier
    return Certificate(bound + sum(min(0, each) for each in reduced), tuple(reduced))
