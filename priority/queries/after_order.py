"""What a round of putting in order found beside its list: who is unheard, how sure places are, how sides differ.

Read from the snapshot of the closing, in which what few people answered is left out already.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from priority.queries.after_rating import named
from priority.queries.rounds import result_of
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Exercise, Round
    from priority.queries.after_rating import Named

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unheard:
    """A question left out that enough people put above the whole list; `sides` by name, where they are told."""

    named: Named
    people: int
    alarm: bool
    share: Fraction | None
    sides: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A question's place, and those it could have had if as many other people like these had answered."""

    named: Named
    place: int
    low: int
    high: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """How many people, answering otherwise, would bring a question onto the list ("in") or off it ("out").

    `was`: "in", "out", or "tied" over the last place. `people` is None where no answers were found that do; `least` are
    needed at least, which is proved. `step`: the fewest places that it must move on one person's answers, where one is
    enough.
    """

    named: Named
    was: str
    goal: str
    people: int | None
    least: int
    step: Fraction | None


@dataclass(frozen=True, slots=True)
class SideList:
    """A side's own list beside the common one: how many questions are on both, tau and rank-biased overlap."""

    name: str
    n: int
    listed: tuple[Named, ...]
    shared: int
    tau: float | None
    rbo: float | None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A question that a group has among its first three, and keeps there in most draws, and that is not on the list."""

    named: Named
    group: str
    n: int
    own_place: int
    place: int
    often: float


@dataclass(frozen=True, slots=True)
class Voices:
    """All of it. `people` put something in order; `quota` is the share of the say above which there is an alarm."""

    method: str
    places: int
    people: int
    least: int
    listed: tuple[Named, ...]
    quota: Fraction
    unheard: tuple[Unheard, ...]
    order: tuple[Place, ...]
    level: tuple[tuple[Named, ...], ...]
    swaps: tuple[Swap, ...]
    sides: tuple[SideList, ...]
    left_behind: tuple[LeftBehind, ...]
    why_no_order: str | None
    why_no_swaps: str | None


def voices_of(round_: Round) -> Voices | None:
    """What a closed round of putting in order found; None where a side ordered nothing, or it was no such round."""
    body = result_of(round_, ResultKind.VOICES)
    if body is None or "why" in body:
        return None
    names, exercise = named(round_), round_.exercise
    return Voices(
        method=body["method"],
        places=body["places"],
        people=body["people"],
        least=body["least"],
        listed=tuple(names[key] for key in body["listed"]),
        quota=Fraction(body["unheard"]["quota"]),
        unheard=tuple(
            _unheard(row, names, exercise) for row in body["unheard"]["questions"] if row["people"] is not None
        ),
        order=tuple(sorted(_places(body, names), key=lambda one: (one.place, one.named.number))),
        level=tuple(tuple(names[key] for key in band) for band in body["rank_sets"].get("level", ())),
        swaps=tuple(_swap(row, names) for row in body["swaps"].get("questions", ())),
        sides=_side_lists(body, names, exercise),
        left_behind=_left_behind(body, names, exercise),
        why_no_order=body["rank_sets"].get("why"),
        why_no_swaps=body["swaps"].get("why"),
    )


# -- the small print -------------------------------------------------------------------------------------------------
def _unheard(row: Body, names: Mapping[str, Named], exercise: Exercise) -> Unheard:
    sides = row["sides"] or {}
    return Unheard(
        names[row["key"]],
        row["people"],
        row["alarm"],
        None if row["share"] is None else Fraction(row["share"]),
        tuple((side.name, sides[side.key]) for side in exercise.sides if side.key in sides),
    )


def _places(body: Body, names: Mapping[str, Named]) -> list[Place]:
    listed = set(body["listed"])
    return [
        Place(names[row["key"]], row["place"], row["lo"], row["hi"], row["key"] in listed)
        for row in body["rank_sets"].get("questions", ())
    ]


def _swap(row: Body, names: Mapping[str, Named]) -> Swap:
    step = None if row["step"] is None else Fraction(row["step"])
    return Swap(names[row["key"]], row["was"], row["goal"], row["people"], row["lower_bound"], step)


def _side_lists(body: Body, names: Mapping[str, Named], exercise: Exercise) -> tuple[SideList, ...]:
    lists = body["sides"] or {}
    return tuple(
        SideList(
            side.name,
            lists[side.key]["n"],
            tuple(names[key] for key in lists[side.key]["listed"]),
            lists[side.key]["shared"],
            lists[side.key]["tau"],
            lists[side.key]["rbo"],
        )
        for side in exercise.sides
        if side.key in lists
    )


def _left_behind(body: Body, names: Mapping[str, Named], exercise: Exercise) -> tuple[LeftBehind, ...]:
    groups = {group.key: group.name for side in exercise.sides for group in side.groups}
    return tuple(
        LeftBehind(names[row["key"]], groups[row["group"]], row["n"], row["own_place"], row["place"], row["p_top"])
        for row in body["left_behind"]
    )
