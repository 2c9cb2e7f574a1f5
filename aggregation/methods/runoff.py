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

    All sets of items that can be standing at some time are counted, the largest first. Items that no ballot tells
    apart are interchangeable: of such items the last goes out first, and all have the best place of any.
    """
    everyone = Count.of(first, tuple(range(n_items)))
    # Votes never fall while an item stands: whoever will ever be without a vote is so now.
    named = everyone.without(everyone.lowest) if everyone.nobody_moves else everyone.standing
    best = [len(named) + 1] * n_items
    alike = first.alike()
    counted = 0
    # A set of items is a whole number with a bit for each.
    waiting = {sum(1 << item for item in named)}
    for size in range(len(named), 0, -1):
        counted += len(waiting)
        following: set[int] = set()
        for some in waiting:
            lowest = Count.of(first, tuple(item for item in named if some >> item & 1)).lowest
            out = {alike[item]: item for item in lowest}.values()
            for item in out:
                best[item] = size
            following.update(some - (1 << item) for item in out)
            if counted + len(following) * (size > 1) > most:
                return None
        waiting = following
    of_kind = {kind: min(place for place, each in zip(best, alike, strict=True) if each == kind) for kind in set(alike)}
    return [of_kind[kind] for kind in alike]
