"""The likelihood of the Bradley-Terry model: for each two items, who was put above whom how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.methods.luce_ballots import DistinctBallots
    from aggregation.profile import Unranked

BLOCK = 65_536


class PairChoices:
    """Comparisons of two items, a tie counting half to both.

    Parameters are the log-worths, shape (n_items,). `observed` and what `evaluate` expects are the comparisons that
    each item wins, in shares of the say.
    """

    def __init__(self, ballots: DistinctBallots, unranked: Unranked) -> None:
        self.n_items = self.size = ballots.levels.shape[1]
        self.wins = wins_of(ballots, unranked)
        self.observed = self.wins.sum(axis=1)
        self._met = self.wins + self.wins.T

    @property
    def precedes(self) -> NDArray[np.bool_]:
        """Whether i was put above j, or level with it, at least once; shape (n_items, n_items)."""
        return np.asarray(self.wins > 0)

    def further(self, x: NDArray[np.float64]) -> dict[str, Any]:  # noqa: ARG002 - every likelihood is asked alike
        """Nothing: there are no parameters but worths."""
        return {}

    def evaluate(self, x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The mean log-likelihood of a ballot's comparisons, and the wins expected of each item."""
        losses = np.logaddexp(0, x - x[:, None])
        return -float((self.wins * losses).sum()), (self._met * np.exp(-losses)).sum(axis=1)

    def information(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minus the second derivatives of the value, shape (n_items, n_items)."""
        losses = np.logaddexp(0, x - x[:, None])
        matrix: NDArray[np.float64] = -self._met * np.exp(-losses - losses.T)
        np.fill_diagonal(matrix, 0.0)
        np.fill_diagonal(matrix, -matrix.sum(axis=1))
        return matrix


def wins_of(ballots: DistinctBallots, unranked: Unranked) -> NDArray[np.float64]:
    """How much of the say puts i above j, and half of what puts them level; shape (n_items, n_items), diagonal 0.

    "last": unranked items are below all others and level with each other. "absent": only ranked items are compared.

    Examples
    --------
    >>> from aggregation import Profile
    >>> from aggregation.methods.luce_ballots import distinct_ballots
    >>> ballots = distinct_ballots(Profile.from_orders(["ab", [("a", "b")]], unranked="last"))
    >>> wins_of(ballots, "last")[np.ix_(ballots.columns, ballots.columns)].tolist()
    [[0.0, 0.75], [0.25, 0.0]]
    """
    m = ballots.levels.shape[1]
    wins = np.zeros((m, m))
    for start in range(0, len(ballots.levels), BLOCK):
        # Level 0 wraps around to the largest number: unranked items are below.
        levels = ballots.levels[start : start + BLOCK]
        keys = np.ascontiguousarray((levels - levels.dtype.type(1)).T)
        say = ballots.weights[start : start + BLOCK]
        both = keys < np.iinfo(keys.dtype).max if unranked == "absent" else np.ones(keys.shape, dtype=bool)
        for i, key in enumerate(keys):
            wins[i] += ((key < keys) & both & both[i]) @ say + ((key == keys) & both & both[i]) @ say / 2
    np.fill_diagonal(wins, 0.0)
    return wins
