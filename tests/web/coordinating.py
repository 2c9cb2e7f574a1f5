"""What a coordinator begins with, for tests of their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.services import exercises, rounds
from priority.words import ExerciseState, Template
from tests.factories import CONTACT, a_panelist, a_question, an_organisation

if TYPE_CHECKING:
    from priority.models import Exercise


def a_planned_exercise() -> Exercise:
    """An exercise made from a template, with three questions, one person on each side, and its rounds planned."""
    exercise = exercises.create(
        an_organisation(),
        template=Template.JLA_STYLE,
        title="An ordinary day",
        introduction="Words",
        locale="en",
        time_zone="Europe/Stockholm",
        readers="Maria",
        safeguarding_contact="Eva",
        actor=None,
        **CONTACT,
    )
    exercise.state = ExerciseState.ANSWERING
    for number in (1, 2, 3):
        a_question(exercise, number)
    for key in ("patients", "clinicians"):
        a_panelist(exercise, key)
    rounds.plan(exercise)
    return exercise
