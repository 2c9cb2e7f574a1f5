"""Shares of groups within a side, for those groups that are large enough to have one of their own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.answers.people import people_of
from aggregation.errors import ProfileError
from aggregation.shares import exact_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.shares import ShareLike

FEWEST = 10


@dataclass(frozen=True, slots=True, eq=False)
class Subshares:
    """What `pooled_shares` gives.

    profile : Profile
        The same ballots; where a group has a share of its own, it is a side, named "side: group".
    pooled : tuple of (side, group)
        The groups that were to have a share, and are pooled within their side because too few answered.
    """

    profile: Profile
    pooled: tuple[tuple[str, str], ...]


def pooled_shares(
    profile: Profile, subshares: Mapping[str, Mapping[str, ShareLike]], *, fewest: int = FEWEST
) -> Subshares:
    """The ballots with shares for some groups within their sides, where these groups are large enough.

    A group of which at least `fewest` people rank anything gets its part of its side's share. All others of the side,
    declared or not, are one pool, in which every ballot weighs alike; the pool gets what is left of the side's share.
    Where the pool has people, but fewer than `fewest`, or no part is left for it, no group of that side gets a share
    of its own. Groups that are not declared are only for reporting: splitting or joining them changes nothing.

    Parameters
    ----------
    profile : Profile
        With sides and groups.
    subshares : mapping of side to mapping of group to number
        For some sides, the part of the side's share for some of its groups, each above 0; together at most 1.
    fewest : int
        The fewest people for a share of their own, at least 1.

    Returns
    -------
    Subshares

    Raises
    ------
    ProfileError
        If there are no sides or groups, a side or group is unknown or the group has nobody on that side, parts add up
        to more than 1, parts add up to less than 1 and no group of the side is left for the rest, or `fewest` is
        below 1.

    Examples
    --------
    Twelve patients and twelve carers; patients are to have two thirds of that side's half.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["ab"] * 12 + ["ba"] * 12 + ["ab"] * 10,
    ...     unranked="last",
    ...     sides=["lived"] * 24 + ["staff"] * 10,
    ...     groups=["patients"] * 12 + ["carers"] * 12 + ["nurses"] * 10,
    ... )
    >>> found = pooled_shares(profile, {"lived": {"patients": "2/3"}})
    >>> found.profile.strata_names, [str(share) for share in found.profile.shares]
    (('lived: patients', 'lived', 'staff'), ['1/3', '1/6', '1/2'])
    """
    if profile.strata is None or profile.groups is None:
        raise ProfileError("a share within a side needs ballots with sides and groups")
    if fewest < 1:
        raise ProfileError(f"`fewest` must be 1 or more, not {fewest}")
    for side in subshares:
        if side not in profile.strata_names:
            raise ProfileError(f"{side!r} is not among the sides")
    names: list[str] = []
    shares: list[Fraction] = []
    strata = np.zeros(profile.n_ballots, dtype=np.int64)
    pooled: list[tuple[str, str]] = []
    for code, (side, share) in enumerate(zip(profile.strata_names, profile.shares, strict=True)):
        people = _people(profile, profile.groups, profile.strata == code)
        parts = _parts(side, people, subshares.get(side, {}))
        own = _own(people, parts, fewest)
        pooled += [(side, group) for group in parts if group not in own]
        strata[profile.strata == code] = len(names) + len(own)
        for group, part in own.items():
            strata[(profile.strata == code) & (profile.groups == profile.group_names.index(group))] = len(names)
            names.append(f"{side}: {group}")
            shares.append(share * part)
        if sum(own.values(), Fraction(0)) < 1:
            names.append(side)
            shares.append(share * (1 - sum(own.values(), Fraction(0))))
    changed = profile.replace(strata=strata, strata_names=tuple(names), shares=tuple(shares))
    return Subshares(changed, tuple(pooled))


def _people(profile: Profile, groups: NDArray[np.int64], on_side: NDArray[np.bool_]) -> dict[str, int]:
    """How many people of each group on a side rank anything, by the group's name."""
    people = people_of(profile) * np.asarray(profile.ranks.any(axis=1))
    return {
        name: int(people[on_side & (groups == code)].sum())
        for code, name in enumerate(profile.group_names)
        if (on_side & (groups == code)).any()
    }


def _parts(side: str, people: Mapping[str, int], declared: Mapping[str, ShareLike]) -> dict[str, Fraction]:
    """The parts declared for the groups of a side, as fractions, by name; refuses what does not fit the ballots."""
    parts = {group: exact_share(declared[group]) for group in sorted(declared)}
    for group in parts:
        if group not in people:
            raise ProfileError(f"nobody of the group {group!r} is on the side {side!r}")
    total = sum(parts.values(), Fraction(0))
    if total > 1:
        raise ProfileError(f"the parts of the side {side!r} add up to {total}, more than 1")
    if parts and total < 1 and set(people) == set(parts):
        raise ProfileError(f"the parts of the side {side!r} add up to {total}, and no group is left for the rest")
    return parts


def _own(people: Mapping[str, int], parts: Mapping[str, Fraction], fewest: int) -> dict[str, Fraction]:
    """The groups of a side that get a share of their own."""
    own = {group: part for group, part in parts.items() if people[group] >= fewest}
    if len(own) == len(people):
        return own
    in_pool = sum(count for group, count in people.items() if group not in own)
    return own if in_pool >= fewest and sum(own.values()) < 1 else {}
