"""Coming in and going out: links, codes, sessions, and the people and roles of an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from priority import clock, ids
from priority.errors import Gone, Invalid
from priority.extensions import db, keys
from priority.models import Contributor, Panelist, Person, Role, Round, Session, SignInToken
from priority.policy import Actor
from priority.services import outbox
from priority.words import RoundState, SessionKind

if TYPE_CHECKING:
    from datetime import datetime

    from priority.models import Exercise, Organisation
    from priority.words import RoleName

LINK_LASTS = timedelta(minutes=15)
DOUBLE_PRESS = timedelta(seconds=20)
STAFF_LASTS = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=5)
PANELIST_LASTS = timedelta(hours=8)
CONTRIBUTOR_LASTS = timedelta(hours=8)
LINK, CODE = "link", "code"

Somebody = Person | Contributor | Panelist


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in on this device: the actor for the policy, and the row of the person."""

    actor: Actor
    session: Session
    somebody: Somebody

    @property
    def label(self) -> str:
        """What the page calls them: staff by name, a panelist by group, a contributor by their page."""
        if isinstance(self.somebody, Person):
            return self.somebody.name
        if isinstance(self.somebody, Panelist):
            return self.somebody.group.name
        return str(_("Your private page"))


# -- sessions --------------------------------------------------------------------------------------------------------
def find_session(secret: str) -> SignedIn | None:
    """Whoever is signed in with this browser's secret; None when nobody is, or the session is over."""
    session = db.session.get(Session, keys.fingerprint(secret))
    if session is None or _is_over(session):
        return None
    somebody = session.person or session.panelist or session.contributor
    if somebody is None or _is_gone(somebody):
        return None
    return SignedIn(_actor(session.kind, somebody), session, somebody)


def sign_in(somebody: Somebody, secret: str) -> Session:
    """Signs somebody in on the browser that has this (new) secret."""
    kind, lasts = _KINDS[type(somebody)]
    moment = clock.now()
    session = Session(
        token_hash=keys.fingerprint(secret),
        kind=kind,
        expires_at=moment + lasts,
        last_seen_at=moment if kind is SessionKind.STAFF else None,
        **{f"{kind}_id" if kind is not SessionKind.STAFF else "person_id": somebody.id},
    )
    db.session.add(session)
    db.session.flush()
    return session


def kind_of(somebody: Somebody) -> SessionKind:
    """As what somebody signs in."""
    return _KINDS[type(somebody)][0]


def sign_out(secret: str) -> None:
    """Ends the session of this browser, if it has one."""
    db.session.execute(delete(Session).where(Session.token_hash == keys.fingerprint(secret)))


def is_long_unseen(session: Session) -> bool:
    """Whether a session must be noted as seen before long; never a panelist's or a contributor's."""
    return session.last_seen_at is not None and clock.now() - session.last_seen_at >= SEEN_EVERY


def note_seen(session: Session) -> bool:
    """Keeps a staff session awake, written at most every five minutes; True where it wrote."""
    if not is_long_unseen(session):
        return False
    seen = update(Session).where(Session.token_hash == session.token_hash).values(last_seen_at=clock.now())
    db.session.execute(seen)
    return True


# -- links and codes -------------------------------------------------------------------------------------------------
def behind_link(token: str) -> Somebody:
    """Whose link this is, changing nothing; refuses a used, expired or unknown one."""
    return _link(token, still=timedelta(0))[0]


def use_link(token: str) -> Somebody:
    """Whose link this is; a link that was asked for is used up by this. A button pressed twice is one press."""
    somebody, asked = _link(token, still=DOUBLE_PRESS)
    if asked is not None and not asked.reusable and asked.used_at is None:
        asked.used_at = clock.now()
    return somebody


def behind_code(text: str) -> Contributor | Panelist:
    """Whose return code or panel code was typed; refuses a wrong one. Count the tries before calling."""
    code = ids.typed(text)
    if len(code) != ids.CODE_LENGTH:
        raise Invalid(
            _("We can't find that code. Codes have ten letters and numbers and look like 7kq2m-x4p9d."), field="code"
        )
    mark = keys.fingerprint(code)
    found = db.session.scalar(
        select(Contributor).where(Contributor.code_hash == mark, Contributor.erased_at.is_(None))
    ) or db.session.scalar(select(Panelist).where(Panelist.code_hash == mark))
    if found is None:
        raise Invalid(
            _("We can't find that code. Codes have ten letters and numbers and look like 7kq2m-x4p9d."), field="code"
        )
    if isinstance(found, Panelist):
        _refuse_ended(found)
    return found


def ask_for_link(address: str) -> None:
    """Sends a link to everybody who has this address here. Says nothing about whether there is anybody."""
    mark = keys.lookup(address)
    people: list[Person | Contributor] = [
        *db.session.scalars(select(Person).where(Person.address_lookup == mark, Person.active)),
        *db.session.scalars(
            select(Contributor).where(Contributor.address_lookup == mark, Contributor.erased_at.is_(None))
        ),
    ]
    panelists = db.session.scalars(select(Panelist).where(Panelist.address_lookup == mark, Panelist.active)).all()
    for panelist in panelists:
        if not _has_ended(panelist):  # their own link is sent again: it works until the last round closes
            asked = f"asked:{ids.new_public_id()}"
            outbox.queue("invitation", panelist, event_key=asked, exercise=panelist.exercise)
    for somebody in people:
        token = make_link(somebody, lasts=LINK_LASTS)
        outbox.queue("sign_in", somebody, event_key=f"sign-in:{token.public_id}", token=token.public_id)


