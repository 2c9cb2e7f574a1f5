"""Whether methods that reason differently put the same items on the list: five families, not a dozen cousins."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from aggregation.errors import AggregationError, MethodError
from aggregation.registry import METHODS, rank
from aggregation.uncertainty.people import refuse_a_tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking, Shortlist

By = Literal["representative", "majority"]

# The families, and the method that speaks for each. For elimination it is Baldwin's: among many items and few
# people, instant runoff leaves all that nobody puts first on one last place, and most lists would hold everything.
REPRESENTATIVES: Mapping[str, str] = MappingProxyType(
    {
        "positional": "borda",
        "pairwise": "schulze",
        "distance": "kemeny",
        "elimination": "baldwin",
        "model": "plackett_luce",
    }
)


@dataclass(frozen=True, slots=True)
class Family:
    """What one family says about the first k.

    `items` are those it puts there, and `tied` those it puts level at place k where these do not all fit, in the
    order of the profile. `lists` has the list of each method asked, tied ones included; `refused` says why a method
    gave none. A family all of whose methods refused has `items` None.
    """

    name: str
    items: tuple[str, ...] | None
    tied: tuple[str, ...]
    lists: Mapping[str, Shortlist]
    refused: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            "items": None if self.items is None else list(self.items),
            "tied": list(self.tied),
            "lists": {
                method: {"items": list(found.items), "tied": list(found.tied)} for method, found in self.lists.items()
            },
            "refused": dict(self.refused),
        }


@dataclass(frozen=True, slots=True)
class FamilyReport:
    """Which families put which item among the first k.

    `for_item` has, for each item, the names of the families that do, and `level_for_item` of those that put it level
    at place k with more items than fit; `speaking` are the families that gave an answer at all.
    """

    k: int
    by: By
    families: tuple[Family, ...]
    for_item: Mapping[str, tuple[str, ...]]
    level_for_item: Mapping[str, tuple[str, ...]]

    @property
    def speaking(self) -> tuple[str, ...]:
        """The families that gave an answer."""
        return tuple(family.name for family in self.families if family.items is not None)

    @property
    def unanimous(self) -> tuple[str, ...]:
        """The items that every family that gave an answer puts among the first k."""
        return tuple(item for item, names in self.for_item.items() if len(names) == len(self.speaking) > 0)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it; `agree` has, for each item, how many of how many families."""
        return {
            "k": self.k,
            "by": self.by,
            "families": {family.name: family.as_dict() for family in self.families},
            "agree": {item: [len(names), len(self.speaking)] for item, names in self.for_item.items()},
            "for_item": {item: list(names) for item, names in self.for_item.items()},
            "level_for_item": {item: list(names) for item, names in self.level_for_item.items()},
        }


def families(
    profile: Profile,
    k: int = 10,
    *,
    by: By = "representative",
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    ranked: Mapping[str, Ranking] | None = None,
) -> FamilyReport:
    """For each item, which of the five families of methods put it among the first k.

    Parameters
    ----------
    profile : Profile
    k : int
        Length of the list. Where more items tie for its last place than fit, the family is not counted for them.
    by : {"representative", "majority"}
        Who speaks for a family: the method of `REPRESENTATIVES`, or more than half of the family's methods that
        give an answer, each asked with its defaults.
    settings : mapping of method to parameters, optional
        For methods that are not to be asked with their defaults.
    ranked : mapping of method to Ranking, optional
        Rankings of these same ballots that are there already, so that these methods are not asked again.

    Returns
    -------
    FamilyReport
        A method that refuses these ballots is named with its reason, and a family that gives no answer is not
        counted as being against.

    Raises
    ------
    MethodError
        If `k` is below 1, `by` is neither of the two, or `profile` is a tally.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["abc", "abc", "acb", "bac"], unranked="last")
    >>> report = families(profile, k=1)
    >>> report.unanimous, len(report.for_item["a"]) == len(report.speaking)
    (('a',), True)
    """
    refuse_a_tally(profile)
    if k < 1:
        raise MethodError(f"`k` must be 1 or more, not {k}")
    if by not in ("representative", "majority"):
        raise MethodError(f'`by` must be "representative" or "majority", not {by!r}')
    found = tuple(_family(profile, name, k, by, settings or {}, ranked or {}) for name in REPRESENTATIVES)
    for_item = {item: tuple(each.name for each in found if item in (each.items or ())) for item in profile.items}
    level = {item: tuple(each.name for each in found if item in each.tied) for item in profile.items}
    return FamilyReport(k, by, found, for_item, level)


def members(family: str) -> tuple[str, ...]:
    """The keys of a family's methods that can be asked without parameters; `positional` needs its points."""
    return tuple(key for key, row in METHODS.items() if row.family == family and key != "positional")


def _family(
    profile: Profile,
    name: str,
    k: int,
    by: By,
    settings: Mapping[str, Mapping[str, Any]],
    ranked: Mapping[str, Ranking],
) -> Family:
    asked = (REPRESENTATIVES[name],) if by == "representative" else members(name)
    lists: dict[str, Shortlist] = {}
    refused: dict[str, str] = {}
    for method in asked:
        try:
            ranking = ranked.get(method) or rank(profile, method, **settings.get(method, {}))
            lists[method] = ranking.shortlist(k)
        except AggregationError as reason:
            refused[method] = str(reason)
    half = Fraction(len(lists), 2)
    on = {item: sum(item in found.items for found in lists.values()) for item in profile.items}
    level = {item: sum(item in found.tied for found in lists.values()) for item in profile.items}
    items = tuple(item for item in profile.items if on[item] - level[item] > half)
    tied = tuple(item for item in profile.items if on[item] > half and item not in items)
    return Family(name, items if lists else None, tied, lists, refused)
