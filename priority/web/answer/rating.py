"""Rating from 1 to 9: six questions a page, or one with what others answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import Refusal
from priority.policy import Access
from priority.queries.feedback import feedback_of, previous_rating
from priority.services import voting
from priority.services.answers import CANNOT_JUDGE, page_digest
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import Desk, sit_down
from priority.web.answer.figures import Figure, figure_of
from priority.web.answer.leaves import MINUTES, MINUTES_WITH_FEEDBACK, SIZE, Leaf, leaf_of, page_of
from priority.web.answer.posting import (
    BACK,
    LEAVE,
    NOTHING_WRONG,
    Problems,
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
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.queries.answering import Item
    from priority.services.voting import Conflict


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a rating round: its questions, what is saved of them, and what was answered last time."""

    desk: Desk
    leaf: Leaf
    last: Mapping[str, Any]
    figures: Mapping[str, Figure]

    @property
    def keys(self) -> list[str]:
        """The keys of the questions on this page."""
        return [item.key for item in self.leaf.items]

    @property
    def saved(self) -> dict[str, Any]:
        """The saved answers of this page."""
        return {key: self.desk.answers[key] for key in self.keys if key in self.desk.answers}

    @property
    def preset(self) -> dict[str, str]:
        """What is set when the page opens: what is saved, else (with feedback) the last answer, which is not saved."""
        return {key: to_field(self.desk.answers.get(key, self.last.get(key))) for key in self.keys}

    @property
    def is_unsaved_preset(self) -> bool:
        """Whether the page opens with a last answer that counts only once it is saved."""
        return any(key in self.last and key not in self.desk.answers for key in self.keys)

    def typed(self) -> dict[str, Any]:
        """What was posted for each question of this page."""
        return {key: from_field(request.form.get(key)) for key in self.keys}

    def address(self, page: int) -> str:
        """Where a page of this round is."""
        return url_for("answer.rating_page", n=self.desk.round.n, page=page)


@bp.route("/answer/<int(max=9999):n>/page/<int(max=9999):page>", methods=["GET", "POST"])
@requires(Access.PANELIST)
def rating_page(n: int, page: int) -> Any:
    """A page of questions to rate, with what is saved already; posting saves it."""
    sheet = _sheet(sit_down(n, RoundKind.RATING), page)
    if is_saving():
        return _save(sheet)
    sheet.desk.refuse_closed()
    if is_kept():
        return _show(sheet, dict(request.form), posted_base())
    return _show(sheet, sheet.preset, page_digest(sheet.saved))


def size_of(desk: Desk) -> int:
    """How many questions stand on a page."""
    return 1 if _has_feedback(desk) else SIZE


def first_unanswered(desk: Desk) -> int:
    """The first page with a question that has no answer yet; the first page where all have."""
    open_keys = [item.key for item in desk.items if item.key not in desk.answers]
    return page_of(desk.items, open_keys[0], size=size_of(desk)) if open_keys else 1


def answer_words(answer: Any) -> str:
    """An answer as it is told back."""
    if answer in (None, ""):
        return str(_("no answer"))
    return str(_("I can't judge this")) if answer in (CANNOT_JUDGE, "x") else str(answer)


def told(items: Sequence[Item], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question with its answer in words."""
    return [(item.text, answer_words(answers.get(item.key))) for item in items]


def _has_feedback(desk: Desk) -> bool:
    return bool(desk.round.design.get("feedback"))


def _sheet(desk: Desk, page: int) -> Sheet:
    minutes = MINUTES_WITH_FEEDBACK if _has_feedback(desk) else MINUTES
    leaf = leaf_of(desk.items, page, size=size_of(desk), minutes_each=minutes)
    before = previous_rating(desk.round) if _has_feedback(desk) else None
    if before is None:
        return Sheet(desk, leaf, {}, {})
    own = voting.own_ballot(before, desk.who)
    feedback = feedback_of(before)
    figures = {
        item.key: figure_of(feedback[item.key], desk.round.exercise, desk.group)
        for item in leaf.items
        if item.key in feedback
    }
    return Sheet(desk, leaf, own.answers if own is not None and own.counts else {}, figures)


def _show(sheet: Sheet, chosen: Mapping[str, str], base: str, form: Problems = NOTHING_WRONG) -> str:
    name = "answer/again.html" if _has_feedback(sheet.desk) else "answer/rating.html"
    return render_template(
        name, desk=sheet.desk, leaf=sheet.leaf, sheet=sheet, chosen=chosen, base=base, form=form, is_kept=is_kept()
    )


def _save(sheet: Sheet) -> Any:
    desk, typed = sheet.desk, sheet.typed()
    try:
        count(desk)
        own = voting.save_page(desk.round, desk.who, typed, base=posted_base())
    except Refusal as refusal:
        return refused(
            refusal,
            desk,
            show=lambda form: _show(sheet, dict(request.form), posted_base(), form),
            show_both=lambda conflict: _show_both(sheet, conflict),
            typed=told(sheet.leaf.items, typed),
        )
    now = {key: own.answers[key] for key in sheet.keys if key in own.answers}
    return saved(page_digest(now), _onward(sheet, request.form.get("act", "")))


def _show_both(sheet: Sheet, conflict: Conflict) -> str:
    return render_template(
        "answer/both.html",
        desk=sheet.desk,
        saved=told(sheet.leaf.items, conflict.saved),
        typed=told(sheet.leaf.items, conflict.typed),
        keep_saved=[(key, to_field(conflict.saved.get(key))) for key in sheet.keys],
        keep_typed=[(key, to_field(conflict.typed.get(key))) for key in sheet.keys],
        base=page_digest(conflict.saved),
        words=str(conflict.words),
    )


def _onward(sheet: Sheet, act: str) -> str:
    if act == LEAVE:
        return home_saved()
    if act == BACK:
        return sheet.address(max(sheet.leaf.number - 1, 1))
    if sheet.leaf.is_last:
        return url_for("answer.check", n=sheet.desk.round.n)
    return sheet.address(sheet.leaf.number + 1)
