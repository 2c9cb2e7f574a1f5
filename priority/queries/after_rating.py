"""What a round of ratings found beside its verdicts: what settled, who left, who moved toward whom, what is unclear.

Read from the snapshots of the closing, in which what few people answered is left out already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.queries.rounds import items_of, number_in, result_of
from priority.words import ResultKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from priority.models import Exercise, Round
    from priority.queries.report import Report

Body = dict[str, Any]
UNCLEAR_ABOVE = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A question of the round, as it was asked."""

    key: str
    number: int
    public_id: str
    short: str
    text: str
    locale: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """How many of the `n` people of a side (of all, without a name) who answered both times went to another band.

    `crossed` and `changed` are rounded down to a multiple of `step`, where somebody could be worked out.
    """

    name: str
    crossed: int
    n: int
    changed: int
    net: int | None
    step: int

    @property
    def crossed_at_most(self) -> int:
        """How many went to another band at most."""
        return min(self.n, self.crossed + self.step - 1)


@dataclass(frozen=True, slots=True)
class Settled:
    """Two findings about a question, neither of which follows from the other; `cells` as far as they may be told."""

    named: Named
    stability: str
    agreement: str
    cells: tuple[Crossed, ...]

    @property
    def whole(self) -> Crossed | None:
        """Everybody together; None where that may not be told."""
        return next((cell for cell in self.cells if not cell.name), None)


@dataclass(frozen=True, slots=True)
class Stopping:
    """Whether the declared stopping rule is met, by what, and what it was read from; `rounds` are those of ratings."""

    met: bool
    reasons: tuple[str, ...]
    rounds: int
    rounds_at_most: int
    settled: int
    questions: int
    settled_share: int


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since round `since`, among the same people and questions. `margin` in percent, declared before."""

    since: int
    margin: int
    people: int | None
    questions: tuple[Settled, ...]
    stopping: Stopping
    not_compared: Mapping[str, int]
    arms: Mapping[str, Mapping[str, int]] | None

    @property
    def in_steps(self) -> bool:
        """Whether some numbers of people are told in steps alone."""
        return any(cell.step > 1 for one in self.questions for cell in one.cells)

    def settled(self, stability: str) -> int:
        """How many questions are "stable", "moving" or "unknown"."""
        return sum(one.stability == stability for one in self.questions)


@dataclass(frozen=True, slots=True)
class Left:
    """How those of a side (of all, without a name) who came back had answered beside those who did not.

    `difference` is of the mean first answers, with its interval; None where it cannot be computed.
    """

    name: str
    completers: int | None
    dropped_out: int
    joined_late: int | None
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rerun:
    """The verdict on a question in three ways; None where it would tell of a few people."""

    named: Named
    everybody: Verdict
    completers: Verdict | None
    carried: Verdict | None


@dataclass(frozen=True, slots=True)
class Attrition:
    """Who left between two rounds, and which verdicts hang on it.

    `compared` verdicts are told in more than one way; none are where the rule is not for the scale. `untold` are told
    in one way alone: another would tell of a few people.
    """

    since: int
    parts: tuple[Left, ...]
    hidden: bool
    differing: tuple[Rerun, ...]
    compared: int
    untold: int

    @property
    def nobody_left(self) -> bool:
        """Whether everybody came back."""
        return any(not part.name and not part.dropped_out for part in self.parts)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A question that more than a fifth of those who answered it, or of one side, could not judge."""

    named: Named
    name: str
    cannot_judge: int
    n: int


def named(round_: Round) -> dict[str, Named]:
    """The questions of a round by their key."""
    return {
        item.key: Named(
            item.key,
            number_in(item.key),
            item.wording.question.public_id,
            item.wording.short,
            item.wording.text,
            item.wording.locale,
        )
        for item in items_of(round_)
    }


def change_of(round_: Round) -> Change | None:
    """What changed since the round before; None where there is nothing to compare with."""
    body = result_of(round_, ResultKind.CHANGE)
    if body is None:
        return None
    names = named(round_)
    return Change(
        since=body["since"],
        margin=body["margin"],
        people=body["people"],
        questions=tuple(_settled(row, names[row["key"]], round_.exercise) for row in body["questions"]),
        stopping=_stopping(body["stopping"]),
        not_compared={why: len(keys) for why, keys in body["not_compared"].items()},
        arms=body.get("arms"),
    )


def attrition_of(round_: Round) -> Attrition | None:
    """Who left since the round before; None where there is nothing to compare with."""
    body = result_of(round_, ResultKind.ATTRITION)
    if body is None:
        return None
    names, reruns = named(round_), body["reruns"] or {"questions": [], "differing": []}
    rows = {row["key"]: row for row in reruns["questions"]}
    compared = sum(row["completers"] is not None or row["carried"] is not None for row in rows.values())
    return Attrition(
        since=body["since"],
        parts=tuple(_left(name, cell) for name, cell in told_parts(body, round_.exercise)),
        hidden=bool(body["hidden"]),
        differing=tuple(_rerun(rows[key], names[key]) for key in reruns["differing"]),
        compared=compared,
        untold=len(rows) - compared,
    )


def unclear_in(told: Report, round_: Round) -> list[Unclear]:
    """The questions of a round that more than a fifth could not judge: of everybody, else of a side that is shown."""
    names, voices = named(round_), [voice for voice in told.voices if voice.kind != "group"]
    found = []
    for question in told.questions:
        rating = question.rating_of(round_.n)
        cells = [] if rating is None else [(voice.name, rating.cell(voice)) for voice in voices]
        many = [
            Unclear(names[rating.key], name, cell.cannot_judge, cell.cannot_judge + cell.n)
            for name, cell in cells
            if rating is not None and cell is not None and _many(cell.cannot_judge, cell.cannot_judge + cell.n)
        ]
        found += many[:1]
    return found


# -- the small print -------------------------------------------------------------------------------------------------
def _many(cannot_judge: int, n: int) -> bool:
    """Compared in whole numbers."""
    return 100 * cannot_judge > UNCLEAR_ABOVE * n


def _stopping(body: Body) -> Stopping:
    counts: Sequence[str] = ("rounds", "rounds_at_most", "settled", "questions", "settled_share")
    return Stopping(body["met"], tuple(body["reasons"]), *(body[name] for name in counts))


def _settled(row: Body, question: Named, exercise: Exercise) -> Settled:
    cells = tuple(_crossed(name, cell) for name, cell in told_parts(row, exercise))
    return Settled(question, row["stability"], row["agreement"], cells)


def _crossed(name: str, cell: Body) -> Crossed:
    more = cell.get("more")
    net = None if more is None else more["net"]
    return Crossed(name, cell["crossed"], cell["n"], cell["changed"], net, cell["step"])


def _left(name: str, cell: Body) -> Left:
    numbers: Sequence[str] = ("completers", "dropped_out", "joined_late", "difference", "low", "high")
    return Left(name, *(cell[one] for one in numbers))


def _rerun(row: Body, question: Named) -> Rerun:
    others = [None if row[way] is None else Verdict(row[way]["verdict"]) for way in ("completers", "carried")]
    return Rerun(question, Verdict(row["everybody"]["verdict"]), *others)


def told_parts(body: Body, exercise: Exercise) -> Iterable[tuple[str, Body]]:
    """The cells that may be told: everybody together under an empty name, then each side under its own."""
    if body.get("whole") is not None:
        yield "", body["whole"]
    for side in exercise.sides:
        if body["sides"].get(side.key) is not None:
            yield side.name, body["sides"][side.key]
