"""Sorting what people sent: split it, send it down a road with an owner and a sentence, take a name out.

There is no dead end: a part waits until it has one of four destinations, and the queue counts it until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from priority import clock
from priority.database import request_rewrite
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import ProposalPart, ProposalWords, Translation, WordsErasure
from priority.queries.sorting import waiting_parts
from priority.services import audit, outbox, stretches, trail
from priority.texts import clean_line, clean_words
from priority.words import Destination, ErasureReason, Letters, Moment, Operation, TranslationKind, WordsKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise, MergeRecord, Person, Proposal

MOMENTS = {Destination.ALREADY_KNOWN: Moment.KNOWN}
LONGEST_OWNER = 300
LONGEST_SENTENCE = 2000


def waiting(exercise: Exercise) -> int:
    """How many parts of people's words have no answer yet. Words that were taken back or erased do not wait."""
    return waiting_parts(exercise)


def split(part: ProposalPart, cuts: Sequence[tuple[int, int]], actor: Person | None) -> list[ProposalPart]:
    """New parts over these stretches of the text; the earlier part retires and its answers end with it.

    The stretches must lie inside the part, hold words and not overlap, and every word must lie in one of them. Words
    left over would stay visible and yet never get an answer, and a dead end is what this house does not have; only
    white space may lie between. Refused, too, where it would leave words waiting after sorting has ended.
    """
    exercise = part.proposal.exercise
    trail.refuse_unsortable([part], exercise)
    trail.refuse_waiting(exercise, unless=part.destination is None)
    ordered = stretches.check_cover(_text(part.proposal, part.words_n).text, (part.start, part.end), cuts)
    last = db.session.scalar(select(func.max(ProposalPart.n)).where(ProposalPart.proposal_id == part.proposal_id)) or 0
    made = [
        ProposalPart(proposal_id=part.proposal_id, n=last + 1 + i, words_n=part.words_n, start=start, end=end)
        for i, (start, end) in enumerate(ordered)
    ]
    db.session.add_all(made)
    db.session.flush()
    trail.add_line(Operation.SPLIT, [part], exercise=exercise, actor=actor, made=made)
    part.retired_at = clock.now()
    db.session.flush()
    return made


def split_by_lines(part: ProposalPart, typed: str, actor: Person | None) -> list[ProposalPart]:
    """The same, from the part's words with a cutting line (`stretches.cutting_line`) put between the pieces."""
    words = _text(part.proposal, part.words_n).text[part.start : part.end]
    cuts = stretches.pieces(words, typed)
    return split(part, [(part.start + start, part.start + end) for start, end in cuts], actor)


def route(
    part: ProposalPart,
    destination: Destination,
    *,
    owner: str,
    sentence: str,
    actor: Person | None,
    reason: str | None = None,
) -> MergeRecord:
    """Sends words down a road other than research, and tells whoever wrote them; their links to questions end.

    Refuses a road without an owner or a sentence, one that changes nothing, and the research list: words get there
    only by joining a question, so that they always stand under one.
    """
    exercise = part.proposal.exercise
    trail.refuse_unsortable([part], exercise)
    owner, sentence = clean_line(owner), clean_words(sentence)
    _check_road(destination, owner, sentence)
    if (part.destination, part.owner, part.sentence) == (destination, owner, sentence):
        raise Invalid(_("These words are on that road already, with this sentence."), field="sentence")
    record = trail.add_line(
        Operation.ROUTE, [part], exercise=exercise, actor=actor, reason=reason, destination=destination
    )
    trail.decide(part, destination, actor, owner=owner, sentence=sentence)
    db.session.flush()
    moment = MOMENTS.get(destination, Moment.ROUTED)
    trail.tell_of(record, moment, part.proposal, exercise, destination=destination, part=part.public_id)
    return record


def redact(proposal: Proposal, text: str, actor: Person | None, *, words_n: int | None = None) -> ProposalWords:
    """The words with names replaced by a visible mark; the text that held them is erased for good.

    A dated mark stays where it was, every live part lies over its own words in the new text with its answer and its
    questions, and the person is told. Without `words_n` it is the first text that still stands. Refuses any other
    change of the words. There is no way back: nothing of the earlier text is kept, once the transaction has been ended
    by `database.commit`, which writes the file anew.
    """
    old = _text(proposal, words_n)
    moved = stretches.redacted(old.text, text)
    new = ProposalWords(proposal_id=proposal.id, n=_next_n(proposal), kind=WordsKind.REDACTION, text=moved.text)
    db.session.add(WordsErasure(proposal_id=proposal.id, n=old.n, reason=ErasureReason.REDACTED, erased_at=clock.now()))
    db.session.add(new)
    db.session.flush()
    for part in db.session.scalars(
        select(ProposalPart).where(ProposalPart.proposal_id == proposal.id, ProposalPart.words_n == old.n)
    ):
        part.start, part.end = moved.moved((part.start, part.end))
        part.words_n = new.n
    db.session.delete(old)
    db.session.execute(  # a translation of the earlier text would still hold the name
        delete(Translation).where(Translation.kind == TranslationKind.PROPOSAL, Translation.object_id == proposal.id)
    )
    db.session.flush()
    audit.record("redact", exercise=proposal.exercise, actor=actor, proposal=proposal.public_id, words=old.n)
    _tell_of_redaction(proposal, new)
    request_rewrite()  # the name leaves the file, too, not only the table
    return new


def _check_road(destination: Destination, owner: str, sentence: str) -> None:
    if destination is Destination.RESEARCH:
        raise Invalid(_("To put words on the research list, join them to a question."), field="destination")
    if not owner:
        raise Invalid(_("Say who takes this on. Every road has an owner."), field="owner")
    if len(owner) > LONGEST_OWNER:
        raise Invalid(_("Keep this under %(most)s characters.", most=LONGEST_OWNER), field="owner")
    if not sentence:
        raise Invalid(_("Write the sentence that the person will read."), field="sentence")
    if len(sentence) > LONGEST_SENTENCE:
        raise Invalid(_("Keep this under %(most)s characters.", most=LONGEST_SENTENCE), field="sentence")


def _text(proposal: Proposal, n: int | None) -> ProposalWords:
    standing = select(ProposalWords).where(ProposalWords.proposal_id == proposal.id).order_by(ProposalWords.n)
    found = db.session.scalar((standing if n is None else standing.where(ProposalWords.n == n)).limit(1))
    if found is None:
        raise Stale(_("These words have been erased."))
    return found


def _next_n(proposal: Proposal) -> int:
    numbers = [
        db.session.scalar(select(func.max(table.n)).where(table.proposal_id == proposal.id)) or 0
        for table in (ProposalWords, WordsErasure)
    ]
    return max(numbers) + 1


def _tell_of_redaction(proposal: Proposal, new: ProposalWords) -> None:
    contributor = proposal.contributor
    if contributor is None or contributor.erased_at is not None or contributor.letters is Letters.NOTHING:
        return
    outbox.queue(
        "redacted",
        contributor,
        event_key=f"redaction:{proposal.public_id}:{new.n}",
        exercise=proposal.exercise,
        proposal=proposal.public_id,
    )
