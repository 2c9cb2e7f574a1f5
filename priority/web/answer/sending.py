"""Check, send, and take back."""

from __future__ import annotations

import secrets
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority import ids
from priority.errors import Invalid, Refusal
from priority.policy import Access
from priority.queries.answering import receipt_of
from priority.services import voting
from priority.services.answers import page_digest
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import Desk, sit_down
from priority.web.answer.kinds import pages_of
from priority.web.answer.posting import NOTHING_WRONG, Problems, count, is_kept, is_saving, refused
from priority.web.guard import requires

KEY_BYTES = 32


@bp.route("/answer/<int(max=9999):n>/check", methods=["GET", "POST"])
@requires(Access.PANELIST)
def check(n: int) -> Any:
    """Everything that was answered, to look over; posting sends it and gives a receipt."""
    desk = sit_down(n)
    if is_saving():
        return _send(desk)
    desk.refuse_closed()
    return _show_check(desk)


@bp.get("/answer/<int(max=9999):n>/thanks")
@requires(Access.PANELIST)
def thanks(n: int) -> Any:
    """The receipt of what was sent, as long as it stands so; else on to where things stand."""
    desk = sit_down(n)
    receipt = receipt_of(desk.round, desk.own_key)
    if receipt is None:
        return redirect(url_for("answer.home"), code=303)
    return render_template("answer/thanks.html", desk=desk, receipt=ids.spaced(receipt), told=_told(desk))


@bp.post("/answer/<int(max=9999):n>/take-back")
@requires(Access.PANELIST)
def take_back(n: int) -> Any:
    """The answers stay, and do not count until they are saved or sent again."""
    desk = sit_down(n)
    if not is_kept():
        voting.take_back(desk.round, desk.who)
    return redirect(url_for("answer.home", done=None if is_kept() else "answers-taken-back"), code=303)


def _send(desk: Desk) -> Any:
    try:
        count(desk)
        submit_key = _submit_key()
        _refuse_other_answers(desk)
        if desk.own is None and desk.is_open:
            pages_of(desk).settle(desk)
        voting.submit(desk.round, desk.who, submit_key)
    except Refusal as refusal:
        return refused(
            refusal,
            desk,
            show=lambda form: _show_check(desk, form),
            show_both=lambda conflict: _show_check(sit_down(desk.round.n), Problems.of(conflict)),
            typed=_told(desk),
        )
    return redirect(url_for("answer.thanks", n=desk.round.n), code=303)


def _refuse_other_answers(desk: Desk) -> None:
    """Raises where the page showed other answers than would be sent now."""
    base = request.form.get("base")
    if base is not None and base != page_digest(desk.answers):
        raise voting.Conflict(desk.answers, {})


def _submit_key() -> bytes:
    try:
        key = bytes.fromhex(request.form.get("submit_key", ""))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Invalid(_("We could not send that. Please look once more and send again."))
    return key


def _told(desk: Desk) -> list[tuple[str, str]]:
    return pages_of(desk).told(desk, desk.answers)


def _show_check(desk: Desk, form: Problems = NOTHING_WRONG) -> str:
    template, lines = pages_of(desk).check(desk)
    return render_template(
        template,
        desk=desk,
        form=form,
        base=page_digest(desk.answers),
        submit_key=secrets.token_hex(KEY_BYTES),
        told=_told(desk),
        **lines,
    )
