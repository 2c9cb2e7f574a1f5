"""What people choose and type who answer without an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Length

from priority.web.fields import Form, LineField, choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import StakeholderGroup


class BeginForm(Form):
    """Whose view somebody gives."""

    group = RadioField(_l("Whose view do you give?"), validators=[InputRequired(_l("Choose whose view you give."))])

    def offer(self, groups: Sequence[StakeholderGroup]) -> BeginForm:
        """The form with these groups to choose from."""
        self.group.choices = choices((group.key, group.member) for group in groups)
        return self


class DoorForm(Form):
    """The code on a slip or on a poster, or one that was kept."""

    code = LineField(_l("Your code"), validators=[InputRequired(_l("Write your code.")), Length(max=100)])
