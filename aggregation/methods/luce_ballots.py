"""The distinct ballots of a profile with what each counts, in an order that is the same however they were given."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.levels import dense_levels
from aggregation.voices import voices_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile

# Whole numbers up to here are exact as floats.
EXACT = 2**53


@dataclass(frozen=True, slots=True, eq=False)
class DistinctBallots:
    """Ballots that rank something, equal ones as one row.

    Sums of floats depend on the order of what is added. Columns are sorted by how often an item has each place,
    then rows by what they hold, so that the same ballots in another order, or of items in another order, give the
    same sums to the last bit (items with the same count of every place keep the order given).

    levels : shape (n_rows, n_items), 1 = first tier, without gaps; 0 = unranked;
    weights : shape (n_rows,), the share of the say of each row, adding up to 1;
    columns : shape (n_items,), the profile's index of the item in each column;
    people : the number of ballots of one equal say each that say as much as these (Kish's effective sample size);
        without sides, the number of ballots that rank something.
    """

    levels: NDArray[Any]
    weights: NDArray[np.float64]
    columns: NDArray[np.intp]
    people: float


def distinct_ballots(profile: Profile) -> DistinctBallots:
    """The ballots of a profile that rank something, with their say; no rows where there are none.

    Examples
    --------
    >>> from aggregation import Profile
    >>> ballots = distinct_ballots(Profile.from_orders(["ab", "ba", "ab", "ab"], unranked="last"))
    >>> ballots.levels.tolist(), ballots.weights.tolist(), ballots.people
    ([[1, 2], [2, 1]], [0.75, 0.25], 4.0)
    """
    speaking = profile.ranks.any(axis=1)
    say = _whole(voices_of(profile).counts)[speaking]
    levels = dense_levels(profile.ranks[speaking])
    columns = _columns_in_order(levels, say)
    rows, say_of_row = _distinct_rows(levels[:, columns], say)
    total = int(say.sum())
    weights = np.array([int(each) / total for each in say_of_row.tolist()])
    return DistinctBallots(rows, weights, columns, effective_people(profile))


def effective_people(profile: Profile) -> float:
    """Kish's effective number of ballots among those that rank something: (sum of say)^2 / sum of say^2.

    References
    ----------
    L. Kish, Survey Sampling, Wiley 1965, section 11.7.
    """
    speaking = np.where(profile.ranks.any(axis=1), profile.counts, 0)
    if profile.strata is None:
        return float(Fraction(int(speaking.sum()), profile.unit))
    sides = [int(speaking[profile.strata == code].sum()) for code in range(len(profile.shares))]
    heard = [share**2 / side for share, side in zip(profile.shares, sides, strict=True) if side]
    return float(1 / sum(heard) / profile.unit) if sum(heard) else 0.0


def _whole(counts: tuple[int, ...]) -> NDArray[Any]:
    return np.array(counts, dtype=np.int64 if sum(counts) < EXACT else object)


def _columns_in_order(levels: NDArray[Any], say: NDArray[Any]) -> NDArray[np.intp]:
    """Items by how much of the say has them in each tier, a key that no other order of ballots or items changes."""
    m = levels.shape[1]
    cells = (levels + np.arange(m) * (m + 1)).ravel()
    if say.dtype == object:
        counted = np.zeros(m * (m + 1), dtype=object)
        np.add.at(counted, cells, np.repeat(say, m))
        keys = [tuple(each) for each in counted.reshape(m, m + 1).tolist()]
        return np.array(sorted(range(m), key=keys.__getitem__), dtype=np.intp)
    counted = np.bincount(cells, weights=np.repeat(say, m), minlength=m * (m + 1))
    return np.lexsort(counted.reshape(m, m + 1).T)


def _distinct_rows(levels: NDArray[Any], say: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    if not len(levels):
        return levels, say
    levels = np.ascontiguousarray(levels)
    as_bytes = levels.view(np.dtype((np.void, levels.itemsize * levels.shape[1]))).ravel()
    order = np.argsort(as_bytes, kind="stable")
    levels, say = levels[order], say[order]
    first = np.ones(len(levels), dtype=bool)
    first[1:] = (levels[1:] != levels[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    return levels[starts], np.add.reduceat(say, starts)
