"""Nanson's rule: all below the mean of Borda's count go out, and the rest is counted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.methods.borda_counts import by_rounds
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from fractions import Fraction

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


def nanson(ballots: Profile | PairwiseTally) -> Ranking:
    """Items by how long they last when all below the mean of Borda's count go out and the rest is counted again.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        Ties, and both readings of `unranked`, as for `borda`, in each round among those still standing:
        ``"last"``: ranked items are above unranked ones, which are level; ``"absent"``: half a point for both of
        a pair that a ballot does not rank.

    Returns
    -------
    Ranking
        No scores; the later an item goes out, the better. Items strictly below the mean of those standing go out
        together and are tied; an item exactly at the mean stays. The winners are those left when all are level.
        `diagnostics["rounds"]` has the scores of each round and who goes out.

    References
    ----------
    E. J. Nanson, Methods of election, Transactions and Proceedings of the Royal Society of Victoria 19 (1882)
    197-240. "Strictly below" is the form in T. Schwartz, The logic of collective choice, Columbia University Press
    1986; another form in use takes out those at the mean as well.

    Examples
    --------
    The capital of Tennessee:

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> ranking = nanson(profile)
    >>> ranking.tiers
    (('N',), ('C',), ('M', 'K'))
    >>> ranking.diagnostics["rounds"][0]
    {'scores': {'M': 126, 'N': 194, 'C': 173, 'K': 107}, 'out': ['M', 'K']}
    """
    return by_rounds(PairwiseTally.of(ballots), _below_the_mean, "nanson")


def _below_the_mean(scores: list[Fraction]) -> list[int]:
    return [place for place, score in enumerate(scores) if score * len(scores) < sum(scores)]
