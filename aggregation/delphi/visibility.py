"""Which groups of a side may be shown beside it, so that nobody's answer follows by subtraction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST = 5


def visible_groups(counts: ArrayLike, *, k: int = FEWEST, side: ArrayLike | None = None) -> NDArray[np.bool_]:
    """Which groups of one side may be shown beside it, for each row of numbers of valid answers.

    A group may be shown that has `k` valid answers, where the rest of its side has none or `k` as well; and of these
    the smallest are left out, one after another, as long as all that are not shown together have 1 to k - 1.

    Parameters
    ----------
    counts : array_like of int, shape (n_rows, n_groups)
        How many valid answers each group of the side has.
    k : int
        1 or more.
    side : array_like of int, shape (n_rows,), optional
        How many valid answers the whole side has, where it is more than its groups together.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_groups)

    Raises
    ------
    StatisticError
        If the counts have another shape or one is negative, a side has fewer than its groups, or `k` is below 1.

    Examples
    --------
    Panels of 8, 7 and 4, of 4, 4 and 4, of 15 and 9, of one group:

    >>> visible_groups([[8, 7, 4], [4, 4, 4], [15, 9, 0], [6, 0, 0]]).tolist()
    [[True, False, False], [False, False, False], [True, True, False], [True, False, False]]
    """
    numbers = np.asarray(counts)
    if numbers.ndim != 2 or k < 1:
        raise StatisticError(f"`counts` must have shape (n_rows, n_groups), not {numbers.shape}, and `k` be above 0")
    if (numbers < 0).any():
        raise StatisticError("`counts` must be 0 or more people")
    whole = numbers.sum(axis=1) if side is None else np.asarray(side)
    if whole.shape != numbers.shape[:1] or (whole < numbers.sum(axis=1)).any():
        raise StatisticError("`side` must have a number for each row, no smaller than its groups together")
    shown = (numbers >= k) & ~_few(whole[:, None] - numbers, k)
    every = np.arange(len(numbers))
    for column in numbers.argsort(axis=1, kind="stable").T:
        smallest = shown[every, column]
        shown[every, column] = smallest & ~_few(whole - (numbers * shown).sum(axis=1), k)
    return shown


def _few(people: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    return np.asarray((people > 0) & (people < k))
