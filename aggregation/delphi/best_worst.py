"""What best-worst sets say: how often each item was called best and worst of those shown with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError
from aggregation.frozen import Frozen
from aggregation.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aggregation.shares import ShareLike


@dataclass(frozen=True, slots=True)
class AnsweredSet:
    """One set as one person answered it: what it showed, and which of these was called best and worst, or None."""

    shown: tuple[str, ...]
    best: str | None
    worst: str | None

    @property
    def complete(self) -> bool:
        """Whether both were said."""
        return self.best is not None and self.worst is not None


@dataclass(frozen=True, slots=True, eq=False)
class BestWorst(Frozen):
    """Best-worst counts; arrays have shape (n_items,).

    Parameters
    ----------
    items : tuple of str
    answered, incomplete : int
        Sets with both answers; sets without, which count nowhere.
    best, worst, shown : ndarray of int
        How often each item was called best, called worst, and was in a set that was answered.
    score : ndarray of float
        (best - worst) / shown, in [-1, 1], higher is better; nan for an item never shown. With n people who see each
        item r times `shown` is n r, and this the standardised count.
    ratio : ndarray of float
        The square root of (best + 1/2) / (worst + 1/2), scaled so that the highest is 100: an item of 50 matters about
        half as much, if people choose as a multinomial logit says. nan for an item never shown.
    """

    items: tuple[str, ...]
    answered: int
    incomplete: int
    best: NDArray[np.int64]
    worst: NDArray[np.int64]
    shown: NDArray[np.int64]
    score: NDArray[np.float64]
    ratio: NDArray[np.float64]

    @property
    def difference(self) -> NDArray[np.int64]:
        """Best less worst, shape (n_items,)."""
        return self.best - self.worst


def best_worst(answers: Sequence[AnsweredSet], items: Sequence[str]) -> BestWorst:
    """How often each item was called best and worst, over all sets that were answered whole.

    Parameters
    ----------
    answers : sequence of AnsweredSet
        One a person and set. For a side or a group, give its answers alone; for a ranking in which sides have their
        shares, see `cards`.
    items : sequence of str
        All items, in the order wanted.

    Raises
    ------
    StatisticError
        If a set names an item that is not in `items` or one twice, calls best or worst what it does not show, or the
        same item both.

    References
    ----------
    J. J. Louviere, T. N. Flynn, A. A. J. Marley, Best-worst scaling: theory, methods and applications, Cambridge
    University Press 2015; counts and their standardisation as in the documentation of the R package support.BWS.

    Examples
    --------
    Twelve people, each with two sets of the same five items; best 12, 7, 3, 2, 0 times, worst 1, 3, 4, 6, 10 times:

    >>> calls = {"AE": 10, "AD": 2, "BD": 4, "BC": 3, "CB": 3, "DC": 1, "DA": 1}
    >>> answers = [AnsweredSet(tuple("ABCDE"), best, worst) for (best, worst), n in calls.items() for _ in range(n)]
    >>> counts = best_worst(answers, "ABCDE")
    >>> counts.score.round(4).tolist(), counts.ratio.round(1).tolist()
    ([0.4583, 0.1667, -0.0417, -0.1667, -0.4167], [100.0, 50.7, 30.6, 21.5, 7.6])
    """
    column = {item: place for place, item in enumerate(items)}
    tallies = np.zeros((3, len(column)), dtype=np.int64)
    complete = 0
    for row, answer in enumerate(answers):
        _check(row, answer, column)
        if answer.best is not None and answer.worst is not None:
            complete += 1
            tallies[0, column[answer.best]] += 1
            tallies[1, column[answer.worst]] += 1
            tallies[2, [column[item] for item in answer.shown]] += 1
    best, worst, shown = tallies
    never = shown == 0
    score = np.where(never, np.nan, (best - worst) / np.maximum(shown, 1))
    ratio = np.where(never, np.nan, np.sqrt((best + 0.5) / (worst + 0.5)))
    if complete:
        ratio = 100 * ratio / np.nanmax(ratio)
    for array in (best, worst, shown, score, ratio):
        array.setflags(write=False)
    return BestWorst(tuple(column), complete, len(answers) - complete, best, worst, shown, score, ratio)


def cards(
    answers: Sequence[AnsweredSet],
    items: Sequence[str],
    *,
    sides: Sequence[str] | None = None,
    shares: Mapping[str, ShareLike] | None = None,
    groups: Sequence[str] | None = None,
) -> Profile:
    """The sets as ballots, for `aggregation.rank(..., "best_worst")` and other methods: best, the others level, worst.

    A set that was not answered whole is a blank ballot. What a set does not show is absent from its ballot.

    Parameters
    ----------
    answers, items : as for `best_worst`
    sides, shares, groups : as in `Profile.from_ranks`, one side and group a set
        Somebody who answers more sets has more of the say of their side.

    Raises
    ------
    StatisticError
        As `best_worst`.
    ProfileError
        As `Profile`.

    Examples
    --------
    >>> cards([AnsweredSet(("a", "b", "c"), "c", "a")], "abcd").ranks.tolist()
    [[3, 2, 1, 0]]
    """
    column = {item: place for place, item in enumerate(items)}
    ranks = np.zeros((len(answers), len(column)), dtype=np.int64)
    for row, answer in enumerate(answers):
        _check(row, answer, column)
        if answer.best is not None and answer.worst is not None:
            ranks[row, [column[item] for item in answer.shown]] = 2
            ranks[row, [column[answer.best], column[answer.worst]]] = 1, 3
    return Profile.from_ranks(ranks, tuple(column), unranked="absent", sides=sides, shares=shares, groups=groups)


def _check(row: int, answer: AnsweredSet, column: Mapping[str, int]) -> None:
    strange = [item for item in answer.shown if item not in column]
    if strange:
        raise StatisticError(f"`answers`[{row}] shows {strange[0]!r}, which is not among the items")
    if len(set(answer.shown)) < len(answer.shown):
        raise StatisticError(f"`answers`[{row}] shows an item twice")
    for called, item in (("best", answer.best), ("worst", answer.worst)):
        if item is not None and item not in answer.shown:
            raise StatisticError(f"`answers`[{row}] calls {item!r} {called}, which it does not show")
    if answer.best is not None and answer.best == answer.worst:
        raise StatisticError(f"`answers`[{row}] calls {answer.best!r} both best and worst")
