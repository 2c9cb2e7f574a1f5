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
    from collections.abc import Sequence

    from priority.models import Exercise

PORTION = 500
Reader = Person | Contributor | Panelist


def queue(
    template: str, to: Reader, *, event_key: str, exercise: Exercise | None = None, **context: Any
) -> Outbox | None:
    """Queues one message, once for each `event_key` and reader; None where they have it already.

    Somebody without an address gets a letter to print.
    """
    queued = queue_all(template, [to], event_key=event_key, exercise=exercise, **context)
    return queued[0] if queued else None


def queue_all(
    template: str, to: Sequence[Reader], *, event_key: str, exercise: Exercise | None = None, **context: Any
) -> list[Outbox]:
    """Queues the same message to each of these people at once; whoever has it already is left out."""
    wanted = {f"{event_key}:{type(one).__name__.lower()}:{one.public_id}": one for one in to}
    known = _known(list(wanted))
    messages = [
        _message(template, reader, key, exercise, context) for key, reader in wanted.items() if key not in known
    ]
    db.session.add_all(messages)
    db.session.flush()
    return messages


def _known(keys: list[str]) -> set[str]:
    """Those of the event keys that are queued already, asked in portions that every database takes."""
    known: set[str] = set()
    for start in range(0, len(keys), PORTION):
        known |= set(
            db.session.scalars(select(Outbox.event_key).where(Outbox.event_key.in_(keys[start : start + PORTION])))
        )
    return known


def _message(template: str, to: Reader, key: str, exercise: Exercise | None, context: dict[str, Any]) -> Outbox:
    return Outbox(
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
