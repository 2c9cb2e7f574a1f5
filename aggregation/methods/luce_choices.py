"""The likelihood of the Plackett-Luce model: a ballot is a first choice, then one among the rest, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.luce_ballots import DistinctBallots
    from aggregation.profile import Unranked

# Cells of the matrix of places handled at a time, so that they stay in the processor's cache.
CELLS = 200_000


class Choices:
    """Strict choices, and ties by Efron's approximation, of all ballots.

    A tier of t items is t choices one after another among the tier and all below it, in each of which every item
    of the tier counts with the chance that it is still there. The tier after which nothing is left is no choice.

    Parameters are the log-worths, shape (n_items,). `observed` and what `evaluate` expects are the number of
    times each item was chosen, in shares of the say.
    """

    def __init__(self, ballots: DistinctBallots, unranked: Unranked) -> None:
        m = ballots.levels.shape[1]
        rows = max(1, CELLS // m)
        self.n_items = self.size = m
        self._blocks = [
            _Block.of(ballots.levels[start : start + rows], ballots.weights[start : start + rows], unranked)
            for start in range(0, len(ballots.levels), rows)
        ]
        self.observed = np.zeros(m)
        for block in self._blocks:
            self.observed += block.chosen()

    @property
    def precedes(self) -> NDArray[np.bool_]:
        """Pairs of which all of "i was chosen while j was there" follow by steps; shape (n_items, n_items)."""
        above = np.zeros((self.n_items + 1, self.n_items + 1), dtype=bool)
        for block in self._blocks:
            block.mark(above)
        return above[:-1, :-1]

    @property
    def sizes_follow(self) -> NDArray[np.bool_]:
        """As in `TiedChoices`: a choice is always of one item."""
        return np.ones((1, 1), dtype=bool)

    def further(self, x: NDArray[np.float64]) -> dict[str, Any]:  # noqa: ARG002 - every likelihood is asked alike
        """Nothing: there are no parameters but worths."""
        return {}

    def evaluate(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The mean log-likelihood of a ballot, and how often each item would be chosen."""
        top = x.max()
        worths = np.append(np.exp(x - top), 0.0)
        value, expected = float(self.observed @ (x - top)), np.zeros(self.n_items)
        for block in self._blocks:
            available = block.available(worths)
            value -= float((block.heard * np.log(available)).sum())
            expected += block.gather(block.spread(block.heard / available, block.share))
        return value, expected * worths[:-1]

    def information(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minus the second derivatives of the value, shape (n_items, n_items)."""
        worths = np.append(np.exp(x - x.max()), 0.0)
        together = np.zeros((self.n_items, self.n_items))
        for block in self._blocks:
            block.add_pairs(together, worths)
        together = np.triu(together) + np.triu(together, 1).T
        together *= -np.outer(worths[:-1], worths[:-1])
        np.fill_diagonal(together, np.diag(together) + self.evaluate(x)[1])
        return together


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some ballots, best place first: arrays of shape (n_items, n_rows), a row of them a place.

    order : the item at each place; the number of items where there is none;
    heard : the ballot's weight where its item was chosen, 0 elsewhere;
    share : None without ties, else the part of the tier's worth that earlier items of it have taken away;
    start, end : without ties unused, else the flat index of the first place of the tier and of the one after it.
    """

    order: NDArray[np.intp]
    heard: NDArray[np.float64]
    tier: NDArray[Any]
    share: NDArray[np.float64] | None
    start: NDArray[np.intp]
    end: NDArray[np.intp]

    @classmethod
    def of(cls, levels: NDArray[Any], weights: NDArray[np.float64], unranked: Unranked) -> _Block:
        # Level 0 wraps around to the largest number: unranked items stand last.
        keys = levels - levels.dtype.type(1)
        order = np.ascontiguousarray(np.argsort(keys, axis=1, kind="stable").T)
        tier = np.take_along_axis(levels.T, order, axis=0)
        m, n = order.shape
        ranked = tier > 0
        left = np.count_nonzero(ranked, axis=0) if unranked == "absent" else np.full(n, m)
        new = np.ones((m, n), dtype=bool)
        new[1:] = tier[1:] != tier[:-1]
        places = np.arange(m)[:, None]
        start = np.maximum.accumulate(np.where(new, places, 0), axis=0)
        last = np.ones((m, n), dtype=bool)
        last[:-1] = new[1:]
        end = np.minimum.accumulate(np.where(last, places + 1, m)[::-1], axis=0)[::-1]
        heard = (ranked & (end < left)) * weights
        if unranked == "absent":
            order[~ranked] = m
        tied = ((end - start > 1) & (heard > 0)).any()
        share = (places - start) / (end - start) if tied else None
        column = np.arange(n)
        return cls(order, heard, tier, share, start * n + column, end * n + column)

    def chosen(self) -> NDArray[np.float64]:
        """How much of the say chose each item."""
        return self.gather(self.heard)

    def mark(self, above: NDArray[np.bool_]) -> None:
        """Each place against the one before; what is left over against the last that was chosen; ties both ways."""
        places = np.arange(len(self.order))[:, None]
        final = np.count_nonzero(self.heard, axis=0) - 1
        before = np.minimum(places[1:] - 1, final)
        some = before >= 0
        upper = np.take_along_axis(self.order, np.maximum(before, 0), axis=0)
        lower = self.order[1:]
        above[upper[some], lower[some]] = True
        tied = some & (np.take_along_axis(self.tier, np.maximum(before, 0), axis=0) == self.tier[1:])
        above[lower[tied], upper[tied]] = True

    def available(self, worths: NDArray[np.float64]) -> NDArray[np.float64]:
        """The worth of all that could be chosen at each place, 1 more where nothing was chosen."""
        left = np.add.accumulate(worths.take(self.order)[::-1], axis=0)[::-1]
        if self.share is not None:
            more = np.append(left.ravel(), np.zeros(left.shape[1]))
            left = (1 - self.share) * more[self.start] + self.share * more[self.end]
        # Where nothing was chosen there may be nothing to choose from; it is not heard.
        return np.asarray(left + (self.heard == 0))

    def spread(self, amount: NDArray[np.float64], share: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Each choice's amount, added to all items that it could have gone to: those of its tier and below.

        Items of the choice's own tier get `1 - share` of it.
        """
        if share is None:
            return np.cumsum(amount, axis=0)
        size = amount.size + amount.shape[1]
        given = np.bincount(self.start.ravel(), weights=(amount * (1 - share)).ravel(), minlength=size)
        given += np.bincount(self.end.ravel(), weights=(amount * share).ravel(), minlength=size)
        return np.cumsum(given[: amount.size].reshape(amount.shape), axis=0)

    def gather(self, by_place: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums by item of what stands at its places."""
        m = len(self.order)
        sums = np.bincount(self.order.ravel(), weights=by_place.ravel(), minlength=m + 1)
        return np.asarray(sums[:m], dtype=np.float64)

    def add_pairs(self, together: NDArray[np.float64], worths: NDArray[np.float64]) -> None:
        """Adds, for items i <= j, the sum over choices among both of weight / available^2.

        Both are there for as long as the higher is: the smaller of two running sums.
        """
        m, n = self.order.shape
        amount = self.heard / self.available(worths) ** 2
        reach = self._by_item(self.spread(amount, self.share))
        for i in range(m):
            together[i, i:] += np.minimum(reach[i], reach[i:m]).sum(axis=1)
        if self.share is None:
            return
        within = self._by_item(self.spread(amount, 1 - (1 - self.share) ** 2)) - reach
        tier = np.zeros((m + 1, n), dtype=self.tier.dtype)
        np.put_along_axis(tier, self.order, self.tier, axis=0)
        for i in range(m):
            together[i, i:] += (within[i] * (tier[i] == tier[i:m])).sum(axis=1)

    def _by_item(self, by_place: NDArray[np.float64]) -> NDArray[np.float64]:
        m, n = self.order.shape
        by_item = np.zeros((m + 1, n))
        np.put_along_axis(by_item, self.order, by_place, axis=0)
        by_item[m] = 0
        return by_item
