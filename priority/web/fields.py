"""Forms as our macros want them: cleaned text, our own words for what is missing, a list of what to mend."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, RadioField, SelectMultipleField, StringField, TextAreaField

from priority.web.refusals import KinderSentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wtforms import Field

# NUL and control characters except line feed and tab, and the marks that turn the direction of a text behind the
# reader's back. U+200C to U+200F stay: Persian, Arabic and emoji need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean_lines(text: str | None) -> str | None:
    """Words as they may be kept: line feeds only, no control characters, no spaces around. None stays None."""
    if text is None:
        return None
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str | None) -> str | None:
    """The same on a single line: every run of white space becomes one space. None stays None."""
    cleaned = clean_lines(text)
    return cleaned if cleaned is None else " ".join(cleaned.split())


def same_words(one: str, other: str) -> bool:
    """Whether two texts read alike, however their accents are composed. Only compared, never kept in this form."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


class LineField(StringField):
    """A line of text, cleaned when it arrives. What was typed comes back cleaned, too."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the line that was posted; refuse nothing, since the validators speak to the person."""
        if valuelist:
            self.data = clean_line(str(valuelist[0]))


class WordsField(TextAreaField):
    """Text of several lines, cleaned when it arrives; its line breaks stay."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text that was posted; refuse nothing, since the validators speak to the person."""
        if valuelist:
            self.data = clean_lines(str(valuelist[0]))


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the sentence, and the id of the control it belongs to (none for the form as a whole)."""

    message: str
    anchor: str | None


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours. After `validate()` has said no, `problems` lists what to mend, in the order of the page."""

    form_errors: list[str]  # filled by WTForms; here for the type alone

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Where WTForms finds its sentences."""

        def get_translations(self, _form: Form) -> KinderSentences:
            """Kinder sentences than the stock ones, in the reader's language."""
            return KinderSentences()

    @property
    def problems(self) -> list[Problem]:
        """The first problem of each field, each with the place to jump to; those of the form as a whole come last."""
        found = [problem for field in self for problem in _problems(field)]
        return found + [Problem(str(message), None) for message in self.form_errors]

    def refuse(self, message: str, field: str | None = None) -> None:
        """Add what a service refused, so that the page says it as it says its own: at the field and at the top.

        Raises
        ------
        KeyError
            The form has no field of that name.
        """
        if field is None:
            self.form_errors = [*self.form_errors, message]
            return
        asked = self[field]
        asked.errors = (*asked.errors, message)


def _problems(field: Field) -> Iterator[Problem]:
    if isinstance(field, FormField):
        yield from (problem for inner in field.form for problem in _problems(inner))
    elif isinstance(field, FieldList) and any(inner.errors for inner in field):
        yield from (problem for inner in field for problem in _problems(inner))
    elif field.type == "CSRFTokenField" and field.errors:
        yield Problem(_("This page waited too long. Please send it once more."), None)
    elif field.errors:
        yield Problem(str(field.errors[0]), _anchor(field))


def _anchor(field: Field) -> str | None:
    if field.type == "HiddenField":
        return None
    if isinstance(field, (RadioField, SelectMultipleField)):
        return f"{field.id}-0"
    return str(field.id)
