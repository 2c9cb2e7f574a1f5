"""What anybody may read: which exercises there are, where each stands, its questions, and one person's story."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from priority.extensions import db
from priority.models import (
    Exercise,
    ExerciseQuestion,
    Organisation,
    Proposal,
    ProposalPart,
    ProposalWords,
    Question,
    QuestionWording,
    StakeholderGroup,
)
from priority.queries.links import newest_wording, standing_links
from priority.queries.places import Place, places_of
from priority.queries.rounds import list_run, rounds_of
from priority.queries.small_groups import nameable
from priority.words import Destination, ExerciseState, RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LEAST = 5
A_LINE = 60  # characters; shorter words tell little of what a day is like


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """One line of what is under way."""

    public_id: str
    title: str
    introduction: str
    organisation: str
    state: ExerciseState
    until: datetime | None
    time_zone: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class RoundStep:
    """One time of answering, as the thread of an exercise shows it."""

    n: int
    kind: RoundKind
    state: RoundState
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Flow:
    """How many came in, how many took another road, and how many questions they became."""

    sent: int
    people: int
    roads: tuple[tuple[Destination, int], ...]
    questions: int
    ordered: int | None
    listed: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """Somebody's words under a question, and whose view they are where that tells on nobody."""

    text: str
    locale: str
    group: str | None


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many people of a group stand behind a question; without a name, those who are counted together."""

    name: str | None
    position: int | None
    people: int


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with the words it was made from."""

    number: int
    text: str
    locale: str
    people: int
    groups: tuple[GroupCount, ...]
    originals: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class PersonsStory:
    """What happened to one person's words in an exercise whose list is out."""

    exercise_public_id: str
    text: str
    locale: str
    sent_at: datetime
    question: str
    question_locale: str
    others: int
    place: Place
    published_at: datetime
    simulated: bool


def under_way() -> tuple[ExerciseRow, ...]:
    """Every exercise that the public may know of, those that take questions first, then the newest."""
    rows = db.session.execute(
        select(Exercise, Organisation.name)
        .join(Organisation, Organisation.id == Exercise.organisation_id)
        .where(Exercise.state != ExerciseState.DRAFT, ~Exercise.imported)
        .order_by((Exercise.state == ExerciseState.ASKING).desc(), Exercise.id.desc())
    )
    return tuple(
        ExerciseRow(
            exercise.public_id,
            exercise.title,
            exercise.introduction.partition("\n")[0],
            organisation,
            exercise.state,
            exercise.asking_until if exercise.state is ExerciseState.ASKING else _until(exercise),
            exercise.time_zone,
            exercise.simulated,
        )
        for exercise, organisation in rows
    )


def is_listed(exercise: Exercise) -> bool:
    """Whether the public may know of an exercise: not while it is prepared, nor where its data were imported."""
    return exercise.state is not ExerciseState.DRAFT and not exercise.imported


def round_steps(exercise: Exercise) -> tuple[RoundStep, ...]:
    """The times of answering that are planned, open or over, in order."""
    return tuple(RoundStep(one.n, one.kind, one.state, one.closes_at) for one in rounds_of(exercise))


def flow_of(exercise: Exercise) -> Flow:
    """From everything that was sent to the questions that were put in order."""
    sent = db.session.execute(
        select(func.count(), func.count(Proposal.contributor_id.distinct())).where(
            Proposal.exercise_id == exercise.id, Proposal.withdrawn_at.is_(None)
        )
    ).one()
    roads = db.session.execute(
        select(ProposalPart.destination, func.count(Proposal.id.distinct()))
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .where(
            Proposal.exercise_id == exercise.id,
            ProposalPart.retired_at.is_(None),
            ProposalPart.destination.is_not(None),
            ProposalPart.destination != Destination.RESEARCH,
        )
        .group_by(ProposalPart.destination)
        .order_by(ProposalPart.destination)
    )
    standing = standing_links(exercise.id)
    questions = db.session.scalar(select(func.count(standing.c.question_id.distinct()))) or 0
    run = list_run(exercise)
    return Flow(
        sent[0],
        sent[1],
        tuple((road, count) for road, count in roads if road is not None),
        questions,
        None if run is None else len(run.result["items"]),
        None if exercise.published_at is None else len(places_of(exercise)),
    )


def questions_with_words(exercise: Exercise) -> tuple[AskedQuestion, ...]:
    """Every question by its number, who asked it, and their own words, oldest first.

    A group of fewer than five people is never named, nor another one where the rest would then be that group.
    """
    every = _rows(exercise)
    named = _groups_that_may_be_named(every)
    found: dict[int, list[_Row]] = {}
    for row in every:
        found.setdefault(row.number, []).append(row)
    return tuple(_asked(rows, named) for _number, rows in sorted(found.items()))


