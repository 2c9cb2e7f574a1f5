"""Meek's count in whole numbers: amounts in billionths of a vote, rounded as the reference rule rounds them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import factorial, lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aggregation.committees.papers import Papers
    from aggregation.committees.ties import TieBreaker

ONE = 10**9
# The surplus in all, in billionths of a vote, below which the keep factors are taken to have settled.
OMEGA = 1_000


class MeekCount:
    """The count from the first round to the last seat; `order`, `rounds`, `quota` and `exhausted` are its result.

    Every item has a keep factor: the part of each vote that reaches it which it keeps. It is 1 while the item is
    hopeful, 0 once it is excluded; that of an elected item is lowered until it keeps just the quota. Where votes are
    parts of a say, they are counted in units of their common denominator, so that nothing but the rounding of the
    reference rule is rounded.
    """

    def __init__(self, papers: Papers, seats: int, ties: TieBreaker) -> None:
        self.seats, self.ties = seats, ties
        self.order: list[int] = []
        self.rounds: list[dict[str, Any]] = []
        self._hopeful = set(range(len(ties.items)))
        self._keep = [ONE] * len(ties.items)
        self._per_vote = lcm(*(votes.denominator for votes in papers.votes.values()))
        self._papers = [(tiers, int(votes * self._per_vote)) for tiers, votes in papers.votes.items()]
        self._all = sum(number for _, number in self._papers) * ONE
        self._run()

    @property
    def deciding_stage(self) -> int:
        """The stage at which the last seat was decided; that it is then filled is a stage of its own."""
        filled = self.rounds[-1]["action"] == "last seats"
        return len(self.rounds) - int(filled)

    @property
    def exhausted(self) -> Fraction:
        """The votes that no item keeps, at the end; never below 0, whatever was rounded up."""
        return max(Fraction(0), Fraction(self._all - sum(self._votes), self._per_vote * ONE))

    def _run(self) -> None:
        while len(self.order) < self.seats and len(self.order) + len(self._hopeful) > self.seats:
            elected, iterations = self._iterate()
            excluded = [] if elected else [self._lowest()]
            self._write("election" if elected else "exclusion", iterations, elected, [], excluded)
            self._exclude(excluded)
        if len(self.order) < self.seats:
            self._distribute()
            rest = self._in_order(self._hopeful)
            self._elect(rest)
            self._write("last seats", 1, rest, rest, [])

    def _iterate(self) -> tuple[list[int], int]:
        """Keep factors until an item is elected or they have settled: those elected, and how often it was counted."""
        surpluses: list[int] = []
        while True:
            self._distribute()
            quota = self.quota * self._per_vote
            elected = self._in_order({item for item in self._hopeful if self._votes[item] >= quota})
            self._elect(elected)
            self._surplus = max(0, sum(self._votes[item] - quota for item in self.order))
            surpluses.append(self._surplus)
            stuck = any(later >= earlier for earlier, later in pairwise(surpluses[-2:]))
            if elected or self._surplus < OMEGA * self._per_vote or stuck:
                return elected, len(surpluses)
            self._lower_keep_factors()

    def _distribute(self) -> None:
        self._votes = [0] * len(self._keep)
        self._means: dict[tuple[int, tuple[int, ...], int], int] = {}
        kept_by: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for tiers, number in self._papers:
            weight = ONE
            for tier in tiers:
                if tier not in kept_by:
                    kept_by[tier] = list(self._parts(tier))
                before = weight
                for item, part in kept_by[tier]:
                    kept = _up(before * part, ONE)
                    self._votes[item] += kept * number
                    weight -= kept
                if weight <= 0:
                    break
        self.quota = sum(self._votes) // (self._per_vote * (self.seats + 1)) + 1

    def _parts(self, tier: Collection[int]) -> Iterator[tuple[int, int]]:
        """What each item of a tier keeps of a vote that reaches it, the mean over all orders of the tier."""
        keeps = {item: self._keep[item] for item in tier if self._keep[item]}
        lowered = sorted(keep for keep in keeps.values() if keep < ONE)
        full = len(keeps) - len(lowered)
        part = {keep: self._mean_kept(keep, _without(lowered, keep), full) for keep in lowered}
        if full:
            part[ONE] = self._mean_kept(ONE, tuple(lowered), full - 1)
        for item, keep in keeps.items():
            yield item, part[keep]

    def _mean_kept(self, keep: int, others: tuple[int, ...], full: int) -> int:
        """`mean_kept`, computed once for each count of the votes."""
        key = (keep, others, full)
        if key not in self._means:
            self._means[key] = mean_kept(*key)
        return self._means[key]

    def _lower_keep_factors(self) -> None:
        for item in self.order:
            wanted = _up(self._keep[item] * self.quota, ONE)
            self._keep[item] = _up(wanted * ONE * self._per_vote, self._votes[item])

    def _lowest(self) -> int:
        """The hopeful item with the fewest votes; those above it by no more than the surplus count as level."""
        least = min(self._votes[item] for item in self._hopeful)
        level = [item for item in self._hopeful if self._votes[item] <= least + self._surplus]
        return self.ties.last(level, len(self.rounds) + 1, "excluded")

    def _exclude(self, items: list[int]) -> None:
        self._hopeful.difference_update(items)
        for item in items:
            self._keep[item] = 0

    def _elect(self, items: list[int]) -> None:
        self.order += items
        self._hopeful.difference_update(items)

    def _in_order(self, items: Collection[int]) -> list[int]:
        """The items by votes, most first."""
        left, ordered = set(items), []
        while left:
            most = max(self._votes[item] for item in left)
            level = [item for item in left if self._votes[item] == most]
            ordered.append(self.ties.first(level, len(self.rounds) + 1, "elected first"))
            left.remove(ordered[-1])
        return ordered

    def _write(
        self, action: str, iterations: int, elected: list[int], without_quota: list[int], excluded: list[int]
    ) -> None:
        name = self.ties.items
        self.rounds.append(
            {
                "stage": len(self.rounds) + 1,
                "action": action,
                "iterations": iterations,
                "quota": in_billionths(self.quota),
                "votes": {name[i]: in_billionths(Fraction(v, self._per_vote)) for i, v in enumerate(self._votes)},
                "keep": {name[i]: in_billionths(kept) for i, kept in enumerate(self._keep)},
                "exhausted": in_billionths(self.exhausted * ONE),
                "elected": [name[item] for item in elected],
                "without_quota": [name[item] for item in without_quota],
                "excluded": [name[item] for item in excluded],
            }
        )


def in_billionths(amount: Fraction | int) -> str:
    """An amount in billionths as text with nine decimals, what is beyond them cut off: 1500000000 is "1.500000000"."""
    whole = int(amount)
    return f"{whole // ONE}.{whole % ONE:09d}"


def mean_kept(keep: int, others: tuple[int, ...], full: int) -> int:
    """What an item of a tier keeps of a vote, on average over all orders of the tier, rounded up.

    `others` are the keep factors of the tier's other items, but for those that keep all, of which there are `full`.
    Each of the others comes before it when its own even draw from 0 to 1 is lower; given a draw u of the one, each
    lets through 1 - u * keep, so that the mean is the integral over u of the product of these. Those that keep all
    make a power of 1 - u in it; what is left is a polynomial, and u**j (1 - u)**full has the integral
    j! full! / (j + full + 1)!.

    Examples
    --------
    The first of a tie of two that keep one half each: a half when it comes first, else a half of the half let through.

    >>> mean_kept(500_000_000, (500_000_000,), 0), mean_kept(1_000_000_000, (), 1)
    (375000000, 500000000)
    """
    product = [1]
    for other in others:
        product = [ONE * upper - other * lower for upper, lower in zip((*product, 0), (0, *product), strict=True)]
    degree = len(others)
    last = factorial(degree + full + 1)
    integral = sum(
        each * factorial(power) * factorial(full) * (last // factorial(power + full + 1))
        for power, each in enumerate(product)
    )
    return _up(keep * integral, last * ONE**degree)


def _without(keeps: list[int], keep: int) -> tuple[int, ...]:
    place = keeps.index(keep)
    return (*keeps[:place], *keeps[place + 1 :])


def _up(amount: int, divisor: int) -> int:
    return -(-amount // divisor)
