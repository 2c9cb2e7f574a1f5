"""One exception for each kind of refusal. Its words are what the person reads; its status is what the browser gets."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Refusal(Exception):
    """Something was asked that cannot be done; `words` say so plainly to the person who asked."""

    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT

    def __init__(self, words: LazyString | str) -> None:
        super().__init__(str(words))
        self.words = words


class Invalid(Refusal):
    """What was typed cannot be taken; `field` names where, so that the form can say it there."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, words: LazyString | str, *, field: str | None = None) -> None:
        super().__init__(words)
        self.field = field


class NotFound(Refusal):
    """There is no such thing, or not for this person: both answer alike."""

    status = HTTPStatus.NOT_FOUND


class Stale(Refusal):
    """Things changed since the page was opened: a closed round, a frozen rule, a second tab."""

    status = HTTPStatus.CONFLICT


class Gone(Refusal):
    """A link or code that worked once and no longer does."""

    status = HTTPStatus.GONE


class TooMany(Refusal):
    """Too many tries in a short time."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, words: LazyString | str, *, retry_after: int) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The service cannot do this now, through no fault of the person's; trying again later may work."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
