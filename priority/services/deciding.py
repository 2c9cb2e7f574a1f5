"""After a round: the coordinator signs what the declared rule decided; only then may anybody see what others would."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import RoundDecision
from priority.policy import can_sign
from priority.queries.decision import LOOKED, alternatives_of, decided, signed
from priority.services import audit
from priority.services.closing import alternatives
from priority.texts import clean_words

if TYPE_CHECKING:
    from priority.models import Person, Round
    from priority.queries.decision import Body

LONGEST_NOTE = 2000


def sign(round_: Round, *, actor: Person, note: str | None = None) -> RoundDecision:
    """Keeps what the declared rule decided after a closed round, for good, and computes what others would have.

    Refuses a round that is not closed, a pilot, a note that is too long, and a second signature.
    """
    if not can_sign(round_):
        raise Stale(_("A decision is signed after a round has closed."))
    words = clean_words(note or "") or None
    if words is not None and len(words) > LONGEST_NOTE:
        raise Invalid(_("Keep the note under %(most)s characters.", most=LONGEST_NOTE), field="note")
    body = decided(round_) | {"note": words}
    digest = _digest(body)
    row = RoundDecision(round_id=round_.id, body=body, digest=digest, signed_by_id=actor.id, signed_at=clock.now())
    _keep(row)
    alternatives.compute(round_)
    audit.record("decision_signed", exercise=round_.exercise, actor=actor, round=round_.n, digest=digest)
    return row


def look(round_: Round, *, actor: Person) -> Body | None:
    """What other rules would have decided, with a line in the log for each look. Refuses before the signature."""
    if signed(round_) is None:
        raise Stale(_("First sign the decision. What other rules would have decided is shown after that."))
    audit.record(LOOKED, exercise=round_.exercise, actor=actor, round=round_.n)
    return alternatives_of(round_)


def _keep(row: RoundDecision) -> None:
    """One signature a round: a second one, however close behind, is refused and the first stays."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Stale(_("This decision has been signed already.")) from error


def _digest(body: Body) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
