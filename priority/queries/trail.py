"""The trail as people read it: who did what with which words, newest first, and what can still be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import aliased

from priority.extensions import db
from priority.models import (
    ExerciseQuestion,
    MergeRecord,
    MergeRecordPart,
    Person,
    Proposal,
    ProposalPart,
    ProposalWords,
)
from priority.words import Destination, Operation

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Exists, Select

    from priority.models import Exercise, Question

NEVER_UNDONE = (Operation.UNDO, Operation.WITHDRAW)
EXCERPT = 90
ROADS = {road.value: road for road in Destination}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail; `can_undo` says whether nothing newer stands in the way."""

    seq: int
    operation: Operation
    destination: Destination | None
    at: datetime
    actor: str | None
    actor_id: int | None
    reason: str | None
    undoes: int | None
    question_number: int | None
    undone: bool
    can_undo: bool
    proposal_public_id: str | None
    locale: str | None
    excerpt: str | None


def find_record(exercise: Exercise, seq: int) -> MergeRecord | None:
    """The exercise's line of the trail of this number; None where there is none, or could be none."""
    if seq.bit_length() > 63:
        return None
    return db.session.scalar(select(MergeRecord).where(MergeRecord.exercise_id == exercise.id, MergeRecord.seq == seq))


def recent(exercise: Exercise, most: int = 6) -> tuple[TrailLine, ...]:
    """What was done last in the exercise."""
    return _lines(MergeRecord.exercise_id == exercise.id, most=most)


def trail_of_proposal(proposal: Proposal) -> tuple[TrailLine, ...]:
    """Everything that was done with a proposal's words."""
    own = (
        select(MergeRecordPart.seq)
        .join(ProposalPart, ProposalPart.id == MergeRecordPart.part_id)
        .where(ProposalPart.proposal_id == proposal.id)
    )
    return _lines(MergeRecord.seq.in_(own))


def trail_of_question(question: Question, exercise: Exercise) -> tuple[TrailLine, ...]:
    """Everything that was done with a question in this exercise."""
    return _lines(MergeRecord.question_id == question.id, MergeRecord.exercise_id == exercise.id)


def is_undone(record: MergeRecord) -> bool:
    """Whether a line of the trail was undone."""
    return bool(db.session.scalar(select(MergeRecord.seq).where(MergeRecord.undoes == record.seq)))


def is_overtaken(record: MergeRecord) -> bool:
    """Whether something newer was done with the same words (or the same question) and stands."""
    return bool(db.session.scalar(select(_overtaken(MergeRecord)).where(MergeRecord.seq == record.seq)))


def _overtaken(line: Any) -> Exists:
    """A later line about the same parts; for a rewording, and for a merge that made its question, about that question.

    Only lines that count: undoing one gives way to those before it.
    """
    later, undo = aliased(MergeRecord), aliased(MergeRecord)
    its_parts, later_parts = aliased(MergeRecordPart), aliased(MergeRecordPart)
    shares_a_part = (
        select(its_parts.seq)
        .join(later_parts, later_parts.part_id == its_parts.part_id)
        .where(its_parts.seq == line.seq, later_parts.seq == later.seq)
        .correlate(line, later)
        .exists()
    )
    shares_the_wording = (line.operation == Operation.REWORD) & (later.operation == Operation.REWORD)
    made_the_question = func.coalesce(line.detail["made_question"].as_boolean(), false())
    shares_the_question = (later.question_id == line.question_id) & or_(shares_the_wording, made_the_question)
    return (
        select(later.seq)
        .outerjoin(undo, undo.undoes == later.seq)
        .where(
            later.exercise_id == line.exercise_id,
            later.seq > line.seq,
            later.operation != Operation.UNDO,
            undo.seq.is_(None),
            or_(shares_a_part, shares_the_question),
        )
        .correlate(line)
        .exists()
    )


def _lines(*conditions: ColumnElement[bool], most: int | None = None) -> tuple[TrailLine, ...]:
    undo = aliased(MergeRecord)
    rows = db.session.execute(
        select(MergeRecord, Person.name, ExerciseQuestion.number, undo.seq, _overtaken(MergeRecord))
        .outerjoin(Person, Person.id == MergeRecord.actor_id)
        .outerjoin(
            ExerciseQuestion,
            (ExerciseQuestion.question_id == MergeRecord.question_id)
            & (ExerciseQuestion.exercise_id == MergeRecord.exercise_id),
        )
        .outerjoin(undo, undo.undoes == MergeRecord.seq)
        .where(*conditions)
        .order_by(MergeRecord.seq.desc())
        .limit(most)
    ).all()
    words = _words_of([row[0].seq for row in rows])
    return tuple(_line(*row, words.get(row[0].seq, (None, None, None))) for row in rows)


def _line(
    record: MergeRecord,
    actor: str | None,
    number: int | None,
    undone: int | None,
    overtaken: bool,  # noqa: FBT001 - a column of the row above
    words: tuple[str | None, str | None, str | None],
) -> TrailLine:
    return TrailLine(
        record.seq,
        record.operation,
        ROADS.get(record.detail.get("destination", "")),
        record.at,
        actor,
        record.actor_id,
        record.reason,
        record.undoes,
        number,
        undone is not None,
        undone is None and not overtaken and record.operation not in NEVER_UNDONE,
        *words,
    )


def _words_of(seqs: list[int]) -> dict[int, tuple[str | None, str | None, str | None]]:
    """For each line the proposal of its first part, its language and the beginning of the words."""
    found: dict[int, tuple[str | None, str | None, str | None]] = {}
    for seq, public_id, locale, text, start, end in db.session.execute(_first_words(seqs)):
        stretch = None if text is None else text[start:end].strip()
        shown = stretch if stretch is None or len(stretch) <= EXCERPT else f"{stretch[:EXCERPT].rstrip()} …"
        found.setdefault(seq, (public_id, locale, shown))
    return found


def _first_words(seqs: list[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            MergeRecordPart.seq,
            Proposal.public_id,
            Proposal.locale,
            ProposalWords.text,
            ProposalPart.start,
            ProposalPart.end,
        )
        .join(ProposalPart, ProposalPart.id == MergeRecordPart.part_id)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .outerjoin(
            ProposalWords,
            (ProposalWords.proposal_id == Proposal.id) & (ProposalWords.n == ProposalPart.words_n),
        )
        .where(MergeRecordPart.seq.in_(seqs))
        .order_by(MergeRecordPart.seq, ProposalPart.id)
    )
