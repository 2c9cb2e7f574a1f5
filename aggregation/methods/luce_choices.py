"""The likelihood of the Plackett-Luce model: a ballot is a first choice, then one among the rest, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
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
        self._room = np.empty((2, max((block.order.size for block in self._blocks), default=0)))
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
            available, room = self._tables(block)
            block.available(worths, out=available)
            value -= float(np.einsum("ij,ij->", block.heard, np.log(available, out=room)))
            expected += block.gather(block.spread(np.divide(block.heard, available, out=room)))
        return value, expected * worths[:-1]

    def information(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minus the second derivatives of the value, shape (n_items, n_items)."""
        worths = np.append(np.exp(x - x.max()), 0.0)
        together = np.zeros((self.n_items, self.n_items))
        for block in self._blocks:
            block.add_pairs(together, worths, *self._tables(block))
        together = np.triu(together) + np.triu(together, 1).T
        together *= -np.outer(worths[:-1], worths[:-1])
        np.fill_diagonal(together, np.diag(together) + self.evaluate(x)[1])
        return together

    def _tables(self, block: _Block) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Two tables to work in: fresh memory for every step would cost more than the step."""
        first, second = self._room[:, : block.order.size].reshape(2, *block.order.shape)
        return first, second


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some ballots, best place first: arrays of shape (n_items, n_rows), a row of them a place.

    order : the item at each place; the number of items where there is none;
    tier : the tier at each place, 0 for unranked;
    heard : the ballot's weight where its item was chosen, 0 elsewhere;
    ties : None where no two are chosen together;
    full : whether there is an item at every place.
    """

    order: NDArray[np.intp]
    tier: NDArray[Any]
    heard: NDArray[np.float64]
    ties: _Ties | None
    full: bool

    @classmethod
    def of(cls, levels: NDArray[Any], weights: NDArray[np.float64], unranked: Unranked) -> _Block:
        # Level 0 wraps around to the largest number: unranked items stand last.
        keys = levels - levels.dtype.type(1)
        order = np.ascontiguousarray(np.argsort(keys, axis=1, kind="stable").T)
        tier = np.take_along_axis(levels.T, order, axis=0)
        last = tier.max(axis=0) if unranked == "absent" else tier[-1]
        chosen = (tier > 0) & (tier != last)
        if unranked == "absent":
            order[tier == 0] = len(order)
        full = unranked == "last" or bool(tier.all())
        tied = (chosen[1:] & (tier[1:] == tier[:-1])).any()
        return cls(order, tier, chosen * weights, _Ties.of(tier) if tied else None, full)

    def chosen(self) -> NDArray[np.float64]:
        """How much of the say chose each item."""
        return self.gather(self.heard)

    def mark(self, above: NDArray[np.bool_]) -> None:
        """Each place that was chosen before the next; what is left over below the last of these; ties both ways."""
        chosen = self.heard > 0
        upper, lower, step = self.order[:-1], self.order[1:], chosen[:-1]
        above[upper[step], lower[step]] = True
        final = np.count_nonzero(chosen, axis=0) - 1
        place, row = np.nonzero((np.arange(len(chosen))[:, None] > final + 1) & (final >= 0))
        above[self.order[final[row], row], self.order[place, row]] = True
        if self.ties is not None:
            tied = chosen[1:] & (self.tier[1:] == self.tier[:-1])
            above[lower[tied], upper[tied]] = True

    def available(self, worths: NDArray[np.float64], out: NDArray[np.float64]) -> NDArray[np.float64]:
        """The worth of all that could be chosen at each place, 1 more where nothing was chosen; in `out`."""
        left = np.take(worths, self.order, out=out, mode="clip")
        # Adding row to row is several times as fast as numpy's running sum along the first axis.
        for below, place in pairwise(left[::-1]):
            np.add(place, below, out=place)
        if self.ties is not None:
            left[:] = self.ties.shared(left)
        # Where nothing was chosen there may be nothing to choose from; it is not heard.
        left += self.heard == 0
        return left

    def spread(self, amount: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each choice's amount, added to all items that it could have gone to, in place: those of its tier and below.

        Items of its own tier get the part of it with which they counted as still there.
        """
        if self.ties is not None:
            amount = self.ties.given(amount, self.ties.gone)
        return _summed_down(amount)

    def gather(self, by_place: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums by item of what stands at its places."""
        m = len(self.order)
        sums = np.bincount(self.order.ravel(), weights=by_place.ravel(), minlength=m + 1)
        return np.asarray(sums[:m], dtype=np.float64)

    def add_pairs(
        self,
        together: NDArray[np.float64],
        worths: NDArray[np.float64],
        amount: NDArray[np.float64],
        room: NDArray[np.float64],
    ) -> None:
        """Adds, for items i <= j, the sum over choices among both of weight / available^2.

        Both are there for as long as the higher is: the smaller of two running sums.
        """
        m = len(self.order)
        self.available(worths, out=amount)
        np.divide(self.heard, np.square(amount, out=amount), out=amount)
        within = None if self.ties is None else _summed_down(self.ties.given(amount, 1 - (1 - self.ties.gone) ** 2))
        reach = self._by_item(self.spread(amount), out=room)
        for i in range(m):
            np.minimum(reach[i], reach[i:m], out=amount[i:])
            together[i, i:] += amount[i:].sum(axis=1)
        if within is None:
            return
        within = self._by_item(within, out=np.empty_like(amount)) - reach
        tier = self._by_item(self.tier, out=np.empty_like(self.tier))
        for i in range(m):
            together[i, i:] += np.einsum("jn,n->j", tier[i] == tier[i:m], within[i])

    def _by_item(self, by_place: NDArray[Any], out: NDArray[Any]) -> NDArray[Any]:
        """What stands at each item's place, a row an item; 0 for items that a ballot does not rank; in `out`."""
        rows = np.arange(self.order.shape[1])
        out[:] = 0
        if self.full:
            out[self.order, rows] = by_place
        else:
            place, row = np.nonzero(self.order < len(out))
            out[self.order[place, row], row] = by_place[place, row]
        return out


def _summed_down(amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running sums from the first row down, in place."""
    for above, row in pairwise(amounts):
        np.add(row, above, out=row)
    return amounts


@dataclass(frozen=True, slots=True, eq=False)
class _Ties:
    """Tiers of several items as choices one after another, of nobody knows which first.

    start, end : the flat index of the first place of each place's tier and of the first after it;
    gone : the part of the tier that has been chosen before, 0 for the first of it.
    """

    start: NDArray[np.intp]
    end: NDArray[np.intp]
    gone: NDArray[np.float64]

    @classmethod
    def of(cls, tier: NDArray[Any]) -> _Ties:
        m, n = tier.shape
        new = np.ones((m + 1, n), dtype=bool)
        new[1:m] = tier[1:] != tier[:-1]
        places = np.arange(m)[:, None]
        start = np.maximum.accumulate(np.where(new[:m], places, 0), axis=0)
        end = np.minimum.accumulate(np.where(new[1:], places + 1, m)[::-1], axis=0)[::-1]
        column = np.arange(n)
        return cls(start * n + column, end * n + column, (places - start) / (end - start))

    def shared(self, left: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is left at each place, counting of its tier the part not chosen before."""
        flat = np.append(left.ravel(), np.zeros(left.shape[1]))
        return np.asarray((1 - self.gone) * flat[self.start] + self.gone * flat[self.end])

    def given(self, amount: NDArray[np.float64], kept: NDArray[np.float64]) -> NDArray[np.float64]:
        """Amounts moved to where they begin to count: `kept` of each after its tier, the rest at its first place."""
        size = amount.size + amount.shape[1]
        given = np.bincount(self.start.ravel(), weights=(amount * (1 - kept)).ravel(), minlength=size)
        given += np.bincount(self.end.ravel(), weights=(amount * kept).ravel(), minlength=size)
        return np.asarray(given[: amount.size].reshape(amount.shape))
