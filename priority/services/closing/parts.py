"""The parts of a panel that a snapshot tells: everybody, sides, groups, as far as nobody can be worked out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from priority.services import suppression
from priority.services.closing.stored import least_of
from priority.services.suppression import GROUP, SIDE, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from priority.models import Exercise, Round
    from priority.queries.ballots import Row
    from priority.services.suppression import Told

Body = dict[str, Any]
Part = tuple[str, str]


def names_of(exercise: Exercise) -> dict[str, tuple[str, dict[str, str]]]:
    """Each side's name and the names of its groups, in their order."""
    return {side.key: (side.name, {group.key: group.name for group in side.groups}) for side in exercise.sides}


def told_of(round_: Round, people: Iterable[Part]) -> Told:
    """Which parts may be told of these people, each given as side and group."""
    counts = Counter(people)
    sides = {
        side.key: {group.key: counts[side.key, group.key] for group in side.groups} for side in round_.exercise.sides
    }
    sizes = {side: sum(groups.values()) for side, groups in sides.items()}
    return suppression.told(sides, sizes, k=least_of(round_))


def rows_of(part: Part, rows: Sequence[Row]) -> list[Row]:
    """The ballots of a part."""
    kind, key = part
    return [row for row in rows if kind == WHOLE or key == (row.side if kind == SIDE else row.group)]


def cells(told: Told, cell: Callable[[Part], Body]) -> Body:
    """What is told of each part, as a snapshot lays it out."""
    return laid_out({part: cell(part) for part in told.parts})


def laid_out(found: Mapping[Part, Body]) -> Body:
    """The cells of parts as `whole` (None where it is not told), `sides` and `groups` by key."""
    return {
        "whole": found.get((WHOLE, WHOLE)),
        "sides": {key: body for (kind, key), body in found.items() if kind == SIDE},
        "groups": {key: body for (kind, key), body in found.items() if kind == GROUP},
    }


def hidden(told: Told) -> list[Body]:
    """What is not told, and why."""
    return [{"kind": kind, "key": key, "why": why} for kind, key, why in told.hidden]
