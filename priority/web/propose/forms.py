"""What people fill in to ask: three screens of one form that carries everything from screen to screen."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from priority import clock
from priority.extensions import keys
from priority.services.proposing import LONGEST, MOST_AT_ONCE
from priority.web.fields import Form, LineField, Several, WordsField, choices
from priority.words import Letters, ProposalKind, Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wtforms import Field

    from priority.models import Exercise, StakeholderGroup

WORDS, YOU, CHECK = SCREENS = ("words", "you", "check")
LEAST_SECONDS = 3
LEFT_OUT = Optional(strip_whitespace=False)  # a choice of nothing but blanks is none that we offer
ASKED_LATER = (Purpose.CONTACT, Purpose.NAME, Purpose.PASS_ON)
_SCREEN_OF = {"texts": WORDS, "group": YOU, "on_behalf": YOU, "stop": YOU, "address": CHECK, "letters": CHECK}
_TOO_LONG = _l("This is longer than we can take: 4000 letters at most. Please send it in parts.")


def _letters() -> RadioField:
    return RadioField(
        _l("When may we write to you?"),
        choices=choices((letters.value, letters.public) for letters in Letters),
        default=Letters.EVERY_STEP.value,
        validators=[LEFT_OUT],
    )


def _address(*, label: str) -> LineField:
    return LineField(
        label,
        validators=[
            Optional(),
            Length(max=254),
            Email(_l("Check this address. It looks like name@example.org.")),
        ],
    )


class AskForm(Form):
    """The whole of what somebody asks: each screen shows a part of it and carries the rest. Call `prepare` first."""

    texts = Several(WordsField(_l("Your words")), min_entries=1, max_entries=MOST_AT_ONCE + 1)
    group = RadioField(_l("Who are you?"), validators=[LEFT_OUT])
    on_behalf = RadioField(
        _l("Do you write for yourself?"),
        choices=choices((("", _l("For myself")), ("y", _l("For somebody else, such as a child or a parent")))),
        default="",
        validators=[LEFT_OUT],
    )
    stop = BooleanField(_l("This is about research that should stop"))
    address = _address(label=_l("Your e-mail address"))
    letters = _letters()
    key = HiddenField()
    homepage = StringField(_l("Leave this empty"))

    def prepare(self, exercise: Exercise) -> None:
        """Fits the form to an exercise: its groups, and a name for each field of words."""
        groups = [(group.key, group.member) for group in exercise.groups]
        self.group.choices = choices([*groups, ("", _("I would rather not say"))])
        if self.group.data is None:
            self.group.data = ""
        for n, entry in enumerate(self.texts, start=1):
            entry.label.text = _("Your words") if len(self.texts) == 1 else _("Question %(n)d", n=n)
        if _opened(self.key.data, exercise) is None:
            self.key.data = _new_key(exercise)

    def check(self, screen: str) -> str | None:
        """The first screen up to this one where something must be mended; None where all is well."""
        self.validate()
        self._check_words()
        later = SCREENS[SCREENS.index(screen) + 1 :]
        for name, where in _SCREEN_OF.items():
            if where in later:
                self[name].errors = ()
        wrong = [where for name, where in _SCREEN_OF.items() if any(self._errors(name))]
        return wrong[0] if wrong else screen if self.problems else None

    def refuse_words(self, sentence: str) -> None:
        """What a service refused about the words stands at the first field of words."""
        self.texts[0].errors = (*self.texts[0].errors, sentence)

    def carried(self, screen: str) -> Iterator[tuple[str, str]]:
        """What the other screens hold, as names and values of hidden fields. Fields left empty are left out."""
        yield "key", self.key.data or ""
        for name, where in _SCREEN_OF.items():
            if where == screen:
                continue
            for field in self.texts if name == "texts" else [self[name]]:
                if field.data:
                    yield field.name, "y" if field.data is True else field.data

    def chosen_group(self, exercise: Exercise) -> StakeholderGroup | None:
        """The exercise's group that was chosen; None where the person would rather not say."""
        return next((group for group in exercise.groups if group.key == self.group.data), None)

    @property
    def written(self) -> list[str]:
        """Everything that was written, without the fields left empty."""
        return [entry.data for entry in self.texts if entry.data]

    @property
    def kind(self) -> ProposalKind:
        """Whether research is wished for, or wished away."""
        return ProposalKind.STOP if self.stop.data else ProposalKind.QUESTION

    def once(self, exercise: Exercise, *, is_known: bool) -> str | None:
        """The name of this one form; None where it came too fast or filled in what nobody sees, as machines do.

        In another browser, or after signing out, the same form has another name, unless its person `is_known`: else
        whoever finds it on a shared computer, and sends it again, would come in as whoever sent it.
        """
        opened = _opened(self.key.data, exercise)
        if opened is None or self.homepage.data:
            return None
        name, begun, browser = opened
        if clock.now().timestamp() - begun < LEAST_SECONDS:
            return None
        return name if is_known or browser == _this_browser() else f"{name}|{_this_browser()}"

    def _check_words(self) -> None:
        if not self.written:
            self.refuse_words(_("Write your question, even if it is only a few words."))
        if len(self.written) > MOST_AT_ONCE:
            self.refuse_words(_("Please send ten questions at most, then come back for more."))
        for entry in self.texts:
            if len(entry.data or "") > LONGEST:
                entry.errors = (*entry.errors, str(_TOO_LONG))

    def _errors(self, name: str) -> Iterator[Field]:
        fields = self.texts if name == "texts" else [self[name]]
        return (field for field in fields if field.errors)


class MoreWordsForm(Form):
    """More words to what was sent."""

    text = WordsField(
        _l("What would you like to add?"),
        validators=[InputRequired(_l("Write what you would like to add.")), Length(max=LONGEST, message=_TOO_LONG)],
    )


class ReachForm(Form):
    """How somebody hears from us."""

    address = _address(label=_l("Your e-mail address"))
    letters = _letters()


class AgreeForm(Form):
    """What somebody allows us, each thing apart."""

    purposes = SelectMultipleField(_l("What may we do?"))


def _new_key(exercise: Exercise) -> str:
    """A key for one form: signed, so that nobody makes one up, with the moment it was begun."""
    begun = int(clock.now().timestamp())
    return _signer().dumps([secrets.token_hex(16), begun, exercise.public_id, _this_browser()])


def _opened(key: str | None, exercise: Exercise) -> tuple[str, int, str] | None:
    try:
        name, begun, where, browser = _signer().loads(key or "")
    except (BadData, ValueError, TypeError):
        return None
    return (name, begun, browser) if where == exercise.public_id else None


def _this_browser() -> str:
    """What tells this browser from another, and says nothing of the secret that it carries."""
    return keys.unlinkable(f"asking|{session.secret}").hex()[:32]  # type: ignore[attr-defined]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys.session, salt="ask")
