"""Pairs locked one after another, strongest first, and what that gives over all ways to order equally strong pairs.

Items are numbers from 0, and relations between them the bits of one whole number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Pair = tuple[int, int]

# Two bounds on the search, each times the number of items: on its steps, and on the pairs looked at in them, of which
# there may be tens of thousands a step. Counted, not timed, so that every machine stops alike: within about 3 seconds.
WORK = 400_000
LOOKS = 60_000_000


class Order:
    """Who of n items stands above whom, kept transitive as pairs are added.

    All of it is one whole number, `above`: bit j n + i says that i stands above j, or is j. Copies cost nothing, and
    to add a pair takes four operations, however many items it concerns. Adding a pair that the order contradicts
    closes a circle: then each of its items stands above each.

    Examples
    --------
    >>> order = Order(3)
    >>> order.add((0, 1)), order.add((1, 2)), order.has((0, 2)), order.has((2, 0))
    (None, None, True, False)
    """

    __slots__ = ("above", "n", "starts")

    def __init__(self, n: int) -> None:
        self.n = n
        self.starts = sum(1 << j * n for j in range(n))
        self.above = sum(1 << j * n + j for j in range(n))

    def with_pairs(self, pairs: Iterable[Pair]) -> Order:
        """The same order with more pairs; this one stays as it is."""
        more = object.__new__(Order)
        more.n, more.starts, more.above = self.n, self.starts, self.above
        for pair in pairs:
            more.add(pair)
        return more

    def has(self, pair: Pair) -> bool:
        """Whether the first of the pair stands above the second."""
        return bool(self.above >> pair[1] * self.n + pair[0] & 1)

    def add(self, pair: Pair) -> None:
        """Put the first of the pair, and all above it, above the second and all below that."""
        first, second = pair
        if not self.has(pair):
            upper = self.above >> first * self.n & (1 << self.n) - 1
            # A bit at the start of the line of each item below the second, and of the second.
            lower = self.above >> second & self.starts
            self.above |= lower * upper

    def open(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Those of the pairs about which the order says nothing yet."""
        above, n = self.above, self.n
        return [(i, j) for i, j in pairs if not (above >> j * n + i | above >> i * n + j) & 1]

    def circling(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Those of the pairs, all added before, that are part of a circle."""
        above, n = self.above, self.n
        return [(i, j) for i, j in pairs if above >> i * n + j & 1]

    def numbers_above(self) -> list[int]:
        """How many items stand above each."""
        return [(self.above >> j * self.n & (1 << self.n) - 1).bit_count() - 1 for j in range(self.n)]


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
    order, free, rest = _until_choice(Order(n), classes)
    left_out = bool(free)
    while free:
        circling = order.with_pairs(free).circling(free)
        sure = order.with_pairs(set(free).difference(circling))
        order, free, rest = _until_choice(sure, rest)
    return Locked(order.numbers_above(), left_out, complete=not left_out)


@dataclass(frozen=True, slots=True)
class _State:
    """An order, the open pairs of a class, those of it that must end up contradicted, and the classes after it."""

    order: Order
    free: list[Pair]
    refused: list[Pair]
    rest: Sequence[Sequence[Pair]]


def lock_every_way(classes: Sequence[Sequence[Pair]], n: int) -> Locked:
    """Pairs locked one by one; the fewest items above each item, over all ways to order equally strong pairs.

    Parameters
    ----------
    classes, n
        As for `lock_leaving_out`.

    Returns
    -------
    Locked
        Not complete, and without numbers, where the search was given up after `WORK` or `LOOKS`.

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
    fewest, seen = [n] * n, set[tuple[int, Pair]]()
    todo, ties_matter = [_State(Order(n), [], [], classes)], False
    steps, looks = WORK // n, LOOKS // n
    while todo:
        if steps <= 0 or looks <= 0:
            return Locked([], ties_matter, complete=False)
        state = todo.pop()
        steps, looks = steps - 1, looks - len(state.free)
        together = state.order.with_pairs(state.free)
        if not all(together.has(pair[::-1]) for pair in state.refused):
            continue
        if circling := together.circling(state.free):
            ties_matter = True
            todo += _branches(state, circling)
            continue
        looks -= sum(map(len, state.rest))
        order, free, rest = _until_choice(together, state.rest)
        above = order.numbers_above()
        if all(have >= least for have, least in zip(above, fewest, strict=True)):
            continue
        if not free:
            fewest = list(map(min, fewest, above))
        elif (order.above, free[0]) not in seen:
            seen.add((order.above, free[0]))
            todo.append(_State(order, free, [], rest))
    return Locked(fewest, ties_matter, complete=True)


def _branches(state: _State, circling: list[Pair]) -> Iterator[_State]:
    """Without the first of the circling pairs, and with it; all others of the class are locked either way."""
    sure = state.order.with_pairs(set(state.free).difference(circling))
    chosen, others = circling[0], circling[1:]
    yield _State(sure, others, [*state.refused, chosen], state.rest)
    taken = sure.with_pairs([chosen])
    yield _State(taken, taken.open(others), state.refused, state.rest)


def _until_choice(order: Order, classes: Sequence[Sequence[Pair]]) -> tuple[Order, list[Pair], list[list[Pair]]]:
    """The order after the classes that leave no choice, then the open pairs of the first that does and of the rest."""
    order = order.with_pairs(())
    for number, pairs in enumerate(classes, start=1):
        free = order.open(pairs)
        if len(free) == 1:
            order.add(free[0])
        elif free:
            together = order.with_pairs(free)
            if together.circling(free):
                return order, free, [later for each in classes[number:] if (later := order.open(each))]
            order = together
    return order, [], []
