"""PrefLib files of orders: soc, soi, toc, toi and cat.

References
----------
N. Mattei, T. Walsh, PrefLib: a library for preferences, Algorithmic Decision Theory 2013; preflib.org/format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import FormatError, ProfileError
from aggregation.profile import Profile

if TYPE_CHECKING:
    from aggregation.profile import Unranked

Order = tuple[tuple[str, ...], ...]

# What each data type allows: ties, and leaving alternatives out.
TYPES = {"soc": (False, False), "soi": (False, True), "toc": (True, False), "toi": (True, True), "cat": (True, True)}

_FIELD = re.compile(r"#\s*([^:]+?)\s*:\s*(.*?)\s*$")
_NAME = re.compile(r"ALTERNATIVE NAME\s+(\S+)$")
_BALLOT = re.compile(r"\s*(\d+)\s*:(.*)$", re.DOTALL)
_TIER = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]+))\s*(?:,|$)")


@dataclass(slots=True)
class _Draft:
    fields: dict[str, tuple[int, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    orders: dict[Order, int] = field(default_factory=dict)
    lines: dict[Order, int] = field(default_factory=dict)


def read_preflib(text: str, unranked: Unranked) -> Profile:
    r"""The profile of a PrefLib file: a row an order, its count as weight, ids and names as the file has them.

    Raises
    ------
    FormatError
        Naming the line: an order that is malformed, listed twice, names an alternative twice or one the header
        does not declare, or is not of the file's data type; a header that does not fit what follows.

    Examples
    --------
    >>> text = "# DATA TYPE: soi\n# ALTERNATIVE NAME 1: Bread\n# ALTERNATIVE NAME 2: Milk\n3: 1,2\n1: 2\n"
    >>> profile = read_preflib(text, "last")
    >>> profile.items, profile.names, profile.ranks.tolist(), profile.weights
    (('1', '2'), ('Bread', 'Milk'), [[1, 2], [0, 1]], array([3., 1.]))
    """
    draft = _Draft()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("#"):
            _read_field(draft, number, line)
        elif line.strip():
            _read_ballot(draft, number, line)
    _check_header(draft)
    items = list(draft.names)
    ranks = np.zeros((len(draft.orders), len(items)), dtype=np.int64)
    column = {item: i for i, item in enumerate(items)}
    for row, order in enumerate(draft.orders):
        for rank, tier in enumerate(order, start=1):
            ranks[row, [column[item] for item in tier]] = rank
    try:
        return Profile.from_ranks(
            ranks, items, unranked=unranked, names=list(draft.names.values()), weights=list(draft.orders.values())
        )
    except ProfileError as wrong:
        raise FormatError(str(wrong)) from wrong


def _read_field(draft: _Draft, number: int, line: str) -> None:
    match = _FIELD.match(line)
    if not match:
        return
    key, value = match[1].upper(), match[2]
    name = _NAME.match(key)
    if not name:
        draft.fields.setdefault(key, (number, value))
        return
    if draft.orders:
        raise FormatError("alternatives are declared before the orders", line=number)
    if name[1] in draft.names:
        raise FormatError(f"alternative {name[1]} is declared twice", line=number)
    draft.names[name[1]] = value or name[1]


def _read_ballot(draft: _Draft, number: int, line: str) -> None:
    match = _BALLOT.match(line)
    if not match:
        raise FormatError(f'an order is written "count: 2,1,{{3,4}}", not {line.strip()[:60]!r}', line=number)
    if not draft.names:
        raise FormatError("orders come after the header, which must declare the alternatives", line=number)
    count = int(match[1])
    if count < 1:
        raise FormatError("an order is counted at least once", line=number)
    order = _order_of(match[2], number)
    _check_order(draft, order, number)
    draft.orders[order] = count
    draft.lines[order] = number


def _order_of(text: str, number: int) -> Order:
    """The tiers of an order; an empty category `{}` is an empty tier, so that categories keep their numbers."""
    tiers: list[tuple[str, ...]] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = _TIER.match(text, place)
        if not match:
            raise FormatError(f"this cannot be read as an order: {text[place : place + 40]!r}", line=number)
        tier = [each.strip() for each in (match[1] if match[2] is None else match[2]).split(",")]
        if tier == [""] and match[2] is None:
            tier = []
        if "" in tier:
            raise FormatError("an alternative is missing between two commas", line=number)
        tiers.append(tuple(tier))
        place = match.end()
    return tuple(tiers)


def _check_order(draft: _Draft, order: Order, number: int) -> None:
    seen: set[str] = set()
    for item in (item for tier in order for item in tier):
        if item not in draft.names:
            raise FormatError(f"alternative {item} is not declared in the header", line=number)
        if item in seen:
            raise FormatError(f"alternative {item} is named twice", line=number)
        seen.add(item)
    if order in draft.orders:
        raise FormatError(f"this order is already on line {draft.lines[order]}", line=number)
    ties, gaps = TYPES.get(draft.fields.get("DATA TYPE", (0, ""))[1].lower(), (True, True))
    if not ties and any(len(tier) > 1 for tier in order):
        raise FormatError("the data type of this file allows no ties", line=number)
    if not gaps and len(seen) < len(draft.names):
        raise FormatError("the data type of this file wants every alternative in every order", line=number)


def _check_header(draft: _Draft) -> None:
    line, kind = draft.fields.get("DATA TYPE", (None, ""))
    if kind.lower() not in TYPES:
        raise FormatError(f"the data type must be one of {', '.join(TYPES)}, not {kind!r}", line=line)
    if not draft.orders:
        raise FormatError("the file has no orders")
    for key, found in (
        ("NUMBER ALTERNATIVES", len(draft.names)),
        ("NUMBER VOTERS", sum(draft.orders.values())),
        ("NUMBER UNIQUE ORDERS", len(draft.orders)),
    ):
        line, declared = draft.fields.get(key, (None, str(found)))
        if declared != str(found):
            raise FormatError(f"{key.lower()} is given as {declared}, but the file has {found}", line=line)
