"""Asking: what to know first, three screens, and nothing is kept before "send"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority import clock
from priority.errors import Invalid, NotFound, TooMany
from priority.extensions import csrf
from priority.policy import Access, can_propose
from priority.queries.public import is_listed
from priority.services import consent as consents
from priority.services import limits, proposing
from priority.web.entry.arrival import come_in
from priority.web.guard import requires, signed_in
from priority.web.propose import mine  # noqa: F401 - its routes belong to this journey
from priority.web.propose.blueprint import bp
from priority.web.propose.forms import CHECK, SCREENS, WORDS, YOU, AskForm
from priority.words import Letters, Purpose, SessionKind

if TYPE_CHECKING:
    from priority.models import Contributor, Exercise

__all__ = ["bp"]
HOUR = 3600


@bp.get("/e/<id:exercise>/ask")
@requires(Access.ANYONE)
def consent(exercise: Exercise) -> Any:
    """What somebody should know before writing: three facts and one button."""
    if not _is_open(exercise):
        return _closed(exercise, [])
    text = consents.text_for(exercise, SessionKind.CONTRIBUTOR, Purpose.TAKE_PART, exercise.locale)
    return render_template("propose/consent.html", facts=text.text.split("\n"), locale=text.locale)


@bp.get("/e/<id:exercise>/ask/words")
@requires(Access.ANYONE)
def ask(exercise: Exercise) -> Any:
    """The first screen, empty."""
    if not _is_open(exercise):
        return _closed(exercise, [])
    form = AskForm()
    form.prepare(exercise)
    return _screen(exercise, form, WORDS)


# The form checks its own token, so that a page left open for too long keeps what was typed.
@csrf.exempt  # type: ignore[untyped-decorator]
@bp.post("/e/<id:exercise>/ask/words")
@requires(Access.ANYONE)
def go_on(exercise: Exercise) -> Any:
    """From screen to screen; only "send" keeps anything."""
    is_open = _is_open(exercise)
    form = AskForm()
    form.prepare(exercise)
    here, move = request.form.get("step", WORDS), request.form.get("go", "")
    if move == "send":  # the same form may have been sent before asking ended: then it has its answer
        return _send(exercise, form)
    if not is_open:
        return _closed(exercise, form.written)
    if move == "another":
        return _add_another(exercise, form)
    if move in SCREENS:
        return _screen(exercise, form, move)
    wrong = form.check(here if here in SCREENS else WORDS)
    return _screen(exercise, form, wrong, 422) if wrong else _screen(exercise, form, YOU if here == WORDS else CHECK)


def _add_another(exercise: Exercise, form: AskForm) -> Any:
    if len(form.texts) < proposing.MOST_AT_ONCE:
        form.texts.append_entry()
        form.prepare(exercise)
        return _screen(exercise, form, WORDS)
    form.refuse_words(_("Please send ten questions at most, then come back for more."))
    return _screen(exercise, form, WORDS, 422)


def _send(exercise: Exercise, form: AskForm) -> Any:
    if wrong := form.check(CHECK):
        return _screen(exercise, form, wrong, 422)
    once = form.once(exercise, is_known=_own(exercise) is not None)
    if once is None:
        form.homepage.data = ""
        form.refuse(_("Nothing is sent yet. Please press “Send” once more."))
        return _screen(exercise, form, CHECK, 422)
    try:
        limits.hit("propose", request.remote_addr or "", most=10, seconds=HOUR)
        sent = _submit(exercise, form, once)
    except TooMany as refusal:
        form.refuse(_("Nothing is sent yet. %(why)s", why=refusal.words))
        return _screen(exercise, form, CHECK, 429, {"Retry-After": str(refusal.retry_after)})
    except Invalid as refusal:
        form.refuse_words(str(refusal.words))
        return _screen(exercise, form, WORDS, 422)
    except proposing.AskingEnded:
        return _closed(exercise, form.written)
    if _own(exercise) is None:
        come_in(sent.contributor)
    return redirect(url_for("propose.mine", done="asked"), code=303)


def _submit(exercise: Exercise, form: AskForm, once: str) -> proposing.Sent:
    return proposing.submit(
        exercise,
        texts=form.written,
        locale=exercise.locale,
        group=form.chosen_group(exercise),
        on_behalf=form.on_behalf.data == "y",
        kind=form.kind,
        address=form.address.data or None,
        letters=Letters(form.letters.data or Letters.EVERY_STEP.value),
        contributor=_own(exercise),
        once=once,
    )


def _own(exercise: Exercise) -> Contributor | None:
    """The contributor of this exercise who is signed in on this device."""
    found = signed_in()
    if found is None or found.actor.kind is not SessionKind.CONTRIBUTOR:
        return None
    contributor: Contributor = found.somebody  # type: ignore[assignment]
    return contributor if contributor.exercise_id == exercise.id else None


def _is_open(exercise: Exercise) -> bool:
    if not is_listed(exercise):
        raise NotFound(_("There is no such page."))
    return can_propose(exercise, clock.now())


def _screen(
    exercise: Exercise, form: AskForm, screen: str, status: int = 200, headers: dict[str, str] | None = None
) -> Any:
    page = render_template(
        f"propose/{screen}.html",
        form=form,
        screen=screen,
        carried=list(form.carried(screen)),
        readers=exercise.readers,
        known=_own(exercise),
        chosen_group=form.chosen_group(exercise),
    )
    return page, status, headers or {}


def _closed(exercise: Exercise, written: list[str]) -> Any:
    return render_template("propose/closed.html", written=written, zone=exercise.time_zone), 409
