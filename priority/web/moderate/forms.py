"""What moderators type: where words belong, what a question says, and why it changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, StopValidation

from priority.web.fields import Form, LineField, WordsField, choices
from priority.words import Destination, SuggestionState

if TYPE_CHECKING:
    from wtforms import Field

ROADS = {road.value: road for road in Destination if road is not Destination.RESEARCH}

# A sentence to begin from. What stands in square brackets is for the moderator to fill in, and is refused if left.
EXAMPLES = {
    Destination.TO_CHANGE: _l(
        "This matters, and it needs a change rather than a study. It is now on the association's list of things to "
        "change. [Who] takes it to [whom] in [month], and you will hear."
    ),
    Destination.ALREADY_KNOWN: _l(
        "Good news: people have looked into this. Here is what they found, in four lines. [The answer, and where it "
        "comes from.] Does it answer your question? If not, it stays open."
    ),
    Destination.ANOTHER_PARTNER: _l(
        "This matters, and [partner] can do more about it than we can. [Who] speaks with them in [month], and you "
        "will hear. We pass on your words only if you say yes."
    ),
}
_LEFT_OPEN = re.compile(r"\[[^\[\]\n]*\]")  # stops at the next bracket: a text of brackets alone takes no longer


class SeenForm(Form):
    """A form about some words (or a question) as they were when the page was opened."""

    part = HiddenField()
    version = HiddenField()


class JoinForm(SeenForm):
    """The question that some words join."""

    question = RadioField(_l("Questions"), validators=[InputRequired(_l("Choose the question these words belong to."))])
    reason = LineField(_l("Why (for the trail)"))


class QuestionForm(SeenForm):
    """A new question made out of some words, or a new wording of one."""

    text = WordsField(_l("The question"), description=_l("In plain words, so that those who asked find themselves."))
    short = LineField(_l("Short name"), description=_l("Three to five words, for lists and charts."))
    background = WordsField(_l("Background"), description=_l("What somebody needs to know before they can judge it."))


class RewordForm(QuestionForm):
    """A new wording, and why."""

    reason = LineField(_l("Why it changes"), description=_l("The reason stays beside the wording."))


class RoadForm(SeenForm):
    """Another road: who takes it on, and what the person reads."""

    destination = HiddenField()
    owner = LineField(_l("Who takes it on"), description=_l("A person with a name, or a list that somebody keeps."))
    sentence = WordsField(_l("What the person will read"))

    def validate_destination(self, field: Field) -> None:
        """Refuses a road that is not one of the three."""
        if field.data not in ROADS:
            raise StopValidation(_("Choose one of the three roads."))

    def validate_sentence(self, field: Field) -> None:
        """Refuses the example as it stands: what is in square brackets is not true yet."""
        left = _LEFT_OPEN.search(field.data or "")
        if left is not None:
            raise StopValidation(_("Fill in what stands in square brackets: %(left)s", left=left.group()))


class SplitForm(SeenForm):
    """The same words with lines between the pieces."""

    pieces = WordsField(_l("The words, with a line between the pieces"))


class RedactForm(SeenForm):
    """The same words with names taken out."""

    words_n = HiddenField()
    redacted = WordsField(_l("The words without the name"))


class TakeOutForm(SeenForm):
    """Words that leave a question, and why."""

    reason = LineField(_l("Why (for the trail)"))


class OffListForm(SeenForm):
    """A question without originals leaves the list."""


class SuggestionForm(Form):
    """What becomes of a question that somebody of those who answer suggested, and the words they read."""

    state = RadioField(
        _l("What becomes of it"),
        choices=choices(
            [
                (SuggestionState.TAKEN.value, _l("It becomes a question, which the next round can ask")),
                (SuggestionState.ON_LIST.value, _l("It is on the list already")),
                (SuggestionState.NOT_NOW.value, _l("It is not asked in this exercise")),
            ]
        ),
        validators=[InputRequired(_l("Choose what becomes of it."))],
    )
    text = WordsField(_l("The question"), description=_l("Where it becomes one: in plain words."))
    short = LineField(_l("Short name"), description=_l("Three to five words, for lists and charts."))
    background = WordsField(_l("Background"), description=_l("What somebody needs to know before they can judge it."))
    number = SelectField(_l("The question it is the same as"), validate_choice=False)
    answer = WordsField(
        _l("What the person will read"), description=_l("A sentence or two. Where it is not asked: why, and who helps.")
    )


class FindForm(Form):
    """Words to look for among the questions."""

    class Meta(Form.Meta):
        """Looking changes nothing, so it needs no token."""

        csrf = False

    find = LineField(_l("Look for words in the questions"))
