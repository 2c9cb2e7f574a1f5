"""Distances and overlaps: printed numbers, SciPy where it has them, definitions by brute force, and refusals."""

from __future__ import annotations

import json
import os
from itertools import combinations, permutations, product
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aggregation import Profile, StatisticError, rank, read
from aggregation.distances import footrule, kendall_distance, kendall_tau_b, spearman_rho, weighted_tau
from aggregation.overlap import average_overlap, rank_biased_overlap

CORRELATIONS = (kendall_tau_b, weighted_tau, spearman_rho)
ALL = (*CORRELATIONS, kendall_distance, footrule)
SCIPY = {
    kendall_tau_b: lambda x, y: stats.kendalltau(x, y).statistic,
    # SciPy's weights follow scores: the largest is first.
    weighted_tau: lambda x, y: stats.weightedtau(-np.asarray(x), -np.asarray(y)).statistic,
    spearman_rho: lambda x, y: stats.spearmanr(x, y).statistic,
}
CASES = Path(os.environ.get("PRIORITY_CASES", Path(__file__).resolve().parents[2].parent / "shared" / "data" / "cases"))


@st.composite
def two_rankings(draw: st.DrawFn, *, most: int = 8, level: bool = False) -> tuple[list[int], list[int]]:
    """Ranks of the same items with many ties; neither all level unless `level`."""
    n = draw(st.integers(2, most))
    one = st.lists(st.integers(1, n), min_size=n, max_size=n)
    if not level:
        one = one.filter(lambda ranks: len(set(ranks)) > 1)
    return draw(one), draw(one)


@pytest.mark.parametrize("correlation", CORRELATIONS)
@given(pair=two_rankings())
def test_correlations_are_those_of_scipy(correlation: Any, pair: tuple[list[int], list[int]]) -> None:
    assert correlation(*pair) == pytest.approx(SCIPY[correlation](*pair), abs=1e-12)


def test_tau_and_weighted_tau_of_printed_examples() -> None:
    """From the documentation of SciPy, whose numbers are scores; a score of 0 is no rank, and 0.5 sorts alike."""
    assert kendall_tau_b([12, 2, 1, 12, 2], [1, 4, 7, 1, 0.5]) == pytest.approx(-0.4714045207910316, abs=1e-12)
    x, y = [12, 2, 1, 12, 2], [1, 4, 7, 1, 0]
    turned = [13 - value for value in x], [8 - value for value in y]
    assert weighted_tau(*turned) == pytest.approx(-0.56694968153682723, abs=1e-12)


def test_spearman_and_footrule_of_a_printed_example() -> None:
    """Intelligence and hours before television, ten people: rho is -29/165."""
    assert spearman_rho([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 6, 8, 7, 10, 9, 3, 5, 2, 4]) == pytest.approx(-29 / 165)
    assert footrule([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 6, 8, 7, 10, 9, 3, 5, 2, 4]) == 40


@pytest.mark.skipif(not CASES.exists(), reason=f"there are no cases at {CASES}; set PRIORITY_CASES to where they lie")
def test_the_rank_correlation_of_the_cases() -> None:
    path = CASES / "stats" / "potato_visual.csv"
    cases = json.loads(path.with_name(path.name + ".cases.json").read_text(encoding="utf-8"))
    expected = next(case["expected"] for case in cases if case["method"] == "rank_correlation")
    found = read(path, "ratingcsv").values.mean(axis=0)
    assert kendall_tau_b(found, expected["true_ranking"]) == pytest.approx(expected["kendall_tau_b"], abs=1e-9)
    assert spearman_rho(found, expected["true_ranking"]) == pytest.approx(expected["spearman_rho"], abs=1e-9)


