"""What `priority run` says on the terminal, and nowhere else: a way in for each role, and the list of the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from priority.queries.people import latest_published, somebody_of_each_group, somebody_who_asked, somebody_with
from priority.queries.places import places_of
from priority.queries.rounds import live_questions
from priority.services import accounts
from priority.words import RoleName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from priority.models import Contributor, Exercise, Person

OPEN_FOR = timedelta(hours=12)
STAFF = (RoleName.MODERATOR, RoleName.COORDINATOR, RoleName.RESEARCHER, RoleName.ADMINISTRATOR)


def lines(url: str) -> Iterator[str]:
    """Links that sign in, each as often as one likes for 12 hours, and the Top 10 of the exercise published last."""
    yield "Sign in as (each link works for 12 hours, a panelist's until the last round closes)"
    for role, secret in _doors():
        yield f"  {role:<47} {url}/in/{secret}"
    yield f"  letters that wait, nothing is mailed            {url}/inbox"
    exercise = latest_published()
    if exercise is not None:
        yield ""
        yield f"The Top 10 of “{exercise.title}”"
        yield from _list(exercise)


def _doors() -> Iterator[tuple[str, str]]:
    exercise = latest_published()
    asked = None if exercise is None else somebody_who_asked(exercise)
    if asked is not None:
        yield "contributor", _fresh(asked)
    for panelist in somebody_of_each_group():
        yield f"panelist: {panelist.group.name}", accounts.secret_of(panelist)
    for role in STAFF:
        person = somebody_with(role)
        if person is not None:
            yield f"{role}: {person.name}", _fresh(person)


def _fresh(somebody: Person | Contributor) -> str:
    return accounts.secret_of(accounts.make_link(somebody, lasts=OPEN_FOR, reusable=True))


def _list(exercise: Exercise) -> Iterator[str]:
    places = places_of(exercise)
    listed = [
        (places[link.number], wording.text) for link, wording in live_questions(exercise) if link.number in places
    ]
    for place, text in sorted(listed, key=lambda line: line[0].number):
        yield f"  {place.number:>2}{'=' if place.shared else ' '} {text}"
