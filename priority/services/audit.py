"""The log of decisions: each line carries the digest of the one before, so that a changed or missing line shows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from priority import clock
from priority.extensions import db
from priority.models import Audit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from priority.models import Exercise, Person

FIRST = "0" * 64


def record(action: str, *, exercise: Exercise, actor: Person | None, **body: Any) -> Audit:
    """Adds a line to the log in this transaction. Casting a ballot must never call this."""
    last = db.session.scalar(select(Audit).order_by(Audit.seq.desc()).limit(1))
    line = Audit(
        seq=1 if last is None else last.seq + 1,
        organisation_id=exercise.organisation_id,
        exercise_id=exercise.id,
        actor_id=None if actor is None else actor.id,
        action=action,
        body=body,
        at=clock.now(),
        prev=FIRST if last is None else last.hash,
    )
    line.hash = _digest(line)
    db.session.add(line)
    db.session.flush()
    return line


def broken_lines() -> Iterator[int]:
    """The numbers of lines that were changed, or before which a line is missing; nothing when all is well."""
    prev, number = FIRST, 0
    for line in db.session.scalars(select(Audit).order_by(Audit.seq)):
        number += 1
        if line.seq != number or line.prev != prev or line.hash != _digest(line):
            yield line.seq
            number = line.seq
        prev = line.hash


def _digest(line: Audit) -> str:
    content = {
        "seq": line.seq,
        "organisation": line.organisation_id,
        "exercise": line.exercise_id,
        "actor": line.actor_id,
        "action": line.action,
        "body": line.body,
        "at": line.at.isoformat(),
        "prev": line.prev,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
