"""Putting in order: Sort what has no rating, then Order the first pile."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import jsonify, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, Refusal
from priority.policy import Access
from priority.services.answers import CANNOT_JUDGE, FIRST, MOST_PLACES, SECOND, THIRD, canonical, page_digest
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.leaves import Leaf, leaf_of, page_of, pages_of
from priority.web.answer.moves import DIRECTIONS, Row, in_order, moved
from priority.web.answer.piles import Ranking, pile_words, ranking_at, told
from priority.web.answer.posting import (
    BACK,
    LEAVE,
    NOTHING_WRONG,
    Problems,
    by_script,
    count,
    from_field,
    home_saved,
    is_kept,
    is_saving,
    posted_base,
    refused,
    saved,
    to_field,
)
from priority.web.fields import Problem
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from priority.services.voting import Conflict, OwnBallot

CHECK, CHOOSE, MORE = "check", "choose", "more"
PILES = (FIRST, SECOND, THIRD, CANNOT_JUDGE)
DIGITS = 4


@dataclass(frozen=True, slots=True)
class SortPage:
    """One page of sorting: the questions without a rating have the first pages, the others those after them."""

    number: int
    pages: int
    leaf: Leaf
    is_unrated: bool

    @property
    def leads_to_order(self) -> bool:
        """Whether Order comes after this page: all that had to be sorted has been shown."""
        return self.leaf.is_last or not self.is_unrated


# -- sort ------------------------------------------------------------------------------------------------------------
@bp.route("/answer/<int:n>/sort/<int:page>", methods=["GET", "POST"])
@requires(Access.PANELIST)
def sort_page(n: int, page: int) -> Any:
    """A page of questions to sort into piles: those without a rating come first, the others can be sorted anew."""
    ranking = ranking_at(sit_down(n, RoundKind.RANKING))
    sheet = _sort_page(ranking, page)
    if is_saving():
        return _save_whole(ranking) if "keep" in request.form else _save_piles(ranking, sheet)
    ranking.desk.refuse_closed()
    if is_kept():
        return _show_sort(ranking, sheet, dict(request.form), posted_base())
    chosen = {item.key: to_field(ranking.piles.get(item.key)) for item in sheet.leaf.items}
    return _show_sort(ranking, sheet, chosen, ranking.base)


def first_to_sort(ranking: Ranking) -> str | None:
    """The page where the first question stands that is in no pile; None where every question is."""
    return sort_address(ranking, ranking.unsorted[0].key) if ranking.unsorted else None


def sort_address(ranking: Ranking, key: str) -> str:
    """The page where a question can be sorted anew."""
    if key in ranking.rated:
        page = _unrated_pages(ranking) + page_of(ranking.already_rated, key)
    else:
        page = page_of(ranking.unrated, key)
    return url_for("answer.sort_page", n=ranking.desk.round.n, page=page)


def _unrated_pages(ranking: Ranking) -> int:
    return pages_of(ranking.unrated)


def _sort_page(ranking: Ranking, page: int) -> SortPage:
    before = _unrated_pages(ranking)
    pages = before + pages_of(ranking.already_rated)
    if page <= before:
        return SortPage(page, pages, leaf_of(ranking.unrated, page), is_unrated=True)
    return SortPage(page, pages, leaf_of(ranking.already_rated, page - before), is_unrated=False)


def _show_sort(
    ranking: Ranking, sheet: SortPage, chosen: Mapping[str, str], base: str, form: Problems = NOTHING_WRONG
) -> str:
    return render_template(
        "answer/sort.html",
        desk=ranking.desk,
        ranking=ranking,
        sheet=sheet,
        leaf=sheet.leaf,
        chosen=chosen,
        piles=[(to_field(pile), pile_words(pile)) for pile in PILES],
        base=base,
        form=form,
        is_kept=is_kept(),
    )


def _save_piles(ranking: Ranking, sheet: SortPage) -> Any:
    typed = {item.key: from_field(request.form.get(item.key)) for item in sheet.leaf.items}
    piles = {key: pile for key, pile in {**ranking.piles, **typed}.items() if pile is not None}
    address = _after_sorting(ranking, sheet, request.form.get("act", ""))
    return _save(
        ranking,
        piles,
        ranking.order,
        show=lambda form: _show_sort(ranking, sheet, dict(request.form), posted_base(), form),
        then=lambda own: saved(page_digest(own.answers), address),
    )


def _after_sorting(ranking: Ranking, sheet: SortPage, act: str) -> str:
    n = ranking.desk.round.n
    if act == LEAVE:
        return home_saved()
    if act == BACK:
        return url_for("answer.sort_page", n=n, page=max(sheet.number - 1, 1))
    if act == MORE or not sheet.leads_to_order:
        return url_for("answer.sort_page", n=n, page=min(sheet.number + 1, sheet.pages))
    return url_for("answer.order", n=n)


# -- order -----------------------------------------------------------------------------------------------------------
@bp.route("/answer/<int:n>/order", methods=["GET", "POST"])
@requires(Access.PANELIST)
def order(n: int) -> Any:
    """The first pile to put in order; where it has more than ten questions, first ten are chosen."""
    ranking = ranking_at(sit_down(n, RoundKind.RANKING))
    if is_saving():
        return _save_whole(ranking) if "keep" in request.form else _act(ranking)
    ranking.desk.refuse_closed()
    chosen = _chosen(ranking)
    if is_kept() and request.form.get("act") != CHOOSE:
        return _show_order(ranking, _typed(chosen), posted_base())
    if len(ranking.first) > MOST_PLACES and ("choose" in request.args or not chosen or is_kept()):
        return _show_choose(ranking, chosen)
    return _show_order(ranking, [Row(key, ranking.order.get(key)) for key in chosen], ranking.base)


def _chosen(ranking: Ranking) -> list[str]:
    """The questions that are being put in order: the whole first pile, or those of it that were chosen."""
    first = [item.key for item in ranking.first]
    if len(first) <= MOST_PLACES:
        return first
    asked = request.form.getlist("chosen") or [item.key for item in ranking.placed]
    return [key for key in dict.fromkeys(asked) if key in first]


def _act(ranking: Ranking) -> Any:
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
    return _save(
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


def _after_ordering(ranking: Ranking, rows: Sequence[Row], mover: str, own: OwnBallot) -> Any:
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
    ranking: Ranking,
    rows: Sequence[Row],
    base: str,
    form: Problems = NOTHING_WRONG,
    *,
    status: str = "",
    mover: str = "",
) -> str:
    shown = {row.key: request.form.get(f"place-{row.key}", "") if form.problems else row.number or "" for row in rows}
    return render_template(
        "answer/order.html",
        desk=ranking.desk,
        ranking=ranking,
        rows=[(ranking.desk.item(row.key), shown[row.key]) for row in rows],
        is_choice=len(ranking.first) > MOST_PLACES,
        shared=_shared(rows),
        base=base,
        form=form,
        status=status,
        mover=mover,
        is_kept=is_kept(),
    )


def _shared(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Each number that several questions have, with how many."""
    numbers = [row.number for row in rows if row.number is not None]
    return [(number, numbers.count(number)) for number in sorted(set(numbers)) if numbers.count(number) > 1]


