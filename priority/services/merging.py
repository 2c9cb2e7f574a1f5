"""From many people's words to one question: join, take out, reword, undo. Nothing is lost and all of it can go back.

One part can feed several questions: joining adds a link and leaves the earlier ones. Which links stand is read from the
trail (`queries.links`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import func, select

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Exercise, ExerciseQuestion, Question, QuestionWording
from priority.queries.links import links, questions_of_parts
from priority.queries.trail import NEVER_UNDONE, is_overtaken, is_undone
from priority.services import trail
from priority.texts import clean_line, clean_words
from priority.words import Destination, Moment, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from priority.models import MergeRecord, Person, Proposal, ProposalPart

LONGEST_TEXT = 1000
LONGEST_SHORT = 120
LONGEST_BACKGROUND = 4000


def new_question(
    exercise: Exercise,
    *,
    text: str,
    short: str,
    background: str | None = None,
    actor: Person | None,
    locale: str | None = None,
    theme: str | None = None,
    stage: str | None = None,
) -> Question:
    """A new question of the exercise, with the next number. Refuses an empty or overlong text or short name."""
    wording = _wording(text, short, background)
    question = Question(organisation_id=exercise.organisation_id)
    db.session.add(question)
    db.session.flush()
    last = db.session.scalar(
        select(func.max(ExerciseQuestion.number)).where(ExerciseQuestion.exercise_id == exercise.id)
    )
    place = ExerciseQuestion(
        exercise_id=exercise.id, question_id=question.id, number=(last or 0) + 1, theme=theme, stage=stage
    )
    db.session.add(place)
    _add_wording(question, wording, locale=locale or exercise.locale, actor=actor)
    return question


def make_question(
    parts: Sequence[ProposalPart],
    *,
    exercise: Exercise,
    text: str,
    short: str,
    background: str | None = None,
    actor: Person | None,
    reason: str | None = None,
) -> MergeRecord:
    """A new question made out of these words, which become its first originals.

    Undoing this takes the question off the list again; its number is not used a second time.
    """
    trail.refuse_unsortable(parts, exercise)
    question = new_question(exercise, text=text, short=short, background=background, actor=actor)
    return _join(parts, question, exercise=exercise, actor=actor, reason=reason, made_question=True)


def merge(
    parts: Sequence[ProposalPart],
    question: Question,
    *,
    exercise: Exercise,
    actor: Person | None,
    reason: str | None = None,
) -> MergeRecord:
    """Joins these words to a question and tells whoever wrote them; links to other questions stay.

    Refuses words that are under the question already, that were taken back or split, and a question off the list.
    """
    trail.refuse_unsortable(parts, exercise)
    _refuse_off_the_list(question, exercise)
    if not parts or question.id in questions_of_parts(parts, exercise):
        raise Stale(_("These words are under that question already."))
    return _join(parts, question, exercise=exercise, actor=actor, reason=reason)


def unmerge(
    part: ProposalPart, question: Question, *, exercise: Exercise, actor: Person | None, reason: str | None = None
) -> MergeRecord:
    """Takes these words out of a question. Without another question they wait in the queue again.

    Refuses words that are not under the question, and leaving them without an answer once sorting has ended.
    """
    trail.refuse_unsortable([part], exercise)
    standing = questions_of_parts([part], exercise)
    if question.id not in standing:
        raise Stale(_("These words are no longer under that question."))
    is_last = standing == {question.id}
    if is_last:
        trail.refuse_waiting(exercise)
    record = trail.add_line(Operation.UNMERGE, [part], exercise=exercise, actor=actor, question=question, reason=reason)
    if is_last:
        trail.leave_waiting(part)
    trail.touch(part)
    trail.touch(question)
    db.session.flush()
    return record


def reword(
    question: Question,
    *,
    exercise: Exercise,
    text: str,
    short: str,
    background: str | None,
    actor: Person | None,
    reason: str | None,
) -> MergeRecord:
    """A new wording of the question; the earlier ones stay, and a round keeps the one it showed.

    Refuses a wording without a reason, an empty or overlong one, and one that changes nothing.
    """
    _refuse_off_the_list(question, exercise)
    wording, before = _wording(text, short, background), current_wording(question)
    if wording == (before.text, before.short, before.background):
        raise Invalid(_("Nothing is different yet. Change the wording, or go back."), field="text")
    why = clean_words(reason or "")
    if not why:
        raise Invalid(_("Say why you change it. The reason stays beside the wording."), field="reason")
    record = trail.add_line(
        Operation.REWORD, [], exercise=exercise, actor=actor, question=question, reason=why, from_wording=before.n
    )
    _add_wording(question, wording, locale=before.locale, actor=actor, reason=why)
    return record


def take_off_list(question: Question, *, exercise: Exercise) -> None:
    """The question is no longer on the exercise's list; its page and its trail stay.

    Refuses a question that has originals: whoever wrote them would be left without an answer.
    """
    place = _refuse_off_the_list(question, exercise)
    if any(linked == question.id for _part, linked in links(exercise)):
        raise Stale(_("This question has people's words under it. Join those to another question first."))
    place.withdrawn_at = clock.now()
    trail.touch(question)
    db.session.flush()


def undo(record: MergeRecord, actor: Person | None) -> MergeRecord:
    """Puts everything back exactly as it was before this line of the trail, as a new line.

    Refuses a line that was undone, one that something newer builds on, and an undo itself (do it again instead).
    """
    exercise = db.session.get_one(Exercise, record.exercise_id)
    question = None if record.question_id is None else db.session.get_one(Question, record.question_id)
    parts = trail.parts_of(record)
    _refuse_undo(record, parts)
    trail.refuse_restoring(parts, record, exercise)
    undone = trail.add_line(Operation.UNDO, parts, exercise=exercise, actor=actor, question=question, undoes=record)
    for part in parts:
        trail.restore(part, record)
    if question is not None:
        _put_question_back(record, question, exercise, actor)
    trail.hold_back_news(record)
    db.session.flush()
    return undone


def current_wording(question: Question) -> QuestionWording:
    """The question's newest wording."""
    newest = select(QuestionWording).where(QuestionWording.question_id == question.id)
    return db.session.scalars(newest.order_by(QuestionWording.n.desc()).limit(1)).one()


