"""What somebody has before them while answering: the round, its questions in their own order, their own answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort, g, redirect, url_for
from flask_babel import gettext as _

from priority import clock, ids
from priority.errors import NotFound, Stale
from priority.moments import spoken
from priority.policy import can_answer
from priority.queries.answering import asked_rounds, questions_for
from priority.services import consent, open_rounds, voting
from priority.services.ballot_types import type_of
from priority.services.voting import Guest
from priority.web.guard import this_answerer
from priority.words import Purpose, RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        """Whose view they give."""
        if not isinstance(self.who, Guest):
            return self.who.group
        return next((group for group in self.round.exercise.groups if group.key == self.who.group), None)

    @property
    def is_guest(self) -> bool:
        """Whether somebody came with a code, whom nobody knows and no letter reaches."""
        return isinstance(self.who, Guest)

    @property
    def code(self) -> str | None:
        """The code with which a guest can come back, from when something is saved; None for a panelist."""
        return ids.spaced(self.who.code) if isinstance(self.who, Guest) and self.own is not None else None

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
    """The desk of whoever answers on this device, in round `n`; who has not agreed yet goes home to do so first.

    Refuses a round that does not ask them, is not open yet, or is of another kind.
    """
    who = this_answerer()
    round_ = next((one for one in rounds_asking(who) if one.n == n), None)
    if round_ is None or round_.state is RoundState.PLANNED or (kind is not None and round_.kind is not kind):
        raise NotFound(_("There is nothing for you to answer here."))
    g.exercise = round_.exercise
    if isinstance(who, Guest):
        who = open_rounds.as_saved(round_, who)
    if not _agreed(who):
        abort(redirect(url_for("answer.home"), code=303))
    return desk_of(who, round_)


def rounds_asking(who: Answerer) -> Sequence[Round]:
    """The rounds that ask somebody: a guest the one their code is for."""
    return [open_rounds.round_of(who)] if isinstance(who, Guest) else asked_rounds(who)


def desk_of(who: Answerer, round_: Round) -> Desk:
    """What somebody has before them in a round."""
    own_key = voting.own_key(round_.exercise, who)
    return Desk(who, round_, own_key, questions_for(round_, own_key), voting.own_ballot(round_, who))


def _agreed(who: Answerer) -> bool:
    """Whether they agreed to take part: a guest did when they said whose view they give."""
    return bool(who.group) if isinstance(who, Guest) else Purpose.TAKE_PART in consent.given(who)
