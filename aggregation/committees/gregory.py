"""A count by the weighted inclusive Gregory method: the surplus of an item is passed on by all of its papers alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aggregation.committees.papers import Tiers
    from aggregation.committees.ties import TieBreaker

Amount = int | Fraction


@dataclass(frozen=True, slots=True)
class Manner:
    """What is particular to a rule that counts this way.

    `passed_on(value, surplus, votes)` is what a paper is worth after a surplus went on; `text` writes an amount;
    `last_transfer`: whether the papers of the last item excluded still go on, though the seats are decided.
    """

    passed_on: Callable[[Any, Any, Any], Amount]
    text: Callable[[Any], str]
    last_transfer: bool


class GregoryCount:
    """The count from the first preferences to the last seat; `order` and `rounds` are its result.

    `opening` holds for each order the value of one of its papers and their number. A paper goes to its first tier
    that has a continuing item, in equal parts to all of these. An item with the quota is elected at the end of the
    stage. Then the largest surplus goes on, one a stage; when there is none, the lowest item is excluded. When as
    many items continue as seats are left, they are elected. What is level is decided by the latest stage at which
    it was not, then by the tie-breaker.
    """

    def __init__(
        self,
        opening: Mapping[Tiers, tuple[Amount, Amount]],
        seats: int,
        quota: Amount,
        manner: Manner,
        ties: TieBreaker,
    ) -> None:
        self.seats, self.quota, self.manner, self.ties = seats, quota, manner, ties
        self.order: list[int] = []
        self.rounds: list[dict[str, Any]] = []
        self.exhausted: Amount = 0
        self.lost: Amount = 0
        self._continuing = set(range(len(ties.items)))
        self._votes: list[Amount] = [0] * len(ties.items)
        self._piles: list[dict[Amount, dict[Tiers, Amount]]] = [{} for _ in ties.items]
        self._surpluses: list[int] = []
        self._history: list[list[Amount]] = []
        self._run(opening)

    def _run(self, opening: Mapping[Tiers, tuple[Amount, Amount]]) -> None:
        parcels: dict[Amount, dict[Tiers, Amount]] = defaultdict(dict)
        for tiers, (value, papers) in opening.items():
            parcels[value][tiers] = papers
        self._close("first preferences", None, self._hand_out(parcels), [])
        while len(self.order) < self.seats:
            if self._surpluses:
                self._pass_on_surplus()
            else:
                self._exclude_lowest()

    def _pass_on_surplus(self) -> None:
        most = max(self._votes[item] for item in self._surpluses)
        level = [item for item in self._surpluses if self._votes[item] == most]
        item = self._decide(level, max, "whose surplus is passed on first")
        self._surpluses.remove(item)
        surplus, votes = most - self.quota, self._votes[item]
        parcels: dict[Amount, dict[Tiers, Amount]] = defaultdict(lambda: defaultdict(int))
        for value, papers in self._piles[item].items():
            for tiers, number in papers.items():
                parcels[self.manner.passed_on(value, surplus, votes)][tiers] += number
        self._votes[item], self._piles[item] = self.quota, {}
        before = self.exhausted
        gains = self._hand_out(parcels)
        self.lost += surplus - sum(gains.values()) - (self.exhausted - before)
        self._close("surplus", item, gains, [])

    def _exclude_lowest(self) -> None:
        least = min(self._votes[item] for item in self._continuing)
        level = [item for item in self._continuing if self._votes[item] == least]
        item = self._decide(level, min, "excluded")
        self._continuing.remove(item)
        gains: dict[int, Amount] = {}
        if self.manner.last_transfer or not self._fill():
            parcels, self._votes[item], self._piles[item] = self._piles[item], 0, {}
            gains = self._hand_out(parcels)
        self._close("exclusion", item, gains, [item])

    def _hand_out(self, parcels: Mapping[Amount, Mapping[Tiers, Amount]]) -> dict[int, Amount]:
        """What each continuing item gains from papers that look for their next."""
        gains: dict[int, Amount] = defaultdict(int)
        for value, papers in parcels.items():
            received: dict[int, Amount] = defaultdict(int)
            for tiers, number in papers.items():
                takers = self._next(tiers)
                if not takers:
                    self.exhausted += value * number
                for taker in takers:
                    part = number if len(takers) == 1 else Fraction(number, len(takers))
                    pile = self._piles[taker].setdefault(value, {})
                    pile[tiers] = pile.get(tiers, 0) + part
                    received[taker] += part
            for taker, number in received.items():
                gains[taker] += value * number
        for taker, gain in gains.items():
            self._votes[taker] += gain
        return gains

    def _next(self, tiers: Tiers) -> list[int]:
        for tier in tiers:
            takers = [item for item in tier if item in self._continuing]
            if takers:
                return takers
        return []

    def _close(self, action: str, of: int | None, gains: Mapping[int, Amount], excluded: list[int]) -> None:
        """Ends a stage: keeps its votes, elects, writes it down."""
        self._history.append(list(self._votes))
        with_quota = self._in_order([item for item in self._continuing if self._votes[item] >= self.quota])
        self._elect(with_quota)
        self._surpluses += [item for item in with_quota if self._votes[item] > self.quota]
        without = self._in_order(list(self._continuing)) if self._fill() else []
        self._elect(without)
        name, text = self.ties.items, self.manner.text
        self.rounds.append(
            {
                "stage": len(self._history),
                "action": action,
                "of": None if of is None else name[of],
                "transfers": {name[item]: text(gains[item]) for item in sorted(gains)},
                "votes": {name[item]: text(votes) for item, votes in enumerate(self._votes)},
                "exhausted": text(self.exhausted),
                "lost": text(self.lost),
                "elected": [name[item] for item in with_quota + without],
                "without_quota": [name[item] for item in without],
                "excluded": [name[item] for item in excluded],
            }
        )

    def _fill(self) -> bool:
        return 0 < len(self._continuing) <= self.seats - len(self.order)

    def _elect(self, items: Sequence[int]) -> None:
        self.order += items
        self._continuing.difference_update(items)

    def _in_order(self, items: list[int]) -> list[int]:
        """The items by votes, most first."""
        ordered: list[int] = []
        while items:
            most = max(self._votes[item] for item in items)
            level = [item for item in items if self._votes[item] == most]
            ordered.append(self._decide(level, max, "elected first"))
            items.remove(ordered[-1])
        return ordered

    def _decide(self, level: list[int], best: Callable[[list[Any]], Any], decided: str) -> int:
        """One of several level items: by the latest stage that tells them apart, else by the tie-breaker."""
        stage = len(self.rounds) + 1
        left = level
        for past in range(len(self._history) - 1, -1, -1):
            wanted = best([self._history[past][item] for item in left])
            left = [item for item in left if self._history[past][item] == wanted]
            if len(left) == 1:
                return self.ties.known(left[0], level, stage, decided, f"the votes at stage {past + 1}")
        return (self.ties.first if best is max else self.ties.last)(left, stage, decided)
