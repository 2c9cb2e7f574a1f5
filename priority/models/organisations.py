"""Associations, their exercises, and the protocol by which an exercise is run."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from priority.schema import Base, Created, Document, Key, Line, LocaleCode, Moment, Pk, Prose, PublicId, Secret, worded
from priority.words import ExerciseState, Template


class Organisation(Base):
    """An association. Nothing of one is reachable from another."""

    __tablename__ = "organisation"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    name: Mapped[Line]
    locale: Mapped[LocaleCode]
    contact_name: Mapped[Line]
    contact_phone: Mapped[Line]
    contact_hours: Mapped[Line]
    contact_email: Mapped[Line]
    created_at: Mapped[Created]


class Exercise(Base):
    """One project: its subject, sides, protocol, questions and rounds."""

    __tablename__ = "exercise"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR safeguarding_contact IS NOT NULL", name="safeguarding_before_opening"),
        CheckConstraint("key_days BETWEEN 1 AND 365", name="key_days"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[Line]
    introduction: Mapped[Prose]
    locale: Mapped[LocaleCode]
    time_zone: Mapped[Key]
    template: Mapped[Template] = mapped_column(worded(Template))
    state: Mapped[ExerciseState] = mapped_column(worded(ExerciseState), default=ExerciseState.DRAFT)
    simulated: Mapped[bool] = mapped_column(default=False)
    imported: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[Line]
    contact_phone: Mapped[Line]
    contact_hours: Mapped[Line]
    contact_email: Mapped[Line]
    readers: Mapped[Line]
    safeguarding_contact: Mapped[Line | None]
    asking_until: Mapped[Moment | None]
    published_at: Mapped[Moment | None]
    key_days: Mapped[int] = mapped_column(default=30)
    ballot_key_check: Mapped[Secret | None]
    key_destroyed_at: Mapped[Moment | None]
    created_at: Mapped[Created]

    organisation: Mapped[Organisation] = relationship()
    sides: Mapped[list[Side]] = relationship(order_by="Side.position", back_populates="exercise")
    groups: Mapped[list[StakeholderGroup]] = relationship(
        order_by="StakeholderGroup.position", back_populates="exercise"
    )


class ExercisePartner(Base):
    """Another organisation that takes part in a joint exercise; the exercise itself has one host."""

    __tablename__ = "exercise_partner"

    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name_shown: Mapped[Line]


class Side(Base):
    """People who hold a declared share of the say; shares are whole parts (1 and 1 means half each)."""

    __tablename__ = "side"
    __table_args__ = (UniqueConstraint("exercise_id", "key"), CheckConstraint("share > 0", name="share"))

    id: Mapped[Pk]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"))
    key: Mapped[Key]
    name: Mapped[Line]
    share: Mapped[int]
    position: Mapped[int]

    exercise: Mapped[Exercise] = relationship(back_populates="sides")
    groups: Mapped[list[StakeholderGroup]] = relationship(order_by="StakeholderGroup.position", back_populates="side")


class StakeholderGroup(Base):
    """Whose view somebody gives, within a side; it has no weight of its own. Without a side it has no ballot."""

    __tablename__ = "stakeholder_group"
    __table_args__ = (UniqueConstraint("exercise_id", "key"),)

    id: Mapped[Pk]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"))
    side_id: Mapped[int | None] = mapped_column(ForeignKey("side.id"))
    key: Mapped[Key]
    name: Mapped[Line]
    member: Mapped[Line]
    position: Mapped[int]

    exercise: Mapped[Exercise] = relationship(back_populates="groups")
    side: Mapped[Side | None] = relationship(back_populates="groups")


class Protocol(Base):
    """The declared rules.

    Row 1 can be edited until the first real round opens; afterwards only a new row with its reason, a deviation, can
    be added.
    """

    __tablename__ = "protocol"
    __table_args__ = (
        UniqueConstraint("exercise_id", "n"),
        CheckConstraint("n = 1 OR (reason IS NOT NULL AND frozen_at IS NOT NULL)", name="deviation_has_reason"),
        CheckConstraint("(frozen_at IS NULL) = (digest IS NULL)", name="frozen_with_digest"),
    )

    id: Mapped[Pk]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"))
    n: Mapped[int]
    body: Mapped[Document]
    digest: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[Prose | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Created]
    frozen_at: Mapped[Moment | None]
