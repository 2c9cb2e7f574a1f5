"""The words that stand under every question of an exercise at once, and how many people they came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority.extensions import db
from priority.models import Proposal, ProposalPart, ProposalWords, StakeholderGroup
from priority.queries.links import standing_links
from priority.queries.small_groups import nameable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from priority.models import Exercise


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What somebody wrote, as they wrote it, in their language."""

    text: str
    locale: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many people of a group asked; `key` and `name` are None for groups too small to be told apart."""

    key: str | None
    name: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands behind a question: words that are kept, people, and people by group. Erased words count as people."""

    words: tuple[OwnWords, ...]
    people: int
    groups: tuple[GroupCount, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    question_id: int
    who: tuple[str, int]
    group: str | None
    words: OwnWords | None


NOBODY = Behind((), 0, ())


def behind_questions(exercise: Exercise, *, least: int) -> dict[int, Behind]:
    """By the id of each question, whose words stand under it.

    A group of fewer than `least` people of the whole exercise is counted among the others, and so is another one
    where the others would then be that group.
    """
    parts = _parts(exercise)
    sizes = Counter(group for _who, group in {(part.who, part.group) for part in parts})
    nameless = sizes.pop(None, 0)
    named = nameable({group: n for group, n in sizes.items() if group is not None}, nameless, least=least)
    names = {group.key: group.name for group in exercise.groups if group.key in named}
    under = defaultdict(list)
    for part in parts:
        under[part.question_id].append(part)
    return {question_id: _behind(mine, names) for question_id, mine in under.items()}


def _behind(parts: list[_Part], names: dict[str, str]) -> Behind:
    groups = {part.who: part.group if part.group in names else None for part in parts}
    return Behind(
        words=tuple(dict.fromkeys(part.words for part in parts if part.words is not None)),
        people=len(groups),
        groups=tuple(_counts(groups.values(), names)),
    )


def _counts(groups: Iterable[str | None], names: dict[str, str]) -> Iterable[GroupCount]:
    counted = Counter(groups)
    for key in (*names, None):
        if counted[key]:
            yield GroupCount(key, None if key is None else names[key], counted[key])


def _parts(exercise: Exercise) -> list[_Part]:
    standing = standing_links(exercise.id)
    rows = db.session.execute(
        select(
            standing.c.question_id,
            Proposal.contributor_id,
            Proposal.id,
            Proposal.locale,
            StakeholderGroup.key,
            ProposalWords.text,
            ProposalPart.start,
            ProposalPart.end,
        )
        .join(ProposalPart, ProposalPart.id == standing.c.part_id)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .outerjoin(StakeholderGroup, StakeholderGroup.id == Proposal.group_id)
        .outerjoin(
            ProposalWords,
            (ProposalWords.proposal_id == ProposalPart.proposal_id) & (ProposalWords.n == ProposalPart.words_n),
        )
        .where(Proposal.withdrawn_at.is_(None))
        .order_by(Proposal.created_at, ProposalPart.id)
    )
    return [
        _Part(
            question_id=question,
            who=("proposal", proposal) if contributor is None else ("contributor", contributor),
            group=group,
            words=None if text is None else OwnWords(text[start:end].strip(), locale),
        )
        for question, contributor, proposal, locale, group, text, start, end in rows
    ]
