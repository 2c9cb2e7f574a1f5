"""Plurality: by the number of first places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.approval import first_places, named_places
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from aggregation.profile import Profile


def plurality(profile: Profile) -> Ranking:
    """Items by how many ballots put them first.

    Parameters
    ----------
    profile : Profile
        Items tied for the first place of a ballot share its vote equally. Both readings of `unranked` give the
        same: a ballot votes for what it ranks, and a blank ballot for nothing.

    Returns
    -------
    Ranking
        Scores, higher is better. Without sides: votes; with sides: the part of each side that votes for the item
        times the side's share, summed, in [0, 1].

    References
    ----------
    D. G. Saari, Geometry of voting, Springer 1994, compares it with the other rules that give points for places.

    Examples
    --------
    The capital of Tennessee:

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> plurality(profile).tiers
    (('M',), ('N',), ('K',), ('C',))
    """
    scores = named_places(profile).scores(first_places(1, profile.n_items))
    return Ranking.from_scores(profile.items, scores, method="plurality", diagnostics=account_of(profile))
