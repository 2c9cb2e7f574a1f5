"""What people wrote, in their own words, and the parts it was read as."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from priority.models.organisations import Exercise, StakeholderGroup
from priority.models.people import Contributor, Person
from priority.schema import Base, Created, Key, Line, LocaleCode, Moment, Pk, Prose, PublicId, worded
from priority.words import Channel, Destination, ErasureReason, ProposalKind, WordsKind


class Proposal(Base):
    """One thing that somebody sent. Its words stand in `ProposalWords` and never change."""

    __tablename__ = "proposal"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
    contributor_id: Mapped[int | None] = mapped_column(ForeignKey("contributor.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder_group.id"))
    locale: Mapped[LocaleCode]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[Key | None]
    theme: Mapped[Key | None]
    kind: Mapped[ProposalKind] = mapped_column(worded(ProposalKind), default=ProposalKind.QUESTION)
    channel: Mapped[Channel] = mapped_column(worded(Channel), default=Channel.WEB)
    created_at: Mapped[Created]
    withdrawn_at: Mapped[Moment | None]

    exercise: Mapped[Exercise] = relationship()
    contributor: Mapped[Contributor | None] = relationship()
    group: Mapped[StakeholderGroup | None] = relationship()
    words: Mapped[list[ProposalWords]] = relationship(order_by="ProposalWords.n", back_populates="proposal")
    parts: Mapped[list[ProposalPart]] = relationship(order_by="ProposalPart.n", back_populates="proposal")


class ProposalWords(Base):
    """A text as it was sent. It cannot be changed; deleting it is erasure and needs a dated mark first."""

    __tablename__ = "proposal_words"
    __table_args__ = (UniqueConstraint("proposal_id", "n"), CheckConstraint("length(text) > 0", name="not_empty"))

    id: Mapped[Pk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    n: Mapped[int]
    kind: Mapped[WordsKind] = mapped_column(worded(WordsKind))
    text: Mapped[Prose]
    created_at: Mapped[Created]

    proposal: Mapped[Proposal] = relationship(back_populates="words")


class WordsErasure(Base):
    """The dated mark that a text was here and is erased. Nothing of the text is kept, no digest either."""

    __tablename__ = "words_erasure"
    __table_args__ = (UniqueConstraint("proposal_id", "n"),)

    id: Mapped[Pk]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    n: Mapped[int]
    reason: Mapped[ErasureReason] = mapped_column(worded(ErasureReason))
    erased_at: Mapped[Moment]


class ProposalPart(Base):
    """A stretch of a proposal's words (characters `start` to `end` of text `words_n`) that wants one answer."""

    __tablename__ = "proposal_part"
    __table_args__ = (
        UniqueConstraint("proposal_id", "n"),
        CheckConstraint('start >= 0 AND start < "end"', name="stretch"),
        CheckConstraint(
            "destination IS NULL OR destination = 'research' OR (owner IS NOT NULL AND sentence IS NOT NULL)",
            name="road_has_owner_and_sentence",
        ),
        CheckConstraint("(destination IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    n: Mapped[int]
    words_n: Mapped[int] = mapped_column(default=1)
    start: Mapped[int]
    end: Mapped[int]
    destination: Mapped[Destination | None] = mapped_column(worded(Destination))
    owner: Mapped[Line | None]
    sentence: Mapped[Prose | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Moment | None]
    retired_at: Mapped[Moment | None]
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship(back_populates="parts")
    decided_by: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling
