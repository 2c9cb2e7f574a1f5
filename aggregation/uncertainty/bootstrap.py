"""Places in panels that might as well have answered, and what they say about the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.registry import method_named, rank
from aggregation.uncertainty.batched import PAIRWISE, support_in_panels
from aggregation.uncertainty.mean_scores import mean_scores
from aggregation.uncertainty.mrsw import RankSets
from aggregation.uncertainty.people import panel_of, panels
from aggregation.uncertainty.second_scores import jla_in_panels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.uncertainty.people import Resampling, Side

    Places = Callable[[list[NDArray[np.int64]]], NDArray[np.int64]]


def places_in_draws(
    profile: Profile,
    method: str,
    parameters: Mapping[str, Any],
    sides: tuple[Side, ...],
    *,
    draws: int,
    rng: np.random.Generator,
    resampling: Resampling = "rescaled",
) -> NDArray[np.int64]:
    """The place of each item in panels drawn anew from the same people, side by side.

    Returns
    -------
    ndarray, shape (draws, n_items)
        1 = best; tied items share the best of their places. For the methods of `MEAN_METHODS`, `jla`, Copeland and
        Schulze all panels are counted together; any other method is asked once a panel.
    """
    breadth = profile.n_items**2
    compute = _computation(profile, method, parameters, sides)
    return np.concatenate([compute(counts) for counts in panels(sides, draws, rng, resampling, breadth)])


def _computation(profile: Profile, method: str, parameters: Mapping[str, Any], sides: tuple[Side, ...]) -> Places:
    means = mean_scores(profile, method, parameters, sides)
    if means is not None:
        return means.places
    if method == "jla":
        return jla_in_panels(profile, sides, parameters)
    pairwise, whole = PAIRWISE.get(method), len(sides) == 1 or profile.unit == 1
    row = method_named(method)

    def one_by_one(counts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.array(
            [rank(_panel(profile, sides, each), row.key, **parameters).ranks for each in zip(*counts, strict=True)]
        )

    def together(counts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        support = support_in_panels(profile, sides, counts)
        return one_by_one(counts) if support is None or pairwise is None else pairwise(support, parameters)

    return together if pairwise is not None and whole else one_by_one


def _panel(profile: Profile, sides: tuple[Side, ...], counts: tuple[NDArray[np.int64], ...]) -> Profile:
    """The ballots of one panel drawn, as a profile of its own."""
    rows = np.concatenate([side.rows[each > 0] for side, each in zip(sides, counts, strict=True)])
    return panel_of(profile, rows, np.concatenate([each[each > 0] for each in counts]))


def worst_places(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The worst place of each item's tier, where `places` gives the best.

    Examples
    --------
    >>> worst_places(np.array([[1, 2, 2, 4]]))
    array([[1, 3, 3, 4]])
    """
    worst = np.zeros_like(places)
    for column in places.T:
        worst += column[:, None] <= places
    return worst


def percentile_sets(places: NDArray[np.int64], coverage: float) -> RankSets:
    """For each item the middle `coverage` of its places over the draws; a tie reaches over all its places.

    Examples
    --------
    >>> percentile_sets(np.array([[1, 2], [1, 2], [1, 2], [2, 1]]), 0.4)
    RankSets(lo=array([1, 2]), hi=array([1, 2]))
    """
    out = (1 - coverage) / 2
    lo = np.quantile(places, out, axis=0, method="inverted_cdf")
    hi = np.quantile(worst_places(places), 1 - out, axis=0, method="inverted_cdf")
    return RankSets(lo.astype(np.int64), hi.astype(np.int64))


def often_above(places: NDArray[np.int64]) -> NDArray[np.float64]:
    """In which part of the draws each item stands strictly above each other; shape (n_items, n_items).

    Examples
    --------
    >>> often_above(np.array([[1, 2], [1, 1]]))
    array([[0. , 0.5],
           [0. , 0. ]])
    """
    return np.array([(column[:, None] < places).mean(axis=0) for column in places.T])


