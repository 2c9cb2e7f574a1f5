"""Rank sets after Mogstad, Romano, Shaikh and Wilhelm: which places the true ranks may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Differences whose spread is below this part of the largest have no spread at all: rounding made it.
NO_SPREAD = 1e-6
# The same for estimates that differ.
SAME = 1e-9


class RankSets(NamedTuple):
    """The best and the worst place that each item may have, 1 = best; two arrays of shape (n_items,)."""

    lo: NDArray[np.int64]
    hi: NDArray[np.int64]


def rank_sets(
    theta: NDArray[np.float64],
    errors: NDArray[np.float64],
    spread: NDArray[np.float64],
    spread_of_errors: NDArray[np.float64] | None = None,
    *,
    coverage: float = 0.95,
    simultaneous: bool = False,
    stepdown: bool = True,
) -> RankSets:
    """For each item the places that its true rank may have, given estimates and their errors.

    Parameters
    ----------
    theta : ndarray, shape (n_items,)
        Estimates; higher is better.
    errors : ndarray, shape (n_draws, n_items)
        Draws of what `theta` may be wrong by.
    spread : ndarray, shape (n_items, n_items)
        Standard error of each difference theta[i] - theta[j].
    spread_of_errors : ndarray, shape (n_items, n_items), optional
        That of each difference of `errors`, where it is not the same.
    coverage : float
        How often the sets are to hold the true rank: of each item taken by itself, or with `simultaneous` of all
        items at once. The true rank of items that are truly level is any of the places they take up.
    stepdown : bool
        Whether to look again at what is undecided once some pairs are told apart (Romano and Wolf), which can
        only make sets smaller.

    Returns
    -------
    RankSets
        `lo` is 1 plus the number of items found to be truly above, `hi` the number of items less those found to be
        truly below. Pairs whose difference has no spread are told apart where they differ.

    References
    ----------
    M. Mogstad, J. P. Romano, A. M. Shaikh, D. Wilhelm, Inference for ranks with applications to mobility across
    neighbourhoods and academic achievement across countries, Review of Economic Studies 91 (2024) 476-518.

    Examples
    --------
    Three estimates, two of them near each other:

    >>> rng = np.random.default_rng(1)
    >>> errors = rng.standard_normal((2000, 3))
    >>> rank_sets(np.array([9.0, 1.0, 0.0]), errors, spread=np.full((3, 3), 2**0.5), simultaneous=True)
    RankSets(lo=array([1, 2, 2]), hi=array([1, 3, 3]))
    """
    m = len(theta)
    drawn = spread if spread_of_errors is None else spread_of_errors
    scaled = np.divide(1, drawn, out=np.zeros((m, m)), where=drawn > NO_SPREAD * drawn.max(initial=0))
    if simultaneous:
        above = _told_apart(theta, errors, spread, scaled, np.arange(m), coverage, stepdown=stepdown)
        return RankSets(1 + above.sum(axis=0), m - above.sum(axis=1))
    sets = np.empty((2, m), dtype=np.int64)
    for item in range(m):
        above = _told_apart(theta, errors, spread, scaled, np.array([item]), coverage, stepdown=stepdown)
        sets[:, item] = 1 + above[:, item].sum(), m - above[item].sum()
    return RankSets(sets[0], sets[1])


def _told_apart(
    theta: NDArray[np.float64],
    errors: NDArray[np.float64],
    spread: NDArray[np.float64],
    scale_of_errors: NDArray[np.float64],
    of: NDArray[np.int64],
    coverage: float,
    *,
    stepdown: bool,
) -> NDArray[np.bool_]:
    """Which item is found to be truly above which, among all pairs with one of the items `of`."""
    m = len(theta)
    sure = spread > NO_SPREAD * spread.max(initial=0)
    differences = theta[:, None] - theta
    scaled = np.divide(differences, spread, out=np.zeros((m, m)), where=sure)
    asked = np.zeros((m, m), dtype=bool)
    asked[of] = asked[:, of] = True
    above: NDArray[np.bool_] = asked & ~sure & (differences > SAME * np.abs(theta).max())
    waiting = asked & sure
    while waiting.any():
        found = waiting & (scaled > critical_value(errors, scale_of_errors, waiting, of, coverage))
        above |= found
        waiting &= ~found
        if not (stepdown and found.any()):
            break
    return above


def critical_value(
    errors: NDArray[np.float64],
    scale: NDArray[np.float64],
    waiting: NDArray[np.bool_],
    of: NDArray[np.int64],
    coverage: float,
) -> float:
    """What the largest scaled error among the ordered pairs in `waiting` stays below with probability `coverage`.

    Every pair in `waiting` has one of the items `of`; `scale` is 1 over the spread of each difference of errors, 0
    where there is none.
    """
    largest = np.full(len(errors), -np.inf)
    for item in of:
        away = errors[:, [item]] - errors
        for sign, chosen in ((1, waiting[item]), (-1, waiting[:, item])):
            if chosen.any():
                np.maximum(largest, (sign * away[:, chosen] * scale[item, chosen]).max(axis=1), out=largest)
    return float(np.quantile(largest, coverage, method="higher"))


def spread_of_differences(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard error of each difference, shape (n_items, n_items), from the covariance of the estimates.

    Examples
    --------
    >>> spread_of_differences(np.diag([9.0, 16.0]))
    array([[0., 5.],
           [5., 0.]])
    """
    variances = np.diag(covariance)
    squares = variances[:, None] + variances - 2 * covariance
    np.fill_diagonal(squares, 0)
    return np.sqrt(np.maximum(squares, 0))
