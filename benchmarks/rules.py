"""G5, G6 and G12: rules that compare in pairs, and how sure one of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aggregation import PairwiseTally, rank
from aggregation.uncertainty.intervals import rank_intervals
from benchmarks.panels import panel, profile_of
from benchmarks.timing import Line, check, interleaved, times_faster, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray


def _counted() -> tuple[NDArray[np.uint8], PairwiseTally]:
    """A divided panel, so that there are circles to resolve."""
    ranks = panel(1_001, 60, 0.1)
    return ranks, PairwiseTally.of(profile_of(ranks))


def _svvamp(rule: str, orders: NDArray[np.int64]) -> Callable[[], Any]:
    import svvamp

    profile = svvamp.Profile(preferences_rk=orders)
    # Counted before, as ours is; a rule keeps what it found, so that each run needs one of its own.
    profile.matrix_duels_rk  # noqa: B018 -- a property that is computed when first asked for
    return lambda: str(getattr(svvamp, rule)()(profile).w_)


def g5() -> Iterator[Line]:
    """Schulze from pairs that are counted already; ours ranks all items, theirs give the winners."""
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.profiles import Profile

    ranks, tally = _counted()
    orders = ranks.argsort(axis=1)
    margins = Profile(orders.tolist()).margin_graph()
    found = interleaved(
        {
            "ours": lambda: rank(tally, "schulze"),
            "pref_voting": lambda: beat_path(margins),
            "svvamp": _svvamp("RuleSchulze", orders),
        },
        budget=3,
    )
    winners = found["ours"].result.winners
    check(winners == tuple(map(str, found["pref_voting"].result)), "pref_voting")
    check(found["svvamp"].result in winners, "svvamp")
    yield times_faster("G5", "Schulze, 60 items, from pairs", "pref_voting", found["ours"], found["pref_voting"], 150)
    yield times_faster("G5", "Schulze, 60 items, from pairs", "svvamp", found["ours"], found["svvamp"], 400)


def g6() -> Iterator[Line]:
    """Ranked pairs from pairs that are counted already; ours looks at every way to break ties."""
    ranks, tally = _counted()
    found = interleaved(
        {
            "ours": lambda: rank(tally, "ranked_pairs"),
            "svvamp": _svvamp("RuleRankedPairs", ranks.argsort(axis=1)),
        },
        budget=3,
    )
    check(found["svvamp"].result in found["ours"].result.winners, "svvamp")
    yield times_faster("G6", "ranked pairs, 60 items, from pairs", "svvamp", found["ours"], found["svvamp"], 10)


def g12() -> Iterator[Line]:
    """A thousand panels drawn anew."""
    profile = profile_of(panel(1_000, 30, 0.3))
    found = interleaved({"ours": lambda: rank_intervals(profile, "schulze", draws=1_000, seed=1)}, rounds=5)["ours"]
    check(found.result.draws == 1_000, "fewer panels were drawn")
    workload = "bootstrap of Schulze, 1,000 draws, 1,000 x 30"
    yield within("G12", workload, "-", found.seconds, 0.5, "s")
