"""The ways into a round that is open to all: a link, a poster's code, slips to print; later, what each brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from priority import ids
from priority.errors import NotFound, Stale
from priority.moments import spoken
from priority.policy import Access, is_open_to_all
from priority.queries.doors import doors_of
from priority.queries.open_rounds import answered_by_side, slips_made
from priority.queries.rounds import find_round
from priority.services import open_rounds
from priority.services.turnout import STEP
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import took
from priority.web.fields import Form
from priority.web.guard import requires, this_person
from priority.words import RoundState

if TYPE_CHECKING:
    from priority.models import Exercise, Round

A_PAGE = 8


class SlipsForm(Form):
    """How many slips to make."""

    count = IntegerField(
        _l("How many slips?"),
        [InputRequired(_l("Write a whole number, such as 24.")), NumberRange(1, open_rounds.MOST_AT_ONCE)],
        default=3 * A_PAGE,
    )


@bp.get("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/doors")
@requires(Access.COORDINATOR)
def doors(exercise: Exercise, n: int) -> Any:
    """How people come into a round that is open to all, and, once it has closed, what each way brought."""
    return _page(_find(exercise, n), SlipsForm())


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/slips")
@requires(Access.COORDINATOR)
def slips(exercise: Exercise, n: int) -> Any:
    """Makes slips and shows them, this once, to be printed."""
    round_, form, codes = _find(exercise, n), SlipsForm(), []
    if not is_open_to_all(round_):
        raise Stale(_("This round asks the people who are invited, so it has no slips."))
    if not took(form, lambda: codes.extend(open_rounds.make_slips(round_, form.count.data or 0, actor=this_person()))):
        return _page(round_, form), 422
    spaced = [ids.spaced(code) for code in codes]
    return render_template(
        "admin/slips.html",
        record=exercise,
        round=round_,
        pages=[spaced[start : start + A_PAGE] for start in range(0, len(spaced), A_PAGE)],
        count=len(codes),
        address=_printed(url_for("open.code")).partition("://")[2],
        until=_until(round_),
    )


def _page(round_: Round, form: SlipsForm) -> str:
    exercise = round_.exercise
    return render_template(
        "admin/doors.html",
        record=exercise,
        round=round_,
        form=form,
        is_for_all=is_open_to_all(round_),
        link=_printed(url_for("open.landing", exercise=exercise.public_id)),
        address=_printed(url_for("open.code")),
        poster=ids.spaced(open_rounds.poster_code(exercise)),
        until=_until(round_),
        made=slips_made(round_),
        answered=answered_by_side(round_, step=STEP) if round_.state is RoundState.OPEN else (),
        doors=doors_of(round_) if round_.state is RoundState.CLOSED else None,
    )


def _printed(path: str) -> str:
    """An address as it is printed: under the name that the settings give the house."""
    return str(current_app.config["SETTINGS"].url).rstrip("/") + path


def _until(round_: Round) -> str | None:
    return None if round_.closes_at is None else spoken(round_.closes_at, round_.exercise.time_zone)


def _find(exercise: Exercise, n: int) -> Round:
    round_ = find_round(exercise, n)
    if round_ is None:
        raise NotFound(_("There is no such page."))
    return round_
