"""Stability and agreement as two findings, and a stopping rule that is about neither alone."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import Ratings, StatisticError
from aggregation.delphi import FIVE, Stable, StoppingRule, Tally, change, findings, stable, stopping
from tests.aggregation.strategies import NOT_JUDGED, a_panel, panels


def after_crossing(crossed: int, n: int) -> Stable:
    return stable(change(a_panel([5] * n), a_panel([8] * crossed + [5] * (n - crossed))))[0]


@pytest.mark.parametrize(
    ("crossed", "n", "verdict"),
    [(2, 20, "stable"), (3, 20, "moving"), (0, 5, "stable"), (1, 6, "moving"), (1, 7, "stable"), (0, 4, "unknown")],
)
def test_fewer_than_fifteen_percent_crossed_is_stable_and_exactly_fifteen_is_not(
    crossed: int, n: int, verdict: str
) -> None:
    found = after_crossing(crossed, n)
    assert (found.verdict, found.crossed) == (verdict, Tally(crossed, n))


@given(n=st.integers(5, 60), margin=st.integers(1, 100), data=st.data())
def test_the_margin_is_compared_in_whole_numbers(n: int, margin: int, data: st.DataObject) -> None:
    crossed = data.draw(st.integers(0, n))
    moved = change(a_panel([5] * n), a_panel([8] * crossed + [5] * (n - crossed)))
    assert (stable(moved, margin)[0].verdict == "stable") == (Fraction(crossed, n) < Fraction(margin, 100))


def test_changes_within_a_band_are_stable() -> None:
    found = stable(change(a_panel([7] * 10), a_panel([9] * 10)))[0]
    assert (found.verdict, found.net) == ("stable", Tally(10, 10))


def test_people_who_swap_ends_are_moving_though_the_histogram_stands_still() -> None:
    found = stable(change(a_panel([3] * 6 + [9] * 6), a_panel([9] * 6 + [3] * 6)))[0]
    assert (found.verdict, found.crossed, found.net) == ("moving", Tally(12, 12), Tally(0, 12))


def test_too_few_pairs_are_unknown_and_the_declared_number_decides() -> None:
    moved = change(a_panel([7, 7, 7, NOT_JUDGED]), a_panel([7, 7, 7, 7]))
    assert stable(moved)[0].verdict == "unknown"
    assert stable(moved, fewest=3)[0].verdict == "stable"
    nobody = change(a_panel([NOT_JUDGED]), a_panel([7]))
    assert stable(nobody, fewest=0)[0].verdict == "unknown"


@pytest.mark.parametrize("margin", [0, 101, -5])
def test_a_margin_that_is_none_is_refused(margin: int) -> None:
    with pytest.raises(StatisticError, match="margin"):
        stable(change(a_panel([7]), a_panel([7])), margin)


@pytest.mark.parametrize(
    ("answers", "agreement"),
    [
        ([8] * 7 + [5] * 3, "consensus"),
        ([5] * 7 + [8] * 3, "consensus"),
        ([8] * 6 + [2] * 4, "majority"),
        ([8] * 5 + [2] * 5, "bipolar"),
        ([8] * 7 + [2] * 7 + [5] * 6, "bipolar"),
        ([8] * 9 + [2] * 6 + [5] * 5, "plurality"),
        ([8] * 5 + [5] * 5, "disagreement"),
        ([8, 5, 2], "disagreement"),
        ([NOT_JUDGED] * 5, "unknown"),
    ],
)
def test_the_kind_of_agreement_goes_by_bands(answers: list[float], agreement: str) -> None:
    panel = a_panel(answers)
    assert findings(change(panel, panel), panel)[0].agreement == agreement


def test_agreement_is_of_all_who_answered_and_stability_of_the_pairs() -> None:
    first, second = a_panel([2] * 6 + [NOT_JUDGED] * 20), a_panel([8] * 26)
    found = findings(change(first, second), second)[0]
    assert (found.stable.verdict, found.stable.crossed) == ("moving", Tally(6, 6))
    assert (found.agreement, found.high) == ("consensus", Tally(26, 26))


@given(ratings=panels())
def test_turning_the_scale_swaps_the_ends_and_keeps_the_kind(ratings: Ratings) -> None:
    turned = Ratings(values=10 - ratings.values, items=ratings.items)
    for one, other in zip(
        findings(change(ratings, ratings), ratings), findings(change(turned, turned), turned), strict=True
    ):
        assert (one.agreement, one.low, one.middle, one.high) == (other.agreement, other.high, other.middle, other.low)
        shares = Counter({"low": one.low.hits, "middle": one.middle.hits, "high": one.high.hits})
        assert shares.total() == one.low.n


def test_findings_take_the_bands_of_their_scale() -> None:
    panel = a_panel([4, 5, 4, 4, 3])
    assert findings(change(panel, panel, FIVE), panel, scale=FIVE)[0].high == Tally(4, 5)


def test_findings_that_cannot_be_are_refused() -> None:
    panel = a_panel([7, 8])
    same = change(panel, panel)
    for wrong in ({"consensus": 50}, {"consensus": 101}, {"camps": 0}, {"camps": 51}, {"margin": 0}):
        with pytest.raises(StatisticError):
            findings(same, panel, **wrong)
    with pytest.raises(StatisticError, match="questions"):
        findings(same, Ratings(values=[[7], [8]], items=["other"]))


def settled(stable_ones: int, moving: int = 0, unknown: int = 0) -> list[Stable]:
    verdicts = ["stable"] * stable_ones + ["moving"] * moving + ["unknown"] * unknown
    return [Stable(f"q{i}", verdict, Tally(0, 9), Tally(0, 9)) for i, verdict in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("rounds", "stability", "answered", "reasons"),
    [
        (1, [], Tally(9, 10), ()),
        (1, [], Tally(4, 10), ("burden",)),
        (2, settled(4, 1), Tally(9, 10), ("settled",)),
        (2, settled(7, 2), Tally(9, 10), ()),
        (2, settled(7, 0, 2), Tally(5, 10), ()),
        (3, settled(0, 9), Tally(9, 10), ("rounds_at_most",)),
        (3, settled(9), Tally(1, 10), ("rounds_at_most", "settled", "burden")),
    ],
)
def test_rounds_stop_by_number_by_stability_or_by_burden(
    rounds: int, stability: list[Stable], answered: Tally, reasons: tuple[str, ...]
) -> None:
    found = stopping(StoppingRule(answering_share=50), rounds=rounds, stability=stability, answered=answered)
    assert (found.reasons, found.stop) == (reasons, bool(reasons))
    assert len(found.moving) + len(found.unknown) + found.stable.hits == found.stable.n == len(stability)


def test_consensus_alone_stops_nothing() -> None:
    first, second = a_panel([5] * 10), a_panel([8] * 10)
    moved = change(first, second)
    assert findings(moved, second)[0].agreement == "consensus"
    assert not stopping(StoppingRule(), rounds=2, stability=stable(moved), answered=Tally(10, 10)).stop


def test_before_the_fewest_rounds_stability_stops_nothing() -> None:
    rule = StoppingRule(rounds_at_least=3, rounds_at_most=4)
    assert not stopping(rule, rounds=2, stability=settled(9), answered=Tally(9, 10)).stop
    assert stopping(rule, rounds=3, stability=settled(9), answered=Tally(9, 10)).reasons == ("settled",)


def test_burden_is_asked_only_where_it_is_declared() -> None:
    assert not stopping(StoppingRule(), rounds=1, stability=[], answered=Tally(0, 10)).stop


@pytest.mark.parametrize(
    "wrong",
    [
        {"rounds_at_least": 0},
        {"rounds_at_least": 3, "rounds_at_most": 2},
        {"settled_share": 0},
        {"settled_share": 101},
        {"answering_share": -1},
    ],
)
def test_a_rule_that_is_none_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(StatisticError):
        StoppingRule(**wrong)


@pytest.mark.parametrize(("rounds", "answered"), [(0, Tally(1, 2)), (1, Tally(3, 2)), (1, Tally(-1, 2))])
def test_a_round_that_was_not_held_is_refused(rounds: int, answered: Tally) -> None:
    with pytest.raises(StatisticError, match="no round"):
        stopping(StoppingRule(), rounds=rounds, stability=[], answered=answered)
