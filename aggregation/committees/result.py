"""A committee from the columns that a count has chosen, with what every rule reports."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation.account import account_of
from aggregation.committee import Committee

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.committees.ties import TieBreaker
    from aggregation.profile import Profile

# Longer fractions than these are cut: in what is read, and in what is counted with, where each transfer on top of
# another would double the digits.
READ = 10**12
COUNTED = 10**60


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


def in_text(amount: Fraction | int) -> str:
    """An amount of 0 or more as exact text, "17/3"; where its denominator is beyond 10**12, twelve decimals, cut off.

    Examples
    --------
    >>> in_text(Fraction(17, 3)), in_text(4), in_text(Fraction(2, 3) + Fraction(1, 10**13))
    ('17/3', '4', '0.666666666666')
    """
    if amount.denominator <= READ:
        return str(amount)
    whole, part = divmod(amount.numerator * READ // amount.denominator, READ)
    return f"{whole}.{part:012d}"


def cut(amount: Fraction) -> Fraction:
    """An amount of 0 or more, exact; where its denominator is beyond 10**60, sixty decimals, cut off."""
    if amount.denominator <= COUNTED:
        return amount
    return Fraction(amount.numerator * COUNTED // amount.denominator, COUNTED)


def share_of(part: Fraction, total: Fraction) -> float:
    """A part of all votes, in [0, 1]; 0 where there are none."""
    return float(part / total) if total else 0.0
