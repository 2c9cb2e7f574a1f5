"""`results.csv`, a row a question, and `results.json`, everything but people's words. See docs/exports.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from priority.exports.findings import findings
from priority.exports.kinds import SUPPORT, Column, columns_of, criteria_of, found_json, rounded
from priority.exports.tables import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from priority.exports.tables import Value
    from priority.queries.report import Report, ReportQuestion
    from priority.queries.report_values import Cell, ProtocolLine, Rating, RoundLine, RunLine

FORMAT = "priority-results-1"


OF_A_QUESTION = (
    Column("question", lambda one: one.number),
    Column("key", lambda one: one.key),
    Column("text", lambda one: one.text),
    Column("language", lambda one: one.locale),
    Column("place", lambda one: one.place),
    Column("shared", lambda one: None if one.place is None else one.shared),
    Column("score", lambda one: one.score),
    Column("listed", lambda one: one.listed),
    Column("tied_at_end", lambda one: one.tied_at_end),
    Column("people", lambda one: one.behind.people),
)
OF_A_ROUND = (
    Column("verdict", lambda rating: str(rating.verdict)),
    Column("why", lambda rating: rating.why),
    Column("di", lambda rating: rounded(rating.di)),
    Column("disagreement", lambda rating: rating.disagreement),
)
OF_A_CELL = (
    Column("n", lambda cell: cell.n),
    Column("cannot_judge", lambda cell: cell.cannot_judge),
    Column("median", lambda cell: cell.median),
    Column("q1", lambda cell: cell.q1),
    Column("q3", lambda cell: cell.q3),
    Column("mad", lambda cell: cell.mad),
    Column("band", lambda cell: cell.band),
    Column("high", lambda cell: cell.high),
    Column("low", lambda cell: cell.low),
    Column("percent_high", lambda cell: cell.percent_high),
    Column("interval_low", lambda cell: None if cell.interval is None else rounded(cell.interval[0])),
    Column("interval_high", lambda cell: None if cell.interval is None else rounded(cell.interval[1])),
)


def results_csv(report: Report) -> bytes:
    """A row a question: places, then each rating round, first as a whole, then by side and group."""
    columns = list(_columns(report))
    header = [name for name, _read in columns]
    return csv_bytes(header, ([read(question) for _name, read in columns] for question in report.questions))


def results_json(report: Report) -> bytes:
    """All of the report but people's own words: those stay where they can still be taken back."""
    body = {
        "format": FORMAT,
        "exercise": report.public_id,
        "title": report.title,
        "state": str(report.state),
        "simulated": report.simulated,
        "imported": report.imported,
        "published_at": _moment(report.published_at),
        "sides": [
            {
                "key": side.key,
                "name": side.name,
                "share": side.share,
                "of": side.of,
                "groups": [{"key": key, "name": name} for key, name in side.groups],
            }
            for side in report.sides
        ],
        "protocol": _protocol(report.protocol) | {"body": report.protocol.body},
        "deviations": [_protocol(line) | {"reason": line.reason} for line in report.deviations],
        "rounds": [_round(line) for line in report.rounds],
        "list_round": report.list_round,
        "questions": [_question(report, question) for question in report.questions],
        "agreement": [
            {"side": one.side, "kendall_w": one.w, "n": one.n, "people": one.people} for one in report.agreement
        ],
        "runs": [_run(run) for run in report.runs],
        "findings": [findings(found) for found in report.findings],
    }
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _columns(report: Report) -> Iterator[tuple[str, Callable[[ReportQuestion], Value]]]:
    yield from ((column.name, column.read) for column in OF_A_QUESTION)
    for run in report.runs:
        before = "" if run.round == report.list_round else f"r{run.round}_"
        yield f"{before}place_{run.column}", _place_in(run.public_id)
    for key in _groups(report):
        yield f"people_{key or 'others'}", _people_of(key)
    for line in report.ratings:
        for column in OF_A_ROUND:
            yield f"r{line.n}_{column.name}", _from_round(line.n, column)
        for voice in report.voices:
            for column in OF_A_CELL:
                yield f"r{line.n}_{voice.column}_{column.name}", _from_cell(line.n, voice.column, column)
    for line in report.others:
        yield f"r{line.n}_{SUPPORT.name}", _from_found(line.n, SUPPORT)
        for voice in report.voices:
            for column in columns_of(line, _criteria(report, line.n)):
                yield f"r{line.n}_{voice.column}_{column.name}", _from_found_cell(line.n, voice.column, column)


