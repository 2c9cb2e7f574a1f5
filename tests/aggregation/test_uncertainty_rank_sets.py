"""Rank sets from estimates and their errors: published figures, brute force, and what they promise by themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation.uncertainty.bootstrap import (
    bands_of,
    often_above,
    pair_sets,
    percentile_sets,
    simultaneous_percentile_sets,
    worst_places,
)
from aggregation.uncertainty.mrsw import critical_value, rank_sets, spread_of_differences

# Mean score in mathematics and its standard error, OECD countries, PISA 2018.
PISA = {
    "Australia": (491.3600252, 1.939833031),
    "Austria": (498.9423138, 2.970998694),
    "Belgium": (508.0703063, 2.262662011),
    "Canada": (512.0169429, 2.357475749),
    "Chile": (417.4065563, 2.41588757),
    "Colombia": (390.9322732, 2.989559274),
    "Czech Republic": (499.4676508, 2.460661531),
    "Denmark": (509.3983746, 1.735002337),
    "Estonia": (523.4145802, 1.743602224),
    "Finland": (507.3013618, 1.967920411),
    "France": (495.4075794, 2.320214487),
    "Germany": (500.0437805, 2.647083096),
    "Greece": (451.3703438, 3.091228197),
    "Hungary": (481.0826364, 2.319596741),
    "Iceland": (495.1873762, 1.953082603),
    "Ireland": (499.632894, 2.198621128),
    "Israel": (463.0345488, 3.498563228),
    "Italy": (486.5898573, 2.780045867),
    "Japan": (526.9732502, 2.471475318),
    "Korea": (525.933002, 3.121394315),
    "Latvia": (496.1263306, 1.962766789),
    "Lithuania": (481.1911884, 1.953282039),
    "Luxembourg": (483.421485, 1.097632409),
    "Mexico": (408.8014734, 2.493225544),
    "Netherlands": (519.2309824, 2.632277885),
    "New Zealand": (494.489676, 1.705942856),
    "Norway": (500.9637885, 2.219044878),
    "Poland": (515.6478747, 2.602085176),
    "Portugal": (492.4874062, 2.684570081),
    "Slovak Republic": (486.1648542, 2.555595707),
    "Slovenia": (508.8975441, 1.363877596),
    "Spain": (481.3926126, 1.462417763),
    "Sweden": (502.3877022, 2.654250935),
    "Switzerland": (515.3147131, 2.908003898),
    "Turkey": (453.5077774, 2.260406789),
    "United Kingdom": (501.7698992, 2.564428111),
    "United States": (478.2447174, 3.235444099),
}
COUNTRIES = list(PISA)
THETA, ERROR = (np.array(column) for column in zip(*PISA.values(), strict=True))


def pisa(coverage: float, *, simultaneous: bool, stepdown: bool = True) -> dict[str, tuple[int, int]]:
    errors = np.random.default_rng(101).standard_normal((10_000, len(THETA))) * ERROR
    spread = spread_of_differences(np.diag(ERROR**2))
    lo, hi = rank_sets(THETA, errors, spread, coverage=coverage, simultaneous=simultaneous, stepdown=stepdown)
    return dict(zip(COUNTRIES, zip(lo.tolist(), hi.tolist(), strict=True), strict=True))


def test_the_published_place_of_the_united_kingdom_in_pisa_2018() -> None:
    """7 to 23, from 1,000 draws. With steps down, Canada is so near the line (2.942 to 2.935) that draws decide."""
    assert pisa(0.95, simultaneous=False, stepdown=False)["United Kingdom"] == (7, 23)
    assert pisa(0.95, simultaneous=False)["United Kingdom"] in {(7, 23), (8, 23)}


def test_three_countries_are_behind_all_others_and_korea_before_germany_only_at_less_coverage() -> None:
    sets, looser = pisa(0.95, simultaneous=True), pisa(0.75, simultaneous=True)
    behind = {"Chile", "Mexico", "Colombia"}
    assert min(sets[name][0] for name in behind) > max(hi for name, (_, hi) in sets.items() if name not in behind)
    assert sets["Germany"][0] <= 7 <= sets["Korea"][1]
    assert looser["Korea"][1] < looser["Germany"][0]


@pytest.mark.parametrize(("items", "range_95"), [(3, 3.314), (6, 4.030), (10, 4.474)])
def test_the_critical_value_of_all_pairs_is_that_of_the_studentised_range(items: int, range_95: float) -> None:
    errors = np.random.default_rng(3).standard_normal((100_000, items))
    spread = np.full((items, items), 2**0.5)
    everything = ~np.eye(items, dtype=bool)
    found = critical_value(errors, 1 / spread, everything, np.arange(items), 0.95)
    assert found == pytest.approx(range_95 / 2**0.5, abs=0.02)


def test_the_critical_value_equals_one_found_pair_by_pair() -> None:
    rng = np.random.default_rng(5)
    errors, m = rng.standard_normal((300, 5)) @ rng.standard_normal((5, 5)), 5
    spread = spread_of_differences(np.cov(errors.T))
    waiting = rng.random((m, m)) < 0.6
    np.fill_diagonal(waiting, val=False)
    largest = [
        max((row[i] - row[j]) / spread[i, j] for i in range(m) for j in range(m) if waiting[i, j]) for row in errors
    ]
    found = critical_value(errors, 1 / (spread + np.eye(m)), waiting, np.arange(m), 0.9)
    assert found == pytest.approx(sorted(largest)[int(np.ceil(0.9 * 299))])


def test_steps_down_never_widen_and_here_they_tell_more_apart() -> None:
    errors = np.random.default_rng(2).standard_normal((5000, 6))
    theta, spread = np.array([40.0, 30.0, 20.0, 10.0, 3.9, 0.0]), np.full((6, 6), 2**0.5)
    one = rank_sets(theta, errors, spread, simultaneous=True, stepdown=False)
    down = rank_sets(theta, errors, spread, simultaneous=True)
    assert (down.lo >= one.lo).all()
    assert (down.hi <= one.hi).all()
    assert one.hi[4] == 6
    assert down.hi[4] == 5


def test_pairs_without_any_spread_are_told_apart_where_they_differ_and_only_there() -> None:
    theta = np.array([3.0, 1.0, 1.0])
    sets = rank_sets(theta, np.zeros((50, 3)), np.zeros((3, 3)))
    assert sets.lo.tolist() == [1, 2, 2]
    assert sets.hi.tolist() == [1, 3, 3]


def test_sets_of_one_item_are_within_those_of_all_at_once() -> None:
    alone, together = pisa(0.95, simultaneous=False), pisa(0.95, simultaneous=True)
    assert all(together[name][0] <= lo and hi <= together[name][1] for name, (lo, hi) in alone.items())


places = st.integers(2, 5).flatmap(
    lambda m: st.lists(st.lists(st.integers(1, m), min_size=m, max_size=m), min_size=20, max_size=40)
)


@given(places, st.sampled_from([0.5, 0.8, 0.9]))
def test_percentile_sets_for_all_hold_every_item_in_as_many_draws_as_they_promise(
    scores: list[list[int]], coverage: float
) -> None:
    drawn = ranked(scores)
    sets = simultaneous_percentile_sets(drawn, coverage)
    held = (drawn >= sets.lo).all(axis=1) & (worst_places(drawn) <= sets.hi).all(axis=1)
    assert held.mean() >= coverage
    one_by_one = percentile_sets(drawn, coverage)
    for item in range(drawn.shape[1]):
        within = (drawn[:, item] >= one_by_one.lo[item]) & (worst_places(drawn)[:, item] <= one_by_one.hi[item])
        assert within.mean() >= coverage - 1e-9


@given(places, st.sampled_from([0.5, 0.8, 0.9]))
def test_pairs_told_apart_hold_in_as_many_draws_as_promised(scores: list[list[int]], coverage: float) -> None:
    drawn = ranked(scores)
    m = drawn.shape[1]
    for simultaneous in (False, True):
        sets = pair_sets(drawn, coverage, simultaneous=simultaneous)
        often = often_above(drawn)
        items = [range(m)] if simultaneous else [[item] for item in range(m)]
        for of in items:
            above = {i: np.argsort(-often[:, i])[: sets.lo[i] - 1] for i in of}
            kept = np.array([all(row[j] < row[i] for i in of for j in above[i]) for row in drawn])
            assert kept.mean() >= coverage


def ranked(scores: list[list[int]]) -> np.ndarray:
    array = np.array(scores)
    return 1 + (array[:, None, :] < array[:, :, None]).sum(axis=2)


def test_bands_overlap_and_cover_every_item() -> None:
    often = np.array([[0, 0.5, 0.99, 1], [0.4, 0, 0.8, 0.97], [0.01, 0.2, 0, 0.6], [0, 0.03, 0.4, 0]])
    assert bands_of(np.array([1, 2, 3, 4]), often, 0.95) == ((0, 1), (1, 2, 3))
    assert bands_of(np.array([1, 2, 3, 4]), often, 0.9) == ((0, 1), (1, 2), (2, 3))
    assert bands_of(np.array([1, 1, 1, 1]), np.zeros((4, 4)), 0.95) == ((0, 1, 2, 3),)
