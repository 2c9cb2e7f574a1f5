"""What answers look like in each kind of round: checked when they come in, canonical when they are kept.

A rating is a whole number from 1 to 9 or `cannot_judge`; what was not answered is absent. A ranking holds a pile for
each question (1 very important, 2 important, 3 less important, or `cannot_judge`) and places for at most ten of the
first pile.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FORMAT = 1
CANNOT_JUDGE = "cannot_judge"
RATINGS = range(1, 10)
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


def check_ratings(answers: Mapping[str, Any], items: Collection[str]) -> Answers:
    """The ratings as they are kept; refuses another question, or another value than 1 to 9 and `cannot_judge`."""
    for key, value in answers.items():
        known = key in items and (value == CANNOT_JUDGE or (type(value) is int and value in RATINGS))
        if not known:
            raise Invalid(_("Please choose one of the answers on the page."), field=key)
    return dict(answers)


def check_ranking(answers: Mapping[str, Any], items: Collection[str]) -> Answers:
    """The piles and places as they are kept; refuses unknown questions, and places outside the first pile."""
    piles, order = dict(answers.get("piles", {})), dict(answers.get("order", {}))
    for key, pile in piles.items():
        known = key in items and (pile == CANNOT_JUDGE or (type(pile) is int and pile in PILES))
        if not known:
            raise Invalid(_("Please choose one of the answers on the page."), field=key)
    if len(order) > MOST_PLACES:
        raise Invalid(_("You can give a place to ten questions at most."))
    for key, place in order.items():
        if piles.get(key) != FIRST or type(place) is not int or place not in range(1, MOST_PLACES + 1):
            raise Invalid(_("Places go from 1 to 10."), field=key)
    return {"piles": piles, "order": order}


CHECKS = {RoundKind.RATING: check_ratings, RoundKind.RANKING: check_ranking}


def pile_of(rating: Any) -> Any:
    """The pile that a rating stands for: 7 to 9 very important, 4 to 6 important, 1 to 3 less important."""
    if rating == CANNOT_JUDGE or rating is None:
        return rating
    return FIRST if rating >= 7 else SECOND if rating >= 4 else THIRD


def places(numbers: Mapping[str, int]) -> dict[str, int]:
    """Places from the numbers somebody typed: gaps close, equal numbers share a place (1, 2, 2, 4)."""
    return {key: 1 + sum(other < number for other in numbers.values()) for key, number in numbers.items()}


def is_empty(answers: Mapping[str, Any]) -> bool:
    """Whether nothing at all is answered, in a rating or in a ranking."""
    return not answers.get("piles", answers)


def ranks(answers: Mapping[str, Any]) -> dict[str, int]:
    """A ranking as tiers: places 1 to 10, then 101, 102, 103 for the rest of the piles. "Can't judge" is absent."""
    order = answers.get("order", {})
    return {
        key: order.get(key, PILE_RANKS[pile]) for key, pile in answers.get("piles", {}).items() if pile != CANNOT_JUDGE
    }
