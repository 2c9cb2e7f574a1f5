"""Rating: a number on the round's scale for each question, or "I can't judge"; what was not answered is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.scales import scale_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from priority.services.answers import Answers


def check(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> Answers:
    """The ratings as they are kept; refuses another question or criterion, and a value that the scale does not have."""
    scale = scale_of(design)
    fields = {field for item in items for field in scale.fields(item)}
    for key, value in answers.items():
        on_scale = any(type(value) is type(each) and value == each for each in scale.values)
        if key not in fields or not (value == CANNOT_JUDGE or on_scale):
            raise Invalid(_("Please choose one of the answers on the page."), field=key)
    return dict(answers)


def progress(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> tuple[int, int]:
    """How many questions are answered (on all their criteria) of how many."""
    scale = scale_of(design)
    return sum(all(field in answers for field in scale.fields(item)) for item in items), len(items)
