"""Summary questions, their wordings, what is known about them, and the trail from people's words to them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from priority.models.organisations import Organisation
from priority.models.people import Person
from priority.schema import Base, Created, Document, Key, Line, LocaleCode, Moment, Pk, Prose, PublicId, worded
from priority.words import Finding, ObjectionState, Operation, ReferenceKind, TranslationKind
from priority.words import Moment as Step


class Question(Base):
    """A summary question: what several people asked, in the wording the moderators arrived at."""

    __tablename__ = "question"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Created]

    organisation: Mapped[Organisation] = relationship()
    wordings: Mapped[list[QuestionWording]] = relationship(order_by="QuestionWording.n", back_populates="question")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class QuestionWording(Base):
    """One wording of a question; a new wording is a new row, and rounds refer to the one that was seen."""

    __tablename__ = "question_wording"
    __table_args__ = (UniqueConstraint("question_id", "n"), CheckConstraint("length(text) > 0", name="not_empty"))

    id: Mapped[Pk]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    n: Mapped[int]
    locale: Mapped[LocaleCode]
    text: Mapped[Prose]
    short: Mapped[Line]
    background: Mapped[Prose | None]
    reason: Mapped[Prose | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Created]

    question: Mapped[Question] = relationship(back_populates="wordings")


class ExerciseQuestion(Base):
    """A question's place in one exercise; several exercises can share a question, each with its own number."""

    __tablename__ = "exercise_question"
    __table_args__ = (UniqueConstraint("exercise_id", "question_id"), UniqueConstraint("exercise_id", "number"))

    id: Mapped[Pk]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    number: Mapped[int]
    theme: Mapped[Key | None]
    stage: Mapped[Key | None]
    withdrawn_at: Mapped[Moment | None]

    question: Mapped[Question] = relationship()


class Translation(Base):
    """A text of ours in another language, with the digest of the source it was made from."""

    __tablename__ = "translation"
    __table_args__ = (UniqueConstraint("kind", "object_id", "field", "locale"),)

    id: Mapped[Pk]
    kind: Mapped[TranslationKind] = mapped_column(worded(TranslationKind))
    object_id: Mapped[int]
    field: Mapped[Key]
    locale: Mapped[LocaleCode]
    text: Mapped[Prose]
    source_digest: Mapped[str]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[Moment | None]


class MergeRecord(Base):
    """One line of the trail: who did what with which parts, and why. Lines are added, never changed."""

    __tablename__ = "merge_record"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
    operation: Mapped[Operation] = mapped_column(worded(Operation))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[Prose | None]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("merge_record.seq"), unique=True)
    detail: Mapped[Document] = mapped_column(default=dict)
    at: Mapped[Moment]

    question: Mapped[Question | None] = relationship()
    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    parts: Mapped[list[MergeRecordPart]] = relationship(order_by="MergeRecordPart.part_id")


class MergeRecordPart(Base):
    """Which parts of proposals a line of the trail is about."""

    __tablename__ = "merge_record_part"

    seq: Mapped[int] = mapped_column(ForeignKey("merge_record.seq"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("proposal_part.id"), primary_key=True, index=True)


class EvidenceCheck(Base):
    """What was searched, when and by whom, to see whether a question is answered already."""

    __tablename__ = "evidence_check"

    id: Mapped[Pk]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    searched: Mapped[Prose]
    searched_on: Mapped[Moment]
    finding: Mapped[Finding] = mapped_column(worded(Finding))
    answer: Mapped[Prose | None]
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Created]


class Reference(Base):
    """A source for a question. The server shows it and never fetches it."""

    __tablename__ = "reference"

    id: Mapped[Pk]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    kind: Mapped[ReferenceKind] = mapped_column(worded(ReferenceKind))
    value: Mapped[Line]
    title: Mapped[Line]


class Objection(Base):
    """A contributor says that a question lost their meaning; it must be answered."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state = 'open' OR answer IS NOT NULL", name="answer"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    part_id: Mapped[int] = mapped_column(ForeignKey("proposal_part.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    text: Mapped[Prose]
    state: Mapped[ObjectionState] = mapped_column(worded(ObjectionState), default=ObjectionState.OPEN)
    answer: Mapped[Prose | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Moment | None]
    created_at: Mapped[Created]


class OutcomeEvent(Base):
    """Something happened to a proposal or a question, at one of the moments people hear of. Added, never changed."""

    __tablename__ = "outcome_event"
    __table_args__ = (CheckConstraint("(proposal_id IS NULL) <> (question_id IS NULL)", name="about_one"),)

    id: Mapped[Pk]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    moment: Mapped[Step] = mapped_column(worded(Step))
    detail: Mapped[Document] = mapped_column(default=dict)
    source: Mapped[Line]
    at: Mapped[Moment]
