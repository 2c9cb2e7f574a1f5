"""G1 to G4: who is above whom, by how many."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import PairwiseTally
from benchmarks.kernel import available, columns_of, support_from_columns, support_from_rows
from benchmarks.panels import levels, profile_of, strict
from benchmarks.timing import Line, Timed, check, interleaved, not_measured, times_faster, times_slower, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Calls = dict[str, Callable[[], Any]]


def ours(ranks: NDArray[np.uint8]) -> NDArray[np.int64]:
    """From the array of ranks to the counts, checks included."""
    return PairwiseTally.of(profile_of(ranks)).support[0]


def _pref_voting(orders: list[list[int]]) -> NDArray[np.int64]:
    from pref_voting.profiles import Profile

    profile = Profile(orders)
    m = profile.num_cands
    return np.array([[profile.support(i, j) for j in range(m)] for i in range(m)])


def _svvamp(orders: NDArray[np.int64]) -> NDArray[np.int64]:
    from svvamp import Profile

    return np.asarray(Profile(preferences_rk=orders).matrix_duels_rk)


def _in_c(calls: Calls, ranks: NDArray[np.uint8]) -> None:
    if available():
        columns = columns_of(ranks)
        calls["C"] = lambda: support_from_rows(ranks)
        calls["C, transposed before"] = lambda: support_from_columns(columns)


def _beside_c(goal: str, workload: str, found: dict[str, Timed], wanted: float | None) -> Iterator[Line]:
    """The kernel transposes as ours does; without that it is the limit of the machine."""
    if "C" not in found:
        yield not_measured(goal, workload, "C", "there is no gcc, or the processor has no AVX2")
        return
    yield times_slower(goal, workload, "C", found["ours"], found["C"], wanted)
    yield times_slower(goal, workload, "C, transposed before", found["ours"], found["C, transposed before"], None)


def _complete(goal: str, n: int, pref_voting: float, svvamp: float, kernel: float | None) -> Iterator[Line]:
    ranks = strict(n, 30)
    orders = ranks.argsort(axis=1)
    listed = orders.tolist()
    calls: Calls = {
        "ours": lambda: ours(ranks),
        "pref_voting": lambda: _pref_voting(listed),
        "svvamp": lambda: _svvamp(orders),
    }
    _in_c(calls, ranks)
    found = interleaved(calls)
    for name, timed in found.items():
        check((timed.result == found["ours"].result).all(), name)
    workload = f"pairs, {n:,} x 30 complete"
    yield times_faster(goal, workload, "pref_voting", found["ours"], found["pref_voting"], pref_voting)
    yield times_faster(goal, workload, "svvamp", found["ours"], found["svvamp"], svvamp)
    yield from _beside_c(goal, workload, found, kernel)


def g1() -> Iterator[Line]:
    """A hundred thousand complete ballots."""
    yield from _complete("G1", 100_000, 600, 95, 8)


def g2() -> Iterator[Line]:
    """A thousand complete ballots."""
    yield from _complete("G2", 1_000, 250, 20, None)


def g3() -> Iterator[Line]:
    """A thousand ballots with ties."""
    from pref_voting.profiles_with_ties import ProfileWithTies

    ranks = levels(1_000, 60)
    ballots = [dict(enumerate(row)) for row in ranks.tolist()]

    def theirs() -> NDArray[np.int64]:
        profile = ProfileWithTies(ballots, candidates=range(60))
        return np.array([[profile.support(i, j) for j in range(60)] for i in range(60)])

    found = interleaved({"ours": lambda: ours(ranks), "pref_voting": theirs})
    check((found["ours"].result == found["pref_voting"].result).all(), "pref_voting")
    yield times_faster("G3", "pairs, 1,000 x 60, 9 levels", "pref_voting", found["ours"], found["pref_voting"], 350)


def g4() -> Iterator[Line]:
    """A million ballots with ties: time and memory."""
    ranks = levels(1_000_000, 60)
    calls: Calls = {"ours": lambda: ours(ranks)}
    _in_c(calls, ranks)
    found = interleaved(calls, rounds=7)
    for name, timed in found.items():
        check((timed.result == found["ours"].result).all(), name)
    workload = "pairs, 1,000,000 x 60, ties"
    yield from _beside_c("G4", workload, found, 5)
    yield _memory(workload, ranks)


def _memory(workload: str, ranks: NDArray[np.uint8]) -> Line:
    """The most a process of its own held while it counted, beside its input."""
    if not sys.platform.startswith("linux"):
        return not_measured("G4", workload, "peak memory", "read from /proc, which only Linux has")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ranks.npy")
        np.save(file, ranks)
        peak = int(subprocess.run([sys.executable, "-c", _HELD, file], check=True, capture_output=True).stdout)
    return within("G4", workload, "peak memory beside the input", peak / ranks.nbytes, 2, "x")


# What the program takes before it reads its input is not the input's.
_HELD = """
import sys, numpy as np
from pathlib import Path
from benchmarks.pairs import ours
def held(field):
    return int(Path("/proc/self/status").read_text().split(field)[1].split()[0]) * 1024
ours(np.ones((2, 2), dtype=np.uint8))
before = held("VmRSS:")
ranks = np.load(sys.argv[1])
ranks.setflags(write=False)
ours(ranks)
print(held("VmHWM:") - before)
"""
