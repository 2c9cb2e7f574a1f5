"""Condorcet Election Format (.cvotes): parameters, then a line a vote.

References
----------
J. Boudry, Condorcet Election Format, version 1 (2022).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aggregation.checks import MOST_COUNTS
from aggregation.errors import FormatError
from aggregation.formats.ballots import Ballots
from aggregation.formats.text import count_of, lines_of, short

if TYPE_CHECKING:
    from aggregation.formats.ballots import Order
    from aggregation.profile import Profile, Unranked

BLANK = "/EMPTY_RANKING/"
_RESERVED = frozenset("<>=;,#/*^|")
_TRUTH = {"true": True, "false": False}


@dataclass(slots=True)
class _Parameters:
    candidates: dict[str, None] | None = None
    known: set[str] = field(default_factory=set)
    truths: dict[str, bool] = field(default_factory=dict)

    def has(self, item: str) -> bool:
        return self.candidates is None or item in self.candidates


def read_cef(text: str, unranked: Unranked | None) -> Profile:
    r"""The profile of a file of votes: a row a line; ids are the candidates' names.

    `* 42` is 42 votes alike, `^7` a vote that weighs 7; weights count unless the file says "Weight Allowed: false".
    Where `unranked` is None, "Implicit Ranking: false" makes it "absent". Tags and other parameters are passed over.

    Raises
    ------
    FormatError
        Naming the line: a rank without a candidate, a candidate named twice or, where the file lists the candidates,
        not among them (the format would pass over such a candidate); a parameter after the first vote.

    Examples
    --------
    >>> profile = read_cef("#/Candidates: Ann ; Bob ; Cy\n\nBob > Ann = Cy * 2\nAnn\n/EMPTY_RANKING/\n", None)
    >>> profile.items, profile.ranks.tolist(), profile.weights, profile.unranked
    (('Ann', 'Bob', 'Cy'), [[2, 1, 2], [1, 0, 0], [0, 0, 0]], array([2., 1., 1.]), 'last')
    """
    parameters = _Parameters()
    ballots = Ballots(parameters.has)
    voted = False
    for number, line in lines_of(text):
        if line.lstrip().startswith("#/"):
            if voted or line[0] != "#":
                raise FormatError("parameters begin their line, and come before the votes", line=number)
            _read_parameter(parameters, line, number)
        elif vote := line.partition("#")[0].strip():
            voted = True
            _read_vote(parameters, ballots, vote, number)
    items = None if parameters.candidates is None else list(parameters.candidates)
    implicit = parameters.truths.get("implicit ranking", True)
    return ballots.profile(unranked or ("last" if implicit else "absent"), items=items)


def _read_parameter(parameters: _Parameters, line: str, number: int) -> None:
    name, _, value = line.removeprefix("#/").partition(":")
    name, value = " ".join(name.lower().split()), value.strip()
    if name in {"implicit ranking", "weight allowed"}:
        if value.lower() not in _TRUTH:
            raise FormatError(f"{name} is true or false, not {short(value)!r}", line=number)
        parameters.truths[name] = _TRUTH[value.lower()]
    elif name == "candidates":
        if parameters.candidates is not None:
            raise FormatError("the candidates are listed twice", line=number)
        parameters.candidates = _candidates(value, number)


def _candidates(text: str, number: int) -> dict[str, None]:
    found: dict[str, None] = {}
    for name in (name.strip() for name in text.split(";")):
        _check_name(name, number)
        if name in found:
            raise FormatError(f"candidate {short(name)} is listed twice", line=number)
        found[name] = None
    return found


def _read_vote(parameters: _Parameters, ballots: Ballots, vote: str, number: int) -> None:
    _tags, bar, ranking = vote.partition("||")
    ranking, star, quantifier = (ranking if bar else vote).partition("*")
    ranking, hat, weight = ranking.partition("^")
    count = count_of(quantifier.strip(), number) if star else 1
    if hat:
        each = count_of(weight.strip(), number)
        count *= each if parameters.truths.get("weight allowed", True) else 1
    if count > MOST_COUNTS:
        raise FormatError("this vote weighs more than can be counted", line=number)
    ballots.add(_order_of(ranking.strip(), parameters.known, number), number, count)


def _order_of(ranking: str, known: set[str], number: int) -> Order:
    if ranking == BLANK:
        return ()
    order = tuple(tuple(name.strip() for name in tier.split("=")) for tier in ranking.split(">"))
    for tier in order:
        for name in tier:
            if name not in known:
                _check_name(name, number)
                known.add(name)
    return order


def _check_name(name: str, number: int) -> None:
    if not name:
        raise FormatError("a candidate is missing", line=number)
    if not _RESERVED.isdisjoint(name):
        raise FormatError(f"this cannot be read as a candidate: {short(name)!r}", line=number)
