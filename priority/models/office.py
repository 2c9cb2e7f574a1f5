"""What runs in the background of an installation: outgoing mail, the log of decisions, jobs, limits, files."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from priority.schema import Base, Created, Document, Key, Line, LocaleCode, Moment, Pk, PublicId, worded
from priority.words import JobState, MailChannel, MailState


class Outbox(Base):
    """A message that waits to leave. It holds no secret and no text: links, codes and words are put in when it goes.

    `event_key` names what it is about and to whom, so that nobody gets the same news twice.
    """

    __tablename__ = "outbox"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int | None] = mapped_column(ForeignKey("exercise.id"), index=True)
    event_key: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[MailChannel] = mapped_column(worded(MailChannel))
    locale: Mapped[LocaleCode]
    template: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    contributor_id: Mapped[int | None] = mapped_column(ForeignKey("contributor.id"))
    panelist_id: Mapped[int | None] = mapped_column(ForeignKey("panelist.id"))
    context: Mapped[Document] = mapped_column(default=dict)
    state: Mapped[MailState] = mapped_column(worded(MailState), default=MailState.WAITING, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Created]
    sent_at: Mapped[Moment | None]


class Audit(Base):
    """The log of decisions: each line carries the digest of the one before it, so that a change shows."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    exercise_id: Mapped[int | None] = mapped_column(ForeignKey("exercise.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[Key]
    body: Mapped[Document]
    at: Mapped[Moment]
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Job(Base):
    """A piece of work that somebody asked for and that runs in the background."""

    __tablename__ = "job"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    exercise_id: Mapped[int | None] = mapped_column(ForeignKey("exercise.id"))
    kind: Mapped[Key]
    payload: Mapped[Document]
    state: Mapped[JobState] = mapped_column(worded(JobState), default=JobState.WAITING, index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Created]
    finished_at: Mapped[Moment | None]


class Limit(Base):
    """How often something was tried in a window of time, by a keyed digest of who tried."""

    __tablename__ = "limit"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[Moment] = mapped_column(index=True)


class StoredFile(Base):
    """A file that somebody uploaded or that was made for them; its bytes lie in the file store."""

    __tablename__ = "stored_file"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    exercise_id: Mapped[int | None] = mapped_column(ForeignKey("exercise.id"))
    name: Mapped[Line]
    kind: Mapped[Key]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Created]
