"""The RAND/UCLA appropriateness method: median, disagreement index and classic rule, in exact arithmetic."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, get_args

from aggregation.delphi.scale import NINE
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi.summary import RatingSummary

PercentileRule = Literal["weibull", "linear"]
AtEquality = Literal["agreement", "disagreement"]
Band = Literal["low", "middle", "high"]

# The interval that is disagreement when answers lie even about the middle, and what asymmetry adds to it.
SYMMETRIC = Fraction(235, 100)
CORRECTION = Fraction(3, 2)
# The panel sizes for which tables of the classic rule are published.
CLASSIC_SIZES = range(8, 26)


@dataclass(frozen=True, slots=True)
class Appropriateness:
    """What the method says about one question.

    Parameters
    ----------
    n : int
        Valid answers.
    median, p30, p70, ipr, iprcp, asymmetry, ipras, di : Fraction
        Median; 30th and 70th percentile; their distance; their middle; its distance from 5; the interpercentile
        range adjusted for symmetry, 2.35 + 1.5 asymmetry; the disagreement index ipr / ipras.
    disagreement : bool
        Whether ipr is above ipras, that is di above 1; at exactly 1 as `at_equality` said.
    band : {"low", "middle", "high"}
        1-3, 4-6 or 7-9 by the median; one exactly between two (3.5, 6.5) is in the higher.
    decision : {"low", "middle", "high"}
        The band, or "middle" (uncertain) where there is disagreement.
    classic_agreement, classic_disagreement : bool or None
        The rule by counting people; None outside panels of 8 to 25, for which no table is published.
    """

    n: int
    median: Fraction
    p30: Fraction
    p70: Fraction
    ipr: Fraction
    iprcp: Fraction
    asymmetry: Fraction
    ipras: Fraction
    di: Fraction
    disagreement: bool
    band: Band
    decision: Band
    classic_agreement: bool | None
    classic_disagreement: bool | None


def appropriateness(
    counts: Sequence[int], *, percentile: PercentileRule = "weibull", at_equality: AtEquality = "agreement"
) -> Appropriateness:
    """Median, disagreement index and classic rule of one question.

    Parameters
    ----------
    counts : sequence of int, length 9
        How many gave 1, 2, ..., 9.
    percentile : {"weibull", "linear"}
        Where the 30th and 70th percentile of n answers in order lie: at place 0.3 (n + 1) counted from 1 (type 6),
        or at place 0.3 (n - 1) counted from 0 (type 7); between two answers by proportion. They differ often.
    at_equality : {"agreement", "disagreement"}
        What a disagreement index of exactly 1 is.

    Raises
    ------
    StatisticError
        If there are no nine counts, nobody has answered, or a rule does not exist.

    Notes
    -----
    Classic rule for n people [2]_: agreement when at most floor((n - 2) / 3) answers lie outside the third of the
    scale that holds the median; disagreement when both 1-3 and 7-9 have at least floor((n + 1) / 3).

    References
    ----------
    .. [1] K. Fitch and others, The RAND/UCLA Appropriateness Method User's Manual, RAND MR-1269, 2001.
    .. [2] The same; tables for panels up to 25 in PMC5966219, table 4.

    Examples
    --------
    A published panel of 15 (doi 10.1136/bmjopen-2012-001431, table 1), its three low answers taken as 4, 5, 6:

    >>> result = appropriateness([0, 0, 0, 1, 1, 1, 5, 5, 2])
    >>> result.median, result.ipr, result.iprcp, float(result.ipras), result.disagreement
    (Fraction(7, 1), Fraction(1, 1), Fraction(15, 2), 6.1, False)
    """
    if len(counts) != 9 or any(count < 0 for count in counts) or not any(counts):
        raise StatisticError(f"nine counts of answers, some above 0, are needed, not {list(counts)}")
    if percentile not in get_args(PercentileRule):
        raise StatisticError(f'`percentile` must be "weibull" or "linear", not {percentile!r}')
    if at_equality not in get_args(AtEquality):
        raise StatisticError(f'`at_equality` must be "agreement" or "disagreement", not {at_equality!r}')
    median = percentile_of(counts, Fraction(1, 2), "linear")
    p30, p70 = (percentile_of(counts, Fraction(tenths, 10), percentile) for tenths in (3, 7))
    ipr, iprcp = p70 - p30, (p30 + p70) / 2
    asymmetry = abs(5 - iprcp)
    ipras = SYMMETRIC + CORRECTION * asymmetry
    disagreement = ipr > ipras or (ipr == ipras and at_equality == "disagreement")
    band = band_of(median)
    return Appropriateness(
        n=sum(counts),
        median=median,
        p30=p30,
        p70=p70,
        ipr=ipr,
        iprcp=iprcp,
        asymmetry=asymmetry,
        ipras=ipras,
        di=ipr / ipras,
        disagreement=disagreement,
        band=band,
        decision="middle" if disagreement else band,
        classic_agreement=_classic_agreement(counts, band),
        classic_disagreement=_classic_disagreement(counts),
    )


def rand_ucla(
    summary: RatingSummary, *, percentile: PercentileRule = "weibull", at_equality: AtEquality = "agreement"
) -> tuple[Appropriateness | None, ...]:
    """`appropriateness` of every question of a summary on the scale 1 to 9; None where nobody answered."""
    if summary.scale != NINE:
        raise StatisticError("RAND/UCLA is for ratings from 1 to 9")
    return tuple(
        appropriateness(counts, percentile=percentile, at_equality=at_equality) if any(counts) else None
        for counts in summary.histogram.tolist()
    )


def percentile_of(
    counts: Sequence[int], p: Fraction, rule: PercentileRule, points: Sequence[float] = NINE.points
) -> Fraction:
    """The percentile of answers, exact, by the rule of `appropriateness`; `counts` says how many gave each point.

    Examples
    --------
    >>> counts = [1, 1, 1, 1, 0, 0, 0, 0, 0]
    >>> percentile_of(counts, Fraction(3, 10), "weibull"), percentile_of(counts, Fraction(3, 10), "linear")
    (Fraction(3, 2), Fraction(19, 10))
    """
    upto = list(accumulate(counts))
    place = place_of(upto[-1], p, rule)
    below = place.numerator // place.denominator
    lower, upper = (points[bisect_right(upto, each)] for each in (below, min(below + 1, upto[-1] - 1)))
    step = (place - below) * (Fraction(upper) - Fraction(lower)) if upper > lower else 0
    return Fraction(lower) + step


@lru_cache(maxsize=4096)
def place_of(n: int, p: Fraction, rule: PercentileRule) -> Fraction:
    """Where the percentile of n answers in ascending order lies, from 0 to n - 1.

    Examples
    --------
    >>> place_of(4, Fraction(3, 10), "weibull"), place_of(4, Fraction(3, 10), "linear")
    (Fraction(1, 2), Fraction(9, 10))
    """
    place = (n + 1) * p - 1 if rule == "weibull" else (n - 1) * p
    return min(max(place, Fraction(0)), Fraction(n - 1))


def band_of(median: Fraction | float) -> Band:
    """The third of the scale that holds a median; one exactly between two thirds belongs to the higher.

    Examples
    --------
    >>> band_of(3), band_of(3.5), band_of(6.5)
    ('low', 'middle', 'high')
    """
    if median >= Fraction(13, 2):
        return "high"
    return "middle" if median >= Fraction(7, 2) else "low"


def _classic_agreement(counts: Sequence[int], band: Band) -> bool | None:
    n = sum(counts)
    if n not in CLASSIC_SIZES:
        return None
    third = {"low": counts[:3], "middle": counts[3:6], "high": counts[6:]}[band]
    return n - sum(third) <= (n - 2) // 3


def _classic_disagreement(counts: Sequence[int]) -> bool | None:
    n = sum(counts)
    if n not in CLASSIC_SIZES:
        return None
    return min(sum(counts[:3]), sum(counts[6:])) >= (n + 1) // 3