def story_to_tell() -> PersonsStory | None:
    """The first question of the newest published list and the shortest words behind it; None before there is one.

    Words in the language of the question go before others, so that the story can be read on one page.
    """
    newest = select(Exercise).where(Exercise.state == ExerciseState.PUBLISHED, ~Exercise.imported)
    for exercise in db.session.scalars(newest.order_by(Exercise.published_at.desc()).limit(3)):
        found = _story_of(exercise)
        if found is not None:
            return found
    return None


# -- the small print -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    text: str
    locale: str
    asker: tuple[str, int]
    group: StakeholderGroup | None
    words: Words | None
    sent_at: datetime


def _until(exercise: Exercise) -> datetime | None:
    if exercise.state is ExerciseState.PUBLISHED:
        return exercise.published_at
    return next((one.closes_at for one in rounds_of(exercise) if one.state is RoundState.OPEN), None)


def _groups_that_may_be_named(rows: list[_Row]) -> set[int]:
    sizes = Counter(group for _who, group in {(row.asker, None if row.group is None else row.group.id) for row in rows})
    nameless = sizes.pop(None, 0)
    return nameable({group: people for group, people in sizes.items() if group is not None}, nameless, least=LEAST)


def _rows(exercise: Exercise, numbers: Iterable[int] | None = None) -> list[_Row]:
    """Every part that stands under a question, with its words where they are not erased."""
    standing = standing_links(exercise.id)
    rows = db.session.execute(
        select(
            ExerciseQuestion.number,
            QuestionWording.text,
            QuestionWording.locale,
            Proposal,
            StakeholderGroup,
            ProposalWords.text,
            ProposalPart.start,
            ProposalPart.end,
        )
        .join(standing, standing.c.question_id == ExerciseQuestion.question_id)
        .join(ProposalPart, ProposalPart.id == standing.c.part_id)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .join(Question, Question.id == ExerciseQuestion.question_id)
        .join(QuestionWording, QuestionWording.question_id == Question.id)
        .outerjoin(
            ProposalWords,
            (ProposalWords.proposal_id == Proposal.id) & (ProposalWords.n == ProposalPart.words_n),
        )
        .outerjoin(StakeholderGroup, StakeholderGroup.id == Proposal.group_id)
        .where(
            ExerciseQuestion.exercise_id == exercise.id,
            ExerciseQuestion.withdrawn_at.is_(None),
            QuestionWording.n == newest_wording(Question.id),
            Proposal.withdrawn_at.is_(None),
            *(() if numbers is None else (ExerciseQuestion.number.in_(numbers),)),
        )
        .order_by(ExerciseQuestion.number, Proposal.created_at, ProposalPart.id)
    )
    return [_row(*row) for row in rows]


def _row(
    number: int,
    text: str,
    locale: str,
    proposal: Proposal,
    group: StakeholderGroup | None,
    words: str | None,
    start: int,
    end: int,
) -> _Row:
    asker = ("proposal", proposal.id) if proposal.contributor_id is None else ("contributor", proposal.contributor_id)
    member = None if group is None else group.member
    shown = None if words is None else Words(words[start:end].strip(), proposal.locale, member)
    return _Row(number, text, locale, asker, group, shown, proposal.created_at)


def _asked(rows: list[_Row], named: set[int]) -> AskedQuestion:
    groups = {row.asker: row.group if row.group is not None and row.group.id in named else None for row in rows}
    counts = Counter(groups.values())
    return AskedQuestion(
        rows[0].number,
        rows[0].text,
        rows[0].locale,
        len(groups),
        tuple(_group_counts(counts)),
        tuple(_nameless(row, named) for row in rows if row.words is not None),
    )


def _group_counts(counts: Counter[StakeholderGroup | None]) -> list[GroupCount]:
    known = sorted((group for group in counts if group is not None), key=lambda group: group.position)
    found = [GroupCount(group.name, group.position, counts[group]) for group in known]
    return [*found, GroupCount(None, None, counts[None])] if None in counts and found else found


def _nameless(row: _Row, named: set[int]) -> Words:
    if row.words is None:
        raise LookupError("Erased words have nobody's name.")
    keep = row.group is not None and row.group.id in named
    return Words(row.words.text, row.words.locale, row.words.group if keep else None)


def _easy_to_read(row: _Row) -> tuple[bool, bool, int, datetime]:
    words = row.words or Words("", row.locale, None)
    return words.locale != row.locale, len(words.text) < A_LINE, len(words.text), row.sent_at


def _story_of(exercise: Exercise) -> PersonsStory | None:
    places = places_of(exercise)
    if not places or exercise.published_at is None:
        return None
    number = min(places, key=lambda one: (places[one].number, one))
    rows = _rows(exercise, [number])
    told = min(
        (row for row in rows if row.words is not None),
        key=_easy_to_read,
        default=None,
    )
    if told is None or told.words is None:
        return None
    return PersonsStory(
        exercise.public_id,
        told.words.text,
        told.words.locale,
        told.sent_at,
        told.text,
        told.locale,
        len({row.asker for row in rows} - {told.asker}),
        places[number],
        exercise.published_at,
        exercise.simulated,
    )
