"""What the start page and the check ask of a ranking: where to go on, what was answered, what would be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from priority.services.answers import CANNOT_JUDGE, FIRST, SECOND, THIRD, page_digest
from priority.web.answer import piles
from priority.web.answer.piles import counted_words, ranking_at
from priority.web.answer.sorting import first_to_sort, sort_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.web.answer.desk import Desk
    from priority.web.answer.piles import Ranking


def asks(desk: Desk) -> str:  # noqa: ARG001 - every kind says it of its own desk
    """What a round of this kind asks, in a line."""
    return str(_("Which questions come first?"))


def start(desk: Desk) -> str:
    """The page with the first question that is in no pile; else the order."""
    return first_to_sort(ranking_at(desk)) or url_for("answer.order", n=desk.round.n)


def told(desk: Desk, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question that was answered, with its place or pile."""
    return piles.told(desk, answers)


def settle(desk: Desk) -> None:
    """Keeps the piles that follow from the last ratings, where somebody sends them as they stand."""
    ranking = ranking_at(desk)
    ranking.save(ranking.piles, ranking.order, page_digest({}))


def check(desk: Desk) -> tuple[str, dict[str, Any]]:
    """The order by place, then each pile with how many are in it and where it can be changed."""
    ranking = ranking_at(desk)
    without = [item for item in ranking.first if item.key not in ranking.order]
    others = [(counted_words(pile), ranking.in_pile(pile)) for pile in (SECOND, THIRD, CANNOT_JUDGE)]
    empty = sort_address(ranking, ranking.unsorted[0].key) if ranking.unsorted else None
    lines = {
        "ranking": ranking,
        "rows": _rows(ranking),
        "without_place": len(without),
        "has_first": bool(ranking.in_pile(FIRST)),
        "others": [(words, len(items), sort_address(ranking, items[0].key)) for words, items in others if items],
        "empty": (len(ranking.unsorted), empty),
        "can_send": bool(ranking.piles),
    }
    return "answer/check_ranking.html", lines


def _rows(ranking: Ranking) -> list[dict[str, Any]]:
    shared = list(ranking.order.values())
    return [
        {
            "place": ranking.order[item.key],
            "shared": shared.count(ranking.order[item.key]) > 1,
            "text": item.text,
            "lang": item.locale,
        }
        for item in ranking.placed
    ]
