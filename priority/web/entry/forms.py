"""What people type to come in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import Email, InputRequired, Length

from priority.web.fields import Form, LineField


class AddressForm(Form):
    """An e-mail address that a link is sent to."""

    address = LineField(
        _l("Your e-mail address"),
        validators=[
            InputRequired(_l("Write your e-mail address.")),
            Length(max=254),
            Email(_l("Check this address. It looks like name@example.org.")),
        ],
    )


class CodeForm(Form):
    """The code that somebody kept."""

    code = LineField(_l("Your code"), validators=[InputRequired(_l("Write your code.")), Length(max=100)])
