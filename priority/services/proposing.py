"""People's own words come in, stay as they are, and can be added to, taken back or erased by whoever wrote them."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from priority import clock, ids
from priority.database import request_rewrite
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import (
    Contributor,
    Objection,
    Outbox,
    Proposal,
    ProposalPart,
    ProposalWords,
    Session,
    SignInToken,
    Translation,
    WordsErasure,
)
from priority.policy import can_propose
from priority.services import accounts, consent, outcomes, trail
from priority.texts import clean_line, clean_words
from priority.words import (
    Channel,
    ErasureReason,
    ExerciseState,
    Letters,
    MailState,
    Moment,
    Operation,
    ProposalKind,
    Purpose,
    TranslationKind,
    WordsKind,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from priority.models import Exercise, StakeholderGroup

LONGEST = 4000
MOST_AT_ONCE = 10
MOST_TEXTS = 20


class AskingEnded(Stale):
    """Questions are not collected now."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, by whom, and the code that leads back to it."""

    contributor: Contributor
    proposals: list[Proposal]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    exercise: Exercise
    texts: tuple[str, ...]
    locale: str
    group: StakeholderGroup | None
    on_behalf: bool
    stage: str | None
    theme: str | None
    kind: ProposalKind
    channel: Channel
    address: str | None
    letters: Letters
    purposes: frozenset[Purpose]
    once: str | None


def submit(  # noqa: PLR0913 - each argument is something that the person says of themselves
    exercise: Exercise,
    *,
    texts: Sequence[str],
    locale: str,
    group: StakeholderGroup | None = None,
    on_behalf: bool = False,
    stage: str | None = None,
    theme: str | None = None,
    kind: ProposalKind = ProposalKind.QUESTION,
    channel: Channel = Channel.WEB,
    address: str | None = None,
    letters: Letters = Letters.EVERY_STEP,
    purposes: Collection[Purpose] = (Purpose.TAKE_PART,),
    contributor: Contributor | None = None,
    once: str | None = None,
) -> Sent:
    """What somebody asks, one proposal a text, kept word for word, with the code that leads back to it.

    `once` names the form it came from: the same form sent again keeps nothing twice and gets the same answer.
    Refuses when nothing was written, a text is too long, there are too many, or asking has ended.
    """
    cleaned = _readable(texts)
    sending = _Sending(
        exercise=exercise,
        texts=cleaned,
        locale=locale,
        group=group,
        on_behalf=on_behalf,
        stage=stage,
        theme=theme,
        kind=kind,
        channel=channel,
        address=None if address is None else clean_line(address) or None,
        letters=letters,
        purposes=frozenset(purposes),
        once=once,
    )
    try:
        with db.session.begin_nested():
            return _keep(sending, contributor)
    except IntegrityError:  # the same form, sent twice at the same moment, and the other one came first
        return _keep(sending, contributor)


def add_words(proposal: Proposal, text: str) -> ProposalWords:
    """More words to a proposal, until it is joined to a question or sent down a road; the first ones stay."""
    refuse_decided(proposal)
    (cleaned,) = _readable([text], field="text")
    if len(proposal.words) >= MOST_TEXTS:
        raise Invalid(_("You have added a lot already. Please send this as a new question."), field="text")
    return _add_words(proposal, cleaned, WordsKind.ADDITION)


def withdraw(proposal: Proposal) -> None:
    """The person takes a proposal back, until it is joined to a question or sent down a road."""
    if proposal.withdrawn_at is not None:
        return
    refuse_decided(proposal)
    _take_back(proposal)


def refuse_decided(proposal: Proposal) -> None:
    """Refuses to change a proposal that was taken back, joined to a question or sent down a road."""
    if proposal.withdrawn_at is not None:
        raise Stale(_("You took this back, so nothing can be added to it. You can ask again."))
    if not may_change(proposal):
        raise Stale(_("Your words have become part of something by now, so they stay as they are. Please call us."))


