"""G15: the statistics of a large panel's ratings, question by question, side by side and group by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import Ratings
from aggregation.delphi import (
    RULES,
    ConsensusRule,
    alternatives,
    attrition,
    average_majority,
    change,
    consistency,
    findings,
    holm,
    kendall_w,
    kendall_w_missing,
    kruskal_wallis,
    mann_whitney,
    rand_ucla,
    reruns,
    stable,
    summarise,
    superiority,
    tastle_wierman,
    van_der_eijk,
    verdicts,
    wilcoxon,
    wilson,
)
from benchmarks.timing import Line, check, interleaved, shown, times_faster, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

QUESTIONS, PEOPLE = 200, 5_000
GROUPS = {
    "patients": "lived",
    "carers": "lived",
    "nurses": "staff",
    "doctors": "staff",
    "gps": "staff",
    "aides": "staff",
}
WORKLOAD = f"ratings, {QUESTIONS} questions x {PEOPLE:,} people x {len(GROUPS)} groups, 2 rounds"
Found = dict[tuple[str, str], Any]


def _rounds() -> tuple[Ratings, Ratings]:
    """Two rounds of the same people: one of five answers moves a little, one person of ten leaves."""
    rng = np.random.default_rng(15)
    groups = rng.choice(list(GROUPS), PEOPLE)
    liking = rng.normal(6, 1.5, QUESTIONS)
    first = np.clip(np.round(rng.normal(liking, 2, (PEOPLE, QUESTIONS))), 1, 9)
    moved = rng.integers(-2, 3, first.shape) * (rng.random(first.shape) < 0.2)
    second = np.clip(first + moved, 1, 9)
    second[rng.random(PEOPLE) < 0.1] = np.nan
    return _ratings(first, groups, rng), _ratings(second, groups, rng)


def _ratings(values: NDArray[np.float64], groups: NDArray[np.str_], rng: np.random.Generator) -> Ratings:
    cannot = (rng.random(values.shape) < 0.04) & ~np.isnan(values)
    values = np.where(cannot | (rng.random(values.shape) < 0.02), np.nan, values)
    return Ratings.from_values(
        values,
        [f"q{i}" for i in range(QUESTIONS)],
        cannot_judge=cannot,
        sides=[GROUPS[group] for group in groups],
        groups=groups.tolist(),
    )


def _parts(ratings: Ratings) -> dict[str, Ratings]:
    return {"": ratings, **ratings.by_side(), **ratings.by_group()}


def _shared(first: Ratings, second: Ratings) -> Found:
    """What pandas and SciPy have too, by ours."""
    found: Found = {}
    for name, part in _parts(second).items():
        summary = summarise(part)
        for each in ("n", "median", "q1", "q3", "mean", "sd", "cv", "mad", "histogram", "high", "low"):
            found[name, each] = getattr(summary, each)
        found[name, "ipr"] = np.array([float(result.ipr) for result in rand_ucla(summary) if result])
        intervals = [wilson(int(high), int(n)) for high, n in zip(summary.high, summary.n, strict=True)]
        found[name, "wilson"] = np.array([(each.low, each.high) for each in intervals])
    pooled = verdicts(second, ConsensusRule(scope="pooled", floor=0))
    found["", "in"] = np.array([verdict.decision == "in" for verdict in pooled])
    changed = change(first, second)
    for each in ("changed", "crossed", "mean_absolute", "cv_difference", "kappa_quadratic", "spearman"):
        found["", each] = getattr(changed, each)
    lived, staff = second.by_side().values()
    found["", "superiority"] = superiority(lived, staff).probability
    found["", "mann_whitney"] = mann_whitney(lived, staff).p
    found["", "kruskal_wallis"] = kruskal_wallis(list(second.by_group().values())).p
    found["", "wilcoxon"] = wilcoxon(first, second, method="normal").p
    return found


def _everything(first: Ratings, second: Ratings) -> None:
    """All that is said of ratings but what is drawn at random and W with gaps, of every part of the panel."""
    earlier, later = _parts(first), _parts(second)
    for name, part in later.items():
        summary = summarise(part)
        tastle_wierman(summary.histogram)
        van_der_eijk(summary.histogram)
        consistency(summary)
        average_majority(summary)
        rand_ucla(summary)
        rand_ucla(summary, percentile="linear")
        for high, n in zip(summary.high.tolist(), summary.n.tolist(), strict=True):
            wilson(high, n)
        changed = change(earlier[name], part)
        stable(changed)
        findings(changed, part)
    alternatives(second, RULES)
    lived, staff = second.by_side().values()
    superiority(lived, staff)
    holm(mann_whitney(lived, staff).p)
    holm(kruskal_wallis(list(second.by_group().values())).p)
    wilcoxon(first, second, method="normal")
    attrition(first, second)
    reruns(first, second, ConsensusRule())
    kendall_w(np.where(np.isnan(second.values[:, :30]), 5, second.values[:, :30]))


def g15() -> Iterator[Line]:
    """Everything within two seconds; what pandas and SciPy have too beside them; W with gaps and draws apart."""
    from benchmarks.with_pandas import statistics

    first, second = _rounds()
    ours = interleaved({"ours": lambda: _everything(first, second)}, budget=5, rounds=5)["ours"]
    yield within("G15", WORKLOAD, "everything but draws and W with gaps", ours.seconds, 2, "s")
    calls = {"ours": lambda: _shared(first, second), "pandas": lambda: statistics(first, second)}
    found = interleaved(calls, budget=5, rounds=4)
    for key, value in found["ours"].result.items():
        check(np.allclose(value, found["pandas"].result[key], atol=1e-9), f"{key[1]} of {key[0] or 'everybody'}")
    yield times_faster("G15", WORKLOAD, "pandas and SciPy, what both have", found["ours"], found["pandas"], None)
    drawn = interleaved({"ours": lambda: attrition(first, second, draws=1_000, seed=1)}, rounds=3)["ours"]
    yield Line("G15", WORKLOAD, "attrition with 1,000 draws", shown(drawn.seconds), "-", "-", "-", "-")
    yield _with_gaps(second)


def _with_gaps(ratings: Ratings) -> Line:
    from benchmarks.with_pandas import concordance

    answered = ratings.values[~np.isnan(ratings.values).all(axis=1)][:300, :60]
    calls = {"ours": lambda: kendall_w_missing(answered), "pandas": lambda: concordance(answered)}
    found = interleaved(calls, budget=5, rounds=5)
    check(abs(found["ours"].result.w - found["pandas"].result) < 1e-9, "W with gaps")
    return times_faster("G15", "W with gaps, 300 people x 60 questions", "pandas", found["ours"], found["pandas"], None)
