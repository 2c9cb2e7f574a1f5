"""Rank sets hold the true places as often as they promise: a small part of the table in `docs/coverage.md`."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

RUNS = 100
# Three standard errors of a share of 0.95 among as many runs.
MARGIN = 3 * (0.95 * 0.05 / RUNS) ** 0.5


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "coverage.py"
    spec = spec_from_file_location("benchmark_of_coverage", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.long
def test_rank_sets_from_differences_keep_their_promise_and_percentiles_do_not(coverage: ModuleType) -> None:
    found = {
        (row.people, row.kind, row.technique): row for row in coverage.rows(RUNS, 7, (12, 120), methods=("borda",))
    }
    for people in (12, 120):
        for kind in coverage.STEPS:
            assert found[people, kind, "differences"].marginal >= 0.95 - MARGIN
            assert found[people, kind, "differences"].simultaneous >= 0.95 - MARGIN
    near = found[12, "near", "percentile, plain"]
    assert near.marginal < found[12, "near", "pairs"].marginal
    assert near.simultaneous < 0.95 - MARGIN


def test_the_truth_of_the_simulation_is_level_where_nothing_differs_and_strict_where_steps_are(
    coverage: ModuleType,
) -> None:
    for method in ("borda", "copeland", "schulze"):
        best, worst = coverage.true_places(coverage.np.zeros((2, coverage.ITEMS)), method)
        assert set(best.tolist()) == {1}
        assert set(worst.tolist()) == {coverage.ITEMS}
        same = coverage.np.tile(coverage.np.arange(coverage.ITEMS), (2, 1))
        best, worst = coverage.true_places(same, method)
        assert best.tolist() == worst.tolist() == list(range(coverage.ITEMS, 0, -1))
