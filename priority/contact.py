"""The human to talk to instead: on every page, in every letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Reachable(Protocol):
    """Something with a contact: an exercise, or an organisation."""

    contact_name: str
    contact_phone: str
    contact_hours: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody who answers the telephone."""

    name: str
    organisation: str
    phone: str
    hours: str
    email: str


def human_of(source: Reachable, organisation: str) -> Human:
    """The contact of an exercise or an organisation, in the name of an organisation."""
    return Human(source.contact_name, organisation, source.contact_phone, source.contact_hours, source.contact_email)
