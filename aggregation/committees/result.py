"""A committee from the columns that a count has chosen, with what every rule reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aggregation.account import account_of
from aggregation.committee import Committee

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from aggregation.committees.ties import TieBreaker
    from aggregation.profile import Profile


def committee_of(
    profile: Profile,
    rule: str,
    order: Sequence[int],
    rounds: Sequence[dict[str, Any]],
    ties: TieBreaker,
    *,
    deciding_stage: int | None = None,
    **diagnostics: Any,
) -> Committee:
    """The committee of these columns, in the order in which they were chosen; diagnostics as in `Committee`.

    `deciding_stage` is where the last seat was decided, the last round when left out.
    """
    names = profile.items
    reported = {
        "seats": len(order),
        **diagnostics,
        "tie_break": ties.tie_break,
        "tie_breaks": ties.record,
        "tied_at_last_seat": ties.at_last_seat(order, deciding_stage or len(rounds)),
    }
    return Committee(
        members=tuple(names[item] for item in sorted(order)),
        order=tuple(names[item] for item in order),
        rounds=tuple(rounds),
        rule=rule,
        diagnostics=account_of(profile) | reported,
    )


def droop_quota(total: Fraction, seats: int) -> int:
    """The smallest whole number of votes that one item too many cannot have: floor(votes / (seats + 1)) + 1."""
    return int(total // (seats + 1)) + 1


def share_of(part: Fraction, total: Fraction) -> float:
    """A part of all votes, in [0, 1]; 0 where there are none."""
    return float(part / total) if total else 0.0
