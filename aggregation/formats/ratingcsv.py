"""CSV files of ratings: a row a person, a column a question."""

from __future__ import annotations

import numpy as np

from aggregation.formats.tables import CANNOT_JUDGE, NOTHING, Table
from aggregation.formats.text import float_of, refusing_as_file
from aggregation.ratings import Ratings

# Stands for "cannot judge" while a table is read; no file can hold it, for a cell must be a finite number.
_CANNOT = np.inf


def read_ratingcsv(text: str) -> Ratings:
    r"""The ratings of a table of numbers; an empty cell is no answer, "cannot_judge" is kept apart from it.

    Columns as in `read_rankcsv`, but `weight` is a question like others. The scale is not checked here but by the
    statistic that needs one.

    Raises
    ------
    FormatError
        Naming the line and the column.

    Examples
    --------
    >>> ratings = read_ratingcsv("id,a,b\n1,9,\n2,7,cannot_judge\n")
    >>> ratings.values.tolist(), ratings.cannot_judge.tolist()
    ([[9.0, nan], [7.0, nan]], [[False, False], [False, True]])
    """
    table = Table(text, weighted=False)
    values = table.numbers(_rating, "d")
    cannot_judge = values == _CANNOT
    values[cannot_judge] = np.nan
    with refusing_as_file():
        return Ratings.from_values(values, table.names, cannot_judge=cannot_judge, **table.labels)


def participants_of(text: str) -> list[str] | None:
    """Who answered, a row of `read_ratingcsv` each, "" where a row names nobody; None without such a first column."""
    table = Table(text, weighted=False)
    for _ in table.rows():
        pass
    return table.participants


def _rating(cell: str) -> float:
    if cell.lower() == CANNOT_JUDGE:
        return _CANNOT
    return np.nan if cell.lower() in NOTHING else float_of(cell)
