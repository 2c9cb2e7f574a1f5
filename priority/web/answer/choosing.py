"""Choosing: eight questions a page, each in or out; what is chosen so far is kept from page to page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Invalid, Refusal
from priority.policy import Access
from priority.services.answers import page_digest
from priority.services.voting import Conflict
from priority.web.answer import choice as choices
from priority.web.answer.blueprint import bp
from priority.web.answer.choice import SIZE, Choice, choice_at
from priority.web.answer.desk import sit_down
from priority.web.answer.leaves import Leaf, leaf_of
from priority.web.answer.posting import (
    BACK,
    LEAVE,
    NOTHING_WRONG,
    Problems,
    count,
    home_saved,
    is_kept,
    is_saving,
    posted_base,
    refused,
    saved,
)
from priority.web.fields import Problem
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from priority.services.voting import OwnBallot
    from priority.web.answer.desk import Desk

DONE = "done"


@bp.route("/answer/<int(max=9999):n>/choose/<int(max=9999):page>", methods=["GET", "POST"])
@requires(Access.PANELIST)
def choose_page(n: int, page: int) -> Any:
    """A page of questions to choose from; posting saves what is ticked on it beside what was chosen on the others."""
    choice = choice_at(sit_down(n, RoundKind.CHOOSE))
    leaf = leaf_of(choice.desk.items, page, size=SIZE)
    if is_saving():
        return _save(choice, leaf)
    choice.desk.refuse_closed()
    if is_kept():
        return _show(choice, leaf, _ticked(), posted_base())
    here = _on_page(choice, leaf)
    return _show(choice, leaf, here, _digest(here))


# -- what the start page and the check ask of every kind -------------------------------------------------------------
def asks(desk: Desk) -> str:
    """What a round of this kind asks, in a line."""
    most = choice_at(desk).most
    if desk.round.design.get("ranked"):
        return str(_("Choose up to %(most)d questions, and put them in order", most=most))
    return str(_("Choose up to %(most)d questions", most=most))


def so_far(desk: Desk) -> str:
    """How many are chosen."""
    choice = choice_at(desk)
    return str(_("You chose %(count)d. You can choose up to %(most)d.", count=len(choice.chosen), most=choice.most))


def start(desk: Desk) -> str:
    """The last page on which something is chosen; the first one where nothing is."""
    choice = choice_at(desk)
    page = max((choice.page_of(item.key) for item in choice.first), default=1)
    return url_for("answer.choose_page", n=desk.round.n, page=page)


def told(desk: Desk, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question that was chosen, with its place."""
    return choices.told(desk, answers)


def check(desk: Desk) -> tuple[str, dict[str, Any]]:
    """What was chosen, by place, and how many more could be."""
    choice = choice_at(desk)
    shared = list(choice.order.values())
    rows = [
        {
            "place": choice.order.get(item.key),
            "shared": shared.count(choice.order.get(item.key, 0)) > 1,
            "text": item.text,
            "lang": item.locale,
        }
        for item in choice.first
    ]
    return "answer/check_choice.html", {"choice": choice, "rows": rows, "can_send": bool(choice.chosen)}


# -- the small print -------------------------------------------------------------------------------------------------
def _save(choice: Choice, leaf: Leaf) -> Any:
    ticked = _ticked()
    try:
        count(choice.desk)
        own = choice.save(_chosen(choice, leaf, ticked), choice.order, base=None)
    except Refusal as refusal:
        return refused(
            refusal,
            choice.desk,
            show=lambda form: _show(choice, leaf, ticked, posted_base(), _at_the_boxes(form)),
            show_both=lambda conflict: _show_both(choice, leaf, conflict),
            typed=choice.told(ticked, {}),
        )
    return saved(_digest(ticked), _onward(choice, leaf, own))


def _at_the_boxes(form: Problems) -> Problems:
    """Where the list of what to mend leads: to the boxes."""
    return Problems(tuple(Problem(problem.message, problem.anchor or "chosen") for problem in form.problems))


def _chosen(choice: Choice, leaf: Leaf, ticked: Collection[str]) -> list[str]:
    """Everything that is chosen now: what was on the other pages, and what is ticked on this one.

    Refuses what this page does not offer, and (Conflict) where this page was changed elsewhere meanwhile.
    """
    offered, here = {item.key for item in leaf.items}, _on_page(choice, leaf)
    if not offered.issuperset(ticked):
        raise Invalid(_("Please choose one of the answers on the page."))
    if posted_base() != _digest(here) and sorted(here) != sorted(ticked):
        raise Conflict({"chosen": here, "order": {}}, {"chosen": list(ticked), "order": {}})
    return [*(key for key in choice.chosen if key not in offered), *ticked]


def _ticked() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("chosen")))


def _on_page(choice: Choice, leaf: Leaf) -> list[str]:
    return [item.key for item in leaf.items if item.key in choice.chosen]


def _digest(keys: Collection[str]) -> str:
    return page_digest({"chosen": sorted(keys)})


def _onward(choice: Choice, leaf: Leaf, own: OwnBallot) -> str:
    n, act = choice.desk.round.n, request.form.get("act", "")
    if act == LEAVE:
        return home_saved()
    if act == BACK:
        return url_for("answer.choose_page", n=n, page=max(leaf.number - 1, 1))
    if act != DONE and not leaf.is_last:
        return url_for("answer.choose_page", n=n, page=leaf.number + 1)
    orders = choice.is_ranked and own.answers.get("chosen")
    return url_for("answer.order" if orders else "answer.check", n=n)


def _show(choice: Choice, leaf: Leaf, ticked: Collection[str], base: str, form: Problems = NOTHING_WRONG) -> str:
    here = {item.key for item in leaf.items}
    return render_template(
        "answer/choosing.html",
        desk=choice.desk,
        choice=choice,
        leaf=leaf,
        ticked=ticked,
        elsewhere=[(item, choice.page_of(item.key)) for item in choice.first if item.key not in here],
        base=base,
        form=form,
        is_kept=is_kept(),
    )


def _show_both(choice: Choice, leaf: Leaf, conflict: Conflict) -> str:
    return render_template(
        "answer/both.html",
        desk=choice.desk,
        saved=choice.told(conflict.saved["chosen"], {}),
        typed=choice.told(conflict.typed["chosen"], {}),
        keep_saved=[("chosen", key) for key in conflict.saved["chosen"]],
        keep_typed=[("chosen", key) for key in conflict.typed["chosen"]],
        base=_digest(_on_page(choice, leaf)),
        words=str(conflict.words),
    )
