"""The queue and the proposals in it, as moderators sort them. Words that were taken back or erased are not in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, select, tuple_

from priority import clock
from priority.extensions import db
from priority.models import Person, Proposal, ProposalPart, ProposalWords, StakeholderGroup
from priority.queries.links import LinkedQuestion, questions_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select, Subquery

    from priority.models import Exercise
    from priority.words import Destination, ProposalKind, WordsKind

PAGE = 50
EXCERPT = 140
NO_GROUP = "none"
WAITING, DONE, ALL = STATES = ("waiting", "done", "all")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which proposals somebody wants to see: of a group (by key, or without one), in a language, in a state."""

    group: str | None = None
    language: str | None = None
    state: str = WAITING


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in the queue: the beginning of its words, and how many of its parts wait."""

    public_id: str
    excerpt: str
    locale: str
    group_id: int | None
    group_name: str | None
    sent_at: datetime
    days: int
    parts: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and how the whole of it stands: "58 of 200 wait"."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    waiting: int
    total: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One text of a proposal, as it was sent or with a name taken out."""

    n: int
    kind: WordsKind
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the words that wants one answer, and the answer it has."""

    id: int
    public_id: str
    n: int
    version: int
    words_n: int
    text: str
    is_whole: bool
    destination: Destination | None
    owner: str | None
    sentence: str | None
    decided_by: str | None
    decided_at: datetime | None
    questions: tuple[LinkedQuestion, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proposal on the sorting page: every text that stands, and every part that is alive."""

    public_id: str
    locale: str
    group_id: int | None
    group_name: str | None
    on_behalf: bool
    kind: ProposalKind
    sent_at: datetime
    withdrawn: bool
    words: tuple[Words, ...]
    parts: tuple[Part, ...]


def waiting_parts(exercise: Exercise) -> int:
    """How many live parts of the exercise have no destination."""
    live = _live_parts(exercise.id).where(ProposalPart.destination.is_(None)).subquery()
    return db.session.scalar(select(func.count()).select_from(live)) or 0


