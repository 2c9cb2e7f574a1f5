"""Real data from files: all of it or, when asked, the good rows; every bad row with its line and reason."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Ballot, Exercise, Panelist, Proposal, ProposalWords
from priority.queries.report import report
from priority.queries.rounds import rounds_of
from priority.services import protocols
from priority.services.import_questions import import_proposals
from priority.services.import_ratings import import_ballots, question_texts
from priority.services.imports import BadRows
from priority.words import Channel, ExerciseState, RoundState, Template
from tests import factories

CASES = Path(os.environ.get("PRIORITY_CASES", "../shared/data/cases"))
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason=f"the real data is not at {CASES} (PRIORITY_CASES)")
GOOD = "participant,a,b\n" + "".join(f"p{n},{1 + n % 9},{9 - n % 9}\n" for n in range(8))


def ballots(text, **values):
    data = text if isinstance(text, bytes) else text.encode()
    return import_ballots(data, **({"title": "Real ratings", "locale": "en"} | values))


def proposals(text, columns=("text",), **values):
    data = text if isinstance(text, bytes) else text.encode()
    return import_proposals(data, columns, **({"title": "Real questions", "locale": "en"} | values))


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


# -- ratings ---------------------------------------------------------------------------------------------------------
def test_ratings_become_one_closed_round_of_an_exercise_that_says_it_is_imported(app):
    done = ballots(GOOD)
    told = report(done.exercise)
    assert (done.count, done.bad) == (8, ())
    assert (told.imported, done.exercise.template) == (True, Template.IMPORTED)
    assert [(line.n, line.whole.answered) for line in told.rounds] == [(1, 8)]
    assert [question.text for question in told.questions] == ["a", "b"]
    assert count(Panelist) == 0
    assert protocols.current(done.exercise).frozen_at is not None


def test_keys_of_imported_ballots_are_random_and_participants_are_not_kept(app):
    first, second = ballots(GOOD), ballots(GOOD)
    keys = db.session.scalars(select(Ballot.ballot_key)).all()
    assert len(set(keys)) == first.count + second.count
    stored = " ".join(db.session.scalars(select(Ballot.answers)))
    assert "p1" not in stored


def test_empty_and_na_are_no_answer_and_cannot_judge_is_kept_apart(app):
    done = ballots("a,b\n" + "9,\n8,NA\n7,cannot_judge\n6,5\n5,5\n4,5\n3,5\n2,5\n")
    cell = report(done.exercise).questions[1].ratings[0].cells["whole"]
    assert (cell.n, cell.people, cell.cannot_judge) == (5, 8, 1)


BAD_ROWS = {
    "10": "no rating from 1 to 9",
    "0": "no rating from 1 to 9",
    "7.5": "no rating from 1 to 9",
    "seven": "no rating from 1 to 9",
    "７": "no rating from 1 to 9",
    "=1+1": "no rating from 1 to 9",
    "": "there is no answer in it",
    "5,5": "it has 3 cells, the first line 2",
}


@pytest.mark.parametrize(("cell", "reason"), BAD_ROWS.items())
def test_a_bad_row_is_named_with_line_and_reason_and_nothing_is_kept(app, cell, reason):
    with pytest.raises(BadRows) as refused:
        ballots(f"id,a\n1,5\n2,{cell}\n3,6\n")
    assert [row.line for row in refused.value.rows] == [3]
    assert reason in refused.value.rows[0].reason
    assert (count(Exercise), count(Ballot)) == (0, 0)


def test_every_bad_row_is_named_and_the_good_ones_come_in_when_asked(app):
    text = "id,a\n1,5\n2,x\n1,6\n4,7,8\n5,9\n"
    with pytest.raises(BadRows) as refused:
        ballots(text)
    assert [row.line for row in refused.value.rows] == [3, 4, 5]
    done = ballots(text, skip_bad=True)
    assert (done.count, [row.line for row in done.bad]) == (2, [3, 4, 5])


def test_a_quoted_cell_over_two_lines_does_not_move_the_numbers_of_lines(app):
    with pytest.raises(BadRows) as refused:
        ballots('id,a\n"one\nperson",5\nx,99\n')
    assert [row.line for row in refused.value.rows] == [4]


def test_without_a_good_row_skipping_the_bad_ones_is_refused_as_well(app):
    with pytest.raises(BadRows):
        ballots("a\nx\n", skip_bad=True)
    assert count(Exercise) == 0


REFUSED_FILES = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n", "empty"),
    "header only": (b"id,a\n", "no rows"),
    "no questions": (b"participant\n1\n", "no column with a question"),
    "two columns alike": (b"a,a\n1,2\n", "Two columns"),
    "a column without a name": (b"a,,b\n1,2,3\n", "Column 2 has no name"),
    "another encoding": ("id,é\n1,5\n".encode("latin-1"), "line 1"),
    "NUL": (b"id,a\n1,\x005\n", "UTF-8"),
    "a workbook": (b"PK\x03\x04rest", "workbook"),
    "a huge cell": (b"id,a\n1," + b"5" * 30_000 + b"\n", "more than 20000 characters"),
    "an open quotation mark": (b'id,a\n1,"5\n', "quotation mark"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_a_file_that_is_no_table_is_refused_in_words(app, data, words):
    with pytest.raises(Invalid, match=words):
        ballots(data)
    assert count(Exercise) == 0


def test_texts_of_questions_come_from_a_second_file(app):
    ratings = b"participant,a,b\n1,5,6\n"
    texts = question_texts(b"round,item,text\n1,a,What about A?\n1,b,What about B?\n1,c,Not asked\n", ratings)
    done = import_ballots(ratings, title="t", locale="en", texts=texts)
    assert [question.text for question in report(done.exercise).questions] == ["What about A?", "What about B?"]


def test_a_question_with_two_texts_or_none_is_refused(app):
    ratings = b"a,b\n5,6\n"
    two = b"round,item,text\n1,a,One\n2,a,Two\n2,b,B\n"
    with pytest.raises(Invalid, match="two different texts"):
        question_texts(two, ratings)
    assert question_texts(two, ratings, ("round", "2")) == {"a": "Two", "b": "B"}
    with pytest.raises(Invalid, match="There is no text for: b"):
        import_ballots(ratings, title="t", locale="en", texts={"a": "One"})
    with pytest.raises(Invalid, match="names the columns"):
        question_texts(b"item,text\nx,One\n", ratings)


# -- questions that people asked -------------------------------------------------------------------------------------
def test_distinct_texts_wait_in_the_queue_as_they_were_written(app):
    done = proposals("text,other\n  Why? ,x\nWhy?,x\nHow?,x\n")
    assert (done.count, done.repeats) == (2, 1)
    assert db.session.scalars(select(ProposalWords.text).order_by(ProposalWords.id)).all() == ["Why?", "How?"]
    kept = db.session.scalars(select(Proposal)).all()
    assert {(one.channel, one.contributor_id, len(one.parts)) for one in kept} == {(Channel.IMPORTED, None, 1)}
    assert done.exercise.state is ExerciseState.SORTING


def test_the_same_file_again_adds_nothing(app):
    first = proposals("text\nWhy?\nHow?\n")
    again = proposals("text\nWhy?\nHow?\nWho?\n", exercise=first.exercise)
    assert (again.exercise.id, again.count, again.repeats) == (first.exercise.id, 1, 2)


def test_texts_composed_in_two_ways_are_one(app):
    assert proposals("text\nCafe\u0301?\nCaf\u00e9?\n").count == 1


BAD_TEXTS = {
    "=cmd|'/c calc'!A1": "is a formula",
    "＝1": "is a formula",
    "@x": "is a formula",
    "+SUM(A1)": "is a formula",
    "x" * 4001: "longer than 4000",
    '""': "no text",
}


@pytest.mark.parametrize(("text", "reason"), BAD_TEXTS.items(), ids=range(len(BAD_TEXTS)))
def test_a_text_that_cannot_be_taken_is_named_with_its_line(app, text, reason):
    with pytest.raises(BadRows) as refused:
        proposals(f"id,text\n1,Why?\n2,{text}\n")
    assert [row.line for row in refused.value.rows] == [3]
    assert reason in refused.value.rows[0].reason
    assert count(Proposal) == 0


def test_a_list_that_begins_with_a_hyphen_is_words(app):
    assert proposals("text\n- Why does it hurt?\n").count == 1


def test_a_column_that_is_not_there_is_refused_with_those_that_are(app):
    with pytest.raises(Invalid, match=r"no column “question”\. The columns are: id, text"):
        proposals("id,text\n1,Why?\n", columns=("question",))


def test_an_exercise_whose_queue_is_closed_takes_nothing(app):
    exercise = factories.an_exercise(state=ExerciseState.ANSWERING)
    with pytest.raises(Stale):
        proposals("text\nWhy?\n", exercise=exercise)


# -- the real files ----------------------------------------------------------------------------------------------------
@needs_cases
@pytest.mark.cases
def test_the_real_delphi_round_has_the_numbers_of_its_reference(app):
    data = (CASES / "stats/unisante_delphi_round2.csv").read_bytes()
    statements = (CASES / "stats/unisante_delphi_statements.csv").read_bytes()
    texts = question_texts(statements, data, ("round", "2"))
    done = ballots(data, texts=texts, locale="fr")
    reference = json.loads((CASES / "stats/unisante_delphi_round2.csv.cases.json").read_text(encoding="utf-8"))
    expected = next(one["expected"] for one in reference if one["method"] == "item_summary")
    found = {question.short: question.ratings[0].cells["whole"] for question in report(done.exercise).questions}
    assert set(found) == set(expected)
    for column, numbers in expected.items():
        cell = found[column]
        assert (cell.n, cell.people - cell.n) == (numbers["n"], numbers["missing"])
        assert (cell.median, cell.q1, cell.q3) == (numbers["median"], numbers["q1"], numbers["q3"])
        assert 100 * cell.high / cell.n == pytest.approx(numbers["pct_7_9"])
        assert 100 * cell.low / cell.n == pytest.approx(numbers["pct_1_3"])


@needs_cases
@pytest.mark.cases
@pytest.mark.slow
def test_the_real_questions_fill_the_queue_once_each(app):
    data = (CASES / "text/mqp_half.csv").read_bytes()
    done = proposals(data, columns=("question_1", "question_2"))
    assert (done.count, done.repeats) == (2285, 763)
    with (CASES / "text/mqp_half.csv").open(encoding="utf-8", newline="") as file:
        texts = {row[column].strip() for row in csv.DictReader(file) for column in ("question_1", "question_2")}
    assert set(db.session.scalars(select(ProposalWords.text))) == texts


def test_an_imported_round_is_closed_for_good(app):
    done = ballots(GOOD)
    (round_,) = rounds_of(done.exercise)
    assert round_.state is RoundState.CLOSED
