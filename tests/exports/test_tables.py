"""CSV that opens as it is meant and runs nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priority.exports.tables import STARTS_A_FORMULA, cell, csv_bytes

DANGEROUS = [
    "=1+1",
    "+44 90",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "\n=1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_could_run_begins_with_an_apostrophe(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "shown"), [(-5, "-5"), (7.0, "7"), (6.25, "6.25"), (None, ""), (True, "yes"), (0, "0")]
)
def test_numbers_stay_numbers(value, shown):
    assert cell(value) == shown


def test_ordinary_words_stay_as_they_are():
    assert cell('Why does it hurt, "mostly" at night?') == 'Why does it hurt, "mostly" at night?'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=4))
def test_whatever_the_words_the_file_reads_back_and_no_cell_can_run(words):
    data = csv_bytes(["first", *map(str, range(1, len(words)))], [words]).decode("utf-8-sig")
    assert data.endswith("\r\n")
    _header, row = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    assert [one.removeprefix("'") if one != word else one for one, word in zip(row, words, strict=True)] == words
    assert not any(one.lstrip().startswith(STARTS_A_FORMULA) for one in row)
