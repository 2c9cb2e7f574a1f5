"""A question that is missing: suggested while a round is open, with what became of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import NotFound, Refusal
from priority.policy import Access
from priority.queries.suggestions import own_suggestions
from priority.services import suggestions
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.posting import NOTHING_WRONG, Problems, count, is_kept, is_saving, refused
from priority.web.guard import requires

if TYPE_CHECKING:
    from priority.web.answer.desk import Desk


@bp.route("/answer/<int(max=9999):n>/suggest", methods=["GET", "POST"])
@requires(Access.PANELIST)
def suggest(n: int) -> Any:
    """One's own suggestions, and a field for another; posting keeps one, or takes one back."""
    desk = sit_down(n)
    if not desk.round.design.get("suggestions"):
        raise NotFound(_("There is no such page."))
    if is_saving():
        return _save(desk)
    return _show(desk, request.form.get("text", "") if is_kept() else "")


def _save(desk: Desk) -> Any:
    text, back = request.form.get("text", ""), request.form.get("back", "")
    try:
        count(desk)
        if back:
            suggestions.withdraw(desk.round, desk.who, _number(back))
        else:
            suggestions.suggest(desk.round, desk.who, text)
    except Refusal as refusal:
        return refused(
            refusal,
            desk,
            show=lambda form: _show(desk, text, form),
            show_both=lambda conflict: _show(desk, text, Problems.of(conflict)),
            typed=[(str(_("Your question")), text)] if text else [],
        )
    done = "suggestion-taken-back" if back else "suggested"
    return redirect(url_for("answer.suggest", n=desk.round.n, done=done), code=303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise NotFound(_("There is no such suggestion."))
    return int(text)


def _show(desk: Desk, text: str, form: Problems = NOTHING_WRONG) -> str:
    own = own_suggestions(desk.round, desk.own_key)
    return render_template(
        "answer/suggest.html",
        desk=desk,
        own=own,
        text=text,
        form=form,
        is_kept=is_kept(),
        takes_more=desk.is_open and len(own) < suggestions.MOST,
    )
