"""Who may do what, and when. The only place that knows; routes name an `Access`, services call the predicates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from priority.words import ExerciseState, PublicationLevel, RoleName, RoundState, SessionKind

if TYPE_CHECKING:
    from datetime import datetime

    from priority.models import Exercise, Round


class Access(StrEnum):
    """What a route asks of whoever opens it."""

    ANYONE = "anyone"
    CONTRIBUTOR = "contributor"
    PANELIST = "panelist"
    STAFF = "staff"
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    READER = "reader"
    ADMINISTRATOR = "administrator"
    DEVELOPER = "developer"


_ROLES: dict[Access, frozenset[RoleName]] = {
    Access.STAFF: frozenset(RoleName),
    Access.MODERATOR: frozenset({RoleName.MODERATOR, RoleName.COORDINATOR, RoleName.ADMINISTRATOR}),
    Access.COORDINATOR: frozenset({RoleName.COORDINATOR, RoleName.ADMINISTRATOR}),
    Access.READER: frozenset({RoleName.RESEARCHER, RoleName.COORDINATOR, RoleName.ADMINISTRATOR}),
    Access.ADMINISTRATOR: frozenset({RoleName.ADMINISTRATOR}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is signed in: as what, and with which roles (a role with no exercise holds in the organisation)."""

    kind: SessionKind
    who: int
    organisation_id: int | None = None
    roles: frozenset[tuple[RoleName, int | None]] = frozenset()


def kind_for(access: Access) -> SessionKind | None:
    """As what one must be signed in to come near a route; None where nobody needs to be."""
    if access in _ROLES:
        return SessionKind.STAFF
    return {Access.CONTRIBUTOR: SessionKind.CONTRIBUTOR, Access.PANELIST: SessionKind.PANELIST}.get(access)


def admits_guests(access: Access) -> bool:
    """Whether somebody who came with a code, whom nobody knows, may use a route: where panelists answer, they do too.

    They find their own round there, and nothing that belongs to a panelist.
    """
    return access is Access.PANELIST


def may(actor: Actor, access: Access, exercise: Exercise | None = None) -> bool:
    """Whether somebody signed in may use a route, for one exercise or (without it) anywhere in the organisation."""
    if actor.kind is not kind_for(access):
        return False
    if access not in _ROLES:
        return True
    if exercise is not None and exercise.organisation_id != actor.organisation_id:
        return False
    wanted = _ROLES[access]
    return any(
        name in wanted and (where is None or exercise is None or where == exercise.id) for name, where in actor.roles
    )


def can_propose(exercise: Exercise, moment: datetime) -> bool:
    """Whether questions are being collected now."""
    if exercise.state is not ExerciseState.ASKING:
        return False
    return exercise.asking_until is None or moment < exercise.asking_until


def can_answer(round_: Round, moment: datetime) -> bool:
    """Whether answers of a round count when they come now."""
    return round_.state is RoundState.OPEN and round_.closes_at is not None and moment < round_.closes_at


def is_open_to_all(round_: Round) -> bool:
    """Whether anybody may answer a round, with a code, rather than the people who are invited."""
    return round_.design.get("access") == "open"


def can_see_list(exercise: Exercise) -> bool:
    """Whether the public may read the list."""
    return exercise.state is ExerciseState.PUBLISHED


def can_see_results(round_: Round) -> bool:
    """Whether anybody may see what was answered: never while a round is open."""
    return round_.state is RoundState.CLOSED


def can_export_ballots(level: PublicationLevel) -> bool:
    """Whether whole answers may leave, with side and group."""
    return level is PublicationLevel.L3


def can_sign(round_: Round) -> bool:
    """Whether a coordinator may sign what the declared rule decided: after closing, and never of a pilot."""
    return round_.state is RoundState.CLOSED and not round_.pilot


def can_see_alternatives(*, signed: bool) -> bool:
    """Whether what other rules would have decided may be looked at, each look being logged."""
    return signed


def can_tell_alternatives(exercise: Exercise, *, signed: bool) -> bool:
    """Whether what other rules would have decided may stand in reports and files, where no look is logged."""
    return signed and can_see_list(exercise)
