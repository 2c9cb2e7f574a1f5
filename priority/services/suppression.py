"""What those who answer may see of others' answers to a question, so that nobody can be worked out.

Sides come first: each is shown where every side has at least `k` valid answers, else only the whole panel, if it has
`k`. Beside a side stand its groups with `k` valid answers, unless subtracting what is shown from the side would leave
one to k - 1 people; then the next smallest group is left out as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aggregation import delphi
from priority.queries.rules import LEAST
from priority.services.ballot_types.scales import NINE

if TYPE_CHECKING:
    from priority.services.ballot_types.scales import Scale

Body = dict[str, Any]
Names = Mapping[str, tuple[str, Mapping[str, str]]]
FEW, SUBTRACTION = "few", "subtraction"
UNANIMOUS_BELOW = 10
WHOLE, SIDE, GROUP = "whole", "side", "group"


@dataclass(frozen=True, slots=True)
class Part:
    """A side, a group or the whole panel, with its cell of one question."""

    kind: str
    key: str
    name: str
    cell: Mapping[str, Any]

    @property
    def n(self) -> int:
        """How many valid answers there are."""
        return int(self.cell["n"])


@dataclass(frozen=True, slots=True)
class Told:
    """Which parts of the panel may be told, as (kind, key), and what is hidden, as (kind, key, why).

    The panel as a whole is told where its `k` are together; its key is its kind.
    """

    parts: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str, str], ...]

    def __contains__(self, part: tuple[str, str]) -> bool:
        return part in self.parts

    @property
    def sides(self) -> bool:
        """Whether the sides may be told apart."""
        return any(kind == SIDE for kind, _key in self.parts)


def told(sides: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int], *, k: int = LEAST) -> Told:
    """What may be told of people who are `sizes` many in each side, and in each group of it as `sides` says."""
    if any(sizes[side] < k for side in sides):
        return _told_as_one(sides, sizes, k)
    parts, hidden = [(WHOLE, WHOLE), *((SIDE, side) for side in sides)], []
    for side, groups in sides.items():
        kept = visible_groups(sizes[side], groups, k=k)
        parts += [(GROUP, group) for group in groups if group in kept]
        hidden += [(GROUP, group, _why(n, k)) for group, n in groups.items() if group not in kept]
    return Told(tuple(parts), tuple(hidden))


def _told_as_one(sides: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int], k: int) -> Told:
    """Everybody together where they are enough; no side, for the small one would follow, and no group."""
    hidden = [(SIDE, side, _why(sizes[side], k)) for side in sides]
    hidden += [(GROUP, group, _why(n, k)) for groups in sides.values() for group, n in groups.items()]
    if sum(sizes.values()) >= k:
        return Told(((WHOLE, WHOLE),), tuple(hidden))
    return Told((), ((WHOLE, WHOLE, FEW), *hidden))


def shown(question: Mapping[str, Any], sides: Names, *, k: int = LEAST, scale: Scale = NINE) -> Body:
    """The rows of one question that may be shown, and what is hidden and why.

    `question` has the cells `whole`, `sides` and `groups`; a side or group without a cell has no answers. `sides` gives
    each side's name and the names of its groups, in the order in which they are drawn.
    """
    empty = {"n": 0, "histogram": [0] * len(scale.values), "median": None}
    parts = [Part(SIDE, key, name, question["sides"].get(key, empty)) for key, (name, _groups) in sides.items()]
    if any(side.n < k for side in parts):
        return _only_the_whole(Part(WHOLE, WHOLE, "", question["whole"]), parts, k, scale)
    rows, hidden = [_row(side, scale) for side in parts], []
    for side in parts:
        groups = [
            Part(GROUP, key, name, question["groups"].get(key, empty)) for key, name in sides[side.key][1].items()
        ]
        kept = visible_groups(side.n, {group.key: group.n for group in groups}, k=k)
        rows += [_row(group, scale) for group in groups if group.key in kept]
        hidden += [_hidden(group, k) for group in groups if group.key not in kept]
    return {"rows": rows, "hidden": hidden}


def visible_groups(side: int, groups: Mapping[str, int], *, k: int = LEAST) -> set[str]:
    """The groups of a side of `side` valid answers that may be shown beside it; `groups` has the n of each."""
    shown = delphi.visible_groups([list(groups.values())], k=k, side=[side])[0]
    return {key for key, may in zip(groups, shown, strict=True) if may}


def _only_the_whole(whole: Part, sides: Sequence[Part], k: int, scale: Scale) -> Body:
    rows = [_row(whole, scale)] if whole.n >= k else []
    return {"rows": rows, "hidden": [_hidden(side, k) for side in sides]}


def _row(part: Part, scale: Scale) -> Body:
    """A row to show. Where fewer than ten all gave the same answer it says the band alone."""
    histogram = list(part.cell["histogram"])
    alike = part.n < UNANIMOUS_BELOW and part.n in histogram
    bands = _bands(histogram, scale)
    return {
        "kind": part.kind,
        "key": part.key,
        "name": part.name,
        "n": part.n,
        "histogram": None if alike else histogram,
        "median": None if alike else part.cell["median"],
        "bands": bands,
        "high": bands[-1],
    }


def _bands(histogram: Sequence[int], scale: Scale) -> list[int]:
    """How many answers lie in the low, the middle and the high band; the three answers to a criterion are its bands."""
    if not scale.high:
        return list(histogram)
    low, high = len(scale.low), len(histogram) - len(scale.high)
    return [sum(histogram[:low]), sum(histogram[low:high]), sum(histogram[high:])]


def _hidden(part: Part, k: int) -> Body:
    return {"kind": part.kind, "key": part.key, "name": part.name, "why": _why(part.n, k)}


def _why(n: int, k: int) -> str:
    return FEW if n < k else SUBTRACTION
