"""The forms of the coordinator's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, ValidationError

from priority.errors import Invalid
from priority.queries.rules import HIGH, LOW
from priority.services import consent, drafting
from priority.services.drafting import RuleDraft, SideDraft
from priority.web.fields import Form, LineField, WordsField, choices
from priority.web.transaction import fail
from priority.words import PublicationLevel, Purpose, RoleName, SessionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wtforms import Field

    from priority.models import Organisation
    from priority.services.protocols import Body

LINE = Length(max=300)
TEXT = Length(max=4000)
FIRST_YEAR, LAST_YEAR = 2000, 2199
LANGUAGES = (("en", "English"), ("sv", "Svenska"), ("fr", "Français"))
SIDES = ("side1", "side2", "side3")
METHODS = (
    ("jla", _l("Equal weight by side: places in each side become points, and the points are added (JLA)")),
    ("borda", _l("Borda: points for each question that comes after")),
    ("copeland", _l("Copeland: how many other questions it beats")),
    ("kemeny", _l("Kemeny: the order that differs least from what people answered")),
)


def on_a_calendar(_form: Form, field: Field) -> None:
    """Refuses a year in which no exercise runs; the first and the last years there are cannot be told in every zone."""
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Check the year of this day."))


def took(form: Form, act: Callable[[], Any]) -> bool:
    """Whether what was posted was taken; where it was not, the form says why and nothing of it is kept."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except Invalid as refusal:
        fail()
        form.refuse(str(refusal.words), refusal.field if refusal.field in form else None)
        return False
    return True


class ContactsForm(Form):
    """Who is named on every page of an exercise."""

    contact_name = LineField(_l("Somebody people can call: name"), [InputRequired(), LINE])
    contact_phone = LineField(_l("Telephone"), [InputRequired(), LINE])
    contact_hours = LineField(_l("When they can be reached"), [InputRequired(), LINE])
    contact_email = LineField(_l("E-mail"), [InputRequired(), LINE, Email(check_deliverability=False)])
    readers = LineField(_l("Who reads what people write"), [InputRequired(), LINE])
    safeguarding_contact = LineField(_l("Safeguarding contact"), [LINE])


