"""Sends what waits in the outbox, each letter once, and shows it where nothing can be sent."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import TemplateError
from sqlalchemy import select, update

from priority import clock
from priority.adapters import mail
from priority.extensions import db
from priority.models import Outbox
from priority.words import MailChannel, MailState

if TYPE_CHECKING:
    from datetime import datetime

    from priority.adapters.mail import Mail
    from priority.config import Settings

MOST_TRIES = 5
log = logging.getLogger("priority.mail")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of the outbox as it reads; `mail` is None where it cannot be written, and `trouble` says why."""

    public_id: str
    template: str
    state: MailState
    created_at: datetime
    mail: Mail | None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of the letters that waited; `trouble` says what stopped the post, where something did."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    trouble: str | None = None


def letters(limit: int = 50) -> list[Letter]:
    """The newest letters of the outbox as they read, whether they were sent or not."""
    rows = db.session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(limit))
    return [_letter(message) for message in rows]


def send_waiting(limit: int = 100) -> Sending:
    """Sends what waits, oldest first, and commits after each letter; nothing where no mail server is set.

    A letter is marked before it goes and is never sent twice: where the process dies in between, it stays marked as
    not sent, for somebody to look at. A letter that the server refuses is tried five times in all.
    """
    settings = mail.settings()
    if not settings.smtp:
        return Sending()
    waiting = db.session.scalars(
        select(Outbox.id)
        .where(Outbox.state == MailState.WAITING, Outbox.channel == MailChannel.MAIL)
        .order_by(Outbox.tries, Outbox.id)
        .limit(limit)
    ).all()
    db.session.commit()
    if not waiting:
        return Sending()
    try:
        server = mail.connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("no letter could be sent: %s", error)
        return Sending(later=len(waiting), trouble=str(error))
    states = []
    with server:
        for number in waiting:
            states.append(_send(number, server, settings))
            if server.sock is None:  # the connection broke: the rest waits for the next time
                break
    return Sending(
        sent=states.count(MailState.SENT), failed=states.count(MailState.FAILED), later=states.count(MailState.WAITING)
    )


def _send(number: int, server: smtplib.SMTP, settings: Settings) -> MailState | None:
    """What became of one letter; None where another process has it."""
    claimed = db.session.execute(
        update(Outbox)
        .where(Outbox.id == number, Outbox.state == MailState.WAITING)
        .values(state=MailState.FAILED, tries=Outbox.tries + 1)
    )
    db.session.commit()
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return None
    message = db.session.get_one(Outbox, number, populate_existing=True)
    try:
        letter = mail.render(message)
        server.send_message(mail.posted(letter, public_id=message.public_id, settings=settings))
        message.state, message.sent_at = MailState.SENT, clock.now()
    except (OSError, smtplib.SMTPException, TemplateError, LookupError, ValueError) as error:
        log.warning("letter %s could not be sent (try %d): %s", message.public_id, message.tries, type(error).__name__)
        if message.tries < MOST_TRIES:
            message.state = MailState.WAITING
    state = message.state
    db.session.commit()
    return state


def _letter(message: Outbox) -> Letter:
    try:
        found, trouble = mail.render(message), None
    except (TemplateError, LookupError) as error:
        found, trouble = None, f"{type(error).__name__}: {error}"
    return Letter(message.public_id, message.template, message.state, message.created_at, found, trouble)
