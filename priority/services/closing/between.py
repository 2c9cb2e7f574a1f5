"""What follows from two rounds of ratings together: what changed, who did not come back, who moved toward whom.

Computed once, when the later one closes, and stored as numbers: no row of anybody's two answers is ever kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.services.closing import changes, leavers, movers
from priority.services.closing.pairs import pairs_before

if TYPE_CHECKING:
    from priority.models import Round


def compute(round_: Round) -> None:
    """Stores all three for a closed round of ratings that can be compared with the one before it; else nothing."""
    pairs = pairs_before(round_)
    if pairs is not None:
        changes.compute(pairs)
        leavers.compute(pairs)
        movers.compute(pairs)
