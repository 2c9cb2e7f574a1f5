"""The forms of what comes before and during a round: its dates, reminders, and trials."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectMultipleField
from wtforms.validators import InputRequired

from priority.web.admin.forms import on_a_calendar
from priority.web.fields import Form


class DatesForm(Form):
    """When a round opens by itself, and until when it asks."""

    opens_at = DateTimeLocalField(_l("When does it open?"), [InputRequired(), on_a_calendar])
    until = DateTimeLocalField(_l("Until when can people answer?"), [InputRequired(), on_a_calendar])


class RemindForm(Form):
    """Which groups are reminded; none of them means all."""

    groups = SelectMultipleField(_l("Who gets the letter?"), choices=[])


class TrialForm(Form):
    """Who tries a round out, and until when."""

    people = SelectMultipleField(_l("Who tries it out?"), choices=[])
    closes_at = DateTimeLocalField(_l("Until when?"), [InputRequired(), on_a_calendar])
