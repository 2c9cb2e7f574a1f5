"""Every consensus method and every rule of choice, by its key, and the two ways to call one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aggregation.catalogue import committees, distance, elimination, models, pairwise, positional
from aggregation.errors import MethodError, ProfileError
from aggregation.profile import Profile
from aggregation.rows import Parameter
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.committee import Committee
    from aggregation.ranking import Ranking
    from aggregation.rows import Method, Row, Rule

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
    ProfileError
        If `ballots` are neither a profile nor a tally.

    Examples
    --------
    >>> from aggregation import Profile
    >>> ballots = Profile.from_orders(["abc", "abc", "cab"], unranked="last")
    >>> rank(ballots, "borda").tiers
    (('a',), ('b', 'c'))
    """
    row = method_named(method)
    _check_input(ballots, row, takes_tally=row.takes_tally)
    read = row.read(parameters)
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
        If there is no such rule, it has no such parameter or value, `seats` is out of range, or `profile` is a tally.
    ProfileError
        If `profile` is nothing of the kind.
    """
    row = rule_named(rule)
    _check_input(profile, row, takes_tally=False)
    read = row.read(parameters)
    places: Any = SEATS.read(seats)
    if not 1 <= places <= profile.n_items:
        raise MethodError(f"`seats` must be from 1 to {profile.n_items}, the number of items, not {seats}")
    ballots = _reading(profile, read.pop("unranked", profile.unranked))
    committee: Committee = row.function(ballots, places, **read)
    return committee


def _check_input(ballots: object, row: Row, *, takes_tally: bool) -> None:
    if not isinstance(ballots, Profile | PairwiseTally):
        wanted = "a Profile or a PairwiseTally" if takes_tally else "a Profile"
        raise ProfileError(f"{row.key!r} needs {wanted}, not a value of type {type(ballots).__name__}")
    if isinstance(ballots, PairwiseTally) and not takes_tally:
        raise MethodError(f"{row.key!r} needs the ballots themselves; a tally of pairs does not suffice")


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
    try:
        return METHODS[key]
    except (KeyError, TypeError):
        raise MethodError(f"there is no method {key!r}; there are {', '.join(METHODS)}") from None


def rule_named(key: str) -> Rule:
    """The rule with this key; refuses one that does not exist, naming those that do."""
    try:
        return RULES[key]
    except (KeyError, TypeError):
        raise MethodError(f"there is no rule {key!r}; there are {', '.join(RULES)}") from None
