"""The questions of an exercise as moderators see them: wordings, who asked, and which one some words may belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from priority.extensions import db
from priority.models import ExerciseQuestion, Person, Proposal, ProposalPart, Question, QuestionWording
from priority.queries.links import newest_wording, standing_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from priority.models import Exercise

FEWEST = 5
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many proposals under a question came from one group; `group_id` is none for all others together."""

    group_id: int | None
    name: str | None
    n: int


Counts = dict[int, tuple[GroupCount, ...]]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of the list, in its newest wording, with who asked."""

    id: int
    public_id: str
    number: int
    text: str
    short: str
    locale: str
    withdrawn: bool
    originals: int
    groups: tuple[GroupCount, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A question that some words may belong under, with the words they share."""

    question: QuestionRow
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One wording of a question: what it said, who wrote it, when and why."""

    n: int
    text: str
    short: str
    background: str | None
    locale: str
    reason: str | None
    author: str | None
    at: datetime


def find_question(exercise: Exercise, public_id: str) -> Question | None:
    """The question of this public id that has a place in the exercise; None where there is none."""
    return db.session.scalar(
        select(Question)
        .join(ExerciseQuestion, ExerciseQuestion.question_id == Question.id)
        .where(ExerciseQuestion.exercise_id == exercise.id, Question.public_id == public_id)
    )


def question_rows(exercise: Exercise, *, withdrawn: bool = False) -> tuple[QuestionRow, ...]:
    """The questions on the exercise's list by number; `withdrawn` for those that were taken off it."""
    off = ExerciseQuestion.withdrawn_at
    return _rows(exercise, _counts(exercise), off.is_not(None) if withdrawn else off.is_(None))


def uncounted_rows(exercise: Exercise) -> tuple[QuestionRow, ...]:
    """The questions on the list without who asked: what is enough to choose one, and quicker."""
    return _rows(exercise, {}, ExerciseQuestion.withdrawn_at.is_(None))


def question_row(question: Question, exercise: Exercise) -> QuestionRow:
    """One question of the exercise, on the list or off it."""
    return _rows(exercise, _counts(exercise), ExerciseQuestion.question_id == question.id)[0]


def wordings_of(question: Question) -> tuple[WordingRow, ...]:
    """Every wording the question ever had, newest first."""
    rows = db.session.execute(
        select(QuestionWording, Person.name)
        .outerjoin(Person, Person.id == QuestionWording.author_id)
        .where(QuestionWording.question_id == question.id)
        .order_by(QuestionWording.n.desc())
    )
    return tuple(
        WordingRow(w.n, w.text, w.short, w.background, w.locale, w.reason, author, w.created_at) for w, author in rows
    )


def homes(text: str, questions: Iterable[QuestionRow], find: str = "") -> tuple[Home, ...]:
    """The questions these words may belong under: those that share most words of four letters or more come first.

    `find` keeps only the questions that hold each of its words, as a whole or as a beginning.
    """
    own, wanted = _words(text), find.casefold().split()
    found = [
        Home(question, tuple(sorted(own & _words(f"{question.text} {question.short}"))))
        for question in questions
        if all(word in f"{question.number} {question.text} {question.short}".casefold() for word in wanted)
    ]
    return tuple(sorted(found, key=lambda home: (-len(home.shared), home.question.number)))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _rows(exercise: Exercise, counts: Counts, *conditions: Any) -> tuple[QuestionRow, ...]:
    rows = db.session.execute(
        select(
            Question.id,
            Question.public_id,
            ExerciseQuestion.number,
            QuestionWording.text,
            QuestionWording.short,
            QuestionWording.locale,
            ExerciseQuestion.withdrawn_at,
        )
        .join(ExerciseQuestion, ExerciseQuestion.question_id == Question.id)
        .join(QuestionWording, QuestionWording.question_id == Question.id)
        .where(
            ExerciseQuestion.exercise_id == exercise.id, QuestionWording.n == newest_wording(Question.id), *conditions
        )
        .order_by(ExerciseQuestion.number)
    ).all()
    found = []
    for key, public_id, number, text, short, locale, off in rows:
        groups = counts.get(key, ())
        originals = sum(count.n for count in groups)
        found.append(QuestionRow(key, public_id, number, text, short, locale, off is not None, originals, groups))
    return tuple(found)


def _counts(exercise: Exercise) -> Counts:
    """For each question how many proposals came from each group.

    A group from which fewer than five people asked in the whole exercise is counted among the others, so that a
    number never points at a person.
    """
    standing = standing_links(exercise.id)
    asked = db.session.execute(
        select(standing.c.question_id, Proposal.group_id, func.count(Proposal.id.distinct()))
        .join(ProposalPart, ProposalPart.id == standing.c.part_id)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .where(Proposal.withdrawn_at.is_(None))
        .group_by(standing.c.question_id, Proposal.group_id)
    )
    shown = _groups_shown(exercise)
    counted: dict[int, dict[int | None, int]] = {}
    for question, group, n in asked:
        named = group if group in shown else None
        of_question = counted.setdefault(question, {})
        of_question[named] = of_question.get(named, 0) + n
    return {question: _in_order(exercise, of_question) for question, of_question in counted.items()}


def _in_order(exercise: Exercise, counted: dict[int | None, int]) -> tuple[GroupCount, ...]:
    named: Sequence[tuple[int | None, str | None]] = [(group.id, group.name) for group in exercise.groups]
    return tuple(GroupCount(key, name, counted[key]) for key, name in [*named, (None, None)] if key in counted)


def _groups_shown(exercise: Exercise) -> frozenset[int]:
    """Groups from which five people or more asked; somebody without a contributor row (an import) counts as one."""
    somebody = func.coalesce(Proposal.contributor_id, -Proposal.id)
    rows = db.session.execute(
        select(Proposal.group_id)
        .where(Proposal.exercise_id == exercise.id, Proposal.group_id.is_not(None), Proposal.withdrawn_at.is_(None))
        .group_by(Proposal.group_id)
        .having(func.count(somebody.distinct()) >= FEWEST)
    )
    return frozenset(group for (group,) in rows if group is not None)
