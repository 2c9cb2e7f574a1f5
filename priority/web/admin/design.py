"""Will this design work? One page, before a round opens, with every assumption in plain sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from priority.errors import Invalid
from priority.policy import Access
from priority.services import design_check, protocols
from priority.services.design_check import Plan
from priority.web.admin.blueprint import bp
from priority.web.fields import Form
from priority.web.guard import requires

if TYPE_CHECKING:
    from priority.models import Exercise
    from priority.services.design_check import PanelDesign

MOST = 1000
PEOPLE = "people-"


class PlanForm(Form):
    """What is taken for granted. It changes nothing, so it is sent as an address and can be passed on."""

    questions = IntegerField(_l("How many questions?"), [InputRequired(), NumberRange(2, design_check.MOST_QUESTIONS)])
    response = IntegerField(_l("How many of 100 who are invited will answer?"), [InputRequired(), NumberRange(1, 100)])
    cannot_judge = IntegerField(
        _l("How many of 100 answers will be “I can’t judge this” or empty?"), [InputRequired(), NumberRange(0, 99)]
    )
    seconds = IntegerField(_l("How many seconds does one answer take?"), [InputRequired(), NumberRange(1, 600)])

    class Meta(Form.Meta):
        """An address carries no token."""

        csrf = False


@bp.get("/staff/e/<id:exercise>/design")
@requires(Access.COORDINATOR)
def design(exercise: Exercise) -> Any:
    """What these people will see, decide and bear, under the rules as they stand; changes nothing."""
    usual = design_check.plan_of(exercise)
    form = _form(exercise, usual)
    found: PanelDesign | None = None
    asked = bool(request.args.get("questions"))
    if not asked:
        found = _checked(exercise, usual, form)
    elif form.validate():
        found = _checked(exercise, _plan(form, usual), form)
    page = render_template(
        "admin/design.html",
        record=exercise,
        form=form,
        found=found,
        people={group.key: PEOPLE + group.key for group in exercise.groups},
        body=protocols.current(exercise).body,
        twins=design_check.twins(exercise),
        seed=design_check.seed_of(exercise),
    )
    return page, 422 if found is None else 200


def _form(exercise: Exercise, plan: Plan) -> PlanForm:
    """The form with a field for each group that answers, filled with what one would plan."""

    class WithGroups(PlanForm):
        """The plan of this exercise's groups."""

    for group in exercise.groups:
        if group.side_id is not None:
            field = IntegerField(group.name, [InputRequired(), NumberRange(0, MOST)], default=plan.people[group.key])
            setattr(WithGroups, PEOPLE + group.key, field)
    values = {name: getattr(plan, name) for name in ("questions", "response", "cannot_judge", "seconds")}
    return WithGroups(formdata=request.args if request.args.get("questions") else None, data=values)


def _plan(form: PlanForm, usual: Plan) -> Plan:
    return Plan(
        people={key: form[PEOPLE + key].data for key in usual.people},
        questions=form["questions"].data,
        response=form["response"].data,
        cannot_judge=form["cannot_judge"].data,
        seconds=form["seconds"].data,
    )


def _checked(exercise: Exercise, plan: Plan, form: PlanForm) -> PanelDesign | None:
    try:
        return design_check.check(exercise, plan)
    except Invalid as refusal:
        form.refuse(str(refusal.words), refusal.field if refusal.field in form else None)
        return None
