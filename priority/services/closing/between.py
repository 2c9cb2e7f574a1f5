"""What follows from two rounds of ratings together: what changed, who did not come back, who moved toward whom.

Computed once, when the later one closes, and stored as numbers: no row of anybody's two answers is ever kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from priority.services.closing.changes import change_of
from priority.services.closing.leavers import leavers_of
from priority.services.closing.movers import movers_of
from priority.services.closing.pairs import pairs_before
from priority.words import ResultKind, RoundKind

if TYPE_CHECKING:
    from priority.models import Round


def snapshots(round_: Round) -> dict[ResultKind, dict[str, Any]]:
    """All three for a closed round of ratings that can be compared with the one before it; else nothing."""
    pairs = pairs_before(round_) if round_.kind is RoundKind.RATING else None
    if pairs is None:
        return {}
    return {
        ResultKind.CHANGE: change_of(pairs),
        ResultKind.ATTRITION: leavers_of(pairs),
        ResultKind.MOVEMENT: movers_of(pairs),
    }
