"""Sets of items as leximin compares them: by what they give each group, the worst off first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    # A row a group, a column an item, in whole numbers: what the item adds to the group's satisfaction.
    Table = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Found:
    """A set of columns; how many are as good (None = not known); columns that some but not all of these hold; how."""

    chosen: tuple[int, ...]
    equal: int | None
    contested: tuple[int, ...]
    method: str


def ascending(table: Table, chosen: Sequence[int]) -> list[int]:
    """What a set gives each group, the worst off first; the larger list, read from its start, is the better set."""
    return sorted(sum(row[item] for item in chosen) for row in table)
