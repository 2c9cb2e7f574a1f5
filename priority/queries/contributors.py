"""What a contributor's private page shows: their words, where these went, and everything that happened since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from priority.extensions import db
from priority.models import (
    ExerciseQuestion,
    MergeRecord,
    OutcomeEvent,
    Person,
    Proposal,
    ProposalPart,
    Question,
    QuestionWording,
    WordsErasure,
)
from priority.queries.links import newest_wording, standing_links
from priority.queries.places import Place, places_of
from priority.words import Destination, ErasureReason, ExerciseState, Moment, RoundKind, WordsKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from priority.models import Contributor, Exercise


@dataclass(frozen=True, slots=True)
class Words:
    """One text of a proposal as it was sent, or the mark that it is erased."""

    kind: WordsKind
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Road:
    """Where a part of somebody's words went, other than the research list."""

    destination: Destination
    owner: str
    sentence: str
    stretch: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What one round said of a question, in people; without numbers where too few answered."""

    n: int
    kind: RoundKind
    high: int | None
    people: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """A question that somebody's words became part of, who else asked it, and what was answered."""

    number: int
    text: str
    short: str
    locale: str
    others: int
    sorted_by: str | None
    stretch: str | None
    at: datetime
    rounds: tuple[Answered, ...]
    place: Place | None

    @property
    def last_count(self) -> Answered | None:
        """The latest round that says how many found it very important."""
        return next((one for one in reversed(self.rounds) if one.high is not None), None)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened to one proposal."""

    public_id: str
    locale: str
    sent_at: datetime
    withdrawn_at: datetime | None
    words: tuple[Words, ...]
    roads: tuple[Road, ...]
    homes: tuple[Home, ...]
    rest_waits: bool
    state: ExerciseState
    published_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing was decided about it yet."""
        return not (self.roads or self.homes or self.withdrawn_at)

    @property
    def newest(self) -> Moment | None:
        """Which news stands on top; None where it was taken back."""
        if self.withdrawn_at is not None:
            return None
        if self.is_waiting:
            return Moment.RECEIVED
        if self.homes and self.published_at is not None:
            return Moment.END
        if any(home.rounds for home in self.homes):
            return Moment.ROUND_RESULT
        if self.homes:
            return Moment.MERGED
        known = all(road.destination is Destination.ALREADY_KNOWN for road in self.roads)
        return Moment.KNOWN if known else Moment.ROUTED


def find_own(contributor: Contributor, public_id: str) -> Proposal | None:
    """A contributor's own proposal of this id; None for anybody else's."""
    return db.session.scalar(_own(contributor).where(Proposal.public_id == public_id))


def stories_of(contributor: Contributor) -> tuple[Story, ...]:
    """What became of everything that a contributor sent, oldest first."""
    proposals = db.session.scalars(_own(contributor).order_by(Proposal.created_at, Proposal.id)).all()
    homes = _homes(contributor.exercise, [part.id for proposal in proposals for part in proposal.parts])
    erased = _erased([proposal.id for proposal in proposals])
    return tuple(
        _story(proposal, contributor.exercise, homes.get(proposal.id, ()), erased.get(proposal.id, ()))
        for proposal in proposals
    )


def story_of(proposal: Proposal) -> Story:
    """What became of one proposal."""
    homes = _homes(proposal.exercise, [part.id for part in proposal.parts])
    erased = _erased([proposal.id])
    return _story(proposal, proposal.exercise, homes.get(proposal.id, ()), erased.get(proposal.id, ()))


# -- the small print -------------------------------------------------------------------------------------------------
def _own(contributor: Contributor) -> Select[Proposal]:
    return (
        select(Proposal)
        .where(Proposal.contributor_id == contributor.id, Proposal.exercise_id == contributor.exercise_id)
        .options(selectinload(Proposal.words), selectinload(Proposal.parts))
    )


def _story(proposal: Proposal, exercise: Exercise, homes: tuple[Home, ...], erased: tuple[Words, ...]) -> Story:
    written = tuple(Words(words.kind, words.text, words.created_at) for words in proposal.words)
    return Story(
        proposal.public_id,
        proposal.locale,
        proposal.created_at,
        proposal.withdrawn_at,
        (*erased, *written),
        tuple(_road(part, proposal) for part in proposal.parts if _is_on_a_road(part)),
        homes,
        any(part.retired_at is None and part.destination is None for part in proposal.parts),
        exercise.state,
        exercise.published_at,
    )


def _is_on_a_road(part: ProposalPart) -> bool:
    return part.retired_at is None and part.destination not in {None, Destination.RESEARCH}


