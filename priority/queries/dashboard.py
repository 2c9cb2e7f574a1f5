"""How an exercise stands: what the coordinator's pages count, and what a closed round found, safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from priority.extensions import db
from priority.models import (
    Contributor,
    Exercise,
    ExerciseQuestion,
    Organisation,
    Outbox,
    OutcomeEvent,
    Panelist,
    Person,
    Proposal,
    ProposalPart,
    RoundDecision,
    RoundExtension,
    RoundItem,
)
from priority.queries.rounds import items_of, result_of, rounds_of
from priority.words import ExerciseState, ExtensionKind, MailState, Moment, ResultKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from priority.models import Round
    from priority.words import RoundKind, RoundState


LEAST = 5


@dataclass(frozen=True, slots=True)
class Card:
    """An exercise on the page that staff see first."""

    id: int
    public_id: str
    title: str
    state: ExerciseState
    simulated: bool


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round on the thread of an exercise. `signed`: somebody has signed what it decided."""

    n: int
    kind: RoundKind
    state: RoundState
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    questions: int
    signed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an exercise stands, in numbers. `unanswered` counts people, `parts_waiting` what they asked."""

    contributors: int
    unanswered: int
    proposals: int
    parts_waiting: int
    questions: int
    invited: int
    letters_failed: int
    rounds: tuple[RoundLine, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """The end of a round was moved, and why."""

    kind: ExtensionKind
    closes_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a side, or everybody together (without a name), answered to a question. Only what may be shown.

    `median` is None where a few people all gave the same answer: then only the band is told.
    """

    name: str
    n: int
    median: float | None
    high: int


@dataclass(frozen=True, slots=True)
class Found:
    """A question of a closed round of ratings, with the cells that may be shown and the rule's verdict."""

    key: str
    text: str
    verdict: Verdict
    cells: tuple[Cell, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class SideCount:
    """How many of a side were asked and answered; `answered` is None where that may not be told."""

    name: str
    asked: int
    answered: int | None


def cards(organisation_id: int, exercises: Collection[int] | None) -> list[Card]:
    """The organisation's exercises, newest first: all of them, or only these ids."""
    wanted = select(Exercise).where(Exercise.organisation_id == organisation_id).order_by(Exercise.id.desc())
    if exercises is not None:
        wanted = wanted.where(Exercise.id.in_(exercises))
    return [Card(row.id, row.public_id, row.title, row.state, row.simulated) for row in db.session.scalars(wanted)]


def organisation_of(person_id: int) -> Organisation:
    """The organisation of somebody of the staff."""
    return db.session.scalars(
        select(Organisation).join(Person, Person.organisation_id == Organisation.id).where(Person.id == person_id)
    ).one()


def round_in(exercise: Exercise, state: RoundState) -> Round | None:
    """The exercise's first round in this state; None where there is none."""
    return next((round_ for round_ in rounds_of(exercise) if round_.state is state), None)


def standing(exercise: Exercise) -> Standing:
    """Where the exercise stands now."""
    return Standing(
        contributors=_count(select(func.count(func.distinct(_WHO))).where(*_live(exercise))),
        unanswered=unanswered(exercise),
        proposals=_count(select(func.count()).where(*_live(exercise))),
        parts_waiting=_count(select(func.count()).select_from(ProposalPart).join(Proposal).where(*_waiting(exercise))),
        questions=_count(
            select(func.count()).where(
                ExerciseQuestion.exercise_id == exercise.id, ExerciseQuestion.withdrawn_at.is_(None)
            )
        ),
        invited=_count(
            select(func.count()).where(Panelist.exercise_id == exercise.id, Panelist.active, ~Panelist.observer)
        ),
        letters_failed=_count(
            select(func.count()).where(Outbox.exercise_id == exercise.id, Outbox.state == MailState.FAILED)
        ),
        rounds=tuple(_line(round_) for round_ in rounds_of(exercise)),
    )


def unanswered(exercise: Exercise) -> int:
    """How many people who asked have no answer yet.

    While the exercise runs: something they asked has no destination. Once it is published: they have not been told
    that the list is out, either.
    """
    waiting: Any = exists(select(1).where(ProposalPart.proposal_id == Proposal.id, *_undecided()))
    if exercise.state is ExerciseState.PUBLISHED:
        told = exists(select(1).where(OutcomeEvent.proposal_id == Proposal.id, OutcomeEvent.moment == Moment.END))
        waiting = waiting | ~told
    return _count(select(func.count(func.distinct(_WHO))).where(*_live(exercise), waiting))


def moves(round_: Round) -> list[Move]:
    """Each time that the round's end was moved, in order."""
    rows = db.session.scalars(
        select(RoundExtension).where(RoundExtension.round_id == round_.id).order_by(RoundExtension.id)
    )
    return [Move(row.kind, row.closes_at, row.reason) for row in rows]


def found(round_: Round) -> list[Found]:
    """What a closed round of ratings found: by side where every side may be shown, else everybody together.

    It reads the snapshot in which groups under five are hidden already.
    """
    items = result_of(round_, ResultKind.ITEMS) or {"questions": []}
    shown = (result_of(round_, ResultKind.FEEDBACK) or {"questions": {}})["questions"]
    texts = {item.key: item.wording.text for item in items_of(round_)}
    return [
        Found(
            key=row["key"],
            text=texts[row["key"]],
            verdict=Verdict(row["verdict"]),
            cells=_cells(shown.get(row["key"], {})),
            hidden=bool(shown.get(row["key"], {}).get("hidden")),
        )
        for row in items["questions"]
    ]


def turnout(round_: Round) -> list[SideCount]:
    """How many of each side were asked and answered in a closed round.

    Nothing where one to four of a side did: the results tell how many answered in all, and the rest would follow.
    """
    body = result_of(round_, ResultKind.TURNOUT)
    if body is None or any(0 < body["answered"].get(side.key, 0) < LEAST for side in round_.exercise.sides):
        return []
    return [
        SideCount(side.name, body["asked"].get(side.key, 0), body["answered"].get(side.key) or None)
        for side in round_.exercise.sides
    ]


# -- the small print -------------------------------------------------------------------------------------------------
# Words that came without a person of their own (from a file) count as one person each.
_WHO = func.coalesce(Proposal.contributor_id, -Proposal.id)


def _live(exercise: Exercise) -> tuple[Any, ...]:
    erased = exists(select(1).where(Contributor.id == Proposal.contributor_id, Contributor.erased_at.is_not(None)))
    return Proposal.exercise_id == exercise.id, Proposal.withdrawn_at.is_(None), ~erased


def _undecided() -> tuple[Any, ...]:
    return ProposalPart.retired_at.is_(None), ProposalPart.destination.is_(None)


def _waiting(exercise: Exercise) -> tuple[Any, ...]:
    return *_live(exercise), *_undecided()


def _line(round_: Round) -> RoundLine:
    questions = _count(select(func.count()).where(RoundItem.round_id == round_.id))
    return RoundLine(
        n=round_.n,
        kind=round_.kind,
        state=round_.state,
        opened_at=round_.opened_at,
        closes_at=round_.closes_at,
        closed_at=round_.closed_at,
        questions=questions,
        signed=db.session.get(RoundDecision, round_.id) is not None,
    )


def _cells(shown: dict[str, Any]) -> tuple[Cell, ...]:
    rows = [row for row in shown.get("rows", []) if row["kind"] in {"side", "whole"} and row["n"]]
    return tuple(Cell(row["name"], row["n"], row["median"], row["high"]) for row in rows)


def _count(wanted: Any) -> int:
    return db.session.scalar(wanted) or 0
