"""Leaving the group who answer, by oneself: two presses, no reason asked."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.policy import Access
from priority.services import leaving
from priority.services.voting import Guest
from priority.web.answer.blueprint import bp
from priority.web.answer.posting import NOTHING_WRONG, Problems, is_kept
from priority.web.entry.arrival import go_out
from priority.web.fields import Problem
from priority.web.guard import requires, this_answerer, this_panelist
from priority.web.transaction import writing

REMOVE, KEEP = "remove", "keep"


@bp.route("/answer/leave", methods=["GET", "POST"])
@requires(Access.PANELIST)
def leave() -> Any:
    """What leaving means and what becomes of one's answers; posting leaves.

    A guest has nothing to leave: their own page takes answers back.
    """
    if isinstance(this_answerer(), Guest):
        return redirect(url_for("open.mine"), code=303)
    panelist = this_panelist()
    g.exercise = panelist.exercise
    asked = leaving.rounds_with_answers(panelist)
    if request.method != "POST" or is_kept():
        return render_template("answer/leave.html", has_answers=bool(asked), form=NOTHING_WRONG)
    answers = request.form.get("answers", "")
    if asked and answers not in (REMOVE, KEEP):
        problem = Problem(str(_("Say what becomes of your answers.")), "answers")
        return render_template("answer/leave.html", has_answers=True, form=Problems((problem,))), 422
    if answers == REMOVE:
        leaving.remove_answers(panelist)
    with writing():  # nothing is written beside answers: what follows is a transaction of its own
        leaving.leave(panelist)
        go_out()
    return redirect(url_for("public.home", done="no-longer-here"), code=303)
