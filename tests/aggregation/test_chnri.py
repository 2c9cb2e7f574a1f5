"""Scores by criteria against the formula written out, and against their invariants."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import chnri
from tests.aggregation.strategies import NOT_JUDGED

CRITERIA = ("answerable", "effective", "equity")
tables = st.lists(
    st.lists(
        st.lists(st.sampled_from([0, 0.5, 1, NOT_JUDGED]), min_size=2, max_size=2),
        min_size=4,
        max_size=4,
    ),
    min_size=3,
    max_size=3,
)


def scored(table: list[list[list[float]]]) -> dict[str, Ratings]:
    return {name: Ratings(values=rows, items=["a", "b"]) for name, rows in zip(CRITERIA, table, strict=True)}


@given(table=tables, weights=st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_scores_are_the_formula(table: list[list[list[float]]], weights: list[int]) -> None:
    criteria = scored(table)
    for blank in ("all_scorers", "non_blank"):
        found = chnri(criteria, weights=dict(zip(CRITERIA, weights, strict=True)), blank=blank)
        people = sum(not all(isnan(each) for criterion in table for each in criterion[row]) for row in range(4))
        assert found.scorers == people
        for item in range(2):
            columns = [[row[item] for row in criterion if not isnan(row[item])] for criterion in table]
            if not all(columns):
                assert np.isnan([found.rps[item], found.weighted[item]]).all()
                continue
            scores = [sum(column) / len(column) for column in columns]
            modal = [max(column.count(each) for each in (0, 0.5, 1)) for column in columns]
            below = [len(column) if blank == "non_blank" else people for column in columns]
            assert found.rps[item] == pytest.approx(sum(scores) / 3)
            assert found.weighted[item] == pytest.approx(np.average(scores, weights=weights))
            assert found.aea[item] == pytest.approx(sum(m / n for m, n in zip(modal, below, strict=True)) / 3)


@given(table=tables)
def test_turning_yes_and_no_turns_the_score_and_keeps_the_agreement(table: list[list[list[float]]]) -> None:
    criteria = scored(table)
    turned = chnri({name: Ratings(values=1 - each.values, items=each.items) for name, each in criteria.items()})
    before = chnri(criteria)
    np.testing.assert_allclose(turned.rps, 1 - before.rps)
    np.testing.assert_array_equal(turned.aea, before.aea)


@given(table=tables)
def test_each_scorer_twice_changes_no_score(table: list[list[list[float]]]) -> None:
    before, twice = chnri(scored(table)), chnri(scored([rows * 2 for rows in table]))
    np.testing.assert_array_equal(before.rps, twice.rps)
    np.testing.assert_array_equal(before.aea, twice.aea)
    assert before.ranking.tiers == twice.ranking.tiers


def test_equal_scores_are_a_tie_whatever_floats_make_of_them() -> None:
    """.1 + .2 of one question and .3 of the other: as decimals they are equal."""
    weights = dict(zip(CRITERIA, (0.1, 0.2, 0.3), strict=True))
    found = chnri(scored([[[1, 0]] * 4, [[1, 0]] * 4, [[0, 1]] * 4]), weights=weights)
    assert found.ranking.tiers == (("a", "b"),)
    assert found.weighted.tolist() == [0.5, 0.5]


def test_a_question_without_answers_to_a_criterion_has_no_score_and_is_last() -> None:
    found = chnri(scored([[[1, 0]] * 4, [[1, 0]] * 4, [[NOT_JUDGED, 0]] * 4]))
    assert np.isnan(found.rps).tolist() == [True, False]
    assert found.ranking.tiers == (("b",), ("a",))
    assert found.answered.tolist() == [[4, 4, 0], [4, 4, 4]]


def test_without_any_answer_there_is_neither_score_nor_agreement() -> None:
    found = chnri(scored([[[NOT_JUDGED] * 2] * 4] * 3))
    assert found.scorers == 0
    assert np.isnan(found.rps).all()
    assert np.isnan(found.aea).all()


def test_what_cannot_be_scored_is_refused() -> None:
    good = scored([[[1, 0]] * 4] * 3)
    with pytest.raises(StatisticError, match="no criterion"):
        chnri({})
    with pytest.raises(StatisticError, match="`blank`"):
        chnri(good, blank="neither")
    with pytest.raises(StatisticError, match="each criterion once"):
        chnri(good, weights={"equity": 1})
    for weight in (0, -1, float("nan"), float("inf"), "much", True, None):
        with pytest.raises(StatisticError, match="above 0"):
            chnri(good, weights=dict.fromkeys(CRITERIA, weight))
    with pytest.raises(RatingsError, match=r"the answers 0, 0\.5, 1"):
        chnri(good | {"equity": Ratings(values=[[2, 0]] * 4, items=["a", "b"])})
    with pytest.raises(RatingsError, match="same questions"):
        chnri(good | {"equity": Ratings(values=[[1, 0]] * 4, items=["b", "a"])})
    with pytest.raises(RatingsError):
        chnri(good | {"equity": Ratings(values=[[1, 0]] * 3, items=["a", "b"])})
