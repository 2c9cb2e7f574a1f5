"""How the sorting pages say things: languages by name, groups by shape, the filters in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _

from priority.queries.sorting import STATES, WAITING, Filters
from priority.web.answer.figures import GROUP_SHAPES
from priority.words import Operation

if TYPE_CHECKING:
    from priority.models import Exercise
    from priority.queries.trail import TrailLine

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


def page_number() -> int:
    """The page that the address asks for; the first where it asks for none."""
    text = request.args.get("page", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


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
    return str(_deed(line, line.actor or _("Somebody")))


def _deed(line: TrailLine, who: str) -> Any:
    number = line.question_number
    match line.operation:
        case Operation.MERGE:
            return _("%(who)s joined it to question %(number)s", who=who, number=number)
        case Operation.UNMERGE:
            return _("%(who)s took it out of question %(number)s", who=who, number=number)
        case Operation.ROUTE:
            road = "" if line.destination is None else line.destination.label
            return _("%(who)s sent it down a road: %(road)s", who=who, road=road)
        case Operation.SPLIT:
            return _("%(who)s split it", who=who)
        case Operation.REWORD:
            return _("%(who)s reworded question %(number)s", who=who, number=number)
        case Operation.UNDO:
            return _("%(who)s undid an earlier step", who=who)
        case Operation.WITHDRAW:
            return _("The person took their words back")
