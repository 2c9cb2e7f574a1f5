"""The Expanding Approvals Rule: a proportional choice from orders with ties."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from aggregation.committees.papers import papers_of, places
from aggregation.committees.result import COUNTED, committee_of, in_text, share_of
from aggregation.committees.ties import TieBreaker

if TYPE_CHECKING:
    from collections.abc import Collection

    from aggregation.committee import Committee
    from aggregation.committees.papers import Papers
    from aggregation.profile import Profile


def expanding_approvals(
    profile: Profile, seats: int, *, tie_break: str = "order", seed: int | None = None
) -> Committee:
    """Items that enough people support among their first places, looking further down the ballots step by step.

    At depth 1, 2, ... a ballot supports the items that fewer than so many of its items are above. An item whose
    supporters hold the quota is chosen, and they pay the quota, each the same part of what they have left. Of several
    the one with most first places is chosen, then most second places, and so on.

    Parameters
    ----------
    profile : Profile
        Tied items have the same place, so that a ballot supports them all or none. ``unranked="last"``: unranked
        items share the place after the last ranked one. ``unranked="absent"``: a ballot never supports them. Blank
        ballots count for nothing.
    seats : int
        How many items to choose.
    tie_break, seed
        See `TieBreaker`; for items that have equal numbers at every place.

    Returns
    -------
    Committee
        The quota is x + (floor(x) + 1 - x) / (items + 1) with x = votes / (seats + 1): above x, and no more
        than Droop's. Where ballots are so short that no item reaches it, the best supported is chosen all the same,
        and is in "without_quota" of its round. With sides the whole say is 100,000 votes. Amounts are written,
        and what is left to a ballot is kept, as exactly as in `stv_wigm`.

    References
    ----------
    H. Aziz and B. E. Lee, The expanding approvals rule: improving proportional representation and monotonicity,
    Social Choice and Welfare 54 (2020) 1-45.

    Examples
    --------
    Six of nine people share a and b at the top; they hold two quotas of 3.2 less what is missing.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders([[("a", "b"), "c", "d"], ["c", "d", "a", "b"]], unranked="last", weights=[6, 3])
    >>> chosen = expanding_approvals(profile, 2)
    >>> chosen.members, chosen.diagnostics["quota"]
    (('a', 'c'), '16/5')
    """
    papers = papers_of(profile, last_place=True)
    ties = TieBreaker(profile.items, tie_break, seed)
    count = _Count(papers, seats, ties)
    return committee_of(
        profile,
        "expanding_approvals",
        count.order,
        count.rounds,
        ties,
        votes=str(papers.total),
        quota=str(count.quota),
        unspent_share=share_of(count.left, papers.total),
    )


class _Count:
    """Votes left to each order, as whole numbers over one scale, while the depth grows."""

    def __init__(self, papers: Papers, seats: int, ties: TieBreaker) -> None:
        self.ties, self.seats = ties, seats
        self.order: list[int] = []
        self.rounds: list[dict[str, Any]] = []
        items = len(ties.items)
        self.quota = _quota(papers.total, seats, items)
        self._scale = lcm(*(votes.denominator for votes in papers.votes.values()))
        self._left = [int(votes * self._scale) for votes in papers.votes.values()]
        self._at: list[list[list[int]]] = [[[] for _ in range(items)] for _ in range(items + 1)]
        for row, tiers in enumerate(papers.votes):
            for place, tier in places(tiers):
                for item in tier:
                    self._at[place][item].append(row)
        self._first_places = [
            tuple(sum(self._left[row] for row in at_place[item]) for at_place in self._at) for item in range(items)
        ]
        self._supporters: list[list[int]] = [[] for _ in range(items)]
        self._run()

    @property
    def left(self) -> Fraction:
        """Votes that paid for nothing."""
        return Fraction(sum(self._left), self._scale)

    def _run(self) -> None:
        for depth in range(1, len(self._at)):
            for item, rows in enumerate(self._at[depth]):
                self._supporters[item] += rows
            while len(self.order) < self.seats and (able := self._with_quota()):
                self._choose(able, depth, without_quota=False)
        while len(self.order) < self.seats:
            support = self._support()
            most = max(support.values())
            level = [item for item, votes in support.items() if votes == most]
            self._choose(level, len(self._at) - 1, without_quota=True)

    def _support(self) -> dict[int, int]:
        return {
            item: sum(self._left[row] for row in rows)
            for item, rows in enumerate(self._supporters)
            if item not in self.order
        }

    def _with_quota(self) -> list[int]:
        return [item for item, votes in self._support().items() if votes >= self.quota * self._scale]

    def _choose(self, able: Collection[int], depth: int, *, without_quota: bool) -> None:
        best = max(self._first_places[item] for item in able)
        level = [item for item in able if self._first_places[item] == best]
        item = self.ties.first(level, len(self.rounds) + 1, "elected")
        support = {other: Fraction(votes, self._scale) for other, votes in self._support().items()}
        price = min(self.quota, support[item])
        self._pay(item, price, support[item])
        self.order.append(item)
        name = self.ties.items
        self.rounds.append(
            {
                "stage": len(self.order),
                "depth": depth,
                "support": {name[other]: in_text(votes) for other, votes in support.items()},
                "paid": in_text(price),
                "left": in_text(self.left),
                "elected": [name[item]],
                "without_quota": [name[item]] if without_quota else [],
                "excluded": [],
            }
        )

    def _pay(self, item: int, price: Fraction, support: Fraction) -> None:
        """The supporters keep the same part of what each of them had."""
        if not support:
            return
        kept = (support - price) / support
        paying = set(self._supporters[item])
        left = [votes * (kept.numerator if row in paying else kept.denominator) for row, votes in enumerate(self._left)]
        scale = self._scale * kept.denominator
        divisor = gcd(scale, *left)
        if scale // divisor > COUNTED:
            left, scale, divisor = [votes * COUNTED // scale for votes in left], COUNTED, 1
        self._left, self._scale = [votes // divisor for votes in left], scale // divisor


def _quota(total: Fraction, seats: int, items: int) -> Fraction:
    even = total / (seats + 1)
    return even + (even // 1 + 1 - even) / (items + 1)
