"""The single transferable vote by Meek's method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.committees.meek_count import MeekCount, in_billionths
from aggregation.committees.papers import papers_of
from aggregation.committees.result import committee_of, share_of
from aggregation.committees.ties import TieBreaker

if TYPE_CHECKING:
    from aggregation.committee import Committee
    from aggregation.profile import Profile


def stv_meek(profile: Profile, seats: int, *, tie_break: str = "order", seed: int | None = None) -> Committee:
    """Items elected by Meek's method: each elected item keeps just the quota of all votes that reach it.

    Parameters
    ----------
    profile : Profile
        A tie counts as the mean of all orders of its items: of a tie of two, one half of the vote meets the one
        first and one half the other. Unranked items get nothing, under ``unranked="last"`` as under "absent":
        what reaches the end of a ballot is exhausted, and lowers the quota. Blank ballots count for nothing.
    seats : int
        How many items to elect.
    tie_break, seed
        See `TieBreaker`. Items whose votes differ by no more than the surplus not yet passed on count as level.

    Returns
    -------
    Committee
        The arithmetic is that of the reference rule: nine decimals, what an item keeps rounded up, the quota
        floor(votes / (seats + 1)) in billionths plus one billionth, counted anew in every iteration, which end when
        the surplus in all is below 0.000001 or no longer falls. With sides the whole say is 100,000 votes.

    References
    ----------
    I. D. Hill, B. A. Wichmann and D. R. Woodall, Algorithm 123: single transferable vote by Meek's method,
    The Computer Journal 30 (1987) 277-281. Arithmetic: Reference Meek Rule, Proportional Representation Foundation.

    Examples
    --------
    Four for a then b, two for c, two seats: a keeps a half of each vote, and what is rounded up leaves b below c.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ab", "c"], unranked="absent", weights=[4, 2])
    >>> elected = stv_meek(profile, 2)
    >>> elected.order, elected.rounds[1]["excluded"]
    (('a', 'c'), ['b'])
    >>> elected.rounds[1]["votes"]
    {'a': '2.000000004', 'b': '1.999999996', 'c': '2.000000000'}
    """
    papers = papers_of(profile)
    ties = TieBreaker(profile.items, tie_break, seed)
    count = MeekCount(papers, seats, ties)
    return committee_of(
        profile,
        "stv_meek",
        count.order,
        count.rounds,
        ties,
        deciding_stage=count.deciding_stage,
        votes=str(papers.total),
        quota=in_billionths(count.quota),
        exhausted_share=share_of(count.exhausted, papers.total),
    )
