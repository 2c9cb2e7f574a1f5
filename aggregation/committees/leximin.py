"""The set of items that is best for the group it is worst for: a list to compare others with."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb, lcm
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.committee import Committee
from aggregation.committees.leximin_sets import Found
from aggregation.committees.papers import papers_of
from aggregation.errors import MethodError
from aggregation.representation import own_first
from aggregation.voices import as_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile

# So many sets are all looked at; of more, the best is found by an integer programme.
MOST_SETS = 60_000


def leximin(
    profile: Profile,
    seats: int,
    *,
    over: Literal["groups", "sides"] = "groups",
    fewest: int = 1,
    time_limit: float = 10.0,
) -> Committee:
    """The items whose list is best for the group it is worst for, then for the next, and so on.

    A group's satisfaction is the mean number of its people's own first `seats` items that are on the list, as
    `of_own` in `represented`: a tie across the last place counts in part, and unranked items are nobody's first, under
    ``unranked="last"`` as under "absent". Every group counts alike, however small: it is a comparison, no rule.

    Parameters
    ----------
    profile : Profile
        With groups, or sides where `over` says so. Shares of sides play no part.
    seats : int
        How many items to choose, from 1 to the number of items.
    over : {"groups", "sides"}
        Whose satisfaction is compared.
    fewest : int
        Groups with fewer ballots that rank something are left out, and told in "left_out".
    time_limit : float
        Seconds for each step of the integer programme.

    Returns
    -------
    Committee
        Its `order` is that of the profile: nothing is chosen before anything else. In the diagnostics:
        "satisfaction" of each group, exact, as text; "method": "all sets" (each was looked at, up to 60,000),
        "programme" (proved by the solver, whose numbers are good to a millionth) or "greedy" (it ran out of time:
        one item after another, then single exchanges while these help); "optimal", False for greedy; "equal_choices",
        how many sets do as well: exact for "all sets", for "programme" 2 where another was found, None where that is
        not known. Of those found the first in the order of the items is taken; "tie_breaks" names the items that some
        of them hold and others do not.

    Raises
    ------
    MethodError
        If there are no groups, none is large enough, or `seats` is out of range.

    References
    ----------
    Leximin as a list of sums of the worst: W. Ogryczak and T. Sliwinski, On solving linear programs with the ordered
    weighted averaging objective, European Journal of Operational Research 148 (2003) 80-91.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["abcd"] * 8 + ["cdab"] * 2, unranked="last", groups=["carers"] * 8 + ["staff"] * 2
    ... )
    >>> leximin(profile, 2).diagnostics["satisfaction"]
    {'carers': '1', 'staff': '1'}
    """
    if not 1 <= seats <= profile.n_items:
        raise MethodError(f"`seats` must be from 1 to {profile.n_items}, the number of items, not {seats}")
    values, left_out = _values(profile, seats, over, fewest)
    scale = lcm(*(value.denominator for row in values.values() for value in row))
    table = [[int(value * scale) for value in row] for row in values.values()]
    if comb(profile.n_items, seats) <= MOST_SETS:
        found = _of_all_sets(table, seats)
    else:
        from aggregation.committees.leximin_programme import solve

        found = solve(table, seats, scale, time_limit)
    satisfaction = {name: str(sum((row[item] for item in found.chosen), Fraction(0))) for name, row in values.items()}
    return _committee(profile, found, satisfaction, left_out)


def _committee(
    profile: Profile, found: Found, satisfaction: Mapping[str, str], left_out: Mapping[str, int | float]
) -> Committee:
    names = tuple(profile.items[item] for item in found.chosen)
    contested = [profile.items[item] for item in found.contested]
    chosen = [item for item in contested if item in names]
    by = "the order of the items"
    tie = {"stage": 1, "decided": "elected", "items": contested, "chosen": chosen, "by": by}
    diagnostics = {
        "seats": len(names),
        "satisfaction": dict(satisfaction),
        "method": found.method,
        "optimal": found.method != "greedy",
        "equal_choices": found.equal,
        "left_out": dict(left_out),
        "tie_breaks": [tie] if contested else [],
    }
    stage = {"stage": 1, "elected": list(names), "excluded": [], "satisfaction": dict(satisfaction)}
    return Committee(names, names, (stage,), "leximin", account_of(profile) | diagnostics)


def _values(
    profile: Profile, seats: int, over: str, fewest: int
) -> tuple[dict[str, list[Fraction]], dict[str, int | float]]:
    """For each group what each item adds to its satisfaction; and the groups left out, with their ballots."""
    if over not in ("groups", "sides"):
        raise MethodError(f'`over` must be "groups" or "sides", not {over!r}')
    values: dict[str, list[Fraction]] = {}
    left_out: dict[str, int | float] = {}
    for name, people in (profile.by_group() if over == "groups" else profile.by_side()).items():
        papers = papers_of(people)
        if not papers.total or papers.total < fewest:
            left_out[name] = as_number(papers.total)
            continue
        row = [Fraction(0)] * profile.n_items
        for tiers, votes in papers.votes.items():
            for item, part in own_first(tiers, seats):
                row[item] += part * votes / papers.total
        values[name] = row
    if not values:
        raise MethodError(f"there are no {over} with {max(fewest, 1)} or more ballots that rank something")
    return values, left_out


def _of_all_sets(table: list[list[int]], seats: int) -> Found:
    """The first best set in the order of the items, and how many are as good."""
    sets = np.array(list(combinations(range(len(table[0])), seats)))
    fits = max(map(max, table)) * seats < 2**62
    given: NDArray[Any] = np.array(table, dtype=np.int64 if fits else object)[:, sets].sum(axis=2)
    given.sort(axis=0)
    best = np.arange(len(sets))
    for row in given:
        best = best[row[best] == row[best].max()]
    times = np.bincount(sets[best].ravel(), minlength=len(table[0]))
    contested = np.flatnonzero((times > 0) & (times < len(best)))
    return Found(tuple(sets[best[0]].tolist()), len(best), tuple(contested.tolist()), "all sets")
