"""Questions that somebody wishes were asked: suggested while a round is open, answered after it has closed.

A suggestion is kept under the ballot's key, so that only who wrote it finds it again; it carries no time. Every one is
answered, and who wrote it reads the answer on their start page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from priority import clock
from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import Suggestion
from priority.policy import can_answer
from priority.queries.suggestions import find_suggestion
from priority.services import audit, merging, voting
from priority.services.voting import Guest
from priority.texts import clean_words
from priority.words import RoundState, SuggestionState

if TYPE_CHECKING:
    from priority.models import Person, Question, Round
    from priority.services.voting import Answerer

LONGEST = 1000
MOST = 5


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """The question that a suggestion becomes, in the moderator's words."""

    text: str
    short: str
    background: str | None = None


def suggest(round_: Round, who: Answerer, text: str) -> None:
    """Keeps a question that somebody wishes were asked.

    Refuses a round that takes none or is closed, no words or too many, more than five of one person, and a guest who
    has answered nothing yet: their code would not be kept, and they would never find the answer.
    """
    _refuse_unless_open(round_)
    if isinstance(who, Guest) and voting.own_ballot(round_, who) is None:
        raise Invalid(_("First answer a question, so that you get a code. With it you find what becomes of yours."))
    words = clean_words(text)
    if not words:
        raise Invalid(_("Write your question, even if it is only a few words."), field="text")
    if len(words) > LONGEST:
        raise Invalid(_("This is too long. There is room for %(max)d letters.", max=LONGEST), field="text")
    own_key = voting.own_key(round_.exercise, who)
    mine = (Suggestion.round_id == round_.id) & (Suggestion.ballot_key == own_key)
    count, last = db.session.execute(select(func.count(), func.max(Suggestion.n)).where(mine)).one()
    if db.session.scalar(select(Suggestion.n).where(mine, Suggestion.text == words)) is not None:
        return  # the same button pressed twice
    if count >= MOST:
        raise Invalid(_("You have suggested %(most)d questions. Take one back to suggest another.", most=MOST))
    db.session.execute(
        insert(Suggestion).values(
            round_id=round_.id,
            ballot_key=own_key,
            n=(last or 0) + 1,
            text=words,
            state=SuggestionState.WAITING,
        )
    )


def withdraw(round_: Round, who: Answerer, n: int) -> None:
    """Takes back a suggestion of somebody's own; refuses one that has been answered, and one that there is not."""
    own = (
        (Suggestion.round_id == round_.id)
        & (Suggestion.ballot_key == voting.own_key(round_.exercise, who))
        & (Suggestion.n == n)
    )
    state = db.session.scalar(select(Suggestion.state).where(own))
    if state is None:
        raise NotFound(_("There is no such suggestion."))
    if state is not SuggestionState.WAITING:
        raise Stale(_("This has been answered already, so it stays."))
    db.session.execute(delete(Suggestion).where(own))


def take(round_: Round, handle: str, new: NewQuestion, *, answer: str, actor: Person | None) -> Question:
    """The suggestion becomes a question of the exercise, which the next round can ask."""
    row = _waiting(round_, handle)
    words = _said(answer)
    question = merging.new_question(
        round_.exercise, text=new.text, short=new.short, background=new.background, actor=actor
    )
    _settle(round_, row, SuggestionState.TAKEN, words, question, actor)
    return question


def point_to(round_: Round, handle: str, question: Question, *, answer: str, actor: Person | None) -> None:
    """The suggestion is on the list already, as this question."""
    _settle(round_, _waiting(round_, handle), SuggestionState.ON_LIST, _said(answer), question, actor)


def decline(round_: Round, handle: str, *, answer: str, actor: Person | None) -> None:
    """The suggestion is not asked in this exercise, and the answer says why and where it goes."""
    _settle(round_, _waiting(round_, handle), SuggestionState.NOT_NOW, _said(answer), None, actor)


def _waiting(round_: Round, handle: str) -> Suggestion:
    if round_.state is not RoundState.CLOSED:
        raise Stale(_("Suggestions can be read when the round has closed."))
    row = find_suggestion(round_, handle)
    if row is None:
        raise NotFound(_("There is no such suggestion."))
    if row.state is not SuggestionState.WAITING:
        raise Stale(_("This has been answered already, so it stays."))
    return row


def _said(answer: str) -> str:
    words = clean_words(answer)
    if not words:
        raise Invalid(_("Say a word to whoever suggested it. They read it on their page."), field="answer")
    if len(words) > LONGEST:
        raise Invalid(_("This is too long. There is room for %(max)d letters.", max=LONGEST), field="answer")
    return words


def _settle(
    round_: Round,
    row: Suggestion,
    state: SuggestionState,
    words: str,
    question: Question | None,
    actor: Person | None,
) -> None:
    row.state, row.answer, row.question_id = state, words, None if question is None else question.id
    db.session.flush()
    audit.record(
        "suggestion_answered",
        exercise=round_.exercise,
        actor=actor,
        round=round_.n,
        state=str(state),
        question=None if question is None else question.public_id,
    )


def _refuse_unless_open(round_: Round) -> None:
    if not round_.design.get("suggestions"):
        raise NotFound(_("There is no such page."))
    if not can_answer(round_, clock.now()):
        raise Stale(_("This has closed. What you had saved counts. Thank you."))
