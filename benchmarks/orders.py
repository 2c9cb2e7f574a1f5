"""G9 to G11: exact Kemeny orders."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aggregation import FormatError, PairwiseTally, Profile, rank, read
from benchmarks.panels import panel, profile_of
from benchmarks.timing import Line, Timed, at_least, check, interleaved, not_measured, times_faster, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CASES = Path(os.environ.get("PRIORITY_CASES", Path(__file__).resolve().parents[2] / "shared/data/cases"))
SECONDS = 10


def whole_programme(support: NDArray[np.int64]) -> int:
    """The least cost by one integer programme with every cycle of three forbidden, given to HiGHS at once."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    m = len(support)
    rows, columns = np.triu_indices(m, 1)
    index = np.zeros((m, m), dtype=np.int64)
    index[rows, columns] = index[columns, rows] = np.arange(len(rows))
    i, j, k = np.array([turn for turn in permutations(range(m), 3) if turn[0] < min(turn[1:])]).T
    places, signs, limit = [], [], np.full(len(i), 2.0)
    for above, below in ((i, j), (j, k), (k, i)):
        sign = np.where(above < below, 1.0, -1.0)
        places.append(index[above, below])
        signs.append(sign)
        limit -= sign < 0
    entries = (np.concatenate(signs), (np.tile(np.arange(len(i)), 3), np.concatenate(places)))
    cuts = coo_array(entries, shape=(len(i), len(rows))).tocsr()
    margins = (support - support.T)[rows, columns].astype(float)
    answer = milp(
        -margins, integrality=np.ones(len(rows)), bounds=Bounds(0, 1), constraints=LinearConstraint(cuts, ub=limit)
    )
    check(answer.status == 0, "the whole programme was not solved")
    return round(answer.fun) + int(support[rows, columns].sum())


def _corankco(orders: NDArray[np.int64]) -> int:
    from corankco.algorithms.exact.exactalgorithmpulp import ExactAlgorithmPulp
    from corankco.dataset import Dataset
    from corankco.scoringscheme import ScoringScheme

    dataset = Dataset.from_raw_list([[{item} for item in order] for order in orders.tolist()])
    with redirect_stdout(StringIO()):
        consensus = ExactAlgorithmPulp().compute_consensus_rankings(
            dataset, ScoringScheme.get_pseudodistance_scoring_scheme(), return_at_most_one_ranking=True
        )
        return round(consensus.kemeny_score)


def _cost(tally: PairwiseTally) -> int:
    diagnostics = rank(tally, "kemeny", time_limit=600).diagnostics
    check(diagnostics["optimal"], "no optimum was proved")
    return int(diagnostics["cost"])


def g9() -> Iterator[Line]:
    """Panels without much agreement, from pairs that are counted already; ours finds all ties besides the cost."""
    ranks = panel(30, 30, 0.1)
    tally = PairwiseTally.of(profile_of(ranks))
    found = interleaved(
        {"ours": lambda: _cost(tally), "corankco": lambda: _corankco(ranks.argsort(axis=1))}, budget=4, rounds=9
    )
    _same(found)
    workload = "Kemeny, 30 items, little agreement"
    yield times_faster("G9", workload, "corankco with PuLP", found["ours"], found["corankco"], 100)
    yield from _beside_whole_programmes(30, 30, 0.1, 3)
    yield from _beside_whole_programmes(60, 60, 0.2, 6)


def _beside_whole_programmes(n: int, m: int, agreement: float, wanted: float) -> Iterator[Line]:
    """Five panels: the one with the middle ratio is held to the goal, the one with the least is told as well."""
    found = []
    for seed in range(5):
        tally = PairwiseTally.of(profile_of(panel(n, m, agreement, seed)))
        calls = {"ours": partial(_cost, tally), "milp": partial(whole_programme, tally.support[0])}
        found.append(interleaved(calls, budget=4, rounds=5))
        _same(found[-1])
    found.sort(key=lambda each: each["milp"].seconds / each["ours"].seconds)
    workload, peer = f"Kemeny, {m} items, little agreement, {{}} of 5 panels", "one whole scipy milp"
    middle, least = found[2], found[0]
    yield times_faster("G9", workload.format("the middle"), peer, middle["ours"], middle["milp"], wanted)
    yield times_faster("G9", workload.format("the worst"), peer, least["ours"], least["milp"], None)


def _same(found: dict[str, Timed]) -> None:
    for name, timed in found.items():
        check(timed.result == found["ours"].result, f"{name} {timed.result}, ours {found['ours'].result}")


def g10() -> Iterator[Line]:
    """Every PrefLib file among the cases with fewer than a hundred items."""
    tallies = list(_preflib())
    workload = f"Kemeny, {len(tallies)} PrefLib files, under 100 items"
    if not tallies:
        yield not_measured("G10", workload, "-", f"there are no files in {CASES}")
        return
    seconds, proved = [], 0
    for tally in tallies:
        found = interleaved({"ours": lambda tally=tally: rank(tally, "kemeny")}, rounds=3)["ours"]
        seconds.append(found.seconds)
        proved += found.result.diagnostics["optimal"]
    yield at_least("G10", workload, "proved optimal", 100 * proved / len(tallies), 100, "%")
    yield within("G10", workload, "nine of ten", float(np.quantile(seconds, 0.9)), 0.2, "s")
    yield within("G10", workload, "slowest", max(seconds), 1, "s")


def _preflib() -> Iterator[PairwiseTally]:
    for file in sorted(CASES.rglob("*")):
        if file.suffix in {".soc", ".soi", ".toc", ".toi"}:
            try:
                profile = read(file)
            except FormatError:
                continue  # some of the cases are there to be refused
            if isinstance(profile, Profile) and profile.n_items < 100:
                yield PairwiseTally.of(profile)


def g11() -> Iterator[Line]:
    """Large panels: people by items, and how far they agree; seeds count up from 1."""
    proved, gaps, longest = 0, [], 0.0
    sizes = [
        (n, m, agreement) for m in (100, 150, 200) for n, agreement in ((100, 0.2), (100, 0.3), (200, 0.5), (50, 1))
    ]
    for seed, (n, m, agreement) in enumerate(sizes, start=1):
        tally = PairwiseTally.of(profile_of(panel(n, m, agreement, seed)))
        found = interleaved({"ours": lambda tally=tally: rank(tally, "kemeny", time_limit=SECONDS)}, rounds=1)["ours"]
        diagnostics = found.result.diagnostics
        proved += diagnostics["optimal"]
        longest = max(longest, found.seconds)
        if not diagnostics["optimal"]:
            gaps.append(diagnostics["gap"] / diagnostics["cost"])
    workload = f"Kemeny, {len(sizes)} panels, 100 to 200 items, {SECONDS} s each"
    yield at_least("G11", workload, "proved optimal", 100 * proved / len(sizes), 87, "%")
    yield within("G11", workload, "slowest", longest, 2 * SECONDS, "s")
    if gaps:
        largest = f"{100 * max(gaps):.2g} % of the cost"
        yield Line("G11", workload, "largest gap proved for the others", largest, "-", "-", "-", "-")
