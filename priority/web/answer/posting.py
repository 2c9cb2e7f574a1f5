"""What every page of answers does with what was posted: save it, or give it back with the reason and nothing lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g, jsonify, redirect, render_template, request, url_for

from priority.errors import Stale, TooMany
from priority.services.answers import CANNOT_JUDGE
from priority.services.voting import Conflict
from priority.web.answer.pace import count_save
from priority.web.fields import Problem
from priority.web.transaction import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from priority.errors import Refusal
    from priority.web.answer.desk import Desk

CANNOT_JUDGE_FIELD = "x"
HALF = 0.5
NEXT, BACK, LEAVE = "next", "back", "leave"
NOT_ANSWERS = frozenset({"csrf_token", "code"})


@dataclass(frozen=True, slots=True)
class Problems:
    """What to mend, in the shape in which the page's error summary and title ask for it."""

    problems: tuple[Problem, ...] = ()

    def at(self, anchor: str) -> str | None:
        """What is wrong at one place of the page; None where nothing is."""
        return next((problem.message for problem in self.problems if problem.anchor == anchor), None)

    @classmethod
    def of(cls, refusal: Refusal) -> Problems:
        """The one thing that a service refused, at its field where it names one."""
        return cls((Problem(str(refusal.words), getattr(refusal, "field", None)),))


NOTHING_WRONG = Problems()


def to_field(answer: Any) -> str:
    """An answer as a radio posts it."""
    return "" if answer is None else CANNOT_JUDGE_FIELD if answer == CANNOT_JUDGE else str(answer)


def from_field(text: str | None) -> Any:
    """The answer that a radio posted; None for no answer, and the text itself where it is not one of ours."""
    if not text:
        return None
    if text == CANNOT_JUDGE_FIELD:
        return CANNOT_JUDGE
    if text == str(HALF):
        return HALF
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else text


def is_kept() -> bool:
    """Whether this request brings back what was typed before somebody signed in again: to show it, not to save it."""
    return bool(g.get("kept", False))


def is_saving() -> bool:
    """Whether this request asks to save."""
    return request.method == "POST" and not is_kept()


def by_script() -> bool:
    """Whether a script of ours saves in the background, and reads JSON."""
    accepts = request.accept_mimetypes
    return request.headers.get("X-Requested-With") == "autosave" or (accepts.accept_json and not accepts.accept_html)


def posted_base() -> str:
    """The digest of what the page showed when it was opened."""
    return request.form.get("base", "")


def kept_fields() -> list[tuple[str, str]]:
    """Everything that was posted, to be posted again."""
    return [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_ANSWERS]


def count(desk: Desk) -> None:
    """Counts a save; refuses more than a person can make."""
    count_save(desk.own_key)


def saved(base: str, onward: str) -> Any:
    """After saving: on to the next page, or, for a script, the digest of what the page shows now."""
    return jsonify(base=base) if by_script() else redirect(onward, code=303)


def home_saved() -> str:
    """The address of the start page, which says that everything was saved."""
    return url_for("answer.home", done="answers-saved")


def refused(
    refusal: Refusal,
    desk: Desk,
    *,
    show: Callable[[Problems], Any],
    show_both: Callable[[Conflict], str],
    typed: list[tuple[str, str]],
) -> Any:
    """What was typed, given back with the reason: on its page, or beside what was saved elsewhere, or as not counted.

    `show` draws the page again, `show_both` the two versions, `typed` is each question with what was answered.
    """
    fail()
    status = int(refusal.status)
    if by_script():
        return jsonify(words=str(refusal.words)), status
    if isinstance(refusal, Conflict):
        return show_both(refusal), status
    if isinstance(refusal, Stale):
        return render_template("answer/closed.html", desk=desk, words=str(refusal.words), typed=typed), status
    headers = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
    return show(Problems.of(refusal)), status, headers
