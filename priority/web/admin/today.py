"""What the coordinator's page says: one sentence on how it goes, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from priority import clock
from priority.moments import spoken, spoken_day
from priority.services import scheduling
from priority.words import ExerciseState, RoleName, RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from priority.models import Exercise
    from priority.queries.dashboard import RoundLine, Standing
    from priority.services.scheduling import Scheduled

MOST_TASKS = 5


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the coordinator, and the page where it is done; without one it is only said."""

    words: str
    detail: str
    label: str | None = None
    href: str | None = None


def roles_of(roles: Iterable[tuple[RoleName, int | None]], exercise: int | None = None) -> list[RoleName]:
    """The roles somebody has, each once, in the order of the enum: all of them, or those that hold in one exercise."""
    held = {name for name, where in roles if exercise is None or where in {None, exercise}}
    return [name for name in RoleName if name in held]


def headline(exercise: Exercise, standing: Standing) -> str:
    """How it goes, in a sentence or two."""
    said = {
        ExerciseState.DRAFT: _draft,
        ExerciseState.ASKING: _asking,
        ExerciseState.SORTING: _sorting,
        ExerciseState.ANSWERING: _answering,
        ExerciseState.PUBLISHED: _published,
    }
    return said[exercise.state](exercise, standing)


def tasks(exercise: Exercise, standing: Standing) -> list[Task]:
    """What waits for the coordinator, the most urgent first, five at most."""
    found = [
        *_steps_due(exercise, standing),
        *_decision_due(exercise, standing),
        *_round_due(exercise, standing),
        *_always(exercise, standing),
    ]
    return found[:MOST_TASKS]


# -- how it goes -----------------------------------------------------------------------------------------------------
def _draft(exercise: Exercise, standing: Standing) -> str:  # noqa: ARG001
    return str(_("This exercise is being prepared. Nobody can ask yet."))


def _asking(exercise: Exercise, standing: Standing) -> str:  # noqa: ARG001
    if not standing.proposals:
        return str(_("People can ask now. Nothing has come in yet."))
    return " ".join(
        [
            ngettext("%(num)d person has asked.", "%(num)d people have asked.", standing.contributors),
            _waiting(standing) if standing.parts_waiting else _("Everything is sorted so far."),
        ]
    )


def _sorting(exercise: Exercise, standing: Standing) -> str:  # noqa: ARG001
    if standing.parts_waiting:
        return _waiting(standing)
    return str(_("Everything is sorted. The rounds can begin."))


def _answering(exercise: Exercise, standing: Standing) -> str:
    line = next((one for one in standing.rounds if one.state is RoundState.OPEN), None)
    if line is not None and line.closes_at is not None:
        if line.closes_at <= clock.now():
            return str(_("Round %(n)d has reached its end.", n=line.n))
        end = spoken_day(line.closes_at, exercise.time_zone)
        return str(_("Round %(n)d is open until %(end)s.", n=line.n, end=end))
    if all(one.state is RoundState.CLOSED for one in standing.rounds):
        return str(_("Every round has closed. The list is ready to come out."))
    n = next(one.n for one in standing.rounds if one.state is RoundState.PLANNED)
    dated = _date_of(exercise, n)
    if dated is not None and dated.hindrance is None:
        day = spoken_day(dated.opens_at, exercise.time_zone)
        return str(_("Round %(n)d opens by itself on %(day)s.", n=n, day=day))
    return str(_("Round %(n)d can open.", n=n))


def _published(exercise: Exercise, standing: Standing) -> str:  # noqa: ARG001
    if standing.unanswered:
        return str(_("The list is out. Some people have no answer yet."))
    return str(_("The list is out, and everybody who asked has an answer."))


def _waiting(standing: Standing) -> str:
    return str(
        ngettext(
            "%(num)d thing that somebody asked waits for an answer.",
            "%(num)d things that people asked wait for an answer.",
            standing.parts_waiting,
        )
    )


