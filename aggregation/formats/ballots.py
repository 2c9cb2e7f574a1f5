"""Orders as they are read from a file, line by line, until they are a profile."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.checks import WORST_RANK
from aggregation.errors import FormatError
from aggregation.formats.text import refusing_as_file, short
from aggregation.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from fractions import Fraction

    from aggregation.profile import Unranked

Order = tuple[tuple[str, ...], ...]

# A few bytes can name a hundred thousand alternatives, a few more as many ballots; their table would fill any memory.
MOST_CELLS = 100_000_000


def undeclared(item: str, line: int) -> FormatError:
    """The refusal of an alternative that a file does not declare, or of nothing where one should be."""
    if not item:
        return FormatError("an alternative is missing", line=line)
    return FormatError(f"alternative {short(item)} is not declared in this file", line=line)


class Ballots:
    """Ballots gathered from a file; refuses an item that is not declared or that a ballot names twice.

    Parameters
    ----------
    is_declared : callable, optional
        Whether the file declares an id. When left out, the ballots declare what they name.
    dropped : collection of str, optional
        Ids that are no items; ballots close up where they stood.
    """

    def __init__(self, is_declared: Callable[[str], bool] | None = None, dropped: Collection[str] = ()) -> None:
        self._is_declared = is_declared
        self._dropped = dropped
        self._column: dict[str, int] = {}
        self._sizes, self._columns, self._ranks = array("Q"), array("Q"), array("H")
        self._weights: list[float] = []

    def add(self, order: Iterable[Sequence[str]], line: int, weight: int | Fraction = 1) -> None:
        """One ballot, best tier first; an empty tier is a place left empty."""
        columns: list[int] = []
        ranks: list[int] = []
        rank = 0
        for tier in order:
            if not tier or not self._dropped or any(item not in self._dropped for item in tier):
                rank += 1
            for item in tier:
                column = self._column.get(item)
                columns.append(self._declare(item, line) if column is None else column)
                ranks.append(rank)
        if len(set(columns)) < len(columns):
            twice = self.items[next(column for column, times in Counter(columns).items() if times > 1)]
            raise FormatError(f"alternative {short(twice)} is named twice", line=line)
        if rank > WORST_RANK:
            raise FormatError(f"an order has at most {WORST_RANK} places", line=line)
        self._columns.extend(columns)
        self._ranks.extend(ranks)
        self._sizes.append(len(columns))
        self._weights.append(float(weight))

    def _declare(self, item: str, line: int) -> int:
        if not item or (self._is_declared is not None and not self._is_declared(item)):
            raise undeclared(item, line)
        return self._column.setdefault(item, len(self._column))

    @property
    def items(self) -> tuple[str, ...]:
        """The ids that the ballots name, in the order in which they first do."""
        return tuple(self._column)

    def profile(
        self,
        unranked: Unranked,
        *,
        items: Sequence[str] | None = None,
        names: Sequence[str] = (),
        **labels: Any,
    ) -> Profile:
        """The ballots as a profile of `items` (those named, when left out), what else they name dropped.

        `labels` are `sides`, `groups`, and `weights` in place of those of `add`, as `Profile.from_ranks` takes them.
        """
        items = self.items if items is None else items
        if not self._weights:
            raise FormatError("the file has no ballots")
        if not items:
            raise FormatError("no ballot of this file names anything; there is nothing to rank")
        with refusing_as_file():
            return Profile.from_ranks(
                self._table(items),
                items,
                unranked=unranked,
                names=names,
                **({"weights": self._weights} | labels),
            )

    def _table(self, items: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
        n, m = len(self._weights), len(items)
        if n * m > MOST_CELLS:
            raise FormatError(f"{n} ballots of {m} alternatives are too many for one file; read them in parts")
        place = {item: column for column, item in enumerate(items)}
        column = np.array([place.get(item, -1) for item in self._column], dtype=np.int64)
        chosen = column[np.array(self._columns, dtype=np.int64)]
        kept = chosen >= 0
        ranks = np.zeros((n, m), dtype=np.uint16)
        rows = np.repeat(np.arange(n), np.array(self._sizes, dtype=np.int64))
        ranks[rows[kept], chosen[kept]] = np.array(self._ranks, dtype=np.uint16)[kept]
        return ranks
