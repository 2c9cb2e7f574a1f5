"""The pages of each kind of ballot, as one table: what it asks, where one goes on, how its answers are told back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.web.answer import choosing, ranking, rating, sets
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from priority.web.answer.desk import Desk


def _counted(desk: Desk) -> str:
    answered, asked = desk.progress
    return str(_("You answered %(answered)s of %(asked)s.", answered=answered, asked=asked))


def _nothing(desk: Desk) -> None:
    """Most kinds keep nothing that was not saved."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What every page that serves all kinds needs of one.

    `asks(desk)` says in a line what is asked, `start(desk)` gives the address where somebody goes on, `told(desk,
    answers)` each question with its answer in words, `check(desk)` the template of the check and what it shows (among
    it `can_send`), `so_far(desk)` how much is answered. `settle(desk)` keeps what would be sent and is not saved yet.
    """

    asks: Callable[[Desk], str]
    start: Callable[[Desk], str]
    told: Callable[[Desk, Mapping[str, Any]], list[tuple[str, str]]]
    check: Callable[[Desk], tuple[str, dict[str, Any]]]
    so_far: Callable[[Desk], str] = _counted
    settle: Callable[[Desk], None] = _nothing


PAGES = {
    RoundKind.RATING: Pages(rating.asks, rating.start, rating.told, rating.check),
    RoundKind.RANKING: Pages(ranking.asks, ranking.start, ranking.told, ranking.check, settle=ranking.settle),
    RoundKind.CHOOSE: Pages(choosing.asks, choosing.start, choosing.told, choosing.check, so_far=choosing.so_far),
    RoundKind.BEST_WORST: Pages(sets.asks, sets.start, sets.told, sets.check),
}


def pages_of(desk: Desk) -> Pages:
    """The pages of a round's kind."""
    return PAGES[desk.round.kind]
