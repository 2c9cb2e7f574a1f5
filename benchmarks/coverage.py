"""Prints how often rank sets hold the true places on simulated panels of two sides; the table is in `docs/coverage.md`.

    python benchmarks/coverage.py [--runs 400] [--seed 1]

People of a side like twelve questions by the side's mean plus a normal deviation of their own, and put them in order.
From the means follow the true shares of people who prefer one question to another, and from these the true places,
which sets made from one simulated panel after another should hold as often as they promise.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from aggregation import Profile, rank
from aggregation.uncertainty.batched import PAIRWISE, places_of
from aggregation.uncertainty.bootstrap import (
    pair_sets,
    percentile_sets,
    places_in_draws,
    simultaneous_percentile_sets,
    worst_places,
)
from aggregation.uncertainty.mean_scores import mean_scores, rank_sets_of_means
from aggregation.uncertainty.people import sides_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aggregation.uncertainty.mrsw import RankSets

    Sets = tuple[RankSets, RankSets]

ITEMS, COVERAGE, DRAWS = 12, 0.95, 400
PEOPLE = (12, 20, 30, 60, 120)
# Steps between neighbouring questions, in standard deviations of one person.
STEPS = {"clear": 0.5, "near": 0.1, "level": 0.0}
# Two thirds of the people are on the first side; each side has half the say.
FIRST_SIDE = 2 / 3
RESAMPLING = {"borda": ("rescaled", "plain", "bayesian"), "copeland": ("rescaled",), "schulze": ("rescaled",)}


@dataclass(frozen=True, slots=True)
class Row:
    """What one technique did on panels of one kind: how often its sets held what they should, and how wide they were.

    `marginal` : sets of one item that hold its true places; `simultaneous` : panels whose sets hold all of them;
    `again` : marginal sets that hold the item's place on the list of another panel of the same kind;
    `places` : the mean number of places in a marginal set.
    """

    people: int
    kind: str
    method: str
    technique: str
    marginal: float
    simultaneous: float
    again: float
    places: float


def rows(
    runs: int, seed: int, people: tuple[int, ...] = PEOPLE, methods: tuple[str, ...] = tuple(RESAMPLING)
) -> Iterator[Row]:
    """One row for each number of people, kind of panel, method and technique."""
    for n in people:
        for kind, step in STEPS.items():
            seen: dict[tuple[str, str], list[tuple[float, ...]]] = {}
            for run in range(runs):
                rng = np.random.default_rng([seed, n, list(STEPS).index(kind), run])
                for name, measures in measured(step, n, rng, methods):
                    seen.setdefault(name, []).append(measures)
            for (method, technique), found in seen.items():
                yield Row(n, kind, method, technique, *np.mean(found, axis=0).tolist())


def measured(
    step: float, n: int, rng: np.random.Generator, methods: tuple[str, ...]
) -> Iterator[tuple[tuple[str, str], tuple[float, ...]]]:
    """What each technique does on one simulated panel; all see the same panel."""
    means = side_means(step, rng)
    profile, other = panel(means, n, rng), panel(means, n, rng)
    for method in methods:
        best, worst = true_places(means, method)
        again = rank(other, method).ranks
        for technique, (alone, together) in sets_of(profile, method, rng):
            inside = (alone.lo <= best) & (worst <= alone.hi)
            all_inside = ((together.lo <= best) & (worst <= together.hi)).all()
            held = (alone.lo <= again) & (again <= alone.hi)
            yield (method, technique), (inside.mean(), all_inside, held.mean(), (alone.hi - alone.lo + 1).mean())


def side_means(step: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """The means of both sides, shape (2, ITEMS): the same numbers, half of the questions changed about."""
    first = step * np.arange(ITEMS, dtype=float)
    second = first.copy()
    moved = rng.choice(ITEMS, ITEMS // 2, replace=False)
    second[moved] = first[rng.permutation(moved)]
    return np.stack([first, second])


def true_places(means: NDArray[np.float64], method: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst true place of each question, from the true shares of people who prefer one to another."""
    prefer = ndtr((means[:, :, None] - means[:, None, :]) / 2**0.5).mean(axis=0)
    np.fill_diagonal(prefer, 0)
    # In whole numbers, so that rounding does not tell apart what is level.
    support = np.rint(prefer * 1e9).astype(np.int64)[None]
    places = PAIRWISE[method](support, {}) if method in PAIRWISE else places_of(support.sum(axis=2))
    return places[0], worst_places(places)[0]


def panel(means: NDArray[np.float64], n: int, rng: np.random.Generator) -> Profile:
    """Complete strict orders of n people on two sides."""
    side = (np.arange(n) >= round(n * FIRST_SIDE)).astype(np.int64)
    return Profile(
        ranks=places_of(means[side] + rng.standard_normal((n, ITEMS))),
        items=tuple(f"q{i}" for i in range(ITEMS)),
        unranked="last",
        strata=side,
        strata_names=("lived", "staff"),
    )


def sets_of(profile: Profile, method: str, rng: np.random.Generator) -> Iterator[tuple[str, Sets]]:
    """Marginal and simultaneous rank sets by each technique."""
    sides = sides_of(profile)
    means = mean_scores(profile, method, {}, sides)
    if means is not None:
        yield "differences", rank_sets_of_means(means, COVERAGE, DRAWS, rng)
    for resampling in RESAMPLING[method]:
        places = places_in_draws(profile, method, {}, sides, draws=DRAWS, rng=rng, resampling=resampling)
        if resampling == "rescaled":
            yield "pairs", (pair_sets(places, COVERAGE), pair_sets(places, COVERAGE, simultaneous=True))
        percentile = percentile_sets(places, COVERAGE), simultaneous_percentile_sets(places, COVERAGE)
        yield f"percentile, {resampling}", percentile


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=400, help="simulated panels of each kind (400)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE)
    options = parser.parse_args()
    write = sys.stdout.write
    write("| people | questions | method | technique | marginal | simultaneous | next panel | places |\n")
    write("|---|---|---|---|---|---|---|---|\n")
    for row in rows(options.runs, options.seed, tuple(options.people)):
        figures = f"{row.marginal:.3f} | {row.simultaneous:.3f} | {row.again:.3f} | {row.places:.1f}"
        write(f"| {row.people} | {row.kind} | {row.method} | {row.technique} | {figures} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
