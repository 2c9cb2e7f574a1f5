"""G7 and G8: the Plackett-Luce model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation import rank
from benchmarks.panels import panel, profile_of
from benchmarks.timing import Line, check, interleaved, times_faster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregation import Profile


def _ours(profile: Profile) -> np.ndarray:
    return np.array(list(rank(profile, "plackett_luce", prior=0).diagnostics["log_worths"].values()))


def _beside_choix(goal: str, n: int, m: int, wanted: float) -> Iterator[Line]:
    from choix import ilsr_rankings

    ranks = panel(n, m, 1.0)
    profile = profile_of(ranks)
    orders = list(ranks.argsort(axis=1))
    found = interleaved(
        {"ours": lambda: _ours(profile), "choix": lambda: ilsr_rankings(m, orders, tol=1e-8)}, budget=15
    )
    theirs = found["choix"].result
    check(np.abs(found["ours"].result - (theirs - theirs.mean())).max() < 1e-6, "choix")
    workload = f"Plackett-Luce by likelihood, {n:,} x {m}"
    yield times_faster(goal, workload, "choix I-LSR", found["ours"], found["choix"], wanted)


def g7() -> Iterator[Line]:
    """A thousand ballots."""
    yield from _beside_choix("G7", 1_000, 60, 450)


def g8() -> Iterator[Line]:
    """A hundred thousand ballots."""
    yield from _beside_choix("G8", 100_000, 30, 20)
