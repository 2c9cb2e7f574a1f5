"""Best-worst counts: how often an item is called best, less how often worst, for each time it was shown."""

from __future__ import annotations

from fractions import Fraction
from math import lcm, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.account import account_of
from aggregation.methods.places import say_of, split_evenly
from aggregation.ranking import Ranking
from aggregation.voices import as_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile


def best_worst(profile: Profile) -> Ranking:
    """Items by how often they are called best, less how often worst, for each time they were shown.

    A ballot is one card: it shows some items, calls the first of them best and the last worst. Who answers several
    cards has a ballot for each.

    Parameters
    ----------
    profile : Profile
        ``unranked="absent"``: the card shows what the ballot ranks. ``unranked="last"``: it shows all items, and
        the unranked ones are level at its end. Items tied at either end share that one call equally. A card on
        which all items are level calls none best or worst, but shows them; a blank ballot is no card.

    Returns
    -------
    Ranking
        Scores in [-1, 1], higher is better: (best - worst) / shown, and 0 for an item that was never shown.
        `diagnostics` has `best`, `worst` and `shown` of each item (in ballots; with sides, in parts of the say),
        the items `never_shown`, and `ratio`, the square root of (best + 1/2) / (worst + 1/2), which puts items on
        the scale of a ratio; with sides it is None, for half a ballot has no size there.

    References
    ----------
    J. J. Louviere, T. N. Flynn, A. A. J. Marley, Best-worst scaling: theory, methods and applications, Cambridge
    University Press 2015.

    Examples
    --------
    Twelve people with two cards of the same five items; best 12, 7, 3, 2, 0 times, worst 1, 3, 4, 6, 10 times:

    >>> from aggregation import Profile
    >>> calls = {"AE": 10, "AD": 2, "BD": 4, "BC": 3, "CB": 3, "DC": 1, "DA": 1}
    >>> cards = [[best, set("ABCDE") - {best, worst}, worst] for best, worst in calls]
    >>> ranking = best_worst(Profile.from_orders(cards, "ABCDE", unranked="absent", weights=list(calls.values())))
    >>> ranking.scores.round(4)
    array([ 0.4583,  0.1667, -0.0417, -0.1667, -0.4167])
    >>> [round(each, 4) for each in ranking.diagnostics["ratio"].values()]
    [2.8868, 1.4639, 0.8819, 0.6202, 0.2182]
    """
    say, scale = say_of(profile)
    shown, best, worst = _calls(profile)
    unit = lcm(*range(1, profile.n_items + 1))
    counts = {
        "best": [Fraction(each, unit * scale) for each in split_evenly(best, say, unit)],
        "worst": [Fraction(each, unit * scale) for each in split_evenly(worst, say, unit)],
        "shown": [Fraction(int(each), scale) for each in shown @ say],
    }
    rows = list(zip(*counts.values(), strict=True))
    scores = [(b - w) / n if n else Fraction(0) for b, w, n in rows]
    ratios = [sqrt((b + Fraction(1, 2)) / (w + Fraction(1, 2))) for b, w, _ in rows]
    items = profile.items
    diagnostics: dict[str, Any] = account_of(profile)
    for name, numbers in counts.items():
        diagnostics[name] = {item: as_number(each) for item, each in zip(items, numbers, strict=True)}
    diagnostics["never_shown"] = [item for item, (_, _, n) in zip(items, rows, strict=True) if not n]
    diagnostics["ratio"] = None if profile.shares else dict(zip(items, ratios, strict=True))
    return Ranking.from_scores(items, scores, method="best_worst", diagnostics=diagnostics)


def _calls(profile: Profile) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which items each ballot shows, and which of these it puts first and last, shape (n_items, n_ballots) each."""
    ranks: NDArray[Any] = np.ascontiguousarray(profile.ranks.T)
    blank = ~ranks.any(axis=0)
    # Rank 0 is below every other number, or wraps around to the largest.
    ahead = ranks - ranks.dtype.type(1)
    behind = ranks if profile.unranked == "absent" else ahead
    shown = (ranks > 0) | (profile.unranked == "last") & ~blank
    first, last = ahead == ahead.min(axis=0), behind == behind.max(axis=0)
    level = blank | (shown == (first & last)).all(axis=0)
    return shown, first & ~level, last & ~level
