"""Who runs the demo: an umbrella of associations with its staff, and the exercises they set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from priority import clock
from priority.services import accounts, consent, exercises, organisations, protocols
from priority.words import PublicationLevel, Purpose, RoleName, SessionKind, Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.demo.calendar import Calendar
    from priority.demo.texts import DemoTexts, Layer
    from priority.demo.texts import Person as Named
    from priority.models import Exercise, Organisation, Person
    from priority.services.protocols import Body

TIME_ZONE = "Europe/London"
# What the first rounds of the demo ask beyond the ordinary: new questions, then reasons.
ASKS: dict[int, Body] = {1: {"suggestions": True}, 2: {"reasons": True}}
ROLES = (RoleName.ADMINISTRATOR, RoleName.COORDINATOR, RoleName.MODERATOR, RoleName.RESEARCHER)


@dataclass(frozen=True, slots=True)
class House:
    """The organisation of the demo, and its staff by role."""

    organisation: Organisation
    staff: dict[RoleName, list[Person]]
    words: DemoTexts

    @property
    def coordinator(self) -> Person:
        """Whoever moves the exercises on."""
        return self.staff[RoleName.COORDINATOR][0]

    @property
    def moderators(self) -> list[Person]:
        """Those who read and sort."""
        return self.staff[RoleName.MODERATOR]


def found(words: DemoTexts) -> House:
    """The organisation and its staff; everybody has their role in all of its exercises."""
    host = next(one for one in words.exercise.associations if one.role == "host")
    organisation = organisations.found(name=host.name, locale="en", **_contact(words))
    staff: dict[RoleName, list[Person]] = {}
    for role in ROLES:
        staff[role] = [_person(organisation, named) for named in words.exercise.people_of(role)]
        for person in staff[role]:
            accounts.give_role(person, role)
    return House(organisation, staff, words)


# After the group has answered, anybody may choose ten, with a printed slip or by a link in a newsletter.
OPEN_ROUND = {"kind": "choose", "choose": 10, "ranked": False, "access": "open", "count": "verified"}


def set_up(
    house: House, title: str, introduction: str, dates: Calendar, *, more_rounds: Sequence[Body] = ()
) -> Exercise:
    """An exercise of the demo, open for questions. Whole answers get published, and every page says it is made up."""
    words = house.words
    body = protocols.body_for(Template.JLA_STYLE) | {"publication_level": str(PublicationLevel.L3)}
    body["rounds"] = [*(design | ASKS.get(n, {}) for n, design in enumerate(body["rounds"], start=1)), *more_rounds]
    safeguarding = words.exercise.people_of("safeguarding")[0]
    with clock.at(dates.created):
        exercise = exercises.create(
            house.organisation,
            template=Template.JLA_STYLE,
            title=title,
            introduction=introduction,
            locale="en",
            time_zone=TIME_ZONE,
            **_contact(words),
            readers=_both([person.name.split()[0] for person in house.moderators]),
            safeguarding_contact=f"{safeguarding.name}, {safeguarding.telephone}, {safeguarding.email}",
            actor=house.coordinator,
            simulated=True,
            body=body,
        )
        _set_texts(exercise, words)
    with clock.at(dates.asking[0]):
        exercises.open_asking(exercise, until=dates.asking[1], actor=house.coordinator)
    return exercise


def _contact(words: DemoTexts) -> dict[str, str]:
    contact = words.exercise.people_of("contact")[0]
    return {
        "contact_name": contact.name,
        "contact_phone": contact.telephone or "",
        "contact_hours": contact.hours.en if contact.hours else "",
        "contact_email": contact.email,
    }


def _person(organisation: Organisation, named: Named) -> Person:
    return accounts.add_person(organisation, name=named.name, address=named.email, locale=named.locale)


def _set_texts(exercise: Exercise, words: DemoTexts) -> None:
    """What people agree to, in the three languages of the demo."""
    for audience, layers in ((SessionKind.CONTRIBUTOR, words.consent), (SessionKind.PANELIST, words.answering)):
        for locale, layer in layers.items():
            consent.set_text(exercise, audience, Purpose.TAKE_PART, locale, _lines(layer))


def _lines(layer: Layer) -> str:
    return "\n".join(line for line in (*layer.sentences, layer.after) if line)


def _both(names: list[str]) -> str:
    return " and ".join(names)
