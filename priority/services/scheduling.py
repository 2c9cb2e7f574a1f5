"""Rounds that open by themselves: their dates, and what would keep them from opening."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from priority import clock
from priority.errors import Invalid, Refusal, Stale
from priority.extensions import db
from priority.models import Round
from priority.queries.rounds import rounds_of
from priority.services import audit, rounds
from priority.words import RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from priority.models import Exercise, Person


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A planned round with a date. `hindrance` says why it would not open as things stand; None where it would."""

    n: int
    opens_at: datetime
    closes_at: datetime
    hindrance: str | None

    @property
    def is_late(self) -> bool:
        """Whether it should be open by now."""
        return self.opens_at <= clock.now()


def schedule(round_: Round, *, opens_at: datetime, closes_at: datetime, actor: Person | None) -> None:
    """A planned round opens by itself between these times, with the questions that its design asks.

    Refuses a round that has opened, times that have passed or stand the wrong way round, and a beginning before the
    round before it has ended. Nobody invited yet is no obstacle to a date, only to opening.
    """
    if round_.state is not RoundState.PLANNED or round_.pilot:
        raise Stale(_("This round has been opened before."))
    if opens_at <= clock.now():
        raise Invalid(_("Please choose a time that is still to come."), field="opens_at")
    if closes_at <= opens_at:
        raise Invalid(_("It must end after it has begun."), field="until")
    before = [one for one in rounds_of(round_.exercise) if one.n < round_.n and one.state is not RoundState.CLOSED]
    for other in before:
        if other.closes_at is not None and other.closes_at > opens_at:
            raise Invalid(_("Round %(n)d is still open then.", n=other.n), field="opens_at")
    round_.opens_at, round_.closes_at = opens_at, closes_at
    db.session.flush()
    _log("round_scheduled", round_, actor, opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat())


def unschedule(round_: Round, *, actor: Person | None) -> None:
    """A planned round waits for somebody to open it again; refuses one without a date, or that has opened."""
    if round_.state is not RoundState.PLANNED or round_.opens_at is None:
        raise Stale(_("This round has no date, or it has opened."))
    round_.opens_at = round_.closes_at = None
    db.session.flush()
    _log("round_unscheduled", round_, actor)


def scheduled(exercise: Exercise) -> list[Scheduled]:
    """The rounds of an exercise that have a date and have not opened, with what would keep them from opening."""
    return [line for round_ in rounds_of(exercise) if (line := of(round_)) is not None]


def of(round_: Round) -> Scheduled | None:
    """When a planned round opens by itself; None where it has no date."""
    if round_.state is not RoundState.PLANNED or round_.opens_at is None or round_.closes_at is None:
        return None
    return Scheduled(round_.n, round_.opens_at, round_.closes_at, _hindrance(round_))


def open_due() -> list[Round]:
    """Opens every round whose time has come; gives them.

    What cannot open stays planned, and the coordinator's page says why: it opens at the first sweep after that is
    mended, as long as its end is still to come.
    """
    return [round_ for round_ in _due() if _opened(round_)]


# -- the small print ---------------------------------------------------------------------------------------------------
def _due() -> Sequence[Round]:
    return db.session.scalars(
        select(Round)
        .where(Round.state == RoundState.PLANNED, Round.opens_at <= clock.now(), ~Round.pilot)
        .order_by(Round.exercise_id, Round.n)
    ).all()


def _opened(round_: Round) -> bool:
    if round_.closes_at is None:
        return False
    try:
        with db.session.begin_nested():
            rounds.open_round(round_, closes_at=round_.closes_at, actor=None)
    except Refusal:
        db.session.refresh(round_)
        return False
    return True


def _hindrance(round_: Round) -> str | None:
    """What stands in the way now; a round before it that is only waiting for its own end is no obstacle."""
    if round_.closes_at is not None and round_.closes_at <= clock.now():
        return str(_("Its end has passed, too. Choose new dates."))
    before = [one for one in rounds_of(round_.exercise) if one.n < round_.n and one.state is not RoundState.CLOSED]
    if before and round_.opens_at is not None and round_.opens_at > clock.now():
        return None if all(_ends_in_time(one, round_) for one in before) else _must_close(before[0])
    return rounds.hindrance(round_)


def _ends_in_time(before: Round, after: Round) -> bool:
    return before.closes_at is not None and after.opens_at is not None and before.closes_at <= after.opens_at


def _must_close(before: Round) -> str:
    return str(_("Round %(n)d must close first.", n=before.n))


def _log(action: str, round_: Round, actor: Person | None, **body: str) -> None:
    audit.record(action, exercise=round_.exercise, actor=actor, round=round_.n, **body)
