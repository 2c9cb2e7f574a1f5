"""How far the answers to a question agree, by their shape: between one point for all and half at either end."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aggregation.delphi.scale import Scale


def tastle_wierman(histogram: ArrayLike, scale: Scale | None = None) -> NDArray[np.float64]:
    """Tastle and Wierman's consensus of each question: 1 = all on one point, 0 = half at either end.

    Parameters
    ----------
    histogram : array_like of int, shape (n_items, n_points)
        How many gave each point, the lowest first.
    scale : Scale, optional
        Which points these are; when left out, they lie evenly.

    Returns
    -------
    ndarray, shape (n_items,)
        In [0, 1]; nan for a question nobody answered.

    Raises
    ------
    StatisticError
        If the counts have another shape, or one of them is negative or no whole number.

    References
    ----------
    W. J. Tastle, M. J. Wierman, Consensus and dissention: A measure of ordinal dispersion, International Journal of
    Approximate Reasoning 45 (2007) 531-545.

    Examples
    --------
    Half and half on two neighbours of five points, then as many on each point:

    >>> tastle_wierman([[0, 0, 5, 5, 0], [1, 1, 1, 1, 1]]).round(6).tolist()
    [0.807355, 0.433985]
    """
    counts = _checked(histogram, 2)
    points = np.arange(counts.shape[1], dtype=np.float64) if scale is None else scale.values
    if len(points) != counts.shape[1]:
        raise StatisticError(f"`histogram` has {counts.shape[1]} points a row, the scale {len(points)}")
    n = counts.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        distance = np.abs(points - counts @ points[:, None] / n) / (points[-1] - points[0])
        # A point at the far end of everybody else's is at distance 1 only where nobody chose it.
        closeness = np.log2(1 - distance, out=np.zeros_like(distance), where=counts > 0)
        return np.asarray(1 + (counts * closeness).sum(axis=1) / n[:, 0]).clip(0, 1)


def van_der_eijk(histogram: ArrayLike) -> NDArray[np.float64]:
    """Van der Eijk's agreement A of each question: 1 = all on one point, 0 = even, -1 = half at either end.

    The answers are taken apart into layers, each holding equally many of every point it has; a layer agrees the
    more, the fewer points it has and the fewer gaps lie between them.

    Parameters
    ----------
    histogram : array_like of int, shape (n_items, n_points)
        How many gave each point, the lowest first; three points or more.

    Returns
    -------
    ndarray, shape (n_items,)
        In [-1, 1]; nan for a question nobody answered.

    Raises
    ------
    StatisticError
        As `tastle_wierman`, or if there are fewer than three points.

    References
    ----------
    C. van der Eijk, Measuring agreement in ordered rating scales, Quality and Quantity 35 (2001) 325-341.

    Examples
    --------
    >>> van_der_eijk([[30, 40, 210, 130, 530, 50, 10]]).round(6).tolist()
    [0.611333]
    """
    left = _checked(histogram, 3)
    n = left.sum(axis=1)
    total = np.zeros(len(left))
    while left.any():
        layer = left > 0
        height = np.min(left, axis=1, where=layer, initial=np.iinfo(np.int64).max, keepdims=True)
        taken = np.where(layer, height, 0)
        total += taken.sum(axis=1) * _agreement_of(layer)
        left = left - taken
    with np.errstate(invalid="ignore"):
        return np.asarray(total / n)


def _agreement_of(layer: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Agreement of answers that are equally many at each point of a row that is True; 0 for a row without any."""
    k = layer.shape[1]
    first, second, third = np.array(list(combinations(range(k), 3))).T
    left, middle, right = layer[:, first], layer[:, second], layer[:, third]
    # Of three points in order, two neighbours that are chosen speak for one peak, two outer ones for two.
    one_peak = (middle & (left ^ right)).sum(axis=1)
    two_peaks = (left & ~middle & right).sum(axis=1)
    told = one_peak + two_peaks
    size = layer.sum(axis=1)
    peaked = ((k - 2) * one_peak - (k - 1) * two_peaks) / ((k - 2) * np.maximum(told, 1))
    return np.where(size == 1, 1.0, peaked * (1 - (size - 1) / (k - 1)))


def _checked(histogram: ArrayLike, fewest: int) -> NDArray[np.int64]:
    counts = np.asarray(histogram)
    if counts.ndim != 2 or counts.shape[1] < fewest:
        raise StatisticError(
            f"`histogram` must have shape (n_items, n_points) with {fewest} points or more, not {counts.shape}"
        )
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise StatisticError("`histogram` must hold numbers of people: whole, 0 or more")
    return counts.astype(np.int64)