def _road(part: ProposalPart, proposal: Proposal) -> Road:
    if part.destination is None or part.owner is None or part.sentence is None or part.decided_at is None:
        raise LookupError(f"Part {part.id} is on no road.")
    return Road(part.destination, part.owner, part.sentence, stretch_of(part, proposal), part.decided_at)


def stretch_of(part: ProposalPart, proposal: Proposal) -> str | None:
    """The words of a part, where it is not the whole of them; None where it is, or they are erased."""
    text = next((words.text for words in proposal.words if words.n == part.words_n), None)
    if text is None or (part.start == 0 and part.end >= len(text)):
        return None
    return text[part.start : part.end].strip()


def _erased(proposal_ids: list[int]) -> dict[int, tuple[Words, ...]]:
    marks: dict[int, tuple[Words, ...]] = {}
    rows = db.session.scalars(
        select(WordsErasure)
        .where(WordsErasure.proposal_id.in_(proposal_ids), WordsErasure.reason == ErasureReason.ASKED)
        .order_by(WordsErasure.n)
    )
    for mark in rows:
        kind = WordsKind.ORIGINAL if mark.n == 1 else WordsKind.ADDITION
        marks[mark.proposal_id] = (*marks.get(mark.proposal_id, ()), Words(kind, None, mark.erased_at))
    return marks


def _homes(exercise: Exercise, part_ids: list[int]) -> dict[int, tuple[Home, ...]]:
    """The questions that the parts stand under, by proposal."""
    standing = standing_links(exercise.id)
    people = _people(exercise)
    places = places_of(exercise)
    answered = _answered(exercise)
    rows = db.session.execute(
        select(
            Proposal, ProposalPart, ExerciseQuestion.number, QuestionWording, Question.id, Person.name, MergeRecord.at
        )
        .join(ProposalPart, ProposalPart.proposal_id == Proposal.id)
        .join(standing, standing.c.part_id == ProposalPart.id)
        .join(MergeRecord, MergeRecord.seq == standing.c.seq)
        .outerjoin(Person, Person.id == MergeRecord.actor_id)
        .join(Question, Question.id == standing.c.question_id)
        .join(ExerciseQuestion, ExerciseQuestion.question_id == Question.id)
        .join(QuestionWording, QuestionWording.question_id == Question.id)
        .where(
            ProposalPart.id.in_(part_ids),
            ExerciseQuestion.exercise_id == exercise.id,
            QuestionWording.n == newest_wording(Question.id),
        )
        .order_by(ProposalPart.n, ExerciseQuestion.number)
    )
    found: dict[int, tuple[Home, ...]] = {}
    for proposal, part, number, wording, question, name, at in rows:
        home = Home(
            number,
            wording.text,
            wording.short,
            wording.locale,
            len(people.get(question, set()) - {_asker(proposal.contributor_id, proposal.id)}),
            name,
            stretch_of(part, proposal),
            at,
            answered.get(question, ()),
            places.get(number),
        )
        found[proposal.id] = (*found.get(proposal.id, ()), home)
    return found


def _people(exercise: Exercise) -> dict[int, set[tuple[str, int]]]:
    """Who asked each question: contributors, and proposals that came without one. Withdrawn words do not count."""
    standing = standing_links(exercise.id)
    rows = db.session.execute(
        select(standing.c.question_id, Proposal.contributor_id, Proposal.id)
        .join(ProposalPart, ProposalPart.id == standing.c.part_id)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .where(Proposal.withdrawn_at.is_(None))
    )
    people: dict[int, set[tuple[str, int]]] = {}
    for question, contributor, proposal in rows:
        people.setdefault(question, set()).add(_asker(contributor, proposal))
    return people


def _asker(contributor_id: int | None, proposal_id: int) -> tuple[str, int]:
    return ("proposal", proposal_id) if contributor_id is None else ("contributor", contributor_id)


def _answered(exercise: Exercise) -> dict[int, tuple[Answered, ...]]:
    """What each round said of each question, in order."""
    rows = db.session.scalars(
        select(OutcomeEvent)
        .where(
            OutcomeEvent.exercise_id == exercise.id,
            OutcomeEvent.moment == Moment.ROUND_RESULT,
            OutcomeEvent.question_id.is_not(None),
        )
        .order_by(OutcomeEvent.at, OutcomeEvent.id)
    )
    found: dict[int, tuple[Answered, ...]] = {}
    for event in rows:
        detail = event.detail
        kind = RoundKind(detail.get("kind", "rating"))
        one = Answered(detail["round"], kind, detail.get("high"), detail.get("n"), event.at)
        found[event.question_id or 0] = (*found.get(event.question_id or 0, ()), one)
    return found
