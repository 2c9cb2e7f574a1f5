"""Rounds and their questions, as pages and services find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from priority.extensions import db
from priority.models import ConsensusRun, ExerciseQuestion, QuestionWording, Round, RoundItem, RoundResult
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from priority.models import Exercise
    from priority.words import ResultKind


def rounds_of(exercise: Exercise) -> Sequence[Round]:
    """The exercise's real rounds, in their order."""
    return db.session.scalars(
        select(Round).where(Round.exercise_id == exercise.id, ~Round.pilot).order_by(Round.n)
    ).all()


def find_round(exercise: Exercise, n: int) -> Round | None:
    """The exercise's real round of this number; None where there is none."""
    return db.session.scalar(select(Round).where(Round.exercise_id == exercise.id, Round.n == n, ~Round.pilot))


def open_rounds() -> Sequence[Round]:
    """Every round of every exercise that is open."""
    return db.session.scalars(select(Round).where(Round.state == RoundState.OPEN).order_by(Round.closes_at)).all()


def last_closed(exercise: Exercise, kind: RoundKind) -> Round | None:
    """The exercise's latest closed round of a kind; None where there is none."""
    return db.session.scalar(
        select(Round)
        .where(Round.exercise_id == exercise.id, Round.kind == kind, Round.state == RoundState.CLOSED, ~Round.pilot)
        .order_by(Round.n.desc())
        .limit(1)
    )


def items_of(round_: Round) -> Sequence[RoundItem]:
    """The round's questions in the order of the list, with the wordings that are seen."""
    return db.session.scalars(
        select(RoundItem)
        .where(RoundItem.round_id == round_.id)
        .options(joinedload(RoundItem.wording).joinedload(QuestionWording.question))
        .order_by(RoundItem.position)
    ).all()


def result_of(round_: Round, kind: ResultKind) -> dict[str, Any] | None:
    """A frozen snapshot of a closed round; None where there is none."""
    return db.session.scalar(
        select(RoundResult.body).where(RoundResult.round_id == round_.id, RoundResult.kind == kind)
    )


def results_of(round_: Round) -> dict[ResultKind, dict[str, Any]]:
    """Every frozen snapshot of a round, by its kind."""
    rows = db.session.execute(select(RoundResult.kind, RoundResult.body).where(RoundResult.round_id == round_.id))
    return {row[0]: row[1] for row in rows}


def runs_of(exercise: Exercise) -> Sequence[ConsensusRun]:
    """The stored rankings of an exercise that no later one supersedes: the newest round's first, its primary one first.

    So the first of them makes the list, where it is a primary one.
    """
    superseded = select(ConsensusRun.supersedes_id).where(ConsensusRun.supersedes_id.is_not(None))
    return db.session.scalars(
        select(ConsensusRun)
        .join(Round, Round.id == ConsensusRun.round_id)
        .where(ConsensusRun.exercise_id == exercise.id, ConsensusRun.id.not_in(superseded))
        .order_by(Round.n.desc(), ConsensusRun.is_primary.desc(), ConsensusRun.id)
    ).all()


def live_questions(exercise: Exercise) -> Sequence[tuple[ExerciseQuestion, QuestionWording]]:
    """The exercise's questions that are not withdrawn, by number, each with its newest wording."""
    newest = (
        select(QuestionWording.id)
        .where(QuestionWording.question_id == ExerciseQuestion.question_id)
        .order_by(QuestionWording.n.desc())
        .limit(1)
        .correlate(ExerciseQuestion)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(ExerciseQuestion, QuestionWording)
        .join(QuestionWording, QuestionWording.id == newest)
        .where(ExerciseQuestion.exercise_id == exercise.id, ExerciseQuestion.withdrawn_at.is_(None))
        .order_by(ExerciseQuestion.number)
    )
    return [(row[0], row[1]) for row in rows]
