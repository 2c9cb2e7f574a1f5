"""What a form says by itself, in words for people: WTForms' own sentences are for programmers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.i18n import translations as _stock

# The numbers in a sentence are filled in by WTForms, afterwards.
_KINDER = {
    "This field is required.": _l("Please fill this in."),
    "Not a valid choice.": _l("Choose one of the answers."),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from these answers."),
    "'%(value)s' are not valid choices for this field.": _l("Choose from these answers."),
    "Invalid Choice: could not coerce.": _l("Choose one of the answers."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Choose from these answers."),
    "Not a valid integer value.": _l("Write a whole number, such as 7."),
    "Not a valid decimal value.": _l("Write a number, such as 7.5."),
    "Not a valid float value.": _l("Write a number, such as 7.5."),
    "Not a valid date value.": _l("Write a day, such as 2026-09-18."),
    "Not a valid datetime value.": _l("Write a day and a time, such as 2026-09-18 17:00."),
    "Invalid email address.": _l("Check this address. It looks like name@example.org."),
    "Invalid input.": _l("Look at this once more."),
    "Number must be at least %(min)s.": _l("Write %(min)s or more."),
    "Number must be at most %(max)s.": _l("Write %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number from %(min)s to %(max)s."),
    "Field must be at least %(min)d characters long.": _l("Write a little more: at least %(min)d letters."),
    "Field cannot be longer than %(max)d characters.": _l("This is too long. There is room for %(max)d letters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write from %(min)d to %(max)d letters."),
}


class KinderSentences:
    """What WTForms asks for: ours where we have a kinder sentence, else its own in the reader's language."""

    def gettext(self, sentence: str) -> str:
        """Our sentence for one of WTForms'; one we do not know comes in its own words."""
        return str(_KINDER[sentence]) if sentence in _KINDER else str(_stock.gettext(sentence))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Our sentence for `n` letters or answers; one we do not know comes in its own words."""
        return str(_KINDER[plural]) if plural in _KINDER else str(_stock.ngettext(singular, plural, n))
