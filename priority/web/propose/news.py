"""The news in a sentence: what happened to somebody's words, said to that person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from priority.words import Destination, Moment, RoundKind

if TYPE_CHECKING:
    from priority.queries.contributors import Answered, Home, Story

_ROADS = {
    Destination.TO_CHANGE: lambda: _("It matters, and it needs a change rather than a study."),
    Destination.ALREADY_KNOWN: lambda: _("Good news: people have looked into this."),
    Destination.ANOTHER_PARTNER: lambda: _("Somebody else can do more about this."),
}


def heading(story: Story) -> str:
    """The newest news of one proposal, as the heading of its page."""
    if story.newest is None:
        return str(_("You took this back."))
    if story.newest is Moment.RECEIVED:
        return str(_("We have your question."))
    if story.newest in {Moment.KNOWN, Moment.ROUTED}:
        return str(_ROADS[story.roads[-1].destination]())
    if story.newest is Moment.END:
        return _end(story)
    if story.newest is Moment.ROUND_RESULT and (counted := _latest(story)) is not None:
        return people(counted)
    return str(_("Your words became part of a question."))


def people(answered: Answered) -> str:
    """What one round said of a question, in people, such as "58 of 96 people found it very important"."""
    if answered.high is None or answered.people is None:
        return str(_("The group has answered."))
    return str(_("%(high)d of %(people)d people found it very important.", high=answered.high, people=answered.people))


def joined(home: Home) -> str:
    """With how many others somebody asked a question."""
    if not home.others:
        return str(_("We made a question of your words"))
    return str(ngettext("Joined with the words of one other", "Joined with the words of %(num)d others", home.others))


def round_name(answered: Answered) -> str:
    """What a round is called for people."""
    if answered.kind is RoundKind.RANKING:
        return str(_("The group put questions in order"))
    return str(_("The group answered, time %(n)d", n=answered.n))


def not_listed(home: Home) -> str:
    """What became of a question that is not on the list; never a place."""
    counted = home.last_count
    said = _("It is not on the list this time.")
    if counted is not None and counted.high is not None and counted.people is not None:
        said = f"{said} {people(counted)}"
    return f"{said} {_('It stays on the open list, where researchers look.')}"


def road_name(destination: Destination) -> str:
    """The road, as the heading of its step."""
    return str(destination.public)


def _end(story: Story) -> str:
    if any(home.place is not None for home in story.homes):
        return str(_("Your question is on the list."))
    return str(_("Your question is not on the list this time. It stays on the open list."))


def _latest(story: Story) -> Answered | None:
    counted = [home.last_count for home in story.homes if home.last_count is not None]
    return max(counted, key=lambda one: one.n, default=None)
