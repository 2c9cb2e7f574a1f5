"""Questions that were suggested in a round: one's own with what became of them, and all for whoever answers them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority.extensions import db
from priority.models import Suggestion
from priority.policy import can_see_results
from priority.words import SuggestionState

if TYPE_CHECKING:
    from priority.models import Round


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion and what became of it. Nothing says whose it is, save to who wrote it."""

    handle: str
    n: int
    text: str
    state: SuggestionState
    answer: str | None
    question_id: int | None

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.state is SuggestionState.WAITING


def own_suggestions(round_: Round, own_key: bytes) -> list[Suggested]:
    """Somebody's own suggestions in a round, as they came."""
    rows = db.session.scalars(
        select(Suggestion)
        .where(Suggestion.round_id == round_.id, Suggestion.ballot_key == own_key)
        .order_by(Suggestion.n)
    )
    return [_of(round_, row) for row in rows]


def suggested(round_: Round) -> list[Suggested]:
    """Every suggestion of a closed round, those that wait first, in no order that means anything."""
    if not can_see_results(round_):
        raise PermissionError("What is suggested in an open round is shown to nobody.")
    rows = db.session.scalars(select(Suggestion).where(Suggestion.round_id == round_.id))
    return sorted((_of(round_, row) for row in rows), key=lambda one: (not one.waits, one.handle))


def find_suggestion(round_: Round, handle: str) -> Suggestion | None:
    """The suggestion of a round that forms call by this handle; None where there is none."""
    rows = db.session.scalars(select(Suggestion).where(Suggestion.round_id == round_.id))
    return next((row for row in rows if _handle(round_, row) == handle), None)


def _of(round_: Round, row: Suggestion) -> Suggested:
    return Suggested(_handle(round_, row), row.n, row.text, row.state, row.answer, row.question_id)


def _handle(round_: Round, row: Suggestion) -> str:
    """What a form calls a suggestion: it names neither a person nor their other suggestions, and sorts like chance."""
    about = f"suggestion|{round_.public_id}|{row.n}|".encode()
    return hashlib.sha256(about + row.ballot_key).hexdigest()[:26]
