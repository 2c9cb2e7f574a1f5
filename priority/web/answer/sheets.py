"""A page of answers that are saved page by page: shown, saved, or shown beside what was saved elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask import render_template, request, url_for

from priority.errors import Refusal
from priority.services import voting
from priority.services.answers import page_digest
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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.services.voting import Conflict, OwnBallot
    from priority.web.answer.desk import Desk
    from priority.web.answer.leaves import Leaf, SetLeaf


@dataclass(frozen=True, slots=True)
class Sheet(ABC):
    """One page: what it asks under which `keys`, what is saved of it, what stands in it when it opens."""

    desk: Desk
    leaf: Leaf | SetLeaf
    endpoint: ClassVar[str]

    @property
    @abstractmethod
    def template(self) -> str:
        """The template that draws it."""

    @property
    @abstractmethod
    def keys(self) -> tuple[str, ...]:
        """The keys of the answers that this page asks for."""

    @abstractmethod
    def told(self, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What was asked and what was answered, in words."""

    @property
    def saved(self) -> dict[str, Any]:
        """The saved answers of this page."""
        return {key: self.desk.answers[key] for key in self.keys if key in self.desk.answers}

    @property
    def preset(self) -> dict[str, str]:
        """What is set when the page opens."""
        return {key: to_field(self.desk.answers.get(key)) for key in self.keys}

    def typed(self) -> dict[str, Any]:
        """What was posted for each answer of this page."""
        return {key: from_field(request.form.get(key)) for key in self.keys}

    def address(self, page: int) -> str:
        """Where a page of this round is."""
        return url_for(self.endpoint, n=self.desk.round.n, page=page)

    def onward(self, own: OwnBallot) -> str:  # noqa: ARG002 - a page with others' answers looks at what was saved
        """Where the next page is, or the check."""
        if self.leaf.is_last:
            return url_for("answer.check", n=self.desk.round.n)
        return self.address(self.leaf.number + 1)


def serve(sheet: Sheet) -> Any:
    """The page, as it was asked for; posting saves it."""
    if is_saving():
        return _save(sheet)
    sheet.desk.refuse_closed()
    if is_kept():
        return _show(sheet, dict(request.form), posted_base())
    return _show(sheet, sheet.preset, page_digest(sheet.saved))


def _show(sheet: Sheet, chosen: Mapping[str, str], base: str, form: Problems = NOTHING_WRONG) -> str:
    return render_template(
        sheet.template,
        desk=sheet.desk,
        leaf=sheet.leaf,
        sheet=sheet,
        chosen=chosen,
        base=base,
        form=form,
        is_kept=is_kept(),
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
            typed=sheet.told(typed),
        )
    now = {key: own.answers[key] for key in sheet.keys if key in own.answers}
    return saved(page_digest(now), _after(sheet, own, request.form.get("act", "")))


def _show_both(sheet: Sheet, conflict: Conflict) -> str:
    return render_template(
        "answer/both.html",
        desk=sheet.desk,
        saved=sheet.told(conflict.saved),
        typed=sheet.told(conflict.typed),
        keep_saved=[(key, to_field(conflict.saved.get(key))) for key in sheet.keys],
        keep_typed=[(key, to_field(conflict.typed.get(key))) for key in sheet.keys],
        base=page_digest(conflict.saved),
        words=str(conflict.words),
    )


def _after(sheet: Sheet, own: OwnBallot, act: str) -> str:
    if act == LEAVE:
        return home_saved()
    if act == BACK:
        return sheet.address(max(sheet.leaf.number - 1, 1))
    return sheet.onward(own)
