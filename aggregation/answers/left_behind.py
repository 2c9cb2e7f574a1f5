"""Which items a group surely puts among its first, and the list does not have: each wants an answer in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.answers.people import people_who_rank
from aggregation.errors import MethodError, ProfileError, StatisticError
from aggregation.registry import method_named, rank
from aggregation.uncertainty.bootstrap import places_in_draws, worst_places
from aggregation.uncertainty.intervals import DRAWS_AT_MOST
from aggregation.uncertainty.people import sides_of

if TYPE_CHECKING:
    from aggregation.profile import Profile
    from aggregation.ranking import Ranking

FLOOR = 5
# From how many of 100 panels drawn anew on an item counts as surely among a group's first.
SURE = 80
# So many items a group may have left behind: three or more would be a list of its own.
MOST = 2

WhyNot = Literal["too_few", "all_alike"]


@dataclass(frozen=True, slots=True)
class OwnItem:
    """An item among a group's own first, in `chance` (0 to 1) of the panels drawn anew from the group.

    `place` is its place on the group's own list, `listed_at` on the list of all; the `gap` between them is how far
    behind the group's wish it stands.
    """

    item: str
    chance: float
    place: int
    listed_at: int

    @property
    def gap(self) -> int:
        """How many places further down it is on the list of all."""
        return self.listed_at - self.place


@dataclass(frozen=True, slots=True)
class GroupList:
    """What a group puts first, and what of that is left behind.

    Parameters
    ----------
    name : str
    people : int
        Who rank anything.
    why_not : {"too_few", "all_alike"} or None
        Why nothing can be said of how others of this group would answer: fewer people than the floor, or all ballots
        the same. `own` and `left_behind` are then empty.
    own : tuple of OwnItem
        What is surely among its first, by how surely, then by place.
    left_behind : tuple of OwnItem
        Those of `own` that are not on the list, the first two.
    """

    name: str
    people: int
    why_not: WhyNot | None
    own: tuple[OwnItem, ...]
    left_behind: tuple[OwnItem, ...]


def left_behind(
    profile: Profile,
    method: str = "borda",
    places: int = 10,
    *,
    own: int = 3,
    sure: int = SURE,
    floor: int = FLOOR,
    draws: int = 1000,
    seed: int,
    **parameters: Any,
) -> tuple[GroupList, ...]:
    """For each group, which of its own first items are not on the list, where chance does not explain it.

    Parameters
    ----------
    profile : Profile
        With groups. The list is made of all ballots, with the shares of the sides; each group's own of its ballots.
    method, places, **parameters
        The list: the first `places` by this method, with all that tie for the last of them.
    own : int
        How many places at the top of a group's own list count; an item in a tie that reaches further is not in them.
    sure : int
        In how many of 100 panels drawn anew from the group, with replacement, an item must be there.
    floor : int
        The fewest people of whom anything is said, 2 or more.
    draws, seed : int
        How many panels; fewer for slow methods, as in `rank_intervals`.

    Returns
    -------
    tuple of GroupList
        In the order of the profile.

    Raises
    ------
    ProfileError
        If there are no groups.
    MethodError
        If a number is out of range, or `rank` refuses.

    Examples
    --------
    Six carers put "nights" first, which eighteen patients care little about:

    >>> from aggregation import Profile
    >>> patients = ["ABC", "ACB", "BAC"] * 6
    >>> carers = [["nights", *order] for order in ("ABC", "BAC", "CBA")] * 2
    >>> profile = Profile.from_orders(patients + carers, unranked="last", groups=["p"] * 18 + ["c"] * 6)
    >>> [group] = [each for each in left_behind(profile, places=2, own=1, seed=1) if each.left_behind]
    >>> group.name, group.left_behind
    ('c', (OwnItem(item='nights', chance=1.0, place=1, listed_at=4),))
    """
    if min(places, own, floor - 1, draws) < 1 or seed < 0:
        raise MethodError("`places`, `own` and `draws` must be 1 or more, `floor` 2 or more, `seed` 0 or more")
    if not 0 < sure <= 100:
        raise MethodError(f"`sure` must be above 0 and at most 100, not {sure}")
    if profile.groups is None:
        raise ProfileError("these ballots have no groups")
    listed = rank(profile, method, **parameters)
    on_list = set(listed.shortlist(places).items)
    streams = np.random.default_rng(seed).spawn(len(profile.group_names))
    counted = people_who_rank(profile, profile.groups)
    found = []
    for (name, part), people, rng in zip(profile.by_group().items(), counted, streams, strict=True):
        firsts = _own_firsts(part, listed, method, parameters, own, sure, draws, rng) if people >= floor else "too_few"
        if isinstance(firsts, str):
            found.append(GroupList(name, people, firsts, (), ()))
        else:
            behind = tuple(each for each in firsts if each.item not in on_list)
            found.append(GroupList(name, people, None, firsts, behind[:MOST]))
    return tuple(found)


def _own_firsts(
    part: Profile,
    listed: Ranking,
    method: str,
    parameters: dict[str, Any],
    own: int,
    sure: int,
    draws: int,
    rng: np.random.Generator,
) -> tuple[OwnItem, ...] | WhyNot:
    """What a group surely puts among its first, or why that cannot be told."""
    asked = method_named(method).read(parameters)
    speaks = part.ranks.any(axis=1)
    ballots = part.replace(
        ranks=part.ranks[speaks],
        weights=None if part.weights is None else part.weights[speaks],
        unranked=asked.pop("unranked", part.unranked),
    )
    try:
        sides = sides_of(ballots)
    except StatisticError:
        return "all_alike"
    drawn = min(draws, DRAWS_AT_MOST.get(method, draws))
    places = places_in_draws(ballots, method, asked, sides, draws=drawn, rng=rng)
    hits = (worst_places(places) <= own).sum(axis=0)
    ranks = rank(ballots, method, **asked).ranks
    within = (ranks[:, None] >= ranks).sum(axis=1) <= own
    chosen = np.flatnonzero((100 * hits >= sure * drawn) & within)
    firsts = [
        OwnItem(part.items[i], float(hits[i] / drawn), int(ranks[i]), int(listed.ranks[i])) for i in chosen.tolist()
    ]
    return tuple(sorted(firsts, key=lambda each: (-each.chance, each.place)))
