"""Ranking: each question in a pile, and places for at most ten of the first pile.

Piles are 1 very important, 2 important, 3 less important, or "I can't judge".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.services.answers import CANNOT_JUDGE, FIRST, MOST_PLACES, PILES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from priority.services.answers import Answers


def check(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> Answers:  # noqa: ARG001 - every kind is asked alike
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


def progress(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> tuple[int, int]:  # noqa: ARG001 - every kind is asked alike
    """How many questions are in a pile of how many."""
    return len(answers.get("piles", {})), len(items)
