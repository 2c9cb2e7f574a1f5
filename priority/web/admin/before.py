"""Before and during a round: the dates at which it opens and closes by itself, and reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from priority import clock
from priority.errors import Invalid, NotFound
from priority.moments import is_skipped, meant, typed
from priority.policy import Access
from priority.queries.rounds import find_round
from priority.queries.rules import smallest_cell
from priority.services import protocols, reminding, scheduling
from priority.services import turnout as so_far
from priority.web.admin.before_forms import DatesForm, RemindForm
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import took
from priority.web.admin.steps import status
from priority.web.fields import choices
from priority.web.guard import requires, this_person

if TYPE_CHECKING:
    from datetime import datetime

    from priority.models import Exercise, Round

IN_A_WEEK, THREE_WEEKS = timedelta(days=7), timedelta(days=21)
HOUR = 9


@bp.route("/staff/e/<id:exercise>/rounds/<int(max=999):n>/dates", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def dates(exercise: Exercise, n: int) -> Any:
    """The times at which a planned round opens and closes by itself."""
    round_ = round_of(exercise, n)
    zone = exercise.time_zone
    form = DatesForm(data={"opens_at": _begins(round_), "until": _ends(round_)})
    if took(form, lambda: _schedule(round_, form)):
        return to_round(exercise, n, "scheduled")
    page = render_template(
        "admin/dates.html", record=exercise, round=round_, form=form, line=scheduling.of(round_), zone=zone
    )
    return page, status(form)


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=999):n>/no-dates")
@requires(Access.COORDINATOR)
def no_dates(exercise: Exercise, n: int) -> Any:
    """The round waits for somebody to open it."""
    scheduling.unschedule(round_of(exercise, n), actor=this_person())
    return to_round(exercise, n, "not-scheduled")


@bp.route("/staff/e/<id:exercise>/rounds/<int(max=999):n>/remind", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def remind(exercise: Exercise, n: int) -> Any:
    """About how many a letter would reach, by group, and sending it."""
    round_ = round_of(exercise, n)
    groups = reminding.audiences(round_)
    form = RemindForm()
    form.groups.choices = choices((one.key, one.name) for one in groups if one.key)
    if took(form, lambda: reminding.remind(round_, form.groups.data or [], actor=this_person())):
        return to_round(exercise, n, "reminded")
    page = render_template(
        "admin/remind.html",
        record=exercise,
        round=round_,
        form=form,
        audiences=groups,
        last=reminding.last_reminder(round_),
        hindrance=reminding.hindrance(round_),
        turnout=so_far.by_group(round_, least=smallest_cell(protocols.current(exercise).body)),
        step=so_far.STEP,
    )
    return page, status(form)


def round_of(exercise: Exercise, n: int) -> Round:
    """The real round of this number; refuses where there is none."""
    round_ = find_round(exercise, n)
    if round_ is None:
        raise NotFound(_("There is no such page."))
    return round_


def to_round(exercise: Exercise, n: int, done: str) -> Any:
    """Back to the round's page, with a short word on what was done."""
    return redirect(url_for("admin.round_page", exercise=exercise.public_id, n=n, done=done), code=303)


def moment_of(local: datetime | None, zone: str, field: str) -> datetime:
    """The moment that was typed by the clock of the exercise; refuses an hour that the clocks leave out."""
    if local is None:
        raise Invalid(_("Write a day and a time, such as 2026-09-18 17:00."), field=field)
    if is_skipped(local, zone):
        raise Invalid(_("There is no such hour that night: the clocks go forward. Choose another."), field=field)
    return meant(local, zone)


def usual(after: timedelta, zone: str) -> datetime | None:
    """A usual time for a form to start from: so much later, at nine in the morning of the place."""
    local = typed(clock.now() + after, zone)
    return None if local is None else local.replace(hour=HOUR, minute=0)


def _schedule(round_: Round, form: DatesForm) -> None:
    zone = round_.exercise.time_zone
    scheduling.schedule(
        round_,
        opens_at=moment_of(form.opens_at.data, zone, "opens_at"),
        closes_at=moment_of(form.until.data, zone, "until"),
        actor=this_person(),
    )


def _begins(round_: Round) -> datetime | None:
    zone = round_.exercise.time_zone
    return typed(round_.opens_at, zone) or usual(IN_A_WEEK, zone)


def _ends(round_: Round) -> datetime | None:
    zone = round_.exercise.time_zone
    return typed(round_.closes_at, zone) or usual(IN_A_WEEK + THREE_WEEKS, zone)
