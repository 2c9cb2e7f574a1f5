"""Trials of a round: a few of the invited answer it before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from priority.errors import NotFound
from priority.extensions import keys
from priority.policy import Access
from priority.queries.rounds import PILOTS_APART, number_tried
from priority.services import pilots, protocols
from priority.web.admin.before import moment_of, usual
from priority.web.admin.before_forms import TrialForm
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import took
from priority.web.admin.steps import status
from priority.web.fields import choices
from priority.web.guard import requires, this_person
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from datetime import datetime

    from priority.models import Exercise, Panelist, Round

USUAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as its page shows it; `computed` is how many results were worked out from it: none."""

    number: int
    n: int
    is_open: bool
    closes_at: datetime | None
    closed_at: datetime | None
    asked: int
    computed: int


@bp.route("/staff/e/<id:exercise>/rounds/<int(max=99):n>/trial", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def trial(exercise: Exercise, n: int) -> Any:
    """The trials of a round so far, and opening one for the people who are chosen."""
    designs = protocols.current(exercise).body["rounds"]
    if not 1 <= n <= len(designs):
        raise NotFound(_("There is no such page."))
    form = TrialForm(data={"closes_at": usual(USUAL, exercise.time_zone)})
    form.people.choices = choices((one.public_id, _named(one)) for one in pilots.people_to_ask(exercise))
    if took(form, lambda: _open(exercise, n, form)):
        return _back(exercise, n, "pilot-open")
    page = render_template(
        "admin/trial.html",
        record=exercise,
        n=n,
        kind=RoundKind(designs[n - 1]["kind"]),
        form=form,
        trials=[_shown(one) for one in pilots.pilots_of(exercise, n)],
    )
    return page, status(form)


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/close-trial")
@requires(Access.COORDINATOR)
def close_trial(exercise: Exercise, n: int) -> Any:
    """Ends a trial; nothing is computed from it."""
    pilot = next((one for one in pilots.pilots_of(exercise) if one.n == n), None)
    if pilot is None:
        raise NotFound(_("There is no such page."))
    pilots.close_pilot(pilot, actor=this_person())
    return _back(exercise, number_tried(pilot), "pilot-closed")


def _open(exercise: Exercise, n: int, form: TrialForm) -> None:
    closes_at = moment_of(form.closes_at.data, exercise.time_zone, "closes_at")
    pilots.open_pilot(exercise, n, people=form.people.data or [], closes_at=closes_at, actor=this_person())


def _shown(pilot: Round) -> Trial:
    return Trial(
        number=pilot.n // PILOTS_APART,
        n=pilot.n,
        is_open=pilot.state is RoundState.OPEN,
        closes_at=pilot.closes_at,
        closed_at=pilot.closed_at,
        asked=pilots.asked(pilot),
        computed=pilots.computed_from(pilot),
    )


def _named(panelist: Panelist) -> str:
    name = keys.reveal(panelist.name) if panelist.name else _("Name erased")
    return f"{name} ({panelist.group.name})"


def _back(exercise: Exercise, n: int, done: str) -> Any:
    return redirect(url_for("admin.trial", exercise=exercise.public_id, n=n, done=done), code=303)
