"""What is computed when a round closes, stored once and never changed.

A frozen snapshot (`RoundResult`) or an immutable run (`ConsensusRun`), each with the digests of what went in and what
came out; services/recomputing.py computes the rankings again and compares. Nothing is computed from a pilot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.policy import is_open_to_all
from priority.queries.ballots import result_rows
from priority.services.closing import best_worst, between, choices, doors, rankings, ratings, voices
from priority.services.closing.profiles import profile_in
from priority.services.closing.ratings import rule_of
from priority.services.closing.runs import stored_form
from priority.services.closing.stored import store, turnout
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from priority.models import Round

__all__ = ["compute", "profile_in", "rule_of", "stored_form"]

_COMPUTE = {
    RoundKind.RATING: ratings.compute,
    RoundKind.RANKING: rankings.compute,
    RoundKind.CHOOSE: choices.compute,
    RoundKind.BEST_WORST: best_worst.compute,
}


def compute(round_: Round) -> None:
    """Stores everything that follows from a closed round's answers; refuses a pilot."""
    if round_.pilot:
        raise ValueError("Nothing is computed from a pilot.")
    rows = result_rows(round_)
    store(round_, ResultKind.TURNOUT, turnout(round_, rows))
    _COMPUTE[round_.kind](round_, rows)
    if round_.kind is RoundKind.RATING:
        between.compute(round_)
    if is_open_to_all(round_):
        doors.compute(round_)
    if voices.has_an_order(round_):
        voices.compute(round_, rows)
