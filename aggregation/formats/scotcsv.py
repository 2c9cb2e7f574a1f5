"""CSV files of Scottish council elections, as the STV counts of 2007 to 2022 were published and collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.errors import FormatError
from aggregation.formats.ballots import Ballots
from aggregation.formats.numbered import Numbered
from aggregation.formats.tables import rows_of
from aggregation.formats.text import count_of, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregation.profile import Profile, Unranked

_CANDIDATE = "Candidate "


def read_scotcsv(text: str, unranked: Unranked) -> Profile:
    r"""The profile of a ward: a row an order with its count as weight; ids are the candidates' numbers.

    The first row has the number of candidates and of seats; then come rows "count, best, second, ...", a row
    "Candidate 1", name, party for each candidate, and the ward. Seats, parties and the ward are not kept.

    Raises
    ------
    FormatError
        Naming the line: a row that is none of these, a candidate who is not declared or named twice.

    Examples
    --------
    >>> text = '2,1,\n3,2,1,\n4,1,\n"Candidate 1","Ann","A",\n"Candidate 2","Bob","B",\n"Ward",\n'
    >>> profile = read_scotcsv(text, "last")
    >>> profile.items, profile.names, profile.ranks.tolist(), profile.weights
    (('1', '2'), ('Ann', 'Bob'), [[2, 1], [1, 0]], array([3., 4.]))
    """
    rows = _rows(text)
    line, first = next(rows, (1, []))
    if len(first) != 2:
        raise FormatError("the first row has the number of candidates and of seats", line=line)
    candidates = Numbered.of(first[0], line)
    count_of(first[1], line, "seats")
    ballots, ward = Ballots(candidates.has), ""
    names: list[str] = []
    for line, row in rows:
        if ward:
            raise FormatError("nothing is expected after the name of the ward", line=line)
        if row[0].startswith(_CANDIDATE):
            names.append(_name(row, len(names) + 1, line))
        elif names:
            ward = row[0]
        else:
            ballots.add([(item,) for item in row[1:]], line, count_of(row[0], line))
    return ballots.profile(unranked, items=candidates.items(len(names)), names=names)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows without the empty cells that each ends with, and without empty rows."""
    for line, row in rows_of(text, ","):
        while row and not row[-1]:
            row.pop()
        if row:
            yield line, row


def _name(row: list[str], number: int, line: int) -> str:
    if row[0] != f"{_CANDIDATE}{number}" or len(row) < 2 or not row[1]:
        raise FormatError(
            f'the row of candidate {number} begins "Candidate {number}", "name", not {short(row[0])!r}', line=line
        )
    return row[1]
