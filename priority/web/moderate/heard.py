"""What those who answer said beside their answers: reasons to release together, suggestions to answer one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, NotFound, Stale
from priority.policy import Access, can_see_results
from priority.queries.questions import question_rows
from priority.queries.reasons import given
from priority.queries.rounds import find_round, items_of, live_questions, rounds_of
from priority.queries.suggestions import suggested
from priority.services import reasons, suggestions
from priority.services.suggestions import NewQuestion
from priority.web.fields import choices
from priority.web.guard import requires, this_person
from priority.web.moderate.blueprint import bp
from priority.web.moderate.forms import SuggestionForm
from priority.web.transaction import fail
from priority.words import ReviewState, SuggestionState

if TYPE_CHECKING:
    from priority.models import Exercise, Question, Round
    from priority.queries.suggestions import Suggested


@bp.get("/staff/e/<id:exercise>/heard")
@requires(Access.MODERATOR)
def heard(exercise: Exercise) -> Any:
    """Each round that has closed, with how many reasons and suggestions it has and how many of them wait."""
    rows = [
        {
            "n": round_.n,
            "reasons": [one.state is ReviewState.WAITING for one in given(round_)],
            "suggestions": [one.waits for one in suggested(round_)],
        }
        for round_ in rounds_of(exercise)
        if can_see_results(round_)
    ]
    return render_template("moderate/heard.html", rows=[row for row in rows if row["reasons"] or row["suggestions"]])


@bp.route("/staff/e/<id:exercise>/reasons/<int(max=9999):n>", methods=["GET", "POST"])
@requires(Access.MODERATOR)
def reasons_page(exercise: Exercise, n: int) -> Any:
    """Every reason of a round, question by question; posting releases all that wait but those that are ticked."""
    round_ = _closed(exercise, n)
    if request.method == "POST":
        reasons.release(round_, withheld=request.form.getlist("withhold"), actor=this_person())
        return redirect(url_for(".reasons_page", exercise=exercise.public_id, n=n, done="reasons-released"), code=303)
    found = given(round_)
    return render_template(
        "moderate/reasons.html",
        n=n,
        questions=[
            (item.wording, [one for one in found if one.key == item.key])
            for item in items_of(round_)
            if any(one.key == item.key for one in found)
        ],
        waiting=sum(one.state is ReviewState.WAITING for one in found),
    )


@bp.get("/staff/e/<id:exercise>/suggestions/<int(max=9999):n>")
@requires(Access.MODERATOR)
def suggestions_page(exercise: Exercise, n: int) -> Any:
    """Every suggestion of a round, those that wait first."""
    found = suggested(_closed(exercise, n))
    return render_template("moderate/suggestions.html", n=n, suggestions=found, numbers=_numbers(exercise))


@bp.route("/staff/e/<id:exercise>/suggestions/<int(max=9999):n>/<id:suggestion>", methods=["GET", "POST"])
@requires(Access.MODERATOR)
def suggestion(exercise: Exercise, n: int, suggestion: str) -> Any:
    """One suggestion and the three ways to answer it; posting answers it, once."""
    round_ = _closed(exercise, n)
    one = next((one for one in suggested(round_) if one.handle == suggestion), None)
    if one is None:
        raise NotFound(_("There is no such suggestion."))
    form = SuggestionForm()
    listed = [(str(row.number), f"{row.number}. {row.text}") for row in question_rows(exercise)]
    form.number.choices = choices([("", _("Choose a question")), *listed])
    status = 200
    if request.method == "POST":
        if form.validate() and _answer(exercise, round_, one, form):
            address = url_for(".suggestions_page", exercise=exercise.public_id, n=n, done="suggestion-answered")
            return redirect(address, code=303)
        status = 422
    page = render_template("moderate/suggestion.html", n=n, one=one, form=form, numbers=_numbers(exercise))
    return page, status


def _answer(exercise: Exercise, round_: Round, one: Suggested, form: SuggestionForm) -> bool:
    """Answers as the form says; False where that was refused, which the form then says."""
    answer, actor = form.answer.data or "", this_person()
    try:
        if form.state.data == SuggestionState.TAKEN:
            new = NewQuestion(form.text.data or "", form.short.data or "", form.background.data or None)
            suggestions.take(round_, one.handle, new, answer=answer, actor=actor)
        elif form.state.data == SuggestionState.ON_LIST:
            same = _listed(exercise, form.number.data)
            suggestions.point_to(round_, one.handle, same, answer=answer, actor=actor)
        else:
            suggestions.decline(round_, one.handle, answer=answer, actor=actor)
    except Invalid as refusal:
        fail()
        form.refuse(str(refusal.words), refusal.field)
        return False
    return True


def _listed(exercise: Exercise, number: str | None) -> Question:
    """The question of this number; refuses one that is not on the list."""
    found = {str(link.number): link.question for link, _wording in live_questions(exercise)}
    if number not in found:
        raise Invalid(_("Choose the question it is the same as."), field="number")
    return found[number]


def _closed(exercise: Exercise, n: int) -> Round:
    round_ = find_round(exercise, n)
    if round_ is None:
        raise NotFound(_("There is no such page."))
    if not can_see_results(round_):
        raise Stale(_("This can be read when the round has closed."))
    return round_


def _numbers(exercise: Exercise) -> dict[int, int]:
    return {link.question_id: link.number for link, _wording in live_questions(exercise)}
