"""Trials of a round: a few people answer it before it counts, and nothing is ever computed from it.

A trial of round 2 is round 1002, the next one 2002. It asks whom the coordinator chose, freezes no rules, and stands
in no result and no export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import func, select

from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import ConsensusRun, Panelist, Round, RoundGroup, RoundResult
from priority.queries.rounds import PILOTS_APART, live_questions, number_tried
from priority.services import protocols, rounds
from priority.services.candidates import candidates
from priority.services.designs import full
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from priority.models import Exercise, Person

MOST = 8  # the numbers from 9001 on are for looking at a round


def pilots_of(exercise: Exercise, n: int | None = None) -> Sequence[Round]:
    """The trials of an exercise, or of its round `n`, the first first."""
    found = db.session.scalars(select(Round).where(Round.exercise_id == exercise.id, Round.pilot).order_by(Round.n))
    return [round_ for round_ in found if n is None or number_tried(round_) == n]


def people_to_ask(exercise: Exercise) -> Sequence[Panelist]:
    """Everybody who could try a round out: who is invited to answer, in the order of the groups."""
    return db.session.scalars(
        select(Panelist)
        .where(Panelist.exercise_id == exercise.id, Panelist.active, ~Panelist.observer)
        .order_by(Panelist.group_id, Panelist.id)
    ).all()


def open_pilot(
    exercise: Exercise, n: int, *, people: Collection[str], closes_at: datetime, actor: Person | None
) -> Round:
    """A trial of round `n` as the rules say it now, for the invited people with these public ids.

    It asks the questions that the round would ask now, or all where those are not known yet. Refuses a round that
    there is not, a second trial while one is open, nobody, and whoever is not invited.
    """
    designs = protocols.current(exercise).body["rounds"]
    if not 1 <= n <= len(designs):
        raise NotFound(_("There is no such page."))
    before = pilots_of(exercise, n)
    if any(one.state is RoundState.OPEN for one in before):
        raise Stale(_("A trial of this round is open already. Close it first."))
    if len(before) >= MOST:
        raise Stale(_("There have been %(most)d trials of this round. That is as many as there can be.", most=MOST))
    chosen = [one for one in people_to_ask(exercise) if one.public_id in set(people)]
    if not chosen or len(chosen) != len(set(people)):
        raise Invalid(_("Choose at least one of the people on the list."), field="people")
    design = full(designs[n - 1]) | {"access": "panel"}
    pilot = Round(
        exercise=exercise,
        n=PILOTS_APART * (len(before) + 1) + n,
        pilot=True,
        kind=RoundKind(design["kind"]),
        design=design,
    )
    db.session.add(pilot)
    db.session.flush()
    rounds.open_round(pilot, closes_at=closes_at, actor=actor, people=chosen, questions=questions_to_try(pilot))
    return pilot


def close_pilot(pilot: Round, *, actor: Person | None) -> None:
    """Ends a trial; refuses what is none."""
    if not pilot.pilot:
        raise NotFound(_("There is no such page."))
    rounds.close_round(pilot, actor=actor, reason=_("The trial is over."))


def asked(pilot: Round) -> int:
    """How many people a trial asks."""
    return db.session.scalar(select(func.count()).where(RoundGroup.round_id == pilot.id)) or 0


def computed_from(pilot: Round) -> int:
    """How many results are stored that were computed from a trial: none, and the page says so."""
    kept = (RoundResult, ConsensusRun)
    return sum(
        db.session.scalar(select(func.count()).select_from(table).where(table.round_id == pilot.id)) or 0
        for table in kept
    )


def questions_to_try(pilot: Round) -> list[int]:
    """What the round would ask now; while no round before it has closed, the first ones of the list."""
    live = [link.question_id for link, _wording in live_questions(pilot.exercise)]
    try:
        found = [one.question_id for one in candidates(pilot.exercise, for_round=pilot) if one.place is not None]
    except Stale:
        found = []
    narrows = "at_most" in pilot.design
    return (found or live[: pilot.design["at_most"]]) if narrows else live
