"""What one person changes: the list without each of the people who answered, one at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.digest import ranking_digest
from aggregation.errors import MethodError, StatisticError
from aggregation.registry import method_named, rank
from aggregation.tally import PairwiseTally
from aggregation.uncertainty.batched import above_by_ballot
from aggregation.uncertainty.people import panel_of, refuse_a_tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The list without one person who gave this ballot.

    Parameters
    ----------
    ballot : int
        Row of the ballot in the profile.
    side : str
        The name of its side; empty where there are no sides.
    people : int
        How many people gave this ballot.
    digest : str or None
        Fingerprint of the ranking without the person; None where it cannot be made without them.
    joins, leaves : tuple of str
        Items that are among the first k only without the person, and only with them.
    largest, total : int
        The largest change of an item's place, and the sum of all changes.
    """

    ballot: int
    side: str
    people: int
    digest: str | None
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    largest: int
    total: int


@dataclass(frozen=True, slots=True)
class Influence:
    """What leaving out each person changes; `people` has a row for each ballot, in the order of the profile.

    `first` are the first k items with all people, with those that tie for place k; `digest` is the fingerprint of
    the whole ranking. It tells what single people answered: it is for those who look after the exercise.
    """

    method: str
    k: int
    first: tuple[str, ...]
    digest: str
    people: tuple[LeftOut, ...]

    @property
    def changing(self) -> tuple[LeftOut, ...]:
        """The ballots without one of which the first k are others."""
        return tuple(each for each in self.people if each.joins or each.leaves)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            "method": self.method,
            "k": self.k,
            "first": list(self.first),
            "digest": self.digest,
            "people": [
                {name: list(v) if isinstance(v := getattr(each, name), tuple) else v for name in LeftOut.__slots__}
                for each in self.people
            ],
        }


def leave_one_out(
    profile: Profile,
    method: str = "borda",
    *,
    k: int = 10,
    settings: Mapping[str, Any] | None = None,
    **parameters: Any,
) -> Influence:
    """What the list would be without each person, one at a time, exactly.

    Parameters
    ----------
    profile : Profile
        A ballot of weight 2 is two people, of whom one is left out; a ballot whose weight is no whole number is
        one person. The shares of the sides stay as they are.
    method : str
        A key of `METHODS`. Where a tally of pairs suffices, the person's ballot is taken off it; else the method
        is asked about the ballots that remain. Equal ballots of a side are asked about once.
    k : int
        Length of the list whose changes `joins` and `leaves` name.
    settings, **parameters
        Parameters of the method; `settings` is for those whose names this function uses itself, such as `k`.

    Returns
    -------
    Influence
        Where nobody who ranks anything would be left on the person's side, that person's `digest` is None and no
        change is told: a side cannot be silent and keep its share.

    Raises
    ------
    StatisticError
        If there is only one person.
    MethodError
        If `k` is below 1, there is no such method, it has no such parameter, or `profile` is a tally.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["abc", "abc", "bac", "bca"], unranked="last")
    >>> found = leave_one_out(profile, "borda", k=1)
    >>> found.first, [(each.joins, each.leaves) for each in found.people]
    (('b',), [((), ()), ((), ()), (('a',), ()), (('a',), ('b',))])
    """
    refuse_a_tally(profile)
    if k < 1:
        raise MethodError(f"`k` must be 1 or more, not {k}")
    read = method_named(method).read({**(settings or {}), **parameters})
    ballots = profile.with_unranked(read.pop("unranked", profile.unranked))
    if ballots.n_ballots == 1 and _ones(ballots)[0] == ballots.counts[0]:
        raise StatisticError("there is one person; without them there is no list")
    whole = rank(ballots, method, **read)
    without = _without(ballots, method, read)
    seen: dict[tuple[Any, ...], Ranking | None] = {}
    people = []
    for row in range(ballots.n_ballots):
        key = (_side(ballots, row), int(ballots.counts[row]), ballots.ranks[row].tobytes())
        if key not in seen:
            seen[key] = None if _falls_silent(ballots, row) else without(row)
        people.append(_left_out(ballots, row, whole, seen[key], k))
    return Influence(method, k, whole.shortlist(k).items, ranking_digest(whole), tuple(people))


def _side(profile: Profile, row: int) -> int:
    return 0 if profile.strata is None else int(profile.strata[row])


def _ones(profile: Profile) -> list[int]:
    """What one person counts on each ballot."""
    return [1] * profile.n_ballots if profile.unit == 1 else [int(count) for count in profile.counts]


def _falls_silent(profile: Profile, row: int) -> bool:
    """Whether a side would have nobody left who ranks anything; without sides, whether nobody would be left at all."""
    one, counts = _ones(profile)[row], profile.counts
    if profile.strata is None:
        return bool(counts.sum() == one)
    speaking = np.asarray(profile.ranks.any(axis=1)) & (profile.strata == profile.strata[row])
    return bool(speaking[row] and counts[speaking].sum() == one)


def _without(profile: Profile, method: str, parameters: Mapping[str, Any]) -> Callable[[int], Ranking]:
    """A function from a row to the ranking without one of its people."""
    ones = _ones(profile)

    def from_ballots(row: int) -> Ranking:
        counts = profile.counts.copy()
        counts[row] -= ones[row]
        return rank(panel_of(profile, np.flatnonzero(counts), counts[counts > 0]), method, **parameters)

    if not method_named(method).takes_tally:
        return from_ballots
    whole = PairwiseTally.of(profile)
    return lambda row: rank(_less(whole, profile, row, ones[row]), method, **parameters)


def _less(whole: PairwiseTally, profile: Profile, row: int, one: int) -> PairwiseTally:
    """The tally without one person who gave the ballot of a row."""
    side = _side(profile, row)
    above = above_by_ballot(profile, np.array([row]))[0]
    support, n, blank = whole.support.copy(), whole.n.copy(), whole.blank.copy()
    support[side] -= one * above
    n[side] -= one
    blank[side] -= one * (not profile.ranks[row].any())
    return replace(whole, support=support, n=n, blank=blank)


def _left_out(profile: Profile, row: int, whole: Ranking, without: Ranking | None, k: int) -> LeftOut:
    side = "" if profile.strata is None else profile.strata_names[_side(profile, row)]
    people = 1 if profile.unit != 1 else int(profile.counts[row])
    if without is None:
        return LeftOut(row, side, people, None, (), (), 0, 0)
    before, after = whole.shortlist(k).items, without.shortlist(k).items
    moved = np.abs(without.ranks - whole.ranks)
    return LeftOut(
        row,
        side,
        people,
        ranking_digest(without),
        joins=tuple(item for item in after if item not in before),
        leaves=tuple(item for item in before if item not in after),
        largest=int(moved.max()),
        total=int(moved.sum()),
    )
