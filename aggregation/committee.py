"""What a rule of choice gives: the items chosen, in which order, and the count that led there."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Committee:
    """Items chosen by a rule.

    Parameters
    ----------
    members : tuple of str, length seats
        Ids of the chosen items, in the order of the profile.
    order : tuple of str, length seats
        The same ids in the order in which they were chosen.
    rounds : tuple of mappings
        The count, a stage each, in values that JSON can hold: at least "stage" (from 1) and what was decided in it
        ("elected", "excluded": lists of ids). Amounts that need not be whole are exact texts such as "17/3" or
        decimals with the number of places the rule declares.
    rule : str
        Key of the rule in the registry.
    diagnostics : mapping
        How it was computed, in values that JSON can hold; at least what `account_of` says of the ballots, "seats",
        and "tie_breaks": a list of every choice between items that the rule's numbers left level, each with
        "stage", "items", "chosen" and "by" (the declared means).
    """

    members: tuple[str, ...]
    order: tuple[str, ...]
    rounds: tuple[Mapping[str, Any], ...]
    rule: str
    diagnostics: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "diagnostics", MappingProxyType(dict(self.diagnostics)))

    def as_dict(self) -> dict[str, Any]:
        """The committee as JSON holds it: rule, members, order, rounds, diagnostics."""
        return {
            "rule": self.rule,
            "members": list(self.members),
            "order": list(self.order),
            "rounds": [dict(each) for each in self.rounds],
            "diagnostics": dict(self.diagnostics),
        }
