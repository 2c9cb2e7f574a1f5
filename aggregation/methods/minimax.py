"""The minimax rule (Simpson and Kramer): by the worst defeat."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.methods.defeats import defeats, undecided_pairs
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from aggregation.profile import Profile

Scoring = Literal["winning", "margins", "opposition"]


def minimax(ballots: Profile | PairwiseTally, *, scoring: Scoring = "winning") -> Ranking:
    """Items by their worst defeat in pairs, the smallest first.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        With sides, each side's ballots together hold its share. ``unranked="last"``: ranked beats unranked on that
        ballot, unranked items are level. ``unranked="absent"``: a ballot speaks only about the pairs it ranks.
    scoring : {"winning", "margins", "opposition"}
        What a defeat of i by j measures: the say that puts j above i where that is more than the say the other
        way round ("winning"), the difference of the two ("margins"), or the say that puts j above i, whether that
        is a defeat or not ("opposition").

    Returns
    -------
    Ranking
        Scores are the worst defeats, 0 where there is none, in ballots (without sides) or as a share of the say;
        lower is better. `diagnostics` count the pairs that are level and those that no ballot compares.

    References
    ----------
    P. B. Simpson, On defining areas of voter choice, Quarterly Journal of Economics 83 (1969) 478-490.
    G. H. Kramer, A dynamical model of political equilibrium, Journal of Economic Theory 16 (1977) 310-334.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> minimax(profile).scores
    array([58.,  0., 68., 83.])
    >>> minimax(profile, scoring="opposition").scores
    array([58., 42., 68., 83.])
    """
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    lost = shared.counts if scoring == "opposition" else defeats(shared, scoring)
    worst = [Fraction(int(most), shared.scale) for most in lost.max(axis=0).tolist()]
    diagnostics = account_of(tally) | {"scoring": scoring} | undecided_pairs(shared)
    tiers = Ranking.from_scores(tally.items, [-score for score in worst], method="minimax", diagnostics={}).tiers
    scores = np.array([float(score) for score in worst])
    return Ranking(tally.items, tiers, scores, "minimax", diagnostics)
