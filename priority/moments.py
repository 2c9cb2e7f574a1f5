"""Moments as people of a place read and type them; everywhere else a moment is in UTC."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import get_locale

if TYPE_CHECKING:
    from datetime import datetime


def spoken(moment: datetime, zone: str) -> str:
    """A moment in full, with its weekday and the place whose clock it is: `Friday 30 October 2026, 17:00 (Dublin)`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return f"{_said(moment, zone, 'EEEE d MMMM y, HH:mm')} ({place})"


def spoken_day(moment: datetime, zone: str) -> str:
    """The day of a moment: `Friday 30 October 2026`."""
    return _said(moment, zone, "EEEE d MMMM y")


def typed(moment: datetime | None, zone: str) -> datetime | None:
    """A moment as a form shows it: the clock of the place, without a zone. None stays None."""
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def meant(local: datetime, zone: str) -> datetime:
    """The moment that somebody meant who typed the clock of a place."""
    return local.replace(tzinfo=ZoneInfo(zone))


def is_skipped(local: datetime, zone: str) -> bool:
    """Whether the clocks of a place never show this time, because they go forward over it."""
    there = ZoneInfo(zone)
    return local.replace(tzinfo=there).astimezone(UTC).astimezone(there).replace(tzinfo=None) != local


def _said(moment: datetime, zone: str, pattern: str) -> str:
    return format_datetime(moment, pattern, tzinfo=ZoneInfo(zone), locale=get_locale() or "en")
