"""`ballots.csv`: a row a ballot, a column a question. Its columns are described in docs/exports.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.exports.tables import csv_bytes

if TYPE_CHECKING:
    from priority.queries.report_values import BallotSheet

COLUMNS = ("round", "side", "group")


def ballots_csv(sheet: BallotSheet) -> bytes:
    """The published ballots: ratings, ranks (1 to 10 and 101 to 103), answers to sets, `cannot_judge`, or nothing."""
    return csv_bytes(
        (*COLUMNS, *sheet.columns),
        (
            (line.round, line.side, line.group, *(line.answers.get(key) for key in sheet.columns))
            for line in sheet.lines
        ),
    )
