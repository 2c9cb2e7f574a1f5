"""The Plackett-Luce model: worths that make the choices on each ballot, one after another, most likely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.account import account_of
from aggregation.errors import StatisticError
from aggregation.methods.luce_ballots import distinct_ballots
from aggregation.methods.luce_choices import Choices
from aggregation.methods.luce_ties import TiedChoices
from aggregation.methods.worth_ranking import checked_prior, is_connected, rank_by_worth, refuse_without_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


def plackett_luce(profile: Profile, *, prior: float = 0.01, ties: str = "efron") -> Ranking:
    """Items by worth, where each ballot is a first choice, then one among the rest, and so on, by chance.

    The chance of an item to be chosen is its worth over the worth of all that are left.

    Parameters
    ----------
    profile : Profile
        ``unranked="last"``: a ballot's choices are made among all items, those it leaves out included, and end with
        the last item it ranks. ``unranked="absent"``: they are made among the items it ranks. With sides, each
        side's ballots together count its share. Blank ballots say nothing.
    prior : float
        The part of the say added, for each item, as wins and again as losses against an imaginary item of middling
        worth; 0 is maximum likelihood. It pulls worths toward each other and keeps them finite where an item is
        never put below another. A part of the say, so that twice the same ballots give the same worths.
    ties : {"efron", "davidson"}
        "efron": a tie of t is t choices of which nobody knows the order, by Efron's approximation; items level in
        the last place are not chosen. "davidson": a tie, in the last place too, is an outcome of its own, with a
        parameter for each size that occurs, exact for ties of any size; it can put an item below another that
        every ballot puts lower. Without ties both are the same.

    Returns
    -------
    Ranking
        Scores are the worths, adding up to 1, higher is better. In `diagnostics`, by item: `worths`, `log_worths`
        measured from their mean, their `standard_errors` and `quasi_standard_errors` (None for fewer than three
        items or where there are none), as if ballots were a sample. Besides: `log_likelihood` (without the prior),
        `mle_exists`, whether there would be an estimate without a prior (for ties="davidson" whether that is
        certain); `ties`, "none" where there are none; `largest_tie`; `tie_parameters` by size; `tie_tolerance`,
        the difference of log-worths below which items share a tier; `effective_ballots`, how many ballots of one
        equal say say as much as these; `iterations`, `fallbacks`, `converged`.

    Raises
    ------
    MethodError
        If `prior` is neither 0 nor from a millionth to a thousand.
    StatisticError
        If `prior` is 0 and no finite estimate exists, naming the items that no other is put above.

    References
    ----------
    .. [1] R. L. Plackett, The analysis of permutations, Applied Statistics 24 (1975) 193-202.
    .. [2] D. R. Hunter, MM algorithms for generalized Bradley-Terry models, Annals of Statistics 32 (2004) 384-406.
    .. [3] B. Efron, The efficiency of Cox's likelihood function for censored data, JASA 72 (1977) 557-565.
    .. [4] H. L. Turner, J. van Etten, D. Firth, I. Kosmidis, Modelling rankings in R: the PlackettLuce package,
       Computational Statistics 35 (2020) 1027-1057.

    Examples
    --------
    The toy rankings of [4]_ with half a pseudo-ranking among five: log-worths 0, 0.5184, 0.1355, -1.1538.

    >>> from aggregation import Profile
    >>> orders = ["AB", "CA", "AD", "BA", "BC"]
    >>> ranking = plackett_luce(Profile.from_orders(orders, unranked="absent"), prior=0.1)
    >>> logs = np.array(list(ranking.diagnostics["log_worths"].values()))
    >>> (logs - logs[0]).round(4).tolist()
    [0.0, 0.5184, 0.1355, -1.1538]
    """
    checked_prior(prior)
    ballots = distinct_ballots(profile)
    largest = _largest_tie(ballots.levels)
    of_ties = largest > 1 and ties == "davidson"
    likelihood = (TiedChoices if of_ties else Choices)(ballots, profile.unranked)
    precedes = likelihood.precedes
    if not prior:
        refuse_without_estimate(precedes, ballots, profile.items)
        _refuse_ties_without_estimate(likelihood)
    diagnostics: dict[str, Any] = account_of(profile) | {
        "ties": ties if largest > 1 else "none",
        "largest_tie": largest,
        "mle_exists": is_connected(precedes) and is_connected(likelihood.sizes_follow),
    }
    return rank_by_worth(profile.items, ballots, likelihood, prior, method="plackett_luce", diagnostics=diagnostics)


def _refuse_ties_without_estimate(likelihood: Choices | TiedChoices) -> None:
    if not is_connected(likelihood.sizes_follow):
        raise StatisticError(
            "there is no finite estimate without a prior: some size of tie, or a single choice, occurs always or "
            'never where it could; set `prior` above 0, or `ties` to "efron"'
        )


def _largest_tie(levels: NDArray[Any]) -> int:
    """How many items the largest tier of any ballot holds, 1 where there are no ties."""
    if not len(levels) or (levels.max(axis=1) == np.count_nonzero(levels, axis=1)).all():
        return 1
    return max(int(np.count_nonzero(levels == level, axis=1).max()) for level in range(1, int(levels.max()) + 1))
