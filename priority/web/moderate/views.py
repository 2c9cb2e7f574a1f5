"""Routes of this journey: the queue, a proposal, the questions, a question, and undo; `heard` has the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, NotFound, Stale
from priority.policy import Access
from priority.queries.questions import find_question, question_rows
from priority.queries.sorting import NO_GROUP, STATES, find_part, find_proposal
from priority.queries.sorting import queue as queue_page
from priority.queries.trail import find_record, recent
from priority.services import merging
from priority.web.guard import requires, safe_next, this_person
from priority.web.moderate import acts, board, heard, question_page, shown
from priority.web.moderate.blueprint import bp
from priority.web.paging import page_number
from priority.web.transaction import fail

if TYPE_CHECKING:
    from priority.models import Exercise, Proposal, Question

__all__ = ["bp", "heard"]


@bp.get("/staff/e/<id:exercise>/queue")
@requires(Access.MODERATOR)
def queue(exercise: Exercise) -> Any:
    """The proposals that wait for an answer, oldest first."""
    filters = shown.filters()
    return render_template(
        "moderate/queue.html",
        queue=queue_page(exercise, filters, page_number()),
        groups=exercise.groups,
        chosen=filters,
        filters=shown.in_address(filters),
        states=STATES,
        no_group=NO_GROUP,
        zone=exercise.time_zone,
        shapes=shown.shapes(exercise),
        language=shown.language,
        deed=shown.deed,
        just_now=recent(exercise),
    )


@bp.get("/staff/e/<id:exercise>/queue/<id:proposal>")
@requires(Access.MODERATOR)
def proposal(exercise: Exercise, proposal: str) -> Any:
    """One proposal, and everything one can do with it."""
    return board.render(exercise, _proposal(exercise, proposal))


@bp.post("/staff/e/<id:exercise>/queue/<id:proposal>")
@requires(Access.MODERATOR)
def sort(exercise: Exercise, proposal: str) -> Any:
    """Does one thing with one part; refuses where somebody else did something first, and says what."""
    found, act = _proposal(exercise, proposal), request.form.get("act", "")
    if act not in board.FORMS:
        abort(400)
    form = board.take(act, exercise)
    part = find_part(found, form.part.data or "")
    if part is None:
        raise NotFound(_("There is no such page."))
    if form.version.data != str(part.version):
        return _not_taken(exercise, proposal, board.Attempt(act, form, board.what_happened(found)), 409)
    if not form.validate():
        return _not_taken(exercise, proposal, board.Attempt(act, form), 422)
    try:
        done = acts.ACTS[act](part, form, exercise, this_person())
    except Invalid as refusal:
        form.refuse(str(refusal.words), refusal.field)
        return _not_taken(exercise, proposal, board.Attempt(act, form), 422)
    except Stale as refusal:
        return _not_taken(exercise, proposal, board.Attempt(act, form, str(refusal.words)), 409)
    here = shown.in_address(shown.filters())
    return redirect(url_for(".proposal", exercise=exercise.public_id, proposal=proposal, done=done, **here), 303)


@bp.post("/staff/e/<id:exercise>/undo/<int(max=999999999):seq>")
@requires(Access.MODERATOR)
def undo(exercise: Exercise, seq: int) -> Any:
    """Puts back what one line of the trail did; refuses where something newer builds on it."""
    record = find_record(exercise, seq)
    if record is None:
        raise NotFound(_("There is no such page."))
    merging.undo(record, this_person())
    back = safe_next(request.form.get("next"), url_for(".queue", exercise=exercise.public_id))
    return redirect(f"{back}{'&' if '?' in back else '?'}done=undone", 303)


@bp.get("/staff/e/<id:exercise>/questions")
@requires(Access.MODERATOR)
def questions(exercise: Exercise) -> Any:
    """The questions by number, each with who asked."""
    return render_template(
        "moderate/questions.html",
        questions=question_rows(exercise),
        taken_off=question_rows(exercise, withdrawn=True),
        shapes=shown.shapes(exercise),
    )


@bp.get("/staff/e/<id:exercise>/questions/<id:question>")
@requires(Access.MODERATOR)
def question(exercise: Exercise, question: str) -> Any:
    """One question: its wordings, the words under it, its trail."""
    return question_page.render(exercise, _question(exercise, question))


@bp.post("/staff/e/<id:exercise>/questions/<id:question>")
@requires(Access.MODERATOR)
def change(exercise: Exercise, question: str) -> Any:
    """Rewords a question, takes words out of it, or takes it off the list; refuses where it changed meanwhile."""
    found, act = _question(exercise, question), request.form.get("act", "")
    if act not in question_page.FORMS:
        abort(400)
    form = question_page.FORMS[act]()
    if form.version.data != question_page.version(act, form, found, exercise):
        return _not_changed(exercise, question, question_page.Attempt(act, form, question_page.TOO_LATE), 409)
    if not form.validate():
        return _not_changed(exercise, question, question_page.Attempt(act, form), 422)
    try:
        done = acts.CHANGES[act](found, form, exercise, this_person())
    except Invalid as refusal:
        form.refuse(str(refusal.words), refusal.field)
        return _not_changed(exercise, question, question_page.Attempt(act, form), 422)
    except Stale as refusal:
        return _not_changed(exercise, question, question_page.Attempt(act, form, str(refusal.words)), 409)
    return redirect(url_for(".question", exercise=exercise.public_id, question=question, done=done), 303)


def _proposal(exercise: Exercise, public_id: str) -> Proposal:
    found = find_proposal(exercise, public_id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def _question(exercise: Exercise, public_id: str) -> Question:
    found = find_question(exercise, public_id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def _not_taken(exercise: Exercise, proposal: str, attempt: board.Attempt, status: int) -> Any:
    """The page again, with what was typed; whatever was half done is not kept."""
    fail()
    return board.render(exercise, _proposal(exercise, proposal), attempt), status


def _not_changed(exercise: Exercise, question: str, attempt: question_page.Attempt, status: int) -> Any:
    fail()
    return question_page.render(exercise, _question(exercise, question), attempt), status
