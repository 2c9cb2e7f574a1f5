"""Check, send, and take back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority import ids
from priority.errors import Invalid, Refusal
from priority.policy import Access
from priority.queries.answering import receipt_of
from priority.services import voting
from priority.services.answers import CANNOT_JUDGE, FIRST, SECOND, THIRD, page_digest
from priority.web.answer import piles, rating
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import Desk, sit_down
from priority.web.answer.leaves import page_of
from priority.web.answer.piles import Ranking, counted_words, ranking_at
from priority.web.answer.posting import NOTHING_WRONG, Problems, count, is_kept, is_saving, refused
from priority.web.answer.sorting import sort_address
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.queries.answering import Item

KEY_BYTES = 32


@bp.route("/answer/<int(max=9999):n>/check", methods=["GET", "POST"])
@requires(Access.PANELIST)
def check(n: int) -> Any:
    """Everything that was answered, to look over; posting sends it and gives a receipt."""
    desk = sit_down(n)
    if is_saving():
        return _send(desk)
    desk.refuse_closed()
    return _show_check(desk)


@bp.get("/answer/<int(max=9999):n>/thanks")
@requires(Access.PANELIST)
def thanks(n: int) -> Any:
    """The receipt of what was sent, as long as it stands so; else on to where things stand."""
    desk = sit_down(n)
    receipt = receipt_of(desk.round, desk.own_key)
    if receipt is None:
        return redirect(url_for("answer.home"), code=303)
    return render_template("answer/thanks.html", desk=desk, receipt=ids.spaced(receipt), told=_told(desk))


@bp.post("/answer/<int(max=9999):n>/take-back")
@requires(Access.PANELIST)
def take_back(n: int) -> Any:
    """The answers stay, and do not count until they are saved or sent again."""
    desk = sit_down(n)
    if not is_kept():
        voting.take_back(desk.round, desk.who)
    return redirect(url_for("answer.home", done=None if is_kept() else "answers-taken-back"), code=303)


def _send(desk: Desk) -> Any:
    try:
        count(desk)
        submit_key = _submit_key()
        _refuse_other_answers(desk)
        if desk.own is None and desk.round.kind is RoundKind.RANKING and desk.is_open:
            ranking = ranking_at(desk)
            ranking.save(ranking.piles, ranking.order, page_digest({}))
        voting.submit(desk.round, desk.who, submit_key)
    except Refusal as refusal:
        return refused(
            refusal,
            desk,
            show=lambda form: _show_check(desk, form),
            show_both=lambda conflict: _show_check(sit_down(desk.round.n), Problems.of(conflict)),
            typed=_told(desk),
        )
    return redirect(url_for("answer.thanks", n=desk.round.n), code=303)


def _refuse_other_answers(desk: Desk) -> None:
    """Raises where the page showed other answers than would be sent now."""
    base = request.form.get("base")
    if base is not None and base != page_digest(desk.answers):
        raise voting.Conflict(desk.answers, {})


def _submit_key() -> bytes:
    try:
        key = bytes.fromhex(request.form.get("submit_key", ""))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Invalid(_("We could not send that. Please look once more and send again."))
    return key


def _told(desk: Desk) -> list[tuple[str, str]]:
    if desk.round.kind is RoundKind.RANKING:
        return piles.told(desk, desk.answers)
    return rating.told(desk.items, desk.answers)


def _show_check(desk: Desk, form: Problems = NOTHING_WRONG) -> str:
    common = {
        "desk": desk,
        "form": form,
        "base": page_digest(desk.answers),
        "submit_key": secrets.token_hex(KEY_BYTES),
        "told": _told(desk),
    }
    if desk.round.kind is RoundKind.RANKING:
        ranking = ranking_at(desk)
        lines = _ranking_lines(ranking)
        return render_template("answer/check_ranking.html", can_send=bool(ranking.piles), **common, **lines)
    return render_template("answer/check_rating.html", can_send=bool(desk.answers), **common, **_rating_lines(desk))


def _rating_lines(desk: Desk) -> dict[str, Any]:
    """How many questions were answered, can't be judged, are empty; each with the page where the first one stands."""

    def line(items: Sequence[Item]) -> tuple[int, str | None]:
        if not items:
            return 0, None
        page = page_of(desk.items, items[0].key, size=rating.size_of(desk))
        return len(items), url_for("answer.rating_page", n=desk.round.n, page=page)

    given = [item for item in desk.items if desk.answers.get(item.key, CANNOT_JUDGE) != CANNOT_JUDGE]
    cannot = [item for item in desk.items if desk.answers.get(item.key) == CANNOT_JUDGE]
    empty = [item for item in desk.items if item.key not in desk.answers]
    return {"given": line(given), "cannot": line(cannot), "empty": line(empty)}


def _ranking_lines(ranking: Ranking) -> dict[str, Any]:
    """The order by place, then each pile with how many are in it and where it can be changed."""
    shared = list(ranking.order.values())
    rows = [
        {
            "place": ranking.order[item.key],
            "shared": shared.count(ranking.order[item.key]) > 1,
            "text": item.text,
            "lang": item.locale,
        }
        for item in ranking.placed
    ]
    without = [item for item in ranking.first if item.key not in ranking.order]
    others = [(counted_words(pile), ranking.in_pile(pile)) for pile in (SECOND, THIRD, CANNOT_JUDGE)]
    return {
        "ranking": ranking,
        "rows": rows,
        "without_place": len(without),
        "has_first": bool(ranking.in_pile(FIRST)),
        "others": [(words, len(items), sort_address(ranking, items[0].key)) for words, items in others if items],
        "empty": (len(ranking.unsorted), sort_address(ranking, ranking.unsorted[0].key) if ranking.unsorted else None),
    }
