"""Borda's rule: a point for each rival that a ballot puts lower."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from aggregation.profile import Profile


def borda(ballots: Profile | PairwiseTally) -> Ranking:
    """Items by the number of rivals they are put above, half a point for each they are level with.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        Ties share the mean of their points. ``unranked="last"``: unranked items are below all ranked ones and
        tied with each other. ``unranked="absent"``: a ballot gives half a point for each pair it does not
        compare, to both, so that an item nobody could judge is neither helped nor harmed by it.

    Returns
    -------
    Ranking
        Scores, higher is better. Without sides: points summed over ballots, each giving n_items - 1 to an item
        above all others and 0 to one below all. With sides: the mean points of each side's ballots times its
        share, summed, in [0, n_items - 1]; the ballots of a side are those that rank at least one item.

    References
    ----------
    J.-C. de Borda, Memoire sur les elections au scrutin, Histoire de l'Academie Royale des Sciences, 1781.
    Ties: P. Emerson, The original Borda count and partial voting, Social Choice and Welfare 40 (2013) 353-358.

    Examples
    --------
    The capital of Tennessee: the scores are those commonly printed for it.

    >>> from aggregation import Profile
    >>> orders = ["MNCK", "NCKM", "CKNM", "KCNM"]
    >>> profile = Profile.from_orders(orders, "MNCK", unranked="last", weights=[42, 26, 15, 17])
    >>> ranking = borda(profile)
    >>> ranking.winners, ranking.scores
    (('N',), array([126., 194., 173., 107.]))
    """
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    net = shared.margins.sum(axis=1)
    most = shared.total * (len(tally.items) - 1)
    scores = [Fraction(most + int(each), 2 * shared.scale) for each in net]
    return Ranking.from_scores(tally.items, scores, method="borda", diagnostics=account_of(tally))
