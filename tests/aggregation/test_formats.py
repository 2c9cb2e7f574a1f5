"""Files: what is read from good ones, and the line and reason given for bad ones."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import FormatError, Profile, Ratings, read
from aggregation.formats.preflib import read_preflib
from aggregation.formats.rankcsv import read_rankcsv
from aggregation.formats.ratingcsv import read_ratingcsv

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "# FILE NAME: x\n# DATA TYPE: {kind}\n# ALTERNATIVE NAME 1: Bread and butter\n# ALTERNATIVE NAME 7:  Milk \n"


def preflib(kind: str, *lines: str, more: str = "") -> str:
    return HEADER.format(kind=kind) + more + "\n".join(lines) + "\n"


def test_preflib_keeps_ids_names_and_counts() -> None:
    profile = read_preflib(preflib("toi", "3: 7,1", "2: {1,7}", "1: 7", "4:"), "absent")
    assert profile.items == ("1", "7")
    assert profile.names == ("Bread and butter", "Milk")
    assert profile.ranks.tolist() == [[2, 1], [1, 1], [0, 1], [0, 0]]
    assert profile.weights.tolist() == [3, 2, 1, 4]
    assert profile.unranked == "absent"


def test_preflib_categories_keep_their_numbers() -> None:
    assert read_preflib(preflib("cat", "1: {},{1,7}", "1: 7,{},1"), "last").ranks.tolist() == [[2, 2], [3, 1]]


@pytest.mark.parametrize("text", [preflib("soi", "3: 7, 1 ,").replace("\n", "\r\n"), preflib("soc", " 3 :7,1")])
def test_preflib_reads_white_space_and_a_comma_at_the_end(text: str) -> None:
    assert read_preflib(text, "last").ranks.tolist() == [[2, 1]]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (preflib("soi", "1: 7,2"), 5, "alternative 2 is not declared"),
        (preflib("soi", "1: 7", "1: 1,1"), 6, "alternative 1 is named twice"),
        (preflib("soi", "1: 7", "1: 7"), 6, "this order is already on line 5"),
        (preflib("soc", "1: 7"), 5, "wants every alternative"),
        (preflib("soi", "1: {1,7}"), 5, "allows no ties"),
        (preflib("soc", "1: {1,7}"), 5, "allows no ties"),
        (preflib("toc", "1: 7"), 5, "wants every alternative"),
        (preflib("toc", "1: {1,7"), 5, "cannot be read as an order"),
        (preflib("toc", "1: {1,{7}}"), 5, "cannot be read as an order"),
        (preflib("toc", "1: {1,,7}"), 5, "missing between two commas"),
        (preflib("toi", "1: 1,,7"), 5, "cannot be read as an order"),
        (preflib("soi", "0: 1"), 5, "counted in whole numbers from 1"),
        (preflib("soi", "1, 7"), 5, "an order is written"),
        (preflib("soi", "-2: 7"), 5, "an order is written"),
        (preflib("wmd", "1: 7"), 2, "the data type must be one of soc, soi, toc, toi, cat, not 'wmd'"),
        (preflib("soi", "1: 7", "# ALTERNATIVE NAME 9: Late"), 6, "declared before the orders"),
        (preflib("soi", more="# ALTERNATIVE NAME 1: Again\n"), 5, "alternative 1 is declared twice"),
        (preflib("soi", "1: 7", more="# NUMBER VOTERS: 2\n"), 5, "number voters is given as 2, but the file has 1"),
        (preflib("soi", "1: 7", more="# NUMBER ALTERNATIVES: 3\n"), 5, "given as 3, but the file has 2"),
        (preflib("soi", "1: 7", more="# NUMBER UNIQUE ORDERS: 3\n"), 5, "given as 3, but the file has 1"),
        (preflib("soi"), None, "no orders"),
        ("3\n1,a\n2,b\n", 1, "an order is written"),
        ("1: 2,3\n", 1, "orders come after the header"),
        ("# ALTERNATIVE NAME 1: a\n1: 1\n", None, "the data type must be"),
        (preflib("soi", f"{10**30}: 7"), 5, "counted in whole numbers from 1"),
    ],
)
def test_a_bad_preflib_file_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read_preflib(text, "last")
    assert reason in str(refusal.value)
    assert refusal.value.line == line


def test_ranks_with_sides_groups_and_labels() -> None:
    text = "id,side,Group,a,b,c\n1,staff,nurses,1,1,3\n\n2,lived,,2, 1.0 ,\n3,lived,carers,0,NA,cannot_judge\n"
    profile = read_rankcsv(text, "absent")
    assert profile.items == ("a", "b", "c")
    assert profile.ranks.tolist() == [[1, 1, 3], [2, 1, 0], [0, 0, 0]]
    assert profile.strata_names == ("lived", "staff")
    assert profile.strata.tolist() == [1, 0, 0]
    assert profile.group_names == ("(none)", "carers", "nurses")


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "a\tb\n1\t2\n", "round,a,b\n3,1,2\n", 'a,b\r\n"1","2"\r\n'])
def test_other_separators_and_one_round_are_read(text: str) -> None:
    assert read_rankcsv(text, "last").ranks.tolist() == [[1, 2]]


def test_a_participant_not_in_the_first_column_is_a_question() -> None:
    assert read_rankcsv("a,participant\n1,2\n", "last").items == ("a", "participant")


@pytest.mark.parametrize("name", ["a;;b", "a\n;;b", "a\t\tb"])
def test_separators_inside_quotes_do_not_separate(name: str) -> None:
    assert read_rankcsv(f'"{name}",c\n1,2\n', "last").items == (name, "c")


def test_a_quoted_name_may_hold_any_separator() -> None:
    assert read_rankcsv('"one, or\u2028two",b\n1,2\n', "last").items == ("one, or\u2028two", "b")


def test_ratings_keep_cannot_judge_apart_from_no_answer() -> None:
    ratings = read_ratingcsv("participant,side,a,b\n1,x,9,\n2,y,Cannot_judge,4.5\n")
    np.testing.assert_array_equal(ratings.values, [[9, np.nan], [np.nan, 4.5]])
    assert ratings.cannot_judge.tolist() == [[False, False], [True, False]]
    assert ratings.strata_names == ("x", "y")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a,b\n1,2\n1\n", 3, "this row has 1 cells, the header has 2"),
        ("a,b\n1,2,3\n", 2, "this row has 3 cells"),
        ("a,b\n1,x\n", 2, "column 'b': 'x' is not a number"),
        ("a,b\n1,-1\n", 2, "column 'b': a rank is a whole number"),
        ("a,b\n1,1.5\n", 2, "column 'b': a rank is a whole number"),
        ("a,b\n1,70000\n", 2, "column 'b': a rank is a whole number"),
        ("a,b\n1,inf\n", 2, "column 'b': 'inf' is not a number"),
        ("a,a\n1,2\n", 1, "there are two columns 'a'"),
        ("a,\n1,2\n", 1, "column 2 has no name"),
        ("side,Side,a\nx,y,1\n", 1, "there are two columns 'side'"),
        ("id,side\n1,x\n", 1, "no column with a question"),
        ("side,a\n,1\n", 2, "this row names no side"),
        ("id,a\n7,1\n8,1\n7,2\n", 4, "participant '7' is already on line 2"),
        ("round,a\n1,1\n2,1\n", 3, "this row is of round '2', the first of '1'"),
        ('a,b\n"1,2\n', 2, "unexpected end of data"),
        ("a,b\n", None, "a header but no rows"),
    ],
)
def test_a_bad_table_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read_rankcsv(text, "last")
    assert reason in str(refusal.value)
    assert refusal.value.line == line


def test_a_question_of_a_rating_may_be_called_weight() -> None:
    assert read_ratingcsv("id,Weight,Pain\n1,9,8\n").items == ("Weight", "Pain")


def test_a_table_of_ranks_may_have_weights() -> None:
    profile = read_rankcsv("Weight,a\n1.5,1\n2/3,2\n", "last")
    assert (profile.items, profile.weights.tolist()) == (("a",), [1.5, 0.666667])


def test_the_formats_are_these_and_their_readers_wait_until_they_are_asked_for() -> None:
    keys = "preflib rankcsv ordercsv ratingcsv scotcsv abif blt cef"
    code = f"import sys, aggregation; assert ' '.join(aggregation.FORMATS) == '{keys}'; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "aggregation.formats" in loaded
    assert not {f"aggregation.formats.{key}" for key in keys.split()} & set(loaded)


def test_the_front_door_goes_by_suffix_or_by_name(tmp_path: Path) -> None:
    table = tmp_path / "ballots.csv"
    table.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    orders = tmp_path / "orders.SOC"
    orders.write_text(preflib("soc", "1: 7,1"), encoding="utf-8")
    assert isinstance(read(table), Profile)
    assert read(str(table)).items == ("a", "b")
    assert isinstance(read(table, "ratingcsv"), Ratings)
    assert read(orders, unranked="absent").unranked == "absent"


@pytest.mark.parametrize(
    ("name", "content", "form", "line", "reason"),
    [
        ("none.csv", None, None, None, "cannot be opened"),
        ("empty.csv", b"", None, None, "the file is empty"),
        ("blank.csv", b"\xef\xbb\xbf \n\n", None, None, "the file is empty"),
        ("latin.csv", b"a,b\n1,\xe9\n", None, 2, "not UTF-8"),
        ("binary.csv", b"a,b\n1,\0\n", None, 2, "no text"),
        ("x.txt", b"a", None, None, "cannot be told from the suffix"),
        ("x.csv", b"a", "cvotes", None, "there is no format 'cvotes'"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: bytes | None, form: str | None, line: int | None, reason: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FormatError, match=reason) as refusal:
        read(path, form)
    assert refusal.value.line == line


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "# DATA TYPE: toi\n",
            "# ALTERNATIVE NAME 1: a\n",
            "# ALTERNATIVE NAME 2: b\n",
            "1: ",
            "1",
            "2",
            ",",
            "{",
            "}",
            "\n",
            ":",
            " ",
            "#",
            "side,",
            "id,",
            "a,b\n",
            "1,2\n",
            '"',
            ";",
            "nan",
            "-1",
            "é",
            "9" * 30,
            "\r",
            "\x85",
        ]
    ),
    max_size=25,
).map("".join)


@given(text=FRAGMENTS)
def test_whatever_a_file_says_it_is_read_or_refused(text: str) -> None:
    for reader in (lambda t: read_preflib(t, "last"), lambda t: read_rankcsv(t, "absent"), read_ratingcsv):
        try:
            assert reader(text).n_items > 0
        except FormatError as refusal:
            assert str(refusal)  # noqa: PT017 -- a refusal is one of the two right answers