class NewExercise(ContactsForm):
    """A new exercise, with everything that its template says in plain fields."""

    title = LineField(_l("What is it about?"), [InputRequired(), Length(max=120)])
    introduction = WordsField(_l("What people read first"), [InputRequired(), TEXT])
    locale = SelectField(_l("Language of these texts"), choices=choices(LANGUAGES))
    time_zone = LineField(_l("Time zone"), [InputRequired(), Length(max=40)])
    side1_name = LineField(_l("First side"), [LINE])
    side1_share = IntegerField(_l("Its parts of the say"), [Optional(), NumberRange(1, 100)])
    side1_groups = WordsField(_l("Its groups"), [TEXT])
    side2_name = LineField(_l("Second side"), [LINE])
    side2_share = IntegerField(_l("Its parts of the say"), [Optional(), NumberRange(1, 100)])
    side2_groups = WordsField(_l("Its groups"), [TEXT])
    side3_name = LineField(_l("Third side"), [LINE])
    side3_share = IntegerField(_l("Its parts of the say"), [Optional(), NumberRange(1, 100)])
    side3_groups = WordsField(_l("Its groups"), [TEXT])
    observers = WordsField(_l("Groups that look on"), [TEXT])
    rule = RadioField(
        _l("When is a question in?"),
        choices=choices(
            [
                (drafting.SHARE, _l("By shares: enough people choose 7, 8 or 9, and few choose 1, 2 or 3")),
                (drafting.MEDIAN, _l("RAND/UCLA: by the middle answer, unless people disagree")),
            ]
        ),
    )
    high = IntegerField(_l("At least this percentage chooses 7, 8 or 9"), [InputRequired(), NumberRange(1, 100)])
    low = IntegerField(_l("Less than this percentage chooses 1, 2 or 3"), [InputRequired(), NumberRange(1, 100)])
    scope = RadioField(
        _l("Who must agree?"), choices=choices([("sides", _l("Every side")), ("pooled", _l("Everybody together"))])
    )
    primary = RadioField(_l("How is the list made?"), choices=choices(METHODS))
    level = RadioField(
        _l("What is published of the answers?"), choices=choices([(str(one), one.label) for one in PublicationLevel])
    )
    asking_text = WordsField(_l("What people agree to before they ask"), [InputRequired(), TEXT])
    answering_text = WordsField(_l("What people agree to before they answer"), [InputRequired(), TEXT])

    def __iter__(self) -> Iterator[Field]:
        """The fields as they stand on the page: the contacts come last."""
        return iter(sorted(super().__iter__(), key=lambda field: hasattr(ContactsForm, field.short_name)))

    @classmethod
    def start(cls, body: Body, organisation: Organisation) -> dict[str, Any]:
        """What the fields hold before anybody typed: the template's rules and the organisation's contact."""
        sides: dict[str, Any] = {}
        for field, side in zip(SIDES, body["sides"], strict=False):
            sides |= {f"{field}_name": side["name"], f"{field}_share": side["share"]}
            sides |= {f"{field}_groups": drafting.typed_groups(side["groups"])}
        rule = body["consensus"]
        contacts = ("contact_name", "contact_phone", "contact_hours", "contact_email")
        return sides | {
            **{name: getattr(organisation, name) for name in contacts},
            "introduction": _("You need not be an expert. Start with what is hard on an ordinary day."),
            "locale": organisation.locale,
            "time_zone": "Europe/Stockholm",
            "observers": drafting.typed_groups(body["observers"]),
            "rule": rule["rule"],
            "high": rule.get("high", HIGH),
            "low": rule.get("low", LOW),
            "scope": rule["scope"],
            "primary": body["primary"]["method"],
            "level": body["publication_level"],
            "asking_text": str(consent.STANDARD[SessionKind.CONTRIBUTOR, Purpose.TAKE_PART]),
            "answering_text": str(consent.STANDARD[SessionKind.PANELIST, Purpose.TAKE_PART]),
        }

    def drafted(self, body: Body) -> Body:
        """The template's rules with what was typed."""
        sides = [
            SideDraft(
                field,
                self[f"{field}_name"].data or "",
                self[f"{field}_share"].data or 0,
                self[f"{field}_groups"].data or "",
            )
            for field in SIDES
        ]
        consensus = RuleDraft(self.rule.data, self.high.data or 0, self.low.data or 0, self.scope.data)
        return drafting.drafted(
            body,
            sides=sides,
            observers=self.observers.data or "",
            consensus=consensus,
            primary=self.primary.data,
            level=self.level.data,
        )

    def values(self) -> dict[str, Any]:
        """What the exercise itself is made from."""
        names = ("title", "introduction", "locale", "time_zone", "asking_text", "answering_text")
        return {name: self[name].data for name in (*names, *contact_names())}


def contact_names() -> list[str]:
    """The fields of `ContactsForm`, as the service calls them."""
    contacts = ("contact_name", "contact_phone", "contact_hours", "contact_email")
    return [*contacts, "readers", "safeguarding_contact"]


class AskingForm(Form):
    """Until when questions are collected, and who is told of harm."""

    until = DateTimeLocalField(_l("Until when can people ask?"), [Optional(), on_a_calendar])
    safeguarding_contact = LineField(_l("Safeguarding contact"), [LINE])


class RoleForm(Form):
    """A role for somebody, by their e-mail."""

    name = LineField(_l("Name"), [InputRequired(), LINE])
    address = LineField(_l("E-mail"), [InputRequired(), LINE, Email(check_deliverability=False)])
    role = RadioField(
        _l("What may they do?"),
        choices=choices(
            [
                (str(RoleName.MODERATOR), _l("Moderator: reads what people wrote, and sorts it")),
                (str(RoleName.COORDINATOR), _l("Coordinator: everything on these pages")),
                (str(RoleName.RESEARCHER), _l("Researcher: reads the results when they are out")),
            ]
        ),
    )


class ListForm(Form):
    """A list of people, pasted or as a file."""

    text = TextAreaField(_l("Paste the list here"))
    file = FileField(_l("Or choose a CSV file"))


class OpenForm(Form):
    """Opens a round: until when, and for the last one which questions."""

    closes_at = DateTimeLocalField(_l("Until when can people answer?"), [InputRequired(), on_a_calendar])
    questions = SelectMultipleField(_l("Questions to put in order"), coerce=int, choices=[])


class EndForm(Form):
    """Moves the end of a round."""

    closes_at = DateTimeLocalField(_l("The new end"), [InputRequired(), on_a_calendar])
    reason = WordsField(_l("Why?"), [InputRequired(), TEXT])


class CloseForm(Form):
    """Closes a round, before its end with a reason."""

    reason = WordsField(_l("Why does it close early?"), [TEXT])
