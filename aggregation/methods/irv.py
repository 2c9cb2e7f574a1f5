"""Instant-runoff voting, with every way of breaking its ties."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation.account import account_of
from aggregation.methods.first_preferences import FirstPreferences
from aggregation.methods.runoff import best_places, one_way, places_on
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from aggregation.methods.runoff import Count, Items
    from aggregation.profile import Profile

# What a search over ties may cost, about a second at most: cells of the ballots looked at, and what a count and an
# item in it cost besides.
MOST_WORK = 800_000_000
A_COUNT = 10_000
AN_ITEM = 300


def irv(profile: Profile) -> Ranking:
    """Items by how long they last when the one with the fewest first places goes out and its votes move on.

    In each round a ballot counts for the item it puts first among those standing, and one item goes out.

    Parameters
    ----------
    profile : Profile
        Items level at the top of what is left of a ballot share its vote equally. Both readings of `unranked`
        give the same: a ballot that ranks none of those standing is exhausted and counts for nothing more.

    Returns
    -------
    Ranking
        No scores. Where several items have the fewest votes, each may be the one to go out, and all ways through
        are followed: the winners are all that can be the last to stand, and the others are in order of the best
        place that any way gives them. Items without any vote go out together, for their order makes no difference.

        `diagnostics["all_tie_breaks"]` says whether all ways were followed. Where these would be too many (it depends
        on the ballots alone, never on time), all items with the fewest votes go out together and are tied, or are
        the winners where these are all that stand.
        `rounds` has the votes, the exhausted say and who goes out, on one way through, where of several lowest the
        last in the order of `items` goes out; `elimination_order` is that of the same way, `tied` names the lowest
        of each round that had several, `exhausted_share` is the part of the say that counts for nobody in the
        last round.

    References
    ----------
    T. Hare, A treatise on the election of representatives, 1859; W. R. Ware's form for one seat, 1871. Ties: V.
    Conitzer, M. Rognlie, L. Xia, Preference functions that score rankings and maximum likelihood estimation, IJCAI
    2009, 109-115.

    Examples
    --------
    The capital of Tennessee, as it is commonly printed: K wins with 58 of 100 votes.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> ranking = irv(profile)
    >>> ranking.tiers
    (('K',), ('M',), ('N',), ('C',))
    >>> ranking.diagnostics["rounds"][-1]
    {'votes': {'M': 42, 'K': 58}, 'exhausted': 0, 'out': ['M']}
    """
    first = FirstPreferences.of(profile)
    places = best_places(first, profile.n_items, _most_counts(first, profile.n_items))
    way = one_way(first, profile.n_items, together=places is None)
    diagnostics = account_of(profile) | {"all_tie_breaks": places is not None} | _told(way, profile.items, first)
    tiers = _tiers(profile.items, places or places_on(way, profile.n_items))
    return Ranking(profile.items, tiers, None, "irv", diagnostics)


def _most_counts(first: FirstPreferences, n_items: int) -> int:
    """How many counts a search may take: by the size of the ballots alone, so that every machine stops alike."""
    return max(4 * n_items, MOST_WORK // (first.keys.size + A_COUNT + AN_ITEM * n_items))


def _tiers(items: tuple[str, ...], places: list[int]) -> tuple[tuple[str, ...], ...]:
    levels = sorted(set(places))
    return tuple(tuple(item for item, place in zip(items, places, strict=True) if place == level) for level in levels)


def _told(way: list[tuple[Count, Items]], items: tuple[str, ...], first: FirstPreferences) -> dict[str, Any]:
    """The rounds of one way through, as JSON holds them."""
    exhausted = [first.total - sum(count.votes) for count, _ in way]
    return {
        "rounds": [
            {
                "votes": {items[i]: first.number(votes) for i, votes in zip(count.standing, count.votes, strict=True)},
                "exhausted": first.number(lost),
                "out": [items[i] for i in out],
            }
            for (count, out), lost in zip(way, exhausted, strict=True)
        ],
        "elimination_order": [items[i] for _, out in way for i in out],
        "tied": {
            str(number): [items[i] for i in count.lowest]
            for number, (count, _) in enumerate(way, start=1)
            if len(count.lowest) > 1
        },
        "exhausted_share": float(Fraction(exhausted[-1], first.total)),
    }
