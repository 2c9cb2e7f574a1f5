"""Two rounds of the same people, each in a file of its own, brought side by side by the participant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aggregation import AggregationError, Ratings
from aggregation.formats.ratingcsv import participants_of, read_ratingcsv
from aggregation.formats.tables import NOBODY
from aggregation.formats.text import short, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


def two_rounds(before: str, after: str) -> tuple[Ratings, Ratings]:
    """The ratings of two files, row by row the same people, over the questions that are in both.

    Everybody who is in one of them has a row in each; sides and groups are those of the later file, or else of the
    earlier. Refuses a file without participants, rounds without a common question or person, and somebody who
    changed sides.
    """
    try:
        earliest = _Round(before)
    except AggregationError as wrong:
        raise AggregationError(f"{before}: {wrong}") from wrong
    rounds = [earliest, _Round(after)]
    items = [item for item in rounds[1].ratings.items if item in rounds[0].ratings.items]
    people = list(dict.fromkeys([*rounds[1].rows, *rounds[0].rows]))
    if not items:
        raise AggregationError(f"no question is in {before} too")
    if not rounds[0].rows.keys() & rounds[1].rows.keys():
        raise AggregationError(f"nobody is in {before} too")
    sides, groups = (_label(rounds, people, what) for what in ("side", "group"))
    earlier, later = (each.of(people, items, sides, groups) for each in rounds)
    return earlier, later


class _Round:
    """One file: its ratings, and the row of each participant."""

    def __init__(self, path: str) -> None:
        text = text_of(Path(path))
        self.ratings = read_ratingcsv(text)
        people = participants_of(text)
        if people is None:
            raise AggregationError("there is no first column `participant` by which to find people again")
        if "" in people:
            raise AggregationError(f"row {people.index('') + 1} names no participant")
        self.rows = {person: row for row, person in enumerate(people)}

    def labels(self, what: str) -> Mapping[str, str]:
        """The side or the group of each participant; empty where the file tells none."""
        ratings = self.ratings
        codes, names = {
            "side": (ratings.strata, ratings.strata_names),
            "group": (ratings.groups, ratings.group_names),
        }[what]
        return {} if codes is None else {person: names[codes[row]] for person, row in self.rows.items()}

    def of(
        self, people: Sequence[str], items: Sequence[str], sides: Sequence[str] | None, groups: Sequence[str] | None
    ) -> Ratings:
        """What these people answered to these questions, nothing where they are not in the file."""
        columns = [self.ratings.items.index(item) for item in items]
        rows = np.array([self.rows.get(person, -1) for person in people])
        silent = np.zeros(self.ratings.values.shape, dtype=bool)
        cannot = silent if self.ratings.cannot_judge is None else self.ratings.cannot_judge
        return Ratings.from_values(
            _picked(self.ratings.values, rows, columns, np.nan),
            items,
            cannot_judge=_picked(cannot, rows, columns, fill=False),
            sides=sides,
            groups=groups,
        )


def _picked(
    cells: NDArray[np.generic], rows: NDArray[np.int64], columns: list[int], fill: float
) -> NDArray[np.generic]:
    """Rows and columns of a table; a row that is -1 holds `fill`."""
    return np.where((rows < 0)[:, None], np.array(fill, dtype=cells.dtype), cells[rows][:, columns])


def _label(rounds: Sequence[_Round], people: Sequence[str], what: str) -> list[str] | None:
    earlier, later = (each.labels(what) for each in rounds)
    if not earlier and not later:
        return None
    for person in people:
        if earlier.get(person, NOBODY) != later.get(person, NOBODY) and person in earlier and person in later:
            raise AggregationError(
                f"participant {short(person)!r} is of the {what} {earlier[person]!r} in one round and of "
                f"{later[person]!r} in the other"
            )
    found = {**earlier, **later}
    missing = [person for person in people if person not in found]
    if missing and what == "side":
        raise AggregationError(f"no file names the side of participant {short(missing[0])!r}")
    return [found.get(person, NOBODY) for person in people]
