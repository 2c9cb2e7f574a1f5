"""What somebody has before them while answering: the round, its questions in their own order, their own answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort, g, redirect, url_for
from flask_babel import gettext as _

from priority import clock
from priority.errors import NotFound, Stale
from priority.moments import spoken
from priority.policy import can_answer
from priority.queries.answering import asked_rounds, questions_for
from priority.services import consent, voting
from priority.services.ballot_types import type_of
from priority.services.voting import Guest
from priority.web.guard import this_panelist
from priority.words import Purpose, RoundState

if TYPE_CHECKING:
    from priority.models import Round, StakeholderGroup
    from priority.queries.answering import Item
    from priority.services.voting import Answerer, OwnBallot
    from priority.words import RoundKind


@dataclass(frozen=True, slots=True)
class Desk:
    """A round that asks somebody, and everything of their own in it."""

    who: Answerer
    round: Round
    own_key: bytes
    items: tuple[Item, ...]
    own: OwnBallot | None

    @property
    def answers(self) -> dict[str, Any]:
        """The saved answers; empty where nothing was saved."""
        return {} if self.own is None else self.own.answers

    @property
    def group(self) -> StakeholderGroup | None:
        """Whose view a panelist gives; None for somebody who came with a code."""
        return None if isinstance(self.who, Guest) else self.who.group

    @property
    def progress(self) -> tuple[int, int]:
        """How much is answered of how much is asked."""
        keys = [item.key for item in self.items]
        return type_of(self.round.kind).progress(self.answers, keys, self.round.design)

    @property
    def is_open(self) -> bool:
        """Whether answers that come now would count."""
        return can_answer(self.round, clock.now())

    @property
    def until(self) -> str:
        """When it closes, in the exercise's own time."""
        return spoken(self.round.closes_at, self.round.exercise.time_zone) if self.round.closes_at else ""

    def item(self, key: str) -> Item:
        """The question of this key."""
        return next(item for item in self.items if item.key == key)

    def refuse_closed(self) -> None:
        """Raises where the round has closed."""
        if not self.is_open:
            raise Stale(_("This has closed. What you had saved counts. Thank you."))


def sit_down(n: int, kind: RoundKind | None = None) -> Desk:
    """The desk of whoever is signed in, in round `n`; somebody who has not agreed yet goes home to do so first.

    Refuses a round that does not ask them, is not open yet, or is of another kind.
    """
    panelist = this_panelist()
    g.exercise = panelist.exercise
    round_ = next((one for one in asked_rounds(panelist) if one.n == n), None)
    if round_ is None or round_.state is RoundState.PLANNED or (kind is not None and round_.kind is not kind):
        raise NotFound(_("There is nothing for you to answer here."))
    if Purpose.TAKE_PART not in consent.given(panelist):
        abort(redirect(url_for("answer.home"), code=303))
    return desk_of(panelist, round_)


def desk_of(who: Answerer, round_: Round) -> Desk:
    """What somebody has before them in a round."""
    own_key = voting.own_key(round_.exercise, who)
    return Desk(who, round_, own_key, questions_for(round_, own_key), voting.own_ballot(round_, who))
