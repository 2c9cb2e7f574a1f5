"""The pages of people who answer without an invitation, in the order in which they meet them.

/e/<exercise>/join     landing, begin    what is asked, what one agrees to, whose view one gives
/join                  code, use_code    the code on a slip or a poster, or one from before
/join/mine             mine              how one's answers stand, and the code to come back with
/join/leave            leave             this device forgets the code
/join/erase            erase             the answers are deleted for good

Answering itself is on the pages of `priority.web.answer`. Looking at a page makes nothing; only pressing a button does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority import clock, ids
from priority.errors import Gone, Invalid, NotFound
from priority.moments import spoken
from priority.policy import Access, can_answer, can_see_list
from priority.queries.open_rounds import round_for_all, speaking_groups
from priority.queries.public import is_listed
from priority.queries.rounds import items_of
from priority.services import limits, open_rounds
from priority.services.voting import Guest
from priority.web import guests
from priority.web.answer.desk import desk_of
from priority.web.answer.home import line_of
from priority.web.answer.leaves import MINUTES, MINUTES_WITH_FEEDBACK
from priority.web.entry.arrival import come_as_guest, come_with, go_out
from priority.web.guard import limited, requires, this_answerer
from priority.web.open.forms import BeginForm, DoorForm
from priority.web.transaction import fail
from priority.words import RoundState

if TYPE_CHECKING:
    from priority.models import Exercise, Round

bp = Blueprint("open", __name__)
HOUR, QUARTER = 3600, 900
MOST_BEGINNINGS, MOST_WRONG = 300, 100  # from one network: a whole meeting may sit behind one address


@bp.get("/e/<id:exercise>/join")
@requires(Access.ANYONE)
def landing(exercise: Exercise) -> Any:
    """What is asked here, what one agrees to, and whose view one gives; or why nobody can answer just now."""
    return _landing(exercise, BeginForm())


@bp.post("/e/<id:exercise>/join")
@requires(Access.ANYONE)
@limited("join", most=MOST_BEGINNINGS, seconds=HOUR)
def begin(exercise: Exercise) -> Any:
    """Somebody agrees and begins; whoever has begun here already goes on where they were."""
    round_ = _round(exercise)
    if round_ is None or not can_answer(round_, clock.now()):
        return _landing(exercise, BeginForm()), 409
    here = _guest_in(round_)
    if here is not None and here.group and open_rounds.has_answers(round_, here):
        return redirect(url_for("open.mine"), code=303)
    form = BeginForm().offer(speaking_groups(exercise))
    if not form.validate():
        return _landing(exercise, form), 422
    guest = open_rounds.begin(round_, form.group.data, code=None if here is None else here.code)
    come_as_guest(round_.public_id, guest, until=None if guest.verified else round_.closes_at)
    return redirect(line_of(round_, guest).start, code=303)


@bp.get("/join")
@requires(Access.ANYONE)
def code() -> Any:
    """Asks for the code on a slip or a poster, or for one from before."""
    return render_template("open/code.html", form=DoorForm())


@bp.post("/join")
@requires(Access.ANYONE)
def use_code() -> Any:
    """Goes on to what the code opens. Wrong codes are counted, right ones are not: many may come at once."""
    form, where = DoorForm(), request.remote_addr or ""
    if not form.validate():
        return render_template("open/code.html", form=form), 422
    limits.refuse_after("wrong-code", where, most=MOST_WRONG)
    try:
        found = open_rounds.find(form.code.data or "")
    except Gone as refusal:
        return render_template("open/waiting.html", words=refusal.words), 410
    except Invalid as refusal:
        fail()
        limits.hit("wrong-code", where, most=MOST_WRONG, seconds=QUARTER)
        form.refuse(str(refusal.words), "code")
        return render_template("open/code.html", form=form), 422
    here = None if found.guest is None else _guest_in(open_rounds.round_of(found.guest))
    if found.guest is not None and here is not None and _is_another(here, found.guest):
        return redirect(_landing_of(open_rounds.round_of(here)), code=303)
    return redirect(come_with(found), code=303)


@bp.get("/join/mine")
@requires(Access.PANELIST)
def mine() -> Any:
    """How one's answers stand, the way on, and the code to come back with."""
    who = this_answerer()
    if not isinstance(who, Guest):
        return redirect(url_for("answer.home"), code=303)
    round_ = open_rounds.round_of(who)
    g.exercise = round_.exercise
    if not who.group:
        return redirect(_landing_of(round_), code=303)
    desk = desk_of(open_rounds.as_saved(round_, who), round_)
    return render_template("open/mine.html", desk=desk, line=line_of(round_, desk.who))


@bp.post("/join/leave")
@requires(Access.ANYONE)
def leave() -> Any:
    """The device forgets whoever answered on it; what they saved stays and counts."""
    guest = guests.this_guest()
    go_out()
    where = url_for("public.home", done="left")
    response = redirect(where if guest is None else _landing_of(open_rounds.round_of(guest), done="left"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.post("/join/erase")
@requires(Access.PANELIST)
def erase() -> Any:
    """Deletes what was answered with a guest's code, and forgets the code on this device."""
    who = this_answerer()
    if not isinstance(who, Guest):  # a panelist's answers are taken back, or go with everything else of theirs
        return redirect(url_for("answer.home"), code=303)
    round_ = open_rounds.round_of(who)
    open_rounds.erase(round_, who)
    guests.forget()
    return redirect(_landing_of(round_, done="answers-erased"), code=303)


def _landing_of(round_: Round, done: str | None = None) -> str:
    return url_for("open.landing", exercise=round_.exercise.public_id, done=done)


def _round(exercise: Exercise) -> Round | None:
    if not is_listed(exercise):
        raise NotFound(_("There is no such page."))
    return round_for_all(exercise)


def _guest_in(round_: Round) -> Guest | None:
    """The guest on this device, where they answer this round."""
    guest = guests.this_guest()
    return guest if guest is not None and guest.round_id == round_.id else None


def _is_another(here: Guest, typed: Guest) -> bool:
    """Whether answers without a slip are open on this device, and a slip was typed: nobody should count twice.

    Who is somebody else says so on the landing page first.
    """
    return typed.verified and not here.verified and open_rounds.has_answers(open_rounds.round_of(here), here)


def _landing(exercise: Exercise, form: BeginForm) -> str:
    round_ = _round(exercise)
    if round_ is None or not can_answer(round_, clock.now()):
        return render_template("open/waiting.html", words=_why_not(round_), lists=can_see_list(exercise))
    here = _guest_in(round_)
    return render_template(
        "open/landing.html",
        form=form.offer(speaking_groups(exercise)),
        round=round_,
        until=spoken(round_.closes_at, exercise.time_zone) if round_.closes_at else "",
        minutes=_minutes(round_),
        has_begun=here is not None and bool(here.group),
        without_slip=here is not None and not here.verified,
        slip=ids.spaced(here.code) if here is not None and not here.group else None,
    )


def _minutes(round_: Round) -> int:
    """About how long the whole takes."""
    each = MINUTES_WITH_FEEDBACK if round_.design.get("feedback") else MINUTES
    return max(1, round(len(items_of(round_)) * each))


def _why_not(round_: Round | None) -> str:
    if round_ is None:
        return str(_("Here only the people who are invited are asked."))
    if round_.state is RoundState.PLANNED:
        if round_.opens_at is None:
            return str(_("It has not begun yet."))
        return str(_("It begins %(moment)s.", moment=spoken(round_.opens_at, round_.exercise.time_zone)))
    return str(_("This has closed. What was saved before counts. Thank you to everybody who answered."))
