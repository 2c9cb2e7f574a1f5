"""Forms as our macros want them: cleaned text, our own words for what is missing, a list of what to mend."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from priority.texts import clean_line, clean_words
from priority.web.refusals import KinderSentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wtforms import Field


LONGEST_NUMBER = 3


def choices(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """What a select, radios or checkboxes offer, from pairs of value and label; WTForms no longer takes the pairs."""
    return [SelectChoice(value, label) for value, label in pairs]


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
            self.data = clean_words(str(valuelist[0]))


class Several(FieldList):  # type: ignore[type-arg]  # the stubs know an argument that the library does not take
    """A field as often as it was posted: `texts-0`, `texts-1`. A name with another number than that is not ours."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """The numbers in the names; WTForms itself breaks on digits such as `²`, and on thousands of them."""
        for name in formdata:
            number = name.removeprefix(f"{prefix}-")
            if number != name and number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER:
                yield int(number)


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the sentence, and the id of the control it belongs to (none for the form as a whole)."""

    message: str
    anchor: str | None
    label: str = field(default="", compare=False)


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
        found = _told_apart([problem for field in self for problem in _problems(field)])
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


def _told_apart(problems: list[Problem]) -> list[Problem]:
    """The same sentence twice says which field it means."""
    sentences = [problem.message for problem in problems]
    twice = {sentence for sentence in sentences if sentences.count(sentence) > 1}
    return [
        replace(one, message=f"{one.label}{'' if one.label.endswith('?') else ':'} {one.message}")
        if one.message in twice and one.label
        else one
        for one in problems
    ]


def _problems(field: Field) -> Iterator[Problem]:
    if isinstance(field, FormField):
        yield from (problem for inner in field.form for problem in _problems(inner))
    elif isinstance(field, FieldList) and any(inner.errors for inner in field):
        yield from (problem for inner in field for problem in _problems(inner))
    elif field.type == "CSRFTokenField" and field.errors:
        yield Problem(_("This page waited too long. Please send it once more."), None)
    elif field.errors:
        yield Problem(str(field.errors[0]), _anchor(field), str(field.label.text))


def _anchor(field: Field) -> str | None:
    if field.type == "HiddenField":
        return None
    if isinstance(field, (RadioField, SelectMultipleField)):
        return f"{field.id}-0"
    return str(field.id)
