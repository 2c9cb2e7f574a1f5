"""What answers of every kind have in common, and the piles and places of a ranking.

What each kind of ballot may hold is checked in `priority.services.ballot_types`.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
CANNOT_JUDGE = "cannot_judge"
FIRST, SECOND, THIRD = PILES = (1, 2, 3)
MOST_PLACES = 10
PILE_RANKS = {FIRST: 101, SECOND: 102, THIRD: 103}

Answers = dict[str, Any]


def canonical(answers: Mapping[str, Any]) -> str:
    """The one way these answers are written down: sorted keys, no white space."""
    return json.dumps(answers, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def page_digest(answers: Mapping[str, Any]) -> str:
    """What a form carries to notice that the answers it shows were changed elsewhere."""
    return hashlib.sha256(canonical(answers).encode()).hexdigest()[:16]


def pile_of(rating: Any) -> Any:
    """The pile that a rating stands for: 7 to 9 very important, 4 to 6 important, 1 to 3 less important."""
    if rating == CANNOT_JUDGE or rating is None:
        return rating
    return FIRST if rating >= 7 else SECOND if rating >= 4 else THIRD


def places(numbers: Mapping[str, int]) -> dict[str, int]:
    """Places from the numbers somebody typed: gaps close, equal numbers share a place (1, 2, 2, 4)."""
    return {key: 1 + sum(other < number for other in numbers.values()) for key, number in numbers.items()}


def ranks(answers: Mapping[str, Any]) -> dict[str, int]:
    """A ranking as tiers: places 1 to 10, then 101, 102, 103 for the rest of the piles. "Can't judge" is absent."""
    order = answers.get("order", {})
    return {
        key: order.get(key, PILE_RANKS[pile]) for key, pile in answers.get("piles", {}).items() if pile != CANNOT_JUDGE
    }
