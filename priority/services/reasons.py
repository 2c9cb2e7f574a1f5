"""Why an answer changed, or why it stayed apart: asked of few, always optional, read before others see it.

A reason is asked from whoever's answer left its band, and from a quarter, drawn by lot, of those who differ from their
own side's middle answer and stay. It carries no time and is kept under the ballot's key, apart from the answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from priority import clock
from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Reason, RoundItem
from priority.policy import can_answer
from priority.queries.answering import lot
from priority.queries.reasons import given, handle
from priority.services import audit, voting
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.scales import scale_of
from priority.texts import clean_words
from priority.words import ReasonSide, ReviewState, RoundState

if TYPE_CHECKING:
    from collections.abc import Collection

    from priority.models import Person, Round
    from priority.services.ballot_types.scales import Scale
    from priority.services.voting import Answerer

LONGEST = 1000
ONE_IN = 4


@dataclass(frozen=True, slots=True)
class Why:
    """What somebody may be asked about one answer: what made them change it, or what made them keep it."""

    changed: bool
    side: ReasonSide


def asked(round_: Round, own_key: bytes, key: str, *, last: Any, now: Any, middle: float | None) -> Why | None:
    """What somebody is asked about their answer to a question; None where nothing is.

    `last` and `now` are their own answers, `middle` the middle answer of their side where it may be shown.
    """
    scale = scale_of(round_.design)
    before, after = _band(scale, last), _band(scale, now)
    if not round_.design.get("reasons") or before is None or after is None:
        return None
    if after != before:
        return Why(changed=True, side=_toward(after, before))
    others = _band(scale, middle)
    if others is None or others == after or lot(own_key, f"why|{round_.public_id}|{key}")[0] % ONE_IN:
        return None
    return Why(changed=False, side=_toward(after, others))


def give(round_: Round, who: Answerer, key: str, text: str, *, side: ReasonSide) -> None:
    """Keeps somebody's reason beside their answer to a question, until the round closes; an empty one is taken away.

    Refuses a closed round, a question that it does not ask, and a text that is too long.
    """
    if not can_answer(round_, clock.now()):
        raise Stale(_("This has closed. What you had saved counts. Thank you."))
    words = clean_words(text)
    if len(words) > LONGEST:
        raise Invalid(_("This is too long. There is room for %(max)d letters.", max=LONGEST), field="text")
    wording = db.session.scalar(
        select(RoundItem.wording_id).where(RoundItem.round_id == round_.id, RoundItem.key == key)
    )
    if wording is None:
        raise NotFound(_("There is nothing for you to answer here."))
    own_key = voting.own_key(round_.exercise, who)
    here = (Reason.round_id == round_.id) & (Reason.ballot_key == own_key) & (Reason.wording_id == wording)
    if not words:
        db.session.execute(delete(Reason).where(here))
        return
    values = {"side": side, "text": words, "state": ReviewState.WAITING}
    if not db.session.execute(update(Reason).where(here).values(**values)).rowcount:  # type: ignore[attr-defined]  # an UPDATE has it
        db.session.execute(insert(Reason).values(round_id=round_.id, ballot_key=own_key, wording_id=wording, **values))


def release(round_: Round, *, withheld: Collection[str], actor: Person | None) -> int:
    """Releases all reasons of a closed round that wait, together, save those whose handle is `withheld`; how many.

    Refuses an open round, and one in which nothing waits.
    """
    if round_.state is not RoundState.CLOSED:
        raise Stale(_("Reasons can be read when the round has closed."))
    waiting = {one.handle for one in given(round_) if one.state is ReviewState.WAITING}
    if not waiting:
        raise Stale(_("No reason of this round waits any more."))
    for row in db.session.scalars(select(Reason).where(Reason.round_id == round_.id)):
        name = handle(round_, row.wording_id, row.ballot_key)
        if name in waiting:
            row.state = ReviewState.WITHHELD if name in withheld else ReviewState.RELEASED
    db.session.flush()
    kept = len(waiting.intersection(withheld))
    audit.record(
        "reasons_released",
        exercise=round_.exercise,
        actor=actor,
        round=round_.n,
        released=len(waiting) - kept,
        withheld=kept,
    )
    return len(waiting) - kept


def _band(scale: Scale, answer: Any) -> int | None:
    return None if answer in (None, CANNOT_JUDGE) else scale.band_of(answer)


def _toward(own: int, other: int) -> ReasonSide:
    return ReasonSide.HIGH if own > other else ReasonSide.LOW
