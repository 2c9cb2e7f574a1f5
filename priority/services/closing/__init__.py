"""What is computed when a round closes, stored once and never changed.

A frozen snapshot (`RoundResult`) or an immutable run (`ConsensusRun`), each with the digests of what went in and what
came out; services/recomputing.py computes them again and compares. Nothing is computed from a pilot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from priority.policy import is_open_to_all
from priority.queries.ballots import result_rows
from priority.queries.rounds import MAKE_A_LIST, items_of
from priority.services.ballot_types.scales import NINE
from priority.services.closing import best_worst, between, choices, doors, rankings, ratings, voices
from priority.services.closing.profiles import profile_in
from priority.services.closing.ratings import rule_of
from priority.services.closing.runs import store_runs, stored_form
from priority.services.closing.stored import store, tell_contributors, turnout
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from priority.models import Round

__all__ = ["compute", "profile_in", "rule_of", "snapshots", "stored_form"]

_OF_KIND = {
    RoundKind.RATING: ratings.snapshots,
    RoundKind.RANKING: rankings.snapshots,
    RoundKind.CHOOSE: choices.snapshots,
    RoundKind.BEST_WORST: best_worst.snapshots,
}


def compute(round_: Round) -> None:
    """Stores everything that follows from a closed round's answers; refuses a pilot."""
    if round_.pilot:
        raise ValueError("Nothing is computed from a pilot.")
    rows = result_rows(round_)
    store(round_, ResultKind.TURNOUT, turnout(round_, rows))
    found = snapshots(round_)
    for kind, body in found.items():
        store(round_, kind, body)
    if round_.kind in MAKE_A_LIST:
        store_runs(round_, rows)
    tell_contributors(round_, items_of(round_), _counts(found.get(ResultKind.ITEMS)))
    if is_open_to_all(round_):
        doors.compute(round_)
    if voices.has_an_order(round_):
        voices.compute(round_, rows)


def snapshots(round_: Round) -> dict[ResultKind, dict[str, Any]]:
    """What the stored answers of a closed round say, by the kind of snapshot; the same answers say the same again."""
    return _OF_KIND[round_.kind](round_, result_rows(round_)) | between.snapshots(round_)


def _counts(items: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """What everybody answered to each question, from 1 to 9; nothing on another scale, where letters have no words."""
    if items is None or items["scale"] != NINE.key:
        return {}
    return {row["key"]: row["whole"] for row in items["questions"]}
