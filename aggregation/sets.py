"""Who beats whom in pairs, taken as a whole: the Condorcet winner and loser, the Smith and the Schwartz set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation.methods.majority import blocks_in_order, reachable
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from aggregation.profile import Profile

# In all of these an item beats another where more of the say puts it strictly above than below; with sides, each
# side's ballots together hold its share. A pair that is level, or that nobody compares, is beaten by neither.


def condorcet_winner(ballots: Profile | PairwiseTally) -> str | None:
    """The item that beats every other in pairs, None where there is none.

    References
    ----------
    Marquis de Condorcet, Essai sur l'application de l'analyse, Paris 1785.

    Examples
    --------
    >>> from aggregation import Profile
    >>> condorcet_winner(Profile.from_orders(["abc", "bac", "cab"], unranked="last"))
    'a'
    """
    tally = PairwiseTally.of(ballots)
    beats = tally.margins() > 0
    best = np.flatnonzero(beats.sum(axis=1) == len(beats) - 1)
    return tally.items[best[0]] if best.size else None


def condorcet_loser(ballots: Profile | PairwiseTally) -> str | None:
    """The item that every other beats in pairs, None where there is none; an item alone loses to nobody.

    References
    ----------
    P. C. Fishburn, Condorcet social choice functions, SIAM Journal on Applied Mathematics 33 (1977) 469-489.

    Examples
    --------
    >>> from aggregation import Profile
    >>> condorcet_loser(Profile.from_orders(["abc", "bac", "cab"], unranked="last"))
    'c'
    """
    tally = PairwiseTally.of(ballots)
    beats = tally.margins() > 0
    worst = np.flatnonzero(beats.sum(axis=0) == len(beats) - 1)
    return tally.items[worst[0]] if worst.size and len(beats) > 1 else None


def smith_set(ballots: Profile | PairwiseTally) -> tuple[str, ...]:
    """The fewest items that each beat every item outside, in the order of the items; never empty.

    References
    ----------
    J. H. Smith, Aggregation of preferences with variable electorate, Econometrica 41 (1973) 1027-1041.

    Examples
    --------
    >>> from aggregation import Profile
    >>> smith_set(Profile.from_orders(["abcd", "bcad", "cabd"], unranked="last"))
    ('a', 'b', 'c')
    """
    tally = PairwiseTally.of(ballots)
    return tuple(tally.items[i] for i in blocks_in_order(tally.margins() >= 0)[0])


def schwartz_set(ballots: Profile | PairwiseTally) -> tuple[str, ...]:
    """The items that beat, in one or more steps, whatever beats them in one or more; never empty.

    It is within the Smith set, and smaller where pairs are level: the union of the smallest sets that nothing
    outside beats.

    References
    ----------
    T. Schwartz, Rationality and the myth of the maximum, Nous 6 (1972) 97-117.

    Examples
    --------
    Both b and c are level with a; b beats c:

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["abc", "bca"], unranked="last")
    >>> smith_set(profile), schwartz_set(profile)
    (('a', 'b', 'c'), ('a', 'b'))
    """
    tally = PairwiseTally.of(ballots)
    leads = reachable(tally.margins() > 0)
    return tuple(tally.items[i] for i in np.flatnonzero((leads | ~leads.T).all(axis=1)))
