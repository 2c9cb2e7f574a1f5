"""The group is invited and answers in rounds, as the model says."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from priority import clock
from priority.demo.calendar import passing
from priority.queries.rounds import number_in
from priority.services import consent, panels, rounds, voting
from priority.words import Purpose, RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from priority.demo.model import Rater, Simulation
    from priority.models import Exercise, Panelist, Person, Round

OBSERVERS = 3
LEAVES_UNSENT = 9  # one in so many saves answers and never sends them: they count as they stand


def invite(exercise: Exercise, raters: Sequence[Rater]) -> list[Panelist]:
    """A panelist for each of the made-up people, in their order, and three researchers who look on."""
    groups = {group.key: group for group in exercise.groups}
    people = [
        panels.add_panelist(
            exercise,
            group=groups[rater.group],
            address=f"{rater.group}{rater.number + 1}@post.example",
            name=f"{groups[rater.group].member} ({rater.number + 1})",
        )
        for rater in raters
    ]
    for number in range(1, OBSERVERS + 1):
        panels.add_panelist(
            exercise,
            group=groups["researchers"],
            address=f"researcher{number}@post.example",
            name=f"{groups['researchers'].member} ({number})",
            observer=True,
        )
    for panelist in people:
        consent.give(panelist, [Purpose.TAKE_PART])
    return people


def hold(
    round_: Round,
    simulation: Simulation,
    people: Sequence[Panelist],
    *,
    keys: Sequence[str],
    dates: tuple[datetime, datetime],
    now: datetime,
    actor: Person,
) -> None:
    """A round opens, people answer, and it closes where its end is over.

    `keys` are the keys of the exercise's questions by number. While a round is still open, the first of each group has
    not answered yet, so that a visitor can.
    """
    with clock.at(dates[0]):
        rounds.open_round(round_, closes_at=dates[1], actor=actor)
    closing = dates[1] <= now
    raters = [rater for rater in simulation.raters if rater.answers_round(round_.n)]
    if not closing:
        raters = [rater for rater in raters if rater not in firsts(raters)]
    for step, rater in enumerate(raters):
        with passing(dates[0], min(dates[1], now), step, len(raters)):
            _answer(round_, people[rater.number], simulation, rater, keys)
    if closing:
        with clock.at(dates[1]):
            rounds.close_round(round_, actor=actor)


def firsts(raters: Sequence[Rater]) -> list[Rater]:
    """The first of each group."""
    return list({rater.group: rater for rater in reversed(raters)}.values())


def _answer(round_: Round, panelist: Panelist, simulation: Simulation, rater: Rater, keys: Sequence[str]) -> None:
    items = {keys[number_in(item) - 1]: item for item in voting.item_keys(round_)}
    if round_.kind is RoundKind.RANKING:
        piles, order = simulation.ranking(rater, items)
        answers = {
            "piles": {items[key]: pile for key, pile in piles.items()},
            "order": {items[key]: place for key, place in order.items()},
        }
        voting.save_whole(round_, panelist, answers, base=None)
    else:
        said = (simulation.first if round_.n == 1 else simulation.second)[rater.number]
        page = {items[key]: answer for key, answer in said.items() if key in items}
        voting.save_page(round_, panelist, page, base=None)
    if rater.number % LEAVES_UNSENT:
        voting.submit(round_, panelist, secrets.token_bytes(32))
