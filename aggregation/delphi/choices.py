"""What people chose who were to choose k, with or without putting these in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.proportion import Interval, wilson
from aggregation.delphi.summary import Tally
from aggregation.errors import StatisticError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile


@dataclass(frozen=True, slots=True, eq=False)
class Choices(Frozen):
    """How many people chose each item, and where they put it.

    Parameters
    ----------
    items : tuple of str
    k : int
        How many could be chosen.
    people, blank : int
        Who chose something; who chose nothing and is in no denominator.
    chosen : ndarray of int, shape (n_items,)
        How many chose each item.
    places : ndarray of int, shape (n_items, k), or None
        How many put it first, second, ..., k-th; None where the order was not asked.
    points : ndarray of int, shape (n_items,), or None
        k points for each first place, k - 1 for each second, down to 1; None where the order was not asked.
    """

    items: tuple[str, ...]
    k: int
    people: int
    blank: int
    chosen: NDArray[np.int64]
    places: NDArray[np.int64] | None
    points: NDArray[np.int64] | None

    def share_of(self, item: int) -> Tally:
        """How many of how many chose the item at this index."""
        return Tally(int(self.chosen[item]), self.people)

    def interval_of(self, item: int, *, confidence: float = 0.95) -> Interval:
        """Wilson's interval for that share; refused where nobody chose anything."""
        return wilson(int(self.chosen[item]), self.people, confidence=confidence)


def choices(profile: Profile, k: int, *, ordered: bool = False) -> Choices:
    """How many people chose each item; for a side or a group, of `profile.by_side()[name]`.

    Parameters
    ----------
    profile : Profile
        The ranked items of a ballot are those chosen; a ballot need not use all k. Whole weights are people.
    k : int
        How many items could be chosen, 1 or more.
    ordered : bool
        Whether the order was asked: then a ballot's ranks are 1, 2, 3, ... without ties; otherwise they say nothing.

    Raises
    ------
    StatisticError
        If a ballot chooses more than k, or its order has ties or gaps, naming its row; if a weight is no whole
        number, or `k` is below 1.

    Examples
    --------
    Three people choose two of three and put them in order:

    >>> from aggregation import Profile
    >>> found = choices(Profile.from_orders(["ab", "ac", "ba"], unranked="last"), 2, ordered=True)
    >>> found.chosen.tolist(), found.places.tolist(), found.points.tolist(), found.share_of(1)
    ([3, 2, 1], [[2, 1], [1, 1], [0, 1]], [5, 3, 1], Tally(hits=2, n=3))
    """
    if k < 1:
        raise StatisticError(f"`k` must be 1 or more, not {k}")
    if profile.unit != 1:
        raise StatisticError("people are counted here; a weight that is no whole number is no number of people")
    ranks, counts = profile.ranks.astype(np.int64), profile.counts
    size = (ranks > 0).sum(axis=1)
    if (size > k).any():
        row = int(np.argmax(size > k))
        raise StatisticError(f"ballot {row} chooses {size[row]} items; {k} can be chosen")
    speaks = size > 0
    places = _places(ranks, size, counts, k) if ordered else None
    chosen = counts @ (ranks > 0)
    points = None if places is None else places @ np.arange(k, 0, -1)
    for array in (chosen, places, points):
        if array is not None:
            array.setflags(write=False)
    return Choices(
        profile.items, k, int(counts[speaks].sum()), int(counts[~speaks].sum()), chosen, places=places, points=points
    )


def _places(ranks: NDArray[np.int64], size: NDArray[np.int64], counts: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    strict = np.sort(ranks, axis=1)[:, ::-1][:, :k] == np.maximum(size[:, None] - np.arange(min(k, ranks.shape[1])), 0)
    wrong = np.flatnonzero(~strict.all(axis=1))
    if wrong.size:
        raise StatisticError(f"ballot {wrong[0]} must put what it chooses in the order 1, 2, 3, ..., each rank once")
    return np.stack([counts @ (ranks == place) for place in range(1, k + 1)], axis=1)
