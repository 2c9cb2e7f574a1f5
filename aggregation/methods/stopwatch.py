"""The only look at time in this library: how much of a limit is left. It never enters a result."""

from __future__ import annotations

from time import monotonic


class Stopwatch:
    """Seconds left of a limit that starts when this is made."""

    def __init__(self, limit: float) -> None:
        self._end = monotonic() + limit

    @property
    def left(self) -> float:
        """Seconds left, 0 when the limit has passed."""
        return max(0.0, self._end - monotonic())
