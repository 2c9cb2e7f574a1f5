"""Rounds: what is asked, of whom, from when to when."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from priority.models.organisations import Exercise
from priority.models.questions import QuestionWording
from priority.schema import Base, Created, Document, Key, Moment, Pk, Prose, PublicId, worded
from priority.words import ExtensionKind, RoundKind, RoundState


class Round(Base):
    """One time that the panel answers. Once open, only its end can move, and that with a reason.

    `opens_at` is when a planned round opens by itself. A pilot of round 2 is round 1002, the next one 2002: one number
    names one round in every address.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("exercise_id", "n", "pilot"),
        UniqueConstraint("id", "pilot"),
        CheckConstraint("state = 'planned' OR opened_at IS NOT NULL", name="opened"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("state = 'planned' OR closes_at IS NOT NULL", name="has_an_end"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"))
    n: Mapped[int]
    pilot: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[RoundKind] = mapped_column(worded(RoundKind))
    design: Mapped[Document] = mapped_column(default=dict)
    state: Mapped[RoundState] = mapped_column(worded(RoundState), default=RoundState.PLANNED)
    opens_at: Mapped[Moment | None]
    closes_at: Mapped[Moment | None]
    opened_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]

    exercise: Mapped[Exercise] = relationship()
    items: Mapped[list[RoundItem]] = relationship(order_by="RoundItem.position", back_populates="round")


class RoundItem(Base):
    """A question of a round in the wording that is seen; `key` (such as `Q12.2`) names both in every ballot."""

    __tablename__ = "round_item"
    __table_args__ = (UniqueConstraint("round_id", "key"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    wording_id: Mapped[int] = mapped_column(ForeignKey("question_wording.id"), primary_key=True)
    key: Mapped[Key]
    block: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]

    round: Mapped[Round] = relationship(back_populates="items")
    wording: Mapped[QuestionWording] = relationship()


class RoundGroup(Base):
    """In which group each panelist stands in a round, copied when it opens (or when they join late).

    It says who was asked, never who answered.
    """

    __tablename__ = "round_group"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    panelist_id: Mapped[int] = mapped_column(ForeignKey("panelist.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("stakeholder_group.id"))


class RoundDecision(Base):
    """What the coordinator signed after a round, before anybody could see what other rules would have decided."""

    __tablename__ = "round_decision"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    body: Mapped[Document]
    digest: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[Moment]


class RoundExtension(Base):
    """The end of an open round was moved, by whom and why; an early closing too."""

    __tablename__ = "round_extension"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[ExtensionKind] = mapped_column(worded(ExtensionKind))
    closes_at: Mapped[Moment]
    reason: Mapped[Prose]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Created]
