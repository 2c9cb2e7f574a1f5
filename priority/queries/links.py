"""Which words stand under which question: derived from the trail, never stored.

A line of the trail counts unless it was undone. Of what counts, the last word on a part and a question is the one that
holds; sending a part down another road, or splitting it, ends every link it had before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from priority.extensions import db
from priority.models import (
    ExerciseQuestion,
    MergeRecord,
    MergeRecordPart,
    Proposal,
    ProposalPart,
    ProposalWords,
    Question,
    QuestionWording,
    StakeholderGroup,
)
from priority.words import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect, Select, Subquery

    from priority.models import Exercise

ENDS_EVERY_LINK = (Operation.ROUTE, Operation.SPLIT)


@dataclass(frozen=True, slots=True)
class LinkedQuestion:
    """A question that some of a proposal's words stand under, in its newest wording."""

    part_id: int
    part_public_id: str
    question_id: int
    public_id: str
    number: int
    text: str
    short: str
    locale: str


@dataclass(frozen=True, slots=True)
class Original:
    """Somebody's own words under a question: the stretch that was read as one part, and who it came from."""

    part_public_id: str
    part_version: int
    proposal_public_id: str
    text: str
    locale: str
    group_id: int | None
    group_name: str | None
    on_behalf: bool
    sent_at: datetime


def links(exercise: Exercise) -> frozenset[tuple[int, int]]:
    """Every (part, question) pair of the exercise that stands now, by their ids."""
    standing = standing_links(exercise.id)
    rows = db.session.execute(select(standing.c.part_id, standing.c.question_id))
    return frozenset((part, question) for part, question in rows)


def questions_of_parts(parts: Iterable[ProposalPart], exercise: Exercise) -> frozenset[int]:
    """The ids of the questions that any of these words stand under."""
    standing = standing_links(exercise.id, MergeRecordPart.part_id.in_([part.id for part in parts]))
    return frozenset(db.session.scalars(select(standing.c.question_id)))


def questions_of(proposal: Proposal) -> tuple[LinkedQuestion, ...]:
    """The questions that a proposal's words stand under, part by part and by number."""
    own_parts = select(ProposalPart.id).where(ProposalPart.proposal_id == proposal.id)
    standing = standing_links(proposal.exercise_id, MergeRecordPart.part_id.in_(own_parts))
    rows = db.session.execute(
        select(
            ProposalPart.id,
            ProposalPart.public_id,
            Question.id,
            Question.public_id,
            ExerciseQuestion.number,
            QuestionWording.text,
            QuestionWording.short,
            QuestionWording.locale,
        )
        .join(standing, standing.c.part_id == ProposalPart.id)
        .join(Question, Question.id == standing.c.question_id)
        .join(ExerciseQuestion, ExerciseQuestion.question_id == Question.id)
        .join(QuestionWording, QuestionWording.question_id == Question.id)
        .where(ExerciseQuestion.exercise_id == proposal.exercise_id, QuestionWording.n == newest_wording(Question.id))
        .order_by(ProposalPart.n, ExerciseQuestion.number)
    )
    return tuple(LinkedQuestion(*row) for row in rows)


def originals_of(question: Question, exercise: Exercise) -> tuple[Original, ...]:
    """The words under a question as their writers wrote them, oldest first; erased words are gone from here, too."""
    ever = (
        select(MergeRecordPart.part_id)
        .join(MergeRecord, MergeRecord.seq == MergeRecordPart.seq)
        .where(MergeRecord.question_id == question.id)
    )
    standing = standing_links(exercise.id, MergeRecordPart.part_id.in_(ever))
    rows = db.session.execute(
        _originals()
        .join(standing, standing.c.part_id == ProposalPart.id)
        .where(standing.c.question_id == question.id, Proposal.withdrawn_at.is_(None))
        .order_by(Proposal.created_at, ProposalPart.id)
    )
    return tuple(
        Original(part, version, proposal, text[start:end], *rest)
        for part, version, proposal, text, start, end, *rest in rows
    )


def standing_links(exercise_id: int, *conditions: ColumnElement[bool]) -> Subquery:
    """The links that stand as a table of `part_id`, `question_id` and `seq`, for other reads to join.

    `conditions` may narrow it to whole parts; narrowing to a question here would lose what ended its links.
    """
    undo = aliased(MergeRecord)
    of_a_pair = (MergeRecordPart.part_id, MergeRecord.question_id)
    lines = (
        select(
            MergeRecordPart.part_id,
            MergeRecord.question_id,
            MergeRecord.operation,
            MergeRecord.seq,
            func.row_number().over(partition_by=of_a_pair, order_by=MergeRecord.seq.desc()).label("newest"),
            func.max(case((MergeRecord.operation.in_(ENDS_EVERY_LINK), MergeRecord.seq), else_=0))
            .over(partition_by=MergeRecordPart.part_id)
            .label("ended"),
        )
        .join(MergeRecordPart, MergeRecordPart.seq == MergeRecord.seq)
        .outerjoin(undo, undo.undoes == MergeRecord.seq)
        .where(
            MergeRecord.exercise_id == exercise_id,
            MergeRecord.operation.in_((Operation.MERGE, Operation.UNMERGE, *ENDS_EVERY_LINK)),
            undo.seq.is_(None),
            *conditions,
        )
        .subquery()
    )
    return (
        select(lines.c.part_id, lines.c.question_id, lines.c.seq)
        .where(lines.c.newest == 1, lines.c.operation == Operation.MERGE, lines.c.seq > lines.c.ended)
        .subquery()
    )


def newest_wording(question_id: Any) -> ScalarSelect[int]:
    """The number of a question's newest wording, for a WHERE."""
    wording = aliased(QuestionWording)
    return select(func.max(wording.n)).where(wording.question_id == question_id).scalar_subquery()


def _originals() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ProposalPart.public_id,
            ProposalPart.version,
            Proposal.public_id,
            ProposalWords.text,
            ProposalPart.start,
            ProposalPart.end,
            Proposal.locale,
            Proposal.group_id,
            StakeholderGroup.name,
            Proposal.on_behalf,
            Proposal.created_at,
        )
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .join(
            ProposalWords,
            (ProposalWords.proposal_id == ProposalPart.proposal_id) & (ProposalWords.n == ProposalPart.words_n),
        )
        .outerjoin(StakeholderGroup, StakeholderGroup.id == Proposal.group_id)
    )
