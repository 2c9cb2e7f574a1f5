"""How far people came nearer to a point between two answers, and what chance alone would make of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.resampling import drawn_panels
from aggregation.delphi.summary import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.scale import Scale

# Statistics of exchanged rounds that differ by rounding only are the same.
SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """One part of the panel, its people in an order that does not depend on that of the rows.

    Parameters
    ----------
    before, after : ndarray of float, shape (n_people, n_items)
        Answers of those who gave both, nan elsewhere.
    median : ndarray of float, shape (n_items,)
        Of everybody's answers before; nan where there are none.
    middles : tuple of two ndarray of float, shape (n_items,)
        The medians before and after of those who gave both.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    median: NDArray[np.float64]
    middles: tuple[NDArray[np.float64], NDArray[np.float64]]

    @property
    def n(self) -> NDArray[np.int64]:
        """How many gave both answers, shape (n_items,)."""
        return np.asarray((~np.isnan(self.before)).sum(axis=0))

    @property
    def shift(self) -> NDArray[np.float64]:
        """Mean of the later answer less the earlier one, shape (n_items,)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.nansum(self.after - self.before, axis=0) / self.n)


def mover_of(earlier: NDArray[np.int64], later: NDArray[np.int64], scale: Scale) -> Mover:
    """The part of the panel whose answers are these places on the scale (-1 = none), each (n_people, n_items)."""
    order = np.lexsort(np.hstack([earlier, later]).T)
    earlier, later = earlier[order], later[order]
    both = (earlier >= 0) & (later >= 0)
    points = scale.values
    return Mover(
        before=np.where(both, points[earlier], np.nan),
        after=np.where(both, points[later], np.nan),
        median=_median_of(earlier, points),
        middles=(_median_of(np.where(both, earlier, -1), points), _median_of(np.where(both, later, -1), points)),
    )


def _median_of(places: NDArray[np.int64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    histogram = np.stack([(places == place).sum(axis=0) for place in range(len(points))], axis=1)
    return quantile(histogram, Fraction(1, 2), points)


@dataclass(frozen=True, slots=True, eq=False)
class Approach:
    """How far each person came nearer to a target: `by`, 0 where not known; both (n_people, n_items)."""

    by: NDArray[np.float64]
    known: NDArray[np.float64]

    @classmethod
    def of(cls, mover: Mover, before: NDArray[np.float64], after: NDArray[np.float64]) -> Approach:
        """From the distance to one point before to that to another after, each of shape (n_items,)."""
        by = np.abs(mover.before - before) - np.abs(mover.after - after)
        known = ~np.isnan(by)
        return cls(np.where(known, by, 0), known.astype(np.float64))

    def means(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean of each item and, last, of all together, for each row of people's weights; nan where there is none."""
        sums, counts = (np.atleast_2d(weights @ each) for each in (self.by, self.known))
        with np.errstate(invalid="ignore"):
            return np.hstack([sums / counts, sums.sum(axis=1, keepdims=True) / counts.sum(axis=1, keepdims=True)])

    def beyond_chance(self, signs: NDArray[np.float64], level: float) -> NDArray[np.bool_]:
        """Where few exchanges of people's rounds reach as much on any item; `signs` -1 = exchanged, a row each."""
        size = np.sqrt((self.by**2).sum(axis=0))
        by = np.divide(self.by, size, out=np.zeros_like(self.by), where=size > 0)
        most = np.max(signs @ by, axis=1)
        reached = (most[:, None] >= by.sum(axis=0) - SAME).sum(axis=0)
        return np.asarray((1 + reached) / (1 + len(signs)) <= level)


def directions(
    mover: Mover, target: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """How many changed from off the target, how many of them toward it, and the share if orders were by chance.

    Each of shape (n_items,); the share is over both orders of every person's two answers, nan where none changed.
    """
    off, toward = _directions(mover.before, mover.after, target)
    back_off, back_toward = _directions(mover.after, mover.before, target)
    with np.errstate(invalid="ignore"):
        return off, toward, np.asarray((toward + back_toward) / (off + back_off))


def _directions(
    start: NDArray[np.float64], end: NDArray[np.float64], target: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    sense = np.nan_to_num((target - start) * (end - start))
    return (sense != 0).sum(axis=0), (sense > 0).sum(axis=0)


def means_drawn(
    mover: Mover, approaches: list[Approach], draws: int, rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """The means of each approach in panels drawn anew, the same panels for all; each (draws, n_items + 1)."""
    found: list[list[NDArray[np.float64]]] = [[] for _ in approaches]
    for panels in drawn_panels(len(mover.before), draws, rng):
        for approach, so_far in zip(approaches, found, strict=True):
            so_far.append(approach.means(panels))
    return [np.concatenate(each) for each in found]
