"""Order: the first pile (or ten chosen from it), or the questions of a choice, by numbers or by moving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import jsonify, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import NotFound
from priority.policy import Access
from priority.services.answers import page_digest
from priority.web.answer.before import reasons_before
from priority.web.answer.blueprint import bp
from priority.web.answer.choice import choice_at
from priority.web.answer.desk import sit_down
from priority.web.answer.moves import DIRECTIONS, Row, in_order, moved
from priority.web.answer.piles import ranking_at
from priority.web.answer.posting import (
    LEAVE,
    NOTHING_WRONG,
    Problems,
    by_script,
    home_saved,
    is_kept,
    is_saving,
    posted_base,
    saved,
)
from priority.web.answer.rankings import save_ranking, save_whole
from priority.web.fields import Problem
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.services.voting import OwnBallot
    from priority.web.answer.desk import Desk
    from priority.web.answer.rankings import Ordered

CHECK, CHOOSE = "check", "choose"
DIGITS = 4


@bp.route("/answer/<int(max=9999):n>/order", methods=["GET", "POST"])
@requires(Access.PANELIST)
def order(n: int) -> Any:
    """What comes first to put in order; a first pile of more than ten questions is cut to ten before."""
    ranking = _at(sit_down(n))
    if is_saving():
        return _keep_version(ranking) if "keep" in request.form else _act(ranking)
    ranking.desk.refuse_closed()
    chosen = _chosen(ranking)
    if is_kept() and request.form.get("act") != CHOOSE:
        return _show_order(ranking, _typed(chosen), posted_base())
    if len(ranking.first) > ranking.most and ("choose" in request.args or not chosen or is_kept()):
        return _show_choose(ranking, chosen)
    return _show_order(ranking, [Row(key, ranking.order.get(key)) for key in chosen], ranking.base)


def _at(desk: Desk) -> Ordered:
    """What somebody puts in order in this round; refuses a round that asks for no order."""
    if desk.round.kind is RoundKind.RANKING:
        return ranking_at(desk)
    if desk.round.kind is RoundKind.CHOOSE and desk.round.design.get("ranked"):
        return choice_at(desk)
    raise NotFound(_("There is nothing for you to answer here."))


def _keep_version(ranking: Ordered) -> Any:
    rows = [Row(item.key, ranking.order[item.key]) for item in ranking.placed]
    return save_whole(ranking, show=lambda form: _show_order(ranking, rows, ranking.base, form))


def _chosen(ranking: Ordered) -> list[str]:
    """The questions that are being put in order: the whole first pile, or those of it that were chosen."""
    first = [item.key for item in ranking.first]
    if len(first) <= ranking.most:
        return first
    asked = request.form.getlist("chosen") or [item.key for item in ranking.placed]
    return [key for key in dict.fromkeys(asked) if key in first]


def _act(ranking: Ordered) -> Any:
    chosen = _chosen(ranking)
    if request.form.get("act") == CHOOSE:
        return _choose(ranking, chosen)
    rows, wrong = _typed(chosen), _wrong_numbers()
    if wrong.problems:
        page = (
            jsonify(words=wrong.problems[0].message)
            if by_script()
            else _show_order(ranking, rows, posted_base(), wrong)
        )
        return page, 422
    rows, mover = _rearranged(rows)
    return save_ranking(
        ranking,
        ranking.piles,
        {row.key: row.number for row in rows if row.number is not None},
        show=lambda form: _show_order(ranking, rows, posted_base(), form),
        then=lambda own: _after_ordering(ranking, rows, mover, own),
    )


def _rearranged(rows: list[Row]) -> tuple[list[Row], str]:
    """The rows after the button that was pressed, and which of them moved."""
    key, _colon, direction = request.form.get("move", "").rpartition(":")
    if key in {row.key for row in rows} and direction in DIRECTIONS:
        return moved(rows, key, direction), key
    return in_order(rows), ""


def _after_ordering(ranking: Ordered, rows: Sequence[Row], mover: str, own: OwnBallot) -> Any:
    """On to Check or home; after a move the page again, so that the next one can follow."""
    onward = {CHECK: url_for("answer.check", n=ranking.desk.round.n), LEAVE: home_saved()}
    act = request.form.get("act", "")
    if by_script() or act in onward:
        return saved(page_digest(own.answers), onward.get(act, ""))
    return _show_order(ranking, rows, page_digest(own.answers), status=_status(ranking, rows, mover), mover=mover)


def _typed(chosen: Sequence[str]) -> list[Row]:
    return [Row(key, _number(request.form.get(f"place-{key}", ""))) for key in chosen]


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= DIGITS and int(text) > 0 else None


def _wrong_numbers() -> Problems:
    words = _("Write a whole number such as 1 or 2, or leave it empty.")
    return Problems(
        tuple(
            Problem(str(words), name)
            for name, text in request.form.items()
            if name.startswith("place-") and text.strip() and _number(text) is None
        )
    )


def _show_order(
    ranking: Ordered,
    rows: Sequence[Row],
    base: str,
    form: Problems = NOTHING_WRONG,
    *,
    status: str = "",
    mover: str = "",
) -> str:
    shown = {row.key: request.form.get(f"place-{row.key}", "") if form.problems else row.number or "" for row in rows}
    return render_template(
        ranking.template,
        desk=ranking.desk,
        ranking=ranking,
        rows=[(ranking.desk.item(row.key), shown[row.key]) for row in rows],
        is_choice=len(ranking.first) > ranking.most,
        shared=_shared(rows),
        base=base,
        form=form,
        status=status,
        mover=mover,
        is_kept=is_kept(),
        reasons=reasons_before(ranking.desk),
    )


def _shared(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Each number that several questions have, with how many."""
    numbers = [row.number for row in rows if row.number is not None]
    return [(number, numbers.count(number)) for number in sorted(set(numbers)) if numbers.count(number) > 1]


def _status(ranking: Ordered, rows: Sequence[Row], mover: str) -> str:
    keys = [row.key for row in rows]
    if mover not in keys:
        return str(_("Saved, in order by number."))
    place = {"text": ranking.desk.item(mover).short, "place": keys.index(mover) + 1, "n": len(keys)}
    return str(_("%(text)s: position %(place)s of %(n)s", **place))


# -- choose ----------------------------------------------------------------------------------------------------------
def _choose(ranking: Ordered, chosen: Sequence[str]) -> Any:
    """On to ordering what was chosen; nothing is saved yet, since choosing gives no places."""
    words = None
    if len(chosen) > ranking.most:
        words = _("You chose %(count)d questions. Choose ten at most.", count=len(chosen))
    elif not request.form.getlist("chosen"):
        words = _("Choose at least one question, or go on without an order.")
    if words is not None:
        return _show_choose(ranking, chosen, Problems((Problem(str(words), f"chosen-{ranking.first[0].key}"),))), 422
    rows = [Row(key, ranking.order.get(key)) for key in chosen]
    return _show_order(ranking, in_order(rows), posted_base())


def _show_choose(ranking: Ordered, chosen: Sequence[str], form: Problems = NOTHING_WRONG) -> str:
    base = posted_base() if request.method == "POST" else ranking.base
    return render_template(
        "answer/choose.html", desk=ranking.desk, ranking=ranking, chosen=chosen, base=base, form=form
    )
