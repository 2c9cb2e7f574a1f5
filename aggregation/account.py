"""What every result says about the ballots it was computed from, and about a cost and how far it is proved least."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation.tally import PairwiseTally
from aggregation.voices import as_number

if TYPE_CHECKING:
    from aggregation.profile import Profile


def account_of(ballots: Profile | PairwiseTally) -> dict[str, Any]:
    """How unranked items were read, how many ballots there were and, for each side, ballots and share.

    Numbers of ballots count weights; `blank` are the ballots that rank nothing. Groups are left out: they
    change no result.

    Examples
    --------
    >>> from aggregation import Profile
    >>> account_of(Profile.from_orders(["ab", "b", []], unranked="last"))
    {'unranked': 'last', 'ballots': 3, 'blank': 1}
    """
    counted = _from_tally(ballots) if isinstance(ballots, PairwiseTally) else _from_profile(ballots)
    totals = {name: (n / Fraction(ballots.unit), blank / Fraction(ballots.unit)) for name, n, blank in counted}
    account: dict[str, Any] = {
        "unranked": ballots.unranked,
        "ballots": as_number(sum((n for n, _ in totals.values()), Fraction(0))),
        "blank": as_number(sum((blank for _, blank in totals.values()), Fraction(0))),
    }
    if ballots.shares:
        account["sides"] = {
            name: {"ballots": as_number(n), "share": str(share)}
            for (name, (n, _)), share in zip(totals.items(), ballots.shares, strict=True)
        }
    return account


def _from_tally(tally: PairwiseTally) -> list[tuple[str, int, int]]:
    return list(zip(tally.sides, tally.n.tolist(), tally.blank.tolist(), strict=True))


def _from_profile(profile: Profile) -> list[tuple[str, int, int]]:
    blank = ~profile.ranks.any(axis=1)
    if profile.strata is None:
        return [("", int(profile.counts.sum()), int(profile.counts[blank].sum()))]
    return [
        (
            name,
            int(profile.counts[profile.strata == code].sum()),
            int(profile.counts[(profile.strata == code) & blank].sum()),
        )
        for code, name in enumerate(profile.strata_names)
    ]


def cost_account(cost: Fraction, bound: Fraction) -> dict[str, Any]:
    """What a method that looks for the least cost says of the one it found and of the bound it has proved.

    Examples
    --------
    >>> cost_account(Fraction(7, 2), Fraction(3))
    {'cost': 3.5, 'exact_cost': '7/2', 'lower_bound': 3, 'gap': 0.5, 'optimal': False}
    """
    return {
        "cost": as_number(cost),
        "exact_cost": str(cost),
        "lower_bound": as_number(bound),
        "gap": as_number(cost - bound),
        "optimal": cost == bound,
    }
