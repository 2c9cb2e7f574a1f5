"""What nominal groups make of private orders: importance scores, and the lowest total of ranks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError
from aggregation.frozen import Frozen
from aggregation.levels import dense_levels
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile


@dataclass(frozen=True, slots=True, eq=False)
class Importance(Frozen):
    """How important the items are to the participants of nominal groups.

    Parameters
    ----------
    items : tuple of str
    participants : int
        All of them; who put nothing in order as well.
    ranked_at : ndarray of int, shape (n_items, n_items)
        How many put an item (row) at place 1, 2, ... (column).
    scores : ndarray of float, shape (n_items,)
        In [0, 1]: 1 where all put it first, 0 where nobody put it in order.
    ranking : Ranking
        By these scores, compared in exact arithmetic.
    """

    items: tuple[str, ...]
    participants: int
    ranked_at: NDArray[np.int64]
    scores: NDArray[np.float64]
    ranking: Ranking


def importance(profile: Profile) -> Importance:
    """The importance score of each item: the mean over all participants of 1 / its place, 0 where it has none.

    Parameters
    ----------
    profile : Profile
        Orders without ties, ``unranked="last"``: an item that somebody did not put in order was not important to them.
        Whole weights are people. For a side or a group, `profile.by_side()[name]`.

    Raises
    ------
    StatisticError
        If a ballot has a tie, naming its row, a weight is no whole number, or ``unranked="absent"``.

    References
    ----------
    C. S. Hanson and others, Identifying outcomes that are important to living kidney donors: a nominal group
    technique study, Clinical Journal of the American Society of Nephrology 13 (2018) 916-926.

    Examples
    --------
    Of ten people three put an item first, two second, one fifth: 3/10 + 1/10 + 1/50.

    >>> from aggregation import Profile
    >>> orders = ["a"] * 3 + ["ba"] * 2 + ["bcdea"] + ["b"] * 4
    >>> float(importance(Profile.from_orders(orders, unranked="last")).scores[0])
    0.42
    """
    if profile.unranked == "absent":
        raise StatisticError('an item that is not ranked counts 0 here: say so by `profile.with_unranked("last")`')
    if profile.unit != 1:
        raise StatisticError("people are counted here; a weight that is no whole number is no number of people")
    places = dense_levels(profile.ranks).astype(np.int64)
    tied = np.flatnonzero(places.max(axis=1) < (places > 0).sum(axis=1))
    if tied.size:
        raise StatisticError(f"ballot {tied[0]} has a tie; a nominal group puts items in order without")
    ranked_at = np.stack([profile.counts @ (places == place) for place in range(1, profile.n_items + 1)], axis=1)
    participants = int(profile.counts.sum())
    exact = [sum(Fraction(n, j * participants) for j, n in enumerate(row, start=1)) for row in ranked_at.tolist()]
    ranking = Ranking.from_scores(profile.items, exact, method="importance", diagnostics={})
    scores = np.array([float(each) for each in exact])
    for array in (ranked_at, scores):
        array.setflags(write=False)
    return Importance(profile.items, participants, ranked_at, scores, ranking)


@dataclass(frozen=True, slots=True, eq=False)
class LowestTotal(Frozen):
    """Items by the sum of their places on the lists of small groups.

    Parameters
    ----------
    items : tuple of str
    tables : int
        How many lists were added.
    totals : ndarray of float, shape (n_items,)
        Sum of places, from `tables` (first everywhere) up; lower is better. Items level on a list share the mean of
        their places.
    tiers : tuple of tuples of str
        Best first; what stands in one tier is for the plenary to put in order.
    """

    items: tuple[str, ...]
    tables: int
    totals: NDArray[np.float64]
    tiers: tuple[tuple[str, ...], ...]

    @property
    def for_plenary(self) -> tuple[tuple[str, ...], ...]:
        """The tiers of two items or more."""
        return tuple(tier for tier in self.tiers if len(tier) > 1)


def lowest_total(profile: Profile) -> LowestTotal:
    """Items by the lowest total of ranks, as workshops of the James Lind Alliance add the lists of their small groups.

    Parameters
    ----------
    profile : Profile
        A ballot a small group, which ranks every item; a whole weight is that many lists alike.

    Raises
    ------
    StatisticError
        If a list leaves an item out, naming both, or a weight is no whole number.

    References
    ----------
    James Lind Alliance Guidebook, chapter on the final priority setting workshop.

    Examples
    --------
    Four tables; A and B are level and go to the plenary:

    >>> from aggregation import Profile
    >>> found = lowest_total(Profile.from_orders(["ABCD", "BACD", "CABD", "BACD"], unranked="last"))
    >>> found.totals.tolist(), found.tiers, found.for_plenary
    ([7.0, 7.0, 10.0, 16.0], (('A', 'B'), ('C',), ('D',)), (('A', 'B'),))
    """
    if profile.unit != 1:
        raise StatisticError("lists are counted here; a weight that is no whole number is no number of lists")
    missing = np.argwhere(profile.ranks == 0)
    if missing.size:
        row, column = missing[0]
        raise StatisticError(f"list {row} leaves out {profile.items[column]!r}; every table puts all items in order")
    # Twice the mean place, so that all stays whole.
    ranks = profile.ranks
    above = (ranks[:, :, None] > ranks[:, None, :]).sum(axis=2, dtype=np.int64)
    level = (ranks[:, :, None] == ranks[:, None, :]).sum(axis=2, dtype=np.int64)
    doubled = profile.counts @ (2 * above + level + 1)
    totals = doubled / 2
    totals.setflags(write=False)
    tiers = tuple(
        tuple(item for item, total in zip(profile.items, doubled.tolist(), strict=True) if total == each)
        for each in sorted(set(doubled.tolist()))
    )
    return LowestTotal(profile.items, int(profile.counts.sum()), totals, tiers)
