"""Letters as they leave: a message of the outbox becomes words in its reader's language, and goes out by SMTP.

The outbox holds no secret: links and codes are worked out here, from the keys, at the moment a letter is read.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale

from priority import ids
from priority.contact import Human, human_of
from priority.extensions import db, keys
from priority.models import Contributor, Exercise, Organisation, OutcomeEvent, Panelist, Person, Protocol, Round

if TYPE_CHECKING:
    from jinja2 import Template

    from priority.config import Settings
    from priority.models import Outbox

Reader = Person | Contributor | Panelist
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter, whole: to whom, whom an answer reaches, about what, in plain text and in HTML."""

    to: str
    reply_to: str
    subject: str
    text: str
    html: str


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def render(message: Outbox) -> Mail:
    """The letter that a message stands for, as it reads now. Raises where its template or its reader is missing.

    Templates are `mail/<name>.txt` (whose block `subject`, or else `headline`, is the subject) and `mail/<name>.html`.
    They get `message`, `exercise`, `round`, `reader`, `name`, `human`, `link`, `code`, `event`, `url`, `is_example`,
    `lang`, and `digest`: that of the rules in force, once they are frozen.
    """
    reader = _reader(message)
    values = _values(message, reader)
    find = current_app.jinja_env.get_template
    with force_locale(message.locale):
        text, subject = _written(find(f"mail/{message.template}.txt"), values)
        return Mail(
            to="" if reader.address is None else keys.reveal(reader.address),
            reply_to=values["human"].email,
            subject=subject,
            text=text.strip() + "\n",
            html=find(f"mail/{message.template}.html").render(**values),
        )


def connect(settings: Settings) -> smtplib.SMTP:
    """A connection to the mail server of PRIORITY_SMTP, encrypted where the server offers it.

    The setting is `host`, `host:port` or `smtp://name:password@host:port` (`smtps://` for encryption from the first
    byte). Refuses to send a password unencrypted.
    """
    address = urlsplit(settings.smtp if "//" in settings.smtp else f"smtp://{settings.smtp}")
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(address.hostname or "", address.port or 465, timeout=SECONDS)
    else:
        server = smtplib.SMTP(address.hostname or "", address.port or 25, timeout=SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        elif address.username:
            server.close()
            raise smtplib.SMTPNotSupportedError("The mail server offers no encryption, so no password is sent to it.")
    if address.username:
        server.login(address.username, address.password or "")
    return server


def posted(mail: Mail, *, public_id: str, settings: Settings) -> EmailMessage:
    """The letter as the mail server takes it. The same message has the same Message-ID, however often it is tried."""
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = mail.to
    letter["Reply-To"] = mail.reply_to
    letter["Subject"] = mail.subject
    letter["Date"] = formatdate()
    letter["Message-ID"] = f"<{public_id}@{parseaddr(settings.mail_from)[1].partition('@')[2] or 'localhost'}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.text)
    letter.add_alternative(mail.html, subtype="html")
    return letter


# -- what a template is given ----------------------------------------------------------------------------------------
def _reader(message: Outbox) -> Reader:
    found: Reader | None = None
    if message.panelist_id is not None:
        found = db.session.get(Panelist, message.panelist_id)
    elif message.contributor_id is not None:
        found = db.session.get(Contributor, message.contributor_id)
    elif message.person_id is not None:
        found = db.session.get(Person, message.person_id)
    if found is None:
        raise LookupError(f"Message {message.public_id} has no reader.")
    return found


def _values(message: Outbox, reader: Reader) -> dict[str, Any]:
    exercise = None if message.exercise_id is None else db.session.get(Exercise, message.exercise_id)
    event = message.context.get("event")
    return {
        "message": message,
        "exercise": exercise,
        "round": _round(message, exercise),
        "reader": reader,
        "name": keys.reveal(reader.name)
        if isinstance(reader, Panelist) and reader.name
        else getattr(reader, "name", None),
        "human": _human(exercise, reader),
        "link": settings().url + _path(message, reader),
        "code": ids.spaced(_code(reader)) if isinstance(reader, (Panelist, Contributor)) else None,
        "event": None if event is None else db.session.get(OutcomeEvent, event),
        "url": settings().url,
        "is_example": exercise is not None and exercise.simulated,
        "lang": message.locale,
        "digest": None if exercise is None else _digest(exercise),
    }


def _path(message: Outbox, reader: Reader) -> str:
    """Where the letter's link leads: a link that was asked for, a panelist's own one, or the reader's page."""
    if token := message.context.get("token"):
        return f"/in/{keys.token('link', token)}"
    if isinstance(reader, Panelist):
        return f"/in/{keys.token('link', reader.public_id, reader.link_number)}"
    return "/mine" if isinstance(reader, Contributor) else "/staff"


def _code(reader: Panelist | Contributor) -> str:
    return keys.code(
        "code", reader.public_id, reader.link_number if isinstance(reader, Panelist) else reader.code_number
    )


def _round(message: Outbox, exercise: Exercise | None) -> Round | None:
    n = message.context.get("round")
    if n is None or exercise is None:
        return None
    return db.session.query(Round).filter_by(exercise_id=exercise.id, n=n).one_or_none()


def _digest(exercise: Exercise) -> str | None:
    """The digest of the rules in force; None before they are frozen."""
    rules = db.session.query(Protocol).filter_by(exercise_id=exercise.id).order_by(Protocol.n.desc()).first()
    return None if rules is None else rules.digest


def _human(exercise: Exercise | None, reader: Reader) -> Human:
    if exercise is None and not isinstance(reader, Person):
        exercise = reader.exercise
    organisation = (
        exercise.organisation
        if exercise
        else db.session.get_one(Organisation, getattr(reader, "organisation_id", None))
    )
    return human_of(exercise or organisation, organisation.name)


def _written(template: Template, values: dict[str, Any]) -> tuple[str, str]:
    """The text of a letter and its subject. What the template imports is known to its blocks once it has been run."""
    context = template.new_context(values)
    text = "".join(template.root_render_func(context))
    block = context.blocks["subject" if "subject" in context.blocks else "headline"][0]
    return text, " ".join("".join(block(context)).split())
