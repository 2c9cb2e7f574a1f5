"""The association that runs an installation."""

from __future__ import annotations

from priority.extensions import db
from priority.models import Organisation


def found(
    *, name: str, locale: str, contact_name: str, contact_phone: str, contact_hours: str, contact_email: str
) -> Organisation:
    """A new organisation, with somebody whom every page names who can be rung and written to."""
    organisation = Organisation(
        name=name,
        locale=locale,
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_hours=contact_hours,
        contact_email=contact_email,
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation
