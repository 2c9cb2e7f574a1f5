"""Who works on an exercise, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, url_for

from priority.policy import Access
from priority.queries import panel
from priority.services import exercises
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import RoleForm, took
from priority.web.admin.steps import status
from priority.web.guard import requires, this_person
from priority.words import RoleName

if TYPE_CHECKING:
    from priority.models import Exercise

ROLES = {str(role): role for role in exercises.ROLES}


@bp.route("/staff/e/<id:exercise>/people", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def people(exercise: Exercise) -> Any:
    """The staff of the exercise, and a form that gives somebody a role by their e-mail."""
    form = RoleForm(data={"role": str(RoleName.MODERATOR)})
    if took(form, lambda: _give(exercise, form)):
        return redirect(url_for("admin.people", exercise=exercise.public_id, done="role-given"), code=303)
    page = render_template("admin/people.html", form=form, record=exercise, helpers=panel.helpers(exercise))
    return page, status(form)


def _give(exercise: Exercise, form: RoleForm) -> None:
    name, address = form.name.data or "", form.address.data or ""
    exercises.give_role(exercise, name=name, address=address, role=ROLES[form.role.data], actor=this_person())
