"""An exercise from its beginning to its published list: one step forward at a time, and the log says who took it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import Exercise, Proposal, Round, Side, StakeholderGroup
from priority.queries.rounds import live_questions, rounds_of
from priority.services import accounts, audit, consent, outcomes, protocols, rounds, triage
from priority.services.drafting import published_in_words
from priority.words import ExerciseState, Moment, Purpose, RoleName, RoundState, SessionKind, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from priority.models import Organisation, Person
    from priority.services.protocols import Body

ROLES = (RoleName.MODERATOR, RoleName.COORDINATOR, RoleName.RESEARCHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Who is named on every page, who reads the words, and who helps when somebody writes of harm."""

    contact_name: str
    contact_phone: str
    contact_hours: str
    contact_email: str
    readers: str
    safeguarding_contact: str | None = None

    def refuse_gaps(self) -> None:
        """Raises where somebody who must be named is not; only the safeguarding contact can be named later."""
        for field in fields(self):
            if field.name != "safeguarding_contact" and not getattr(self, field.name).strip():
                raise Invalid(_("Please fill this in. It stands on every page."), field=field.name)


def create(  # noqa: PLR0913 - everything that an exercise cannot be without
    organisation: Organisation,
    *,
    template: Template,
    title: str,
    introduction: str,
    locale: str,
    time_zone: str,
    contact_name: str,
    contact_phone: str,
    contact_hours: str,
    contact_email: str,
    readers: str,
    actor: Person | None,
    safeguarding_contact: str | None = None,
    simulated: bool = False,
    body: Body | None = None,
    asking_text: str | None = None,
    answering_text: str | None = None,
) -> Exercise:
    """A new exercise that is not open yet: with sides and groups, rules, a key for its ballots, texts to agree to.

    `body` are the template's rules as the coordinator changed them. Refuses an unknown time zone and missing names.
    """
    contacts = Contacts(
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_hours=contact_hours,
        contact_email=contact_email,
        readers=readers,
        safeguarding_contact=safeguarding_contact or None,
    )
    contacts.refuse_gaps()
    _refuse_unknown_zone(time_zone)
    exercise = Exercise(
        organisation=organisation,
        template=template,
        title=title,
        introduction=introduction,
        locale=locale,
        time_zone=time_zone,
        simulated=simulated,
        **asdict(contacts),
    )
    db.session.add(exercise)
    db.session.flush()
    body = body or protocols.body_for(template)
    protocols.write_first(exercise, body, actor=actor)
    _add_sides(exercise, body)
    exercise.ballot_key_check = keys.make_exercise_key(exercise.public_id)
    _add_texts(exercise, body, asking_text, answering_text)
    if actor is not None and not _holds(actor, RoleName.COORDINATOR, exercise):
        accounts.give_role(actor, RoleName.COORDINATOR, exercise)
    audit.record("exercise_created", exercise=exercise, actor=actor, template=str(template))
    return exercise


def set_contacts(exercise: Exercise, contacts: Contacts, *, actor: Person | None) -> None:
    """Other people to talk to. Refuses to leave an open exercise without a safeguarding contact."""
    contacts.refuse_gaps()
    safeguarding = (contacts.safeguarding_contact or "").strip() or None
    if safeguarding is None and exercise.state is not ExerciseState.DRAFT:
        raise Invalid(_no_safeguarding(), field="safeguarding_contact")
    for name, value in (asdict(contacts) | {"safeguarding_contact": safeguarding}).items():
        setattr(exercise, name, value)
    db.session.flush()
    audit.record("contacts_changed", exercise=exercise, actor=actor)


def name_safeguarding(exercise: Exercise, contact: str, *, actor: Person | None) -> None:
    """Who is told at once when somebody writes of harm; refuses nobody."""
    if not contact.strip():
        raise Invalid(_no_safeguarding(), field="safeguarding_contact")
    if contact.strip() != exercise.safeguarding_contact:
        exercise.safeguarding_contact = contact.strip()
        _moved("safeguarding_contact_named", exercise, actor)


def open_asking(exercise: Exercise, *, until: datetime | None, actor: Person | None) -> None:
    """Questions can be asked from now on. Refuses without a safeguarding contact, and an end that has passed."""
    _refuse_unless(exercise, ExerciseState.DRAFT)
    if not exercise.safeguarding_contact:
        raise Invalid(_no_safeguarding(), field="safeguarding_contact")
    _refuse_past(until)
    exercise.state, exercise.asking_until = ExerciseState.ASKING, until
    _moved("asking_opened", exercise, actor, until=None if until is None else until.isoformat())


def move_asking(exercise: Exercise, *, until: datetime | None, actor: Person | None) -> None:
    """Another end of asking, while questions are being collected."""
    _refuse_unless(exercise, ExerciseState.ASKING)
    _refuse_past(until)
    exercise.asking_until = until
    _moved("asking_end_moved", exercise, actor, until=None if until is None else until.isoformat())


def close_asking(exercise: Exercise, *, actor: Person | None) -> None:
    """No more questions come in; the sorting begins."""
    _refuse_unless(exercise, ExerciseState.ASKING)
    exercise.state = ExerciseState.SORTING
    _moved("asking_closed", exercise, actor)


