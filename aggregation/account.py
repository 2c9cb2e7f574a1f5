"""What every result says about the ballots it was computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aggregation.profile import Profile


def account_of(profile: Profile) -> dict[str, Any]:
    """How unranked items were read, how many ballots there were and, for each side, ballots and share.

    Numbers of ballots count weights; `blank` are the ballots that rank nothing. Groups are left out: they
    change no result.

    Examples
    --------
    >>> from aggregation import Profile
    >>> account_of(Profile.from_orders(["ab", "b", []], unranked="last"))
    {'unranked': 'last', 'ballots': 3, 'blank': 1}
    """
    blank = ~profile.ranks.any(axis=1)
    account: dict[str, Any] = {
        "unranked": profile.unranked,
        "ballots": _number(int(profile.counts.sum()), profile.unit),
        "blank": _number(int(profile.counts[blank].sum()), profile.unit),
    }
    if profile.strata is not None:
        account["sides"] = {
            name: {
                "ballots": _number(int(profile.counts[profile.strata == code].sum()), profile.unit),
                "share": str(profile.shares[code]),
            }
            for code, name in enumerate(profile.strata_names)
        }
    return account


def _number(count: int, unit: int) -> int | float:
    return count // unit if count % unit == 0 else count / unit