def queue(exercise: Exercise, filters: Filters, page: int = 1) -> Queue:
    """A page of the queue, oldest first; a page beyond the end is the last one."""
    standing, (waiting, total) = _standing(exercise.id), stand(exercise)
    found = db.session.scalar(_matching(select(func.count()).select_from(Proposal), standing, exercise, filters)) or 0
    pages = max(1, -(-found // PAGE))
    page = min(max(page, 1), pages)
    return Queue(_page(standing, exercise, filters, page), found, page, pages, waiting, total, languages(exercise))


def stand(exercise: Exercise) -> tuple[int, int]:
    """How many proposals wait for an answer, and how many there are: "58 of 200 wait"."""
    standing = _standing(exercise.id)
    waits = func.count().filter(standing.c.waiting > 0)
    waiting, total = db.session.execute(select(waits, func.count()).select_from(standing)).one()
    return waiting, total


def languages(exercise: Exercise) -> tuple[str, ...]:
    """The languages that people wrote in."""
    written = select(Proposal.locale).where(Proposal.exercise_id == exercise.id).distinct().order_by(Proposal.locale)
    return tuple(db.session.scalars(written))


def find_proposal(exercise: Exercise, public_id: str) -> Proposal | None:
    """The exercise's proposal of this public id; None where there is none."""
    return db.session.scalar(
        select(Proposal).where(Proposal.exercise_id == exercise.id, Proposal.public_id == public_id)
    )


def find_part(proposal: Proposal, public_id: str) -> ProposalPart | None:
    """The proposal's part of this public id, retired or not; None where there is none."""
    return db.session.scalar(
        select(ProposalPart).where(ProposalPart.proposal_id == proposal.id, ProposalPart.public_id == public_id)
    )


def find_part_of(exercise: Exercise, public_id: str) -> ProposalPart | None:
    """The part of this public id among all of the exercise's proposals; None where there is none."""
    return db.session.scalar(
        select(ProposalPart)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .where(Proposal.exercise_id == exercise.id, ProposalPart.public_id == public_id)
    )


def next_waiting(exercise: Exercise, after: Proposal, filters: Filters) -> str | None:
    """The public id of the next proposal that waits, oldest first and around the end; None where no other waits."""
    wanted = Filters(filters.group, filters.language, WAITING)
    standing = _standing(exercise.id)
    is_later = tuple_(Proposal.created_at, Proposal.id) > tuple_(after.created_at, after.id)
    found: str | None = db.session.scalar(
        _matching(select(Proposal.public_id), standing, exercise, wanted)
        .where(Proposal.id != after.id)
        .order_by(is_later.desc(), Proposal.created_at, Proposal.id)
        .limit(1)
    )
    return found


def sheet(proposal: Proposal) -> Sheet:
    """A proposal with everything that a moderator needs in order to sort it."""
    texts = {
        words.n: Words(words.n, words.kind, words.text, words.created_at)
        for words in db.session.scalars(
            select(ProposalWords).where(ProposalWords.proposal_id == proposal.id).order_by(ProposalWords.n)
        )
    }
    group = None if proposal.group_id is None else db.session.get(StakeholderGroup, proposal.group_id)
    return Sheet(
        proposal.public_id,
        proposal.locale,
        proposal.group_id,
        None if group is None else group.name,
        proposal.on_behalf,
        proposal.kind,
        proposal.created_at,
        proposal.withdrawn_at is not None,
        tuple(texts.values()),
        _parts(proposal, texts),
    )


# -- the small print -------------------------------------------------------------------------------------------------
def _live_parts(exercise_id: int) -> Select[*tuple[Any, ...]]:
    """Parts that want an answer: not retired, of words that stand and were not taken back."""
    return (
        select(ProposalPart.id, ProposalPart.proposal_id, ProposalPart.destination, ProposalPart.words_n)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .join(
            ProposalWords,
            (ProposalWords.proposal_id == ProposalPart.proposal_id) & (ProposalWords.n == ProposalPart.words_n),
        )
        .where(Proposal.exercise_id == exercise_id, Proposal.withdrawn_at.is_(None), ProposalPart.retired_at.is_(None))
    )


def _standing(exercise_id: int) -> Subquery:
    """One row a proposal of the queue: how many live parts it has, how many wait, and its first text that stands."""
    live = _live_parts(exercise_id).subquery()
    return (
        select(
            live.c.proposal_id,
            func.count().label("parts"),
            func.sum(case((live.c.destination.is_(None), 1), else_=0)).label("waiting"),
            func.min(live.c.words_n).label("words_n"),
        )
        .group_by(live.c.proposal_id)
        .subquery()
    )


def _matching(
    query: Select[*tuple[Any, ...]], standing: Subquery, exercise: Exercise, filters: Filters
) -> Select[*tuple[Any, ...]]:
    query = query.join(standing, standing.c.proposal_id == Proposal.id)
    if filters.state != ALL:
        query = query.where(standing.c.waiting > 0 if filters.state == WAITING else standing.c.waiting == 0)
    if filters.language:
        query = query.where(Proposal.locale == filters.language)
    if filters.group:
        query = query.where(_in_group(exercise, filters.group))
    return query


def _in_group(exercise: Exercise, key: str) -> ColumnElement[bool]:
    if key == NO_GROUP:
        return Proposal.group_id.is_(None)
    return Proposal.group_id.in_([group.id for group in exercise.groups if group.key == key])


def _page(standing: Subquery, exercise: Exercise, filters: Filters, page: int) -> tuple[Row, ...]:
    rows = db.session.execute(
        _matching(
            select(
                Proposal.public_id,
                ProposalWords.text,
                Proposal.locale,
                Proposal.group_id,
                StakeholderGroup.name,
                Proposal.created_at,
                standing.c.parts,
                standing.c.waiting,
            ).select_from(Proposal),
            standing,
            exercise,
            filters,
        )
        .join(ProposalWords, (ProposalWords.proposal_id == Proposal.id) & (ProposalWords.n == standing.c.words_n))
        .outerjoin(StakeholderGroup, StakeholderGroup.id == Proposal.group_id)
        .order_by(Proposal.created_at, Proposal.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    now = clock.now()
    return tuple(
        Row(public_id, _beginning(text), locale, group_id, group, sent, (now - sent).days, parts, waiting)
        for public_id, text, locale, group_id, group, sent, parts, waiting in rows
    )


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT].rstrip()} …"


def _parts(proposal: Proposal, texts: dict[int, Words]) -> tuple[Part, ...]:
    linked = questions_of(proposal)
    rows = db.session.execute(
        select(ProposalPart, Person.name)
        .outerjoin(Person, Person.id == ProposalPart.decided_by_id)
        .where(ProposalPart.proposal_id == proposal.id, ProposalPart.retired_at.is_(None))
        .order_by(ProposalPart.words_n, ProposalPart.start, ProposalPart.n)
    )
    return tuple(
        _part(part, name, texts[part.words_n].text, tuple(link for link in linked if link.part_id == part.id))
        for part, name in rows
        if part.words_n in texts
    )


def _part(part: ProposalPart, decided_by: str | None, text: str, questions: tuple[LinkedQuestion, ...]) -> Part:
    return Part(
        part.id,
        part.public_id,
        part.n,
        part.version,
        part.words_n,
        text[part.start : part.end],
        text[part.start : part.end].strip() == text.strip(),
        part.destination,
        part.owner,
        part.sentence,
        decided_by,
        part.decided_at,
        questions,
    )