def pair_sets(places: NDArray[np.int64], coverage: float, *, simultaneous: bool = False) -> RankSets:
    """Rank sets from pairs: an item's best place is below those that stand above it in nearly all draws.

    The level from which a pair counts as told apart is set so that in `coverage` of the draws no pair told apart
    stands the other way round or level: no pair with the item, or with `simultaneous` no pair at all.

    Examples
    --------
    >>> draws = np.array([[1, 2, 3], [1, 3, 2], [1, 2, 3], [1, 3, 2]])
    >>> pair_sets(draws, 0.9)
    RankSets(lo=array([1, 2, 2]), hi=array([1, 3, 3]))
    """
    m = places.shape[1]
    often = often_above(places)
    contradicted = np.array([_contradicted(places, often, item) for item in range(m)])
    if simultaneous:
        contradicted[:] = contradicted.max(axis=0)
    level = np.quantile(contradicted, coverage, axis=1, method="higher")
    apart = often > np.maximum(level[:, None], 0.5)
    below = often > np.maximum(level[None, :], 0.5)
    return RankSets(1 + below.sum(axis=0), m - apart.sum(axis=1))


def _contradicted(places: NDArray[np.int64], often: NDArray[np.float64], item: int) -> NDArray[np.float64]:
    """For each draw, how usual the most usual order of the item and another is that this draw contradicts."""
    own = places[:, [item]]
    above = np.where(own < places, 0.0, often[item])
    below = np.where(own > places, 0.0, often[:, item])
    return np.asarray(np.maximum(above, below).max(axis=1))


def simultaneous_percentile_sets(places: NDArray[np.int64], coverage: float) -> RankSets:
    """Percentile sets widened until `coverage` of the draws have all their items within at once.

    References
    ----------
    M. Mandel, R. A. Betensky, Simultaneous confidence intervals based on the percentile bootstrap approach,
    Computational Statistics and Data Analysis 52 (2008) 2158-2165.

    Examples
    --------
    >>> simultaneous_percentile_sets(np.array([[1, 2], [1, 2], [1, 2], [2, 1]]), 0.8)
    RankSets(lo=array([1, 1]), hi=array([2, 2]))
    """
    worst = worst_places(places)
    depth = np.minimum(_how_many(places, places, np.less_equal), _how_many(worst, worst, np.greater_equal)).min(axis=1)
    deep = depth >= np.quantile(depth, 1 - coverage, method="lower")
    return RankSets(places[deep].min(axis=0), worst[deep].max(axis=0))


def _how_many(
    places: NDArray[np.int64], of: NDArray[np.int64], compare: Callable[..., NDArray[np.bool_]]
) -> NDArray[np.int64]:
    """For each draw and item, in how many draws the item's place compares so with its place here."""
    m = places.shape[1]
    numbers = np.arange(m + 1)
    counted = np.array([compare(column[:, None], numbers).sum(axis=0) for column in places.T])
    return np.asarray(counted[np.arange(m), of])


def bands_of(ranks: NDArray[np.int64], often: NDArray[np.float64], coverage: float) -> tuple[tuple[int, ...], ...]:
    """Groups of neighbours in the list of which no two are told apart, each as large as can be; they may overlap.

    Two items are told apart when one stands above the other in at least 1 - (1 - coverage) / 2 of the draws.

    Examples
    --------
    >>> often = np.array([[0, 0.6, 0.99], [0.4, 0, 0.7], [0.01, 0.3, 0]])
    >>> bands_of(np.array([1, 2, 3]), often, 0.95)
    ((0, 1), (1, 2))
    """
    order = np.argsort(ranks, kind="stable")
    apart = (np.maximum(often, often.T) >= 1 - (1 - coverage) / 2)[np.ix_(order, order)]
    bands: list[tuple[int, ...]] = []
    reached = 0
    for start in range(len(order)):
        end = start + 1
        while end < len(order) and not apart[start:end, end].any():
            end += 1
        if end > reached:
            bands.append(tuple(order[start:end].tolist()))
            reached = end
    return tuple(bands)
