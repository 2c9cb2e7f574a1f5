"""Phragmén's sequential rule on the first places of each ballot."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation.committees.papers import papers_of, places
from aggregation.committees.result import committee_of, in_text, share_of
from aggregation.committees.ties import TieBreaker
from aggregation.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.committee import Committee
    from aggregation.committees.papers import Papers, Tiers
    from aggregation.profile import Profile

Approvals = dict[frozenset[int], Fraction]


def phragmen(
    profile: Profile, seats: int, *, r: int | None = None, tie_break: str = "order", seed: int | None = None
) -> Committee:
    """Items chosen one by one so that the burden of each is shared evenly among the people who approve of it.

    Each chosen item is a load of 1, borne by the ballots that approve of it, so that these all end with the same load
    for each vote. The next item is always the one that leaves this load lowest.

    Parameters
    ----------
    profile : Profile
        A ballot approves of the items that fewer than `r` of its items are above: of all tied items or none.
        Unranked items are approved by nobody, under ``unranked="last"`` as under "absent".
    seats : int
        How many items to choose.
    r : int, optional
        How many places of a ballot count as approval; the number of seats when left out.
    tie_break, seed
        See `TieBreaker`; for items that would leave the same load.

    Returns
    -------
    Committee
        Loads are exact, as text; where that is too long to read, to twelve decimals. Where no ballot approves of any
        item left, the tie-breaker fills the seats and the round has no load.
        `diagnostics["unrepresented_share"]` is the part of all votes of ballots that approve of no chosen item. With
        sides the whole say is 100,000 votes.

    Raises
    ------
    MethodError
        If `r` is below 1.

    References
    ----------
    E. Phragmen, Sur une methode nouvelle pour realiser, dans les elections, la representation proportionnelle des
    partis, 1894; S. Janson, Phragmen's and Thiele's election methods, arXiv 1611.08826 (2016).

    Examples
    --------
    The example that goes back to Phragmen: A first, then Q, then B.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ABC", "PQR", "ABQ", "APQ"], unranked="absent", weights=[1034, 519, 90, 47])
    >>> chosen = phragmen(profile, 3)
    >>> chosen.order, chosen.rounds[0]["load"]
    (('A', 'Q', 'B'), '1/1171')
    """
    if r is not None and r < 1:
        raise MethodError(f"`r` must be 1 or above, not {r}")
    depth = seats if r is None else r
    papers = papers_of(profile)
    ties = TieBreaker(profile.items, tie_break, seed)
    approvals = _approvals(papers, depth)
    order, rounds = _count(approvals, seats, ties)
    unrepresented = sum((votes for approved, votes in approvals.items() if approved.isdisjoint(order)), Fraction(0))
    return committee_of(
        profile,
        "phragmen",
        order,
        rounds,
        ties,
        votes=str(papers.total),
        approved_places=depth,
        unrepresented_share=share_of(unrepresented, papers.total),
    )


def _approvals(papers: Papers, depth: int) -> Approvals:
    votes: dict[frozenset[int], Fraction] = defaultdict(Fraction)
    for tiers, number in papers.votes.items():
        votes[_approved(tiers, depth)] += number
    return votes


def _approved(tiers: Tiers, depth: int) -> frozenset[int]:
    return frozenset(item for place, tier in places(tiers) if place <= depth for item in tier)


class _Burden:
    """For each item, how many votes of its supporters bear which load; loads are known by their stage, 0 is none."""

    def __init__(self, approvals: Approvals, items: int) -> None:
        self.loads = [Fraction(0)]
        self._sets = list(approvals)
        self._votes = list(approvals.values())
        self._stage = [0] * len(self._sets)
        self._behind: list[list[int]] = [[] for _ in range(items)]
        self._bearing: list[dict[int, Fraction]] = [defaultdict(Fraction) for _ in range(items)]
        for row, (approved, votes) in enumerate(approvals.items()):
            for item in approved:
                self._behind[item].append(row)
                self._bearing[item][0] += votes

    def after(self, item: int) -> Fraction | None:
        """The load for each vote if the item were chosen next; None where nobody approves of it."""
        votes = sum(self._bearing[item].values(), Fraction(0))
        borne = sum((self.loads[stage] * part for stage, part in self._bearing[item].items()), Fraction(1))
        return borne / votes if votes else None

    def put_on(self, item: int, load: Fraction) -> None:
        """The item's supporters bear this load from now on."""
        self.loads.append(load)
        for row in self._behind[item]:
            for other in self._sets[row]:
                self._bearing[other][self._stage[row]] -= self._votes[row]
                self._bearing[other][len(self.loads) - 1] += self._votes[row]
            self._stage[row] = len(self.loads) - 1


def _count(approvals: Approvals, seats: int, ties: TieBreaker) -> tuple[list[int], list[dict[str, Any]]]:
    order: list[int] = []
    rounds: list[dict[str, Any]] = []
    burden = _Burden(approvals, len(ties.items))
    left = set(range(len(ties.items)))
    for stage in range(1, seats + 1):
        after = {item: load for item in sorted(left) if (load := burden.after(item)) is not None}
        least = min(after.values(), default=None)
        level = [item for item in after if after[item] == least] or sorted(left)
        item = ties.first(level, stage, "elected")
        if least is not None:
            burden.put_on(item, least)
        left.remove(item)
        order.append(item)
        rounds.append(_written(stage, item, after, ties))
    return order, rounds


def _written(stage: int, item: int, after: Mapping[int, Fraction], ties: TieBreaker) -> dict[str, Any]:
    name = ties.items
    return {
        "stage": stage,
        "load": in_text(after[item]) if item in after else None,
        "loads": {name[other]: in_text(load) for other, load in after.items()},
        "elected": [name[item]],
        "without_support": [] if item in after else [name[item]],
        "excluded": [],
    }
