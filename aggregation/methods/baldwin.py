"""Baldwin's rule: the lowest by Borda's count goes out, and the rest is counted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.methods.borda_counts import by_rounds
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from fractions import Fraction

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


def baldwin(ballots: Profile | PairwiseTally) -> Ranking:
    """Items by how long they last when the lowest by Borda's count goes out and the rest is counted again.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        Ties, and both readings of `unranked`, as for `borda`, in each round among those still standing:
        ``"last"``: ranked items are above unranked ones, which are level; ``"absent"``: half a point for both of
        a pair that a ballot does not rank.

    Returns
    -------
    Ranking
        No scores; the later an item goes out, the better. Items that are level at the lowest score go out
        together and are tied; where all that stand are level, they are the winners. `diagnostics["rounds"]` has
        the scores of each round and who goes out.

    References
    ----------
    J. M. Baldwin, The technique of the Nanson preferential majority system of election, Proceedings of the Royal
    Society of Victoria 39 (1926) 42-52.

    Examples
    --------
    Markus Schulze's example for a rule that may choose the same whichever way round all ballots are put:

    >>> from aggregation import Profile
    >>> ranking = baldwin(Profile.from_orders(["ACB", "BAC", "CBA"], unranked="last", weights=[5, 4, 2]))
    >>> ranking.tiers
    (('B',), ('A',), ('C',))
    >>> [count["scores"] for count in ranking.diagnostics["rounds"]]
    [{'A': 14, 'B': 10, 'C': 9}, {'A': 5, 'B': 6}, {'B': 0}]
    """
    return by_rounds(PairwiseTally.of(ballots), _lowest, "baldwin")


def _lowest(scores: list[Fraction]) -> list[int]:
    return [place for place, score in enumerate(scores) if score == min(scores)]
