"""Worths as a ranking: tiers, scores and what is known about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import MethodError, StatisticError
from aggregation.methods.majority import blocks_in_order
from aggregation.methods.worth_errors import centred_covariance, quasi_variances
from aggregation.methods.worth_fit import WithPrior, fit
from aggregation.methods.worth_numbers import DIGITS, rounded
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aggregation.methods.luce_ballots import DistinctBallots
    from aggregation.methods.worth_fit import Fit, Likelihood

# Log-worths nearer than this are level; equal ones differ by rounding, a thousand times less.
LEVEL = 1e-8
NAMED = 5
# Above the strongest, worths that differ by a ballot in ten thousand come nearer than what counts as level.
WEAKEST, STRONGEST = 1e-6, 1e3


def checked_prior(prior: float) -> float:
    """The prior as it is; refuses one below 0, or so weak or so strong that floats cannot tell the worths apart."""
    if not (prior == 0 or WEAKEST <= prior <= STRONGEST):
        raise MethodError(f"`prior` must be 0, or from {WEAKEST:g} to {STRONGEST:g}, not {prior}")
    return prior


def is_connected(precedes: NDArray[np.bool_]) -> bool:
    """Whether each leads to each other, by one step or more; then no estimate runs away."""
    return len(blocks_in_order(precedes)) <= 1


def refuse_without_estimate(precedes: NDArray[np.bool_], ballots: DistinctBallots, items: tuple[str, ...]) -> None:
    """Raises, naming them, where some items are never put below any other: their worths would have no end."""
    blocks = blocks_in_order(precedes)
    if len(blocks) <= 1:
        return
    named = [repr(items[place]) for place in sorted(ballots.columns[blocks[0]].tolist())]
    listed = ", ".join(named[:NAMED]) + (f" and {len(named) - NAMED} more" if len(named) > NAMED else "")
    raise StatisticError(
        f"there is no finite estimate without a prior: no ballot puts any other item above {listed}; "
        "set `prior` above 0"
    )


def rank_by_worth(
    items: tuple[str, ...],
    ballots: DistinctBallots,
    likelihood: Likelihood,
    prior: float,
    *,
    method: str,
    diagnostics: Mapping[str, Any],
) -> Ranking:
    """The ranking by the most likely worths.

    Scores are the worths, adding up to 1, rounded to nine digits; items whose log-worths differ by less than
    `LEVEL` share a tier and a score.
    """
    # One item alone has the worth 1, and no ballot says how much that is: any prior will do.
    found = fit(WithPrior(likelihood, prior if len(items) > 1 else 1.0))
    log_worths, tiers = _levelled(found.x[: len(items)])
    of_item = np.argsort(ballots.columns)
    worths = np.exp(log_worths - log_worths.max())
    worths /= worths.sum()
    scores = np.array(rounded(worths))[of_item]
    more = {
        "prior": prior,
        "worths": dict(zip(items, scores.tolist(), strict=True)),
        "log_worths": dict(zip(items, _decimals((log_worths - log_worths.mean())[of_item]), strict=True)),
        **_errors(found, ballots, items, of_item),
        "log_likelihood": rounded(np.array([likelihood.evaluate(found.x)[0] * ballots.people]))[0],
        "effective_ballots": rounded(np.array([ballots.people]))[0],
        "iterations": found.iterations,
        "fallbacks": found.fallbacks,
        "converged": found.converged,
        "tie_tolerance": LEVEL,
    }
    in_tiers = tuple(tuple(items[i] for i in sorted(ballots.columns[tier].tolist())) for tier in tiers)
    return Ranking(items, in_tiers, scores, method, {**diagnostics, **more, **likelihood.further(found.x)})


def _decimals(logs: NDArray[np.float64]) -> list[float]:
    return [round(each, DIGITS) + 0.0 for each in logs.tolist()]


def _errors(found: Fit, ballots: DistinctBallots, items: tuple[str, ...], of_item: NDArray[np.intp]) -> dict[str, Any]:
    """Standard errors of log-worths measured from their mean, and quasi-standard errors; None without ballots."""
    if not ballots.people:
        return {"standard_errors": None, "quasi_standard_errors": None}
    covariance = centred_covariance(found.information, len(items)) / ballots.people
    quasi = quasi_variances(covariance)
    shown = {}
    for name, variances in (("standard_errors", np.diag(covariance)), ("quasi_standard_errors", quasi)):
        errors = None if variances is None else rounded(np.sqrt(np.maximum(variances, 0.0))[of_item])
        shown[name] = None if errors is None else dict(zip(items, errors, strict=True))
    return shown


def _levelled(log_worths: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[list[int]]]:
    """Log-worths with those that are level made equal, and the tiers, best first."""
    order = np.argsort(-log_worths, kind="stable")
    cuts = np.flatnonzero(np.diff(-log_worths[order]) > LEVEL) + 1
    tiers = [part.tolist() for part in np.split(order, cuts)]
    levelled = log_worths.copy()
    for tier in tiers:
        levelled[tier] = log_worths[tier].mean()
    return levelled, tiers
