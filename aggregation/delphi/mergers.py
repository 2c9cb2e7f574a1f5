"""Which groups of a side to put together, so that what they answered can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.visibility import visible_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

# A merging is proposed where all that it makes are visible in so many of 100 simulated rounds.
USUALLY = 80
# Of more groups than this the smallest are put together beforehand: the ways to divide them are too many to look at.
MOST_GROUPS = 7


@dataclass(frozen=True, slots=True)
class Merger:
    """A way to put the groups of a side together.

    `groups` are the new ones, each with the names of the groups it takes in; `people` how many are in each, and
    `chances` how often each can be shown.
    """

    side: str
    groups: tuple[tuple[str, ...], ...]
    people: tuple[int, ...]
    chances: tuple[float, ...]


def merger(
    side: str, sizes: Mapping[str, int], valid: NDArray[np.int64], shown: NDArray[np.bool_], *, k: int
) -> Merger | None:
    """The finest way to put groups together so that all of them are usually visible.

    Parameters
    ----------
    side : str
    sizes : mapping of group to int
        How many people each group has.
    valid : ndarray of int, shape (draws, n_groups)
        How many valid answers each has in simulated rounds.
    shown : ndarray of bool, shape (draws,)
        Whether sides are shown at all.
    k : int
        As for `visible_groups`.

    Returns
    -------
    Merger or None
        Of several with as many groups, the one whose least visible group is the most often visible, then the most
        even one. None where all groups are usually visible as they are, or no way of two or more groups makes all of
        them so.

    Examples
    --------
    >>> everybody = np.array([[8, 7, 4]])
    >>> merger("lived", {"patients": 8, "carers": 7, "parents": 4}, everybody, np.array([True]), k=5).groups
    (('patients',), ('carers', 'parents'))
    """
    names = list(sizes)
    columns: list[tuple[int, ...]] = [(place,) for place in range(len(names))]
    if 100 * min(_chances(columns, valid, shown, k)) >= USUALLY:
        return None
    while len(columns) > MOST_GROUPS:
        columns.sort(key=lambda each: -sum(sizes[names[place]] for place in each))
        columns[-2:] = [columns[-2] + columns[-1]]
    ways = []
    for parts in _partitions(columns):
        groups = tuple(tuple(names[i] for i in part) for part in parts)
        people = tuple(sum(sizes[name] for name in group) for group in groups)
        chances = _chances(parts, valid, shown, k)
        if len(parts) > 1 and 100 * min(chances) >= USUALLY:
            ways.append((len(parts), min(chances), -max(people), Merger(side, groups, people, chances)))
    best = max(ways, key=lambda way: way[:3], default=None)
    return None if best is None else best[-1]


def _chances(
    parts: list[tuple[int, ...]], valid: NDArray[np.int64], shown: NDArray[np.bool_], k: int
) -> tuple[float, ...]:
    together = np.stack([valid[:, list(part)].sum(axis=1) for part in parts], axis=1)
    seen = visible_groups(together, k=k) & shown[:, None]
    return tuple(float(each) for each in seen.mean(axis=0))


def _partitions(columns: list[tuple[int, ...]]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to put the columns together, the finest first."""
    if not columns:
        yield []
        return
    first, *rest = columns
    for parts in _partitions(rest):
        yield [first, *parts]
        for place, part in enumerate(parts):
            yield [tuple(sorted(first + part)), *parts[:place], *parts[place + 1 :]]
