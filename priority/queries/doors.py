"""What each way into a round that was open to all brought, read from its snapshot: for pages, reports and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.queries.rounds import items_of, result_of, rounds_of
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Exercise, Round

VERIFIED, WITHOUT_BLOC = "verified", "without_bloc"


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that was decided otherwise: `proper` is the result, `other` what it would have been."""

    key: str
    text: str
    proper: str
    other: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A result worked out from other ballots; without one `hidden` says why: "few", "same" or "silent".

    Of `untold` questions the decision is left out: it would tell what a few people answered.
    """

    people: int | None
    hidden: str | None
    differences: tuple[Difference, ...]
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Bloc:
    """The largest bloc of near-identical ballots; its numbers are None where they would tell of a few people.

    All its ballots differ from one of them in at most `within` of `answers` answers. By chance none was larger than
    `by_chance`. It is named where it is larger than that; else it is no finding.
    """

    named: bool
    size: int | None
    verified: int | None
    within: int
    answers: int
    compared: int
    by_chance: int


@dataclass(frozen=True, slots=True)
class Doors:
    """How people came into a round, and the results besides the proper one, which counts `count`: all or verified."""

    count: str
    slips: int
    people: int
    verified: int
    unverified: int
    other_way: Otherwise
    without_bloc: Otherwise
    bloc: Bloc | None


def doors_of(round_: Round) -> Doors | None:
    """What each way in brought to a closed round that was open to all; None for any other."""
    body = result_of(round_, ResultKind.DOORS)
    if body is None:
        return None
    texts = {item.key: item.wording.text for item in items_of(round_)}
    people, count = body["people"], body["count"]
    return Doors(
        count=count,
        slips=body["slips"],
        people=people["all"],
        verified=people["verified"],
        unverified=people["unverified"],
        other_way=_otherwise(body, "all" if count == VERIFIED else VERIFIED, texts),
        without_bloc=_otherwise(body, WITHOUT_BLOC, texts),
        bloc=None if body["bloc"] is None else _bloc(body["bloc"]),
    )


def doors_in(exercise: Exercise) -> list[tuple[int, Doors]]:
    """Each closed round of an exercise that was open to all, by its number."""
    found = ((round_.n, doors_of(round_)) for round_ in rounds_of(exercise))
    return [(n, doors) for n, doors in found if doors is not None]


def _otherwise(body: Mapping[str, Any], name: str, texts: Mapping[str, str]) -> Otherwise:
    other, proper = body["results"][name], body["results"][body["count"]]
    if other is None or proper is None:
        return Otherwise(None, body["hidden"].get(name) or body["hidden"].get(body["count"]), ())
    decided = {row["key"]: row["decision"] for row in proper["questions"]}
    return Otherwise(
        people=other["people"],
        hidden=None,
        differences=tuple(
            Difference(row["key"], texts[row["key"]], decided[row["key"]], row["decision"])
            for row in other["questions"]
            if row["key"] in body["changes"][name]
        ),
        untold=sum(row["decision"] is None for row in other["questions"]),
    )


def _bloc(body: Mapping[str, Any]) -> Bloc:
    return Bloc(
        named=body["named"],
        size=body["size"],
        verified=body["verified"],
        within=body["within"],
        answers=body["answers"],
        compared=body["people"],
        by_chance=body["chance"]["most"],
    )
