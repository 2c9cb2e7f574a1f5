"""The design of one round as it is typed and kept: only what its kind of ballot has, nothing left over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.services.ballot_types import type_of
from priority.services.ballot_types.scales import SCALES
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.services.protocols import Body

EVERY: Body = {"access": "panel", "count": "all", "order": "random", "suggestions": False}
CHOICES = {
    "access": ("panel", "open"),
    "count": ("all", "verified"),
    "order": ("random", "list"),
    "scale": tuple(SCALES),
    "arm": (None, "random"),
}


def starting(kind: RoundKind) -> Body:
    """What a round of this kind asks where the rules say nothing but its kind."""
    return {"kind": str(kind)} | EVERY | dict(type_of(kind).design)


def full(design: Body) -> Body:
    """A round's design with everything that it leaves unsaid, as it is meant."""
    return starting(RoundKind(design["kind"])) | design


def designed(kind: RoundKind, typed: Mapping[str, Any]) -> Body:
    """What was typed as a design of this kind; refuses, at its field, a choice that is none."""
    design = starting(kind)
    design |= {field: typed[field] for field in design if field in typed and field != "kind"}
    for field, offered in CHOICES.items():
        if field in design and design[field] not in offered:
            raise Invalid(_("Choose one of the answers."), field=field)
    return design
