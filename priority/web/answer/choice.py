"""A choice as somebody sees it: the questions they chose, and the places they gave them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from priority.services import voting
from priority.services.answers import FIRST, page_digest, places
from priority.web.answer.leaves import page_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from priority.queries.answering import Item
    from priority.services.answers import Answers
    from priority.services.voting import OwnBallot
    from priority.web.answer.desk import Desk

SIZE = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose and in which order. To the page of ordering, the chosen ones are the first pile."""

    desk: Desk
    chosen: tuple[str, ...]
    order: Mapping[str, int]
    template: ClassVar[str] = "answer/places.html"

    @property
    def most(self) -> int:
        """How many may be chosen."""
        return min(int(self.desk.round.design["choose"]), len(self.desk.items))

    @property
    def is_ranked(self) -> bool:
        """Whether the chosen questions are put in order afterwards."""
        return bool(self.desk.round.design.get("ranked"))

    @property
    def base(self) -> str:
        """The digest of what is saved."""
        return page_digest(self.desk.answers)

    @property
    def piles(self) -> dict[str, Any]:
        """The chosen questions as one pile."""
        return dict.fromkeys(self.chosen, FIRST)

    @property
    def first(self) -> list[Item]:
        """The chosen questions, those with a place before the others."""
        items = [item for item in self.desk.items if item.key in self.chosen]
        return sorted(items, key=lambda item: self.order.get(item.key, len(self.desk.items) + 1))

    @property
    def placed(self) -> list[Item]:
        """The questions that have a place, by place."""
        return [item for item in self.first if item.key in self.order]

    def page_of(self, key: str) -> int:
        """On which page a question can be chosen."""
        return page_of(self.desk.items, key, size=SIZE)

    def save(self, piles: Collection[str], order: Mapping[str, int], base: str | None) -> OwnBallot:
        """Saves what is chosen with its places; places of questions that are not chosen go, and gaps close."""
        kept = places({key: place for key, place in order.items() if key in piles})
        answers = {"chosen": list(piles), "order": kept}
        return voting.save_whole(self.desk.round, self.desk.who, answers, base=base)

    def told(self, piles: Collection[str], order: Mapping[str, int]) -> list[tuple[str, str]]:
        """What is chosen, in words."""
        return told(self.desk, {"chosen": list(piles), "order": order})

    def read(self, answers: Answers) -> tuple[dict[str, Any], dict[str, int]]:
        """The choice and the places of answers of this kind."""
        return {str(key): FIRST for key in answers["chosen"]}, dict(answers["order"].items())

    def steps(self, at: str) -> list[dict[str, str | None]]:
        """Choose, perhaps Order, Check: which are done, which is now."""
        n = self.desk.round.n
        names: list[tuple[str, str, str | None]] = [("choose", _("Choose"), url_for("answer.choose_page", n=n, page=1))]
        if self.is_ranked:
            names.append(("order", _("Order"), url_for("answer.order", n=n)))
        names.append(("check", _("Check"), None))
        here = [name for name, _label, _href in names].index(at)
        states = ["done"] * here + ["now"] + ["next"] * (len(names) - here - 1)
        return [
            {"label": str(label), "href": href, "state": state}
            for (_name, label, href), state in zip(names, states, strict=True)
        ]


def choice_at(desk: Desk) -> Choice:
    """What is saved of a choice; nothing before that."""
    return Choice(desk, tuple(desk.answers.get("chosen", ())), desk.answers.get("order", {}))


def told(desk: Desk, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question that was chosen, with its place where it has one, the first place first."""
    order = answers.get("order", {})
    items = [item for item in desk.items if item.key in answers.get("chosen", ())]
    items.sort(key=lambda item: order.get(item.key, len(desk.items) + 1))
    return [(item.text, _place_words(order.get(item.key))) for item in items]


def _place_words(place: int | None) -> str:
    return str(_("chosen") if place is None else _("place %(place)s", place=place))
