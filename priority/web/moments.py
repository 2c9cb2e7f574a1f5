"""Moments as people read them: in the exercise's own time, with the place it is the time of."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import get_locale

from priority import clock

if TYPE_CHECKING:
    from datetime import datetime

    from priority.models import Exercise


def moment_words(moment: datetime, exercise: Exercise) -> str:
    """Such as "Friday 30 October, 17:00 (Stockholm)"; the year is said where it is not this one."""
    zone = ZoneInfo(exercise.time_zone)
    local = moment.astimezone(zone)
    year = "" if local.year == clock.now().astimezone(zone).year else " y"
    words = format_datetime(local, f"EEEE d MMMM{year}, HH:mm", tzinfo=zone, locale=get_locale())
    return f"{words} ({exercise.time_zone.rpartition('/')[2].replace('_', ' ')})"