# -- what to do ------------------------------------------------------------------------------------------------------
def _steps_due(exercise: Exercise, standing: Standing) -> list[Task]:
    here, found = exercise.public_id, []
    if exercise.state is ExerciseState.DRAFT:
        if not exercise.safeguarding_contact:
            found.append(
                Task(
                    _("Name a safeguarding contact."),
                    _("Somebody who is told at once when words speak of harm. Without them nobody can be asked."),
                    _("Name them"),
                    url_for("admin.settings", exercise=here),
                )
            )
        found.append(
            Task(
                _("Read the rules once more, then let people ask."),
                _("They can change until the first round opens; then a change needs a reason."),
                _("Open asking"),
                url_for("admin.asking", exercise=here),
            )
        )
    if standing.parts_waiting and exercise.state in {ExerciseState.ASKING, ExerciseState.SORTING}:
        found.append(
            Task(_waiting(standing), _("Everybody hears what became of their words."), _("Sort"), _queue(here))
        )
    if exercise.state is ExerciseState.ASKING and exercise.asking_until and exercise.asking_until <= clock.now():
        found.insert(
            0,
            Task(
                _("The time to ask is over."),
                _("Close asking, and the sorting can end."),
                _("Close asking"),
                url_for("admin.asking", exercise=here),
            ),
        )
    if exercise.state is ExerciseState.SORTING and not standing.parts_waiting:
        found.append(
            Task(
                _("Everything is sorted."),
                _("Look through the questions, then end the sorting."),
                _("End the sorting"),
                url_for("admin.sorting", exercise=here),
            )
        )
    return found


def _round_due(exercise: Exercise, standing: Standing) -> list[Task]:
    if exercise.state is not ExerciseState.ANSWERING:
        return []
    line = next((one for one in standing.rounds if one.state is not RoundState.CLOSED), None)
    if line is None:
        words, detail = _("Every round has closed."), _("Read what publishing does, then let the list out.")
        return [Task(words, detail, _("Publish"), url_for("admin.publish", exercise=exercise.public_id))]
    if line.state is RoundState.OPEN and (line.closes_at is None or line.closes_at > clock.now()):
        return []
    dated = _date_of(exercise, line.n)
    return _dated(exercise, dated) if dated is not None else _by_hand(exercise, standing, line)


def _decision_due(exercise: Exercise, standing: Standing) -> list[Task]:
    """The first closed round whose decision nobody has signed; of what came from a file there is nothing to sign."""
    line = next((one for one in standing.rounds if one.state is RoundState.CLOSED and not one.signed), None)
    if line is None or exercise.imported:
        return []
    return [
        Task(
            _("Round %(n)d waits for a signature.", n=line.n),
            _("Read what it decided, and how firm that is."),
            _("Read and sign"),
            url_for("admin.after_round", exercise=exercise.public_id, n=line.n),
        )
    ]


def _date_of(exercise: Exercise, n: int) -> Scheduled | None:
    return next((one for one in scheduling.scheduled(exercise) if one.n == n), None)


def _by_hand(exercise: Exercise, standing: Standing, line: RoundLine) -> list[Task]:
    """A round that waits for somebody to close or open it."""
    href = url_for("admin.round_page", exercise=exercise.public_id, n=line.n)
    if line.state is RoundState.OPEN:
        return [
            Task(_("Round %(n)d has reached its end.", n=line.n), _("Nobody can answer any more."), _("Close it"), href)
        ]
    if not standing.invited:
        return []
    return [Task(_("Round %(n)d can open.", n=line.n), str(line.kind.label), _("Open it"), href)]


def _dated(exercise: Exercise, dated: Scheduled) -> list[Task]:
    """A round that opens by itself wants somebody only where something stands in its way."""
    if dated.hindrance is None:
        return []
    href = url_for("admin.dates", exercise=exercise.public_id, n=dated.n)
    words = _("Round %(n)d will not open by itself as things stand.", n=dated.n)
    if dated.is_late:
        day = spoken(dated.opens_at, exercise.time_zone)
        words = _("Round %(n)d should have opened by itself on %(day)s.", n=dated.n, day=day)
    return [Task(words, dated.hindrance, _("Mend it"), href)]


def _always(exercise: Exercise, standing: Standing) -> list[Task]:
    found = []
    if not standing.invited and exercise.state is not ExerciseState.PUBLISHED:
        found.append(
            Task(
                _("Nobody is invited to answer yet."),
                _("Paste a list of people, and look at it before anything is sent."),
                _("Invite people"),
                url_for("admin.invite", exercise=exercise.public_id),
            )
        )
    if standing.letters_failed:
        words = ngettext(
            "%(num)d letter could not be sent.", "%(num)d letters could not be sent.", standing.letters_failed
        )
        found.append(Task(words, _("The address may be wrong. Whoever looks after the computer can see which.")))
    return found


def _queue(exercise: str) -> str:
    return url_for("moderate.queue", exercise=exercise)
