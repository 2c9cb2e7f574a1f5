"""The least that one person would have to move one item on their ballot."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from aggregation.answers.search import Judge
    from aggregation.profile import Profile


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One item moved on one ballot, all else on it kept in its order.

    `row` is the ballot, in `witness` and in the profile with a row a person; `places` is how far the item moves from
    `before` to `after`, places of tied items being the mean of those they take up. `proved`: no shorter move of this
    item on one ballot suffices.
    """

    row: int
    before: Fraction
    after: Fraction
    witness: Profile
    proved: bool

    @property
    def places(self) -> Fraction:
        """How far the item moves."""
        return abs(self.after - self.before)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it, without the ballots."""
        return {
            "before": str(self.before),
            "after": str(self.after),
            "places": str(self.places),
            "proved": self.proved,
        }


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place for the item on somebody's ballot, and the ballot with it there."""

    place: Fraction
    ranks: list[int]


def least_move(profile: Profile, item: int, goal: str, judge: Judge, *, proved: bool) -> Move | None:
    """The shortest move of an item on one ballot that suffices; None where moving it to the end of none does.

    It takes for granted that moving further in the direction of the goal never undoes it; `proved` says whether
    that is known of the method.
    """
    best: tuple[Fraction, int, Fraction, _Slot] | None = None
    seen: set[tuple[Any, ...]] = set()
    for row, ballot in enumerate(profile.ranks.astype(np.int64)):
        side = None if profile.strata is None else int(profile.strata[row])
        alike = (side, int(profile.counts[row]), *ballot.tolist())
        if alike in seen or not ballot.any():
            continue
        seen.add(alike)
        before, slots = _slots(ballot, item, goal, profile.unranked)
        if best is not None:
            slots = [slot for slot in slots if abs(slot.place - before) < best[0]]
        slot = _first(slots, row, judge)
        if slot is not None:
            best = (abs(slot.place - before), row, before, slot)
    if best is None:
        return None
    _, row, before, slot = best
    ranks = profile.ranks.astype(np.int64)
    ranks[row] = slot.ranks
    return Move(row, before, slot.place, profile.replace(ranks=ranks), proved)


def _first(slots: list[_Slot], row: int, judge: Judge) -> _Slot | None:
    """The nearest slot that suffices, by halving; None where the furthest does not."""
    if not slots or not judge({row: slots[-1].ranks}):
        return None
    low, high = -1, len(slots) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if judge({row: slots[middle].ranks}) else (middle, high)
    return slots[high]


def _slots(ballot: Any, item: int, goal: str, unranked: str) -> tuple[Fraction, list[_Slot]]:
    """Where the item is, and every other place for it in the direction of the goal, the nearest first.

    Under "last" the unranked items are one tie at the end, which may be left and joined. Under "absent" a ballot
    that does not rank the item has no answer that could be moved.
    """
    end = 2 * int(ballot.max()) + 2
    keys = np.where(ballot > 0, 2 * ballot, end if unranked == "last" else 0)
    now = int(keys[item])
    others = np.delete(keys, item)
    others = others[others > 0]
    if not now:
        return Fraction(0), []
    step = -1 if goal == "in" else 1
    targets = {key for other in set(others.tolist()) for key in (other, other + step)}
    ahead = sorted((key for key in targets if (key - now) * step > 0 and key <= end), key=lambda key: key * step)
    return _place(others, now), [_Slot(_place(others, key), _written(keys, item, key, end)) for key in ahead]


def _place(others: Any, key: int) -> Fraction:
    return 1 + Fraction(int((others < key).sum())) + Fraction(int((others == key).sum()), 2)


def _written(keys: Any, item: int, key: int, end: int) -> list[int]:
    """The ballot as dense ranks with the item at this key; what shares the end is unranked.

    Where that is everything, all are ranked level: a ballot that ranks nothing is no answer, and has no say on a side.
    """
    moved = keys.copy()
    moved[item] = key
    ranked = (moved > 0) & (moved < end)
    if not ranked.any():
        ranked = moved > 0
    ranks = np.zeros(len(moved), dtype=np.int64)
    ranks[ranked] = np.unique(moved[ranked], return_inverse=True)[1] + 1
    return [int(each) for each in ranks]
