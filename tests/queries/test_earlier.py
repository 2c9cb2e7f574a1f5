"""What was stored before scales, intervals and support were is read as if it were of today."""

from __future__ import annotations

from priority.queries.earlier import as_today
from priority.queries.rounds import results_of, rounds_of
from priority.words import ResultKind
from tests import finished


def as_it_was(kind, body):
    """The snapshot as the first version kept it."""
    body = {name: value for name, value in body.items() if name != "scale"}
    if kind is ResultKind.ITEMS:
        body["questions"] = [_question(row) for row in body["questions"]]
    return body


def _question(row):
    kept = {name: value for name, value in row.items() if name != "support"}
    cells = {part: {key: _cell(cell) for key, cell in row[part].items()} for part in ("sides", "groups")}
    return kept | cells | {"whole": _cell(row["whole"]), "mean_high": row["support"]}


def _cell(cell):
    return {name: value for name, value in cell.items() if name not in ("mad", "interval")}


def test_a_snapshot_of_the_first_version_is_read_as_one_of_today(app):
    exercise = finished.an_exercise_to_answer(questions=5)
    round_ = rounds_of(exercise)[0]
    finished.run_round(exercise, round_)
    for kind, body in results_of(round_).items():
        before = as_it_was(kind, body)
        if kind in (ResultKind.ITEMS, ResultKind.FEEDBACK):
            assert before != body
        assert as_today(kind, before) == body
        assert as_today(kind, body) is body


def test_a_question_that_nobody_answered_is_read_too():
    empty = {"n": 0, "histogram": [0] * 9, "high": 0}
    row = {"key": "Q1.1", "whole": empty, "sides": {}, "groups": {}, "mean_high": None}
    read = as_today(ResultKind.ITEMS, {"questions": [row]})["questions"][0]
    assert read["support"] is None
    assert read["whole"] == empty | {"mad": None, "interval": None}
