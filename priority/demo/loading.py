"""Loads the demo: one exercise that ran for a year and is published, and two that a visitor can act in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from flask_babel import gettext as _

from priority import clock
from priority.demo import answering, asking, calendar, founding, slips
from priority.demo.model import SEED, simulate
from priority.demo.texts import load_texts
from priority.queries.rounds import rounds_of
from priority.services import deciding, exercises, proposing
from priority.words import Letters, RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from priority.demo.calendar import Calendar
    from priority.demo.founding import House
    from priority.demo.texts import DemoTexts, Question
    from priority.demo.texts import Proposal as Text
    from priority.models import Exercise, Proposal

WAITING = 30
SHORT_LIST = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q12", "Q40")
TEXTS_EACH = 3


@dataclass(frozen=True, slots=True)
class Demo:
    """What was loaded: an exercise that is over, one to ask and sort in, one to answer in."""

    finished: Exercise
    to_ask: Exercise
    to_answer: Exercise


def load(say: Callable[[str], None], *, seed: int = SEED) -> Demo:
    """The demo in an empty installation, told step by step; the caller commits, so that it comes whole or not at all.

    The same seed gives the same answers and the same lists. Keys, codes and links are new each time.
    """
    now = clock.now()
    house = founding.found(load_texts())
    say(_("An exercise of a year: 200 texts, 40 questions, three rounds of 44 people"))
    finished = _a_whole_year(house, now, seed)
    say(_("A small one to ask and to sort in, and one to answer in"))
    return Demo(finished, _to_ask(house, now), _to_answer(house, now, seed + 1))


def _a_whole_year(house: House, now: datetime, seed: int) -> Exercise:
    words, dates = house.words, calendar.of_a_year(now)
    title, introduction = words.exercise.title.en, words.exercise.introduction.en
    exercise = founding.set_up(house, title, introduction, dates, more_rounds=[founding.OPEN_ROUND])
    proposals = _ask_and_sort(house, exercise, words.proposals, words.questions, dates)
    _part_ways(words, proposals, dates)
    _answer(house, exercise, [question.key for question in words.questions], dates, now, seed)
    if dates.published is not None:
        with clock.at(dates.published):
            exercises.publish(exercise, actor=house.coordinator)
    return exercise


def _to_ask(house: House, now: datetime) -> Exercise:
    dates = calendar.still_asking(now)
    title = _("Try it: ask a question, or sort what others asked")
    introduction = _("Nobody is harmed here: everything is made up, and what you write stays on this computer.")
    exercise = founding.set_up(house, title, introduction, dates)
    asking.send(exercise, house.words, house.words.proposals[:WAITING], (dates.asking[0], now))
    return exercise


def _to_answer(house: House, now: datetime, seed: int) -> Exercise:
    words, dates = house.words, calendar.still_answering(now)
    title = _("Try it: say how much each question matters")
    introduction = _("Everything here is made up. Others have answered once; the second time is open now.")
    exercise = founding.set_up(house, title, introduction, dates)
    questions = [question for question in words.questions if question.key in SHORT_LIST]
    texts = asking.feeding(words.proposals, SHORT_LIST, most=TEXTS_EACH)
    _ask_and_sort(house, exercise, texts, questions, dates)
    _answer(house, exercise, SHORT_LIST, dates, now, seed)
    return exercise


def _ask_and_sort(
    house: House, exercise: Exercise, texts: Sequence[Text], questions: Sequence[Question], dates: Calendar
) -> dict[str, Proposal]:
    if dates.sorting is None:
        raise ValueError("This exercise is never sorted.")
    proposals = asking.send(exercise, house.words, texts, dates.asking)
    asking.sort(
        exercise, house.words, texts, proposals, questions=questions, dates=dates.sorting, team=house.moderators
    )
    with clock.at(dates.sorting[1]):
        exercises.finish_sorting(exercise, actor=house.coordinator)
    return proposals


def _part_ways(words: DemoTexts, proposals: dict[str, Proposal], dates: Calendar) -> None:
    """In May one person asks to be erased, and one who is bereaved stops the letters."""
    with clock.at(dates.invited or dates.created):
        for writer in words.contributors:
            theirs = next(proposals[text.key] for text in words.proposals if text.contributor == writer.number)
            if theirs.contributor is not None and writer.erased:
                proposing.erase(theirs.contributor)
            elif theirs.contributor is not None and writer.bereaved:
                proposing.set_reach(theirs.contributor, None, Letters.NOTHING)


def _answer(house: House, exercise: Exercise, keys: Sequence[str], dates: Calendar, now: datetime, seed: int) -> None:
    simulation = simulate(np.random.default_rng(seed))
    with clock.at(dates.invited or dates.created):
        people = answering.invite(exercise, simulation.raters)
    for round_, span in zip(rounds_of(exercise), dates.rounds, strict=False):
        if round_.kind is RoundKind.CHOOSE:
            slips.hold(round_, dates=span, seed=seed, keys=_first_wordings(keys), actor=house.coordinator)
        else:
            answering.hold(round_, simulation, people, keys=keys, dates=span, now=now, actor=house.coordinator)
        if round_.state is RoundState.CLOSED:
            with clock.at(span[1] + calendar.DAY):
                deciding.sign(round_, actor=house.coordinator)


def _first_wordings(keys: Sequence[str]) -> dict[str, str]:
    """The key of each question, by number in the order of the list, as the first wording is asked."""
    return {name: f"Q{number}.1" for number, name in enumerate(keys, start=1)}
