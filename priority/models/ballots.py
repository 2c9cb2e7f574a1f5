"""Answers, kept apart from the people who gave them: no time, no running number, no key to a person.

`ballot_key` can be worked out only with the panelist's salt and the exercise's key, which is not in the database.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from priority.schema import Base, Key, Prose, Secret, worded
from priority.words import BallotState, ReasonSide, ReviewState, RoundKind, SuggestionState

_UNORDERED = {"sqlite_with_rowid": False}


class Ballot(Base):
    """One panelist's answers in one round, replaceable until it closes. `answers` is canonical JSON."""

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("(state = 'submitted') <= (commitment IS NOT NULL)", name="submitted_has_commitment"),
        CheckConstraint("(nonce IS NULL) = (commitment IS NULL)", name="nonce_with_commitment"),
        _UNORDERED,
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    ballot_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    state: Mapped[BallotState] = mapped_column(worded(BallotState))
    kind: Mapped[RoundKind] = mapped_column(worded(RoundKind))
    format: Mapped[int]
    group: Mapped[Key]
    answers: Mapped[Prose]
    nonce: Mapped[Secret | None]
    commitment: Mapped[Secret | None]
    version: Mapped[int]
    verified: Mapped[bool]


class BallotSubmit(Base):
    """A submit that was acknowledged: the same `submit_key` again gets the same receipt and changes nothing."""

    __tablename__ = "ballot_submit"
    __table_args__ = (UniqueConstraint("round_id", "submit_key"), _UNORDERED)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    ballot_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    submit_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    receipt: Mapped[str]


class PaperEntry(Base):
    """An answer that came on paper or by telephone was typed in, once or twice."""

    __tablename__ = "paper_entry"
    __table_args__ = (CheckConstraint("entry IN (1, 2)", name="entry"), _UNORDERED)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    ballot_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Reason(Base):
    """Why somebody answered high or low, apart from the answers; read by a moderator before others see it."""

    __tablename__ = "reason"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "wording_id"], ["round_item.round_id", "round_item.wording_id"], name="fk_reason_round_item"
        ),
        _UNORDERED,
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    ballot_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    wording_id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[ReasonSide] = mapped_column(worded(ReasonSide))
    text: Mapped[Prose]
    state: Mapped[ReviewState] = mapped_column(worded(ReviewState))


class Suggestion(Base):
    """A question that somebody wishes to be asked in the next round; a moderator answers every one."""

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="not_empty"),
        CheckConstraint("(state = 'waiting') = (answer IS NULL)", name="answered"),
        CheckConstraint("state NOT IN ('taken', 'on_list') OR question_id IS NOT NULL", name="leads_to_a_question"),
        _UNORDERED,
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    ballot_key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[Prose]
    state: Mapped[SuggestionState] = mapped_column(worded(SuggestionState))
    answer: Mapped[Prose | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))


class Slip(Base):
    """A printed slip of an open round, one ballot each, with no mark "used": its ballot key follows from the code."""

    __tablename__ = "slip"
    __table_args__ = (_UNORDERED,)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
