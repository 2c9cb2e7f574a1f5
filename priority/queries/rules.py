"""The numbers that rules start from, and what is meant where rules that were written earlier do not say one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Body = Mapping[str, Any]

# Fewer people than these are told of nowhere, whatever the rules say.
LEAST = 5
HIGH, LOW, VALID_SHARE = 70, 15, 70
ROUNDS_AT_MOST, SETTLED_SHARE = 3, 80
STABILITY_MARGIN = 15


def smallest_cell(body: Body) -> int:
    """How many people there must be before anything is told of them; never under five."""
    return max(LEAST, int(body.get("minimum_cell", LEAST)))


def stability_margin(body: Body) -> int:
    """A question is settled where fewer than this percentage cross a band."""
    return int(body.get("stability_margin", STABILITY_MARGIN))


def stopping_rule(body: Body) -> dict[str, int]:
    """When no further round of ratings is asked for: so many rounds, or such a percentage of the questions settled."""
    return {"rounds_at_most": ROUNDS_AT_MOST, "settled_share": SETTLED_SHARE} | dict(body.get("stopping", {}))
