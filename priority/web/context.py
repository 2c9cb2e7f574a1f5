"""What every template can count on: a human contact, the exercise, who is signed in, a notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g

from priority.contact import Human, human_of
from priority.moments import spoken, spoken_day
from priority.policy import Access, may
from priority.queries.organisations import first_organisation
from priority.web.guard import is_signed_in_as, signed_in
from priority.web.guests import this_guest
from priority.web.notices import current_notice
from priority.words import SessionKind

if TYPE_CHECKING:
    from flask import Flask

    from priority.models import Exercise


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """What the band under the header says."""

    public_id: str
    title: str
    host_line: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """As what somebody is signed in."""

    label: str
    kind: str


def set_up(app: Flask) -> None:
    """Every template of `app` gets these."""
    app.jinja_env.filters.update(spoken=spoken, spoken_day=spoken_day)

    @app.context_processor
    def give() -> dict[str, Any]:
        exercise: Exercise | None = g.get("exercise")
        return {
            "human": _human(exercise),
            "exercise": None if exercise is None else _line(exercise),
            "is_example": exercise is not None and exercise.simulated,
            "signed_in": _visitor(),
            "guest": not is_signed_in_as(SessionKind.PANELIST) and this_guest() is not None,
            "notice": current_notice(),
            "can": lambda access: _can(Access(access), exercise),
        }


def _can(access: Access, exercise: Exercise | None) -> bool:
    """Whether the visitor may use routes of this access here, so that no page offers a way that ends in a wall."""
    found = signed_in()
    return found is not None and may(found.actor, access, exercise)


def _human(exercise: Exercise | None) -> Human | None:
    organisation = first_organisation() if exercise is None else exercise.organisation
    return None if organisation is None else human_of(exercise or organisation, organisation.name)


def _line(exercise: Exercise) -> ExerciseLine:
    return ExerciseLine(exercise.public_id, exercise.title, exercise.organisation.name)


def _visitor() -> Visitor | None:
    found = signed_in()
    if found is None:
        return None
    return Visitor(found.label, str(found.actor.kind))
