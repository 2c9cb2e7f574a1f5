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

# A bound on the search: steps times items. About a second; counted, not timed, so that every machine stops alike.
WORK = 200_000


class Order:
    """Who stands above whom, kept transitive as pairs are added.

    Examples
    --------
    >>> order = Order(3)
    >>> order.add((0, 1)), order.add((1, 2)), order.has((0, 2)), order.has((2, 0))
    (None, None, True, False)
    """

    __slots__ = ("above", "below")

    def __init__(self, n: int) -> None:
        self.below = [0] * n
        self.above = [0] * n

    def with_pairs(self, pairs: Iterable[Pair]) -> Order:
        """The same order with more pairs, which may close circles; this one stays as it is."""
        more = Order(0)
        more.below, more.above = self.below.copy(), self.above.copy()
        for pair in pairs:
            more.add(pair)
        return more

    def has(self, pair: Pair) -> bool:
        """Whether the first of the pair stands above the second."""
        return bool(self.below[pair[0]] >> pair[1] & 1)

    def add(self, pair: Pair) -> None:
        """Put the first of the pair, and all above it, above the second and all below that."""
        if self.has(pair):
            return
        first, second = pair
        upper, lower = self.above[first] | 1 << first, self.below[second] | 1 << second
        for i in bits(upper):
            self.below[i] |= lower
        for j in bits(lower):
            self.above[j] |= upper

    def open(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Those of the pairs about which the order says nothing yet."""
        return [pair for pair in pairs if not self.has(pair) and not self.has(pair[::-1])]

    def numbers_above(self) -> list[int]:
        """How many items stand above each."""
        return [mask.bit_count() for mask in self.above]


def bits(mask: int) -> Iterator[int]:
    """The items of a set.

    Examples
    --------
    >>> list(bits(0b1010))
    [1, 3]
    """
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def lock_without_circles(classes: Sequence[Sequence[Pair]], n: int) -> tuple[Order, int]:
    """The order from classes of equally strong pairs, strongest first, and the number of pairs left out for equality.

    A pair that an earlier class contradicts is passed over. Pairs of one class that, all added, would be part of
    a circle are left out together; where there are none such, every way to order equal pairs gives this order.

    Examples
    --------
    >>> order, left_out = lock_without_circles([[(0, 1), (1, 2), (2, 0), (0, 3)]], 4)
    >>> order.numbers_above(), left_out
    ([0, 0, 0, 1], 3)
    """
    order, left_out = Order(n), 0
    for pairs in classes:
        free = order.open(pairs)
        together = order.with_pairs(free)
        sure = [pair for pair in free if not together.has(pair[::-1])]
        order = together if len(sure) == len(free) else order.with_pairs(sure)
        left_out += len(free) - len(sure)
    return order, left_out


@dataclass(frozen=True, slots=True)
class _State:
    """An order, the class at hand, its pairs still open, and those of it that must turn out to be contradicted."""

    order: Order
    number: int
    free: list[Pair]
    refused: list[Pair]


def fewest_above(classes: Sequence[Sequence[Pair]], n: int) -> list[int] | None:
    """The fewest items that stand above each item, over all ways to order equally strong pairs.

    Parameters
    ----------
    classes : sequence of sequences of pairs
        Strongest first.
    n : int
        Number of items.

    Returns
    -------
    list of int, length n, or None
        None where the search was given up after `WORK`.

    Notes
    -----
    Of the pairs of a class that would close circles one is either taken or refused, and what is refused must end
    up contradicted by others: these are all the ways, without repeating those that differ in nothing. A branch
    is dropped where every item already has as many above it as in an order found before.

    Examples
    --------
    >>> fewest_above([[(0, 1), (1, 2), (2, 0), (0, 3)]], 4)
    [0, 0, 0, 1]
    """
    fewest, seen = [n] * n, set[tuple[int, ...]]()
    todo, left = [_State(Order(n), -1, [], [])], WORK // n
    while todo:
        if not left:
            return None
        left -= 1
        state = todo.pop()
        together = state.order.with_pairs(state.free)
        if not all(together.has(pair[::-1]) for pair in state.refused):
            continue
        circling = [pair for pair in state.free if together.has(pair[::-1])]
        if circling:
            sure = state.order.with_pairs(set(state.free).difference(circling))
            todo += _branches(sure, circling, state)
            continue
        order, number, free = _until_choice(together, state.number, classes)
        above = order.numbers_above()
        if all(have >= least for have, least in zip(above, fewest, strict=True)):
            continue
        key = (number, *order.below)
        if number == len(classes):
            fewest = list(map(min, fewest, above))
        elif key not in seen:
            seen.add(key)
            todo.append(_State(order, number, free, []))
    return fewest


def _branches(sure: Order, circling: list[Pair], state: _State) -> Iterator[_State]:
    """Without the first of the circling pairs, and with it."""
    chosen, others = circling[0], circling[1:]
    yield _State(sure, state.number, others, [*state.refused, chosen])
    taken = sure.with_pairs([chosen])
    yield _State(taken, state.number, taken.open(others), state.refused)


def _until_choice(order: Order, number: int, classes: Sequence[Sequence[Pair]]) -> tuple[Order, int, list[Pair]]:
    """The order after the classes that leave no choice, and the first that leaves one with its open pairs."""
    for following in range(number + 1, len(classes)):
        free = order.open(classes[following])
        together = order.with_pairs(free)
        if any(together.has(pair[::-1]) for pair in free):
            return order, following, free
        order = together
    return order, len(classes), []
