"""Whom a list represents: for everybody, each side and each group, how much of what they put first is on it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from aggregation.committees.papers import papers_of, places
from aggregation.errors import MethodError, ProfileError
from aggregation.voices import as_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aggregation.committees.papers import Papers, Tiers
    from aggregation.profile import Profile

Kind = Literal["all", "side", "group"]


@dataclass(frozen=True, slots=True)
class Representation:
    """What a list holds for some people; the means are None where none of them ranks anything.

    Parameters
    ----------
    kind, name : str
        "all" (its name is empty), or a "side" or "group" with its name.
    n, blank : number
        Ballots that rank something, which the means are over, and those that rank nothing. Weights counted.
    of_own : Fraction or None
        Mean number of a person's own first k that are on a list of k, in [0, k].
    reached : Fraction or None
        Part of the people with at least one of their first `top` on the list, in [0, 1].
    best_place : Fraction or None
        Mean place that people give to the listed item they put highest, 1 = best, over those who rank any.
    none_ranked : Fraction or None
        Part of the people who rank nothing that is on the list, in [0, 1].
    """

    kind: Kind
    name: str
    n: int | float
    blank: int | float
    of_own: Fraction | None
    reached: Fraction | None
    best_place: Fraction | None
    none_ranked: Fraction | None

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON holds it, fractions as numbers."""
        row = {name: getattr(self, name) for name in self.__slots__}
        return {name: as_number(value) if isinstance(value, Fraction) else value for name, value in row.items()}


def represented(profile: Profile, chosen: Sequence[str], *, top: int = 3) -> tuple[Representation, ...]:
    """How much of what people put first is on a list: everybody, then each side, then each group.

    Small groups are told with their numbers; whether they may be shown is for the reader to decide.

    Parameters
    ----------
    profile : Profile
        A place is one more than the number of items above, so that tied items share the best of their places. For
        `of_own` a tie across the k-th place counts in part: two places for three tied items are 2/3 for each.
        Unranked items are nobody's first, under ``unranked="last"`` as under "absent". For everybody, sides count
        by their shares; within a side or a group every ballot counts by its weight.
    chosen : sequence of str, length k
        Ids of the listed items, in any order.
    top : int
        How many first places `reached` looks at.

    Raises
    ------
    ProfileError
        If nothing is listed, an item is listed twice, or one is not among the items.
    MethodError
        If `top` is below 1.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["abcd", "abdc", "cdab", "dcba"], unranked="last", groups=["carers", "carers", "staff", "staff"]
    ... )
    >>> for row in represented(profile, ["a", "b"], top=2):
    ...     print(row.kind, row.name, row.n, row.of_own, row.reached, row.best_place)
    all  4 1 1/2 2
    group carers 2 2 1 1
    group staff 2 0 0 3
    """
    if top < 1:
        raise MethodError(f"`top` must be 1 or above, not {top}")
    listed = _columns(profile, chosen)
    everybody = papers_of(profile)
    rows = [_row("all", "", profile, everybody, listed, top)]
    for kind, name, part in _parts(profile):
        rows.append(_row(kind, name, part, papers_of(part), listed, top))
    return tuple(rows)


def own_first(tiers: Tiers, k: int) -> Iterator[tuple[int, Fraction]]:
    """Each item that a ballot has among its first k, and to what part: all of it, or less in a tie across place k."""
    for place, tier in places(tiers):
        within = min(len(tier), k - place + 1)
        if within <= 0:
            return
        for item in tier:
            yield item, Fraction(within, len(tier))


def _columns(profile: Profile, chosen: Sequence[str]) -> frozenset[int]:
    if not chosen:
        raise ProfileError("the list is empty")
    if len(set(chosen)) < len(chosen):
        raise ProfileError(f"{next(item for item in chosen if chosen.count(item) > 1)!r} is listed twice")
    return frozenset(map(profile.column_of, chosen))


def _parts(profile: Profile) -> Iterator[tuple[Kind, str, Profile]]:
    for name, part in profile.by_side().items():
        yield "side", name, part
    for name, part in profile.by_group().items():
        yield "group", name, part


def _row(kind: Kind, name: str, people: Profile, papers: Papers, listed: Collection[int], top: int) -> Representation:
    speaking = people.ranks.any(axis=1)
    n, blank = (Fraction(int(people.counts[which].sum()), people.unit) for which in (speaking, ~speaking))
    best = [(_best_place(tiers, listed), votes) for tiers, votes in papers.votes.items()]
    total = papers.total
    ranking_any = sum((votes for place, votes in best if place), Fraction(0))
    return Representation(
        kind=kind,
        name=name,
        n=as_number(n),
        blank=as_number(blank),
        of_own=_mean(
            (
                (part, votes)
                for tiers, votes in papers.votes.items()
                for item, part in own_first(tiers, len(listed))
                if item in listed
            ),
            total,
        ),
        reached=_mean(((1, votes) for place, votes in best if 0 < place <= top), total),
        best_place=_mean(best, ranking_any),
        none_ranked=_mean(((1, votes) for place, votes in best if not place), total),
    )


def _best_place(tiers: Tiers, listed: Collection[int]) -> int:
    """The place of the highest listed item; 0 where none is ranked."""
    return next((place for place, tier in places(tiers) if any(item in listed for item in tier)), 0)


def _mean(values: Any, total: Fraction) -> Fraction | None:
    return sum((value * votes for value, votes in values), Fraction(0)) / total if total else None
