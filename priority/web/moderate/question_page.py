"""The page of one question: how it reads, how it read before, and the words people wrote under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from priority.queries.links import originals_of
from priority.queries.questions import question_row, wordings_of
from priority.queries.sorting import find_part_of
from priority.queries.trail import trail_of_question
from priority.web.moderate import shown
from priority.web.moderate.forms import OffListForm, RewordForm, SeenForm, TakeOutForm

if TYPE_CHECKING:
    from priority.models import Exercise, Question
    from priority.queries.questions import WordingRow

FORMS: dict[str, type[SeenForm]] = {"reword": RewordForm, "take-out": TakeOutForm, "take-off": OffListForm}
# Why a link asks for another wording (`?why=unclear`): the reason that the form starts from.
WHY_REWORD = {"unclear": _l("Many people could not judge it.")}
TOO_LATE = _l("Somebody changed this question while you had the page open. This is how it stands now.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that was sent and not taken: which, as it was typed, and what happened meanwhile if that is why."""

    act: str
    form: SeenForm
    overtaken: object = None


def render(exercise: Exercise, question: Question, attempt: Attempt | None = None) -> str:
    """The page, with everything kept that was typed in an attempt."""
    wordings = wordings_of(question)
    return render_template(
        "moderate/question.html",
        question=question_row(question, exercise),
        version=question.version,
        wordings=wordings,
        originals=originals_of(question, exercise),
        reword=_reword(question, wordings[0], attempt),
        failed=None if attempt is None else attempt.form,
        act=attempt.act if attempt is not None else "reword" if _why() else None,
        overtaken=None if attempt is None else attempt.overtaken,
        trail=trail_of_question(question, exercise),
        zone=exercise.time_zone,
        shapes=shown.shapes(exercise),
        language=shown.language,
        deed=shown.deed,
    )


def version(act: str, form: SeenForm, question: Question, exercise: Exercise) -> str | None:
    """The version that a form must have seen: of the words that leave the question, else of the question."""
    if act != "take-out":
        return str(question.version)
    part = find_part_of(exercise, form.part.data or "")
    return None if part is None else str(part.version)


def _reword(question: Question, now: WordingRow, attempt: Attempt | None) -> SeenForm:
    form = (
        attempt.form
        if attempt is not None and attempt.act == "reword"
        else RewordForm(
            formdata=None,
            data={"text": now.text, "short": now.short, "background": now.background, "reason": _why()},
        )
    )
    form.version.data = str(question.version)
    return form


def _why() -> str | None:
    words = WHY_REWORD.get(request.args.get("why", ""))
    return None if words is None else str(words)
