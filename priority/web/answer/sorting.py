"""Sort: each question into a pile, first those without a rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from priority.policy import Access
from priority.services.answers import CANNOT_JUDGE, FIRST, SECOND, THIRD, page_digest
from priority.web.answer.before import reasons_before
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.leaves import Leaf, leaf_of, page_of, pages_of
from priority.web.answer.piles import Ranking, pile_words, ranking_at
from priority.web.answer.posting import (
    BACK,
    LEAVE,
    NOTHING_WRONG,
    Problems,
    from_field,
    home_saved,
    is_kept,
    is_saving,
    posted_base,
    saved,
    to_field,
)
from priority.web.answer.rankings import save_ranking, save_whole
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping

MORE = "more"
PILES = (FIRST, SECOND, THIRD, CANNOT_JUDGE)


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


@bp.route("/answer/<int(max=9999):n>/sort/<int(max=9999):page>", methods=["GET", "POST"])
@requires(Access.PANELIST)
def sort_page(n: int, page: int) -> Any:
    """A page of questions to sort into piles: those without a rating come first, the others can be sorted anew."""
    ranking = ranking_at(sit_down(n, RoundKind.RANKING))
    sheet = _sort_page(ranking, page)
    if is_saving():
        return _save_piles(ranking, sheet)
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
        reasons=reasons_before(ranking.desk),
    )


def _save_piles(ranking: Ranking, sheet: SortPage) -> Any:
    def show(form: Problems) -> str:
        return _show_sort(ranking, sheet, dict(request.form), posted_base(), form)

    if "keep" in request.form:
        return save_whole(ranking, show=show)
    typed = {item.key: from_field(request.form.get(item.key)) for item in sheet.leaf.items}
    piles = {key: pile for key, pile in {**ranking.piles, **typed}.items() if pile is not None}
    address = _after_sorting(ranking, sheet, request.form.get("act", ""))
    return save_ranking(
        ranking,
        piles,
        ranking.order,
        show=show,
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
