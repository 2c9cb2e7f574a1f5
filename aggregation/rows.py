"""What a row of the registry holds: a method or a rule, what it takes, what it claims, and where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from aggregation.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


# What every method and every rule claims.
ALWAYS = frozenset({"anonymous", "neutral", "sides"})

Value = int | float | str | tuple[Fraction, ...] | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method: how to read it from text, its default, and what it does in one sentence.

    `kind` is int, float, str, or tuple for a list of numbers ("3,2,1" as text). A default of None means that it
    may be left out.
    """

    name: str
    kind: type[int | float | str | tuple[Fraction, ...]]
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Value:
        """The value in the parameter's type; refuses one of another type or not among the choices."""
        try:
            read = _numbers(value) if self.kind is tuple else self.kind(value)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError) as wrong:
            raise MethodError(f"`{self.name}` must be {self._wanted()}, not {value!r}") from wrong
        is_number = not isinstance(value, str) if self.kind is int else isinstance(value, int | float)
        endless = isinstance(read, float) and not isfinite(read)
        if endless or (is_number and read != value) or (self.choices and read not in self.choices):
            raise MethodError(f"`{self.name}` must be {self._wanted()}, not {value!r}")
        return read

    def _wanted(self) -> str:
        if self.choices:
            return " or ".join(f'"{choice}"' for choice in self.choices)
        names = {int: "a whole number", float: "a number", str: "a text", tuple: "numbers separated by commas"}
        return names[self.kind]


# A large exponent is refused: a number like 1e99999999 is short to write and takes for ever to hold exactly.
_NUMBER = re.compile(r"\s*[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?(/\d{1,20})?\s*", re.ASCII)


def _numbers(value: Any) -> tuple[Fraction, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(_exactly(part) for part in parts)


def _exactly(part: Any) -> Fraction:
    if isinstance(part, str) and not _NUMBER.fullmatch(part):
        raise ValueError(part)
    top, slash, bottom = part.partition("/") if isinstance(part, str) else (part, "", "")
    return Fraction(top) / Fraction(bottom) if slash else Fraction(top)


UNRANKED = Parameter(
    "unranked",
    str,
    "as the ballots say",
    "How to read what a ballot leaves out: all in one last place, or nothing said about it.",
    ("last", "absent"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a method and a rule have in common.

    `family` groups those that reason alike. `axioms` are claims that the tests hold it to. `sentences` explain it
    to anybody. `module` is the file in its room that holds the function named `key`, when that is not its own.
    """

    ROOM: ClassVar[str]

    key: str
    label: str
    family: str
    parameters: tuple[Parameter, ...] = ()
    axioms: frozenset[str]
    source: str
    sentences: tuple[str, str]
    module: str = ""

    @property
    def function(self) -> Callable[..., Any]:
        """The function behind the row; its file is imported when it is first asked for."""
        found: Callable[..., Any] = getattr(import_module(f"{self.ROOM}.{self.module or self.key}"), self.key)
        return found

    def read(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Parameters in their types; refuses one the row does not have."""
        known = {parameter.name: parameter for parameter in (UNRANKED, *self.parameters)}
        for name in parameters:
            if name not in known:
                raise MethodError(f"{self.key!r} has no parameter {name!r}; it has {', '.join(known)}")
        return {name: known[name].read(value) for name, value in parameters.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method(Row):
    """A method that ranks all items: ``function(profile, **parameters)`` gives a `Ranking`.

    `takes_tally`: a `PairwiseTally` suffices in place of the profile. `better`: whether a higher or a lower score
    is better. Axioms, for the parameters' defaults:

    "anonymous", "neutral" : neither the order of ballots nor that of items matters;
    "sides" : repeating all ballots of one side changes nothing;
    "unanimity" : put above by all, above in the result; "weak unanimity" : not below;
    "condorcet" : an item that beats every other is first, alone; "smith" : winners are in the Smith set;
    "monotone" : being put higher by somebody never makes a winner lose, nor lowers a score;
    "clones" : whether the winner is among items that stand together on every ballot does not depend on how many
    these are (ballots without ties between the items looked at).
    """

    ROOM: ClassVar[str] = "aggregation.methods"

    takes_tally: bool = False
    better: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Row):
    """A rule that chooses some of the items: ``function(profile, seats, **parameters)`` gives a `Committee`.

    Axioms, for the parameters' defaults: "anonymous", "neutral", "sides" as for a method, neutral where nothing was
    level ("tie_breaks" in the diagnostics is empty); "solid coalitions" : a group with the votes of q Droop quotas,
    floor(votes / (seats + 1)) + 1 each, that puts the same q or more items above all others has at least q of these
    chosen.
    """

    ROOM: ClassVar[str] = "aggregation.committees"
