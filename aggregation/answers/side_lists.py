"""How far the list of each side, or of each group, is from the list of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aggregation.answers.people import people_who_rank
from aggregation.distances import kendall_tau_b
from aggregation.errors import MethodError, ProfileError
from aggregation.overlap import rank_biased_overlap
from aggregation.registry import rank

if TYPE_CHECKING:
    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


@dataclass(frozen=True, slots=True)
class OwnList:
    """The list that one side or group would make alone, beside the list of all.

    Parameters
    ----------
    name : str
    people : int
        Who rank anything. A page must not show the list of fewer people than it may show answers of.
    ranking : Ranking or None
        By the same method; None where nobody ranks anything.
    tau : float or None
        Kendall's tau-b with the list of all, in [-1, 1]; None without a ranking, or where one of the two puts
        everything level.
    overlap : float or None
        Rank-biased overlap with it, in [0, 1]: how far the tops of both hold the same; None without a ranking.
    """

    name: str
    people: int
    ranking: Ranking | None
    tau: float | None
    overlap: float | None


def side_lists(
    profile: Profile,
    method: str = "borda",
    *,
    by: Literal["sides", "groups"] = "sides",
    p: float = 0.9,
    **parameters: Any,
) -> tuple[OwnList, ...]:
    """The list of each side (or group) by itself, and how near it is to the list of all.

    Parameters
    ----------
    profile : Profile
        With sides (or groups). The list of all has the shares of the sides.
    method, **parameters
        By which the lists are made, all alike.
    by : {"sides", "groups"}
    p : float
        Of `rank_biased_overlap`: with 0.9 the first ten places have 86 % of the weight.

    Raises
    ------
    ProfileError
        If there are no sides (or groups).
    MethodError
        If `by` is neither of the two, or `rank` refuses.
    StatisticError
        If `p` is not between 0 and 1.

    Notes
    -----
    The list of all is made of the same ballots, so that a large share of the say makes a side like it. A side of few
    people is far from any list by chance: put `aggregation.rank_intervals` of its ballots beside it.

    Examples
    --------
    The list of all, a, c, b, differs from that of either side in one pair of three:

    >>> from aggregation import Profile
    >>> orders, sides = ["abc", "abc", "cab"], ["lived", "lived", "staff"]
    >>> lists = side_lists(Profile.from_orders(orders, unranked="last", sides=sides))
    >>> [(each.name, each.people, each.ranking.tiers[0], each.tau) for each in lists]
    [('lived', 2, ('a',), 0.3333333333333333), ('staff', 1, ('c',), 0.3333333333333333)]
    """
    if by not in ("sides", "groups"):
        raise MethodError(f'`by` must be "sides" or "groups", not {by!r}')
    codes, parts = (profile.strata, profile.by_side()) if by == "sides" else (profile.groups, profile.by_group())
    if codes is None:
        raise ProfileError(f"these ballots have no {by}")
    common = rank(profile, method, **parameters)
    counted = people_who_rank(profile, codes)
    return tuple(
        _own_list(name, people, part, common, method, p, parameters)
        for (name, part), people in zip(parts.items(), counted, strict=True)
    )


def _own_list(
    name: str, people: int, part: Profile, common: Ranking, method: str, p: float, parameters: dict[str, Any]
) -> OwnList:
    if not people:
        return OwnList(name, 0, None, None, None)
    ranking = rank(part, method, **parameters)
    level = len(ranking.tiers) == 1 or len(common.tiers) == 1
    tau = None if level else kendall_tau_b(ranking, common)
    return OwnList(name, people, ranking, tau, rank_biased_overlap(ranking, common, p=p))
