"""What those who answer may see of others' answers to a question, so that nobody can be worked out.

Sides come first: each is shown where every side has at least `k` valid answers, else only the whole panel, if it has
`k`. Beside a side stand its groups with `k` valid answers, unless subtracting what is shown from the side would leave
one to k - 1 people; then the next smallest group is left out as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]
Names = Mapping[str, tuple[str, Mapping[str, str]]]
FEW, SUBTRACTION = "few", "subtraction"
UNANIMOUS_BELOW = 10
EMPTY: Body = {"n": 0, "histogram": [0] * 9, "median": None, "high": 0}


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


def shown(question: Mapping[str, Any], sides: Names, *, k: int = 5) -> Body:
    """The rows of one question that may be shown, and what is hidden and why.

    `question` has the cells `whole`, `sides` and `groups`; a side or group without a cell has no answers. `sides` gives
    each side's name and the names of its groups, in the order in which they are drawn.
    """
    parts = [Part("side", key, name, question["sides"].get(key, EMPTY)) for key, (name, _groups) in sides.items()]
    if any(side.n < k for side in parts):
        return _only_the_whole(Part("whole", "whole", "", question["whole"]), parts, k)
    rows, hidden = [_row(side) for side in parts], []
    for side in parts:
        groups = [
            Part("group", key, name, question["groups"].get(key, EMPTY)) for key, name in sides[side.key][1].items()
        ]
        kept = visible_groups(side.n, {group.key: group.n for group in groups}, k=k)
        rows += [_row(group) for group in groups if group.key in kept]
        hidden += [_hidden(group, k) for group in groups if group.key not in kept]
    return {"rows": rows, "hidden": hidden}


def visible_groups(side: int, groups: Mapping[str, int], *, k: int = 5) -> set[str]:
    """The groups of a side of `side` valid answers that may be shown beside it; `groups` has the n of each."""
    kept = {key: n for key, n in groups.items() if n >= k and not _reveals(side - n, k)}
    for smallest in sorted(kept, key=kept.__getitem__):
        if _reveals(side - sum(kept.values()), k):
            del kept[smallest]
    return set(kept)


def _reveals(rest: int, k: int) -> bool:
    """Whether so many people, found by subtraction, are few enough to be worked out."""
    return 0 < rest < k


def _only_the_whole(whole: Part, sides: list[Part], k: int) -> Body:
    rows = [_row(whole)] if whole.n >= k else []
    return {"rows": rows, "hidden": [_hidden(side, k) for side in sides]}


def _row(part: Part) -> Body:
    """A row to show. Where fewer than ten all gave the same answer it says the band alone."""
    histogram = list(part.cell["histogram"])
    alike = part.n < UNANIMOUS_BELOW and part.n in histogram
    return {
        "kind": part.kind,
        "key": part.key,
        "name": part.name,
        "n": part.n,
        "histogram": None if alike else histogram,
        "median": None if alike else part.cell["median"],
        "bands": [sum(histogram[start : start + 3]) for start in (0, 3, 6)],
        "high": sum(histogram[6:]),
    }


def _hidden(part: Part, k: int) -> Body:
    return {"kind": part.kind, "key": part.key, "name": part.name, "why": FEW if part.n < k else SUBTRACTION}
