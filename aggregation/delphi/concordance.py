"""How far several people put the same things in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError
from aggregation.profile import Profile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# With fewer people W is mostly chance, and everybody's order could be read from it.
FEWEST_RATERS = 5


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's coefficient of concordance and what it rests on.

    Parameters
    ----------
    w : float
        0 = no agreement, 1 = all in the same order; corrected for ties. `exact` is the same as a fraction.
    uncorrected : float
        The same without the correction for ties.
    raters, items : int
        People counted (those without a gap) and things put in order.
    left_out : int
        People not counted because they left a gap.
    chi2, df : float, int
        Friedman's statistic, ``raters (items - 1) w``, and its degrees of freedom.
    """

    exact: Fraction
    uncorrected: float
    raters: int
    items: int
    left_out: int

    @property
    def w(self) -> float:
        """The coefficient, in [0, 1]."""
        return float(self.exact)

    @property
    def chi2(self) -> float:
        """Friedman's statistic."""
        return float(self.raters * (self.items - 1) * self.exact)

    @property
    def df(self) -> int:
        """Its degrees of freedom."""
        return self.items - 1

    def p_value(self) -> float:
        """Chance of a W this large from orders at random, by the chi-square approximation.

        A panel is no random sample: ask for this only where the raters are one.
        """
        from scipy.special import chdtrc

        return float(chdtrc(self.df, self.chi2))


def kendall_w(answers: Profile | ArrayLike, *, fewest: int = FEWEST_RATERS) -> Concordance:
    """Kendall's W with its correction for ties, over the raters who left no gap.

    Parameters
    ----------
    answers : Profile or array_like of float, shape (n_raters, n_items)
        Ranks (0 in a profile is a gap, whatever `unranked` says; weights must be 1) or scores (nan is a gap).
        The direction does not matter as long as it is everybody's.
    fewest : int
        The fewest raters without a gap for which a value is given.

    Raises
    ------
    StatisticError
        If there are fewer raters without a gap than `fewest` (or two), fewer than two items, weights, or if
        everybody put everything level, where W has no value.

    References
    ----------
    M. G. Kendall, B. Babington Smith, The problem of m rankings, Annals of Mathematical Statistics 10 (1939) 275-287.

    Examples
    --------
    Four judges, five projects:

    >>> judges = [[1, 3, 2, 5, 4], [2, 1, 3, 4, 5], [3, 1, 2, 5, 4], [3, 2, 1, 4, 5]]
    >>> kendall_w(judges, fewest=2).w
    0.7625
    """
    values = values_of(answers)
    whole = values[~np.isnan(values).any(axis=1)]
    raters, items = whole.shape
    if raters < max(2, fewest):
        raise StatisticError(
            f"Kendall's W needs {max(2, fewest)} people who put everything in order; there are {raters}"
        )
    if items < 2:
        raise StatisticError("Kendall's W needs two things to put in order")
    doubled, ties = _doubled_midranks(whole)
    # Twice the deviation of each sum of ranks from its mean, so that all stays whole.
    deviations = doubled.sum(axis=0) - raters * (items + 1)
    squares = 12 * int((deviations.astype(object) ** 2).sum())
    most = 4 * raters**2 * (items**3 - items)
    corrected = most - 4 * raters * ties
    if corrected == 0:
        raise StatisticError("everybody put everything level, so Kendall's W has no value")
    return Concordance(
        exact=Fraction(squares, corrected),
        uncorrected=squares / most,
        raters=raters,
        items=items,
        left_out=len(values) - raters,
    )


def values_of(answers: Profile | ArrayLike) -> NDArray[np.float64]:
    """The answers as numbers, nan for a gap; refuses weights and another shape."""
    if isinstance(answers, Profile):
        if not (answers.counts == 1).all():
            raise StatisticError("Kendall's W is for people, not for weights")
        return np.where(answers.ranks == 0, np.nan, answers.ranks.astype(np.float64))
    values = np.asarray(answers, dtype=np.float64)
    if values.ndim != 2:
        raise StatisticError(f"`answers` must have shape (n_raters, n_items), not {values.shape}")
    return values


def _doubled_midranks(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """Twice the mean ranks within each row, and the sum of t^3 - t over all ties of t."""
    below = np.zeros(values.shape, dtype=np.int64)
    level = np.zeros(values.shape, dtype=np.int64)
    for column in values.T[:, :, None]:
        below += column < values
        level += column == values
    # Each of t tied items brings t^2 - 1, all of them together t^3 - t.
    return 2 * below + level + 1, int((level**2 - 1).sum())