@given(pair=two_rankings(level=True), p=st.sampled_from([0, 0.25, 0.5, 1]))
def test_kendall_distance_is_what_its_definition_says(pair: tuple[list[int], list[int]], p: float) -> None:
    first, second = pair
    cost = 0.0
    for i, j in combinations(range(len(first)), 2):
        one, other = first[i] - first[j], second[i] - second[j]
        cost += 1 if one * other < 0 else p if (one == 0) != (other == 0) else 0
    assert kendall_distance(first, second, p=p) == cost
    assert kendall_distance(first, second, p=p, normalised=True) == cost / (len(first) * (len(first) - 1) // 2)


@given(pair=two_rankings(level=True))
def test_footrule_is_the_sum_of_differences_of_mean_places(pair: tuple[list[int], list[int]]) -> None:
    first, second = pair
    total = abs(stats.rankdata(first) - stats.rankdata(second)).sum()
    assert footrule(first, second) == total
    assert footrule(first, second, normalised=True) == total / (len(first) ** 2 // 2)
    assert 0 <= footrule(first, second, normalised=True) <= 1


@given(pair=two_rankings(), third=st.data())
def test_distances_are_metrics(pair: tuple[list[int], list[int]], third: st.DataObject) -> None:
    first, second = pair
    other = third.draw(st.lists(st.integers(1, 8), min_size=len(first), max_size=len(first)))
    for distance in (kendall_distance, footrule):
        assert distance(first, first) == 0
        assert distance(first, second) == distance(second, first)
        assert distance(first, second) <= distance(first, other) + distance(other, second)


@pytest.mark.parametrize("n", [2, 5, 8])
def test_a_list_turned_round_is_as_far_as_can_be(n: int) -> None:
    up, down = list(range(1, n + 1)), list(range(n, 0, -1))
    assert [correlation(up, down) for correlation in CORRELATIONS] == [-1, -1, -1]
    assert [correlation(up, up) for correlation in CORRELATIONS] == [1, 1, 1]
    assert kendall_distance(up, down, normalised=True) == footrule(up, down, normalised=True) == 1


def test_rankings_are_matched_by_their_ids() -> None:
    ours = rank(Profile.from_orders(["abc"], "abc", unranked="last"), "borda")
    theirs = rank(Profile.from_orders(["acb"], "cba", unranked="last"), "borda")
    assert kendall_distance(ours, theirs) == 1
    assert kendall_distance(ours, [1, 2, 3]) == 0
    others = rank(Profile.from_orders(["abd"], unranked="last"), "borda")
    for function in ALL:
        with pytest.raises(StatisticError, match="the same items"):
            function(ours, others)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([1, 2], [1, 2, 3], "2 items and `second` 3"),
        ([1], [1], "two items or more"),
        ([1, 0], [1, 2], "`first` must rank every item"),
        ([1, 2], [1, float("nan")], "`second` must rank every item"),
        ([1, 2], [1, float("inf")], "`second` must rank every item"),
        ([[1, 2]], [[1, 2]], "shape"),
        (["x", "y"], [1, 2], "must be ranks"),
    ],
)
def test_what_is_no_pair_of_rankings_is_refused(function: Any, first: Any, second: Any, reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        function(first, second)


@pytest.mark.parametrize("correlation", CORRELATIONS)
@pytest.mark.parametrize("pair", [([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [2, 2, 2])])
def test_no_correlation_where_everything_is_level(correlation: Any, pair: tuple[list[int], list[int]]) -> None:
    with pytest.raises(StatisticError, match="level"):
        correlation(*pair)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_the_cost_of_a_tie_is_between_0_and_1(p: float) -> None:
    with pytest.raises(StatisticError, match="`p`"):
        kendall_distance([1, 2], [2, 1], p=p)


# The example that the authors of the tie-aware variants print, p = 0.95.
RED, BLUE = (
    ["red", {"blue", "green"}, "yellow", "pink"],
    [{"blue", "red"}, "white", {"yellow", "black", "purple"}, "green"],
)


@pytest.mark.parametrize(("ties", "expected"), [("w", 0.7068257), ("a", 0.6922853), ("b", 0.7207131)])
def test_overlap_of_a_printed_example(ties: str, expected: float) -> None:
    assert rank_biased_overlap(RED, BLUE, p=0.95, ties=ties) == pytest.approx(expected, abs=5e-8)
    assert rank_biased_overlap(BLUE, RED, p=0.95, ties=ties) == rank_biased_overlap(RED, BLUE, p=0.95, ties=ties)


def extrapolated(short: list[str], long: list[str], p: float) -> float:
    """Webber, Moffat and Zobel's equation for lists without ties, term by term."""
    s, l = len(short), len(long)
    x = [len(set(short[:d]) & set(long[:d])) for d in range(l + 1)]
    total = sum(x[d] / d * p**d for d in range(1, l + 1)) + sum(
        x[s] * (d - s) / (s * d) * p**d for d in range(s + 1, l + 1)
    )
    return (1 - p) / p * total + ((x[l] - x[s]) / l + x[s] / s) * p**l


@st.composite
def two_lists(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Lists of one to six of eight letters, the first not longer."""
    lists = [draw(st.permutations("abcdefgh"))[: draw(st.integers(1, 6))] for _ in range(2)]
    return tuple(sorted(lists, key=len))


@given(pair=two_lists(), p=st.sampled_from([0.1, 0.5, 0.9, 0.98]), ties=st.sampled_from("wab"))
def test_without_ties_all_variants_are_the_original(pair: tuple[list[str], list[str]], p: float, ties: str) -> None:
    short, long = pair
    assert rank_biased_overlap(long, short, p=p, ties=ties) == pytest.approx(extrapolated(short, long, p), abs=1e-12)


def every_breaking(tiers: list[tuple[str, ...]]) -> list[list[str]]:
    return [[item for tier in chosen for item in tier] for chosen in product(*(permutations(tier) for tier in tiers))]


@st.composite
def two_tied_lists(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Lists of the same length, of five of six letters, cut into tiers."""
    found = []
    for _ in range(2):
        items = draw(st.permutations("abcdef"))[:5]
        cuts = sorted(draw(st.sets(st.integers(1, 4), min_size=1)))
        found.append([tuple(items[i:j]) for i, j in zip([0, *cuts], [*cuts, 5], strict=True)])
    return found[0], found[1]


@given(pair=two_tied_lists(), p=st.sampled_from([0.3, 0.9]))
def test_variant_a_is_the_mean_over_all_ways_to_break_ties(pair: Any, p: float) -> None:
    values = [extrapolated(x, y, p) for x in every_breaking(pair[0]) for y in every_breaking(pair[1])]
    assert rank_biased_overlap(*pair, p=p, ties="a") == pytest.approx(np.mean(values), abs=1e-12)


@given(pair=two_tied_lists())
def test_a_list_with_ties_agrees_with_itself_but_for_variant_a(pair: Any) -> None:
    tiers = pair[0]
    assert rank_biased_overlap(tiers, tiers, ties="w") == pytest.approx(1)
    assert rank_biased_overlap(tiers, tiers, ties="b") == pytest.approx(1)
    tied = any(len(tier) > 1 for tier in tiers)
    assert (rank_biased_overlap(tiers, tiers, ties="a") < 1 - 1e-12) == tied


def test_variants_b_and_w_by_hand() -> None:
    """(a b) c against a b c. Depths 1 to 3. w: 2 / 3, 1, 1. a: 1/2, 1, 1. b: (1/2) / sqrt(1/4 + 1/4), 1, 1."""
    tied, strict = [("a", "b"), "c"], ["a", "b", "c"]
    assert average_overlap(tied, strict, depth=3) == pytest.approx((2 / 3 + 2) / 3)
    assert average_overlap(tied, strict, depth=3, ties="a") == pytest.approx((1 / 2 + 2) / 3)
    assert average_overlap(tied, strict, depth=3, ties="b") == pytest.approx((1 / sqrt(2) + 2) / 3)
    assert rank_biased_overlap(tied, strict, p=0.5) == pytest.approx(0.5 * 2 / 3 + 0.5)


def test_a_tie_that_the_shorter_list_ends_within_is_extrapolated_by_its_seen_part() -> None:
    """a against a (b c), p = 1/2. Depth 2 shows half of b and of c, one of which the next place of `a` would match."""
    agreements = [1, (1 + 1 * 1 * 1 / 2) / 2, (1 + 2 * 1 * 1) / 3]
    expected = sum(agreement * 0.5 ** (depth + 1) for depth, agreement in enumerate(agreements)) + 0.5**3
    assert rank_biased_overlap(["a"], ["a", ("b", "c")], p=0.5, ties="a") == pytest.approx(expected)


@given(pair=two_lists())
def test_average_overlap_is_the_mean_of_common_shares(pair: tuple[list[str], list[str]]) -> None:
    short, long = pair
    shares = [len(set(short[:d]) & set(long[:d])) / d for d in range(1, len(short) + 1)]
    for depth in range(1, len(short) + 1):
        assert average_overlap(long, short, depth=depth) == pytest.approx(sum(shares[:depth]) / depth)


def test_rankings_overlap_by_their_tiers() -> None:
    level = rank(Profile.from_orders(["abc", "bac"], unranked="last"), "borda")
    assert level.tiers == (("a", "b"), ("c",))
    assert rank_biased_overlap(level, [{"a", "b"}, "c"]) == pytest.approx(1)
    assert rank_biased_overlap(level, ["d", "e"]) == 0


@pytest.mark.parametrize(
    ("first", "second", "more", "reason"),
    [
        ([], ["a"], {}, "`first` lists nothing"),
        (["a"], [()], {}, "`second` lists nothing"),
        (["a", ("b", "a")], ["a"], {}, "twice"),
        (["a"], ["a"], {"p": 0}, "`p`"),
        (["a"], ["a"], {"p": 1}, "`p`"),
        (["a"], ["a"], {"p": float("nan")}, "`p`"),
        (["a"], ["a"], {"ties": "c"}, "`ties`"),
    ],
)
def test_what_cannot_overlap_is_refused(first: Any, second: Any, more: dict[str, Any], reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        rank_biased_overlap(first, second, **more)


@pytest.mark.parametrize("depth", [0, 3])
def test_average_overlap_goes_no_deeper_than_the_shorter_list(depth: int) -> None:
    with pytest.raises(StatisticError, match="from 1 to 2"):
        average_overlap("ab", "abc", depth=depth)
