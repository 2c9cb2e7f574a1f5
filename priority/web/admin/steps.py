"""The steps that a coordinator takes with an exercise, and its contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from priority.moments import meant, typed
from priority.policy import Access
from priority.queries import dashboard
from priority.queries.report import report
from priority.services import exercises, protocols
from priority.services.exercises import Contacts
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import AskingForm, ContactsForm, contact_names, took
from priority.web.guard import requires, this_person
from priority.web.results.wording import no_list
from priority.words import ExerciseState, PublicationLevel

if TYPE_CHECKING:
    from priority.models import Exercise
    from priority.web.fields import Form


def back(exercise: Exercise, done: str) -> Any:
    """To the exercise's page, with a short word on what was done."""
    return redirect(url_for("admin.exercise", exercise=exercise.public_id, done=done), code=303)


def status(form: Form) -> int:
    """200 for a form that is shown, 422 for one that could not be taken."""
    return 422 if form.is_submitted() else 200


@bp.route("/staff/e/<id:exercise>/asking", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def asking(exercise: Exercise) -> Any:
    """Opens asking, or moves its end; an exercise opens only with a safeguarding contact."""
    form = AskingForm(
        data={
            "until": typed(exercise.asking_until, exercise.time_zone),
            "safeguarding_contact": exercise.safeguarding_contact,
        }
    )
    if took(form, lambda: _ask(exercise, form)):
        return back(exercise, "asking-open")
    return render_template("admin/asking.html", form=form, record=exercise), status(form)


@bp.post("/staff/e/<id:exercise>/close-asking")
@requires(Access.COORDINATOR)
def close_asking(exercise: Exercise) -> Any:
    """No more questions come in."""
    exercises.close_asking(exercise, actor=this_person())
    return back(exercise, "asking-closed")


@bp.route("/staff/e/<id:exercise>/sorting", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def sorting(exercise: Exercise) -> Any:
    """Ends the sorting; refused with the count while anybody's words wait."""
    if request.method == "POST":
        exercises.finish_sorting(exercise, actor=this_person())
        return back(exercise, "sorting-ended")
    return render_template("admin/sorting.html", record=exercise, standing=dashboard.standing(exercise))


@bp.route("/staff/e/<id:exercise>/publish", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def publish(exercise: Exercise) -> Any:
    """Says what publishing does, and does it."""
    if request.method == "POST":
        exercises.publish(exercise, actor=this_person())
        return back(exercise, "published")
    body = protocols.current(exercise).body
    return render_template(
        "admin/publish.html",
        record=exercise,
        standing=dashboard.standing(exercise),
        level_words=PublicationLevel(body["publication_level"]).label,
        no_list=no_list(report(exercise)),
    )


@bp.route("/staff/e/<id:exercise>/settings", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def settings(exercise: Exercise) -> Any:
    """Who is named on every page, and who is told of harm."""
    form = ContactsForm(data={name: getattr(exercise, name) for name in contact_names()})
    if took(form, lambda: exercises.set_contacts(exercise, _contacts(form), actor=this_person())):
        return back(exercise, "saved")
    return render_template("admin/settings.html", form=form, record=exercise), status(form)


def _contacts(form: ContactsForm) -> Contacts:
    return Contacts(**{name: form[name].data or "" for name in contact_names()})


def _ask(exercise: Exercise, form: AskingForm) -> None:
    until = None if form.until.data is None else meant(form.until.data, exercise.time_zone)
    if exercise.state is not ExerciseState.DRAFT:
        exercises.move_asking(exercise, until=until, actor=this_person())
        return
    exercises.name_safeguarding(exercise, form.safeguarding_contact.data or "", actor=this_person())
    exercises.open_asking(exercise, until=until, actor=this_person())
