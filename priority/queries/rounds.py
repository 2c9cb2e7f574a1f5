"""Rounds and their questions, as pages and services find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from priority.extensions import db
from priority.models import ConsensusRun, ExerciseQuestion, QuestionWording, Round, RoundItem, RoundResult
from priority.policy import is_open_to_all
from priority.queries.earlier import as_today
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from priority.models import Exercise
    from priority.words import ResultKind


PILOTS_APART = 1000
MAKE_A_LIST = frozenset({RoundKind.RANKING, RoundKind.CHOOSE, RoundKind.BEST_WORST})


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


def number_tried(pilot: Round) -> int:
    """The number of the round that a pilot tries out: 2 for its pilots 1002 and 2002."""
    return pilot.n % PILOTS_APART


def key_of(link: ExerciseQuestion, wording: QuestionWording) -> str:
    """What a round calls a question: `Q12.2` is question 12 in its second wording."""
    return f"Q{link.number}.{wording.n}"


def number_in(key: str) -> int:
    """The question's number as its key says it: 12 for `Q12.2`."""
    return int(key[1:].partition(".")[0])


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
    body = db.session.scalar(
        select(RoundResult.body).where(RoundResult.round_id == round_.id, RoundResult.kind == kind)
    )
    return None if body is None else as_today(kind, body)


def results_of(round_: Round) -> dict[ResultKind, dict[str, Any]]:
    """Every frozen snapshot of a round, by its kind."""
    rows = db.session.execute(select(RoundResult.kind, RoundResult.body).where(RoundResult.round_id == round_.id))
    return {kind: as_today(kind, body) for kind, body in rows}


def runs_of(exercise: Exercise) -> Sequence[ConsensusRun]:
    """The stored rankings of an exercise that none supersedes: the newest round's first, its primary one first."""
    superseded = select(ConsensusRun.supersedes_id).where(ConsensusRun.supersedes_id.is_not(None))
    return db.session.scalars(
        select(ConsensusRun)
        .join(Round, Round.id == ConsensusRun.round_id)
        .where(ConsensusRun.exercise_id == exercise.id, ConsensusRun.id.not_in(superseded))
        .order_by(Round.n.desc(), ConsensusRun.is_primary.desc(), ConsensusRun.id)
    ).all()


def list_round(exercise: Exercise) -> Round | None:
    """The closed round that makes the list: the last in which the group put in order or chose.

    A round that was open to all makes it only where the group had none. None before such a round has closed.
    """
    closed = [one for one in rounds_of(exercise) if one.state is RoundState.CLOSED and one.kind in MAKE_A_LIST]
    return next((one for one in reversed(closed) if not is_open_to_all(one)), closed[-1] if closed else None)


def list_run(exercise: Exercise) -> ConsensusRun | None:
    """The primary ranking of the round that makes the list; None where there is none, as where a side was silent."""
    round_ = list_round(exercise)
    if round_ is None:
        return None
    return next((run for run in runs_of(exercise) if run.round_id == round_.id and run.is_primary), None)


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
