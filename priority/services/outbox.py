"""Messages to people: put in the outbox in the same transaction as what they tell, sent after it.

A row holds no secret and no text. Links, codes and words are put in when the message leaves (`adapters.mail`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from priority.extensions import db
from priority.models import Contributor, Outbox, Panelist, Person
from priority.words import MailChannel

if TYPE_CHECKING:
    from priority.models import Exercise


def queue(
    template: str,
    to: Person | Contributor | Panelist,
    *,
    event_key: str,
    exercise: Exercise | None = None,
    **context: Any,
) -> Outbox | None:
    """Queues one message, once for each `event_key` and reader; None where they have it already.

    Somebody without an address gets a letter to print.
    """
    key = f"{event_key}:{type(to).__name__.lower()}:{to.public_id}"
    if db.session.scalar(select(Outbox.id).where(Outbox.event_key == key)) is not None:
        return None
    message = Outbox(
        exercise_id=None if exercise is None else exercise.id,
        event_key=key,
        channel=MailChannel.LETTER if to.address is None else MailChannel.MAIL,
        locale=to.locale,
        template=template,
        person_id=to.id if isinstance(to, Person) else None,
        contributor_id=to.id if isinstance(to, Contributor) else None,
        panelist_id=to.id if isinstance(to, Panelist) else None,
        context=context,
    )
    db.session.add(message)
    db.session.flush()
    return message
