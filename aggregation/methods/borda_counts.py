"""Borda's count among some of the items, and rules that take out the lowest and count again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.account import account_of
from aggregation.ranking import Ranking
from aggregation.voices import as_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aggregation.tally import PairwiseTally, SharedSupport


@dataclass(frozen=True, slots=True)
class Round:
    """The items still standing, their Borda scores among themselves, and those of them that go out."""

    standing: tuple[int, ...]
    scores: tuple[Fraction, ...]
    out: tuple[int, ...]


def borda_scores(shared: SharedSupport, standing: Sequence[int]) -> list[Fraction]:
    """The exact Borda score of each of some items, counted among these only.

    A point for each of the others put below, half a point for each level or not compared, times the say.
    """
    among = list(standing)
    net = shared.margins[np.ix_(among, among)].sum(axis=1)
    most = shared.total * (len(among) - 1)
    return [Fraction(most + int(each), 2 * shared.scale) for each in net]


def rounds_of(shared: SharedSupport, n_items: int, outgoing: Callable[[list[Fraction]], list[int]]) -> list[Round]:
    """The rounds of counting among those standing until none goes out, or all would.

    `outgoing` gives, from the scores, the places in the list of those that go out.
    """
    rounds = []
    standing = tuple(range(n_items))
    while True:
        scores = borda_scores(shared, standing)
        out = tuple(standing[place] for place in outgoing(scores))
        if len(out) == len(standing):
            out = ()
        rounds.append(Round(standing, tuple(scores), out))
        if not out:
            return rounds
        standing = tuple(item for item in standing if item not in out)


def by_rounds(tally: PairwiseTally, outgoing: Callable[[list[Fraction]], list[int]], method: str) -> Ranking:
    """The ranking by when items go out, later is better; those that go out together, or never, are tied."""
    items = tally.items
    rounds = rounds_of(tally.shared(), len(items), outgoing)
    groups = [rounds[-1].standing, *(each.out for each in reversed(rounds[:-1]))]
    diagnostics = account_of(tally) | {"rounds": [_as_dict(each, items) for each in rounds]}
    tiers = tuple(tuple(items[i] for i in group) for group in groups)
    return Ranking(items, tiers, None, method, diagnostics)


def _as_dict(each: Round, items: tuple[str, ...]) -> dict[str, Any]:
    return {
        "scores": {items[i]: as_number(score) for i, score in zip(each.standing, each.scores, strict=True)},
        "out": [items[i] for i in each.out],
    }
