"""Aggregated Ballot Information Format (.abif): names of candidates, and a line for each kind of ballot.

References
----------
R. Lanphier and others, ABIF - Aggregated Ballot Information Format, grammar 0.31.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from aggregation.errors import FormatError
from aggregation.formats.ballots import Ballots
from aggregation.formats.text import count_of, lines_of, score_of, short

if TYPE_CHECKING:
    from fractions import Fraction

    from aggregation.formats.ballots import Order
    from aggregation.profile import Profile, Unranked

    Entry = tuple[str, Fraction | None]

# A name in brackets or quotes, a separator, a comment, a bare name, or a sign that belongs to none of them.
_PIECE = re.compile(r'\[[^\[\]]*\]|"[^"]*"|[>=,/]|#.*|[^\[\]">=,/#]+|.')
_SEPARATORS = frozenset(">=,")
_RESERVED = frozenset('[]">=,/:*{}')


def read_abif(text: str, unranked: Unranked) -> Profile:
    r"""The profile of an ABIF file: a row a ballot line; ids are the candidates' tokens, names what they stand for.

    "=Ann:[Ann Lee]" declares a candidate; where a file declares none, its ballots do. "12: Ann>Bob=Cy" puts in
    order; "12: Ann/5, Bob/3" scores, higher is better, equal scores are ties. Scores in an order must agree with it.
    "12:" is a blank ballot. Metadata ("{...}") and comments are passed over.

    Raises
    ------
    FormatError
        Naming the line: a candidate who is not declared or is named twice, scores that contradict the order, commas
        between candidates without scores or inside a name (they could mean either), a line of no known kind.

    Examples
    --------
    >>> profile = read_abif("=A:[Ann Lee]\n=B:[Bob]\n5:B>A\n4: A/5, B/5\n", "last")
    >>> profile.items, profile.names, profile.ranks.tolist(), profile.weights
    (('A', 'B'), ('Ann Lee', 'Bob'), [[2, 1], [1, 1]], array([5., 4.]))
    """
    lines = [(number, line.strip()) for number, line in lines_of(text)]
    names = _declared(lines)
    once = {name for name, times in Counter(names.values()).items() if times == 1}
    tokens = {name: token for token, name in names.items() if name in once}
    ballots = Ballots(names.__contains__ if names else None)
    for number, line in lines:
        if not line or line[0] in "#=" or (line[0] == "{" and "}" in line):
            continue
        count, colon, order = line.partition(":")
        if not colon or not count.strip().isdigit():
            raise FormatError(f'a ballot is written "12: Ann>Bob", not {short(line)!r}', line=number)
        ballots.add(_order_of(order, tokens, number), number, count_of(count.strip(), number))
    return ballots.profile(unranked, items=list(names) or None, names=list(names.values()))


def _declared(lines: list[tuple[int, str]]) -> dict[str, str]:
    """What each token stands for; refuses one declared twice."""
    names: dict[str, str] = {}
    for number, line in lines:
        if not line.startswith("="):
            continue
        token, colon, name = line[1:].partition(":")
        token = _bare(token.strip(), number)
        name = _unquoted(name.strip())
        if not colon or not name:
            raise FormatError('a candidate is declared "=Ann:[Ann Lee]"', line=number)
        if token in names:
            raise FormatError(f"candidate {short(token)} is declared twice", line=number)
        names[token] = name
    return names


def _order_of(text: str, tokens: dict[str, str], number: int) -> Order:
    pieces = [piece for piece in map(str.strip, _PIECE.findall(text)) if piece and piece[0] != "#"]
    if not pieces:
        return ()
    entries, separators = _entries(pieces, tokens, number)
    if "," in separators or (len(entries) == 1 and entries[0][1] is not None):
        return _by_score(entries, separators, number)
    order = [[entries[0]]]
    for entry, separator in zip(entries[1:], separators, strict=True):
        _check_score(order[-1][-1], entry, separator, number)
        if separator == ">":
            order.append([])
        order[-1].append(entry)
    return tuple(tuple(item for item, _ in tier) for tier in order)


def _entries(pieces: list[str], tokens: dict[str, str], number: int) -> tuple[list[Entry], list[str]]:
    """The candidates with their scores (None = none), and the separators between them."""
    entries: list[Entry] = []
    separators: list[str] = []
    rest = iter(pieces)
    for piece in rest:
        unquoted = _unquoted(piece)
        item = tokens[unquoted] if unquoted != piece and unquoted in tokens else _bare(piece, number)
        separator = next(rest, None)
        score = None
        if separator == "/":
            score, separator = score_of(next(rest, ""), number), next(rest, None)
        entries.append((item, score))
        if separator is None:
            return entries, separators
        if separator not in _SEPARATORS:
            raise FormatError(f"candidates are separated by > = or commas, not {short(separator)!r}", line=number)
        separators.append(separator)
    raise FormatError("a candidate is missing at the end", line=number)


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if len(text) > 1 and text[0] + text[-1] in {"[]", '""'} else text


def _bare(piece: str, number: int) -> str:
    """A candidate without brackets or quotes; refuses what could be more than one, or none."""
    name = _unquoted(piece)
    if not name or not _RESERVED.isdisjoint(name):
        raise FormatError(f"this cannot be read as one candidate: {short(piece)!r}", line=number)
    return name


def _by_score(entries: list[Entry], separators: list[str], number: int) -> Order:
    scored = [(score, item) for item, score in entries if score is not None]
    if len(scored) < len(entries) or not set(separators) <= {","}:
        raise FormatError("commas separate candidates each of whom has a score, Ann/5, Bob/3", line=number)
    scored.sort(key=lambda each: each[0], reverse=True)
    return tuple(tuple(item for _, item in tier) for _, tier in groupby(scored, key=lambda each: each[0]))


def _check_score(before: Entry, after: Entry, separator: str, number: int) -> None:
    if before[1] is None or after[1] is None:
        return
    if before[1] < after[1] or (separator == "=" and before[1] != after[1]):
        raise FormatError(f"the scores of {short(before[0])} and {short(after[0])} contradict their order", line=number)
