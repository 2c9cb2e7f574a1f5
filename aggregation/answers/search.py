"""The fewest people found by trying, for methods of which no more is known; and what is proved for Copeland's."""

from __future__ import annotations

from itertools import combinations, islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods.places import say_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking

    Changed = dict[int, list[int]]
    Judge = Callable[[Changed], bool]

# How often a method is computed at most in looking for fewer people than a first search found.
MOST_TRIED = 300
# Ballots times pairs beyond which no bound is computed for Copeland's rule.
MOST_PAIRS = 4_000_000


def fewest_found(
    profile: Profile, ranking: Ranking, item: int, k: int, goal: str, at_least: int, judge: Judge
) -> Changed | None:
    """New ballots for the fewest people found, who all answer alike but for those who keep the rest of their order.

    Three ways to answer are tried: the item moved to the end of one's own ballot; besides, the rivals to pass moved
    to the other end; all rivals turned round. People are taken by how far the item is from that end on their ballot.
    """
    people = _by_distance(profile, item, goal)
    answers = [_moved(profile, item, goal), *(_line(line, item, goal) for line in _lines(ranking, item, k, goal))]
    found: Changed | None = None
    for answer in answers:
        better = _smallest(people, answer, judge, len(found) - 1 if found else len(people))
        found = better or found
    return found and _reduced(found, people, answers, at_least, judge)


def _by_distance(profile: Profile, item: int, goal: str) -> list[int]:
    """The people who rank anything, those first whose ballots can be changed most for their say."""
    ranks = profile.ranks.astype(np.int64)
    place = np.where(ranks > 0, ranks, ranks.max() + 1)
    above = (place < place[:, [item]]).sum(axis=1)
    below = (place > place[:, [item]]).sum(axis=1)
    say, _ = say_of(profile)
    reach = say * ((above - below if goal == "in" else below - above) + profile.n_items)
    able = np.flatnonzero(ranks.any(axis=1))
    return [int(each) for each in able[np.argsort(-reach[able], kind="stable")]]


def _moved(profile: Profile, item: int, goal: str) -> Callable[[int], list[int]]:
    ranks = profile.ranks.astype(np.int64)

    def answer(person: int) -> list[int]:
        row = np.unique(ranks[person], return_inverse=True)[1] + (ranks[person].min() > 0)
        row = np.where(ranks[person] > 0, row + 1, 0)
        row[item] = 1 if goal == "in" else row.max() + 1
        return [int(each) for each in row]

    return answer


def _lines(ranking: Ranking, item: int, k: int, goal: str) -> Iterator[list[int]]:
    """Orders of the rivals, best first: those to pass furthest from the item, and all turned round."""
    order = [
        column for tier in ranking.tiers for column in (ranking.items.index(each) for each in tier) if column != item
    ]
    if goal == "in":
        yield [*order[: k - 1], *order[k - 1 :][::-1]]
    else:
        yield [*order[:k][::-1], *order[k:]]
    yield order[::-1]


def _line(line: list[int], item: int, goal: str) -> Callable[[int], list[int]]:
    whole = [item, *line] if goal == "in" else [*line, item]
    ranks = np.zeros(len(whole), dtype=np.int64)
    ranks[whole] = np.arange(1, len(whole) + 1)
    return lambda _person: [int(each) for each in ranks]


def _smallest(people: list[int], answer: Callable[[int], list[int]], judge: Judge, most: int) -> Changed | None:
    """The first so many people for whom this answer suffices, by halving; None where even `most` do not."""

    def changed(count: int) -> Changed:
        return {person: answer(person) for person in people[:count]}

    if most < 1 or not judge(changed(most)):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if judge(changed(middle)) else (middle, high)
    return changed(high)


def _reduced(
    found: Changed, people: list[int], answers: list[Callable[[int], list[int]]], at_least: int, judge: Judge
) -> Changed:
    """Fewer people as long as some set of one fewer is found, within a number of trials."""
    tried = 0
    while len(found) > at_least:
        sets = islice(combinations(people, len(found) - 1), (MOST_TRIED - tried) // len(answers))
        better = None
        for chosen, answer in product(sets, answers):
            tried += 1
            option = {person: answer(person) for person in chosen}
            if judge(option):
                better = option
                break
        if better is None:
            return found
        found = better
    return found


def copeland_bound(profile: Profile, item: int, k: int, goal: str) -> int:
    """So many people at least for Copeland's rule: for every pair of items the best people for it are taken.

    1 where there are too many ballots and pairs to look at.
    """
    n, m = profile.n_ballots, profile.n_items
    if n * m * m > MOST_PAIRS:
        return 1
    ranks = profile.ranks.astype(np.int64)
    place = np.where(ranks > 0, ranks, ranks.max() + 1)
    sign = np.sign(place[:, None, :] - place[:, :, None])
    if profile.unranked == "absent":
        sign *= (ranks[:, None, :] > 0) & (ranks[:, :, None] > 0)
    say = say_of(profile)[0][:, None, None]
    margins = (say * sign).sum(axis=0)
    able = np.asarray(ranks.any(axis=1))[:, None, None]
    up = _best_first(say * (1 - sign) * able)
    needed = m - k if goal == "in" else k
    for people in range(n + 1):
        best = np.sign(margins + up[people])
        high, low = _scores(best), _scores(-best.T)
        passed = [low[i] < high[item] if goal == "in" else high[i] > low[item] for i in range(m) if i != item]
        if passed.count(True) >= needed:
            return people
    return n + 1


def _scores(outcomes: NDArray[Any]) -> list[int]:
    """Pairs won less pairs lost, for each item."""
    return [int(each) for each in outcomes.sum(axis=1) - outcomes.diagonal()]


def _best_first(gains: NDArray[Any]) -> NDArray[Any]:
    """What 0, 1, 2, ... people can add at most, shape (n + 1, m, m)."""
    most = np.sort(gains, axis=0)[::-1].cumsum(axis=0)
    return np.concatenate([np.zeros_like(most[:1]), most])
