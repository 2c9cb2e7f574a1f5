"""What others answered is shown so that nobody who sees all of it can work out a few people."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priority.services.suppression import shown, visible_groups

K = 5
histograms = st.lists(st.integers(0, 6), min_size=9, max_size=9)
sizes = st.integers(0, 14)


@st.composite
def questions(draw):
    """A question as two or three sides of one to four groups answered it."""
    groups, sides, names = {}, {}, {}
    for side in range(draw(st.integers(2, 3))):
        members = {f"s{side}g{index}": spread(draw(sizes)) for index in range(draw(st.integers(1, 4)))}
        names[f"s{side}"] = (f"Side {side}", {key: key.upper() for key in members})
        groups |= members
        sides[f"s{side}"] = add_up(members.values())
    question = {
        "whole": cell(add_up(sides.values())),
        "sides": {key: cell(histogram) for key, histogram in sides.items()},
        "groups": {key: cell(histogram) for key, histogram in groups.items()},
    }
    return question, names


def spread(n):
    """`n` answers, never all alike where there are several."""
    return [n // 9 + (place < n % 9) for place in range(9)]


def add_up(histograms):
    return [sum(column) for column in zip(*histograms, strict=True)]


def cell(histogram):
    n = sum(histogram)
    return {"n": n, "histogram": histogram, "median": 5.0 if n else None, "high": sum(histogram[6:])}


def rank_of(rows):
    """The rank of a matrix of fractions."""
    rows, rank = [[Fraction(value) for value in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((index for index in range(rank, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for index in range(rank + 1, len(rows)):
            factor = rows[index][column] / rows[rank][column]
            rows[index] = [value - factor * other for value, other in zip(rows[index], rows[rank], strict=True)]
        rank += 1
    return rank


def few_that_can_be_worked_out(question, names, rows):
    """The sets of groups, together 1 to 4 people, whose answers follow from the rows by adding and subtracting."""
    atoms = [group for _name, groups in names.values() for group in groups]
    where = {"whole": set(atoms)} | {side: set(groups) for side, (_name, groups) in names.items()}
    known = [[int(atom in where.get(row["key"], {row["key"]})) for atom in atoms] for row in rows]
    rank = rank_of(known)
    small = [
        chosen
        for size in range(1, len(atoms) + 1)
        for chosen in combinations(atoms, size)
        if 0 < sum(question["groups"][atom]["n"] for atom in chosen) < K
    ]
    return [chosen for chosen in small if rank_of([*known, [int(atom in chosen) for atom in atoms]]) == rank]


@given(questions())
def test_nobody_can_work_out_fewer_than_five_people_from_everything_that_is_shown(drawn):
    question, names = drawn
    body = shown(question, names, k=K)
    assert few_that_can_be_worked_out(question, names, body["rows"]) == []
    assert all(row["n"] >= K for row in body["rows"])


def test_the_attacker_of_these_tests_notices_what_follows_by_subtraction():
    names = {"a": ("A", {"x": "X", "y": "Y"})}
    question = {"groups": {"x": cell(spread(9)), "y": cell(spread(3))}}
    assert few_that_can_be_worked_out(question, names, [{"key": "a"}, {"key": "x"}]) == [("y",)]


@given(questions())
def test_every_side_and_group_is_either_shown_or_named_as_hidden(drawn):
    question, names = drawn
    body = shown(question, names, k=K)
    told = [row["key"] for row in (*body["rows"], *body["hidden"])]
    assert len(told) == len(set(told))
    if [row["kind"] for row in body["rows"]].count("side"):
        assert set(told) == set(names) | {group for _name, groups in names.values() for group in groups}
    else:
        assert set(told) - {"whole"} == set(names)


@pytest.mark.parametrize(
    ("side", "groups", "kept"),
    [
        (12, {"x": 12}, {"x"}),  # the rest of the side has nobody
        (12, {"x": 7, "y": 5}, {"x", "y"}),
        (12, {"x": 9, "y": 3}, set()),  # 12 - 9 would give the three away
        (15, {"x": 6, "y": 6, "z": 3}, {"y"}),  # and so would 15 - 6 - 6
        (17, {"x": 6, "y": 6, "z": 3, "w": 2}, {"x", "y"}),  # five remain, and nobody can tell which
        (4, {"x": 4}, set()),
        (0, {"x": 0}, set()),
    ],
)
def test_groups_are_shown_where_nothing_follows_by_subtraction(side, groups, kept):
    assert visible_groups(side, groups) == kept


def names_of(*sides):
    return {side: (side.title(), {f"{side}-group": side}) for side in sides}


def question_of(**histograms):
    return {
        "whole": cell(add_up(histograms.values())),
        "sides": {side: cell(histogram) for side, histogram in histograms.items()},
        "groups": {f"{side}-group": cell(histogram) for side, histogram in histograms.items()},
    }


def test_where_one_side_is_small_only_the_whole_panel_is_shown():
    body = shown(question_of(lived=spread(20), professionals=spread(4)), names_of("lived", "professionals"))
    assert [(row["kind"], row["n"]) for row in body["rows"]] == [("whole", 24)]
    assert [(row["key"], row["why"]) for row in body["hidden"]] == [("lived", "subtraction"), ("professionals", "few")]


def test_nothing_is_shown_of_fewer_than_five_in_all():
    body = shown(question_of(lived=spread(2), professionals=spread(2)), names_of("lived", "professionals"))
    assert body["rows"] == []


def test_a_question_that_nobody_answered_shows_nothing():
    body = shown({"whole": cell([0] * 9), "sides": {}, "groups": {}}, names_of("lived", "professionals"))
    assert body["rows"] == []
    assert [row["why"] for row in body["hidden"]] == ["few", "few"]


@pytest.mark.parametrize(("n", "histogram", "median"), [(9, None, None), (10, [0, 0, 0, 0, 0, 0, 0, 10, 0], 8.0)])
def test_fewer_than_ten_who_all_agree_are_told_as_a_band(n, histogram, median):
    alike = {"n": n, "histogram": [0, 0, 0, 0, 0, 0, 0, n, 0], "median": 8.0, "high": n}
    question = {"whole": cell(spread(30)), "sides": {"lived": alike, "professionals": cell(spread(9))}, "groups": {}}
    row = shown(question, names_of("lived", "professionals"))["rows"][0]
    assert (row["histogram"], row["median"], row["bands"], row["high"]) == (histogram, median, [0, 0, n], n)


@given(histograms)
def test_the_bands_add_up_to_everybody(histogram):
    body = shown(question_of(lived=histogram, professionals=spread(9)), names_of("lived", "professionals"))
    assert all(sum(row["bands"]) == row["n"] for row in body["rows"])
