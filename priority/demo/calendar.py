"""When everything in the demo happens. Nothing lies in the future except what is meant to be open now."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from priority import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The dates of one exercise: each round from its opening to its closing. What is None has not happened."""

    created: datetime
    asking: tuple[datetime, datetime]
    sorting: tuple[datetime, datetime] | None = None
    invited: datetime | None = None
    rounds: tuple[tuple[datetime, datetime], ...] = ()
    published: datetime | None = None


def of_a_year(now: datetime) -> Calendar:
    """A whole exercise, published on the latest 20 November that is over."""
    year = now.year if now >= datetime(now.year, 11, 21, tzinfo=UTC) else now.year - 1

    def on(month: int, day: int, hour: int = 12) -> datetime:
        return datetime(year, month, day, hour, tzinfo=UTC)

    return Calendar(
        created=on(1, 20),
        asking=(on(2, 1), on(2, 28, 22)),
        sorting=(on(4, 1), on(4, 28)),
        invited=on(5, 20),
        rounds=(
            (on(6, 1), on(6, 21, 22)),
            (on(9, 1), on(9, 21, 22)),
            (on(10, 5), on(10, 25, 22)),
            (on(11, 1), on(11, 14, 22)),
        ),
        published=on(11, 20, 9),
    )


def still_asking(now: datetime) -> Calendar:
    """An exercise to try asking and sorting in: it has been open for two weeks and stays open for eight."""
    return Calendar(created=now - 16 * DAY, asking=(now - 14 * DAY, now + 56 * DAY))


def still_answering(now: datetime) -> Calendar:
    """An exercise to try answering in: its second round opened yesterday and stays open for eight weeks."""
    return Calendar(
        created=now - 120 * DAY,
        asking=(now - 110 * DAY, now - 80 * DAY),
        sorting=(now - 75 * DAY, now - 60 * DAY),
        invited=now - 50 * DAY,
        rounds=((now - 40 * DAY, now - 20 * DAY), (now - 1 * DAY, now + 56 * DAY)),
    )


@contextmanager
def passing(start: datetime, end: datetime, step: int, steps: int) -> Iterator[None]:
    """The moment of one of many steps that are spread evenly from `start` to `end`."""
    with clock.at(start + (end - start) * (step + 1) / (steps + 1)):
        yield
