"""The people who are invited: the list, and inviting more from a CSV that is looked at first."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, NotFound
from priority.policy import Access
from priority.queries import panel as people
from priority.queries.rules import smallest_cell
from priority.services import panels, protocols
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import ListForm
from priority.web.guard import requires, this_person
from priority.web.paging import page_number
from priority.web.transaction import fail

if TYPE_CHECKING:
    from priority.models import Exercise, Panelist

PAGE = 100
PROBLEMS_SHOWN = 200


@bp.get("/staff/e/<id:exercise>/panel")
@requires(Access.COORDINATOR)
def panel(exercise: Exercise) -> Any:
    """Everybody who is invited, by group; never who has answered."""
    counts = people.group_counts(exercise)
    group = next((one.key for one in counts if one.key == request.args.get("group")), None)
    page = page_number()
    members, total = people.members(exercise, group=group, page=page, size=PAGE)
    return render_template(
        "admin/panel.html",
        record=exercise,
        counts=counts,
        group=group,
        members=members,
        total=total,
        page=page,
        pages=max(1, ceil(total / PAGE)),
        least=smallest_cell(protocols.current(exercise).body),
    )


@bp.get("/staff/e/<id:exercise>/panel/invite")
@requires(Access.COORDINATOR)
def invite(exercise: Exercise) -> Any:
    """Takes a list, pasted or as a file."""
    return render_template("admin/invite.html", form=ListForm(), record=exercise)


@bp.post("/staff/e/<id:exercise>/panel/invite")
@requires(Access.COORDINATOR)
def look_at_list(exercise: Exercise) -> Any:
    """Shows what a list would do; sends nothing before “Import the good rows” is pressed."""
    form, act = ListForm(), request.form.get("act", "look")
    if act == "back":
        return render_template("admin/invite.html", form=form, record=exercise)
    try:
        form.validate()
        text = _text(form)
        preview = panels.preview(exercise, text)
    except Invalid as refusal:
        fail()
        form.refuse(str(refusal.words), refusal.field or "text")
        return render_template("admin/invite.html", form=form, record=exercise), 422
    if act == "import" and preview.rows:
        panels.invite(exercise, preview.rows, actor=this_person())
        return _to_list(exercise, "invited")
    form.text.data = text
    page = render_template(
        "admin/preview.html",
        form=form,
        record=exercise,
        preview=preview,
        shown=preview.problems[:PROBLEMS_SHOWN],
        names={group.key: group.name for group in exercise.groups},
    )
    return page, 422 if not preview.rows else 200


@bp.post("/staff/e/<id:exercise>/panel/<id:panelist>/deactivate")
@requires(Access.COORDINATOR)
def deactivate(exercise: Exercise, panelist: str) -> Any:
    """Somebody's link stops working."""
    panels.deactivate(_find(exercise, panelist), this_person())
    return _to_list(exercise, "deactivated")


@bp.post("/staff/e/<id:exercise>/panel/<id:panelist>/reactivate")
@requires(Access.COORDINATOR)
def reactivate(exercise: Exercise, panelist: str) -> Any:
    """Somebody is invited again, with a new link."""
    panels.reactivate(_find(exercise, panelist), this_person())
    return _to_list(exercise, "link-sent")


@bp.post("/staff/e/<id:exercise>/panel/<id:panelist>/new-link")
@requires(Access.COORDINATOR)
def new_link(exercise: Exercise, panelist: str) -> Any:
    """Somebody gets another link; the old one stops working."""
    panels.new_link(_find(exercise, panelist), this_person())
    return _to_list(exercise, "link-sent")


def _text(form: ListForm) -> str:
    """The list as a file, where one was chosen, else as it was pasted."""
    upload = form.file.data
    if upload and upload.filename:
        return panels.decode(upload.read())
    return form.text.data or ""


def _find(exercise: Exercise, public_id: str) -> Panelist:
    panelist = people.find_panelist(exercise, public_id)
    if panelist is None:
        raise NotFound(_("There is no such page."))
    return panelist


def _to_list(exercise: Exercise, done: str) -> Any:
    return redirect(url_for("admin.panel", exercise=exercise.public_id, done=done), code=303)
