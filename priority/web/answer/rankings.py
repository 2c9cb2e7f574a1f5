"""Saving piles or a choice with its places from any page, and both versions where they were changed elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, Refusal
from priority.services.answers import CANNOT_JUDGE, canonical, page_digest
from priority.web.answer.posting import Problems, count, posted_base, refused, saved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from priority.services.voting import Conflict, OwnBallot
    from priority.web.answer.choice import Choice
    from priority.web.answer.piles import Ranking

    Ordered = Ranking | Choice


def save_ranking(
    ranking: Ordered,
    piles: Mapping[str, Any],
    order: Mapping[str, int],
    *,
    show: Callable[[Problems], str],
    then: Callable[[OwnBallot], Any],
) -> Any:
    """Saves piles and places, and goes on with `then`; gives back what was typed where that is refused."""
    desk = ranking.desk
    try:
        count(desk)
        own = ranking.save(piles, order, posted_base())
    except Refusal as refusal:
        return refused(
            refusal,
            desk,
            show=show,
            show_both=lambda conflict: _show_both(ranking, conflict),
            typed=ranking.told(piles, order),
        )
    return then(own)


def save_whole(ranking: Ordered, *, show: Callable[[Problems], str]) -> Any:
    """Saves one of two versions that somebody was shown side by side, as it stands there."""
    piles, order = _parsed(request.form["keep"], ranking)
    address = url_for("answer.check", n=ranking.desk.round.n)
    return save_ranking(ranking, piles, order, show=show, then=lambda own: saved(page_digest(own.answers), address))


def _parsed(text: str, ranking: Ordered) -> tuple[dict[str, Any], dict[str, int]]:
    """The version, of these questions alone; refuses what no page of ours showed, however it is made up."""
    try:
        kept = ranking.read(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        kept = None
    if kept is None or not {*kept[0], *kept[1]} <= {item.key for item in ranking.desk.items} or not _are_answers(*kept):
        raise Invalid(_("Please choose one of the two versions."))
    return kept


def _are_answers(piles: Mapping[str, Any], order: Mapping[str, Any]) -> bool:
    """Whether every pile and every place is of the kind that we keep."""
    return all(type(pile) is int or pile == CANNOT_JUDGE for pile in piles.values()) and all(
        type(place) is int for place in order.values()
    )


def _show_both(ranking: Ordered, conflict: Conflict) -> str:
    return render_template(
        "answer/both.html",
        desk=ranking.desk,
        saved=ranking.told(*ranking.read(conflict.saved)),
        typed=ranking.told(*ranking.read(conflict.typed)),
        keep_saved=[("keep", canonical(conflict.saved))],
        keep_typed=[("keep", canonical(conflict.typed))],
        base=page_digest(conflict.saved),
        words=str(conflict.words),
    )
