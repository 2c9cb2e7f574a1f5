"""Consensus rules: verdicts at the edges of their thresholds, who must say so, and the same told in people."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import (
    ALTERNATIVES,
    CHNRI,
    FIVE,
    NINE,
    RULES,
    ConsensusRule,
    RulesByRound,
    Scale,
    Tally,
    alternatives,
    summarise,
    verdicts,
    whole_people,
)
from tests.aggregation.strategies import NOT_JUDGED, a_panel, all_panels, panels


def of_twenty(high: int, low: int) -> list[float]:
    return [8] * high + [2] * low + [5] * (20 - high - low)


@pytest.mark.parametrize(
    ("high", "low", "decision", "reason"),
    [
        (14, 2, "in", "met"),
        (13, 2, "none", "few_high"),
        (14, 3, "none", "many_low"),
        (2, 14, "out", "met"),
        (3, 14, "none", "few_high"),
        (2, 13, "none", "few_high"),
    ],
)
def test_seventy_and_fifteen_percent_at_their_edges(high: int, low: int, decision: str, reason: str) -> None:
    (verdict,) = verdicts(a_panel(of_twenty(high, low)), RULES["70_15_both_sides"])
    assert (verdict.decision, verdict.reason) == (decision, reason)


TWO_SIDES = ["lived"] * 5 + ["staff"] * 5


@pytest.mark.parametrize(
    ("lived", "staff", "both", "anybody", "pooled"),
    [
        ([9] * 5, [9] * 5, ("in", ""), ("in", ""), "in"),
        ([9] * 5, [9, 9, 9, 5, 5], ("none", "staff"), ("in", "lived"), "in"),
        ([9] * 5, [1] * 5, ("none", "staff"), ("in", "lived"), "none"),
        ([1] * 5, [1] * 5, ("out", ""), ("out", ""), "out"),
        ([5] * 5, [1] * 5, ("none", "lived"), ("none", "lived"), "none"),
    ],
)
def test_who_must_say_so(
    lived: list[float], staff: list[float], both: tuple[str, str], anybody: tuple[str, str], pooled: str
) -> None:
    ratings = a_panel(lived + staff, sides=TWO_SIDES)
    for rule, expected in (("70_15_both_sides", both), ("70_15_any_side", anybody)):
        (verdict,) = verdicts(ratings, RULES[rule])
        assert (verdict.decision, verdict.part) == expected
    assert verdicts(ratings, RULES["70_15_pooled"])[0].decision == pooled


def test_opposite_sides_are_named_as_such() -> None:
    (verdict,) = verdicts(a_panel([9] * 5 + [1] * 5, sides=TWO_SIDES), ConsensusRule())
    assert verdict.reason == "parts_differ"


def test_every_group_must_agree_where_the_rule_asks_groups() -> None:
    labels = ["a"] * 3 + ["b"] * 3 + ["c"] * 4
    ratings = a_panel([9] * 6 + [9, 9, 5, 5], sides=TWO_SIDES, groups=labels)
    (verdict,) = verdicts(ratings, RULES["70_15_each_group"])
    assert (verdict.decision, verdict.part) == ("none", "c")
    (small,) = verdicts(ratings, ConsensusRule(scope="groups", minimum=4))
    assert [part.reason for part in small.parts] == ["too_small", "too_small", "few_high"]
    with pytest.raises(RatingsError, match="every group"):
        verdicts(a_panel([9]), RULES["70_15_each_group"])


@pytest.mark.parametrize("rule", ["70_15_both_sides", "70_15_pooled", "70_15_any_side", "rand_ucla"])
def test_seven_of_ten_valid_answers_a_side_are_needed(rule: str) -> None:
    sides = ["lived"] * 10 + ["staff"] * 10
    enough = a_panel([9] * 10 + [9] * 7 + [NOT_JUDGED] * 3, sides=sides)
    too_few = a_panel([9] * 10 + [9] * 6 + [NOT_JUDGED] * 4, sides=sides)
    assert verdicts(enough, RULES[rule])[0].decision == "in"
    (verdict,) = verdicts(too_few, RULES[rule])
    assert (verdict.decision, verdict.reason, verdict.part) == ("none", "too_few_valid", "staff")


def test_cannot_judge_is_never_in_the_denominator_unless_asked_for() -> None:
    column = [9] * 7 + [5] * 1 + [NOT_JUDGED] * 2
    ratings = a_panel(column, cannot_judge=[[np.isnan(each)] for each in column])
    (left_out,) = verdicts(ratings, ConsensusRule())
    (counted,) = verdicts(ratings, ConsensusRule(cannot_judge="not_high"))
    assert left_out.parts[0].high == Tally(7, 8)
    assert counted.parts[0].high == Tally(7, 10)
    assert (left_out.decision, counted.decision) == ("in", "in")


def test_nobody_answered_is_no_verdict() -> None:
    column = a_panel([NOT_JUDGED] * 4)
    assert verdicts(column, ConsensusRule())[0].reason == "too_few_valid"
    assert verdicts(column, ConsensusRule(floor=0))[0].reason == "too_small"


@pytest.mark.parametrize("silent", [[NOT_JUDGED] * 5, [9, 9, NOT_JUDGED, NOT_JUDGED, NOT_JUDGED]])
def test_no_side_decides_alone_where_both_must_say_so(silent: list[float]) -> None:
    ratings = a_panel([9] * 5 + silent, sides=TWO_SIDES)
    rule = ConsensusRule(floor=0, minimum=3)
    (verdict,) = verdicts(ratings, rule)
    assert (verdict.decision, verdict.reason, verdict.part) == ("none", "too_small", "staff")
    assert verdicts(ratings, replace(rule, scope="any"))[0].decision == "in"


def test_published_variants_are_parameters() -> None:
    """Out where at most half give 7 to 9; in without a limit on 1 to 3."""
    half_out = ConsensusRule(out_low=None, out_high=None, out_high_most=50)
    assert verdicts(a_panel(of_twenty(10, 0)), half_out)[0].decision == "out"
    assert verdicts(a_panel(of_twenty(11, 0)), half_out)[0].decision == "none"
    assert verdicts(a_panel(of_twenty(14, 6)), ConsensusRule(in_low=None))[0].decision == "in"
    never_out = ConsensusRule(out_low=None, out_high=None)
    assert verdicts(a_panel(of_twenty(0, 20)), never_out)[0].decision == "none"


@pytest.mark.parametrize(
    ("answers", "decision", "reason"),
    [
        ([7, 8, 9, 9, 8, 7, 7, 8, 9], "in", "met"),
        ([1, 2, 3, 3, 2, 1, 1, 2, 3], "out", "met"),
        ([5] * 9, "none", "middle"),
        ([1] * 6 + [6] * 3, "none", "disagreement"),
    ],
)
def test_the_median_rule(answers: list[float], decision: str, reason: str) -> None:
    (verdict,) = verdicts(a_panel(answers), RULES["rand_ucla"])
    assert (verdict.decision, verdict.reason) == (decision, reason)


BY_SIDES = [RULES["70_15_both_sides"], RULES["70_15_any_side"], RULES["70_15_pooled"], RULES["75_pooled"]]
BY_SIDES += [RULES["rand_ucla"], RULES["iqr_2_median_7"]]


@given(ratings=panels(), rule=st.sampled_from(BY_SIDES))
def test_splitting_a_group_changes_no_byte_of_a_verdict(ratings: Ratings, rule: ConsensusRule) -> None:
    split = Ratings.from_values(
        ratings.values,
        ratings.items,
        cannot_judge=ratings.cannot_judge,
        sides=[ratings.strata_names[code] for code in ratings.strata],
        groups=[str(row) for row in range(ratings.n_people)],
    )
    assert as_bytes(split, rule) == as_bytes(ratings, rule)


def as_bytes(ratings: Ratings, rule: ConsensusRule) -> bytes:
    return json.dumps([asdict(verdict) for verdict in verdicts(ratings, rule)]).encode()


def rows_of(ratings: Ratings, rows: list[int], **changed: object) -> Ratings:
    """The same people in these rows, in this order, perhaps more than once."""
    return Ratings.from_values(
        ratings.values[rows],
        changed.get("items", ratings.items),
        cannot_judge=ratings.cannot_judge[rows],
        sides=[ratings.strata_names[code] for code in ratings.strata[rows]],
        groups=[ratings.group_names[code] for code in ratings.groups[rows]],
    )


@given(ratings=panels(), rule=st.sampled_from(list(RULES.values())), data=st.data())
def test_neither_the_order_of_people_nor_the_names_of_questions_matter(
    ratings: Ratings, rule: ConsensusRule, data: st.DataObject
) -> None:
    rows = data.draw(st.permutations(range(ratings.n_people)))
    renamed = rows_of(ratings, rows, items=[f"{item} anew" for item in ratings.items])
    for before, after in zip(verdicts(ratings, rule), verdicts(renamed, rule), strict=True):
        # Where the order of people decides which side is met first, the part that is named may be another.
        assert (after.item, after.decision) == (f"{before.item} anew", before.decision)
        assert sorted(map(repr, after.parts)) == sorted(map(repr, before.parts))


@given(ratings=panels(), times=st.integers(2, 5), scope=st.sampled_from(["sides", "any", "groups", "k_of_groups"]))
def test_a_part_counts_no_more_if_everybody_in_it_comes_many_times(ratings: Ratings, times: int, scope: str) -> None:
    """Each rule that asks parts, for the first part: a side where sides are asked, a group where groups are."""
    rule = ConsensusRule(scope=scope, needed=2, floor=70 if scope in ("sides", "any") else 0)
    codes = ratings.strata if scope in ("sides", "any") else ratings.groups
    rows = [row for row in range(ratings.n_people) for _ in range(times if codes[row] == 0 else 1)]
    before, after = verdicts(ratings, rule), verdicts(rows_of(ratings, rows), rule)
    assert [(each.decision, each.reason) for each in after] == [(each.decision, each.reason) for each in before]


@given(ratings=panels(), rule=st.sampled_from(list(RULES.values())))
def test_somebody_who_cannot_judge_changes_no_share_and_counts_against_the_floor(
    ratings: Ratings, rule: ConsensusRule
) -> None:
    m = ratings.n_items
    more = Ratings.from_values(
        np.vstack([ratings.values, np.full((1, m), NOT_JUDGED)]),
        ratings.items,
        cannot_judge=np.vstack([ratings.cannot_judge, np.ones((1, m), dtype=bool)]),
        sides=[ratings.strata_names[code] for code in [*ratings.strata, ratings.strata[0]]],
        groups=[ratings.group_names[code] for code in [*ratings.groups, ratings.groups[0]]],
    )
    without_floor = replace(rule, floor=0)
    for before, after in zip(verdicts(ratings, without_floor), verdicts(more, without_floor), strict=True):
        assert (after.decision, after.reason) == (before.decision, before.reason)
        assert [(part.high, part.low) for part in after.parts] == [(part.high, part.low) for part in before.parts]
    strict = replace(rule, floor=100)
    assert all(verdict.reason == "too_few_valid" for verdict in verdicts(more, strict))


SYMMETRIC = [rule for rule in RULES.values() if rule.by != "median" and rule.scope not in ("any", "k_of_groups")]


@given(ratings=panels(), rule=st.sampled_from(SYMMETRIC))
def test_turning_the_scale_swaps_in_and_out(ratings: Ratings, rule: ConsensusRule) -> None:
    swap = {"in": "out", "out": "in", "none": "none"}
    for before, after in zip(verdicts(ratings, rule), verdicts(turned(ratings), rule), strict=True):
        assert after.decision == swap[before.decision]


@given(ratings=panels())
def test_turning_the_scale_swaps_in_and_out_by_the_median_but_between_two_thirds(ratings: Ratings) -> None:
    """A median of 3.5 or 6.5 belongs to the higher third, whichever way up."""
    swap = {"in": "out", "out": "in", "none": "none"}
    rule = RULES["rand_ucla"]
    medians = summarise(ratings).median
    for median, before, after in zip(medians, verdicts(ratings, rule), verdicts(turned(ratings), rule), strict=True):
        assert after.decision == swap[before.decision] or median in (3.5, 6.5)


def turned(ratings: Ratings) -> Ratings:
    return Ratings.from_values(
        10 - ratings.values,
        ratings.items,
        cannot_judge=ratings.cannot_judge,
        sides=[ratings.strata_names[code] for code in ratings.strata],
        groups=[ratings.group_names[code] for code in ratings.groups],
    )


def test_a_rule_beyond_a_hundred_percent_is_refused() -> None:
    with pytest.raises(StatisticError, match="between 0 and 100"):
        ConsensusRule(in_high=101)


@pytest.mark.parametrize(
    ("n", "high_for_in", "low_for_in", "valid"), [(5, 4, 0, 4), (6, 5, 0, 5), (7, 5, 1, 5), (20, 14, 2, 14)]
)
def test_seventy_and_fifteen_percent_in_people(n: int, high_for_in: int, low_for_in: int, valid: int) -> None:
    table = whole_people(ConsensusRule(), n)
    assert (table.high_for_in, table.low_for_in, table.valid) == (high_for_in, low_for_in, valid)
    assert (table.low_for_out, table.high_for_out) == (high_for_in, low_for_in)


@given(n=st.integers(1, 40), data=st.data())
def test_people_and_percentages_agree(n: int, data: st.DataObject) -> None:
    high = data.draw(st.integers(0, n))
    low = data.draw(st.integers(0, n - high))
    table = whole_people(ConsensusRule(), n)
    (verdict,) = verdicts(a_panel([8] * high + [2] * low + [5] * (n - high - low)), ConsensusRule())
    assert (verdict.decision == "in") == (high >= table.high_for_in and low <= table.low_for_in)
    assert (verdict.decision == "out") == (low >= table.low_for_out and high <= table.high_for_out)


def test_one_valid_answer_is_needed_at_least_and_as_many_as_declared() -> None:
    assert whole_people(ConsensusRule(floor=0), 5).valid == 1
    assert whole_people(ConsensusRule(minimum=8), 9).valid == 8
    assert verdicts(a_panel([NOT_JUDGED] * 5), ConsensusRule(floor=0))[0].decision == "none"


def test_a_part_of_nobody_is_not_told_in_people() -> None:
    with pytest.raises(StatisticError, match="1 or more, not of 0"):
        whole_people(ConsensusRule(), 0)
    variant = whole_people(ConsensusRule(in_low=None, out_low=None, out_high=None, out_high_most=50), 9)
    assert (variant.low_for_in, variant.low_for_out, variant.high_for_out) == (None, None, 4)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("rule", ["rand_ucla", "iqr_2_median_7"])
@pytest.mark.parametrize("percentile", ["weibull", "linear"])
def test_enough_people_are_enough_whatever_the_others_say(rule: str, percentile: str, n: int) -> None:
    """Against every panel of n: no panel with that many is decided otherwise, one with a person fewer is."""
    declared = replace(RULES[rule], percentile=percentile, floor=0)
    table = whole_people(declared, n)
    panels_ = list(all_panels(n))
    ratings = a_panel(*([point for point, count in enumerate(each, 1) for _ in range(count)] for each in panels_))
    found = verdicts(ratings, declared)
    high = {least_high: [] for least_high in range(n + 1)}
    low = {least_low: [] for least_low in range(n + 1)}
    for verdict in found:
        high[verdict.parts[0].high.hits].append(verdict.decision)
        low[verdict.parts[0].low.hits].append(verdict.decision)
    assert not table.exact
    assert table.high_for_in == fewest_that_decide(high, "in")
    assert table.low_for_out == fewest_that_decide(low, "out")


def fewest_that_decide(by_number: dict[int, list[str]], decision: str) -> int:
    fewest = len(by_number)
    while fewest and set(by_number[fewest - 1]) == {decision}:
        fewest -= 1
    return fewest


def test_rules_that_no_number_of_people_meets_say_so() -> None:
    beyond = ConsensusRule(by="iqr", in_median=8, out_median=None, most_iqr=0)
    table = whole_people(beyond, 10)
    assert (table.high_for_in, table.low_for_out) == (11, None)


def test_quartiles_more_than_two_apart_are_no_consensus_and_exactly_two_are() -> None:
    rule = RULES["iqr_2_median_7"]
    for answers, decision, reason in (
        ([7, 7, 9, 9, 9], "in", "met"),
        ([6, 6, 7, 9, 9], "none", "disagreement"),
        ([6, 6, 6, 7, 8], "none", "middle"),
        ([1, 3, 3, 3, 5], "out", "met"),
        ([7, 7, 7, 7, 7], "in", "met"),
        ([6, 6, 7, 8, 8], "in", "met"),
        ([6, 7, 7, 8], "in", "met"),
        ([6, 6, 7, 8], "none", "middle"),
    ):
        (verdict,) = verdicts(a_panel(answers), rule)
        assert (verdict.decision, verdict.reason) == (decision, reason), answers


FOUR_GROUPS = ["a"] * 2 + ["b"] * 2 + ["c"] * 2 + ["d"] * 2
HIGH, MIDDLE, LOW = [9, 9], [5, 5], [1, 1]


@pytest.mark.parametrize(
    ("needed", "answers", "decision", "reason", "part"),
    [
        (3, [HIGH, HIGH, HIGH, LOW], "in", "met", "a"),
        (3, [HIGH, HIGH, MIDDLE, MIDDLE], "none", "few_high", "c"),
        (3, [HIGH, HIGH, MIDDLE, LOW], "none", "parts_differ", "d"),
        (3, [MIDDLE, LOW, LOW, LOW], "out", "met", "b"),
        (2, [MIDDLE, MIDDLE, LOW, LOW], "none", "few_high", "a"),
        (2, [MIDDLE, LOW, LOW, LOW], "out", "met", "b"),
        (1, [HIGH, LOW, LOW, LOW], "in", "met", "a"),
        (1, [MIDDLE, LOW, LOW, LOW], "none", "few_high", "a"),
        (1, [LOW, LOW, LOW, LOW], "out", "met", ""),
        (4, [HIGH, HIGH, HIGH, HIGH], "in", "met", ""),
        (5, [HIGH, HIGH, HIGH, HIGH], "none", "too_small", ""),
    ],
)
def test_so_many_of_the_groups_must_say_so(
    needed: int, answers: list[list[float]], decision: str, reason: str, part: str
) -> None:
    ratings = a_panel([answer for each in answers for answer in each], groups=FOUR_GROUPS)
    (verdict,) = verdicts(ratings, ConsensusRule(scope="k_of_groups", needed=needed))
    assert (verdict.decision, verdict.reason, verdict.part) == (decision, reason, part)


def test_groups_that_are_too_small_cannot_be_among_those_needed() -> None:
    ratings = a_panel([9, 9, 9, 9, 9, 9], groups=["a", "b", "b", "c", "c", "c"])
    two = ConsensusRule(scope="k_of_groups", needed=2, minimum=2)
    assert verdicts(ratings, two)[0].decision == "in"
    (verdict,) = verdicts(ratings, replace(two, needed=3))
    assert (verdict.decision, verdict.reason, verdict.part) == ("none", "too_small", "a")
    with pytest.raises(RatingsError, match="asks 2 of the groups"):
        verdicts(a_panel([9]), two)


@given(ratings=panels(), rule=st.sampled_from([RULES["70_15_each_group"], RULES["any_group"]]))
def test_one_of_the_groups_and_all_of_them_are_the_ends_of_k_of_g(ratings: Ratings, rule: ConsensusRule) -> None:
    everybody = len([group for group in ratings.group_names if group])
    for verdict in verdicts(ratings, replace(rule, floor=0)):
        said = [part.decision for part in verdict.parts if part.reason != "too_small"]
        wanted = all if rule.scope == "groups" else any
        assert (verdict.decision == "in") == (bool(said) and wanted(each == "in" for each in said))
        assert (verdict.decision == "out") == (bool(said) and all(each == "out" for each in said))
        assert len(verdict.parts) == everybody


def test_the_five_alternatives_can_decide_differently() -> None:
    groups = ["patients"] * 6 + ["carers"] * 4 + ["clinicians"] * 10
    questions = (
        [8] * 6 + [8, 8, 6, 6] + [8] * 6 + [6] * 4,  # 70 % high, median 8, quartiles 6 and 8
        [7] * 10 + [6] * 10,  # median 6.5
        [9] * 10 + [9] * 5 + [1] * 5,  # 75 % high, quartiles 7 and 9
    )
    ratings = a_panel(*questions, sides=["lived"] * 10 + ["staff"] * 10, groups=groups)
    found = {key: [verdict.decision for verdict in verdicts(ratings, rule)] for key, rule in ALTERNATIVES.items()}
    assert found == {
        "70_15_each_group": ["none", "none", "none"],
        "75_pooled": ["none", "none", "in"],
        "rand_ucla": ["in", "in", "in"],
        "iqr_2_median_7": ["in", "none", "in"],
        "any_group": ["in", "in", "in"],
    }
    assert set(ALTERNATIVES) <= set(RULES)


@given(ratings=panels())
def test_asking_all_rules_at_once_is_asking_each(ratings: Ratings) -> None:
    assert alternatives(ratings, RULES) == {key: verdicts(ratings, rule) for key, rule in RULES.items()}


def test_rules_that_cannot_be_asked_here_are_left_out() -> None:
    without_groups = alternatives(a_panel([8, 9]))
    assert list(without_groups) == ["75_pooled", "rand_ucla", "iqr_2_median_7"]
    assert list(alternatives(a_panel([4, 5]), RULES, FIVE)) == [
        *["70_15_both_sides", "70_15_pooled", "70_15_any_side", "75_pooled"]
    ]


def test_three_quarters_of_the_panel_at_the_edge() -> None:
    rule = ALTERNATIVES["75_pooled"]
    assert [verdicts(a_panel(of_twenty(high, 20 - high)), rule)[0].decision for high in (15, 14, 5, 6)] == [
        "in",
        "none",
        "out",
        "none",
    ]


def test_the_last_declared_rule_holds_for_later_rounds() -> None:
    first, second = ConsensusRule(in_high=50), ConsensusRule()
    declared = RulesByRound((first, second))
    assert [declared.rule_for_round(number) for number in (1, 2, 3, 9)] == [first, second, second, second]
    with pytest.raises(StatisticError, match="from 1, not from 0"):
        declared.rule_for_round(0)
    with pytest.raises(StatisticError, match="first round"):
        RulesByRound(())


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"needed": 0}, "one group or more, not 0"),
        ({"in_median": 5, "out_median": 5}, "median of 5 cannot be out"),
        ({"floor": -1}, "between 0 and 100"),
        ({"minimum": -1}, "0 or more valid answers, not -1"),
        ({"out_median": float("nan")}, "median of nan cannot be out"),
        ({"in_median": float("nan")}, "cannot be out where nan is in"),
        ({"most_iqr": float("nan")}, "quartiles may lie 0 or more apart, not nan"),
        ({"scope": "side"}, "`scope` must be one of sides, any, groups, k_of_groups, pooled, not 'side'"),
        ({"by": "mean"}, "`by` must be one of share, median, iqr, not 'mean'"),
        ({"cannot_judge": "low"}, "`cannot_judge` must be one of left_out, not_high, not 'low'"),
        ({"percentile": "type 6"}, "`percentile` must be one of weibull, linear"),
        ({"at_equality": "in"}, "`at_equality` must be one of agreement, disagreement"),
        ({"by": "median", "cannot_judge": "not_high"}, "only a rule by shares"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(wrong: dict[str, float], reason: str) -> None:
    with pytest.raises(StatisticError, match=reason):
        ConsensusRule(**wrong)


def test_a_rule_on_five_points_counts_four_and_five_as_high() -> None:
    ratings = a_panel([4, 5, 5, 4, 3, 5, 4, 5, 4, 2])
    (verdict,) = verdicts(ratings, ConsensusRule(), FIVE)
    assert (verdict.decision, verdict.parts[0].high, verdict.parts[0].low) == ("in", Tally(8, 10), Tally(1, 10))
    by_median = ConsensusRule(by="iqr", in_median=4, out_median=2, most_iqr=1)
    found = {rule: verdicts(ratings, replace(by_median, percentile=rule), FIVE)[0] for rule in ("linear", "weibull")}
    assert {rule: verdict.decision for rule, verdict in found.items()} == {"linear": "in", "weibull": "none"}
    assert whole_people(by_median, 5, FIVE).high_for_in == 5


def test_criteria_answered_with_half_points_have_verdicts_too() -> None:
    (verdict,) = verdicts(a_panel([1, 1, 1, 0.5]), ConsensusRule(), CHNRI)
    assert (verdict.decision, verdict.parts[0].high) == ("in", Tally(3, 4))


@pytest.mark.parametrize(
    ("rule", "scale", "reason"),
    [
        (RULES["rand_ucla"], FIVE, "RAND/UCLA is for ratings from 1 to 9"),
        (RULES["iqr_2_median_7"], FIVE, "median of 7, and the scale has whole numbers from 1 to 5"),
        (RULES["rand_ucla"], Scale(NINE.points, (1,), (9,)), "RAND/UCLA"),
    ],
)
def test_a_rule_is_refused_on_a_scale_it_is_not_for(rule: ConsensusRule, scale: Scale, reason: str) -> None:
    for refused in (lambda: verdicts(a_panel([4, 5]), rule, scale), lambda: whole_people(rule, 5, scale)):
        with pytest.raises(StatisticError, match=reason):
            refused()