def _criteria(report: Report, n: int) -> tuple[str, ...]:
    every = (found for question in report.questions if (found := question.found_in(n)) is not None)
    return next((names for names in map(criteria_of, every) if names), ())


def _groups(report: Report) -> list[str | None]:
    """The groups that people who asked are counted by, those too small to be told apart last."""
    counted = dict.fromkeys(one.key for question in report.questions for one in question.behind.groups)
    return sorted(counted, key=lambda key: (key is None, key or ""))


def _place_in(run: str) -> Callable[[ReportQuestion], Value]:
    def read(question: ReportQuestion) -> Value:
        return question.places.get(run)

    return read


def _people_of(group: str | None) -> Callable[[ReportQuestion], Value]:
    def read(question: ReportQuestion) -> Value:
        return sum(one.people for one in question.behind.groups if one.key == group)

    return read


def _from_round(n: int, column: Column) -> Callable[[ReportQuestion], Value]:
    def read(question: ReportQuestion) -> Value:
        rating = question.rating_of(n)
        return None if rating is None else column.read(rating)

    return read


def _from_cell(n: int, voice: str, column: Column) -> Callable[[ReportQuestion], Value]:
    def read(question: ReportQuestion) -> Value:
        rating = question.rating_of(n)
        cell = None if rating is None else rating.cells.get(voice)
        return None if cell is None else column.read(cell)

    return read


def _from_found(n: int, column: Column) -> Callable[[ReportQuestion], Value]:
    def read(question: ReportQuestion) -> Value:
        found = question.found_in(n)
        return None if found is None else column.read(found)

    return read


def _from_found_cell(n: int, voice: str, column: Column) -> Callable[[ReportQuestion], Value]:
    def read(question: ReportQuestion) -> Value:
        found = question.found_in(n)
        cell = None if found is None else found.cells.get(voice)
        return None if cell is None else column.read(cell)

    return read


def _question(report: Report, question: ReportQuestion) -> dict[str, Any]:
    lines = {line.n: line for line in report.rounds}
    return {
        "number": question.number,
        "id": question.public_id,
        "key": question.key,
        "text": question.text,
        "language": question.locale,
        "background": question.background,
        "wordings": [{"round": n, "key": key, "text": text} for n, key, text in question.wordings],
        "place": question.place,
        "shared": question.shared,
        "score": question.score,
        "listed": question.listed,
        "tied_at_end": question.tied_at_end,
        "places": dict(question.places),
        "people": question.behind.people,
        "people_by_group": [{"group": one.key, "people": one.people} for one in question.behind.groups],
        "ratings": [_rating(rating) for rating in question.ratings],
        "found": [found_json(found, lines[found.n]) for found in question.found],
    }


def _rating(rating: Rating) -> dict[str, Any]:
    return {
        "round": rating.n,
        "key": rating.key,
        "scale": rating.scale,
        "verdict": str(rating.verdict),
        "why": rating.why,
        "di": None if rating.di is None else str(rating.di),
        "disagreement": rating.disagreement,
        "cells": {voice: _cell(cell) for voice, cell in rating.cells.items()},
    }


def _cell(cell: Cell) -> dict[str, Value]:
    return {column.name: column.read(cell) for column in OF_A_CELL}


def _round(line: RoundLine) -> dict[str, Any]:
    return {
        "n": line.n,
        "kind": str(line.kind),
        "design": line.design,
        "opened_at": _moment(line.opened_at),
        "closed_at": _moment(line.closed_at),
        "asked": line.whole.asked,
        "answered": line.whole.answered,
        "sides": [{"side": one.key, "asked": one.asked, "answered": one.answered} for one in line.sides],
        "end_moved": [{"kind": str(kind), "reason": reason} for kind, reason in line.moved],
    }


def _run(run: RunLine) -> dict[str, Any]:
    return {
        "id": run.public_id,
        "round": run.round,
        "primary": run.is_primary,
        "pooled": run.pooled,
        "method": run.method,
        "parameters": run.parameters,
        "state": str(run.state),
        "input_digest": run.input_digest,
        "digest": run.digest,
        "software": run.software,
        "tiers": run.tiers,
        "shortlist": run.shortlist,
    }


def _protocol(line: ProtocolLine) -> dict[str, Any]:
    return {"n": line.n, "digest": line.digest, "frozen_at": _moment(line.frozen_at)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
