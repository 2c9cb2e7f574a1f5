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
FEW = 5


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
        return people(counted) if (counted.high or 0) >= FEW else str(_("The group has answered."))
    return str(_("Your words became part of a question."))


def people(answered: Answered) -> str:
    """What one round said of a question, in people, such as "58 of 96 people found it very important".

    A count of nobody or of a handful is not said: it would tell on people, and read like a verdict on whoever asked.
    """
    if answered.high is None or answered.people is None:
        return str(_("The group has answered."))
    if answered.high < FEW:
        return str(_("%(people)d people answered, and few found it very important this time.", people=answered.people))
    return str(_("%(high)d of %(people)d people found it very important.", high=answered.high, people=answered.people))


def joined(home: Home) -> str:
    """With how many others somebody asked a question."""
    if not home.others:
        return str(_("We made a question of your words"))
    return str(ngettext("Joined with the words of one other", "Joined with the words of %(num)d others", home.others))


def round_name(answered: Answered) -> str:
    """What a round is called for people."""
    by_kind = {
        RoundKind.RANKING: _("The group put questions in order"),
        RoundKind.CHOOSE: _("People chose the questions that matter most to them"),
        RoundKind.BEST_WORST: _("People said which questions matter most and least"),
    }
    names = {1: _("The group answered the first time"), 2: _("The group answered the second time")}
    return str(by_kind.get(answered.kind) or names.get(answered.n) or _("The group answered, time %(n)d", n=answered.n))


def told_by_round(story: Story) -> list[tuple[Answered, list[tuple[Home, Answered]]]]:
    """Each round once, in order, with what it said of every question that the words became part of."""
    found: dict[int, list[tuple[Home, Answered]]] = {}
    for home in story.homes:
        for one in home.rounds:
            found.setdefault(one.n, []).append((home, one))
    return [(told[0][1], told) for _n, told in sorted(found.items())]


def lede(story: Story, readers: str) -> str | None:
    """One sentence under the news: what it means for this person; None where the thread says it all."""
    if story.newest is Moment.RECEIVED:
        return str(_("%(readers)s read every one. Here you see what becomes of it.", readers=readers))
    if story.newest is Moment.MERGED:
        return str(_("Your own words stay under it, as you wrote them."))
    if story.newest is Moment.END and any(home.place is not None for home in story.homes):
        return str(_("It goes to researchers and to those who pay for research."))
    if story.newest is Moment.END:
        return str(_("It is not lost: researchers look there, too."))
    if story.newest in {Moment.KNOWN, Moment.ROUTED}:
        return str(_("Below you read what we found, and who has it now."))
    return None


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
