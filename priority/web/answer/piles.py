"""A ranking as somebody sees it: their piles, from their last ratings until they sort anew, and their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _

from priority.queries.feedback import previous_rating
from priority.services import voting
from priority.services.answers import CANNOT_JUDGE, FIRST, MOST_PLACES, SECOND, THIRD, page_digest, places
from priority.services.ballot_types.scales import scale_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.queries.answering import Item
    from priority.services.answers import Answers
    from priority.services.ballot_types.scales import Scale
    from priority.services.voting import OwnBallot
    from priority.web.answer.desk import Desk


@dataclass(frozen=True, slots=True)
class Ranking:
    """Somebody's piles and places. `rated` are the piles that follow from their ratings, whatever they did since."""

    desk: Desk
    rated: Mapping[str, Any]
    piles: Mapping[str, Any]
    order: Mapping[str, int]
    template: ClassVar[str] = "answer/order.html"
    most: ClassVar[int] = MOST_PLACES

    @property
    def base(self) -> str:
        """The digest of what is saved."""
        return page_digest(self.desk.answers)

    @property
    def already_rated(self) -> tuple[Item, ...]:
        """The questions that the last ratings put in a pile."""
        return tuple(item for item in self.desk.items if item.key in self.rated)

    @property
    def unrated(self) -> tuple[Item, ...]:
        """The questions that the last ratings say nothing about."""
        return tuple(item for item in self.desk.items if item.key not in self.rated)

    @property
    def unsorted(self) -> tuple[Item, ...]:
        """The questions that are in no pile yet."""
        return tuple(item for item in (*self.unrated, *self.already_rated) if item.key not in self.piles)

    def in_pile(self, pile: Any) -> list[Item]:
        """The questions of a pile, in their own order."""
        return [item for item in self.desk.items if self.piles.get(item.key) == pile]

    @property
    def first(self) -> list[Item]:
        """The first pile, those with a place before the others."""
        return sorted(self.in_pile(FIRST), key=lambda item: self.order.get(item.key, MOST_PLACES + 1))

    @property
    def placed(self) -> list[Item]:
        """The questions that have a place, by place."""
        return [item for item in self.first if item.key in self.order]

    def save(self, piles: Mapping[str, Any], order: Mapping[str, int], base: str) -> OwnBallot:
        """Saves piles and places; places of questions that left the first pile go, and gaps close."""
        kept = {key: place for key, place in order.items() if piles.get(key) == FIRST}
        return voting.save_whole(self.desk.round, self.desk.who, {"piles": piles, "order": places(kept)}, base=base)

    def told(self, piles: Mapping[str, Any], order: Mapping[str, int]) -> list[tuple[str, str]]:
        """Piles and places in words."""
        return told(self.desk, {"piles": piles, "order": order})

    def read(self, answers: Answers) -> tuple[dict[str, Any], dict[str, int]]:
        """The piles and places of answers of this kind."""
        return dict(answers["piles"].items()), dict(answers["order"].items())


def ranking_at(desk: Desk) -> Ranking:
    """What is saved; before that, the piles that follow from the last ratings, which count only once saved."""
    rated = _rated(desk)
    answers: Answers = desk.answers or {"piles": rated, "order": {}}
    return Ranking(desk, rated, answers["piles"], answers["order"])


def pile_words(pile: Any) -> str:
    """What a pile is called."""
    names = {
        FIRST: _("Very important"),
        SECOND: _("Important"),
        THIRD: _("Less important"),
        CANNOT_JUDGE: _("I can't judge"),
        None: _("no answer"),
    }
    return str(names.get(pile, pile))


def counted_words(pile: Any) -> str:
    """What stands after the number of questions in a pile: "8 important"."""
    names = {SECOND: _("important"), THIRD: _("less important"), CANNOT_JUDGE: _("you can't judge")}
    return str(names[pile])


def told(desk: Desk, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question that was answered, with its place or pile in words, the first place first."""
    piles, order = answers.get("piles", {}), answers.get("order", {})
    rows = [
        (order.get(item.key, 100 + _position(piles[item.key])), item.text, _told(item.key, piles, order))
        for item in desk.items
        if item.key in piles
    ]
    return [(text, words) for _rank, text, words in sorted(rows)]


def _told(key: str, piles: Mapping[str, Any], order: Mapping[str, int]) -> str:
    return str(_("place %(place)s", place=order[key])) if key in order else pile_words(piles[key])


def _position(pile: Any) -> int:
    return pile if pile in (FIRST, SECOND, THIRD) else THIRD + 1


def _rated(desk: Desk) -> dict[str, Any]:
    before = previous_rating(desk.round)
    own = None if before is None else voting.own_ballot(before, desk.who)
    if before is None or own is None or not own.counts:
        return {}
    scale = scale_of(before.design)
    piles = {item.key: _pile_of(scale, own.answers.get(item.key)) for item in desk.items}
    return {key: pile for key, pile in piles.items() if pile is not None}


def _pile_of(scale: Scale, rating: Any) -> Any:
    """The pile that a rating stands for, by its band; none on a scale without bands."""
    if rating in (None, CANNOT_JUDGE):
        return rating
    return {2: FIRST, 1: SECOND, 0: THIRD, None: None}[scale.band_of(rating)]
