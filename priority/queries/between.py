"""What changed in the list between two rounds: what stays, is reworded, joined, new, asked again after a rest, gone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from priority.extensions import db
from priority.models import (
    ExerciseQuestion,
    MergeRecord,
    MergeRecordPart,
    QuestionWording,
    Round,
    RoundItem,
    Suggestion,
)
from priority.queries.links import standing_links
from priority.queries.rounds import (
    items_of,
    key_of,
    live_questions,
    number_in,
    number_tried,
    result_of,
    rounds_of,
)
from priority.words import Operation, ResultKind, RoundState, SuggestionState, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from priority.models import Exercise


class Leaving(StrEnum):
    """Why a question that was asked is not asked again."""

    OUT = "out"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a round asks it. `suggested`: somebody of the group suggested it in an earlier round."""

    question_id: int
    public_id: str
    number: int
    key: str
    text: str
    short: str
    locale: str
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Reworded:
    """A question in its earlier and its new words, with the reason that stays beside the new ones."""

    before: Asked
    now: Asked
    reason: str | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A question that is not asked again, and why; `into` is the question whose originals its own now are."""

    question: Asked
    why: Leaving
    into: Asked | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """Every question of either of two rounds, once, in the order of their numbers.

    `again`: not asked in the first of the two, but in a round before it.
    """

    kept: tuple[Asked, ...]
    reworded: tuple[Reworded, ...]
    new: tuple[Asked, ...]
    again: tuple[Asked, ...]
    gone: tuple[Gone, ...]

    @property
    def merged(self) -> tuple[Gone, ...]:
        """The questions that were joined to another one."""
        return tuple(one for one in self.gone if one.why is Leaving.MERGED)

    @property
    def left(self) -> tuple[Gone, ...]:
        """The questions that are gone without having been joined to another."""
        return tuple(one for one in self.gone if one.why is not Leaving.MERGED)

    @property
    def nothing_changed(self) -> bool:
        """Whether the two rounds ask the same questions in the same words."""
        return not (self.reworded or self.new or self.again or self.gone)


def round_before(round_: Round) -> Round | None:
    """The real round that closed last before this one (for a pilot: before the round it tries out); None at first."""
    n = number_tried(round_) if round_.pilot else round_.n
    closed = [one for one in rounds_of(round_.exercise) if one.state is RoundState.CLOSED and one.n < n]
    return closed[-1] if closed else None


def between(earlier: Round, later: Round) -> Between:
    """What changed from one round to another whose questions are fixed already."""
    now = {
        item.wording.question_id: (_asked(number_in(item.key), item.wording, item.key), item.wording)
        for item in items_of(later)
    }
    return _compared(earlier, now)


def ahead(earlier: Round, questions: Collection[int] | None = None) -> Between:
    """What would change if the list as it stands were asked now: all of it, or of it only `questions` (their ids)."""
    now = {
        link.question_id: (_asked(link.number, wording, key_of(link, wording)), wording)
        for link, wording in live_questions(earlier.exercise)
        if questions is None or link.question_id in questions
    }
    return _compared(earlier, now)


# -- the small print -------------------------------------------------------------------------------------------------
Now = dict[int, tuple[Asked, QuestionWording]]


def _compared(earlier: Round, now: Now) -> Between:
    then = {item.wording.question_id: (item.key, item.wording) for item in items_of(earlier)}
    before = {one: _asked(number_in(key), wording, key) for one, (key, wording) in then.items()}
    same = {one for one in then.keys() & now.keys() if then[one][1].id == now[one][1].id}
    suggested = _suggested(earlier.exercise)
    reworded = [Reworded(before[one], now[one][0], now[one][1].reason) for one in then.keys() & now.keys() - same]
    added, known = now.keys() - then.keys(), _asked_before(earlier)
    new = [now[one][0] for one in added - known]
    return Between(
        kept=_by_number(now[one][0] for one in same),
        reworded=tuple(sorted(reworded, key=lambda one: one.now.number)),
        new=tuple(_as_suggested(one) if one.question_id in suggested else one for one in _by_number(new)),
        again=_by_number(now[one][0] for one in added & known),
        gone=_gone(earlier, {one: before[one] for one in then.keys() - now.keys()}),
    )


def _asked_before(earlier: Round) -> set[int]:
    """The ids of the questions that a real round before this one asked."""
    rows = db.session.scalars(
        select(QuestionWording.question_id)
        .join(RoundItem, RoundItem.wording_id == QuestionWording.id)
        .join(Round, Round.id == RoundItem.round_id)
        .where(Round.exercise_id == earlier.exercise_id, Round.n < earlier.n)
    )
    return set(rows)


def _gone(earlier: Round, left: Mapping[int, Asked]) -> tuple[Gone, ...]:
    if not left:
        return ()
    exercise = earlier.exercise
    live = {
        link.question_id: _asked(link.number, wording, key_of(link, wording))
        for link, wording in live_questions(exercise)
    }
    into, out = _joined_to(exercise, left.keys() - live.keys(), live.keys()), _out(earlier)
    found = []
    for one in _by_number(left.values()):
        if one.question_id in into:
            found.append(Gone(one, Leaving.MERGED, live[into[one.question_id]]))
        elif one.key in out:
            found.append(Gone(one, Leaving.OUT))
        else:
            found.append(Gone(one, Leaving.NOT_ASKED if one.question_id in live else Leaving.WITHDRAWN))
    return tuple(found)


def _joined_to(exercise: Exercise, withdrawn: Collection[int], live: Collection[int]) -> dict[int, int]:
    """For each question taken off the list, the live one under which most of the words that it had stand now."""
    if not withdrawn:
        return {}
    standing, undo = standing_links(exercise.id), aliased(MergeRecord)
    words = func.count(func.distinct(standing.c.part_id))
    rows = db.session.execute(
        select(MergeRecord.question_id, standing.c.question_id, words)
        .join(MergeRecordPart, MergeRecordPart.seq == MergeRecord.seq)
        .join(standing, standing.c.part_id == MergeRecordPart.part_id)
        .join(ExerciseQuestion, ExerciseQuestion.question_id == standing.c.question_id)
        .outerjoin(undo, undo.undoes == MergeRecord.seq)
        .where(
            MergeRecord.question_id.in_(withdrawn),
            MergeRecord.operation == Operation.MERGE,
            ExerciseQuestion.exercise_id == exercise.id,
            undo.seq.is_(None),
        )
        .group_by(MergeRecord.question_id, standing.c.question_id, ExerciseQuestion.number)
        .order_by(words, ExerciseQuestion.number.desc())
    )
    return {gone: into for gone, into, _words in rows if into in live}


def _out(earlier: Round) -> set[str]:
    """The keys of the questions that the rule found to be out."""
    items = result_of(earlier, ResultKind.ITEMS) or {"questions": []}
    return {row["key"] for row in items["questions"] if row.get("verdict") == Verdict.OUT}


def _suggested(exercise: Exercise) -> set[int]:
    """The ids of the questions that were taken in because somebody of the group suggested them."""
    rows = db.session.scalars(
        select(Suggestion.question_id)
        .join(Round, Round.id == Suggestion.round_id)
        .where(Round.exercise_id == exercise.id, Suggestion.state == SuggestionState.TAKEN)
    )
    return {one for one in rows if one is not None}


def _asked(number: int, wording: QuestionWording, key: str) -> Asked:
    question = wording.question
    return Asked(question.id, question.public_id, number, key, wording.text, wording.short, wording.locale)


def _as_suggested(one: Asked) -> Asked:
    return Asked(one.question_id, one.public_id, one.number, one.key, one.text, one.short, one.locale, suggested=True)


def _by_number(found: Iterable[Asked]) -> tuple[Asked, ...]:
    return tuple(sorted(found, key=lambda one: one.number))