def _status(ranking: Ranking, rows: Sequence[Row], mover: str) -> str:
    keys = [row.key for row in rows]
    if mover not in keys:
        return str(_("Saved, in order by number."))
    place = {"text": ranking.desk.item(mover).short, "place": keys.index(mover) + 1, "n": len(keys)}
    return str(_("%(text)s: position %(place)s of %(n)s", **place))


# -- choose ----------------------------------------------------------------------------------------------------------
def _choose(ranking: Ranking, chosen: Sequence[str]) -> Any:
    """On to ordering what was chosen; nothing is saved yet, since choosing gives no places."""
    words = None
    if len(chosen) > MOST_PLACES:
        words = _("You chose %(count)d questions. Choose ten at most.", count=len(chosen))
    elif not request.form.getlist("chosen"):
        words = _("Choose at least one question, or go on without an order.")
    if words is not None:
        return _show_choose(ranking, chosen, Problems((Problem(str(words), f"chosen-{ranking.first[0].key}"),))), 422
    rows = [Row(key, ranking.order.get(key)) for key in chosen]
    return _show_order(ranking, in_order(rows), posted_base())


def _show_choose(ranking: Ranking, chosen: Sequence[str], form: Problems = NOTHING_WRONG) -> str:
    base = posted_base() if request.method == "POST" else ranking.base
    return render_template(
        "answer/choose.html", desk=ranking.desk, ranking=ranking, chosen=chosen, base=base, form=form
    )


# -- saving ----------------------------------------------------------------------------------------------------------
def _save(
    ranking: Ranking,
    piles: Mapping[str, Any],
    order: Mapping[str, int],
    *,
    show: Callable[[Problems], str],
    then: Callable[[OwnBallot], Any],
) -> Any:
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
            typed=told(desk, {"piles": piles, "order": order}),
        )
    return then(own)


def _save_whole(ranking: Ranking) -> Any:
    """Saves one of two versions that somebody was shown side by side, as it stands there."""
    kept = _parsed(request.form["keep"])
    address = url_for("answer.check", n=ranking.desk.round.n)
    rows = [Row(item.key, ranking.order.get(item.key)) for item in ranking.placed]
    return _save(
        ranking,
        kept["piles"],
        kept["order"],
        show=lambda form: _show_order(ranking, rows, ranking.base, form),
        then=lambda own: saved(page_digest(own.answers), address),
    )


def _parsed(text: str) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(text)
        kept = {name: dict(found[name].items()) for name in ("piles", "order")}
    except (ValueError, TypeError, KeyError, AttributeError):
        kept = {}
    if not kept or any(type(place) is not int for place in kept["order"].values()):
        raise Invalid(_("Please choose one of the two versions."))
    return kept


def _show_both(ranking: Ranking, conflict: Conflict) -> str:
    return render_template(
        "answer/both.html",
        desk=ranking.desk,
        saved=told(ranking.desk, conflict.saved),
        typed=told(ranking.desk, conflict.typed),
        keep_saved=[("keep", canonical(conflict.saved))],
        keep_typed=[("keep", canonical(conflict.typed))],
        base=page_digest(conflict.saved),
        words=str(conflict.words),
    )
