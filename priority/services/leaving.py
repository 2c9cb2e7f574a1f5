"""Leaving by oneself: at any time, without a reason, with a say in what becomes of answers that can still go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete

from priority import clock
from priority.errors import Stale
from priority.extensions import db
from priority.models import Session
from priority.policy import can_answer
from priority.queries.answering import asked_rounds
from priority.services import audit, consent, open_rounds, voting
from priority.words import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Panelist, Round


def rounds_with_answers(panelist: Panelist) -> Sequence[Round]:
    """The open rounds in which they have answers that can still be taken out."""
    if panelist.observer or panelist.exercise.key_destroyed_at is not None:
        return []
    moment = clock.now()
    return [
        round_
        for round_ in asked_rounds(panelist)
        if can_answer(round_, moment) and voting.own_ballot(round_, panelist) is not None
    ]


def remove_answers(panelist: Panelist) -> None:
    """Deletes everything they gave in rounds that are open: answers, receipts, reasons, suggestions.

    Nothing else is written: the transaction must end before `leave`, as after every casting. What was given in rounds
    that have closed has been counted and stays, without a name.
    """
    if panelist.observer or panelist.exercise.key_destroyed_at is not None:
        return
    moment = clock.now()
    for round_ in asked_rounds(panelist):
        if can_answer(round_, moment):
            open_rounds.erase(round_, panelist)


def leave(panelist: Panelist) -> None:
    """They no longer take part: link, code and sessions end, no letter reaches them, their consent is withdrawn.

    Answers stay as they are. Refuses somebody who has left.
    """
    if not panelist.active:
        raise Stale(_("You have left already."))
    consent.withdraw(panelist, set(Purpose))
    panelist.active = False
    db.session.flush()
    db.session.execute(delete(Session).where(Session.panelist_id == panelist.id))
    audit.record("panelist_left", exercise=panelist.exercise, actor=None, panelist=panelist.public_id)
