"""The Mallows model: Kemeny's order, and how closely the ballots lie around it."""

from __future__ import annotations

from fractions import Fraction
from math import expm1, log
from typing import TYPE_CHECKING

from aggregation.methods.kemeny import kemeny
from aggregation.methods.worth_numbers import rounded
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally
from aggregation.voices import as_number

if TYPE_CHECKING:
    from aggregation.profile import Profile

# Below this the expected distance is a straight line in theta, to more digits than a difference of fractions has.
FLAT = 1e-4


def mallows(ballots: Profile | PairwiseTally, *, time_limit: float = 10.0) -> Ranking:
    """The centre of the ballots, and how closely they lie around it.

    The chance of a ballot falls by exp(-theta) with each pair it has the other way round than the centre. The most
    likely centre is the Kemeny order; theta is 0 where all orders are as likely, and grows with agreement.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        The centre as in `kemeny`, whatever is tied or unranked. Theta is the maximum likelihood estimate where
        ballots are complete and without ties. Otherwise it is the one for which the expected part of pairs the
        other way round is the part found among the pairs that the ballots do put one above the other:
        ``unranked="last"`` with each ranked item above each unranked one, ``unranked="absent"`` without them.
    time_limit : float
        Seconds for the centre, as in `kemeny`.

    Returns
    -------
    Ranking
        No scores; tiers and `diagnostics` as in `kemeny`. Besides:

        theta : the dispersion, at least 0; None where no pair is compared, or none is the other way round (then
            the likelihood grows with theta without end);
        mean_distance : pairs the other way round on a ballot, on average; of all n (n - 1) / 2 pairs where not
            all are compared;
        compared : the part of all pairs that the ballots compare, 1 if all are complete and without ties;
        exact_theta : whether theta is the maximum likelihood estimate, which it is not where `compared` is below
            1, nor where `optimal` is false.

    Raises
    ------
    MethodError
        If `time_limit` is not above 0.

    References
    ----------
    C. L. Mallows, Non-null ranking models, Biometrika 44 (1957) 114-130.
    M. A. Fligner, J. S. Verducci, Distance based ranking models, JRSS B 48 (1986) 359-369.

    Examples
    --------
    Three of four people agree about two items: exp(theta) is 3.

    >>> from aggregation import Profile
    >>> ranking = mallows(Profile.from_orders(["ab", "ab", "ab", "ba"], unranked="last"))
    >>> from math import exp
    >>> ranking.tiers, round(exp(ranking.diagnostics["theta"]), 6)
    ((('a',), ('b',)), 3.0)
    """
    tally = PairwiseTally.of(ballots)
    centre = kemeny(tally, time_limit=time_limit)
    shared = tally.shared()
    m = len(tally.items)
    pairs = m * (m - 1) // 2
    found = Fraction(int(shared.counts.sum()), shared.scale)
    blank = Fraction(0) if tally.shares else Fraction(int(tally.blank.sum()), tally.unit)
    most = pairs * (Fraction(shared.total, shared.scale) - blank)
    mean = float(pairs * Fraction(centre.diagnostics["exact_cost"]) / found) if found else None
    theta = None if mean is None else dispersion(mean, m)
    compared = found / most if most else Fraction(0)
    diagnostics = {
        **centre.diagnostics,
        "theta": None if theta is None else rounded([theta])[0],
        "mean_distance": None if mean is None else rounded([mean])[0],
        "compared": as_number(compared),
        "exact_theta": theta is not None and compared == 1 and centre.diagnostics["optimal"],
    }
    return Ranking(centre.items, centre.tiers, None, "mallows", diagnostics)


def expected_distance(theta: float, n_items: int) -> float:
    """The expected number of pairs that an order has otherwise than the centre, for theta above 0.

    Examples
    --------
    >>> round(expected_distance(log(3), 2), 9)
    0.25
    """
    return sum(1 / expm1(theta) - places / expm1(places * theta) for places in range(2, n_items + 1))


def dispersion(mean_distance: float, n_items: int) -> float | None:
    """The theta at which the expected distance is the mean found; None where that is 0 or there is but one item.

    Examples
    --------
    >>> round(dispersion(0.25, 2), 9) == round(log(3), 9)
    True
    """
    from scipy.optimize import brentq

    if not mean_distance:
        return None
    middle, variance = n_items * (n_items - 1) / 4, n_items * (n_items - 1) * (2 * n_items + 5) / 72
    if mean_distance >= middle - FLAT * variance:
        return max(0.0, (middle - mean_distance) / variance)
    # The expected distance is below (n - 1) exp(-theta) / (1 - exp(-theta)); there it is below the mean found.
    most = log(1 + (n_items - 1) / mean_distance) + 1
    return float(brentq(lambda theta: expected_distance(theta, n_items) - mean_distance, FLAT / 2, most, xtol=1e-13))
