"""The rules of an exercise while they are being drafted: what a template says, changed by what a coordinator typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from aggregation.delphi import whole_people
from priority.errors import Invalid
from priority.services.closing import rule_of
from priority.services.protocols import BESIDE
from priority.texts import clean_line
from priority.words import PublicationLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aggregation.delphi import WholePeople
    from priority.services.protocols import Body

LONGEST_NAME = 100
LARGEST_SHARE = 100
METHODS = ("jla", *BESIDE)
SHARE, MEDIAN = "share", "rand_ucla"
SIDES, ANY, GROUPS, K_OF_GROUPS, POOLED = SCOPES = ("sides", "any", "groups", "k_of_groups", "pooled")


@dataclass(frozen=True, slots=True)
class SideDraft:
    """One side as it was typed: groups one a line, `name; what one of them is called`."""

    field: str
    name: str
    share: int
    groups: str

    @property
    def is_empty(self) -> bool:
        """Whether this side was left out."""
        return not self.name and not self.groups


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """The consensus rule as it was typed."""

    rule: str
    high: int
    low: int
    scope: str = SIDES
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Say:
    """A side's part of the say, in people: each of them has as much as `times` of the side `other`.

    `times` is None where that side is this one, or where a side has nobody yet.
    """

    name: str
    groups: tuple[str, ...]
    share: int
    total: int
    invited: int
    times: str | None
    other: str | None


def says(body: Body, invited: Mapping[str, int]) -> list[Say]:
    """Whose say it is, side by side, with how many are invited now; measured against who has the least say each."""
    total = sum(side["share"] for side in body["sides"])
    each = {side["key"]: Fraction(side["share"], n) for side in body["sides"] if (n := invited.get(side["key"], 0))}
    least = min(each, key=each.__getitem__, default=None)
    names = {side["key"]: side["name"] for side in body["sides"]}
    found = []
    for side in body["sides"]:
        times = each[side["key"]] / each[least] if least is not None and side["key"] in each else Fraction(1)
        found.append(
            Say(
                name=side["name"],
                groups=tuple(group["name"] for group in side["groups"]),
                share=side["share"],
                total=total,
                invited=invited.get(side["key"], 0),
                times=f"{float(times):.1f}".removesuffix(".0") if times != 1 else None,
                other=None if least is None else names[least],
            )
        )
    return found


def typed_groups(groups: Iterable[Body]) -> str:
    """Groups as a coordinator can edit them, one a line."""
    return "\n".join(f"{group['name']}; {group['member']}" for group in groups)


def drafted(
    body: Body, *, sides: Sequence[SideDraft], observers: str, consensus: RuleDraft, primary: str, level: str
) -> Body:
    """The template's rules with these changes; refuses, at its field, what cannot be a rule."""
    known = keys_of(body)
    taken: set[str] = set()
    filled = [side for side in sides if not side.is_empty]
    if not filled:
        raise Invalid(_("Name at least one side."), field=sides[0].field + "_name")
    return body | {
        "sides": [_side(side, body, known, taken) for side in filled],
        "observers": _groups(observers, "observers", known, taken),
        "consensus": _consensus(consensus),
        "publication_level": str(PublicationLevel(level)),
        **_rankings(primary),
    }


def keys_of(body: Body) -> dict[str, str]:
    """The key of each group, by the name that a coordinator types."""
    groups = [group for side in body["sides"] for group in side["groups"]]
    return {group["name"]: group["key"] for group in [*groups, *body["observers"]]}


def in_people(body: Body, n: int) -> WholePeople | None:
    """What the consensus rule asks of `n` people who all answer; None where it goes by the median."""
    return None if body["consensus"]["rule"] == MEDIAN else whole_people(rule_of(body), n)


def published_in_words(level: str) -> str:
    """What those who answer are told about how much of their answers is published."""
    said: dict[PublicationLevel, str] = {
        PublicationLevel.L1: _("We publish how many chose each number, never one person's answers."),
        PublicationLevel.L2: _(
            "We publish everybody's answers without names, with the side they belong to. Somebody who knows several "
            "of your answers might recognise you."
        ),
        PublicationLevel.L3: _(
            "We publish everybody's answers without names, with their side and group. Groups of fewer than five are "
            "joined with others. Somebody who knows several of your answers might recognise you."
        ),
    }
    return said[PublicationLevel(level)]


def _side(side: SideDraft, body: Body, known: dict[str, str], taken: set[str]) -> Body:
    name = _name(side.name, f"{side.field}_name", _("Give this side a name."))
    if not 1 <= side.share <= LARGEST_SHARE:
        raise Invalid(_("A share is a whole number from 1 to 100."), field=f"{side.field}_share")
    groups = _groups(side.groups, f"{side.field}_groups", known, taken)
    if not groups:
        raise Invalid(_("Name at least one group of this side, one a line."), field=f"{side.field}_groups")
    before = {one["name"]: one["key"] for one in body["sides"]}
    key = before.get(name) or _key(name, "side")
    return {"key": _free(key, taken), "name": name, "share": side.share, "groups": groups}


def _groups(text: str, field: str, known: dict[str, str], taken: set[str]) -> list[Body]:
    return [_group(line, field, known, taken) for line in text.split("\n") if line.strip()]


def _group(line: str, field: str, known: dict[str, str], taken: set[str]) -> Body:
    name, _between, member = line.partition(";")
    name = _name(name, field, _("Each line begins with the name of a group."))
    member = clean_line(member)[:LONGEST_NAME] or _("One of: %(group)s", group=name)
    key = known.get(name) or _key(name, "group")
    if key in taken:
        raise Invalid(_("The group “%(name)s” stands here twice.", name=name), field=field)
    return {"key": _free(key, taken), "name": name, "member": member}


def _name(text: str, field: str, words: str) -> str:
    name = clean_line(text)
    if not name:
        raise Invalid(words, field=field)
    if len(name) > LONGEST_NAME:
        raise Invalid(_("This name is too long. There is room for %(most)d letters.", most=LONGEST_NAME), field=field)
    return name


def _key(name: str, otherwise: str) -> str:
    """A key that a file may name the group by: plain letters, no accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "_".join(re.findall(r"[a-z0-9]+", plain))[:40] or otherwise


def _free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key[:36]}_{number}"
    taken.add(free)
    return free


def _consensus(typed: RuleDraft) -> Body:
    if typed.rule == MEDIAN:
        return {"rule": MEDIAN, "scope": POOLED}
    if typed.scope not in SCOPES:
        raise Invalid(_("Choose who must agree."), field="scope")
    if not 50 < typed.high <= 100:
        raise Invalid(_("More than half must find a question very important: write 51 to 100."), field="high")
    if not 0 < typed.low < typed.high:
        raise Invalid(_("Write a number above 0 and below the other one."), field="low")
    needed = {"needed": typed.needed} if typed.scope == K_OF_GROUPS else {}
    return {"rule": SHARE, "high": typed.high, "low": typed.low, "scope": typed.scope} | needed


def _rankings(primary: str) -> Body:
    """The ranking that decides, and the others that are shown beside it: the rest by side, and all of them pooled."""
    if primary not in METHODS:
        raise Invalid(_("Choose one of the methods."), field="primary")
    return {
        "primary": _method(primary),
        "beside": [
            *(_method(other) | {"pooled": False} for other in METHODS if other != primary),
            *(_method(other) | {"pooled": True} for other in METHODS),
        ],
    }


def _method(name: str) -> Body:
    return {"method": name, "parameters": {"k": 10, "rescore": "all"} if name == "jla" else {}}
