"""Why: asked of those whose answer left its band, and of a few who differ and stay. It can always be left empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, NotFound, Refusal
from priority.policy import Access
from priority.queries.reasons import own_reasons
from priority.services import reasons
from priority.web.answer.before import before_of
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.leaves import leaf_of
from priority.web.answer.posting import (
    LEAVE,
    NOTHING_WRONG,
    Problems,
    count,
    home_saved,
    is_kept,
    is_saving,
    refused,
)
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.queries.answering import Item
    from priority.services.reasons import Why
    from priority.web.answer.before import Before
    from priority.web.answer.desk import Desk
    from priority.web.answer.leaves import Leaf, SetLeaf


@bp.route("/answer/<int(max=9999):n>/page/<int(max=9999):page>/why", methods=["GET", "POST"])
@requires(Access.PANELIST)
def why(n: int, page: int) -> Any:
    """What made somebody change this answer, or keep it; posting saves it, empty or not, and goes on."""
    desk = sit_down(n, RoundKind.RATING)
    if not desk.round.design.get("feedback"):
        raise NotFound(_("There is no such page."))
    leaf = leaf_of(desk.items, page, size=1)
    item = leaf.items[0]
    asked = _asked(desk, before_of(desk), item, desk.answers)
    if is_saving():
        return _save(desk, leaf, asked)
    desk.refuse_closed()
    kept = own_reasons(desk.round, desk.own_key).get(item.key)
    if asked is None and kept is None:
        return redirect(_next(desk, leaf), code=303)
    return _show(desk, leaf, asked, request.form.get("text", "") if is_kept() else kept[1] if kept else "")


def page_that_asks_why(desk: Desk, before: Before, leaf: Leaf | SetLeaf, answers: Mapping[str, Any]) -> str | None:
    """The page that asks why, after these answers; None where nothing is asked, or it was said already."""
    item = leaf.items[0]
    asked = _asked(desk, before, item, answers)
    said = own_reasons(desk.round, desk.own_key).get(item.key) if asked is not None else None
    if asked is None or (said is not None and said[0] is asked.side):
        return None
    return url_for("answer.why", n=desk.round.n, page=leaf.number)


def _asked(desk: Desk, before: Before, item: Item, answers: Mapping[str, Any]) -> Why | None:
    if before.round is None or before.came_late:
        return None
    return reasons.asked(
        desk.round,
        desk.own_key,
        item.key,
        last=before.answers.get(item.key),
        now=answers.get(item.key),
        middle=before.middle(item.key),
    )


def _save(desk: Desk, leaf: Leaf, asked: Why | None) -> Any:
    item, text = leaf.items[0], request.form.get("text", "")
    try:
        count(desk)
        side = asked.side if asked is not None else _side_said(desk, item)
        reasons.give(desk.round, desk.who, item.key, text, side=side)
    except Refusal as refusal:
        return refused(
            refusal,
            desk,
            show=lambda form: _show(desk, leaf, asked, text, form),
            show_both=lambda conflict: _show(desk, leaf, asked, text, Problems.of(conflict)),
            typed=[(item.text, text)],
        )
    return redirect(home_saved() if request.form.get("act") == LEAVE else _next(desk, leaf), code=303)


def _side_said(desk: Desk, item: Item) -> Any:
    """For which answer the reason speaks that is there already; refuses one that nobody asks for any more."""
    said = own_reasons(desk.round, desk.own_key).get(item.key)
    if said is None:
        raise Invalid(_("You changed this answer meanwhile, so no reason is needed any more. You can go on."))
    return said[0]


def _next(desk: Desk, leaf: Leaf) -> str:
    if leaf.is_last:
        return url_for("answer.check", n=desk.round.n)
    return url_for("answer.rating_page", n=desk.round.n, page=leaf.number + 1)


def _show(desk: Desk, leaf: Leaf, asked: Why | None, text: str, form: Problems = NOTHING_WRONG) -> str:
    return render_template(
        "answer/why.html",
        desk=desk,
        leaf=leaf,
        item=leaf.items[0],
        asked=asked,
        text=text,
        form=form,
        is_kept=is_kept(),
        most=reasons.LONGEST,
    )
