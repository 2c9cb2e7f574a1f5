"""A round: what it will ask, opening it, moving its end, closing it, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from priority import clock
from priority.errors import NotFound
from priority.moments import typed
from priority.policy import Access
from priority.queries import dashboard
from priority.queries.rounds import find_round, live_questions
from priority.queries.rules import smallest_cell
from priority.services import candidates as going_on
from priority.services import protocols, scheduling
from priority.services import rounds as acts
from priority.services import turnout as so_far
from priority.web.admin.before import moment_of
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import CloseForm, EndForm, OpenForm, took
from priority.web.fields import choices
from priority.web.guard import requires, this_person
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from priority.models import Exercise, Round
    from priority.services.candidates import Candidate
    from priority.web.fields import Form


USUAL = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a round's page; at most one of them was posted."""

    opening: OpenForm
    end: EndForm
    closing: CloseForm


@bp.get("/staff/e/<id:exercise>/rounds/<int(max=9999):n>")
@requires(Access.COORDINATOR)
def round_page(exercise: Exercise, n: int) -> Any:
    """What a round will ask, how it goes, or what it found."""
    round_ = _find(exercise, n)
    return _page(exercise, round_, _forms(round_, _candidates(round_)))


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/open")
@requires(Access.COORDINATOR)
def open_round(exercise: Exercise, n: int) -> Any:
    """Opens a round, for the last one with the questions that were confirmed."""
    round_ = _find(exercise, n)
    candidates = _candidates(round_)
    forms = _forms(round_, candidates)
    chosen = forms.opening.questions.data if candidates else None
    return _act(
        exercise,
        round_,
        forms,
        forms.opening,
        "round-open",
        lambda: acts.open_round(
            round_, closes_at=_moment(forms.opening.closes_at.data, exercise), actor=this_person(), questions=chosen
        ),
    )


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/end")
@requires(Access.COORDINATOR)
def move_end(exercise: Exercise, n: int) -> Any:
    """Moves the end of an open round, with a reason."""
    round_ = _find(exercise, n)
    forms = _forms(round_)
    return _act(
        exercise,
        round_,
        forms,
        forms.end,
        "end-moved",
        lambda: acts.move_end(
            round_, _moment(forms.end.closes_at.data, exercise), reason=forms.end.reason.data or "", actor=this_person()
        ),
    )


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/close")
@requires(Access.COORDINATOR)
def close_round(exercise: Exercise, n: int) -> Any:
    """Closes a round and computes what it found; before its end with a reason."""
    round_ = _find(exercise, n)
    forms = _forms(round_)
    return _act(
        exercise,
        round_,
        forms,
        forms.closing,
        "round-closed",
        lambda: acts.close_round(round_, actor=this_person(), reason=forms.closing.reason.data),
    )


def _act(exercise: Exercise, round_: Round, forms: Forms, form: Form, done: str, act: Callable[[], None]) -> Any:
    """Does it and goes back to the round's page, or shows the page with what is to be mended."""
    if took(form, act):
        return redirect(url_for("admin.round_page", exercise=exercise.public_id, n=round_.n, done=done), code=303)
    return _page(exercise, round_, forms, failed=form), 422


def _page(exercise: Exercise, round_: Round, forms: Forms, failed: Form | None = None) -> Any:
    is_open, is_closed = round_.state is RoundState.OPEN, round_.state is RoundState.CLOSED
    rated = is_closed and round_.kind is RoundKind.RATING
    turnout = so_far.by_side(round_) if is_open else dashboard.turnout(round_)
    return render_template(
        "admin/round.html",
        record=exercise,
        round=round_,
        form=failed,
        opening=forms.opening,
        end=forms.end,
        closing=forms.closing,
        standing=dashboard.standing(exercise),
        over=is_open and round_.closes_at is not None and round_.closes_at <= clock.now(),
        questions=len(live_questions(exercise)),
        moves=dashboard.moves(round_),
        turnout=turnout,
        answered={one.name: one.answered for one in turnout},
        groups=so_far.by_group(round_, least=_least(exercise)) if is_open else [],
        dates=scheduling.of(round_),
        found=dashboard.found(round_) if rated else [],
    )


def _least(exercise: Exercise) -> int:
    return smallest_cell(protocols.current(exercise).body)


def _forms(round_: Round, candidates: Sequence[Candidate] = ()) -> Forms:
    usual = (clock.now() + USUAL).astimezone(ZoneInfo(round_.exercise.time_zone))
    opening = OpenForm(data={"closes_at": usual.replace(hour=17, minute=0, second=0, microsecond=0, tzinfo=None)})
    opening.questions.choices = choices((str(one.question_id), _label(one)) for one in candidates)
    if not opening.is_submitted():
        opening.questions.data = [one.question_id for one in candidates if one.place is not None]
    end = EndForm(data={"closes_at": typed(round_.closes_at, round_.exercise.time_zone)})
    return Forms(opening, end, CloseForm(prefix="early"))


def _label(one: Candidate) -> str:
    """The question with what speaks for it, so that whoever confirms the choice sees where it was cut."""
    if one.place is None:
        speaks = _("no mean: a side gave no rating at all")
    elif one.support is None:
        speaks = _("place %(place)d", place=one.place)
    else:
        speaks = _("%(share).1f %%", share=float(100 * one.support))
    return f"{one.number}. {one.text} ({speaks})"


def _candidates(round_: Round) -> list[Candidate]:
    """The questions that a planned round which narrows the list could ask; none before another round closed."""
    if round_.state is not RoundState.PLANNED or not going_on.takes_candidates(round_):
        return []
    return going_on.candidates(round_.exercise, for_round=round_)


def _moment(local: datetime | None, exercise: Exercise) -> datetime:
    return moment_of(local, exercise.time_zone, "closes_at")


def _find(exercise: Exercise, n: int) -> Round:
    round_ = find_round(exercise, n)
    if round_ is None:
        raise NotFound(_("There is no such page."))
    return round_
