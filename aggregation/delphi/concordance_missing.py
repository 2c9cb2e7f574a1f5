"""How far several people put the same things in the same order where nearly everybody left gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.concordance import FEWEST_RATERS, values_of
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from aggregation.profile import Profile

# So many people are compared with so many at a time: the signs of 128 people and 200 things take 20 MB.
BLOCK = 128


@dataclass(frozen=True, slots=True)
class GappyConcordance:
    """Kendall's W from the correlations of all pairs of people, and what it rests on.

    Parameters
    ----------
    w : float
        1 = all who ordered the same things did so alike, 0 = as by chance; below 0 where people contradict each
        other more than chance would have it.
    rho : float
        The mean of Spearman's correlations, each weighted by how many things both ordered, less one.
    raters_per_item : float
        How many people ordered a thing, on average.
    raters, items, left_out : int
        People who ordered two things or more, things, people who ordered fewer.
    level_pairs : int
        Pairs of people who both ordered two things or more of which one put all level: they count as 0.
    """

    w: float
    rho: float
    raters_per_item: float
    raters: int
    items: int
    left_out: int
    level_pairs: int


def kendall_w_missing(answers: Profile | ArrayLike, *, fewest: int = FEWEST_RATERS) -> GappyConcordance:
    """Kendall's W over people with gaps: from Spearman's correlation of each two over what both put in order.

    Without gaps and ties it is `kendall_w`; with ties it differs a little, for each correlation is corrected by
    itself.

    Parameters
    ----------
    answers, fewest : as in `kendall_w`
        Who ordered fewer than two things is left out.

    Raises
    ------
    StatisticError
        If there are fewer people than `fewest` (or two) who ordered two things, weights, if no two people ordered
        the same two things, or if a thing was ordered by one person or fewer on average.

    References
    ----------
    M. Brueckl, Altersbedingte Veraenderungen der Stimme und Sprechweise von Frauen, Logos 2011, 88-103; the weights:
    J. M. G. Taylor, Kendall's and Spearman's correlation coefficients in the presence of a blocking variable,
    Biometrics 43 (1987) 409-416.

    Examples
    --------
    The four judges of `kendall_w`, then with one of them silent about one project:

    >>> judges = [[1, 3, 2, 5, 4], [2, 1, 3, 4, 5], [3, 1, 2, 5, 4], [3, 2, 1, 4, 5]]
    >>> round(kendall_w_missing(judges, fewest=2).w, 6)
    0.7625
    >>> judges[3][4] = float("nan")
    >>> result = kendall_w_missing(judges, fewest=2)
    >>> round(result.rho, 6), result.raters_per_item, round(result.w, 6)
    (0.609524, 3.8, 0.712281)
    """
    values = values_of(answers)
    able = values[(~np.isnan(values)).sum(axis=1) > 1]
    raters, items = able.shape
    if raters < max(2, fewest):
        raise StatisticError(f"Kendall's W needs {max(2, fewest)} people who ordered two things; there are {raters}")
    per_item = float((~np.isnan(able)).sum() / items)
    if per_item <= 1:
        raise StatisticError("Kendall's W needs more than one person who ordered a thing, on average")
    weighted, weights, level_pairs = _sums(able)
    if weights == 0:
        raise StatisticError("no two people ordered the same two things")
    rho = weighted / weights
    return GappyConcordance(
        w=(1 + rho * (per_item - 1)) / per_item,
        rho=rho,
        raters_per_item=per_item,
        raters=raters,
        items=items,
        left_out=len(values) - raters,
        level_pairs=level_pairs,
    )


def _sums(values: NDArray[np.float64]) -> tuple[float, int, int]:
    """Correlation times weight, summed over all pairs; the weights summed; pairs that have no correlation."""
    weighted, weights, level = 0.0, 0, 0
    for shared, rho in _pairs(values):
        compared = shared > 1
        weighted += float(np.nansum(np.where(compared, (shared - 1) * rho, 0)))
        weights += int((shared - 1)[compared].sum())
        level += int((np.isnan(rho) & compared).sum())
    return weighted, weights, level


def _pairs(values: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """How much each two people share, and Spearman's correlation over it, block by block, each pair once."""
    blocks = [values[start : start + BLOCK] for start in range(0, len(values), BLOCK)]
    for number, block in enumerate(blocks):
        signs = _signs(block)
        for other in blocks[number:]:
            shared, rho = _correlations(block, signs, other)
            once = np.triu(np.ones(shared.shape, dtype=bool), 1) if other is block else np.ones(shared.shape, bool)
            yield shared[once], rho[once]


def _correlations(
    ours: NDArray[np.float64], signs: NDArray[np.float32], theirs: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each of ours (rows) and of theirs (columns): how many things both ordered, and the correlation."""
    mine = _places(signs, theirs)
    yours = _places(_signs(theirs), ours).transpose(2, 1, 0)
    both = np.einsum("anb,anb->ab", mine, yours, dtype=np.float64)
    spread = np.sqrt(
        np.einsum("anb,anb->ab", mine, mine, dtype=np.float64)
        * np.einsum("anb,anb->ab", yours, yours, dtype=np.float64)
    )
    shared = (~np.isnan(ours)).astype(np.int64) @ (~np.isnan(theirs)).T.astype(np.int64)
    return shared, np.divide(both, spread, out=np.full_like(both, np.nan), where=spread > 0)


def _signs(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """1 where a person has the first thing above the second, -1 below, 0 level or a gap; (people, n, n)."""
    first, second = values[:, :, None], values[:, None, :]
    return (first > second).astype(np.float32) - (first < second)


def _places(signs: NDArray[np.float32], others: NDArray[np.float64]) -> NDArray[np.float32]:
    """Twice each thing's rank less the mean rank, among what the other person ordered too: (people, n, others).

    They are whole and at most n, so that single precision holds them.
    """
    given = (~np.isnan(others)).T.astype(np.float32)
    return (signs.reshape(-1, len(given)) @ given).reshape(len(signs), len(given), -1) * given
