"""What changed between rounds, against sums written out person by person and SciPy, and against its invariants."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import CHNRI, FIVE, Scale, Tally, change, wilcoxon
from tests.aggregation.strategies import NOT_JUDGED, a_panel, panels

FIRST, SECOND = [7, 8, 5, 9, 6, 7, 3, 8, 7, 6], [7, 8, 6, 9, 7, 7, 5, 8, 8, 7]
ARRAYS = (
    *("n", "changed", "crossed", "same_band", "mean_absolute", "cv_before", "cv_after", "cv_difference"),
    *("net", "kappa_linear", "kappa_quadratic", "spearman", "histogram_change"),
)


@st.composite
def two_rounds(draw: st.DrawFn) -> tuple[Ratings, Ratings]:
    first = draw(panels())
    cells = draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=first.n_items, max_size=first.n_items),
            min_size=first.n_people,
            max_size=first.n_people,
        )
    )
    return first, first_with(first, np.where(np.array(cells) > 0, np.array(cells, dtype=float), np.nan))


def first_with(ratings: Ratings, values: np.ndarray) -> Ratings:
    return Ratings(
        values=values,
        items=ratings.items,
        strata=ratings.strata,
        strata_names=ratings.strata_names,
        groups=ratings.groups,
        group_names=ratings.group_names,
    )


def paired(first: Ratings, second: Ratings, item: int) -> tuple[np.ndarray, np.ndarray]:
    x, y = first.values[:, item], second.values[:, item]
    both = ~np.isnan(x) & ~np.isnan(y)
    return x[both], y[both]


def kappa_by_pairs(x: np.ndarray, y: np.ndarray, power: int) -> float:
    """One less the mean weight of the pairs seen over that of all pairs that could be made."""
    found = np.mean([abs(a - b) ** power for a, b in zip(x, y, strict=True)]) if len(x) else np.nan
    chance = np.mean([abs(a - b) ** power for a, b in product(x, y)]) if len(x) else 0
    return 1 - found / chance if chance else np.nan


def test_the_two_rounds_of_the_methods() -> None:
    found = change(a_panel(FIRST), a_panel(SECOND))
    assert (found.changed_of(0), found.crossed_of(0)) == (Tally(5, 10), Tally(3, 10))
    assert (found.same_band[0], found.net[0], found.histogram_change[0]) == (7, 2, 0.2)
    assert found.mean_absolute[0] == pytest.approx(0.6)
    printed = {
        "cv_before": 0.25950,
        "cv_after": 0.15768,
        "cv_difference": 0.10182,
        "kappa_linear": 0.610390,
        "kappa_quadratic": 0.807692,
        "spearman": 0.929342,
    }
    for name, value in printed.items():
        assert getattr(found, name)[0] == pytest.approx(value, abs=5e-6 if "cv" in name else 5e-7)


@given(rounds=two_rounds())
def test_every_number_equals_one_written_out_person_by_person(rounds: tuple[Ratings, Ratings]) -> None:
    found = change(*rounds)
    for i in range(len(found.items)):
        x, y = paired(*rounds, i)
        bands = [np.digitize(each, [3.5, 6.5]) for each in (x, y)]
        assert found.n[i] == len(x)
        assert found.changed[i] == (x != y).sum()
        assert found.crossed[i] == (bands[0] != bands[1]).sum() == len(x) - found.same_band[i]
        assert 2 * found.net[i] == sum(abs((x == point).sum() - (y == point).sum()) for point in range(1, 10))
        assert found.mean_absolute[i] == pytest.approx(np.abs(x - y).mean() if len(x) else np.nan, nan_ok=True)
        for name, power in (("kappa_linear", 1), ("kappa_quadratic", 2)):
            assert getattr(found, name)[i] == pytest.approx(kappa_by_pairs(x, y, power), abs=1e-12, nan_ok=True)
        for name, each in (("cv_before", x), ("cv_after", y)):
            expected = each.std(ddof=1) / each.mean() if len(each) > 1 else np.nan
            assert getattr(found, name)[i] == pytest.approx(expected, abs=1e-12, nan_ok=True)
        varied = len(set(x)) > 1 and len(set(y)) > 1
        expected = stats.spearmanr(x, y).statistic if varied else np.nan
        assert found.spearman[i] == pytest.approx(expected, abs=1e-12, nan_ok=True)


@given(rounds=two_rounds())
def test_turning_the_scale_changes_nothing_but_level(rounds: tuple[Ratings, Ratings]) -> None:
    found, turned = change(*rounds), change(*(first_with(each, 10 - each.values) for each in rounds))
    for name in set(ARRAYS) - {"cv_before", "cv_after", "cv_difference"}:
        np.testing.assert_allclose(getattr(turned, name), getattr(found, name), atol=1e-12)


@given(rounds=two_rounds(), data=st.data())
def test_neither_the_order_of_people_nor_of_questions_matters(
    rounds: tuple[Ratings, Ratings], data: st.DataObject
) -> None:
    rows = data.draw(st.permutations(range(rounds[0].n_people)))
    columns = data.draw(st.permutations(range(rounds[0].n_items)))
    found = change(*rounds)
    moved = change(
        *(
            Ratings(values=each.values[np.ix_(rows, columns)], items=tuple(each.items[c] for c in columns))
            for each in rounds
        )
    )
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(moved, name), getattr(found, name)[list(columns)])


@given(rounds=two_rounds())
def test_everybody_twice_doubles_counts_and_keeps_shares(rounds: tuple[Ratings, Ratings]) -> None:
    found = change(*rounds)
    twice = change(*(Ratings(values=np.tile(each.values, (2, 1)), items=each.items) for each in rounds))
    for name in ("n", "changed", "crossed", "same_band", "net"):
        np.testing.assert_array_equal(getattr(twice, name), 2 * getattr(found, name))
    for name in ("mean_absolute", "kappa_linear", "kappa_quadratic", "spearman", "histogram_change"):
        np.testing.assert_allclose(getattr(twice, name), getattr(found, name), atol=1e-12)


@given(rounds=two_rounds())
def test_who_answered_once_only_counts_nowhere(rounds: tuple[Ratings, Ratings]) -> None:
    first, second = rounds
    absent = np.full((3, first.n_items), np.nan)
    longer = change(
        Ratings(values=np.vstack([first.values, absent]), items=first.items),
        Ratings(values=np.vstack([second.values, np.ones_like(absent)]), items=second.items),
    )
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(longer, name), getattr(change(*rounds), name))


def test_swapped_answers_leave_the_histogram_as_it_was() -> None:
    found = change(a_panel([3] * 6 + [9] * 6), a_panel([9] * 6 + [3] * 6))
    assert (found.net[0], found.histogram_change[0], found.crossed_of(0)) == (0, 0.0, Tally(12, 12))


@pytest.mark.parametrize(("scale", "values"), [(FIVE, [3, 4]), (CHNRI, [0.5, 1])])
def test_bands_and_distances_are_those_of_the_scale(scale: Scale, values: list[float]) -> None:
    found = change(a_panel([values[0]] * 4), a_panel([values[1]] * 4), scale)
    assert (found.crossed[0], found.mean_absolute[0]) == (4, values[1] - values[0])


def test_where_nothing_can_be_said_there_is_no_number() -> None:
    alike = change(a_panel([7, 7, 7]), a_panel([7, 7, 7]))
    assert np.isnan([alike.kappa_linear[0], alike.kappa_quadratic[0], alike.spearman[0]]).all()
    assert alike.cv_difference[0] == 0
    nobody = change(a_panel([7, NOT_JUDGED]), a_panel([NOT_JUDGED, 7]))
    assert nobody.n[0] == nobody.changed[0] == 0
    assert np.isnan([nobody.mean_absolute[0], nobody.histogram_change[0], nobody.cv_before[0]]).all()
    assert np.isnan(change(a_panel([0, 0]), a_panel([0, 1]), CHNRI).cv_before[0])


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (a_panel([7]), "2 rows and `after` 1"),
        (Ratings(values=[[7], [8]], items=["other"]), "the same questions"),
        (a_panel([7, 10]), r"`values`\[1, 0\]"),
        (a_panel([7, 8], sides=["lived", "staff"]), "row 1 has the side 'lived' before and 'staff' after"),
        (a_panel([7, 8], groups=["a", "b"]), "row 0 has the group 'b' before and 'a' after"),
    ],
)
def test_rounds_that_do_not_belong_together_are_refused(after: Ratings, reason: str) -> None:
    before = a_panel([7, 8], sides=["lived", "lived"], groups=["b", "b"])
    with pytest.raises(RatingsError, match=reason):
        change(before, after)


def test_results_cannot_be_changed_and_inputs_are_not() -> None:
    first, second = a_panel(FIRST), a_panel(SECOND)
    found = change(first, second)
    assert not any(getattr(found, name).flags.writeable for name in ARRAYS[:-1])
    assert first.values[:, 0].tolist() == FIRST


def test_the_signed_ranks_of_the_methods() -> None:
    both = a_panel(FIRST), a_panel(SECOND)
    assert wilcoxon(*both, zeros="drop").p[0] == wilcoxon(*both).p[0] == 0.0625
    assert wilcoxon(*both, method="normal").p[0] == pytest.approx(0.026500, abs=5e-7)


@given(rounds=two_rounds(), zeros=st.sampled_from(["pratt", "drop"]))
def test_the_exact_test_is_the_count_over_all_signs(rounds: tuple[Ratings, Ratings], zeros: str) -> None:
    found = wilcoxon(*rounds, zeros=zeros)
    for i in range(len(found.items)):
        x, y = paired(*rounds, i)
        steps = (y - x)[y != x] if zeros == "drop" else y - x
        ranks = stats.rankdata(np.abs(steps))[steps != 0]
        signs = np.sign(steps[steps != 0])
        assert found.changed[i] == len(ranks)
        assert (found.up[i], found.down[i]) == (ranks[signs > 0].sum(), ranks[signs < 0].sum())
        if not len(x):
            assert np.isnan(found.p[i])
        elif len(ranks) <= 10:
            seen = abs((signs * ranks).sum())
            sums = [abs(np.dot(each, ranks)) for each in product([-1, 1], repeat=len(ranks))]
            assert found.p[i] == pytest.approx(np.mean([each >= seen for each in sums]), abs=1e-12)


@pytest.mark.parametrize("zeros", ["pratt", "drop"])
def test_the_normal_approximation_is_scipys(zeros: str) -> None:
    rng = np.random.default_rng(3)
    first = a_panel(*rng.integers(1, 10, (8, 40)))
    second = a_panel(*rng.integers(1, 10, (8, 40)))
    found = wilcoxon(first, second, zeros=zeros, method="normal")
    for i in range(8):
        x, y = paired(first, second, i)
        name = "wilcox" if zeros == "drop" else "pratt"
        theirs = stats.wilcoxon(y, x, zero_method=name, method="approx", correction=False)
        assert found.p[i] == pytest.approx(theirs.pvalue, abs=1e-12)
        assert min(found.up[i], found.down[i]) == theirs.statistic


def test_by_permutation_is_near_the_exact_and_the_same_again() -> None:
    rng = np.random.default_rng(4)
    first, second = (a_panel(*rng.integers(1, 10, (6, 30))) for _ in range(2))
    drawn = wilcoxon(first, second, method="permutation", seed=1)
    np.testing.assert_allclose(drawn.p, wilcoxon(first, second).p, atol=0.02)
    np.testing.assert_array_equal(drawn.p, wilcoxon(first, second, method="permutation", seed=1).p)


def test_nobody_who_changed_is_no_evidence() -> None:
    same = a_panel([7, 8, NOT_JUDGED])
    for method in ("exact", "normal", "permutation"):
        assert wilcoxon(same, same, method=method, seed=1).p[0] == 1


def test_nobody_with_two_answers_was_not_tested_and_does_not_count_among_the_tests() -> None:
    first, second = a_panel([7, 7, NOT_JUDGED], [NOT_JUDGED] * 3), a_panel([7, NOT_JUDGED, 8], [5, 6, 7])
    for method in ("exact", "normal", "permutation"):
        p = wilcoxon(first, second, method=method, seed=1).p
        assert p[0] == 1
        assert np.isnan(p[1])


def test_one_who_changed_could_as_well_have_gone_the_other_way() -> None:
    for method in ("exact", "permutation"):
        assert wilcoxon(a_panel([7, 7]), a_panel([7, 8]), method=method, seed=1).p[0] == 1


def test_a_test_that_is_none_is_refused() -> None:
    same = a_panel([7, 8])
    with pytest.raises(StatisticError, match="no test by"):
        wilcoxon(same, same, zeros="split")
    with pytest.raises(StatisticError, match="no test by"):
        wilcoxon(same, same, method="t")
    with pytest.raises(StatisticError, match="seed"):
        wilcoxon(same, same, method="permutation")
    with pytest.raises(StatisticError, match="401 people changed their answer to 'q0'"):
        wilcoxon(a_panel([1] * 401), a_panel([2] * 401))
