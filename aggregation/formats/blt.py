"""BLT files of STV elections, with what counting programs add: withdrawn candidates, ties, weights, tags.

References
----------
B. A. Wichmann, B. L. Meek, I. D. Hill; J. Lundell, droop (tags, ballot ids).
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from aggregation.errors import FormatError
from aggregation.formats.ballots import Ballots, undeclared
from aggregation.formats.numbered import Numbered
from aggregation.formats.text import count_of, lines_of, short, weight_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from aggregation.profile import Profile, Unranked

    Lines = Iterator[tuple[int, deque[str]]]

END, SKIPPED, TIE = "0", "-", "="
TAGS = ("tie", "nick", "droop", "withdrawn", "undeclared")

# White space, a comment, a quoted name, a tag, a ballot's id, a word, or a sign that belongs to none of them.
_PIECE = re.compile(r'\s+|#.*|/\*|"(?:[^"\\]|\\.|"")*"|\[[^\[\]]*\]|\([^()]*\)|[^\s"\[\]()#]+|.')
# Most lines: numbers alone.
_PLAIN = re.compile(r"[0-9 ]*")
_UNPAIRED = frozenset('"[]()')
_ESCAPED = re.compile(r'\\(["\\])|"(")')
_WITHDRAWN = re.compile(r"-[0-9]+")


@dataclass(slots=True)
class _Reading:
    candidates: Numbered
    ballots: Ballots = field(init=False)
    withdrawn: set[str] = field(default_factory=set)
    known: dict[str, str] = field(default_factory=dict)
    ballot_ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ballots = Ballots(self.candidates.has, dropped=self.withdrawn)

    def item(self, piece: str, line: int) -> str:
        """The number of the candidate whom a number or a nickname stands for."""
        item = self.known.get(piece)
        if item is None:
            if not self.candidates.has(piece):
                raise undeclared(piece, line)
            item = self.known[piece] = piece
        return item


def read_blt(text: str, unranked: Unranked) -> Profile:
    r"""The profile of a BLT file: a row a ballot line; ids are the candidates' numbers.

    Withdrawn candidates are no items, and ballots close up where they stood. `2=3` is a tie, `-` a place left empty,
    `1 0` a blank ballot; a line begins with its weight (3, 1.5 or 3/2, kept to six decimals) or with a ballot's id
    in parentheses, which counts once. Comments, seats, the title and what follows it are passed over. Of the tags,
    `[withdrawn 2]` and `[nick a b c]` are heeded; `[tie ...]`, `[droop ...]` and `[undeclared ...]`, which tell a
    counting program what to do, must be well formed and change nothing here.

    Raises
    ------
    FormatError
        Naming the line: a ballot without its closing 0, a candidate not declared or named twice, an unknown tag,
        another number of names than of candidates, everybody withdrawn.

    Examples
    --------
    >>> profile = read_blt('3 1\n-2\n4 2 1 3 0\n2 3=1 0\n0\n"Ann"\n"Bob"\n"Cy"\n"Title"\n', "last")
    >>> profile.items, profile.names, profile.ranks.tolist(), profile.weights
    (('1', '3'), ('Ann', 'Cy'), [[1, 2], [1, 1]], array([4., 2.]))
    """
    lines = _pieces_by_line(text)
    line, first = next(lines, (1, deque()))
    if len(first) < 2:
        raise FormatError("the first line has the number of candidates and of seats", line=line)
    reading = _Reading(Numbered.of(first.popleft(), line))
    count_of(first.popleft(), line, "seats")
    lines = _read_head(reading, chain([(line, first)], lines))
    lines = _read_ballots(reading, lines)
    names = _read_names(reading.candidates.n, lines)
    items = reading.candidates.items(len(names))
    kept = [place for place, item in enumerate(items) if item not in reading.withdrawn]
    if not kept:
        raise FormatError("every candidate is withdrawn")
    return reading.ballots.profile(
        unranked, items=[items[place] for place in kept], names=[names[place] for place in kept]
    )


def _pieces_by_line(text: str) -> Lines:
    """What stands on each line that is not empty, without comments; refuses one that is never closed."""
    opened = 0
    for number, line in lines_of(text):
        pieces: deque[str] = deque()
        place = 0
        if not opened and _PLAIN.fullmatch(line):
            pieces.extend(line.split())
            place = len(line)
        while place < len(line):
            if opened:
                end = line.find("*/", place)
                opened, place = (opened, len(line)) if end < 0 else (0, end + 2)
                continue
            piece = _PIECE.match(line, place)[0]  # type: ignore[index] # its last alternative matches anything
            place += len(piece)
            if piece == "/*":
                opened = number
            elif not piece.isspace() and piece[0] != "#":
                if piece in _UNPAIRED:
                    raise FormatError(f"this {piece} has no partner on its line", line=number)
                pieces.append(piece)
        if pieces:
            yield number, pieces
    if opened:
        raise FormatError("this comment is never closed", line=opened)


def _read_head(reading: _Reading, lines: Lines) -> Lines:
    """Reads withdrawn candidates and tags; gives the lines from the first ballot on."""
    for line, pieces in lines:
        while pieces and (pieces[0][0] == "[" or _WITHDRAWN.fullmatch(pieces[0])):
            piece = pieces.popleft()
            if piece[0] == "[":
                _read_tag(reading, piece[1:-1].split(), line)
            else:
                _withdraw(reading, [piece[1:]], line)
        if pieces:
            return chain([(line, pieces)], lines)
    return iter(())


def _read_tag(reading: _Reading, words: list[str], line: int) -> None:
    name, *rest = words or [""]
    if name == "nick":
        _read_nicks(reading, rest, line)
    elif name == "withdrawn":
        _withdraw(reading, rest, line)
    elif name in {"tie", "undeclared"}:
        items = [reading.item(word, line) for word in rest]
        if len(set(items)) < len(items) or (name == "tie" and len(items) < reading.candidates.n):
            raise FormatError(f"the tag [{name}] names each candidate once", line=line)
    elif name != "droop":
        raise FormatError(f"there is no tag {short(name)!r}; there are {', '.join(TAGS)}", line=line)


def _read_nicks(reading: _Reading, words: list[str], line: int) -> None:
    if len(words) != reading.candidates.n or len(set(words)) < len(words):
        raise FormatError("the tag [nick] names each candidate once", line=line)
    for number, word in enumerate(words, start=1):
        if TIE in word or word == SKIPPED or word.isdigit():
            raise FormatError(f"{short(word)!r} cannot be a nickname: ballots would be ambiguous", line=line)
        reading.known[word] = str(number)


def _withdraw(reading: _Reading, words: list[str], line: int) -> None:
    for word in words:
        item = reading.item(word, line)
        if item in reading.withdrawn:
            raise FormatError(f"candidate {short(word)} is withdrawn twice", line=line)
        reading.withdrawn.add(item)


def _read_ballots(reading: _Reading, lines: Lines) -> Lines:
    """Reads ballots up to the 0 that ends them; gives the lines from the first name on."""
    for line, pieces in lines:
        while pieces:
            first = pieces.popleft()
            if first == END:
                return chain([(line, pieces)], lines)
            _read_ballot(reading, first, pieces, line)
    raise FormatError("the ballots do not end with a line 0")


def _read_ballot(reading: _Reading, first: str, pieces: deque[str], line: int) -> None:
    weight: int | Fraction = 1
    if first[0] == '"':
        raise FormatError("a line 0 belongs between the ballots and the names", line=line)
    if first[0] == "(":
        if first in reading.ballot_ids:
            raise FormatError(f"there are two ballots {short(first)}", line=line)
        reading.ballot_ids.add(first)
    else:
        weight = weight_of(first, line)
    order: list[tuple[str, ...]] = []
    while pieces:
        piece = pieces.popleft()
        if piece == END:
            reading.ballots.add(order, line, weight)
            return
        tier = () if piece == SKIPPED else piece.split(TIE)
        order.append(tuple(reading.item(word, line) for word in tier))
    raise FormatError("this ballot has no 0 at its end", line=line)


def _read_names(n: int, lines: Lines) -> list[str]:
    """As many names as there are candidates; what follows is not looked at."""
    names: list[str] = []
    for line, pieces in lines:
        for piece in pieces:
            if len(names) == n:
                return names
            if piece[0] != '"':
                raise FormatError(f"a name stands in quotation marks, not {short(piece)!r}", line=line)
            names.append(_ESCAPED.sub(r"\1\2", piece[1:-1]).strip() or str(len(names) + 1))
        if len(names) == n:
            return names
    return names
