"""Every consensus method and every rule of choice, by its key, and the two ways to call one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aggregation.catalogue import committees, distance, elimination, models, pairwise, positional
from aggregation.errors import MethodError
from aggregation.rows import Parameter
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.committee import Committee
    from aggregation.profile import Profile
    from aggregation.ranking import Ranking
    from aggregation.rows import Method, Rule

METHODS: Mapping[str, Method] = MappingProxyType(
    {row.key: row for row in (*positional.ROWS, *pairwise.ROWS, *distance.ROWS, *elimination.ROWS, *models.ROWS)}
)
RULES: Mapping[str, Rule] = MappingProxyType({row.key: row for row in committees.ROWS})
SEATS = Parameter("seats", int, None, "How many items to choose.")


def rank(ballots: Profile | PairwiseTally, method: str, **parameters: Any) -> Ranking:
    """The ranking that a method of the registry gives for a profile.

    Parameters
    ----------
    ballots : Profile or PairwiseTally
        A tally for the methods that need no more (`Method.takes_tally`).
    method : str
        A key of `METHODS`.
    **parameters
        Those of the method, as values or as text; besides, for every method, `unranked` ("last" or "absent")
        in place of the profile's own.

    Raises
    ------
    MethodError
        If there is no such method, it has no such parameter or value, or it needs ballots and was given a tally.

    Examples
    --------
    >>> from aggregation import Profile
    >>> ballots = Profile.from_orders(["abc", "abc", "cab"], unranked="last")
    >>> rank(ballots, "borda").tiers
    (('a',), ('b', 'c'))
    """
    row = method_named(method)
    read = row.read(parameters)
    if isinstance(ballots, PairwiseTally) and not row.takes_tally:
        raise MethodError(f"{method!r} needs the ballots themselves; a tally of pairs does not suffice")
    ranking: Ranking = row.function(_reading(ballots, read.pop("unranked", ballots.unranked)), **read)
    return ranking


def elect(profile: Profile, rule: str, seats: int, **parameters: Any) -> Committee:
    """The items that a rule of the registry chooses.

    Parameters
    ----------
    profile : Profile
    rule : str
        A key of `RULES`.
    seats : int
        How many items to choose, from 1 to the number of items.
    **parameters
        Those of the rule, as values or as text, and `unranked` as for `rank`.

    Raises
    ------
    MethodError
        If there is no such rule, it has no such parameter or value, or `seats` is out of range.
    """
    row = rule_named(rule)
    read = row.read(parameters)
    places: Any = SEATS.read(seats)
    if not 1 <= places <= profile.n_items:
        raise MethodError(f"`seats` must be from 1 to {profile.n_items}, the number of items, not {seats}")
    ballots = _reading(profile, read.pop("unranked", profile.unranked))
    committee: Committee = row.function(ballots, places, **read)
    return committee


def _reading(ballots: Profile | PairwiseTally, unranked: Any) -> Profile | PairwiseTally:
    if unranked == ballots.unranked:
        return ballots
    if isinstance(ballots, PairwiseTally):
        raise MethodError(
            f"the tally was counted with `unranked` {ballots.unranked!r}; count it again to read otherwise"
        )
    return ballots.with_unranked(unranked)


def method_named(key: str) -> Method:
    """The method with this key; refuses one that does not exist, naming those that do."""
    if key not in METHODS:
        raise MethodError(f"there is no method {key!r}; there are {', '.join(METHODS)}")
    return METHODS[key]


def rule_named(key: str) -> Rule:
    """The rule with this key; refuses one that does not exist, naming those that do."""
    if key not in RULES:
        raise MethodError(f"there is no rule {key!r}; there are {', '.join(RULES)}")
    return RULES[key]
