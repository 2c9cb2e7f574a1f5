"""CSV files of orders: a row a ballot, a column a place, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.errors import FormatError
from aggregation.formats.ballots import Ballots
from aggregation.formats.tables import Table
from aggregation.formats.text import short

if TYPE_CHECKING:
    from aggregation.formats.ballots import Order
    from aggregation.profile import Profile, Unranked

TIE = "="


def read_ordercsv(text: str, unranked: Unranked) -> Profile:
    r"""The profile of a table of orders: each row names items, best first; the ballots declare what they name.

    The header names the label columns (`participant` or `id` first, `side`, `group`, `weight`, `round`, as in
    `read_rankcsv`) and then one column a place: 1, 2, 3 or any other names. Items that share a place stand in one
    cell, `a=b`. An empty cell is a place left empty; a row without items is a blank ballot. Items are in the order
    in which the file first names them.

    Raises
    ------
    FormatError
        Naming the line: a row of another length, an item named twice, a tie with nothing beside "="; and a header
        that names an item, for then the first ballot stands where the header should.

    Examples
    --------
    >>> profile = read_ordercsv("id,1st,2nd\n1,b,a=c\n2,a,\n", "last")
    >>> profile.items, profile.ranks.tolist()
    (('b', 'a', 'c'), [[1, 2, 2], [0, 1, 0]])
    """
    table = Table(text, weighted=True)
    ballots = Ballots()
    for line, cells in table.rows():
        ballots.add(_order_of(cells, line), line)
    _check_header(table, ballots.items)
    if not ballots.items:
        raise FormatError("no row of this file names an item")
    return ballots.profile(unranked, **table.labels)


def _order_of(cells: list[str], line: int) -> Order:
    tiers = []
    for cell in cells:
        tier = tuple(item.strip() for item in cell.split(TIE)) if cell else ()
        if "" in tier:
            raise FormatError(f'a tie is written "a=b", not {short(cell)!r}', line=line)
        tiers.append(tier)
    return tuple(tiers)


def _check_header(table: Table, items: tuple[str, ...]) -> None:
    if table.names == [str(place) for place in range(1, len(table.names) + 1)]:
        return
    for name in table.names:
        if name in items:
            raise FormatError(
                f"the header names the places (1, 2, 3), yet {short(name)!r} is also an item; is it missing?",
                line=table.line,
            )
