"""Approval of the first k places of each ballot."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.places import Places, check_k, say_of
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from aggregation.profile import Profile


def approval(profile: Profile, *, k: int = 10) -> Ranking:
    """Items by how many ballots place them among their first k.

    Parameters
    ----------
    profile : Profile
        Both readings of `unranked` give the same: what a ballot leaves out, it does not approve.
    k : int
        A ballot approves the items at its places 1 to k, where an item's place is 1 plus the number ranked above
        it, whatever number its rank is. Where a tie reaches beyond place k, its members share what is left of the
        k approvals: two items tied at places 10 and 11 have half an approval each. A ballot that ranks fewer than
        k items approves those.

    Returns
    -------
    Ranking
        Scores, higher is better. Without sides: approvals summed over ballots; with sides: the approving part of
        each side times its share, summed, in [0, 1].

    Raises
    ------
    MethodError
        If `k` is below 1 or above 65,535.

    References
    ----------
    S. J. Brams, P. C. Fishburn, Approval voting, American Political Science Review 72 (1978) 831-847. The rule for
    ties is that of points for places: the mean of the places a tie takes up.

    Examples
    --------
    On the ballots for the capital of Tennessee, the first two places, as they are printed for Bucklin's rule:

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> approval(profile, k=2).scores
    array([42., 68., 58., 32.])
    """
    check_k(k)
    scores = named_places(profile).scores(first_places(k, profile.n_items))
    return Ranking.from_scores(profile.items, scores, method="approval", diagnostics=account_of(profile) | {"k": k})


def named_places(profile: Profile) -> Places:
    """The places of the items that each ballot ranks."""
    say, scale = say_of(profile)
    return Places.named(profile.ranks, say, scale)


def first_places(k: int, places: int) -> list[Fraction]:
    """A point for each of the first k places, nothing for the others."""
    return [Fraction(place < k) for place in range(places)]