def may_change(proposal: Proposal) -> bool:
    """Whether the person may still add to a proposal or take it back."""
    if proposal.withdrawn_at is not None or proposal.exercise.state not in _BEFORE_ANSWERING:
        return False
    return all(part.destination is None for part in proposal.parts if part.retired_at is None)


def set_reach(contributor: Contributor, address: str | None, letters: Letters) -> None:
    """How a contributor hears from us from now on; without an address there are no letters."""
    cleaned = clean_line(address or "")
    if not cleaned and letters is not Letters.NOTHING:
        raise Invalid(_("Give an e-mail address, or choose that you will look yourself."), field="address")
    _set_address(contributor, cleaned or None)
    contributor.letters = letters
    db.session.flush()


def erase(contributor: Contributor) -> None:
    """Everything a contributor wrote is erased, and how to reach them; dated marks and counts stay.

    The transaction must be ended by `database.commit`, which writes the file anew so that nothing is left in it.
    """
    if contributor.erased_at is not None:
        return
    proposals = db.session.scalars(select(Proposal).where(Proposal.contributor_id == contributor.id)).all()
    for proposal in proposals:
        if proposal.withdrawn_at is None and may_change(proposal):
            _take_back(proposal)
        _erase_words(proposal)
    consent.withdraw(contributor, frozenset(Purpose))
    _set_address(contributor, None)
    contributor.letters, contributor.group_id, contributor.erased_at = Letters.NOTHING, None, clock.now()
    db.session.execute(delete(Session).where(Session.contributor_id == contributor.id))
    db.session.execute(delete(SignInToken).where(SignInToken.contributor_id == contributor.id))
    db.session.execute(
        update(Outbox)
        .where(Outbox.contributor_id == contributor.id, Outbox.state == MailState.WAITING)
        .values(state=MailState.DROPPED)
    )
    db.session.flush()
    request_rewrite()


# -- the small print -------------------------------------------------------------------------------------------------
_BEFORE_ANSWERING = frozenset({ExerciseState.ASKING, ExerciseState.SORTING})


def _readable(texts: Sequence[str], field: str = "texts") -> tuple[str, ...]:
    """The texts made clean, without empty ones and repeats; refuses nothing, too much and too many."""
    cleaned = tuple(dict.fromkeys(text for text in map(clean_words, texts) if _says_something(text)))
    if not cleaned:
        raise Invalid(_("Write your question, even if it is only a few words."), field=field)
    if len(cleaned) > MOST_AT_ONCE:
        raise Invalid(_("Please send ten questions at most, then come back for more."), field=field)
    if any(len(text) > LONGEST for text in cleaned):
        raise Invalid(_("This is longer than we can take: 4000 letters at most. Please send it in parts."), field=field)
    return cleaned


def _says_something(text: str) -> bool:
    """Whether anything in a text can be seen."""
    return any(unicodedata.category(letter)[0] not in "CZ" for letter in text)


def _keep(sending: _Sending, contributor: Contributor | None) -> Sent:
    contributor = contributor or _known_contributor(sending)
    known = {} if contributor is None else _known_proposals(sending, contributor)
    if len(known) < len(sending.texts):
        if not can_propose(sending.exercise, clock.now()):
            raise AskingEnded(_("Asking has ended."))
        contributor = contributor or _new_contributor(sending)
        new = {text: _new_proposal(sending, contributor, text) for text in sending.texts if text not in known}
        _tell(contributor, list(new.values()), sending)
        known |= new
    if contributor is None:
        raise LookupError("Something was sent by nobody.")
    return Sent(contributor, [known[text] for text in sending.texts], accounts.code_of(contributor))


def _known_contributor(sending: _Sending) -> Contributor | None:
    """Who was made when the same form was sent before."""
    if sending.once is None:
        return None
    known = db.session.scalar(select(Contributor).where(Contributor.public_id == _id_of("contributor", sending.once)))
    if known is not None and known.erased_at is not None:
        raise Stale(_("We deleted this when you asked us to. To ask again, please begin with a new page."))
    return known


