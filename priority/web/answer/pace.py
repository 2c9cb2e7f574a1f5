"""No more saves in a minute than a person can make. Counted in memory alone: casting writes nothing but answers."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority import clock
from priority.errors import TooMany

if TYPE_CHECKING:
    from datetime import datetime

MOST = 120
WINDOW = timedelta(minutes=1)

_saves: dict[bytes, deque[datetime]] = {}


def count_save(own_key: bytes) -> None:
    """Counts one save of somebody's in this process; refuses more than `MOST` in a minute."""
    start = clock.now() - WINDOW
    _forget(start)
    recent = _saves.setdefault(own_key, deque())
    if len(recent) >= MOST:
        raise TooMany(
            _("That was very many saves in a minute. What you typed is still here. Wait a minute and save again."),
            retry_after=int(WINDOW.total_seconds()),
        )
    recent.append(clock.now())


def _forget(start: datetime) -> None:
    for own_key, recent in list(_saves.items()):
        while recent and recent[0] <= start:
            recent.popleft()
        if not recent:
            del _saves[own_key]
