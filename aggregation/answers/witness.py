"""Ballots that prove it: how some people could answer so that an item passes the rivals it must pass."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aggregation.answers.fewest import Contest
    from aggregation.answers.points import Points


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes new ballots for a contest of `item`, which is put first on them ("in") or last ("out")."""

    points: Points
    contest: Contest
    item: int
    goal: str

    def ballots(self, people: NDArray[np.intp]) -> Iterator[dict[int, list[int]]]:
        """Ballots of these people that may suffice: the rivals to pass one by one, then all of them level.

        Only those that are easiest to pass are passed. Whoever has the least room left is put furthest from the
        item on each next ballot; on the last one, ties are formed where they help.
        """
        for level in (False, True):
            yield self._written(people, level=level)

    def _written(self, people: NDArray[np.intp], *, level: bool) -> dict[int, list[int]]:
        room = self.contest.gaps.sum(axis=0) - self.contest.gaps[people].sum(axis=0)
        order = np.argsort(-room, kind="stable")
        passed, others = order[: self.contest.beat], order[self.contest.beat :].tolist()
        rivals = np.delete(np.arange(self.points.table.shape[1]), self.item)
        new: dict[int, list[int]] = {}
        in_turn = sorted(people.tolist(), key=lambda each: -int(self.points.voices[each]))
        for person in in_turn:
            voice = self.points.voices[person]
            far = sorted(passed.tolist(), key=lambda rival: (room[rival], rival))
            tiers = self._tiers([room[rival] for rival in far], voice) if person == in_turn[-1] else None
            sizes = tiers or ([len(far)] if level else [1] * len(far))
            ranks = self._ranks(rivals[far].tolist(), sizes, rivals[others].tolist())
            given = self.points.scale.of(ranks[None, :])[0] * voice
            gap = given[self.item] - np.delete(given, self.item)
            room = room + (gap if self.goal == "in" else -gap)
            new[person] = [int(each) for each in ranks]
        return new

    def _ranks(self, far: list[int], sizes: list[int], others: list[int]) -> NDArray[np.int64]:
        """A ballot with `far` at the end away from the item, the first of them furthest, tied in tiers of `sizes`."""
        tiers, start = [], 0
        for size in sizes:
            tiers.append(far[start : start + size])
            start += size
        line = [*tiers, *([other] for other in others[::-1]), [self.item]]
        if self.goal == "in":
            line.reverse()
        ranks = np.zeros(self.points.table.shape[1], dtype=np.int64)
        for rank, tier in enumerate(line, start=1):
            ranks[tier] = rank
        if self.points.scale.named:
            # What is left out has no points, which can only help.
            ranks[far if self.goal == "in" else [*others, self.item]] = 0
        return ranks

    def _tiers(self, room: list[Any], voice: Any) -> list[int] | None:
        """Sizes of the ties by which every rival is passed on one last ballot, as small as may be, or None.

        `room` : what the item has beyond each rival on all other ballots, the least first.
        """
        ladder, four = self.points.scale.ladder, 4 * self.points.scale.unit
        steps = [four * (after - before) for before, after in pairwise(ladder)]
        low = [0] * len(steps) if self.points.scale.named else steps
        sign = 1 if self.goal == "in" else -1
        own, given = (steps[0], low[::-1]) if self.goal == "in" else (low[-1], steps)
        came: list[int | None] = [0]
        for end in range(1, len(room) + 1):
            start = end - 1
            while start >= 0 and not (
                came[start] is not None
                and (end - start) * (room[start] + sign * voice * own) > sign * voice * sum(given[start:end])
            ):
                start -= 1
            came.append(start if start >= 0 else None)
        sizes, end = [], len(room)
        while end and came[end] is not None:
            sizes.append(end - int(came[end] or 0))
            end = int(came[end] or 0)
        return sizes[::-1] if not end else None
