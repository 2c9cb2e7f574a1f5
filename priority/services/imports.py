"""What every import of real data shares: what it made, which rows it refused, and an exercise that says so.

Nothing is kept unless every row is good, or the person says to take the good ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.errors import Invalid, Refusal
from priority.extensions import db
from priority.models import Organisation
from priority.queries.organisations import first_organisation
from priority.services import exercises, protocols
from priority.words import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise
    from priority.services.import_files import BadRow
    from priority.services.protocols import Body


class BadRows(Refusal):
    """A file has rows that cannot be taken; `rows` names each with its line and reason."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__(_("%(n)d rows cannot be taken, so nothing was imported.", n=len(rows)))
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: the exercise, how many ballots or questions people asked, and what was left out."""

    exercise: Exercise
    count: int
    bad: tuple[BadRow, ...]
    repeats: int = 0


def refuse_bad(bad: Sequence[BadRow], good: Sequence[object], *, skip_bad: bool) -> None:
    """Raises where rows are bad and nobody said to take the good ones, and where none is good."""
    if bad and not (skip_bad and good):
        raise BadRows(by_line(bad))
    if not good:
        raise Invalid(_("There is no row in the file that can be taken."))


def by_line(bad: Sequence[BadRow]) -> tuple[BadRow, ...]:
    """Bad rows in the order of the file."""
    return tuple(sorted(bad, key=lambda one: one.line))


def new_exercise(title: str, locale: str, changes: Body) -> Exercise:
    """An exercise that says on every page that its data was imported. Whoever runs the installation is its contact."""
    host = first_organisation() or _nobody_yet(locale)
    exercise = exercises.create(
        host,
        template=Template.IMPORTED,
        title=title,
        introduction=_("The data of this exercise was imported from a file."),
        locale=locale,
        time_zone="UTC",
        contact_name=host.contact_name,
        contact_phone=host.contact_phone,
        contact_hours=host.contact_hours,
        contact_email=host.contact_email,
        readers=host.contact_name,
        safeguarding_contact=f"{host.contact_name}, {host.contact_phone}",
        actor=None,
        body=protocols.body_for(Template.IMPORTED) | changes,
    )
    exercise.imported = True
    db.session.flush()
    return exercise


def _nobody_yet(locale: str) -> Organisation:
    """A host for imported data where no association runs this installation yet."""
    missing = _("not given yet")
    host = Organisation(
        name=_("Imported data"),
        locale=locale,
        contact_name=_("whoever runs this installation"),
        contact_phone=missing,
        contact_hours=missing,
        contact_email=missing,
    )
    db.session.add(host)
    db.session.flush()
    return host
