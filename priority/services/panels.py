"""The people who are invited to answer: listed, invited, given another link, and deactivated, never deleted here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import delete, select

from priority import ids
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import Panelist, Session, StakeholderGroup
from priority.queries.rounds import rounds_of
from priority.services import accounts, audit, outbox, panel_files, rounds
from priority.services.panel_files import Problem, Row, decode
from priority.words import RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise, Person

__all__ = ["Preview", "Problem", "Row", "add_panelist", "deactivate", "decode", "invite", "new_link", "preview"]

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: whom it would invite, and which rows it would leave out and why."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many rows the list has."""
        return len(self.rows) + len(self.problems)


def preview(exercise: Exercise, text: str) -> Preview:
    """What importing a list would do; nothing is changed. Refuses a list that cannot be read at all."""
    reading = panel_files.read(exercise, text)
    known = _known_addresses(exercise)
    fresh, problems = [], list(reading.problems)
    for row in reading.rows:
        active = known.get(keys.lookup(row.address))
        if active is None:
            fresh.append(row)
        else:
            problems.append(Problem(row.line, "email", panel_files.shortened(row.address), _already(active=active)))
    problems.sort(key=lambda problem: problem.line)
    return Preview(tuple(fresh), tuple(problems), reading.unused)


def invite(exercise: Exercise, rows: Sequence[Row], *, actor: Person | None) -> list[Panelist]:
    """The people of these rows are invited: each gets a link and a code of their own by mail.

    Whoever is invited while a round is open can answer it.
    """
    groups = {group.key: group for group in exercise.groups}
    invited = [
        _panelist(
            exercise,
            groups[row.group],
            row.address,
            row.name,
            row.locale,
            observer=row.observer,
            other_group=row.other_group,
        )
        for row in rows
    ]
    db.session.add_all(invited)
    db.session.flush()
    _join(exercise, invited)
    outbox.queue_all("invitation", invited, event_key="invitation:1", exercise=exercise)
    audit.record("panel_invited", exercise=exercise, actor=actor, people=len(invited))
    return invited


def add_panelist(
    exercise: Exercise, *, group: StakeholderGroup, address: str, name: str, locale: str = "en", observer: bool = False
) -> Panelist:
    """One more person of the group who answer, without a letter; refuses an address that is there already."""
    active = _known_addresses(exercise).get(keys.lookup(address))
    if active is not None:
        raise Invalid(_already(active=active), field="email")
    panelist = _panelist(exercise, group, address, name, locale, observer=observer or group.side_id is None)
    db.session.add(panelist)
    db.session.flush()
    _join(exercise, [panelist])
    return panelist


def deactivate(panelist: Panelist, actor: Person | None) -> None:
    """Their link and code stop working and no letter reaches them; what they answered stays as it is."""
    if not panelist.active:
        raise Stale(_("This person has been deactivated before."))
    panelist.active = False
    _end_sessions(panelist)
    audit.record("panelist_deactivated", exercise=panelist.exercise, actor=actor, panelist=panelist.public_id)


def reactivate(panelist: Panelist, actor: Person | None) -> None:
    """They are invited again, with a new link; refuses somebody who is active or whose data are erased."""
    if panelist.active or panelist.erased_at is not None:
        raise Stale(_("This person is invited already, or asked to be erased."))
    panelist.active = True
    db.session.flush()
    _join(panelist.exercise, [panelist])
    _renew(panelist)
    audit.record("panelist_reactivated", exercise=panelist.exercise, actor=actor, panelist=panelist.public_id)


def new_link(panelist: Panelist, actor: Person | None) -> None:
    """A new link and code by mail; the old ones stop working at once, wherever they are signed in."""
    if not panelist.active:
        raise Stale(_("This person is deactivated, so there is nothing to send."))
    _renew(panelist)
    audit.record("panelist_new_link", exercise=panelist.exercise, actor=actor, panelist=panelist.public_id)


# -- the small print -------------------------------------------------------------------------------------------------
def _panelist(
    exercise: Exercise,
    group: StakeholderGroup,
    address: str,
    name: str,
    locale: str,
    *,
    observer: bool,
    other_group: str | None = None,
) -> Panelist:
    public_id = ids.new_public_id()
    return Panelist(
        public_id=public_id,
        exercise_id=exercise.id,
        group_id=group.id,
        other_group=other_group,
        name=keys.hide(name),
        address=keys.hide(address),
        address_lookup=keys.lookup(address),
        salt=secrets.token_bytes(SALT_BYTES),
        locale=locale,
        observer=observer,
        link_number=1,
        link_hash=keys.fingerprint(keys.token(accounts.LINK, public_id)),
        code_hash=keys.fingerprint(keys.code(accounts.CODE, public_id)),
    )


def _known_addresses(exercise: Exercise) -> dict[bytes, bool]:
    """The address lookups of everybody invited, with whether they are active."""
    rows = db.session.execute(
        select(Panelist.address_lookup, Panelist.active).where(
            Panelist.exercise_id == exercise.id, Panelist.address_lookup.is_not(None)
        )
    )
    return {lookup: active for lookup, active in rows if lookup is not None}


def _already(*, active: bool) -> str:
    here: str = _("This person is invited already.")
    before: str = _("This person was invited before and is deactivated. You can invite them again on the list.")
    return here if active else before


def _join(exercise: Exercise, people: Sequence[Panelist]) -> None:
    """Whoever comes while a round is open can still answer it."""
    for round_ in rounds_of(exercise):
        if round_.state is RoundState.OPEN:
            for panelist in people:
                if not panelist.observer:
                    rounds.join_late(round_, panelist)


def _renew(panelist: Panelist) -> None:
    panelist.link_number += 1
    panelist.link_hash = keys.fingerprint(accounts.secret_of(panelist))
    panelist.code_hash = keys.fingerprint(accounts.code_of(panelist))
    db.session.flush()
    _end_sessions(panelist)
    event_key = f"invitation:{panelist.link_number}"
    outbox.queue("invitation", panelist, event_key=event_key, exercise=panelist.exercise)


def _end_sessions(panelist: Panelist) -> None:
    db.session.flush()
    db.session.execute(delete(Session).where(Session.panelist_id == panelist.id))
