"""Coming in and going out: a link by e-mail, a link in a letter, a code that was kept."""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from priority import database
from priority.errors import Gone, Invalid
from priority.policy import Access
from priority.services import accounts, limits, open_rounds
from priority.web.entry.arrival import come_in, come_with, go_out
from priority.web.entry.forms import AddressForm, CodeForm
from priority.web.guard import limited, requires, safe_next

if TYPE_CHECKING:
    from collections.abc import Callable

bp = Blueprint("entry", __name__)
HOUR = 3600
EVEN_SECONDS = 0.25


def takes_alike(view: Callable[..., Any]) -> Callable[..., Any]:
    """Every post takes the same time to answer, so that the time does not tell whether an address is known."""

    @wraps(view)
    def timed(*args: Any, **values: Any) -> Any:
        begun = time.monotonic()
        answer = view(*args, **values)
        if request.method == "POST":
            database.commit()  # what is written for a known address takes time, too
            time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - begun)))
        return answer

    return timed


@bp.get("/sign-in")
@requires(Access.ANYONE)
def sign_in() -> Any:
    """Asks for an e-mail address, and says where a code goes."""
    return render_template("entry/sign_in.html", form=AddressForm(), next=safe_next(request.args.get("next"), ""))


@bp.post("/sign-in")
@requires(Access.ANYONE)
@limited("sign-in", most=20, seconds=HOUR)
@takes_alike
def send_link() -> Any:
    """Sends a link to whoever has this address; answers alike whether there is anybody or not."""
    form = AddressForm()
    target = safe_next(request.args.get("next"), "")
    if not form.validate():
        return render_template("entry/sign_in.html", form=form, next=target), 422
    address = form.address.data or ""
    limits.hit("sign-in-address", address.casefold(), most=3, seconds=HOUR)
    accounts.ask_for_link(address)
    return render_template("entry/link_sent.html", address=address)


@bp.get("/in/<token>")
@requires(Access.ANYONE)
def link(token: str) -> Any:
    """Shows what a link is for and a button; looking, as mail scanners do, uses nothing up."""
    try:
        somebody = accounts.behind_link(token)
    except Gone as refusal:
        return _gone(refusal)
    return render_template("entry/link.html", kind=accounts.kind_of(somebody), token=token)


@bp.post("/in/<token>")
@requires(Access.ANYONE)
def use_link(token: str) -> Any:
    """Signs in whoever the link is for."""
    try:
        somebody = accounts.use_link(token)
    except Gone as refusal:
        return _gone(refusal)
    return redirect(come_in(somebody, request.args.get("next")), code=303)


@bp.get("/code")
@requires(Access.ANYONE)
def code() -> Any:
    """Asks for the code that somebody kept."""
    return render_template("entry/code.html", form=CodeForm(), next=safe_next(request.args.get("next"), ""))


@bp.post("/code")
@requires(Access.ANYONE)
@limited("code", most=10, seconds=15 * 60)
def use_code() -> Any:
    """Signs in whoever the code belongs to."""
    form = CodeForm()
    target = safe_next(request.args.get("next"), "")
    if not form.validate():
        return render_template("entry/code.html", form=form, next=target), 422
    try:
        somebody = accounts.behind_code(form.code.data or "")
    except Invalid as refusal:
        form.refuse(str(refusal.words), "code")
        return _by_slip(form) or (render_template("entry/code.html", form=form, next=target), 422)
    except Gone as refusal:
        return _gone(refusal)
    return redirect(come_in(somebody, target), code=303)


@bp.post("/sign-out")
@requires(Access.ANYONE)
def sign_out() -> Any:
    """Ends the session on this device, and asks the browser to forget what it kept."""
    go_out()
    response = redirect(url_for("public.home", done="signed-out"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _by_slip(form: CodeForm) -> Any:
    """Lets whoever typed the code of a slip or a poster in here, too; None where it is no such code."""
    try:
        return redirect(come_with(open_rounds.find(form.code.data or "")), code=303)
    except Gone as refusal:
        return render_template("open/waiting.html", words=refusal.words), 410
    except Invalid:
        return None


def _gone(refusal: Gone) -> Any:
    return render_template("entry/gone.html", form=AddressForm(), message=refusal.words), 410