def _known_proposals(sending: _Sending, contributor: Contributor) -> dict[str, Proposal]:
    """Which of the texts came in before, with the same form."""
    if sending.once is None:
        return {}
    wanted = {_proposal_id(sending.once, contributor, text): text for text in sending.texts}
    rows = db.session.scalars(select(Proposal).where(Proposal.public_id.in_(wanted)))
    return {wanted[proposal.public_id]: proposal for proposal in rows}


def _new_contributor(sending: _Sending) -> Contributor:
    public_id = ids.new_public_id() if sending.once is None else _id_of("contributor", sending.once)
    unreachable = sending.address is None and sending.channel is Channel.WEB
    contributor = Contributor(
        public_id=public_id,
        exercise_id=sending.exercise.id,
        group_id=None if sending.group is None else sending.group.id,
        locale=sending.locale,
        channel=sending.channel,
        letters=Letters.NOTHING if unreachable else sending.letters,
        code_hash=keys.fingerprint(keys.code(accounts.CODE, public_id)),
    )
    _set_address(contributor, sending.address)
    db.session.add(contributor)
    db.session.flush()
    consent.give(contributor, sending.purposes)
    return contributor


def _new_proposal(sending: _Sending, contributor: Contributor, text: str) -> Proposal:
    proposal = Proposal(
        public_id=ids.new_public_id() if sending.once is None else _proposal_id(sending.once, contributor, text),
        exercise_id=sending.exercise.id,
        contributor_id=contributor.id,
        group_id=None if sending.group is None else sending.group.id,
        locale=sending.locale,
        on_behalf=sending.on_behalf,
        stage=sending.stage,
        theme=sending.theme,
        kind=sending.kind,
        channel=sending.channel,
    )
    db.session.add(proposal)
    db.session.flush()
    _add_words(proposal, text, WordsKind.ORIGINAL)
    db.session.add(ProposalPart(proposal=proposal, n=1, words_n=1, start=0, end=len(text)))
    db.session.flush()
    return proposal


def _tell(contributor: Contributor, new: list[Proposal], sending: _Sending) -> None:
    """That each proposal came in is kept; one letter says so for everything that was sent together."""
    source = str(sending.channel)
    events = [outcomes.note(Moment.RECEIVED, proposal, sending.exercise, source=source) for proposal in new]
    outcomes.tell(contributor, events[0], sending.exercise)


def _add_words(proposal: Proposal, text: str, kind: WordsKind) -> ProposalWords:
    n = max((words.n for words in proposal.words), default=0) + 1
    words = ProposalWords(proposal=proposal, n=n, kind=kind, text=text)
    db.session.add(words)
    db.session.flush()
    return words


def _take_back(proposal: Proposal) -> None:
    parts = [part for part in proposal.parts if part.retired_at is None]
    trail.add_line(Operation.WITHDRAW, parts, exercise=proposal.exercise, actor=None)
    proposal.withdrawn_at = clock.now()
    for part in parts:
        part.retired_at = clock.now()
    db.session.flush()


def _erase_words(proposal: Proposal) -> None:
    for words in proposal.words:
        db.session.add(
            WordsErasure(proposal_id=proposal.id, n=words.n, reason=ErasureReason.ASKED, erased_at=clock.now())
        )
    db.session.flush()  # the marks come first: without them the database refuses to delete words
    db.session.execute(delete(ProposalWords).where(ProposalWords.proposal_id == proposal.id))
    db.session.execute(
        delete(Translation).where(Translation.kind == TranslationKind.PROPOSAL, Translation.object_id == proposal.id)
    )
    db.session.execute(delete(Objection).where(Objection.part_id.in_([part.id for part in proposal.parts])))
    db.session.expire(proposal, ["words"])


def _set_address(contributor: Contributor, address: str | None) -> None:
    contributor.address = None if address is None else keys.hide(address)
    contributor.address_lookup = None if address is None else keys.lookup(address)


def _proposal_id(once: str, contributor: Contributor, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return _id_of("proposal", f"{once}|{contributor.public_id}|{digest}")


def _id_of(kind: str, name: str) -> str:
    """A public id that the same form always gives, and that nobody can work out without the key."""
    return keys.token(kind, name)[:26]
