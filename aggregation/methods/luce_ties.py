"""The likelihood of the Plackett-Luce model with ties as outcomes of their own (Davidson-Luce)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.methods.worth_numbers import rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.luce_ballots import DistinctBallots
    from aggregation.profile import Unranked

# Choice sets handled at a time.
BLOCK = 1_024


class TiedChoices:
    """Choices of one item or of several that are tied, from what is left of a ballot.

    A tier C of t items is chosen from the items A that are left with a chance proportional to the parameter of its
    size times the geometric mean of its worths: ``delta_t * prod(worth of C) ** (1 / t)``, among all subsets of A
    of the sizes that occur in the ballots; ``delta_1 = 1``. The sum over all subsets of a size is an elementary
    symmetric polynomial of the t-th roots of the worths; it is added up item by item, so that ties of any size are
    exact. Choices of a single item from itself are none. Items that are unranked and last are not chosen.

    Parameters are the log-worths and then the log of delta for each of `sizes` but 1.

    References
    ----------
    H. L. Turner, J. van Etten, D. Firth, I. Kosmidis, Modelling rankings in R: the PlackettLuce package,
    Computational Statistics 35 (2020) 1027-1057.
    """

    def __init__(self, ballots: DistinctBallots, unranked: Unranked) -> None:
        levels, weights = ballots.levels.astype(np.int64), ballots.weights
        m = self.n_items = levels.shape[1]
        sets, chosen, heard = [], [], []
        for level in range(1, int(levels.max(initial=0)) + 1):
            left = (levels >= level) | ((levels == 0) if unranked == "last" else False)
            tier = levels == level
            counted = tier.any(axis=1) & (left.sum(axis=1) > 1)
            sets.append(left[counted])
            chosen.append(tier[counted])
            heard.append(weights[counted])
        self._left, self._chosen = (np.concatenate([*each, np.zeros((0, m), bool)]) for each in (sets, chosen))
        self._heard = np.concatenate([*heard, np.zeros(0)])
        self._tied = self._chosen.sum(axis=1)
        self.sizes = [1, *sorted({int(size) for size in self._tied} - {1})]
        self.size = m + len(self.sizes) - 1
        self.observed = np.concatenate(
            [
                (self._heard / self._tied) @ self._chosen,
                [self._heard[self._tied == size].sum() for size in self.sizes[1:]],
            ]
        )
        self._sets, row = np.unique(self._left, axis=0, return_inverse=True)
        self._say = np.bincount(row.ravel(), weights=self._heard, minlength=len(self._sets))

    @property
    def precedes(self) -> NDArray[np.bool_]:
        """Whether i was chosen while j was left and not chosen; shape (n_items, n_items)."""
        passed = self._left & ~self._chosen
        return np.asarray((self._chosen.astype(np.float64).T @ passed) > 0)

    @property
    def sizes_follow(self) -> NDArray[np.bool_]:
        """Whether size i was chosen where size j was possible; shape (n_sizes, n_sizes)."""
        possible = self._left.sum(axis=1)[:, None] >= np.array(self.sizes)
        taken = self._tied[:, None] == np.array(self.sizes)
        return np.asarray((taken.astype(np.float64).T @ possible) > 0)

    def further(self, x: NDArray[np.float64]) -> dict[str, Any]:
        """The parameter of each size of tie, by size."""
        deltas = rounded(np.exp(x[self.n_items :]).tolist())
        return {"tie_parameters": dict(zip(map(str, self.sizes[1:]), deltas, strict=True))}

    def evaluate(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The mean log-likelihood of a ballot, and the expected statistics."""
        top = x[: self.n_items].max()
        value, expected = float(self.observed @ x), np.zeros(self.size)
        for start in range(0, len(self._sets), BLOCK):
            say = self._say[start : start + BLOCK]
            total, items, sizes = _Sets(self._sets[start : start + BLOCK], self.sizes).chances(self._weights(x, top))
            value -= float(say @ (np.log(total) + top))
            means = sum(part / size for part, size in zip(items, self.sizes, strict=True))
            expected[: self.n_items] += means @ say
            expected[self.n_items :] += sizes[1:] @ say
        return value, expected

    def information(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minus the second derivatives of the value, shape (size, size)."""
        m = self.n_items
        matrix = np.zeros((self.size, self.size))
        weights = self._weights(x, x[:m].max())
        for start in range(0, len(self._sets), BLOCK):
            say = self._say[start : start + BLOCK]
            sets = _Sets(self._sets[start : start + BLOCK], self.sizes)
            total, items, sizes = sets.chances(weights)
            means = sum(part / size for part, size in zip(items, self.sizes, strict=True))
            statistics = np.concatenate([means, sizes[1:]])
            matrix -= (statistics * say) @ statistics.T
            matrix[:m, :m] += sets.pairs(weights, say / total)
            for place, size in enumerate(self.sizes):
                matrix[np.arange(m), np.arange(m)] += items[place] @ say / size**2
                if place:
                    column = m + place - 1
                    matrix[:m, column] += items[place] @ say / size
                    matrix[column, :m] += items[place] @ say / size
                    matrix[column, column] += sizes[place] @ say
        return matrix

    def _weights(self, x: NDArray[np.float64], top: float) -> list[tuple[NDArray[np.float64], float]]:
        """For each size its roots of the worths and its delta; worths divided by exp(top)."""
        logs = [0.0, *x[self.n_items :].tolist()]
        roots = [np.exp((x[: self.n_items] - top) / size) for size in self.sizes]
        return list(zip(roots, np.exp(logs).tolist(), strict=True))


class _Sets:
    """Sums over the subsets of given sizes of some sets of items."""

    def __init__(self, sets: NDArray[np.bool_], sizes: list[int]) -> None:
        self._inside = np.ascontiguousarray(sets.T.astype(np.float64))
        self._sizes = sizes
        self._tables: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []

    def chances(
        self, weights: list[tuple[NDArray[np.float64], float]]
    ) -> tuple[NDArray[np.float64], list[NDArray[np.float64]], NDArray[np.float64]]:
        """The sum over all subsets, shape (n,); the chance of each item in a subset of each size, and of each size.

        Shapes of the latter: a list over sizes of (n_items, n), and (n_sizes, n).
        """
        m = len(self._inside)
        sums, items = [], []
        for size, (roots, delta) in zip(self._sizes, weights, strict=True):
            values = self._inside * roots[:, None]
            before = _running(values, size)
            self._tables.append((values, before))
            sums.append(delta * before[m, size])
            items.append(delta * values * _without_each(values, before[:m, :size]))
        total = np.sum(sums, axis=0)
        return total, [each / total for each in items], np.array(sums) / total

    def pairs(self, weights: list[tuple[NDArray[np.float64], float]], say: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum over subsets with both of two items of say / size^2, shape (n_items, n_items), diagonal 0."""
        m = len(self._inside)
        matrix = np.zeros((m, m))
        for size, (_, delta), (values, before) in zip(self._sizes, weights, self._tables, strict=True):
            if size == 1:
                continue
            after = _running(values[::-1], size)[::-1]
            for i in range(m - 1):
                between = before[i, : size - 1].copy()
                own = say * values[i] * (delta / size**2)
                for j in range(i + 1, m):
                    both = np.einsum("kn,kn->n", between, after[j + 1, size - 2 :: -1][: size - 1])
                    matrix[i, j] += both @ (own * values[j])
                    between[1:] += between[:-1] * values[j]
        return matrix + matrix.T


def _running(values: NDArray[Any], degree: int) -> NDArray[np.float64]:
    """Elementary symmetric polynomials of the first 0, 1, 2, ... of the values, up to a degree.

    Parameters
    ----------
    values : ndarray, shape (m, n)
        Not negative, so that nothing cancels.

    Returns
    -------
    ndarray, shape (m + 1, degree + 1, n)
    """
    m, n = values.shape
    tables = np.empty((m + 1, degree + 1, n))
    tables[0] = 0.0
    tables[:, 0] = 1.0
    for value, fewer, more in zip(values, tables[:-1], tables[1:], strict=True):
        np.multiply(fewer[:-1], value, out=more[1:])
        more[1:] += fewer[1:]
    return tables


def _without_each(values: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum over the subsets of one size of all values but one, for each value; shape (m, n).

    `before[i]` are the polynomials of the values before i, up to that size, shape (size + 1, n).
    """
    without, after = np.empty_like(values), np.zeros_like(before[0])
    after[0] = 1.0
    for i in range(len(values) - 1, -1, -1):
        without[i] = np.einsum("kn,kn->n", before[i], after[::-1])
        after[1:] += after[:-1] * values[i]
    return without
