"""Where an exercise stands, as the thread on the coordinator's page: asking, sorting, each round, and the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from priority.moments import spoken, spoken_day
from priority.words import ExerciseState, RoundState

if TYPE_CHECKING:
    from priority.models import Exercise
    from priority.queries.dashboard import RoundLine, Standing


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the exercise on its thread."""

    state: str
    when: str | None
    heading: str
    text: str | None = None
    href: str | None = None
    label: str | None = None


def thread(exercise: Exercise, standing: Standing) -> list[Step]:
    """Where the exercise stands: asking, sorting, each round, and the list."""
    steps = [_asking_step(exercise), _sorting_step(exercise, standing)]
    steps += [_round_step(exercise, line) for line in standing.rounds]
    return [*steps, _list_step(exercise)]


def _asking_step(exercise: Exercise) -> Step:
    href = url_for("admin.asking", exercise=exercise.public_id)
    if exercise.state is ExerciseState.DRAFT:
        return Step("next", None, _("People ask"))
    if exercise.state is not ExerciseState.ASKING:
        return Step("done", None, _("People asked"))
    until = exercise.asking_until
    when = None if until is None else _("Until %(end)s", end=spoken(until, exercise.time_zone))
    return Step("now", when, _("People ask"), href=href, label=_("Change or close"))


def _sorting_step(exercise: Exercise, standing: Standing) -> Step:
    counted = ngettext("%(num)d question on the list", "%(num)d questions on the list", standing.questions)
    if exercise.state is ExerciseState.SORTING:
        href = url_for("admin.sorting", exercise=exercise.public_id)
        return Step("now", None, _("Sorting"), counted, href, _("End the sorting"))
    if exercise.state in {ExerciseState.DRAFT, ExerciseState.ASKING}:
        return Step("next", None, _("Sorting"))
    return Step("done", None, _("Sorted"), counted)


def _round_step(exercise: Exercise, line: RoundLine) -> Step:
    href = url_for("admin.round_page", exercise=exercise.public_id, n=line.n)
    states = {RoundState.PLANNED: "next", RoundState.OPEN: "now", RoundState.CLOSED: "done"}
    moment = line.closed_at or line.closes_at
    words = {RoundState.OPEN: _("Until %(end)s"), RoundState.CLOSED: _("Closed %(end)s")}.get(line.state)
    when = None if words is None or moment is None else words % {"end": spoken(moment, exercise.time_zone)}
    heading = _("Round %(n)d: %(kind)s", n=line.n, kind=line.kind.label)
    return Step(states[line.state], when, heading, href=href, label=_("Look at round %(n)d", n=line.n))


def _list_step(exercise: Exercise) -> Step:
    if exercise.published_at is None:
        return Step("next", None, _("The list comes out"))
    return Step("done", spoken_day(exercise.published_at, exercise.time_zone), _("The list came out"))
