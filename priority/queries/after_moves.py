"""Who moved toward whom between two rounds, free of what regression to the mean looks like.

Read from the snapshot of the closing, in which what few people answered is left out already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.queries.after_rating import named
from priority.queries.rounds import result_of
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from priority.models import Round
    from priority.queries.after_rating import Named

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Approach:
    """By how many points of the scale a side came nearer to where another stood before, with its interval.

    Toward itself: by how much it came closer together. `nearer` is below 0 where it went away; None where that may not
    be told, and `low` and `high` where there is no interval.
    """

    mover: str
    target: str
    nearer: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A question on which a side came nearer to another by more than chance explains.

    Of its `n` people who answered both times `off` changed and had not been at the other side's middle answer, and
    `toward` of them went in its direction; by chance alone a share of `by_chance` would. Both are rounded down to a
    multiple of `step`.
    """

    named: Named
    approach: Approach
    n: int
    off: int
    toward: int
    by_chance: float | None
    coarse: bool
    step: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Over all questions for each two sides, and the single questions that stand out. `since` is the earlier round."""

    since: int
    questions: int
    overall: tuple[Approach, ...]
    beyond_chance: tuple[Moved, ...]
    coarse: bool


def movement_of(round_: Round) -> Movement | None:
    """Who moved toward whom since the round before; None where there is nothing to compare with."""
    body = result_of(round_, ResultKind.MOVEMENT)
    if body is None:
        return None
    sides, names = {side.key: side.name for side in round_.exercise.sides}, named(round_)
    return Movement(
        since=body["since"],
        questions=len(body["questions"]),
        overall=tuple(
            Approach(sides[mover], sides[target], **body["overall"][mover][target])
            for mover in sides
            for target in sides
            if target in body["overall"].get(mover, {})
        ),
        beyond_chance=tuple(
            moved for row in body["questions"] for moved in _beyond_chance(row, names[row["key"]], sides)
        ),
        coarse=any(mover["coarse"] for row in body["questions"] for mover in row["sides"].values()),
    )


def _beyond_chance(row: Body, question: Named, sides: Mapping[str, str]) -> Iterator[Moved]:
    for mover, moved in row["sides"].items():
        for target, found in moved["toward"].items():
            if target != mover and found["beyond_chance"]:
                approach = Approach(sides[mover], sides[target], found["nearer"], found["low"], found["high"])
                counts = moved["n"], found["off"], found["toward"]
                how = {"coarse": moved["coarse"], "step": moved["step"]}
                yield Moved(question, approach, *counts, by_chance=found["by_chance"], **how)
