"""What each button does: the form's values handed to the one service that knows the rule. Gives the notice to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Stale
from priority.queries.questions import find_question
from priority.queries.sorting import find_part_of
from priority.services import merging, triage
from priority.web.moderate.forms import ROADS

if TYPE_CHECKING:
    from collections.abc import Callable

    from priority.models import Exercise, Person, ProposalPart, Question

    Act = Callable[[ProposalPart, Any, Exercise, Person], str]
    Change = Callable[[Question, Any, Exercise, Person], str]


def _join(part: ProposalPart, form: Any, exercise: Exercise, actor: Person) -> str:
    question = find_question(exercise, form.question.data)
    if question is None:
        raise Stale(_("This question is no longer on the list."))
    merging.merge([part], question, exercise=exercise, actor=actor, reason=form.reason.data)
    return "joined"


def _make(part: ProposalPart, form: Any, exercise: Exercise, actor: Person) -> str:
    merging.make_question([part], exercise=exercise, actor=actor, **_wording(form))
    return "made"


def _send(part: ProposalPart, form: Any, _exercise: Exercise, actor: Person) -> str:
    road = ROADS[form.destination.data]
    triage.route(part, road, owner=form.owner.data or "", sentence=form.sentence.data or "", actor=actor)
    return "sent"


def _split(part: ProposalPart, form: Any, _exercise: Exercise, actor: Person) -> str:
    triage.split_by_lines(part, form.pieces.data or "", actor)
    return "split"


def _redact(part: ProposalPart, form: Any, _exercise: Exercise, actor: Person) -> str:
    n = form.words_n.data or ""
    triage.redact(
        part.proposal, form.redacted.data or "", actor, words_n=int(n) if n.isdecimal() and len(n) < 7 else None
    )
    return "redacted"


def _reword(question: Question, form: Any, exercise: Exercise, actor: Person) -> str:
    merging.reword(question, exercise=exercise, actor=actor, reason=form.reason.data, **_wording(form))
    return "reworded"


def _take_out(question: Question, form: Any, exercise: Exercise, actor: Person) -> str:
    part = find_part_of(exercise, form.part.data or "")
    if part is None:
        raise Stale(_("These words are no longer under that question."))
    merging.unmerge(part, question, exercise=exercise, actor=actor, reason=form.reason.data)
    return "taken-out"


def _take_off(question: Question, _form: Any, exercise: Exercise, _actor: Person) -> str:
    merging.take_off_list(question, exercise=exercise)
    return "off-list"


def _wording(form: Any) -> dict[str, Any]:
    return {"text": form.text.data or "", "short": form.short.data or "", "background": form.background.data}


ACTS: dict[str, Act] = {"join": _join, "make": _make, "send": _send, "split": _split, "redact": _redact}
CHANGES: dict[str, Change] = {"reword": _reword, "take-out": _take_out, "take-off": _take_off}
