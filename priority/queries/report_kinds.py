"""Reads what rounds of choices, of best and worst and of criteria found, as far as it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from priority.queries.report_values import CRITERIA, WHOLE, Voice
from priority.queries.rounds import result_of
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from priority.models import Round

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many of the `n` of a voice who chose anything chose a question, with Wilson's interval for the share."""

    n: int
    chosen: int
    interval: tuple[float, float]

    @property
    def percent(self) -> int:
        """The share in whole percent, half up."""
        return (200 * self.chosen + self.n) // (2 * self.n)


@dataclass(frozen=True, slots=True)
class Called:
    """How often the `n` of a voice who answered sets called a question best and worst, of the times it was shown."""

    n: int
    shown: int
    best: int
    worst: int
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Scored:
    """How a voice scored a question: priority score, agreement, and the score of each criterion."""

    n: int
    people: int
    rps: float | None
    weighted: float | None
    aea: float | None
    criteria: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a round of choices, of best and worst or of criteria found of a question; who may not be told has no cell.

    `support` is over the sides by their parts of the say; None where a side has none, or few people.
    """

    n: int
    key: str
    kind: RoundKind
    support: Fraction | None
    cells: Mapping[str, Chosen | Called | Scored]

    def cell(self, voice: Voice) -> Any:
        """A voice's cell; None where it may not be told."""
        return self.cells.get(voice.column)


def found_in(round_: Round, heard: Sequence[Voice]) -> dict[str, Found]:
    """What a closed round found, by question key; nothing for ratings with bands and for orders."""
    if round_.kind in {RoundKind.CHOOSE, RoundKind.BEST_WORST}:
        return dict(_choices(round_, heard))
    if round_.kind is RoundKind.RATING:
        return dict(_scores(round_, heard))
    return {}


def _choices(round_: Round, heard: Sequence[Voice]) -> Iterable[tuple[str, Found]]:
    body = result_of(round_, ResultKind.CHOICES) or {"questions": []}
    read = _called if round_.kind is RoundKind.BEST_WORST else _chosen
    for row in body["questions"]:
        stored = {voice.column: _stored(row, voice) for voice in heard}
        cells = {column: read(cell) for column, cell in stored.items() if cell is not None}
        support = row["support"] if row["sides"] else None
        yield row["key"], _found(round_, row["key"], support, cells)


def _scores(round_: Round, heard: Sequence[Voice]) -> Iterable[tuple[str, Found]]:
    """A voice is told where it was shown on every criterion to those who answered."""
    items = result_of(round_, ResultKind.ITEMS) or {}
    if items.get("scale") != CRITERIA:
        return
    feedback = (result_of(round_, ResultKind.FEEDBACK) or {"questions": {}})["questions"]
    for row in items["questions"]:
        told = _told(row, feedback)
        stored = {voice.column: _stored(row, voice) for voice in heard if (voice.kind, voice.key) in told}
        cells = {column: _scored(cell) for column, cell in stored.items() if cell is not None}
        apart = any(kind == "side" for kind, _key in told)
        yield row["key"], _found(round_, row["key"], row["support"] if apart else None, cells)


def _told(row: Body, feedback: Mapping[str, Body]) -> set[tuple[str, str]]:
    shown = []
    for field, one in feedback.items():
        if field.partition("/")[0] == row["key"]:
            parts = {(part["kind"], part["key"]) for part in one["rows"]}
            shown.append(parts | ({(WHOLE, WHOLE)} if any(kind == "side" for kind, _key in parts) else set()))
    return set.intersection(*shown) if shown else set()


def _stored(row: Body, voice: Voice) -> Body | None:
    cell: Body | None = row[WHOLE] if voice.kind == WHOLE else row[f"{voice.kind}s"].get(voice.key)
    return cell


def _found(round_: Round, key: str, support: str | None, cells: Mapping[str, Any]) -> Found:
    return Found(round_.n, key, round_.kind, None if support is None else Fraction(support), cells)


def _chosen(cell: Body) -> Chosen:
    low, high = cell["interval"]
    return Chosen(cell["n"], cell["chosen"], (low, high))


def _called(cell: Body) -> Called:
    score = None if cell["score"] is None else Fraction(cell["score"])
    return Called(cell["n"], cell["shown"], cell["best"], cell["worst"], score)


def _scored(cell: Body) -> Scored:
    scores = {name: one["score"] for name, one in cell["criteria"].items()}
    return Scored(cell["n"], cell["people"], cell["rps"], cell["weighted"], cell["aea"], scores)
