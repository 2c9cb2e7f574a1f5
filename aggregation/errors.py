"""Every way in which this library refuses, one class a kind; each message names what was wrong and where."""

from __future__ import annotations


class AggregationError(ValueError):
    """The input or the request cannot be used; the message says what, and where."""


class ProfileError(AggregationError):
    """The ballots do not make a profile: a shape, a rank, a weight, a name or a share is wrong."""


class RatingsError(AggregationError):
    """The ratings are not what the statistic needs: a shape, a value or a name is wrong."""


class MethodError(AggregationError):
    """There is no such method, or the method has no such parameter or value."""


class StatisticError(AggregationError):
    """The statistic has no value, or none that should be shown, for these answers."""


class FormatError(AggregationError):
    """A file cannot be read; `line` is where (1 = the first, None = the file as a whole), `reason` is why."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason if line is None else f"line {line}: {reason}")
