"""The fewest people who can lift an item above so many rivals, where a method adds up points: bound and witness.

An item left out comes in when it has strictly more points than all but k - 1 rivals; an item on the list goes out when
at least k rivals have strictly more than it. The second is the first with all points turned round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, islice
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aggregation.answers.points import Points

# Sets of people that are looked at one by one; where there are more, a bound for the best set is used.
MOST_SETS = 40_000
# Of the sets that the bound allows, so many are tried with ballots.
MOST_TRIED = 40


@dataclass(frozen=True, slots=True)
class Contest:
    """An item that must get strictly more than at least `beat` of its rivals, on ballots that some people change.

    `gaps[b, j]`: what ballot b now gives the item beyond rival j. `room[r - 1]`: what a changed ballot can give the
    item r times, less what it must give r rivals together, for one unit of say. `grown`: the people of the largest set
    grown so far, in the order in which they were added.
    """

    gaps: NDArray[Any]
    voices: NDArray[Any]
    beat: int
    room: NDArray[Any]
    grown: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, points: Points, item: int, k: int, goal: str) -> Contest:
        """The contest of one item for a place among the first k, or against it."""
        sign = 1 if goal == "in" else -1
        rivals = np.delete(points.table, item, axis=1)
        beat = rivals.shape[1] + 1 - k if goal == "in" else k
        most, least = points.scale.most, points.scale.least
        top, bottom = (most[0], least) if goal == "in" else (-least[0], [-each for each in most])
        room = np.array([r * top - bottom[r - 1] for r in range(1, beat + 1)], dtype=points.table.dtype)
        return cls(sign * (points.table[:, [item]] - rivals), points.voices, beat, room)

    def slack(self, people: NDArray[np.intp]) -> NDArray[Any]:
        """Above 0 where nothing is known against it that this set of people suffices; shape (n_sets,).

        For every r: of the `beat` rivals easiest to beat, the r hardest ones must together leave room for the item.
        """
        return self._slack(self.gaps.sum(axis=0) - self.gaps[people].sum(axis=1), self.voices[people].sum(axis=1))

    def _slack(self, kept: NDArray[Any], voices: NDArray[Any]) -> NDArray[Any]:
        """The same of sets of which is known what the item has beyond each rival without them, and their say."""
        hardest = np.sort(kept, axis=1)[:, -self.beat :].cumsum(axis=1)
        return np.asarray((hardest + voices[:, None] * self.room).min(axis=1))

    def bound(self) -> int:
        """So many people at least, proved without looking at sets: for every rival the best people are taken."""
        total = self.gaps.sum(axis=0)
        enough = np.ones(len(self.gaps) + 1, dtype=bool)
        for r, room in enumerate(self.room, start=1):
            gains = np.maximum(self.voices[:, None] * room - r * self.gaps, 0)
            best = np.sort(gains, axis=0)[::-1].cumsum(axis=0)
            reach = np.sort(r * total + np.vstack([np.zeros_like(best[:1]), best]), axis=1)
            enough &= reach[:, -self.beat :][:, :r].sum(axis=1) > 0
        return int(np.argmax(enough)) if enough.any() else len(self.gaps) + 1

    def sets(self, size: int, able: NDArray[np.intp]) -> tuple[NDArray[np.intp], bool]:
        """Sets of this size among those `able` that may suffice, the most slack first, and whether all were seen."""
        if comb(len(able), size) > MOST_SETS:
            return self._grown(size, able)[None, :], False
        chosen = np.fromiter(_flat(able, size), dtype=np.intp).reshape(-1, size)
        slack = np.concatenate([self.slack(part) for part in np.array_split(chosen, len(chosen) // 4_096 + 1)])
        promising = np.flatnonzero(slack > 0)
        order = promising[np.argsort(-slack[promising], kind="stable")]
        return chosen[order[:MOST_TRIED]], True

    def _grown(self, size: int, able: NDArray[np.intp]) -> NDArray[np.intp]:
        """One set, grown by whoever adds most: a set to try, which proves nothing. A larger one goes on from it."""
        grown, so_far = self.grown, np.array(self.grown, dtype=np.intp)
        left = able[~np.isin(able, so_far)]
        kept, voices = self.gaps.sum(axis=0) - self.gaps[so_far].sum(axis=0), self.voices[so_far].sum()
        for _ in range(size - len(grown)):
            best = int(np.argmax(self._slack(kept - self.gaps[left], voices + self.voices[left])))
            person = int(left[best])
            grown.append(person)
            left, kept, voices = np.delete(left, best), kept - self.gaps[person], voices + self.voices[person]
        return np.array(grown[:size], dtype=np.intp)


def _flat(able: NDArray[np.intp], size: int) -> Iterator[int]:
    for chosen in islice(combinations(able.tolist(), size), MOST_SETS):
        yield from chosen
