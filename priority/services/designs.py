"""The design of one round as it is typed and kept: only what its kind of ballot has, nothing left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.services.answers import MOST_PLACES
from priority.services.ballot_types import type_of
from priority.services.ballot_types.scales import SCALES
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.services.protocols import Body

ACCESS, COUNTS, ORDERS, ARMS = ("panel", "open"), ("all", "verified"), ("random", "list"), ("none", "random")
EVERY: Body = {"access": "panel", "count": "all", "order": "random", "suggestions": False}
OF_A_KIND: dict[RoundKind, Body] = {
    RoundKind.RATING: {"scale": "nine", "feedback": False, "reasons": False, "arm": None},
    RoundKind.RANKING: {"at_most": 30, "top": MOST_PLACES},
    RoundKind.CHOOSE: {"choose": 10, "ranked": False},
    RoundKind.BEST_WORST: {"size": 5, "at_least": 3},
}
CHOICES = {"access": ACCESS, "count": COUNTS, "order": ORDERS, "scale": tuple(SCALES), "arm": (None, "random")}


def full(design: Body) -> Body:
    """A round's design with everything that it leaves unsaid, as it is meant."""
    kind = RoundKind(design["kind"])
    return EVERY | OF_A_KIND[kind] | dict(type_of(kind).design) | design


def designed(kind: RoundKind, typed: Mapping[str, Any]) -> Body:
    """What was typed as a design of this kind; refuses, at its field, a choice that is none."""
    design = {"kind": str(kind)} | EVERY | OF_A_KIND[kind]
    design |= {field: typed[field] for field in design if field in typed and field != "kind"}
    for field, offered in CHOICES.items():
        if field in design and design[field] not in offered:
            raise Invalid(_("Choose one of the answers."), field=field)
    return design
