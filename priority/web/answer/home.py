"""The panelist's start page: who is asked what, until when, and how one's own answers stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g, redirect, render_template, request, url_for

from priority import clock
from priority.errors import Invalid
from priority.moments import spoken
from priority.policy import Access, can_answer, can_see_list
from priority.queries.answering import asked_rounds, groups_to_choose
from priority.queries.rounds import rounds_of
from priority.queries.suggestions import own_suggestions
from priority.services import consent, two_roles
from priority.services.voting import Guest
from priority.web.answer.blueprint import bp
from priority.web.answer.changes import first_page
from priority.web.answer.desk import desk_of
from priority.web.answer.kinds import pages_of
from priority.web.answer.posting import NOTHING_WRONG, Problems, is_kept
from priority.web.guard import requires, this_answerer, this_panelist
from priority.words import BallotState, Purpose, RoundState, SessionKind

if TYPE_CHECKING:
    from priority.models import Panelist, Round
    from priority.queries.suggestions import Suggested
    from priority.services.voting import Answerer


@dataclass(frozen=True, slots=True)
class Line:
    """One round on the start page."""

    n: int
    asks: str
    moment: str
    state: BallotState | None
    so_far: str
    is_whole: bool
    start: str
    takes_suggestions: bool
    suggestions: tuple[Suggested, ...]

    @property
    def counts(self) -> bool:
        """Whether there are answers that count as they stand."""
        return self.state in (BallotState.SAVED, BallotState.SUBMITTED)


@bp.get("/answer")
@requires(Access.PANELIST)
def home() -> Any:
    """What somebody is asked now, what they answered before, what comes next; the first time, what they agree to."""
    if isinstance(this_answerer(), Guest):
        return redirect(url_for("open.mine", done=request.args.get("done")), code=303)
    panelist = this_panelist()
    exercise = g.exercise = panelist.exercise
    if panelist.observer:
        return render_template("answer/observer.html", group=panelist.group, lists=can_see_list(exercise))
    if Purpose.TAKE_PART not in consent.given(panelist):
        text = consent.text_for(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, panelist.locale)
        return render_template("answer/agree.html", text=text.text, lang=text.locale)
    if groups_to_choose(panelist):
        return _show_roles(panelist)
    moment = clock.now()
    asked = [round_ for round_ in asked_rounds(panelist) if round_.state is not RoundState.PLANNED]
    return render_template(
        "answer/home.html",
        open=[line_of(round_, panelist) for round_ in asked if can_answer(round_, moment)],
        earlier=_earlier([round_ for round_ in asked if not can_answer(round_, moment)], panelist),
        coming=any(round_.state is RoundState.PLANNED for round_ in rounds_of(exercise)),
        began=bool(rounds_of(exercise)),
        group=panelist.group,
        lists=can_see_list(exercise),
        is_unlinked=exercise.key_destroyed_at is not None,
    )


@bp.post("/answer")
@requires(Access.PANELIST)
def agree() -> Any:
    """Somebody agrees to take part."""
    if not is_kept():
        consent.give(this_panelist(), {Purpose.TAKE_PART})
    return redirect(url_for("answer.home"), code=303)


@bp.post("/answer/role")
@requires(Access.PANELIST)
def choose_role() -> Any:
    """Somebody with two roles says whose view they give, once and before their first answer."""
    panelist = this_panelist()
    g.exercise = panelist.exercise
    if is_kept():
        return redirect(url_for("answer.home"), code=303)
    try:
        two_roles.choose(panelist, request.form.get("group", ""))
    except Invalid as refusal:
        return _show_roles(panelist, Problems.of(refusal)), 422
    return redirect(url_for("answer.home"), code=303)


def _show_roles(panelist: Panelist, form: Problems = NOTHING_WRONG) -> str:
    return render_template("answer/role.html", groups=groups_to_choose(panelist), form=form)


def _earlier(rounds: list[Round], panelist: Panelist) -> list[Line]:
    """Rounds that have closed, the latest first. After the key is destroyed nobody knows any more who answered what."""
    if panelist.exercise.key_destroyed_at is not None:
        return []
    return [line_of(round_, panelist) for round_ in reversed(rounds)]


def line_of(round_: Round, who: Answerer) -> Line:
    """A round as it stands for somebody."""
    desk = desk_of(who, round_)
    pages = pages_of(desk)
    answered, asked = desk.progress
    return Line(
        n=round_.n,
        asks=pages.asks(desk),
        moment=spoken(round_.closed_at or round_.closes_at or clock.now(), round_.exercise.time_zone),
        state=None if desk.own is None else desk.own.state,
        so_far=pages.so_far(desk),
        is_whole=answered >= asked,
        start=first_page(desk),
        takes_suggestions=bool(round_.design.get("suggestions")),
        suggestions=tuple(own_suggestions(round_, desk.own_key)),
    )
