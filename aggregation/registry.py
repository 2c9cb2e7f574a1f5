"""Every consensus method as a row: what it is called, takes, claims, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aggregation.errors import MethodError
from aggregation.methods.borda import borda
from aggregation.methods.copeland import copeland
from aggregation.methods.jla import jla
from aggregation.methods.kemeny import kemeny

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method: how to read it from text, its default, and what it does in one sentence."""

    name: str
    kind: type[int | float | str]
    default: int | float | str
    meaning: str
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> int | float | str:
        """The value in the parameter's type; refuses one of another type or not among the choices."""
        try:
            read = self.kind(value)
        except (TypeError, ValueError) as wrong:
            raise MethodError(f"`{self.name}` must be {self._wanted()}, not {value!r}") from wrong
        rounded = not isinstance(value, str) and read != value
        if rounded or (self.choices and read not in self.choices):
            raise MethodError(f"`{self.name}` must be {self._wanted()}, not {value!r}")
        return read

    def _wanted(self) -> str:
        if self.choices:
            return " or ".join(f'"{choice}"' for choice in self.choices)
        return {int: "a whole number", float: "a number", str: "a text"}[self.kind]


@dataclass(frozen=True, slots=True)
class Method:
    """A row of the registry.

    `family` groups methods that reason alike. `axioms` are claims that the tests hold the method to:
    "anonymous", "neutral", "unanimity" (put above by all: above in the result), "weak unanimity" (not below),
    "condorcet" (an item that beats every other is first, alone), "monotone" (being put higher by somebody never
    lowers a score), "sides" (repeating all ballots of one side changes nothing). `sentences` explain it to anybody.
    """

    key: str
    label: str
    family: str
    function: Callable[..., Ranking]
    parameters: tuple[Parameter, ...]
    axioms: frozenset[str]
    source: str
    sentences: tuple[str, str]


EVERY_METHOD = frozenset({"anonymous", "neutral", "sides"})

UNRANKED = Parameter(
    "unranked",
    str,
    "as the ballots say",
    "How to read what a ballot leaves out: all in one last place, or nothing said about it.",
    ("last", "absent"),
)

_ROWS = (
    Method(
        key="jla",
        label="Equal weight (James Lind Alliance style)",
        family="positional",
        function=jla,
        parameters=(
            Parameter("k", int, 10, "How many places of a ballot have points."),
            Parameter(
                "rescore", str, "all", "Whether all places of a side's list count, or its first k.", ("all", "top10")
            ),
        ),
        axioms=EVERY_METHOD | {"weak unanimity"},
        source="James Lind Alliance Guidebook, interim priority setting",
        sentences=(
            "Each side's ballots give points to their first ten questions, which puts that side's questions in order.",
            "The places on the sides' lists are then added up, so that a large side cannot drown a small one.",
        ),
    ),
    Method(
        key="borda",
        label="Borda",
        family="positional",
        function=borda,
        parameters=(),
        axioms=EVERY_METHOD | {"unanimity", "monotone"},
        source="Borda 1781; ties as in Emerson 2013",
        sentences=(
            "On each ballot a question gets a point for every other question placed below it, half a point for a tie.",
            "The question with the most points on average comes first.",
        ),
    ),
    Method(
        key="copeland",
        label="Copeland",
        family="pairwise",
        function=copeland,
        parameters=(),
        axioms=EVERY_METHOD | {"unanimity", "condorcet", "monotone"},
        source="Copeland 1951",
        sentences=(
            "Every question is compared with every other: which of the two do more people put higher?",
            "The question that wins the most of these comparisons comes first; a draw is half a win.",
        ),
    ),
    Method(
        key="kemeny",
        label="Kemeny",
        family="distance",
        function=kemeny,
        parameters=(Parameter("time_limit", float, 10.0, "Seconds after which the best found so far is given."),),
        axioms=EVERY_METHOD | {"weak unanimity", "condorcet"},
        source="Kemeny 1959; exact by Conitzer, Davenport and Kalagnanam 2006",
        sentences=(
            "Of all possible orders, this is the one that contradicts the ballots least.",
            "It counts, for every two questions, the people who put them the other way round.",
        ),
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({row.key: row for row in _ROWS})


def rank(profile: Profile, method: str, **parameters: Any) -> Ranking:
    """The ranking that a method of the registry gives for a profile.

    Parameters
    ----------
    profile : Profile
    method : str
        A key of `METHODS`.
    **parameters
        Those of the method, as values or as text; besides, for every method, `unranked` ("last" or "absent")
        in place of the profile's own.

    Raises
    ------
    MethodError
        If there is no such method, or it has no such parameter or value.

    Examples
    --------
    >>> from aggregation import Profile
    >>> ballots = Profile.from_orders(["abc", "abc", "cab"], unranked="last")
    >>> rank(ballots, "borda").tiers
    (('a',), ('b', 'c'))
    """
    row = method_named(method)
    read = read_parameters(row, parameters)
    unranked = read.pop("unranked", profile.unranked)
    if unranked != profile.unranked:
        profile = profile.with_unranked(unranked)
    return row.function(profile, **read)


def method_named(key: str) -> Method:
    """The row with this key; refuses one that does not exist, naming those that do."""
    if key not in METHODS:
        raise MethodError(f"there is no method {key!r}; there are {', '.join(METHODS)}")
    return METHODS[key]


def read_parameters(row: Method, parameters: Mapping[str, object]) -> dict[str, Any]:
    """Parameters in their types; refuses one the method does not have."""
    known = {parameter.name: parameter for parameter in (UNRANKED, *row.parameters)}
    for name in parameters:
        if name not in known:
            raise MethodError(f"{row.key!r} has no parameter {name!r}; it has {', '.join(known)}")
    return {name: known[name].read(value) for name, value in parameters.items()}
