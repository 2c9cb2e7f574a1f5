"""Shares of the say, as exact fractions that add up to one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ShareLike = int | float | str | Fraction

# A third typed as 0.333333333333 becomes 1/3; nobody declares a share finer than a millionth.
FINEST = 1_000_000


def exact_share(value: ShareLike) -> Fraction:
    """A share as a fraction of at most a millionth's precision; refuses what is no number in (0, 1].

    Examples
    --------
    >>> exact_share(0.5), exact_share("0.25"), exact_share(1 / 3)
    (Fraction(1, 2), Fraction(1, 4), Fraction(1, 3))
    """
    try:
        # A text with an exponent is short to write and may take for ever to hold exactly; a float has an end.
        exponent = isinstance(value, str) and "e" in value.lower()
        share = Fraction(float(value) if exponent else value).limit_denominator(FINEST)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError) as wrong:
        raise ProfileError(f"a share must be a number, not {value!r}") from wrong
    if not 0 < share <= 1:
        raise ProfileError(f"a share must be above 0 and at most 1, not {value!r}")
    return share


def exact_shares(values: Sequence[ShareLike]) -> tuple[Fraction, ...]:
    """Shares as fractions; refuses shares that do not add up to one.

    Examples
    --------
    >>> exact_shares([0.5, 0.5])
    (Fraction(1, 2), Fraction(1, 2))
    """
    shares = tuple(exact_share(value) for value in values)
    if sum(shares) != 1:
        raise ProfileError(f"the shares add up to {sum(shares)}, not to 1")
    return shares


def shares_by_name(names: Sequence[str], shares: Mapping[str, ShareLike] | None) -> tuple[Fraction, ...]:
    """One share a name, in the order of `names`; equal when `shares` is None. Refuses missing and unknown names."""
    if shares is None:
        return tuple(Fraction(1, len(names)) for _ in names)
    unknown = [name for name in shares if name not in names]
    if unknown:
        raise ProfileError(f"{unknown[0]!r} is given a share but has no ballot; the sides are {', '.join(names)}")
    missing = [name for name in names if name not in shares]
    if missing:
        raise ProfileError(f"the side {missing[0]!r} has ballots but is given no share")
    return exact_shares([shares[name] for name in names])
