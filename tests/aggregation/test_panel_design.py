"""What a plan says, against exact computation where there is one, and against looking at every case."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from json import dumps
from math import comb
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import ProfileError, StatisticError
from aggregation.delphi import Assumptions, ConsensusRule, panel_design, visible_groups, whole_people
from aggregation.delphi.mergers import merger
from aggregation.delphi.rules import RULES

EVERYBODY = Assumptions(response=1, cannot_judge=0)
PANEL = {"lived": {"patients": 8, "carers": 7, "parents": 4}, "staff": {"nurses": 9, "doctors": 6}}
few_counts = st.lists(st.integers(0, 14), min_size=1, max_size=5)


@given(counts=few_counts, k=st.integers(1, 6))
def test_what_is_not_shown_is_nobody_or_enough_people(counts: list[int], k: int) -> None:
    [shown] = visible_groups([counts], k=k)
    assert all(count >= k for count, seen in zip(counts, shown, strict=True) if seen)
    hidden = sum(count for count, seen in zip(counts, shown, strict=True) if not seen)
    assert not (shown.any() and 0 < hidden < k)
    for count, seen in zip(counts, shown, strict=True):
        assert not (seen and 0 < sum(counts) - count < k)


@given(rows=st.lists(st.lists(st.integers(0, 14), min_size=3, max_size=3), min_size=1, max_size=6))
def test_each_row_is_looked_at_by_itself(rows: list[list[int]]) -> None:
    assert visible_groups(rows).tolist() == [visible_groups([row])[0].tolist() for row in rows]


def test_people_of_a_side_who_are_in_no_group_count_among_the_rest() -> None:
    assert visible_groups([[8, 4]]).tolist() == [[False, False]]
    assert visible_groups([[8, 4]], side=[13]).tolist() == [[True, False]]
    with pytest.raises(StatisticError):
        visible_groups([1, 2])
    with pytest.raises(StatisticError):
        visible_groups([[1, 2]], k=0)


@pytest.mark.parametrize("side", [[5], [9, 9], 13, [[13]]])
def test_a_side_is_no_smaller_than_its_groups(side: object) -> None:
    """Where the rest would be fewer than nobody, nothing could be told of who follows by subtraction."""
    with pytest.raises(StatisticError, match="`side`"):
        visible_groups([[8, 4]], side=side)


def test_counts_are_of_people() -> None:
    with pytest.raises(StatisticError, match="0 or more"):
        visible_groups([[8, -4]])


@pytest.mark.parametrize(
    ("sizes", "visible"), [((8, 7, 4), 1), ((4, 4, 4), 0), ((8, 3), 0), ((12,), 1), ((5, 5), 2), ((6, 6, 3), 1)]
)
def test_how_many_groups_panels_of_published_sizes_show(sizes: tuple[int, ...], visible: int) -> None:
    assert visible_groups([sizes]).sum() == visible


def chance_of_passing(parts: list[int], liked: float, low: float) -> float:
    """70/15 in each part by the binomial distribution, everybody answering."""
    total = 1.0
    for n in parts:
        table = whole_people(ConsensusRule(), n)
        total *= sum(
            comb(n, high)
            * liked**high
            * comb(n - high, lows)
            * ((1 - liked) * low) ** lows
            * ((1 - liked) * (1 - low)) ** (n - high - lows)
            for high in range(table.high_for_in, n + 1)
            for lows in range(min(table.low_for_in, n - high) + 1)
        )
    return total


def test_four_groups_of_five_hardly_ever_pass_a_question_that_eighty_per_cent_like() -> None:
    """The number of the literature, .16, and the simulation beside it."""
    assert round(chance_of_passing([5, 5, 5, 5], 0.8, 0.25), 2) == 0.16
    sides = {"lived": {"a": 5, "b": 5}, "staff": {"c": 5, "d": 5}}
    found = panel_design(sides, 30, rule=RULES["70_15_each_group"], assumptions=EVERYBODY, draws=400, seed=2)
    for each in found.passing:
        exact = chance_of_passing([5, 5, 5, 5], each.liked / 100, 0.25)
        assert each.chance == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 400) + 1e-9)


@pytest.mark.parametrize("sizes", [(10, 6), (16, 15)])
def test_both_sides_pass_as_often_as_the_binomial_says(sizes: tuple[int, int]) -> None:
    sides = {"lived": {"a": sizes[0]}, "staff": {"b": sizes[1]}}
    found = panel_design(sides, 10, assumptions=EVERYBODY, draws=500, seed=5)
    for each in found.passing:
        exact = chance_of_passing(list(sizes), each.liked / 100, 0.25)
        assert each.chance == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 500) + 1e-9)


def test_a_group_is_visible_as_often_as_the_binomial_says() -> None:
    """One side alone of two groups of 8 and 7, each person answering with .72: both, or neither, need five."""
    found = panel_design({"all": {"a": 8, "b": 7}}, 10, draws=600, seed=3)
    p = 0.8 * 0.9
    valid = {
        (a, b): comb(8, a) * comb(7, b) * p ** (a + b) * (1 - p) ** (15 - a - b) for a, b in product(range(9), range(8))
    }
    for column, group in enumerate(found.sides[0].groups):
        exact = sum(chance for counts, chance in valid.items() if visible_groups([counts])[0][column])
        assert group.chance == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 600))
        assert group.visible


def test_where_a_side_stays_under_k_no_side_and_no_group_is_shown() -> None:
    found = panel_design({"lived": {"patients": 12}, "staff": {"nurses": 4}}, 10, seed=1)
    assert not any(side.visible or side.chance for side in found.sides)
    assert not any(group.visible or group.chance for side in found.sides for group in side.groups)
    assert found.mergers == ()


def test_it_proposes_the_finest_merging_that_shows_all() -> None:
    found = panel_design({"lived": {"patients": 8, "carers": 4, "parents": 4}}, 10, assumptions=EVERYBODY, seed=1)
    [proposed] = found.mergers
    assert (proposed.groups, proposed.people) == ((("patients",), ("carers", "parents")), (8, 8))
    assert proposed.chances == (1.0, 1.0)


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_a_merging_takes_in_every_group_once_and_shows_all_of_it(sizes: list[int]) -> None:
    named = {f"g{place}": size for place, size in enumerate(sizes)}
    shown = np.array([True])
    found = merger("side", named, np.array([sizes]), shown, k=5)
    all_seen = bool(visible_groups([sizes]).all())
    if found is None:
        assert all_seen or sum(sizes) < 10 or not any(_two_parts(sizes))
        return
    assert not all_seen
    assert sorted(name for group in found.groups for name in group) == sorted(named)
    assert visible_groups([found.people]).all()
    assert 2 <= len(found.groups) < len(sizes)


def _two_parts(sizes: list[int]) -> list[bool]:
    """Whether each way to cut the groups in two leaves five or more on either side."""
    whole = sum(sizes)
    parts = [sum(size for i, size in enumerate(sizes) if mask >> i & 1) for mask in range(1, 2 ** len(sizes) - 1)]
    return [5 <= part <= whole - 5 for part in parts]


def test_of_more_than_seven_groups_the_smallest_are_put_together_first() -> None:
    sizes = {f"g{place}": size for place, size in enumerate((9, 8, 7, 6, 6, 5, 5, 2, 2))}
    found = merger("side", sizes, np.array([list(sizes.values())]), np.array([True]), k=5)
    assert len(found.groups) == 7
    assert merger("side", dict.fromkeys("abcdefghi", 6), np.full((1, 9), 6), np.array([True]), k=5) is None


def test_the_rule_is_told_in_people_for_the_parts_it_asks() -> None:
    def names(rule: ConsensusRule) -> list[tuple[str, int]]:
        return [(part.name, part.rule.n) for part in panel_design(PANEL, 5, rule=rule, draws=10, seed=1).rule]

    assert names(ConsensusRule()) == [("lived", 19), ("staff", 15)]
    assert names(RULES["70_15_pooled"]) == [("", 34)]
    assert names(RULES["any_group"]) == [("patients", 8), ("carers", 7), ("parents", 4), ("nurses", 9), ("doctors", 6)]
    assert names(RULES["rand_ucla"]) == []


def test_groups_of_two_sides_with_the_same_name_are_two_parts() -> None:
    sides = {"lived": {"other": 5, "patients": 6}, "staff": {"other": 8}}
    found = panel_design(sides, 5, rule=RULES["70_15_each_group"], draws=10, seed=1)
    assert [(part.name, part.rule.n) for part in found.rule] == [("other", 5), ("patients", 6), ("other", 8)]


def test_minutes_and_the_say_of_one_person() -> None:
    found = panel_design(PANEL, 41, rounds=3, shares={"lived": 0.6, "staff": 0.4}, draws=10, seed=1)
    assert found.minutes == pytest.approx((41 / 3, 25 / 3, 25 / 3))
    assert [side.each for side in found.sides] == [Fraction(3, 95), Fraction(2, 75)]


def test_chance_alone_rings_few_alarms_and_disagreement_more() -> None:
    agreeing = panel_design(PANEL, 40, seed=1)
    quarrelling = panel_design(PANEL, 40, assumptions=Assumptions(spread=20), seed=1)
    assert agreeing.left_behind + agreeing.unheard < 0.5
    assert quarrelling.left_behind > agreeing.left_behind
    assert agreeing.panels == 60


def test_alarms_can_be_those_of_the_james_lind_alliances_list() -> None:
    found = panel_design(PANEL, 20, assumptions=Assumptions(method="jla", spread=3), draws=20, seed=4)
    assert found.panels == 20
    assert 0 <= found.left_behind <= 2 * 5


def test_the_same_seed_gives_the_same_plan_in_two_seconds() -> None:
    start = perf_counter()
    first = panel_design(PANEL, 40, seed=9)
    taken = perf_counter() - start
    assert first == panel_design(PANEL, 40, seed=9) != panel_design(PANEL, 40, seed=10)
    assert taken < 6, "two seconds on a quiet machine"
    assert '"share": "1/2"' in dumps(first.as_dict())


@pytest.mark.parametrize(
    ("sides", "numbers"),
    [
        ({}, {}),
        ({"lived": {}}, {}),
        ({"lived": {"a": 0}}, {}),
        ({"lived": {"a": 700}, "staff": {"b": 301}}, {}),
        (PANEL, {"questions": 1}),
        (PANEL, {"rounds": 0}),
        (PANEL, {"draws": 9}),
        (PANEL, {"draws": 2001}),
        (PANEL, {"seed": -1}),
    ],
)
def test_a_plan_that_cannot_be_is_refused(sides: dict[str, dict[str, int]], numbers: dict[str, int]) -> None:
    with pytest.raises(StatisticError):
        panel_design(sides, **({"questions": 20, "seed": 1, "draws": 10} | numbers))


@pytest.mark.parametrize(
    "assumed",
    [
        {"response": 0},
        {"response": 1.1},
        {"cannot_judge": 1},
        {"low": -0.1},
        {"kept": 2},
        {"k": 1},
        {"places": 0},
        {"ranked": 1},
        {"ranked": 41},
        {"method": "schulze"},
        {"spread": -1},
        {"seconds": 0},
        {"response": float("nan")},
    ],
)
def test_assumptions_that_cannot_be_are_refused(assumed: dict[str, float]) -> None:
    with pytest.raises(StatisticError):
        Assumptions(**assumed)


def test_shares_that_do_not_fit_and_sides_that_never_answer_are_refused() -> None:
    with pytest.raises(ProfileError):
        panel_design(PANEL, 5, shares={"lived": 1}, seed=1)
    with pytest.raises(StatisticError, match="every side answer"):
        panel_design({"a": {"x": 1}, "b": {"y": 1}}, 5, assumptions=Assumptions(response=0.001), draws=10, seed=1)
