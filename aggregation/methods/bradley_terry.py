"""The Bradley-Terry model: worths that make what was preferred to what, pair by pair, most likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.luce_ballots import distinct_ballots
from aggregation.methods.pair_choices import PairChoices
from aggregation.methods.worth_ranking import checked_prior, is_connected, rank_by_worth, refuse_without_estimate

if TYPE_CHECKING:
    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


def bradley_terry(profile: Profile, *, prior: float = 0.01) -> Ranking:
    """Items by worth, where each ballot compares its items two by two.

    The chance of an item to be put above another is its worth over the worth of both.

    Parameters
    ----------
    profile : Profile
        Level items count as half a win for each. ``unranked="last"``: every ballot compares all items, those it
        leaves out as below the others and level with each other; the order is then that of Borda's rule.
        ``unranked="absent"``: a ballot compares only the items it ranks. With sides, each side's ballots together
        count its share. Blank ballots say nothing.
    prior : float
        The part of the say added, for each item, as wins and again as losses against an imaginary item of middling
        worth; 0 is maximum likelihood.

    Returns
    -------
    Ranking
        Scores are the worths, adding up to 1, higher is better. `diagnostics` as for `plackett_luce`. Standard
        errors take every comparison for a chance of its own; those of one ballot are not, so they are too small.

    Raises
    ------
    MethodError
        If `prior` is neither 0 nor from a millionth to a thousand.
    StatisticError
        If `prior` is 0 and no finite estimate exists, naming the items that no other is put above.

    References
    ----------
    R. A. Bradley, M. E. Terry, Rank analysis of incomplete block designs, Biometrika 39 (1952) 324-345.
    L. R. Ford, Solution of a ranking problem from binary comparisons, American Mathematical Monthly 64 (1957) 28-33:
    when the estimate exists.

    Examples
    --------
    Two items, three wins to one: the worths are as the wins.

    >>> from aggregation import Profile
    >>> bradley_terry(Profile.from_orders(["ab", "ab", "ab", "ba"], unranked="last"), prior=0).scores
    array([0.75, 0.25])
    """
    checked_prior(prior)
    ballots = distinct_ballots(profile)
    likelihood = PairChoices(ballots, profile.unranked)
    if not prior:
        refuse_without_estimate(likelihood.precedes, ballots, profile.items)
    diagnostics = account_of(profile) | {"mle_exists": is_connected(likelihood.precedes)}
    return rank_by_worth(profile.items, ballots, likelihood, prior, method="bradley_terry", diagnostics=diagnostics)
