"""What would it take: the fewest people who, answering otherwise, bring an item onto a list or off it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.answers.fewest import Contest
from aggregation.answers.least_move import Move, least_move
from aggregation.answers.people import one_row_a_person
from aggregation.answers.points import points_of
from aggregation.answers.search import copeland_bound, fewest_found
from aggregation.answers.witness import Writer
from aggregation.errors import AggregationError, MethodError
from aggregation.registry import method_named, rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.answers.points import Points
    from aggregation.profile import Profile
    from aggregation.ranking import Ranking

Goal = Literal["in", "out"]
State = Literal["in", "tied", "out"]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What it takes to bring `item` "in" or "out" of the first `places`.

    Parameters
    ----------
    item, goal, places, method, parameters
        What was asked. `was` is where the item is now: "in", "tied" (over the last place) or "out".
    able : int
        How many people rank anything, and so could answer otherwise.
    people : int or None
        How many of them suffice, 0 where the goal is already reached; None where no ballots were found that do.
    lower_bound : int
        So many are needed, proved; one more than `able` where it is impossible.
    witness : Profile or None
        The ballots with theirs changed, a row a person: `rank` on it reaches the goal.
    rows : tuple of int
        The rows of `witness` that were changed.
    sides : mapping of str to int
        How many of these people are on each side; a person is one person whatever their say.
    move : Move or None
        The least one person would have to move this item alone; None where no single ballot suffices, or where
        it was not asked for.
    """

    item: str
    goal: Goal
    places: int
    method: str
    parameters: Mapping[str, Any]
    was: State
    able: int
    people: int | None
    lower_bound: int
    witness: Profile | None
    rows: tuple[int, ...]
    sides: Mapping[str, int]
    move: Move | None

    @property
    def proved(self) -> bool:
        """Whether it is proved that no fewer people suffice, or that all of them do not."""
        return self.lower_bound == (self.able + 1 if self.people is None else self.people)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it, without the ballots."""
        return {
            "item": self.item,
            "goal": self.goal,
            "places": self.places,
            "method": self.method,
            "was": self.was,
            "able": self.able,
            "people": self.people,
            "lower_bound": self.lower_bound,
            "proved": self.proved,
            "sides": dict(self.sides),
            "move": None if self.move is None else self.move.as_dict(),
        }


def what_would_it_take(
    profile: Profile,
    method: str,
    item: str,
    places: int = 10,
    *,
    goal: Goal | None = None,
    move: bool = True,
    **parameters: Any,
) -> Change:
    """The fewest people who, answering otherwise, bring an item into the first places of a list or out of them.

    *In* is within the first `places` and not tied over the last of them: fewer than `places` other items are above
    it or level with it. *Out* is below at least `places` others. Between the two is *tied*.

    Whoever ranks anything may answer anything else, ties and gaps included, but not nothing; the others' answers and
    everybody's say stay as they are. A row of a whole weight is so many people, who may answer apart.

    Parameters
    ----------
    profile : Profile
        Read with its own `unranked`, or with that in `parameters`.
    method : str
        A key of `METHODS`.
    item : str
    places : int
        Length of the list, from 1 to the number of items, or one less where the goal is "out".
    goal : {"in", "out"}, optional
        When left out: "out" for an item that is in, "in" for one that is not.
    move : bool
        Whether to look also for the least move of the item on a single ballot.
    **parameters
        As `rank` takes them.

    Returns
    -------
    Change
        With ballots that prove the number, and a lower bound. For the methods that add up points (`borda`, `dowdall`,
        `positional`, `plurality`, `approval`) the bound counts the room that changed ballots have for all rivals
        together, for every set of people as long as there are at most 40,000, beyond that for the best people for
        each rival; it is nearly always met. For `copeland` it counts the pairs that so many people can turn. For
        other methods it is 1, and the number is the least found by trying.

    Raises
    ------
    MethodError
        If there is no such method or parameter, `places` is out of range, or `goal` is neither of the two.
    ProfileError
        If `item` is not among the items, or the ballots stand for more than 5,000 people.

    References
    ----------
    The bound for points: M. Zuckerman, A. Procaccia, J. Rosenschein, Algorithms for the coalitional manipulation
    problem, Artificial Intelligence 173 (2009) 392-412; that an exact number is hard to find for two people already:
    J. Davies, G. Katsirelos, N. Narodytska, T. Walsh, Complexity of and algorithms for Borda manipulation, AAAI 2011.

    Examples
    --------
    C is last of three; two of the three people would have to answer otherwise to bring it onto a list of two.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ABC", "ABC", "BAC"], unranked="last")
    >>> change = what_would_it_take(profile, "borda", "C", places=2)
    >>> change.people, change.lower_bound, rank(change.witness, "borda").shortlist(2).items
    (2, 2, ('B', 'C'))
    """
    asked = method_named(method).read(parameters)
    people = one_row_a_person(profile.with_unranked(asked.pop("unranked", profile.unranked)))
    column = people.column_of(item)
    ranking = rank(people, method, **asked)
    was = state(ranking, item, places)
    goal = goal or ("out" if was == "in" else "in")
    _check(goal, places, people.n_items)
    search = _Search(people, method, asked, column, places, goal, ranking, points_of(people, method, asked))
    new, bound = search.fewest(was)
    steady = search.points is not None or method == "copeland"
    shift = least_move(people, column, goal, search.suffices, proved=steady) if move and was != goal else None
    if shift is not None and (new is None or len(new) > 1):
        # The search for people tries fewer ballots for each of them than the search for a move.
        new = {shift.row: shift.witness.ranks[shift.row].tolist()}
    rows = tuple(sorted(new or ()))
    return Change(
        item=item,
        goal=goal,
        places=places,
        method=method,
        parameters=MappingProxyType(asked),
        was=was,
        able=len(search.able),
        people=None if new is None else len(new),
        lower_bound=bound,
        witness=None if new is None else search.changed(new),
        rows=rows,
        sides=_sides(people, rows),
        move=shift,
    )


def state(ranking: Ranking, item: str, places: int) -> State:
    """Where an item stands towards a list of the first `places`: "in", "tied" over the last of them, or "out"."""
    shortlist = ranking.shortlist(places)
    if item not in shortlist.items:
        return "out"
    return "tied" if item in shortlist.tied else "in"


def near_the_line(ranking: Ranking, places: int, reach: int = 3) -> tuple[str, ...]:
    """The items at the last `reach` of a list's places and at the first `reach` beyond it, best first.

    Examples
    --------
    >>> from aggregation import Profile
    >>> near_the_line(rank(Profile.from_orders(["abcdef"], unranked="last"), "borda"), 3, 1)
    ('c', 'd')
    """
    place = dict(zip(ranking.items, ranking.ranks.tolist(), strict=True))
    return tuple(item for tier in ranking.tiers for item in tier if places - reach < place[item] <= places + reach)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    profile: Profile
    method: str
    parameters: Mapping[str, Any]
    item: int
    k: int
    goal: Goal
    ranking: Ranking
    points: Points | None

    @property
    def able(self) -> Any:
        return np.flatnonzero(self.profile.ranks.any(axis=1))

    def changed(self, new: Mapping[int, list[int]]) -> Profile:
        """The ballots with some people's answers replaced."""
        if not new:
            return self.profile
        ranks = self.profile.ranks.astype(np.int64)
        ranks[list(new)] = list(new.values())
        return self.profile.replace(ranks=ranks)

    def suffices(self, new: Mapping[int, list[int]]) -> bool:
        """Whether these answers reach the goal; by points alone where the method adds up points.

        Answers that the method refuses give no list, and so reach no goal.
        """
        if self.points is None:
            try:
                ranking = rank(self.changed(new), self.method, **self.parameters)
            except AggregationError:
                return False
            return state(ranking, self.ranking.items[self.item], self.k) == self.goal
        rows = list(new)
        given = self.points.scale.of(np.array(list(new.values()))) * self.points.voices[rows][:, None]
        totals = self.points.table.sum(axis=0) + given.sum(axis=0) - self.points.table[rows].sum(axis=0)
        if self.goal == "in":
            return int((totals >= totals[self.item]).sum()) <= self.k
        return int((totals > totals[self.item]).sum()) >= self.k

    def fewest(self, was: State) -> tuple[dict[int, list[int]] | None, int]:
        """New answers of the fewest people found, and how many are needed at least."""
        if was == self.goal:
            return {}, 0
        if self.points is not None:
            return self._by_points(self.points)
        bound = copeland_bound(self.profile, self.item, self.k, self.goal) if self.method == "copeland" else 1
        bound = min(bound, len(self.able) + 1)
        found = fewest_found(self.profile, self.ranking, self.item, self.k, self.goal, bound, self.suffices)
        return found, bound

    def _by_points(self, points: Points) -> tuple[dict[int, list[int]] | None, int]:
        contest = Contest.of(points, self.item, self.k, self.goal)
        writer, able = Writer(points, contest, self.item, self.goal), self.able
        bound = min(max(contest.bound(), 1), len(able) + 1)
        for size in range(bound, len(able) + 1):
            sets, all_seen = contest.sets(size, able)
            for new in (ballots for people in sets for ballots in writer.ballots(people)):
                if self.suffices(new):
                    return new, bound
            if all_seen and not len(sets) and size == bound:
                bound = size + 1
        return None, bound


def _check(goal: str, places: int, items: int) -> None:
    if goal not in {"in", "out"}:
        raise MethodError(f'`goal` must be "in" or "out", not {goal!r}')
    most = items if goal == "in" else items - 1
    if not 1 <= places <= most:
        raise MethodError(f"`places` must be from 1 to {most} to bring an item {goal}, not {places}")


def _sides(profile: Profile, rows: tuple[int, ...]) -> Mapping[str, int]:
    if profile.strata is None:
        return MappingProxyType({})
    counts = np.bincount(profile.strata[list(rows)], minlength=len(profile.strata_names))
    return MappingProxyType(dict(zip(profile.strata_names, counts.tolist(), strict=True)))
