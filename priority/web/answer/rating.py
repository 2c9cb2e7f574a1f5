"""Rating on the round's scale: six questions a page, or one with what others answered or with several criteria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from priority.policy import Access
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.scales import NINE, scale_of
from priority.web.answer.before import Before, before_of
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.leaves import MINUTES, MINUTES_OF_CRITERIA, MINUTES_WITH_FEEDBACK, SIZE, leaf_of, page_of
from priority.web.answer.posting import to_field
from priority.web.answer.sheets import Sheet, serve
from priority.web.answer.why import page_that_asks_why
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.queries.answering import Item
    from priority.services.ballot_types.scales import Scale
    from priority.services.voting import OwnBallot
    from priority.web.answer.desk import Desk


@dataclass(frozen=True, slots=True)
class RatingSheet(Sheet):
    """One page of a rating round: its questions, what is saved of them, and what was answered last time."""

    before: Before
    endpoint: ClassVar[str] = "answer.rating_page"

    @property
    def scale(self) -> Scale:
        """The scale of this round."""
        return scale_of(self.desk.round.design)

    @property
    def template(self) -> str:
        """The template that draws it."""
        if self.scale.criteria:
            return "answer/criteria.html"
        return "answer/again.html" if has_feedback(self.desk) else "answer/rating.html"

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the answers that this page asks for: one a question, or one a criterion."""
        return tuple(key for item in self.leaf.items for key in self.scale.fields(item.key))

    @property
    def last(self) -> Mapping[str, Any]:
        """Somebody's own last answers."""
        return self.before.answers

    @property
    def preset(self) -> dict[str, str]:
        """What is saved, else (with feedback) the last answer, which is not saved."""
        return {key: to_field(self.desk.answers.get(key, self.last.get(key))) for key in self.keys}

    @property
    def is_unsaved_preset(self) -> bool:
        """Whether the page opens with a last answer that counts only once it is saved."""
        return any(key in self.last and key not in self.desk.answers for key in self.keys)

    def told(self, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Each question of the page with its answer in words."""
        return _told(self.leaf.items, self.scale, answers)

    def onward(self, own: OwnBallot) -> str:
        """First, where that is asked, the page that asks why; then the next page, or the check."""
        why = page_that_asks_why(self.desk, self.before, self.leaf, own.answers)
        return why or super(RatingSheet, self).onward(own)


@bp.route("/answer/<int(max=9999):n>/page/<int(max=9999):page>", methods=["GET", "POST"])
@requires(Access.PANELIST)
def rating_page(n: int, page: int) -> Any:
    """A page of questions to rate, with what is saved already; posting saves it."""
    return serve(sheet_of(sit_down(n, RoundKind.RATING), page))


def sheet_of(desk: Desk, page: int) -> RatingSheet:
    """A page of a rating round; refuses one that there is not."""
    minutes = MINUTES_OF_CRITERIA if scale_of(desk.round.design).criteria else MINUTES
    leaf = leaf_of(
        desk.items,
        page,
        size=size_of(desk),
        minutes_each=MINUTES_WITH_FEEDBACK if has_feedback(desk) and minutes == MINUTES else minutes,
    )
    return RatingSheet(desk, leaf, before_of(desk))


def size_of(desk: Desk) -> int:
    """How many questions stand on a page."""
    return 1 if has_feedback(desk) or scale_of(desk.round.design).criteria else SIZE


def has_feedback(desk: Desk) -> bool:
    """Whether the round shows what others answered."""
    return bool(desk.round.design.get("feedback"))


# -- what the start page and the check ask of every kind -------------------------------------------------------------
def asks(desk: Desk) -> str:
    """What a round of this kind asks, in a line."""
    if has_feedback(desk):
        return str(_("The same questions again, with what others answered"))
    return str(_("How much does each question matter?"))


def start(desk: Desk) -> str:
    """The first page with a question that has no full answer yet; the first page where all have."""
    scale = scale_of(desk.round.design)
    without = [item.key for item in desk.items if any(key not in desk.answers for key in scale.fields(item.key))]
    page = page_of(desk.items, without[0], size=size_of(desk)) if without else 1
    return url_for(RatingSheet.endpoint, n=desk.round.n, page=page)


def told(desk: Desk, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question with its answer in words."""
    return _told(desk.items, scale_of(desk.round.design), answers)


def check(desk: Desk) -> tuple[str, dict[str, Any]]:
    """How many questions were answered, can't be judged, are empty; each with the page where the first one stands."""
    scale = scale_of(desk.round.design)

    def line(items: Sequence[Item]) -> tuple[int, str | None]:
        if not items:
            return 0, None
        page = page_of(desk.items, items[0].key, size=size_of(desk))
        return len(items), url_for(RatingSheet.endpoint, n=desk.round.n, page=page)

    piles: dict[str, list[Item]] = {"given": [], "part": [], "cannot": [], "empty": []}
    for item in desk.items:
        piles[_pile(scale, item, desk.answers)].append(item)
    lines = {name: line(items) for name, items in piles.items()}
    return "answer/check_rating.html", lines | {"scale": scale, "can_send": bool(desk.answers)}


def _pile(scale: Scale, item: Item, answers: Mapping[str, Any]) -> str:
    given = [answers[key] for key in scale.fields(item.key) if key in answers]
    if not given:
        return "empty"
    if len(given) < len(scale.fields(item.key)):
        return "part"
    return "cannot" if all(answer == CANNOT_JUDGE for answer in given) else "given"


def _told(items: Sequence[Item], scale: Scale, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not scale.criteria:
        return [(item.text, answer_words(scale, answers.get(item.key))) for item in items]
    return [
        (f"{item.text} {words}", answer_words(scale, answers.get(f"{item.key}/{criterion}")))
        for item in items
        for criterion, words in scale.criteria
    ]


def answer_words(scale: Scale, answer: Any) -> str:
    """An answer as it is told back: a number of 1 to 9 as it is, others with their words."""
    if answer in (None, ""):
        return str(_("no answer"))
    if answer in (CANNOT_JUDGE, "x"):
        return str(_("I can't judge this"))
    if scale is NINE or answer not in scale.words:
        return str(answer)
    words = str(scale.words[answer])
    return words if scale.criteria else str(_("%(n)s: %(words)s", n=answer, words=words))
