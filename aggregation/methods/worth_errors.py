"""How sure the worths are: standard errors and quasi-standard errors from the information."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def centred_covariance(information: NDArray[np.float64], n_items: int) -> NDArray[np.float64]:
    """The covariance of log-worths measured from their mean, shape (n_items, n_items).

    Parameters
    ----------
    information : ndarray, shape (size, size), size >= n_items
        Of all parameters, the log-worths first; not singular.
    n_items : int
        How many of them are log-worths.

    Examples
    --------
    >>> centred_covariance(np.array([[4.0, 0.0], [0.0, 4.0]]), 2).tolist()
    [[0.125, -0.125], [-0.125, 0.125]]
    """
    covariance = np.linalg.inv(information)[:n_items, :n_items]
    covariance = covariance - covariance.mean(axis=0)
    return np.asarray(covariance - covariance.mean(axis=1)[:, None])


def quasi_variances(covariance: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """A variance for each item such that any two add up to about the variance of their difference.

    Parameters
    ----------
    covariance : ndarray, shape (n_items, n_items)
        Of the log-worths, measured from anything.

    Returns
    -------
    ndarray, shape (n_items,), or None
        The variances for which the logarithm of each sum is nearest to that of the variance of the difference, by
        least squares. None for fewer than three items, where many would do, or where one would be negative.

    References
    ----------
    D. Firth, R. X. de Menezes, Quasi-variances, Biometrika 91 (2004) 65-80.

    Examples
    --------
    >>> quasi_variances(np.diag([1.0, 2.0, 3.0])).round(9).tolist()
    [1.0, 2.0, 3.0]
    """
    m = len(covariance)
    if m < 3:
        return None
    variances = np.diag(covariance)
    differences = variances[:, None] + variances - 2 * covariance
    np.fill_diagonal(differences, 1.0)
    quasi = _additive_start(differences)
    for _ in range(50):
        sums = quasi[:, None] + quasi
        residuals, slopes = np.log(differences / sums) / sums, 1 / sums**2
        np.fill_diagonal(residuals, 0.0)
        np.fill_diagonal(slopes, 0.0)
        np.fill_diagonal(slopes, slopes.sum(axis=1))
        step = np.linalg.solve(slopes, residuals.sum(axis=1))
        # Sums must stay above 0; going at most half the way there keeps them so.
        room = (0.5 * sums / np.maximum(-(step[:, None] + step), 1e-300 * sums)).min()
        quasi = quasi + min(1.0, float(room)) * step
        if np.abs(step).max() <= 1e-13 * np.abs(quasi).max():
            break
    return quasi if (quasi > 0).all() else None


def _additive_start(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quasi-variances by plain least squares on the variances of differences, none below a small part of the mean."""
    m = len(differences)
    sums = differences.sum(axis=1) - np.diag(differences)
    start = (sums - sums.sum() / (2 * (m - 1))) / (m - 2)
    return np.asarray(np.maximum(start, 0.01 * sums.mean() / (m - 1)))