def make_link(somebody: Person | Contributor, *, lasts: timedelta, reusable: bool = False) -> SignInToken:
    """A link for somebody; `secret_of` gives its secret, which is not stored."""
    public_id = ids.new_public_id()
    token = SignInToken(
        public_id=public_id,
        token_hash=keys.fingerprint(keys.token(LINK, public_id)),
        code_hash=keys.fingerprint(keys.code(CODE, public_id)),
        person_id=somebody.id if isinstance(somebody, Person) else None,
        contributor_id=somebody.id if isinstance(somebody, Contributor) else None,
        reusable=reusable,
        expires_at=clock.now() + lasts,
    )
    db.session.add(token)
    db.session.flush()
    return token


def secret_of(thing: SignInToken | Panelist) -> str:
    """The secret part of a link that was asked for, or of a panelist's invitation."""
    return keys.token(LINK, thing.public_id, thing.link_number if isinstance(thing, Panelist) else 1)


def code_of(thing: Contributor | Panelist) -> str:
    """The code that somebody can type, as it stands now."""
    return keys.code(CODE, thing.public_id, thing.link_number if isinstance(thing, Panelist) else thing.code_number)


# -- people and roles ------------------------------------------------------------------------------------------------
def add_person(organisation: Organisation, *, name: str, address: str, locale: str = "en") -> Person:
    """A new person of the staff; the one who has this address already, where there is one."""
    mark = keys.lookup(address)
    known = db.session.scalar(
        select(Person).where(Person.organisation_id == organisation.id, Person.address_lookup == mark)
    )
    if known is not None:
        return known
    person = Person(
        organisation_id=organisation.id, name=name, address=keys.hide(address), address_lookup=mark, locale=locale
    )
    db.session.add(person)
    db.session.flush()
    return person


def give_role(person: Person, role: RoleName, exercise: Exercise | None = None) -> Role:
    """Gives a person a role, everywhere or in one exercise; the one they have already, where they have it."""
    where = None if exercise is None else exercise.id
    known = db.session.scalar(
        select(Role).where(Role.person_id == person.id, Role.name == role, Role.exercise_id.is_not_distinct_from(where))
    )
    if known is not None:
        return known
    given = Role(person_id=person.id, organisation_id=person.organisation_id, exercise_id=where, name=role)
    db.session.add(given)
    db.session.flush()
    return given


# -- the small print -------------------------------------------------------------------------------------------------
_KINDS: dict[type, tuple[SessionKind, timedelta]] = {
    Person: (SessionKind.STAFF, STAFF_LASTS),
    Panelist: (SessionKind.PANELIST, PANELIST_LASTS),
    Contributor: (SessionKind.CONTRIBUTOR, CONTRIBUTOR_LASTS),
}


def _is_over(session: Session) -> bool:
    moment: datetime = clock.now()
    if moment >= session.expires_at:
        return True
    return session.last_seen_at is not None and moment - session.last_seen_at > STAFF_IDLE


def _is_gone(somebody: Somebody) -> bool:
    if isinstance(somebody, Contributor):
        return somebody.erased_at is not None
    return not somebody.active


def _actor(kind: SessionKind, somebody: Somebody) -> Actor:
    if not isinstance(somebody, Person):
        return Actor(kind, somebody.id)
    roles = frozenset((role.name, role.exercise_id) for role in somebody.roles)
    return Actor(kind, somebody.id, somebody.organisation_id, roles)


def _link(token: str, *, still: timedelta) -> tuple[Somebody, SignInToken | None]:
    """Whose link this is, and the row of one that was asked for; a used one is good `still` for so long."""
    mark = keys.fingerprint(token)
    panelist = db.session.scalar(select(Panelist).where(Panelist.link_hash == mark))
    if panelist is not None:
        _refuse_ended(panelist)
        return panelist, None
    asked = db.session.scalar(select(SignInToken).where(SignInToken.token_hash == mark))
    somebody = None if asked is None else asked.person or asked.contributor
    if asked is None or somebody is None or _is_used(asked, still) or clock.now() >= asked.expires_at:
        raise Gone(_("This link has been used, or it is too old. We can send you a new one."))
    if _is_gone(somebody):
        raise Gone(_("This link no longer works."))
    return somebody, asked


def _is_used(asked: SignInToken, still: timedelta) -> bool:
    return asked.used_at is not None and clock.now() - asked.used_at >= still


def _refuse_ended(panelist: Panelist) -> None:
    """A panelist's link and code work until the last round has closed."""
    if not panelist.active:
        raise Gone(_("This link no longer works. Please write or call, and we will look at it together."))
    if _has_ended(panelist):
        raise Gone(_("The last round has closed, so this link has done its work. Thank you for your answers."))


def _has_ended(panelist: Panelist) -> bool:
    rounds = select(func.count()).select_from(Round).where(Round.exercise_id == panelist.exercise_id)
    return bool(db.session.scalar(rounds)) and not db.session.scalar(rounds.where(Round.state != RoundState.CLOSED))
