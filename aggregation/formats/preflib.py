"""PrefLib files of orders: soc, soi, toc, toi and cat are read, all but cat written.

References
----------
N. Mattei, T. Walsh, PrefLib: a library for preferences, Algorithmic Decision Theory 2013; preflib.org/format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aggregation.checks import are_whole
from aggregation.errors import FormatError
from aggregation.formats.ballots import Ballots
from aggregation.formats.text import count_of, lines_of, refusing_as_file, short

if TYPE_CHECKING:
    from aggregation.formats.ballots import Order
    from aggregation.profile import Profile, Unranked

# What each data type allows: ties, and leaving alternatives out.
TYPES = {"soc": (False, False), "soi": (False, True), "toc": (True, False), "toi": (True, True), "cat": (True, True)}

NAME, ID = "ALTERNATIVE NAME ", "ALTERNATIVE ID "

# A tie, an alternative, or a mark that belongs to neither.
_PIECE = re.compile(r"\{[^{}]*\}|[^{},]+|.")

_UNBROKEN = re.compile(r"[^\r\n\0]*")


@dataclass(slots=True)
class _Draft:
    """What the lines so far say; `orders` holds where each order was first seen."""

    fields: dict[str, tuple[int, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    orders: dict[Order, int] = field(default_factory=dict)
    voters: int = 0

    def has(self, item: str) -> bool:
        return item in self.names


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
    ballots = Ballots(draft.has)
    for number, line in lines_of(text):
        if line.startswith("#"):
            _read_field(draft, number, line)
        elif line.strip():
            _read_ballot(draft, ballots, number, line)
    _check_header(draft)
    profile = ballots.profile(unranked, items=list(draft.names), names=list(draft.names.values()))
    with refusing_as_file():
        return profile.replace(items=[draft.ids.get(item, item) for item in profile.items])


def _read_field(draft: _Draft, number: int, line: str) -> None:
    key, colon, value = line[1:].partition(":")
    key, value = " ".join(key.split()).upper(), value.strip()
    if not colon:
        return
    for begin, declared in ((NAME, draft.names), (ID, draft.ids)):
        if key.startswith(begin) and " " not in key.removeprefix(begin):
            _declare(draft, declared, key.removeprefix(begin), value, number)
            return
    draft.fields.setdefault(key, (number, value))


def _declare(draft: _Draft, declared: dict[str, str], item: str, value: str, number: int) -> None:
    if draft.orders:
        raise FormatError("alternatives are declared before the orders", line=number)
    if item in declared:
        raise FormatError(f"alternative {short(item)} is declared twice", line=number)
    declared[item] = value or item


def _read_ballot(draft: _Draft, ballots: Ballots, number: int, line: str) -> None:
    count, colon, text = (part.strip() for part in line.partition(":"))
    if not colon or not count.isdigit():
        raise FormatError(f'an order is written "count: 2,1,{{3,4}}", not {short(line.strip())!r}', line=number)
    if not draft.names:
        raise FormatError("orders come after the header, which must declare the alternatives", line=number)
    weight = count_of(count, number)
    order = _order_of(text, number)
    ballots.add(order, number, weight)
    _check_order(draft, order, number)
    draft.orders[order] = number
    draft.voters += weight


def _order_of(text: str, number: int) -> Order:
    """The tiers of an order; an empty category `{}` is an empty tier, so that categories keep their numbers."""
    pieces = [piece for piece in map(str.strip, _PIECE.findall(text)) if piece]
    tiers, between = pieces[::2], pieces[1::2]
    if any(tier in {"{", "}", ","} for tier in tiers) or any(comma != "," for comma in between):
        raise FormatError(f"this cannot be read as an order: {short(text)!r}", line=number)
    return tuple(_tier_of(tier, number) for tier in tiers)


def _tier_of(text: str, number: int) -> tuple[str, ...]:
    if text[0] != "{":
        return (text,)
    inside = text[1:-1].strip()
    tier = tuple(item.strip() for item in inside.split(",")) if inside else ()
    if "" in tier:
        raise FormatError("an alternative is missing between two commas", line=number)
    return tier


def _check_order(draft: _Draft, order: Order, number: int) -> None:
    if order in draft.orders:
        raise FormatError(f"this order is already on line {draft.orders[order]}", line=number)
    ties, gaps = TYPES.get(draft.fields.get("DATA TYPE", (0, ""))[1].lower(), (True, True))
    if not ties and any(len(tier) > 1 for tier in order):
        raise FormatError("the data type of this file allows no ties", line=number)
    if not gaps and sum(map(len, order)) < len(draft.names):
        raise FormatError("the data type of this file wants every alternative in every order", line=number)


def _check_header(draft: _Draft) -> None:
    line, kind = draft.fields.get("DATA TYPE", (None, ""))
    if kind.lower() not in TYPES:
        raise FormatError(f"the data type must be one of {', '.join(TYPES)}, not {short(kind)!r}", line=line)
    if not draft.orders:
        raise FormatError("the file has no orders")
    for number in draft.ids:
        if number not in draft.names:
            raise FormatError(f"alternative {short(number)} is given an id, but no name")
    for key, found in (
        ("NUMBER ALTERNATIVES", len(draft.names)),
        ("NUMBER VOTERS", draft.voters),
        ("NUMBER UNIQUE ORDERS", len(draft.orders)),
    ):
        line, declared = draft.fields.get(key, (None, str(found)))
        if declared != str(found):
            raise FormatError(f"{key.lower()} is given as {short(declared)}, but the file has {found}", line=line)


def write_preflib(profile: Profile, kind: str | None = None) -> str:
    r"""The ballots as a PrefLib file that `read_preflib` reads back, equal ballots as one order.

    Ids that are whole numbers above 0 are the file's numbers; others are numbered from 1, with lines
    "ALTERNATIVE ID" (ours; other programs pass over them) from which reading gives them back. The order of ballots,
    gaps between ranks and what `unranked` means are no part of the format.

    Parameters
    ----------
    profile : Profile
        Without sides and groups, for which PrefLib has no place; with whole weights.
    kind : {"soc", "soi", "toc", "toi"}, optional
        The data type; when left out, the narrowest that holds the ballots.

    Raises
    ------
    FormatError
        If the profile is none of these, or a name has a line break or white space around it.

    Examples
    --------
    >>> from aggregation import Profile
    >>> print(write_preflib(Profile(ranks=[[1, 2], [1, 2]], items=["1", "2"], unranked="last")))
    # DATA TYPE: soc
    # NUMBER ALTERNATIVES: 2
    # NUMBER VOTERS: 2
    # NUMBER UNIQUE ORDERS: 1
    # ALTERNATIVE NAME 1: 1
    # ALTERNATIVE NAME 2: 2
    2: 1,2
    <BLANKLINE>
    """
    if profile.strata is not None or profile.groups is not None:
        raise FormatError("PrefLib has no place for sides and groups; write rankcsv, or `pooled()` ballots")
    if not are_whole(profile.weights):
        raise FormatError("PrefLib counts ballots in whole numbers; these have weights that are none")
    ballots = profile.compress()
    numbers = _numbers(profile.items)
    header = {
        "DATA TYPE": _kind_of(ballots, kind),
        "NUMBER ALTERNATIVES": profile.n_items,
        "NUMBER VOTERS": int(ballots.counts.sum()),
        "NUMBER UNIQUE ORDERS": ballots.n_ballots,
    } | {NAME + number: name or item for number, name, item in zip(numbers, profile.names, profile.items, strict=True)}
    if tuple(numbers) != profile.items:
        header |= {ID + number: item for number, item in zip(numbers, profile.items, strict=True)}
    for value in header.values():
        _check_value(str(value))
    lines = [f"# {key}: {value}" for key, value in header.items()]
    lines += [
        f"{count}: {_order_text(ranks, numbers)}".rstrip()
        for ranks, count in zip(ballots.ranks.tolist(), ballots.counts.tolist(), strict=True)
    ]
    return "\n".join([*lines, ""])


def _numbers(items: tuple[str, ...]) -> list[str]:
    if all(re.fullmatch("[1-9][0-9]*", item) for item in items):
        return list(items)
    return [str(place) for place in range(1, len(items) + 1)]


def _kind_of(ballots: Profile, kind: str | None) -> str:
    """The data type; refuses one that cannot hold the ballots."""
    ties = any(len(set(ranked)) < len(ranked) for row in ballots.ranks.tolist() if (ranked := [r for r in row if r]))
    gaps = not ballots.ranks.all()
    found = ("t" if ties else "s") + "o" + ("i" if gaps else "c")
    kind = kind or found
    if kind not in TYPES or kind == "cat":
        raise FormatError(f"PrefLib is written as soc, soi, toc or toi, not {kind!r}")
    may_tie, may_leave_out = TYPES[kind]
    if (ties and not may_tie) or (gaps and not may_leave_out):
        raise FormatError(f"these ballots are {found}; {kind} cannot hold them")
    return kind


def _check_value(value: str) -> None:
    if value != value.strip() or not _UNBROKEN.fullmatch(value):
        raise FormatError(f"PrefLib cannot hold {short(value)!r}: a line break, or white space around it")


def _order_text(ranks: list[int], numbers: list[str]) -> str:
    tiers: dict[int, list[str]] = {}
    for rank, number in sorted(zip(ranks, numbers, strict=True), key=lambda each: each[0]):
        if rank:
            tiers.setdefault(rank, []).append(number)
    return ",".join(tier[0] if len(tier) == 1 else "{" + ",".join(tier) + "}" for tier in tiers.values())
