"""The single transferable vote as Scottish councils are elected."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.committees.gregory import GregoryCount, Manner
from aggregation.committees.papers import papers_of
from aggregation.committees.result import committee_of, droop_quota, share_of
from aggregation.committees.ties import TieBreaker

if TYPE_CHECKING:
    from aggregation.committee import Committee
    from aggregation.committees.papers import Papers, Tiers
    from aggregation.profile import Profile

PLACES = 5
VOTE = 10**PLACES


def in_decimals(units: int) -> str:
    """An amount in units of a hundred-thousandth of a vote, as text: 123456 is "1.23456"."""
    return f"{units // VOTE}.{units % VOTE:0{PLACES}d}"


FIVE_DECIMALS = Manner(
    passed_on=lambda value, surplus, votes: value * surplus // votes, text=in_decimals, last_transfer=False
)


def stv_scottish(profile: Profile, seats: int, *, tie_break: str = "order", seed: int | None = None) -> Committee:
    """Items elected by the rules of Scottish council elections, with their arithmetic of five decimals.

    Parameters
    ----------
    profile : Profile
        A paper counts up to its first tie, where the voter's next choice is no longer clear; one that begins with
        a tie is not valid, and "rejected" in the diagnostics. Unranked items get nothing, under
        ``unranked="last"`` as under "absent".
    seats : int
        How many items to elect.
    tie_break, seed
        See `TieBreaker`; the law draws lots. Votes that are level are first looked at stage by stage, the latest
        first. Where the lowest of several level items are level at that stage too, the search goes on among them.

    Returns
    -------
    Committee
        The quota is floor(valid papers / (seats + 1)) + 1. What a paper is worth after a surplus went on is cut
        after five decimals; what is cut off is "lost" in each round. When the items that continue are as many as
        the seats left they are elected, and nothing more is transferred. With sides, or weights that are not whole,
        there are no papers to count: the votes behind each order are handled as one paper worth as much.

    References
    ----------
    The Scottish Local Government Elections Order 2007, SSI 2007/42, schedule 1, rules 45 to 52.

    Examples
    --------
    Seven papers, two seats: the first choice of five has 5, the quota is 3, and each paper goes on worth 0.40000.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ab", "ac", "c", "b"], unranked="absent", weights=[3, 2, 1, 1])
    >>> elected = stv_scottish(profile, 2)
    >>> elected.order, elected.rounds[1]["votes"]
    (('a', 'b'), {'a': '3.00000', 'b': '2.20000', 'c': '1.80000'})
    """
    every = papers_of(profile)
    papers = every.until_tie()
    ties = TieBreaker(profile.items, tie_break, seed)
    quota = droop_quota(papers.total, seats)
    count = GregoryCount(_opening(papers), seats, quota * VOTE, FIVE_DECIMALS, ties)
    return committee_of(
        profile,
        "stv_scottish",
        count.order,
        count.rounds,
        ties,
        votes=str(papers.total),
        rejected=str(every.total - papers.total),
        quota=quota,
        exhausted_share=share_of(Fraction(count.exhausted, VOTE), papers.total),
    )


def _opening(papers: Papers) -> dict[Tiers, tuple[int, int]]:
    if papers.whole:
        return {tiers: (VOTE, int(votes)) for tiers, votes in papers.votes.items()}
    return {tiers: (int(votes * VOTE), 1) for tiers, votes in papers.votes.items()}
