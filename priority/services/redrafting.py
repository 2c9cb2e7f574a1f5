"""The rules of an exercise that exists, changed by what a coordinator typed: who is in a group stays in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from priority.services import drafting
from priority.texts import clean_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from priority.services.drafting import RuleDraft, SideDraft
    from priority.services.protocols import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The rest of the rules, as they were typed; `rule_checks` knows what each of them may be."""

    valid_share: int
    percentile_rule: str
    minimum_cell: int
    shortlist: int
    stability_margin: int
    rounds_at_most: int
    settled_share: int
    aim: str


def redrafted(
    body: Body,
    *,
    sides: Sequence[SideDraft],
    observers: str,
    consensus: RuleDraft,
    primary: str,
    level: str,
    numbers: Numbers,
) -> Body:
    """The rules with these changes. A side or a group that is renamed where it stands keeps its key, and its people.

    Refuses, at its field, what cannot be a rule.
    """
    changed = drafting.drafted(
        _with_new_names(body, sides, observers),
        sides=sides,
        observers=observers,
        consensus=consensus,
        primary=primary,
        level=level,
    )
    rest = asdict(numbers)
    stopping = {name: rest.pop(name) for name in ("rounds_at_most", "settled_share")}
    return changed | rest | {"stopping": stopping}


def _with_new_names(body: Body, sides: Sequence[SideDraft], observers: str) -> Body:
    """The rules before, under the names that were typed: so that a renamed side or group is found again."""
    before, known = body["sides"], set(drafting.keys_of(body))
    kept = {name for text in (*(side.groups for side in sides), observers) for name in _names(text)}
    named = {clean_line(side.name) for side in sides}
    renamed = [
        {
            **old,
            "name": old["name"] if old["name"] in named or new.is_empty else clean_line(new.name),
            "groups": _renamed(old["groups"], kept, [name for name in _names(new.groups) if name not in known]),
        }
        for old, new in zip(before, sides, strict=False)
    ]
    return body | {
        "sides": [*renamed, *before[len(renamed) :]],
        "observers": _renamed(body["observers"], kept, [name for name in _names(observers) if name not in known]),
    }


def _renamed(groups: Sequence[Body], kept: Collection[str], fresh: Sequence[str]) -> list[Body]:
    """The groups, those that are gone under the fresh names that stand at this side instead, in order."""
    gone = [group["key"] for group in groups if group["name"] not in kept]
    new = dict(zip(gone, fresh, strict=False))
    return [group | {"name": new.get(group["key"], group["name"])} for group in groups]


def _names(text: str) -> list[str]:
    return [clean_line(line.partition(";")[0]) for line in text.split("\n") if line.strip()]
