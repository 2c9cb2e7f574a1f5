"""How far a proportion seen in a small panel can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from aggregation.errors import StatisticError


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval from `low` to `high`, both in [0, 1]."""

    low: float
    high: float


def wilson(hits: int, n: int, *, confidence: float = 0.95) -> Interval:
    """Wilson's score interval for `hits` of `n`.

    Parameters
    ----------
    hits, n : int
        0 <= hits <= n, n at least 1.
    confidence : float
        In (0, 1).

    Raises
    ------
    StatisticError
        If there is nobody, more hits than people, or a confidence outside (0, 1).

    References
    ----------
    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927) 209-212.

    Examples
    --------
    A panel of 20 in which 70 % agree:

    >>> interval = wilson(14, 20)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.481, 0.8545)
    """
    if not 0 <= hits <= n or n < 1:
        raise StatisticError(f"{hits} of {n} is no proportion")
    if not 0 < confidence < 1:
        raise StatisticError(f"`confidence` must be between 0 and 1, not {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = hits / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    # At nobody and everybody the formula gives 0 and 1 but for rounding.
    return Interval(centre - half if hits else 0.0, centre + half if hits < n else 1.0)
