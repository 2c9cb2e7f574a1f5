"""What was computed at closing, stored as it was: never changed, always re-computable."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from priority.schema import Base, Created, Document, Key, Pk, PublicId, worded
from priority.words import ResultKind, RunState


class RoundResult(Base):
    """A frozen snapshot of a closed round, with its suppression already applied where others read it."""

    __tablename__ = "round_result"
    __table_args__ = (UniqueConstraint("round_id", "kind"),)

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[ResultKind] = mapped_column(worded(ResultKind))
    body: Mapped[Document]
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Created]


class ConsensusRun(Base):
    """One computed ranking: from which input, by which method, with which parameters. A pilot can never be one."""

    __tablename__ = "consensus_run"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "pilot"], ["round.id", "round.pilot"], name="fk_consensus_run_round"),
        CheckConstraint("NOT pilot", name="no_pilot"),
        UniqueConstraint("supersedes_id"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int] = mapped_column(ForeignKey("exercise.id"), index=True)
    round_id: Mapped[int]
    pilot: Mapped[bool] = mapped_column(default=False)
    is_primary: Mapped[bool]
    pooled: Mapped[bool]
    method: Mapped[Key]
    parameters: Mapped[Document]
    seed: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[RunState] = mapped_column(worded(RunState))
    input_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[Document]
    software: Mapped[Key]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("consensus_run.id"))
    created_at: Mapped[Created]
