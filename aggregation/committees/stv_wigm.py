"""The single transferable vote by the weighted inclusive Gregory method, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.committees.gregory import GregoryCount, Manner
from aggregation.committees.papers import papers_of
from aggregation.committees.result import committee_of, cut, droop_quota, in_text, share_of
from aggregation.committees.ties import TieBreaker

if TYPE_CHECKING:
    from aggregation.committee import Committee
    from aggregation.profile import Profile

EXACT = Manner(
    passed_on=lambda value, surplus, votes: cut(value * Fraction(surplus) / votes), text=in_text, last_transfer=True
)


def stv_wigm(profile: Profile, seats: int, *, tie_break: str = "order", seed: int | None = None) -> Committee:
    """Items elected by quota, surpluses passed on by all papers alike, the lowest excluded, in exact fractions.

    Parameters
    ----------
    profile : Profile
        A tie is split: a paper goes in equal parts to all continuing items of its first tier that has any.
        Unranked items get nothing, under ``unranked="last"`` as under "absent": a paper none of whose items
        continues is exhausted. Blank ballots do not count towards the quota.
    seats : int
        How many items to elect.
    tie_break, seed
        See `TieBreaker`. Votes that are level are first looked at stage by stage, the latest first.

    Returns
    -------
    Committee
        The quota is floor(votes / (seats + 1)) + 1 (Droop). Amounts are text: "17/3", or cut after twelve
        decimals where that is too long to read. What a paper is worth is exact while its denominator has up to sixty
        digits, and cut after sixty decimals from there on: each surplus passed on after another would double them.
        With sides the whole say is 100,000 votes, shared among the sides.

    References
    ----------
    Weighted inclusive Gregory: D. M. Farrell and I. McAllister, The 1983 change in surplus vote transfer
    procedures for the Australian Senate, Australian Journal of Political Science 38 (2003) 479-491.
    Quota: H. R. Droop, On methods of electing representatives, Journal of the Statistical Society 44 (1881) 141-202.

    Examples
    --------
    Three kinds of food for a party of twenty, as in the encyclopedias: oranges go out last, for want of a quota.

    >>> from aggregation import Profile
    >>> votes = {("orange",): 4, ("pear", "orange"): 2, ("chocolate", "strawberry"): 8, ("chocolate", "sweets"): 4}
    >>> votes |= {("strawberry",): 1, ("sweets",): 1}
    >>> profile = Profile.from_orders(list(votes), unranked="absent", weights=list(votes.values()))
    >>> elected = stv_wigm(profile, 3)
    >>> elected.order, elected.diagnostics["quota"]
    (('chocolate', 'orange', 'strawberry'), 6)
    >>> elected.rounds[1]["transfers"]
    {'strawberry': '4', 'sweets': '2'}
    """
    papers = papers_of(profile)
    ties = TieBreaker(profile.items, tie_break, seed)
    quota = droop_quota(papers.total, seats)
    opening = {tiers: (Fraction(1), _whole(votes)) for tiers, votes in papers.votes.items()}
    count = GregoryCount(opening, seats, quota, EXACT, ties)
    return committee_of(
        profile,
        "stv_wigm",
        count.order,
        count.rounds,
        ties,
        votes=str(papers.total),
        quota=quota,
        exhausted_share=share_of(Fraction(count.exhausted), papers.total),
    )


def _whole(votes: Fraction) -> int | Fraction:
    return votes.numerator if votes.denominator == 1 else votes
