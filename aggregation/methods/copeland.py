"""Copeland's rule: by the number of rivals beaten in pairs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.defeats import undecided_pairs
from aggregation.ranking import Ranking
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from aggregation.profile import Profile


def copeland(ballots: Profile | PairwiseTally) -> Ranking:
    """Items by the number of rivals they beat in pairs, half a point for each pair that is level.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        A pair is won by the item that more of the say puts strictly above the other; with sides, each side's
        ballots together hold its share. ``unranked="last"``: ranked beats unranked on that ballot, unranked
        items are level. ``unranked="absent"``: a ballot speaks only about the pairs it ranks.
        A pair that nobody compared is level.

    Returns
    -------
    Ranking
        Scores in [0, n_items - 1], in halves; higher is better. In `diagnostics`, `level_pairs` counts the pairs
        that are level, and `uncompared_pairs` those of them that no ballot compares.

    References
    ----------
    A. H. Copeland, A reasonable social welfare function, University of Michigan seminar, 1951.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> copeland(profile).scores
    array([0., 3., 2., 1.])
    """
    tally = PairwiseTally.of(ballots)
    shared = tally.shared()
    margins = shared.margins
    beaten, level = (margins > 0).sum(axis=1), (margins == 0).sum(axis=1) - 1
    scores = [Fraction(2 * int(wins) + int(ties), 2) for wins, ties in zip(beaten, level, strict=True)]
    diagnostics = account_of(tally) | undecided_pairs(shared)
    return Ranking.from_scores(tally.items, scores, method="copeland", diagnostics=diagnostics)
