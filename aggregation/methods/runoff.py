"""Rounds in which the item with the fewest votes goes out, and every way of breaking ties between the lowest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregation.methods.first_preferences import FirstPreferences

Items = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """The votes of those standing, in the whole numbers of `FirstPreferences`, and all that have the fewest."""

    standing: Items
    votes: tuple[int, ...]

    @classmethod
    def of(cls, first: FirstPreferences, standing: Items) -> Count:
        """The count of the ballots among those standing."""
        return cls(standing, tuple(first.votes(standing)))

    @property
    def lowest(self) -> Items:
        """The items with the fewest votes."""
        fewest = min(self.votes)
        return tuple(item for item, votes in zip(self.standing, self.votes, strict=True) if votes == fewest)

    @property
    def nobody_moves(self) -> bool:
        """Whether the lowest have no votes, so that they can go out in any order and nothing changes."""
        return min(self.votes) == 0

    def without(self, out: Items) -> Items:
        """Those standing after some have gone."""
        gone = set(out)
        return tuple(item for item in self.standing if item not in gone)


def one_way(first: FirstPreferences, n_items: int, *, together: bool) -> list[tuple[Count, Items]]:
    """The counts of one way through with those that go out, until one item stands or all that stand would go.

    Of several lowest, all go out where `together`, or where they have no votes; else the last of them.
    """
    way: list[tuple[Count, Items]] = []
    standing: Items = tuple(range(n_items))
    while True:
        count = Count.of(first, standing)
        lowest = count.lowest
        out = lowest if together or count.nobody_moves else lowest[-1:]
        if out == standing:
            return [*way, (count, ())]
        way.append((count, out))
        standing = count.without(out)
        if len(standing) == 1:
            return way


def places_on(way: list[tuple[Count, Items]], n_items: int) -> list[int]:
    """The place of each item on one way: 1 for all that are left, else one more than the number that stay longer."""
    places = [1] * n_items
    for count, out in way:
        for item in out:
            places[item] = len(count.standing) - len(out) + 1
    return places


def best_places(first: FirstPreferences, n_items: int, most: int) -> list[int] | None:
    """The best place of each item over all ways of breaking ties; None where more than `most` counts are needed.

    All sets of items that can be standing at some time are looked at, the largest first. Items that no ballot
    tells apart are interchangeable: of such items the last goes out first, and all have the best place of any.
    """
    alike = first.alike()
    best = [n_items] * n_items
    # A set of items is a whole number with a bit for each.
    waiting: dict[int, set[int]] = {n_items: {(1 << n_items) - 1}}
    counted = 0
    for size in range(n_items, 0, -1):
        for some in waiting.pop(size, ()):
            counted += 1
            count = Count.of(first, tuple(item for item in range(n_items) if some >> item & 1))
            for out in _ways_out(count, alike):
                left = size - len(out)
                for item in out:
                    best[item] = min(best[item], left + 1)
                if left:
                    waiting.setdefault(left, set()).add(some - sum(1 << item for item in out))
            if counted + sum(map(len, waiting.values())) > most:
                return None
    of_kind = {kind: min(place for place, each in zip(best, alike, strict=True) if each == kind) for kind in set(alike)}
    return [of_kind[kind] for kind in alike]


def _ways_out(count: Count, alike: list[int]) -> list[Items]:
    """Who can go out next: all without a vote together, or any one of the lowest."""
    lowest = count.lowest
    if count.nobody_moves:
        return [lowest]
    return [(item,) for item in {alike[item]: item for item in lowest}.values()]