def finish_sorting(exercise: Exercise, *, actor: Person | None) -> Sequence[Round]:
    """The rounds are planned and can open. Refuses while anybody's words wait for an answer, and an empty list."""
    _refuse_unless(exercise, ExerciseState.SORTING)
    waiting = triage.waiting(exercise)
    if waiting:
        raise Stale(
            ngettext(
                "%(num)d thing that somebody asked has no answer yet. Sorting ends when all have one.",
                "%(num)d things that people asked have no answer yet. Sorting ends when all have one.",
                waiting,
            )
        )
    if not live_questions(exercise):
        raise Stale(_("There is no question on the list yet, so there is nothing to answer."))
    planned = rounds.plan(exercise)
    exercise.state = ExerciseState.ANSWERING
    _moved("sorting_finished", exercise, actor)
    return planned


def publish(exercise: Exercise, *, actor: Person | None) -> int:
    """The list is public, and everybody who asked hears of it, once each; gives how many people that are.

    Refuses before the last planned round has closed.
    """
    _refuse_unless(exercise, ExerciseState.ANSWERING)
    planned = rounds_of(exercise)
    still = next((one for one in planned if one.state is not RoundState.CLOSED), None)
    if not planned or still is not None:
        n = 1 if still is None else still.n
        raise Stale(_("Round %(n)d has not closed yet. The list comes out after the last round.", n=n))
    exercise.state, exercise.published_at = ExerciseState.PUBLISHED, clock.now()
    db.session.flush()
    told = _tell_the_end(exercise)
    _moved("published", exercise, actor, told=told)
    return told


def give_role(
    exercise: Exercise, *, name: str, address: str, role: RoleName, actor: Person | None
) -> tuple[Person, bool]:
    """Gives somebody a role in this exercise, by their e-mail; gives them, and whether the role is new to them.

    Refuses roles that are not given here.
    """
    if role not in ROLES:
        raise Invalid(_("Choose one of the roles."), field="role")
    person = accounts.add_person(exercise.organisation, name=name, address=address)
    known = _holds(person, role, exercise)
    if not known:
        accounts.give_role(person, role, exercise)
        db.session.refresh(person)
        audit.record("role_given", exercise=exercise, actor=actor, person=person.public_id, role=str(role))
    return person, not known


# -- the small print -------------------------------------------------------------------------------------------------
def _holds(person: Person, role: RoleName, exercise: Exercise) -> bool:
    return any(held.name is role and held.exercise_id in {None, exercise.id} for held in person.roles)


def _add_sides(exercise: Exercise, body: Body) -> None:
    for position, side in enumerate(body["sides"], start=1):
        row = Side(exercise=exercise, key=side["key"], name=side["name"], share=side["share"], position=position)
        db.session.add(row)
        _add_groups(exercise, row, side["groups"], first=10 * position)
    _add_groups(exercise, None, body["observers"], first=1000)
    db.session.flush()
    db.session.refresh(exercise)


def _add_groups(exercise: Exercise, side: Side | None, groups: Iterable[Body], *, first: int) -> None:
    for position, group in enumerate(groups, start=first):
        db.session.add(
            StakeholderGroup(
                exercise=exercise,
                side=side,
                key=group["key"],
                name=group["name"],
                member=group["member"],
                position=position,
            )
        )


def _add_texts(exercise: Exercise, body: Body, asking: str | None, answering: str | None) -> None:
    """What people agree to before they ask or answer; those who answer read how much is published, too."""
    asked = asking or str(consent.STANDARD[SessionKind.CONTRIBUTOR, Purpose.TAKE_PART])
    answer = answering or str(consent.STANDARD[SessionKind.PANELIST, Purpose.TAKE_PART])
    published = published_in_words(body["publication_level"])
    consent.set_text(exercise, SessionKind.CONTRIBUTOR, Purpose.TAKE_PART, exercise.locale, asked)
    consent.set_text(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, exercise.locale, f"{answer}\n{published}")


def _tell_the_end(exercise: Exercise) -> int:
    """Keeps for each question somebody asked that the list is out, and writes to each person once."""
    told = set()
    for proposal in db.session.scalars(
        select(Proposal)
        .where(Proposal.exercise_id == exercise.id, Proposal.withdrawn_at.is_(None))
        .order_by(Proposal.id)
    ):
        event = outcomes.note(Moment.END, proposal, exercise, source="publication")
        contributor = proposal.contributor
        if contributor is not None and contributor.id not in told:
            told.add(contributor.id)
            outcomes.tell(contributor, event, exercise)
    return len(told)


def _moved(action: str, exercise: Exercise, actor: Person | None, **body: str | int | None) -> None:
    db.session.flush()
    audit.record(action, exercise=exercise, actor=actor, **body)


def _refuse_unless(exercise: Exercise, state: ExerciseState) -> None:
    if exercise.state is not state:
        raise Stale(
            _(
                "This step has been taken, or is not due yet. The exercise stands at “%(now)s”.",
                now=exercise.state.label,
            )
        )


def _refuse_past(until: datetime | None) -> None:
    if until is not None and until <= clock.now():
        raise Invalid(_("Please choose a time that is still to come."), field="until")


def _refuse_unknown_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            _("We do not know this time zone. Names look like Europe/Stockholm."), field="time_zone"
        ) from None


def _no_safeguarding() -> str:
    words: str = _(
        "Name the person who is told at once when somebody writes of self-harm, abuse or an emergency, and how to "
        "reach them. Without that nobody can be asked."
    )
    return words
