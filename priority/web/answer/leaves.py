"""A long list of questions, cut into pages that a thumb can bear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from priority.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.queries.answering import Item

SIZE = 6
MINUTES = 0.25
MINUTES_WITH_FEEDBACK = 0.4
MINUTES_OF_CRITERIA = 0.75
MINUTES_A_SET = 0.5


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of questions: which page of how many, and which questions of how many."""

    number: int
    pages: int
    first: int
    total: int
    items: tuple[Item, ...]
    minutes_each: float

    @property
    def last(self) -> int:
        """The number of the last question on this page."""
        return self.first + len(self.items) - 1

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return self.number == self.pages

    @property
    def words(self) -> str:
        """How far one is."""
        if len(self.items) == 1:
            return str(_("Question %(first)d of %(total)d.", first=self.first, total=self.total))
        numbers = {"first": self.first, "last": self.last, "total": self.total}
        return str(_("Questions %(first)d to %(last)d of %(total)d.", **numbers))

    @property
    def time_words(self) -> str:
        """How long the rest takes."""
        return time_words((self.total - self.first + 1) * self.minutes_each)


@dataclass(frozen=True, slots=True)
class SetLeaf:
    """One small set of questions on a page of its own: the how manieth of how many."""

    number: int
    pages: int
    items: tuple[Item, ...]

    @property
    def is_last(self) -> bool:
        """Whether no set follows."""
        return self.number == self.pages

    @property
    def words(self) -> str:
        """How far one is."""
        return str(_("Step %(number)d of %(pages)d.", number=self.number, pages=self.pages))

    @property
    def time_words(self) -> str:
        """How long the rest takes."""
        return time_words((self.pages - self.number + 1) * MINUTES_A_SET)


def time_words(minutes: float) -> str:
    """How long something takes, said once and never counted down."""
    return str(ngettext("About %(num)d minute left.", "About %(num)d minutes left.", max(1, round(minutes))))


def leaf_of(items: Sequence[Item], number: int, *, size: int = SIZE, minutes_each: float = MINUTES) -> Leaf:
    """Page `number` (the first is 1) of these questions; refuses a page that there is not."""
    pages = pages_of(items, size=size)
    if not 1 <= number <= pages:
        raise NotFound(_("There is no such page."))
    start = (number - 1) * size
    return Leaf(number, pages, start + 1, len(items), tuple(items[start : start + size]), minutes_each)


def pages_of(items: Sequence[Item], *, size: int = SIZE) -> int:
    """How many pages these questions fill."""
    return -(-len(items) // size)


def page_of(items: Sequence[Item], key: str, *, size: int = SIZE) -> int:
    """On which page the question of this key stands."""
    return [item.key for item in items].index(key) // size + 1
