"""Points for places, by any list of points."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.errors import MethodError
from aggregation.methods.places import Places, say_of
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.profile import Profile

# So that every sum of points has a float near it.
MOST_POINTS = 10**15


def positional(profile: Profile, *, vector: Sequence[Fraction | int | float | str] | None = None) -> Ranking:
    """Items by the points of their places on the ballots, by a list of points that the caller gives.

    Parameters
    ----------
    profile : Profile
        Tied items share the mean of the points of the places they take up. ``unranked="last"``: the unranked
        items of a ballot are tied at its last places. ``unranked="absent"``: a ballot counts half as if they were
        tied at its last places and half as if they were tied at its first, so that being left out neither helps
        nor harms; with the points n_items - 1, ..., 1, 0 both readings are those of `borda`.
    vector : sequence of numbers
        Points for place 1, 2, 3 and so on; they never go up. Places beyond the list have 0, and points for more
        places than there are items are not used. "1/3" and Fraction are exact; 0.1 is the binary fraction nearest
        to it.

    Returns
    -------
    Ranking
        Scores, higher is better. Without sides: points summed over ballots; a blank ballot gives every item the
        same. With sides: the mean points of each side's ballots times its share, summed.
        `diagnostics["vector"]` has the points of every place as exact fractions.

    Raises
    ------
    MethodError
        If `vector` is left out or empty, holds what is no number or one beyond 10 to the 15th, or goes up, be it
        from its last number to the 0 of the places beyond it.

    References
    ----------
    H. P. Young, Social choice scoring functions, SIAM Journal on Applied Mathematics 28 (1975) 824-838.

    Examples
    --------
    Three points for the first place, one for the second, on the ballots for the capital of Tennessee:

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> positional(profile, vector=[3, 1]).scores
    array([126., 120.,  88.,  66.])
    """
    points = _points(vector, profile.n_items)
    diagnostics = account_of(profile) | {"vector": [str(each) for each in points]}
    scores = scores_by_place(profile, points)
    return Ranking.from_scores(profile.items, scores, method="positional", diagnostics=diagnostics)


def scores_by_place(profile: Profile, points: Sequence[Fraction]) -> list[Fraction]:
    """The exact score of each item where every place of every ballot has points, one for each item."""
    say, scale = say_of(profile)
    scores = Places.every(profile.ranks, say, scale).scores(points)
    if profile.unranked == "last" or profile.ranks.all():
        return scores
    turned = Places.every(profile.ranks, say, scale, unranked_first=True).scores(points)
    return [(below + above) / 2 for below, above in zip(scores, turned, strict=True)]


def _points(vector: Sequence[Fraction | int | float | str] | None, places: int) -> list[Fraction]:
    """The points of each place; refuses a list that is none."""
    if vector is None or not len(vector):
        raise MethodError('`vector` is needed: the points for place 1, 2, and so on, for example "5,4,3,2,1"')
    try:
        given = [Fraction(each) for each in vector]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError) as wrong:
        raise MethodError(f"`vector` must be numbers, not {vector!r}") from wrong
    if max(map(abs, given)) > MOST_POINTS:
        raise MethodError(f"`vector` must hold numbers of at most {MOST_POINTS:.0e}")
    points = given + [Fraction(0)] * (places - len(given))
    for place, (better, worse) in enumerate(pairwise(points), start=1):
        if better < worse:
            raise MethodError(f"`vector` goes up: place {place} has {better} and place {place + 1} has {worse}")
    return points[:places]