# -- the small print -------------------------------------------------------------------------------------------------
Wording = tuple[str, str, str | None]


def _join(
    parts: Sequence[ProposalPart],
    question: Question,
    *,
    exercise: Exercise,
    actor: Person | None,
    reason: str | None,
    made_question: bool = False,
) -> MergeRecord:
    record = trail.add_line(
        Operation.MERGE,
        parts,
        exercise=exercise,
        actor=actor,
        question=question,
        reason=reason,
        made_question=made_question,
    )
    for part in parts:
        trail.decide(part, Destination.RESEARCH, actor)
    trail.touch(question)
    db.session.flush()
    for proposal in _proposals(parts):
        trail.tell_of(record, Moment.MERGED, proposal, exercise, question=question.public_id)
    return record


def _proposals(parts: Iterable[ProposalPart]) -> list[Proposal]:
    return list({part.proposal_id: part.proposal for part in parts}.values())


def _refuse_off_the_list(question: Question, exercise: Exercise) -> ExerciseQuestion:
    place = db.session.scalar(
        select(ExerciseQuestion).where(
            ExerciseQuestion.exercise_id == exercise.id, ExerciseQuestion.question_id == question.id
        )
    )
    if place is None or place.withdrawn_at is not None:
        raise Stale(_("This question is no longer on the list."))
    return place


def _refuse_undo(record: MergeRecord, parts: Iterable[ProposalPart]) -> None:
    if record.operation in NEVER_UNDONE:
        raise Stale(_("This line cannot be undone. Do it again instead."))
    if is_undone(record):
        raise Stale(_("This has been undone already."))
    if any(part.proposal.withdrawn_at is not None for part in parts):
        raise Stale(_("The person has taken these words back."))
    if is_overtaken(record):
        raise Stale(_("Something newer was done with the same words or question. Undo that first."))


def _put_question_back(record: MergeRecord, question: Question, exercise: Exercise, actor: Person | None) -> None:
    if record.operation is Operation.REWORD:
        before = db.session.scalars(
            select(QuestionWording).where(
                QuestionWording.question_id == question.id, QuestionWording.n == record.detail["from_wording"]
            )
        ).one()
        wording = before.text, before.short, before.background
        _add_wording(question, wording, locale=before.locale, actor=actor, reason=_("Undone"))
    if record.detail.get("made_question"):
        take_off_list(question, exercise=exercise)
    trail.touch(question)


def _wording(text: str, short: str, background: str | None) -> Wording:
    text, short, background = clean_words(text), clean_line(short), clean_words(background or "") or None
    if not text:
        raise Invalid(_("Write the question."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("Keep the question under %(most)s characters.", most=LONGEST_TEXT), field="text")
    if not short:
        raise Invalid(_("Give it a short name, for lists and charts."), field="short")
    if len(short) > LONGEST_SHORT:
        raise Invalid(_("Keep the short name under %(most)s characters.", most=LONGEST_SHORT), field="short")
    if background and len(background) > LONGEST_BACKGROUND:
        raise Invalid(_("Keep the background under %(most)s characters.", most=LONGEST_BACKGROUND), field="background")
    return text, short, background


def _add_wording(
    question: Question, wording: Wording, *, locale: str, actor: Person | None, reason: str | None = None
) -> None:
    last = db.session.scalar(select(func.max(QuestionWording.n)).where(QuestionWording.question_id == question.id))
    text, short, background = wording
    db.session.add(
        QuestionWording(
            question_id=question.id,
            n=(last or 0) + 1,
            locale=locale,
            text=text,
            short=short,
            background=background,
            reason=reason,
            author_id=None if actor is None else actor.id,
        )
    )
    trail.touch(question)
    db.session.flush()
