"""Answers survive the end of a session: they wait in the page while somebody signs in again, and are saved only after.

Whoever comes back sees what was typed, unsaved: so nobody can slip answers into somebody else's hands.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, g, jsonify, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from priority.errors import Invalid, Refusal
from priority.services import accounts, limits, open_rounds
from priority.web.answer.blueprint import bp
from priority.web.answer.posting import NOTHING_WRONG, Problems, by_script, kept_fields
from priority.web.entry.arrival import come_as_guest, come_in
from priority.web.guard import is_answering
from priority.web.transaction import fail
from priority.words import SessionKind

TRIES, SECONDS = 10, 15 * 60


@bp.before_request
def keep_through_the_end_of_a_session() -> Any:
    """A post of somebody who is no longer signed in is answered by a page that keeps it and asks for the code."""
    if request.method != "POST" or is_answering():
        return None
    if "code" not in request.form:
        return _ask_again()
    try:
        _sign_in(request.form["code"])
    except Refusal as refusal:
        fail()
        return _ask_again(Problems.of(refusal), int(refusal.status))
    g.kept = True
    return None


@bp.errorhandler(CSRFError)
def keep_through_another_session(error: CSRFError) -> Any:  # noqa: ARG001
    """A form that was opened before signing in anew is shown again, unsaved, with what was typed."""
    fail()
    if by_script() or not is_answering():
        return _ask_again()
    g.kept = True
    try:
        return current_app.view_functions[request.endpoint or ""](**(request.view_args or {}))
    except (Refusal, HTTPException) as other:  # nobody else catches what is raised in here
        return current_app.handle_user_exception(other)


def _sign_in(code: str) -> None:
    limits.hit("code", request.remote_addr or "", most=TRIES, seconds=SECONDS)
    if _comes_back_as_guest(code):
        return
    found = accounts.behind_code(code)
    if accounts.kind_of(found) is not SessionKind.PANELIST:
        raise Invalid(
            _("This code belongs to a question that was asked. Use the code from your invitation."), field="code"
        )
    come_in(found)
    g.signed_in = accounts.find_session(session.secret)  # type: ignore[attr-defined]


def _comes_back_as_guest(code: str) -> bool:
    """Whether the code is a guest's, who is then here again."""
    try:
        guest = open_rounds.find(code).guest
    except Invalid:
        return False
    if guest is None:
        return False
    come_as_guest(open_rounds.round_of(guest).public_id, guest)
    return True


def _ask_again(form: Problems = NOTHING_WRONG, status: int = 409) -> Any:
    if by_script():
        return jsonify(words=_("You are no longer signed in. The button below keeps what you typed.")), status
    typed = request.form.get("code", "")
    page = render_template("answer/again_in.html", form=form, kept=kept_fields(), code=typed)
    return page, status
