"""Who hears of a question: the contributors whose words stand under it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority.extensions import db
from priority.models import Contributor, Proposal, ProposalPart
from priority.queries.links import standing_links

if TYPE_CHECKING:
    from priority.models import Exercise


def contributors_of_questions(exercise: Exercise) -> dict[int, list[Contributor]]:
    """For each question's id, the contributors whose words stand under it and who still want to be known."""
    standing = standing_links(exercise.id)
    rows = db.session.execute(
        select(standing.c.question_id, Contributor)
        .join(ProposalPart, ProposalPart.id == standing.c.part_id)
        .join(Proposal, Proposal.id == ProposalPart.proposal_id)
        .join(Contributor, Contributor.id == Proposal.contributor_id)
        .where(Proposal.withdrawn_at.is_(None), Contributor.erased_at.is_(None))
        .order_by(Contributor.id)
        .distinct()
    )
    found: dict[int, list[Contributor]] = defaultdict(list)
    for question, contributor in rows:
        found[question].append(contributor)
    return dict(found)
