"""What staff see first, a new exercise, and how an exercise stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from priority.policy import Access
from priority.queries import dashboard
from priority.queries.rules import smallest_cell
from priority.services import drafting, exercises, protocols, turnout
from priority.web.admin import (  # noqa: F401 - pages of this blueprint
    after,
    before,
    design,
    panel,
    people,
    preview,
    rounds,
    rules,
    slips,
    steps,
    trials,
)
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import NewExercise, took
from priority.web.admin.thread import thread
from priority.web.admin.today import headline, roles_of, tasks
from priority.web.guard import requires, signed_in, this_person
from priority.words import RoundState, Template

if TYPE_CHECKING:
    from priority.models import Exercise

TEMPLATES = (Template.JLA_STYLE, Template.DELPHI_70_15, Template.RAND_UCLA)

__all__ = ["bp"]


@bp.get("/staff")
@requires(Access.STAFF)
def home() -> Any:
    """What somebody of the staff may do, and the exercises they have a role in."""
    found = signed_in()
    roles = frozenset() if found is None else found.actor.roles
    everywhere = any(where is None for _name, where in roles)
    shown = dashboard.cards(
        this_person().organisation_id, None if everywhere else {where for _n, where in roles if where}
    )
    return render_template(
        "admin/home.html", roles=roles_of(roles), cards=[(card, roles_of(roles, card.id)) for card in shown]
    )


@bp.route("/staff/new", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def new() -> Any:
    """Choose a template, then fill in one page; what was typed stays until it can be taken."""
    template = next((one for one in TEMPLATES if one == request.values.get("template")), None)
    if template is None:
        return render_template("admin/choose.html", templates=TEMPLATES)
    body = protocols.body_for(template)
    form = NewExercise(data=NewExercise.start(body, dashboard.organisation_of(this_person().id)))
    made: list[Exercise] = []
    if took(form, lambda: made.append(_create(form, template, body))):
        return redirect(url_for("admin.exercise", exercise=made[0].public_id, done="exercise-made"), code=303)
    page = render_template("admin/new.html", form=form, template=template, whole=drafting.in_people)
    return page, 422 if form.is_submitted() else 200


@bp.get("/staff/e/<id:exercise>")
@requires(Access.COORDINATOR)
def exercise(exercise: Exercise) -> Any:
    """How it goes, what waits for the coordinator, and how many people have no answer yet."""
    standing = dashboard.standing(exercise)
    open_round = dashboard.round_in(exercise, RoundState.OPEN)
    least = smallest_cell(protocols.current(exercise).body)
    return render_template(
        "admin/exercise.html",
        record=exercise,
        standing=standing,
        headline=headline(exercise, standing),
        tasks=tasks(exercise, standing),
        thread=thread(exercise, standing),
        open_round=open_round,
        turnout=[] if open_round is None else turnout.by_side(open_round),
        groups=[] if open_round is None else turnout.by_group(open_round, least=least),
    )


def _create(form: NewExercise, template: Template, body: dict[str, Any]) -> Exercise:
    person = this_person()
    return exercises.create(
        dashboard.organisation_of(person.id), template=template, body=form.drafted(body), actor=person, **form.values()
    )
