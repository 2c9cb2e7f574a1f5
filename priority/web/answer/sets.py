"""Best and worst: of a few questions at a time, the one that matters most and the one that matters least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask import request, url_for
from flask_babel import gettext as _

from priority.errors import NotFound
from priority.policy import Access
from priority.services.ballot_types.best_worst import BEST, fields, sets_of
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.leaves import SetLeaf
from priority.web.answer.sheets import Sheet, serve
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.web.answer.desk import Desk


@dataclass(frozen=True, slots=True)
class SetSheet(Sheet):
    """One set: which of its questions matters most, and which least."""

    endpoint: ClassVar[str] = "answer.set_page"

    @property
    def template(self) -> str:
        """The template that draws it."""
        return "answer/set.html"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the two answers."""
        return fields(self.leaf.number)

    def typed(self) -> dict[str, Any]:
        """The two questions that were marked; a text that is none of them is refused where it is saved."""
        return {key: request.form.get(key) or None for key in self.keys}

    def told(self, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Both answers in words."""
        return [_told(self.desk, key, answers) for key in self.keys]


@bp.route("/answer/<int(max=9999):n>/set/<int(max=9999):page>", methods=["GET", "POST"])
@requires(Access.PANELIST)
def set_page(n: int, page: int) -> Any:
    """A few questions, of which one matters most and one least; posting saves both marks, or the one there is."""
    desk = sit_down(n, RoundKind.BEST_WORST)
    return serve(SetSheet(desk, _leaf(desk, page)))


def asks(desk: Desk) -> str:  # noqa: ARG001 - every kind says it of its own desk
    """What a round of this kind asks, in a line."""
    return str(_("A few questions at a time: which matters most, which least?"))


def start(desk: Desk) -> str:
    """The first set that is not answered both ways; the first of all where every set is."""
    done = [_is_done(desk, number) for number in _numbers(desk)]
    return url_for(SetSheet.endpoint, n=desk.round.n, page=1 if all(done) else done.index(False) + 1)


def told(desk: Desk, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every mark that was made, set by set."""
    return [_told(desk, key, answers) for number in _numbers(desk) for key in fields(number) if key in answers]


def check(desk: Desk) -> tuple[str, dict[str, Any]]:
    """How many sets are answered, half answered, empty; each with the page where the first one stands."""
    marks = {number: sum(key in desk.answers for key in fields(number)) for number in _numbers(desk)}

    def line(wanted: int) -> tuple[int, str | None]:
        numbers = [number for number, count in marks.items() if count == wanted]
        return len(numbers), url_for(SetSheet.endpoint, n=desk.round.n, page=numbers[0]) if numbers else None

    lines = {"whole": line(2), "half": line(1), "empty": line(0), "pages": len(marks)}
    return "answer/check_sets.html", lines | {"can_send": bool(desk.answers)}


def _numbers(desk: Desk) -> range:
    return range(1, len(sets_of(desk.round.design)) + 1)


def _is_done(desk: Desk, number: int) -> bool:
    return all(key in desk.answers for key in fields(number))


def _leaf(desk: Desk, number: int) -> SetLeaf:
    """The set of this number, its questions in the reader's own order; refuses a set that there is not."""
    sets = sets_of(desk.round.design)
    if not 1 <= number <= len(sets):
        raise NotFound(_("There is no such page."))
    members = sets[number - 1]
    return SetLeaf(number, len(sets), tuple(item for item in desk.items if item.key in members))


def _told(desk: Desk, key: str, answers: Mapping[str, Any]) -> tuple[str, str]:
    number, _dot, part = key.partition(".")
    most, least = _("Step %(n)s, matters most:", n=number), _("Step %(n)s, matters least:", n=number)
    known = {item.key: item.text for item in desk.items}
    return str(most if part == BEST else least), known.get(str(answers.get(key)), str(_("no answer")))
