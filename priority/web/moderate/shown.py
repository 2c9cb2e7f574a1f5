"""How the sorting pages say things: languages by name, groups by shape, the filters in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from priority.queries.sorting import STATES, WAITING, Filters
from priority.web.answer.figures import GROUP_SHAPES
from priority.words import Operation

if TYPE_CHECKING:
    from priority.models import Exercise
    from priority.queries.trail import TrailLine

DEEDS = {
    Operation.MERGE: _l("%(who)s joined it to question %(number)s"),
    Operation.UNMERGE: _l("%(who)s took it out of question %(number)s"),
    Operation.ROUTE: _l("%(who)s sent it down a road: %(road)s"),
    Operation.SPLIT: _l("%(who)s split it"),
    Operation.REWORD: _l("%(who)s reworded question %(number)s"),
    Operation.UNDO: _l("%(who)s undid an earlier step"),
    Operation.WITHDRAW: _l("The person took their words back"),
}
Shapes = dict[int | None, tuple[str, str]]


def filters() -> Filters:
    """What the address asks to see; anything unknown is left out."""
    state = request.args.get("state", WAITING)
    return Filters(
        request.args.get("group") or None,
        request.args.get("language") or None,
        state if state in STATES else WAITING,
    )


def in_address(chosen: Filters) -> dict[str, Any]:
    """The filters as they stand in an address, so that they go along from page to page."""
    parts = {"group": chosen.group, "language": chosen.language, "state": chosen.state}
    return {name: value for name, value in parts.items() if value and value != WAITING}


def shapes(exercise: Exercise) -> Shapes:
    """Shape and tone of each group in the exercise's order; None stands for all others together."""
    drawn: Shapes = {group.id: GROUP_SHAPES[i % len(GROUP_SHAPES)] for i, group in enumerate(exercise.groups)}
    return drawn | {None: GROUP_SHAPES[-1]}


def language(code: str) -> str:
    """A language's name in the reader's own: `sv` is Swedish. A code nobody knows stays as it is."""
    try:
        name = Locale.parse(code).get_language_name(str(get_locale() or "en"))
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def deed(line: TrailLine) -> str:
    """What a line of the trail says: who did what."""
    road = "" if line.destination is None else line.destination.label
    said = DEEDS[line.operation]
    return str(said) % {"who": line.actor or _("Somebody"), "number": line.question_number, "road": road}
