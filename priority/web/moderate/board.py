"""The page of one proposal: its words, the part that is being sorted, and a form for each thing one can do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import gettext as _

from priority.queries.questions import homes, uncounted_rows
from priority.queries.sorting import next_waiting, sheet, stand
from priority.queries.trail import recent, trail_of_proposal
from priority.services.stretches import REMOVED, cutting_line
from priority.web.moderate import shown
from priority.web.moderate.forms import (
    EXAMPLES,
    ROADS,
    FindForm,
    JoinForm,
    QuestionForm,
    RedactForm,
    RoadForm,
    SeenForm,
    SplitForm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Exercise, Proposal
    from priority.queries.questions import QuestionRow
    from priority.queries.sorting import Part, Sheet

FORMS: dict[str, type[SeenForm]] = {
    "join": JoinForm,
    "make": QuestionForm,
    "send": RoadForm,
    "split": SplitForm,
    "redact": RedactForm,
}
LIKELY = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that was sent and not taken: which, as it was typed, and what happened meanwhile if that is why."""

    act: str
    form: SeenForm
    overtaken: str | None = None


def render(exercise: Exercise, proposal: Proposal, attempt: Attempt | None = None) -> str:
    """The page, with everything kept that was typed in an attempt."""
    found = sheet(proposal)
    part = _chosen(found, attempt)
    rows = uncounted_rows(exercise)
    filters = shown.filters()
    find = FindForm(request.args)
    forms = _forms(found, part, rows, attempt)
    return render_template(
        "moderate/proposal.html",
        sheet=found,
        part=part,
        waiting=[each for each in found.parts if each.destination is None],
        forms=forms,
        failed=None if attempt is None else attempt.form,
        act=attempt.act if attempt is not None else request.args.get("act"),
        overtaken=None if attempt is None else attempt.overtaken,
        find=find,
        homes=homes("" if part is None else part.text, rows, find.find.data or ""),
        likely=LIKELY,
        roads=ROADS,
        road=ROADS.get(forms["send"].destination.data) if part is not None else None,
        cut="" if part is None else cutting_line(part.text),
        removed=REMOVED,
        trail=trail_of_proposal(proposal),
        just_now=recent(exercise),
        next=next_waiting(exercise, proposal, filters),
        stand=stand(exercise),
        filters=shown.in_address(filters),
        zone=exercise.time_zone,
        shapes=shown.shapes(exercise),
        language=shown.language,
        deed=shown.deed,
    )


def what_happened(proposal: Proposal) -> str:
    """The newest thing that was done with these words, for somebody who comes too late."""
    lines = trail_of_proposal(proposal)
    if not lines:
        return str(_("Somebody changed these words while you had the page open."))
    return str(_("%(deed)s while you had the page open.", deed=shown.deed(lines[0])))


def take(act: str, exercise: Exercise) -> SeenForm:
    """The form of an act with what was sent."""
    form = FORMS[act]()
    if isinstance(form, JoinForm):
        form.question.choices = _choices(uncounted_rows(exercise))
    return form


def _chosen(found: Sheet, attempt: Attempt | None) -> Part | None:
    """The part the page is about: the one that was asked for, else the first that waits, else the first."""
    wanted = request.args.get("part") if attempt is None else attempt.form.part.data
    asked = [part for part in found.parts if part.public_id == wanted]
    waiting = [part for part in found.parts if part.destination is None]
    return next(iter([*asked, *waiting, *found.parts]), None)


def _forms(
    found: Sheet, part: Part | None, rows: tuple[QuestionRow, ...], attempt: Attempt | None
) -> Mapping[str, SeenForm]:
    """A form for each act; the one of the attempt as it was typed, the others as they begin."""
    if part is None:
        return {}
    begin = {act: kind(formdata=None, data=_beginning(act, found, part)) for act, kind in FORMS.items()}
    forms = begin if attempt is None else begin | {attempt.act: attempt.form}
    join = forms["join"]
    if isinstance(join, JoinForm):
        join.question.choices = _choices(rows)
    for form in forms.values():  # whoever came too late reads what happened and may press again
        form.part.data, form.version.data = part.public_id, str(part.version)
    return forms


def _beginning(act: str, found: Sheet, part: Part) -> dict[str, Any]:
    if act == "send":
        road = ROADS.get(request.args.get("road", ""))
        return {} if road is None else {"destination": road.value, "sentence": str(EXAMPLES[road])}
    if act == "split":
        return {"pieces": part.text}
    if act == "redact":
        asked = request.args.get("words", "")
        words = next((each for each in found.words if str(each.n) == asked), found.words[0])
        return {"words_n": str(words.n), "redacted": words.text}
    return {}


def _choices(rows: tuple[QuestionRow, ...]) -> list[tuple[str, str]]:
    return [(row.public_id, row.text) for row in rows]
