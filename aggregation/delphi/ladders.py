"""Words and cut-offs that published exercises put on agreement: the ladder of consistency, the average majority."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.delphi.rand_ucla import band_of
from aggregation.delphi.scale import NINE
from aggregation.delphi.summary import Tally
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from aggregation.delphi.summary import RatingSummary

Consistency = Literal["perfect", "very good", "good", "some", "none"]


def consistency(summary: RatingSummary) -> tuple[Consistency | None, ...]:
    """How near the answers to each question lie to their median, as a word; None where nobody answered.

    Parameters
    ----------
    summary : RatingSummary
        On the scale 1 to 9.

    Raises
    ------
    StatisticError
        If the scale is another one.

    Notes
    -----
    The first of these that is so: "none", the median is in 1 to 3; "perfect", all gave 7 to 9; "very good", 80 % or
    more within 1 of the median, or median and both quartiles are the same whole number; "good", 50 % within 1 or
    80 % within 2; "some", 50 % within 2 or 80 % within 3; else "none". The source calls any "dissenting" median
    "none", which is read here as a low one, and says that "median and IQR" are the same number, which is read as
    the quartiles.

    References
    ----------
    PMC9790819, table 2.

    Examples
    --------
    >>> from aggregation import Ratings
    >>> from aggregation.delphi import summarise
    >>> consistency(summarise(Ratings(values=[[7, 5], [8, 6], [9, 6], [9, 9]], items=["a", "b"])))
    ('perfect', 'good')
    """
    if summary.scale != NINE:
        raise StatisticError("the ladder of consistency is for ratings from 1 to 9")
    return tuple(_step(summary, item) if summary.n[item] else None for item in range(len(summary.items)))


def _step(summary: RatingSummary, item: int) -> Consistency:
    counts, n = summary.histogram[item], int(summary.n[item])
    median, q1, q3 = (float(each[item]) for each in (summary.median, summary.q1, summary.q3))
    points = summary.scale.values
    within = [Tally(int(counts[np.abs(points - median) <= steps].sum()), n) for steps in range(4)]
    if band_of(median) == "low":
        return "none"
    if summary.high[item] == n:
        return "perfect"
    if within[1].at_least(80) or (q1 == median == q3 and median.is_integer()):
        return "very good"
    if within[1].at_least(50) or within[2].at_least(80):
        return "good"
    return "some" if within[2].at_least(50) or within[3].at_least(80) else "none"


def average_majority(summary: RatingSummary) -> Tally:
    """The answers that belong to a majority of their question, high or low, among all valid answers.

    A question reaches the cut-off where its own share of high (or of low) answers is at least this share, the
    average per cent of majority opinions (APMO). The majority of a question is more than half of its valid answers.

    Parameters
    ----------
    summary : RatingSummary

    Examples
    --------
    Of ten people seven say high to the first question, six low to the second, and five high to the third:

    >>> from aggregation import Ratings
    >>> from aggregation.delphi import summarise
    >>> columns = [[8] * 7 + [5] * 3], [[2] * 6 + [5] * 4], [[8] * 5 + [2] * 5]
    >>> average_majority(summarise(Ratings(values=np.vstack(columns).T, items=["a", "b", "c"])))
    Tally(hits=13, n=30)
    """
    majorities = [counts[2 * counts > summary.n].sum() for counts in (summary.high, summary.low)]
    return Tally(int(sum(majorities)), int(summary.n.sum()))
