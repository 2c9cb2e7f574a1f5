"""Pairs locked one after another, strongest first, and what that gives over all ways to order equally strong pairs.

Items are numbers from 0; sets of items are the bits of whole numbers, which makes a step of the search a few dozen
operations of the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Pair = tuple[int, int]

# A bound on the search: steps times items. Counted, not timed, so that every machine stops alike; less than a second.
WORK = 200_000


class Order:
    """Who stands above whom, kept transitive as pairs are added.

    `above[j]` is the set of j and all that stand above it. Adding a pair that the order contradicts closes a circle:
    then each of its items stands above each.

    Examples
    --------
    >>> order = Order([0b001, 0b010, 0b100])
    >>> order.add((0, 1)), order.add((1, 2)), order.has((0, 2)), order.has((2, 0))
    (None, None, True, False)
    """

    __slots__ = ("above",)

    def __init__(self, above: list[int]) -> None:
        self.above = above

    def with_pairs(self, pairs: Iterable[Pair]) -> Order:
        """The same order with more pairs; this one stays as it is."""
        more = Order(self.above)
        for pair in pairs:
            more.add(pair)
        return more

    def has(self, pair: Pair) -> bool:
        """Whether the first of the pair stands above the second."""
        return bool(self.above[pair[1]] >> pair[0] & 1)

    def add(self, pair: Pair) -> None:
        """Put the first of the pair, and all above it, above the second and all below that."""
        first, second = pair
        if not self.above[second] >> first & 1:
            upper, below = self.above[first], 1 << second
            self.above = [have | upper if have & below else have for have in self.above]

    def open(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Those of the pairs about which the order says nothing yet."""
        above = self.above
        return [(i, j) for i, j in pairs if not (above[j] >> i | above[i] >> j) & 1]

    def numbers_above(self) -> list[int]:
        """How many items stand above each."""
        return [have.bit_count() - 1 for have in self.above]


def nobody_above(n: int) -> Order:
    """The order of n items that says nothing yet."""
    return Order([1 << i for i in range(n)])


@dataclass(frozen=True, slots=True)
class Locked:
    """How many items stand above each, and what equally strong pairs had to do with it.

    `ties_matter`: whether any of them were in each other's way. `complete`: whether every way to order them was
    taken into account. `above` is empty where the search for that was given up.
    """

    above: list[int]
    ties_matter: bool
    complete: bool


def lock_leaving_out(classes: Sequence[Sequence[Pair]], n: int) -> Locked:
    """Pairs locked class by class, of equally strong ones leaving out those that together close a circle.

    Parameters
    ----------
    classes : sequence of sequences of pairs
        Equally strong pairs together, strongest first. A pair that earlier classes contradict is passed over.
    n : int
        Number of items.

    Examples
    --------
    >>> lock_leaving_out([[(0, 1), (1, 2), (2, 0), (0, 3)]], 4)
    Locked(above=[0, 0, 0, 1], ties_matter=True, complete=False)
    """
    order, left_out = nobody_above(n), False
    for pairs in classes:
        free = order.open(pairs)
        together = order.with_pairs(free)
        sure = [pair for pair in free if not together.has(pair[::-1])]
        order = together if len(sure) == len(free) else order.with_pairs(sure)
        left_out |= len(sure) < len(free)
    return Locked(order.numbers_above(), left_out, complete=not left_out)


@dataclass(frozen=True, slots=True)
class _State:
    """An order, the class at hand, its pairs still open, and those of it that must turn out to be contradicted."""

    order: Order
    number: int
    free: list[Pair]
    refused: list[Pair]


def lock_every_way(classes: Sequence[Sequence[Pair]], n: int) -> Locked:
    """Pairs locked one by one; the fewest items above each item, over all ways to order equally strong pairs.

    Parameters
    ----------
    classes, n
        As for `lock_leaving_out`.

    Returns
    -------
    Locked
        Not complete, and without numbers, where the search was given up after `WORK`.

    Notes
    -----
    Of the pairs of a class that would close circles one is either taken or refused, and what is refused must end
    up contradicted by others: these are all the ways, without repeating those that differ in nothing. A branch
    is dropped where every item already has as many above it as in an order found before.

    Examples
    --------
    >>> lock_every_way([[(0, 1), (1, 2), (2, 0), (0, 3)]], 4)
    Locked(above=[0, 0, 0, 1], ties_matter=True, complete=True)
    """
    fewest, seen = [n] * n, set[tuple[int, ...]]()
    todo, ties_matter = [_State(nobody_above(n), -1, [], [])], False
    for _ in range(WORK // n):
        if not todo:
            return Locked(fewest, ties_matter, complete=True)
        state = todo.pop()
        together = state.order.with_pairs(state.free)
        if not all(together.has(pair[::-1]) for pair in state.refused):
            continue
        circling = [pair for pair in state.free if together.has(pair[::-1])]
        if circling:
            ties_matter = True
            todo += _branches(state, circling)
            continue
        order, number, free = _until_choice(together, state.number, classes)
        above = order.numbers_above()
        if all(have >= least for have, least in zip(above, fewest, strict=True)):
            continue
        key = (number, *order.above)
        if number == len(classes):
            fewest = list(map(min, fewest, above))
        elif key not in seen:
            seen.add(key)
            todo.append(_State(order, number, free, []))
    return Locked([], ties_matter, complete=False)


def _branches(state: _State, circling: list[Pair]) -> Iterator[_State]:
    """Without the first of the circling pairs, and with it; all others of the class are locked either way."""
    sure = state.order.with_pairs(set(state.free).difference(circling))
    chosen, others = circling[0], circling[1:]
    yield _State(sure, state.number, others, [*state.refused, chosen])
    taken = sure.with_pairs([chosen])
    yield _State(taken, state.number, taken.open(others), state.refused)


def _until_choice(order: Order, number: int, classes: Sequence[Sequence[Pair]]) -> tuple[Order, int, list[Pair]]:
    """The order after the classes that leave no choice, and the first that leaves one with its open pairs."""
    for following in range(number + 1, len(classes)):
        free = order.open(classes[following])
        if not free:
            continue
        together = order.with_pairs(free)
        if any(together.has(pair[::-1]) for pair in free):
            return order, following, free
        order = together
    return order, len(classes), []
