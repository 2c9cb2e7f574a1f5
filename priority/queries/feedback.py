"""What others answered last time, as those who answer again may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.queries.report_values import NINE
from priority.queries.rounds import result_of, rounds_of
from priority.words import ResultKind, RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Round

WHOLE, SIDE, GROUP = "whole", "side", "group"


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """How the whole panel, a side or a group answered a question.

    Where few people all agree there is no histogram and no median, only how many answered in each of the three bands.
    """

    kind: str
    key: str
    name: str
    n: int
    histogram: tuple[int, ...] | None
    median: float | None
    bands: tuple[int, int, int]
    high: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A side or group that is not shown: it is few people, or few could be worked out by subtraction."""

    kind: str
    key: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """Everything that may be shown about a question, sides first, and what is hidden."""

    rows: tuple[FeedbackRow, ...]
    hidden: tuple[Hidden, ...]


def previous_rating(round_: Round) -> Round | None:
    """The rating round of the same exercise that closed before this one; None where there is none."""
    before = [
        other
        for other in rounds_of(round_.exercise)
        if other.n < round_.n and other.kind is RoundKind.RATING and other.state is RoundState.CLOSED
    ]
    return before[-1] if before else None


def last_time(round_: Round) -> Round | None:
    """The rating round before this one, where it asked on the same scale: only then its answers can be compared."""
    before = previous_rating(round_)
    return before if before is not None and _scale(before) == _scale(round_) else None


def feedback_of(round_: Round) -> dict[str, QuestionFeedback]:
    """What others answered in a closed rating round, by the question's key; nothing where nothing was stored."""
    body = result_of(round_, ResultKind.FEEDBACK)
    return {} if body is None else {key: _question(found) for key, found in body["questions"].items()}


def _scale(round_: Round) -> str:
    return str(round_.design.get("scale", NINE))


def _question(found: Mapping[str, Any]) -> QuestionFeedback:
    return QuestionFeedback(
        rows=tuple(_row(row) for row in found["rows"]),
        hidden=tuple(Hidden(one["kind"], one["key"], one["name"], one["why"]) for one in found["hidden"]),
    )


def _row(row: Mapping[str, Any]) -> FeedbackRow:
    low, middle, high = row["bands"]
    return FeedbackRow(
        kind=row["kind"],
        key=row["key"],
        name=row["name"],
        n=row["n"],
        histogram=None if row["histogram"] is None else tuple(row["histogram"]),
        median=row["median"],
        bands=(low, middle, high),
        high=row["high"],
    )
