"""Somebody with two roles has one ballot: before their first answer they choose whose view they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.queries.answering import groups_to_choose
from priority.queries.rounds import rounds_of
from priority.services import rounds
from priority.words import RoundState

if TYPE_CHECKING:
    from priority.models import Panelist


def choose(panelist: Panelist, key: str) -> None:
    """From here on they give the view of this group, in every round; rounds that are open ask them from now on.

    Refuses a group that is not one of their two, and somebody who has nothing to choose (any more).
    """
    choices = {group.key: group for group in groups_to_choose(panelist)}
    if not choices:
        raise Stale(_("You have chosen already whose view you give."))
    if key not in choices:
        raise Invalid(_("Choose one of the two."), field="group")
    panelist.group, panelist.other_group = choices[key], None
    db.session.flush()
    for round_ in rounds_of(panelist.exercise):
        if round_.state is RoundState.OPEN:
            rounds.join_late(round_, panelist)
