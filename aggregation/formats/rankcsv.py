"""CSV files of ranks: a row a ballot, a column a question, 1 = best. Read and written."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from aggregation.checks import WORST_RANK, are_whole
from aggregation.errors import FormatError
from aggregation.formats.tables import CANNOT_JUDGE, COLUMNS, LABELS, NOTHING, Table
from aggregation.formats.text import float_of, refusing_as_file, short
from aggregation.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.profile import Unranked


def read_rankcsv(text: str, unranked: Unranked) -> Profile:
    r"""The profile of a table of ranks: 1 = best, equal numbers are ties, empty or 0 is unranked.

    A first column `participant` or `id` is a label; columns `side` and `group` sort the ballots; `weight` is how many
    ballots a row stands for; a column `round` must say the same in every row; every other column is an item.
    "cannot_judge" is unranked. Cells are separated by commas, semicolons or tabs, as the header is.

    Raises
    ------
    FormatError
        Naming the line and the column.

    Examples
    --------
    >>> read_rankcsv("participant,side,a,b\nann,lived,1,2\nbob,staff,2,\n", "last").ranks
    array([[1, 2],
           [2, 0]], dtype=uint8)
    """
    table = Table(text, weighted=True)
    ranks = table.numbers(_rank, "H")
    with refusing_as_file():
        return Profile.from_ranks(ranks, table.names, unranked=unranked, **table.labels)


def _rank(cell: str) -> int:
    if cell.lower() in {*NOTHING, CANNOT_JUDGE}:
        return 0
    value = float_of(cell)
    if not (0 <= value <= WORST_RANK and value == int(value)):
        raise ValueError(f"a rank is a whole number from 1 (best) to {WORST_RANK}, or empty, not {short(cell)!r}")
    return int(value)


def write_rankcsv(profile: Profile) -> str:
    r"""The ballots as a table that `read_rankcsv` reads back: same items, ranks, weights, sides and groups.

    Labels (`names`), shares and what `unranked` means are no part of the format. A cell may begin with "=" or "+":
    the table is for programs; a spreadsheet may take such a cell for a formula.

    Raises
    ------
    FormatError
        If an id, side or group has white space around it, or an id is the name of a label column.

    Examples
    --------
    >>> write_rankcsv(Profile(ranks=[[1, 0], [2, 1]], items=["a", "b"], unranked="last"))
    '"a","b"\r\n1,\r\n2,1\r\n'
    """
    labels = _labels_of(profile)
    _check_ids(profile.items, first="id" if not labels else "")
    for name, column in labels.items():
        _check_labels(name, column)
    out = StringIO(newline="")
    # A quoted header cannot be mistaken for one with another separator.
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([*labels, *profile.items])
    rows = csv.writer(out)
    for row, ranks in enumerate(profile.ranks.tolist()):
        rows.writerow([*(column[row] for column in labels.values()), *(rank or "" for rank in ranks)])
    return out.getvalue()


def _labels_of(profile: Profile) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    if profile.strata is not None:
        labels["side"] = [profile.strata_names[code] for code in profile.strata]
    if profile.groups is not None:
        labels["group"] = [profile.group_names[code] for code in profile.groups]
    if profile.weights is not None:
        whole = are_whole(profile.weights)
        labels["weight"] = [str(int(weight)) if whole else f"{weight:.6f}" for weight in profile.weights]
    return labels


def _check_ids(items: Sequence[str], *, first: str) -> None:
    _check_labels("item", items)
    for place, item in enumerate(items):
        if item.lower() in COLUMNS or (first and place == 0 and item.lower() in LABELS):
            raise FormatError(f"an item named {item!r} would be read as a label; name it otherwise")


def _check_labels(what: str, labels: Sequence[str]) -> None:
    for label in labels:
        if label != label.strip() or "\0" in label:
            raise FormatError(f"the {what} {short(label)!r} has white space around it, which tables lose")
