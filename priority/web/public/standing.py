"""Where an exercise stands, in words: the steps of its thread, from many questions to few, and who holds the say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from priority.moments import spoken, spoken_day
from priority.web.answer.figures import GROUP_SHAPES
from priority.words import Destination, ExerciseState, RoundKind, RoundState

if TYPE_CHECKING:
    from priority.models import Exercise
    from priority.queries.public import Flow, RoundStep

ORDER = tuple(ExerciseState)
MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the thread: done, now or next."""

    state: str
    when: str | None
    heading: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One number on the way from many questions to few."""

    n: str
    text: str
    state: str
    leaving: tuple[str, ...] = ()


def steps_of(exercise: Exercise, rounds: tuple[RoundStep, ...], flow: Flow) -> list[Step]:
    """The thread from asking to the list: at most six steps, whatever the number of rounds."""
    return [_asking(exercise, flow), _sorting(exercise, flow), *_answering(exercise, rounds), _list(exercise)]


def flow_steps(flow: Flow) -> list[FlowStep]:
    """From everything that was sent to the list; what is not known yet is a question mark."""
    known = flow.questions > 0
    return [
        FlowStep(str(flow.sent), _("came in"), "done", tuple(_leaving(road, n) for road, n in flow.roads)),
        FlowStep(str(flow.questions) if known else "?", _("questions made of them"), "done" if known else "next"),
        FlowStep(
            "?" if flow.ordered is None else str(flow.ordered),
            _("put in order"),
            "next" if flow.ordered is None else "done",
        ),
        FlowStep(
            "?" if flow.listed is None else str(flow.listed),
            _("on the list for researchers"),
            "next" if flow.listed is None else "done",
        ),
    ]


def shapes_of(exercise: Exercise) -> dict[int | None, tuple[str, str]]:
    """The shape and tone of each group by its position; those counted together have the last one."""
    positions: list[int | None] = [group.position for group in exercise.groups]
    drawn = {position: GROUP_SHAPES[i % len(GROUP_SHAPES)] for i, position in enumerate(positions)}
    return drawn | {None: GROUP_SHAPES[-1]}


def shares_in_words(exercise: Exercise) -> str:
    """Who holds which part of the say, however many of them answer."""
    names = [side.name for side in exercise.sides]
    if len(names) < 2:
        return str(_("Everybody who answers counts the same."))
    if len({side.share for side in exercise.sides}) == 1 and len(names) == 2:
        return str(_("%(one)s hold half the say. %(other)s hold the other half.", one=names[0], other=names[1]))
    total = sum(side.share for side in exercise.sides)
    said = [
        _("%(side)s hold %(share)d of %(total)d parts of the say.", side=side.name, share=side.share, total=total)
        for side in exercise.sides
    ]
    return " ".join(str(one) for one in said)


def _asking(exercise: Exercise, flow: Flow) -> Step:
    state = _state(exercise, ExerciseState.ASKING)
    until = exercise.asking_until
    when = None
    if until is not None and state == "now":
        when = _("Until %(day)s", day=spoken_day(until, exercise.time_zone))
    came = ngettext("%(num)d question so far", "%(num)d questions so far", flow.sent)
    if state == "done":
        came = ngettext("%(num)d question came in", "%(num)d questions came in", flow.sent)
    return Step(state, when, _("You ask"), came if flow.sent else None)


def _sorting(exercise: Exercise, flow: Flow) -> Step:
    state = _state(exercise, ExerciseState.SORTING)
    made = ngettext("%(num)d question made of them", "%(num)d questions made of them", flow.questions)
    return Step(state, None, _("We read and sort"), made if state == "done" else None)


def _answering(exercise: Exercise, rounds: tuple[RoundStep, ...]) -> list[Step]:
    if not rounds or len(rounds) > MOST_ROUNDS:
        return [Step(_state(exercise, ExerciseState.ANSWERING), None, _("A group answers"))]
    return [_round(exercise, one) for one in rounds]


def _round(exercise: Exercise, one: RoundStep) -> Step:
    heading = _round_name(one)
    state = {RoundState.OPEN: "now", RoundState.CLOSED: "done"}.get(one.state, "next")
    when = None
    if one.closes_at is not None and state == "now":
        when = _("Until %(moment)s", moment=spoken(one.closes_at, exercise.time_zone))
    if one.closes_at is not None and state == "done":
        when = spoken_day(one.closes_at, exercise.time_zone)
    return Step(state, when, heading)


def _round_name(one: RoundStep) -> str:
    by_kind = {
        RoundKind.RANKING: _("Put in order"),
        RoundKind.CHOOSE: _("Choose the most important ones"),
        RoundKind.BEST_WORST: _("Say what matters most and least"),
    }
    names = {1: _("A group answers the first time"), 2: _("A group answers the second time")}
    return str(by_kind.get(one.kind) or names.get(one.n) or _("A group answers, time %(n)d", n=one.n))


def _list(exercise: Exercise) -> Step:
    out = exercise.published_at
    if exercise.state is not ExerciseState.PUBLISHED or out is None:
        return Step("next", None, _("The list"), _("It goes to researchers, and everybody can read it."))
    return Step("now", spoken_day(out, exercise.time_zone), _("The list is out"))


def _state(exercise: Exercise, step: ExerciseState) -> str:
    here, there = ORDER.index(exercise.state), ORDER.index(step)
    return "done" if there < here else "now" if there == here else "next"


def _leaving(road: Destination, n: int) -> str:
    if road is Destination.ALREADY_KNOWN:
        return str(_("%(n)d already known: the people got the answer", n=n))
    if road is Destination.TO_CHANGE:
        return str(_("%(n)d need a change: somebody took them on", n=n))
    return str(_("%(n)d went to another partner", n=n))
