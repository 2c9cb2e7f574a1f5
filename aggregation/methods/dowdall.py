"""Dowdall's rule: one point for a first place, a half for a second, a third for a third."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.positional import scores_by_place
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from aggregation.profile import Profile


def dowdall(profile: Profile) -> Ranking:
    """Items by points for their places: 1 for the first, 1/2 for the second, 1/3 for the third, and so on.

    Parameters
    ----------
    profile : Profile
        Ties, and both readings of `unranked`, as for `positional`: tied items share the mean of their places'
        points; ``"last"``: unranked items are tied at the last places; ``"absent"``: half as if they were tied at
        the last places and half as if they were at the first.

    Returns
    -------
    Ranking
        Scores, higher is better. Without sides: points summed over ballots; with sides: the mean points of each
        side's ballots times its share, summed. A blank ballot gives every item the same.

    References
    ----------
    J. Fraenkel, B. Grofman, The Borda count and its real-world alternatives: comparing scoring rules in Nauru and
    Slovenia, Australian Journal of Political Science 49 (2014) 186-205. In use in Nauru since 1971.

    Examples
    --------
    The capital of Tennessee, as printed in the Electowiki, where Borda's count is won by N as well, but M is third:

    >>> from aggregation import Profile
    >>> orders = ["MNCK", "NCKM", "CKNM", "KCNM"]
    >>> profile = Profile.from_orders(orders, "MNCK", unranked="last", weights=[42, 26, 15, 17])
    >>> dowdall(profile).scores.round(3)
    array([56.5  , 57.667, 50.5  , 43.667])
    """
    points = [Fraction(1, place) for place in range(1, profile.n_items + 1)]
    scores = scores_by_place(profile, points)
    return Ranking.from_scores(profile.items, scores, method="dowdall", diagnostics=account_of(profile))
