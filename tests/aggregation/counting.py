"""Rules of choice a second time, ballot by ballot from their definitions, to hold the library's counts to."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, permutations, product
from typing import TYPE_CHECKING

from tests.aggregation.strategies import voices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregation import Profile

Ballot = tuple[list[int], Fraction]
CLOSE = 1e-5


def ballots_of(profile: Profile) -> list[Ballot]:
    """Ranks and votes of each ballot that ranks something."""
    pairs = zip(profile.ranks.tolist(), voices(profile), strict=True)
    return [(ranks, votes) for ranks, votes in pairs if any(ranks)]


def gregory_by_ballot(profile: Profile, seats: int) -> list[int]:
    """The order of election by the weighted inclusive Gregory method; every ballot knows what it gives to whom."""
    ballots = ballots_of(profile)
    quota = sum((votes for _, votes in ballots), Fraction(0)) // (seats + 1) + 1
    continuing, order = set(range(profile.n_items)), list[int]()
    gives = [dict.fromkeys(continuing, Fraction(0)) for _ in ballots]

    def pass_on(number: int, amount: Fraction) -> None:
        ranks = ballots[number][0]
        alive = [item for item in continuing if ranks[item]]
        first = [item for item in alive if ranks[item] == min(ranks[other] for other in alive)]
        for item in first:
            gives[number][item] += amount / len(first)

    def votes(item: int) -> Fraction:
        return sum((given[item] for given in gives), Fraction(0))

    def elect(items: set[int]) -> None:
        order.extend(sorted(items, key=votes, reverse=True))
        continuing.difference_update(items)

    for number, (_, all_of_it) in enumerate(ballots):
        pass_on(number, all_of_it)
    waiting: set[int] = set()
    while True:
        reached = {item for item in continuing if votes(item) >= quota}
        waiting |= {item for item in reached if votes(item) > quota}
        elect(reached)
        if len(order) + len(continuing) <= seats or len(order) == seats:
            elect(continuing.copy() if len(order) < seats else set())
            return order
        if waiting:
            mover = max(waiting, key=votes)
            waiting.remove(mover)
            part = 1 - quota / votes(mover)
        else:
            mover = min(continuing, key=votes)
            continuing.remove(mover)
            part = Fraction(1)
        for number, given in enumerate(gives):
            moved = given[mover] * part
            given[mover] -= moved
            pass_on(number, moved)


def strict_orders(profile: Profile) -> Iterator[tuple[tuple[int, ...], float]]:
    """Every ballot as all strict orders that its ties allow, its votes divided among them."""
    for ranks, votes in ballots_of(profile):
        levels = sorted({rank for rank in ranks if rank})
        tiers = [[item for item, rank in enumerate(ranks) if rank == level] for level in levels]
        orders = [tuple(chain(*each)) for each in product(*(list(permutations(tier)) for tier in tiers))]
        for order in orders:
            yield order, float(votes / len(orders))


def meek_by_floats(profile: Profile, seats: int) -> set[int] | None:
    """The items elected by Meek's method; None where a decision is too close for floats."""
    orders = list(strict_orders(profile))
    hopeful, elected = set(range(profile.n_items)), set[int]()
    keep = dict.fromkeys(hopeful, 1.0)
    while len(elected) < seats and len(elected) + len(hopeful) > seats:
        votes, quota = settled(orders, keep, elected, seats)
        if any(abs(votes[item] - quota) < CLOSE for item in hopeful):
            return None
        reached = {item for item in hopeful if votes[item] > quota}
        if not reached:
            lowest, *others = sorted(hopeful, key=votes.__getitem__)
            if any(votes[other] - votes[lowest] < CLOSE for other in others):
                return None
            hopeful.remove(lowest)
            keep[lowest] = 0.0
        elected |= reached
        hopeful -= reached
    return elected if len(elected) == seats else elected | hopeful


def settled(
    orders: list[tuple[tuple[int, ...], float]], keep: dict[int, float], elected: set[int], seats: int
) -> tuple[dict[int, float], float]:
    """Votes and quota once every elected item keeps just the quota; `keep` is changed until this is so."""
    while True:
        votes = dict.fromkeys(keep, 0.0)
        for order, weight in orders:
            left = weight
            for item in order:
                votes[item] += left * keep[item]
                left *= 1 - keep[item]
        quota = sum(votes.values()) / (seats + 1)
        if all(votes[item] - quota < 1e-9 * max(quota, 1) for item in elected):
            return votes, quota
        for item in elected:
            keep[item] *= quota / votes[item]


def place(ranks: list[int], item: int, unranked: str) -> int | None:
    """One more than the number of items above; None where the ballot says nothing about the item."""
    if ranks[item]:
        return 1 + sum(0 < other < ranks[item] for other in ranks)
    return 1 + sum(map(bool, ranks)) if unranked == "last" else None


def expanding_by_ballot(profile: Profile, seats: int) -> list[int]:
    """The order of choice by the Expanding Approvals Rule, with a purse for every ballot."""
    ballots = ballots_of(profile)
    m, purse = profile.n_items, [votes for _, votes in ballots]
    even = sum(purse, Fraction(0)) / (seats + 1)
    quota = even + (even // 1 + 1 - even) / (m + 1)
    places = [[place(ranks, item, profile.unranked) for item in range(m)] for ranks, _ in ballots]
    placed = [
        [sum(v for (_, v), ps in zip(ballots, places, strict=True) if ps[item] == p) for p in range(1, m + 1)]
        for item in range(m)
    ]
    order: list[int] = []
    for depth in [*range(1, m + 1), *[m] * seats]:
        while len(order) < seats:
            fans = {
                i: [b for b, p in enumerate(places) if (p[i] or m + 1) <= depth] for i in range(m) if i not in order
            }
            money = {item: sum((purse[b] for b in behind), Fraction(0)) for item, behind in fans.items()}
            rich = [item for item in money if money[item] >= quota]
            if rich:
                chosen = max(rich, key=placed.__getitem__)
            elif depth == m and not rich:
                chosen = max(money, key=lambda item: (money[item], placed[item]))
            else:
                break
            rate = 1 - min(quota, money[chosen]) / money[chosen] if money[chosen] else Fraction(0)
            for b in fans[chosen]:
                purse[b] *= rate
            order.append(chosen)
    return order


def phragmen_by_money(profile: Profile, seats: int, r: int) -> list[int]:
    """The order of purchase when every vote earns one a day, and supporters who together have one buy the item."""
    people = [
        ({i for i in range(profile.n_items) if (place(ranks, i, "absent") or r + 1) <= r}, votes)
        for ranks, votes in ballots_of(profile)
    ]
    saved, order = [Fraction(0) for _ in people], list[int]()
    while len(order) < seats:
        days = {}
        for item in set(range(profile.n_items)).difference(order):
            votes = sum(v for likes, v in people if item in likes)
            if votes:
                days[item] = (1 - sum(s for s, (likes, _) in zip(saved, people, strict=True) if item in likes)) / votes
        if not days:
            (last,) = set(range(profile.n_items)).difference(order)
            order.append(last)
            continue
        bought = min(days, key=days.__getitem__)
        saved = [
            Fraction(0) if bought in likes else money + votes * days[bought]
            for money, (likes, votes) in zip(saved, people, strict=True)
        ]
        order.append(bought)
    return order
