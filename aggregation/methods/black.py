"""Black's rule: by Borda's count, but whoever beats every other comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation.account import account_of
from aggregation.methods.borda_counts import borda_scores
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally
from aggregation.voices import as_number

if TYPE_CHECKING:
    from fractions import Fraction

    from aggregation.profile import Profile


def black(ballots: Profile | PairwiseTally) -> Ranking:
    """Items by their Borda scores, but an item that beats every other in pairs comes first.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        Ties, and both readings of `unranked`, as for `borda` and `copeland`: ``"last"``: ranked items are above
        unranked ones, which are level; ``"absent"``: a ballot says nothing about the pairs it does not rank,
        which in Borda's count is half a point for both.

    Returns
    -------
    Ranking
        No scores: the first place need not be that of the best Borda score. `diagnostics` has the
        `condorcet_winner`, None where no item beats every other, and the `borda` scores.

    References
    ----------
    D. Black, The theory of committees and elections, Cambridge University Press 1958.

    Examples
    --------
    Nobody beats both others in 25 ABC, 40 BCA, 35 CAB, so that C wins by Borda's count, where Baldwin's rule finds B:

    >>> from aggregation import Profile
    >>> ranking = black(Profile.from_orders(["ABC", "BCA", "CAB"], unranked="last", weights=[25, 40, 35]))
    >>> ranking.winners, ranking.diagnostics["condorcet_winner"], ranking.diagnostics["borda"]
    (('C',), None, {'A': 85, 'B': 105, 'C': 110})
    """
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    scores = borda_scores(shared, range(len(tally.items)))
    beaten = (shared.margins > 0).sum(axis=1)
    first = np.flatnonzero(beaten == len(tally.items) - 1).tolist()
    diagnostics = account_of(tally) | {
        "condorcet_winner": tally.items[first[0]] if first else None,
        "borda": {item: as_number(score) for item, score in zip(tally.items, scores, strict=True)},
    }
    order = Ranking.from_scores(tally.items, _with_first(scores, first), method="black", diagnostics=diagnostics)
    return Ranking(order.items, order.tiers, None, "black", diagnostics)


def _with_first(scores: list[Fraction], first: list[int]) -> list[Fraction]:
    return [max(scores) + 1 if item in first else score for item, score in enumerate(scores)]
