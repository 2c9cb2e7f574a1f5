"""A small world with somebody of every kind in two organisations: what tests of every route walk through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from priority.extensions import db
from priority.models import Round
from priority.services import accounts, consent, merging, protocols, voting
from priority.words import ExerciseState, Purpose, RoleName, RoundKind, Template
from tests import factories

if TYPE_CHECKING:
    from priority.models import Contributor, Exercise, Organisation, Panelist, Person, Proposal, Question

STAFF = tuple(RoleName)
# Which round of a place an address means, where it is not the first: each kind of answers has one that is open.
ROUNDS = {
    "answer.order": 2,
    "answer.sort_page": 2,
    "admin.open_round": 3,
    "admin.close_trial": 1001,
    "answer.choose_page": 4,
    "answer.set_page": 5,
    "answer.why": 6,
    "answer.suggest": 6,
    "answer.changes": 6,
}


@dataclass
class Place:
    """An exercise with one of everything that an address can name."""

    exercise: Exercise
    contributor: Contributor
    proposal: Proposal
    question: Question
    panelist: Panelist
    seq: int

    def values(self, endpoint: str) -> dict[str, Any]:
        """What the parameters of an address stand for here."""
        return {
            "exercise": self.exercise.public_id,
            "proposal": self.proposal.public_id,
            "question": self.question.public_id,
            "panelist": self.panelist.public_id,
            "seq": self.seq,
            "suggestion": self.question.public_id,
            "n": ROUNDS.get(endpoint, 1),
            "page": 1,
            "token": accounts.secret_of(self.panelist),
        }


@dataclass
class World:
    """`own` is where everybody has their role, `other` another exercise of the same organisation."""

    own: Place
    other: Place
    foreign: Place
    people: dict[str, Person | Contributor | Panelist] = field(default_factory=dict)


def a_world() -> World:
    """Everything committed, so that a browser can walk in."""
    here, there = factories.an_organisation(), factories.an_organisation(name="Another association")
    world = World(a_place(here), a_place(here), a_place(there))
    world.people = {"contributor": world.own.contributor, "panelist": world.own.panelist}
    for role in STAFF:
        exercise = None if role is RoleName.ADMINISTRATOR else world.own.exercise
        world.people[str(role)] = factories.a_person(here, role, exercise=exercise)
    db.session.commit()
    return world


def a_place(organisation: Organisation, state: ExerciseState = ExerciseState.ANSWERING, **values: Any) -> Place:
    """An exercise that is being answered: a rating and a ranking round are open, a third one is planned."""
    exercise = factories.an_exercise(organisation, **values)
    protocols.set_body(exercise, protocols.body_for(Template.JLA_STYLE) | {"publication_level": "L3"})
    contributor = factories.a_contributor(exercise, group=factories.group(exercise, "patients"))
    consent.give(contributor, {Purpose.TAKE_PART})
    proposal = factories.a_proposal(exercise, "Why am I so tired?\nAnd who helps?", "patients", contributor=contributor)
    joined = factories.a_proposal(exercise, "What about sleep?", "patients")
    record = merging.make_question(joined.parts, exercise=exercise, text="Sleep?", short="Sleep", actor=None)
    panel = [factories.a_panelist(exercise, group) for group in ("patients", "nurses") for _one in range(3)]
    for one in panel:
        consent.give(one, {Purpose.TAKE_PART})
    place = Place(exercise, contributor, proposal, record.question, panel[0], record.seq)
    if state is ExerciseState.ANSWERING:
        _open(place, panel)
    exercise.state = state
    db.session.flush()
    return place


def _open(place: Place, panel: list[Panelist]) -> None:
    first = factories.an_open_round(place.exercise, questions=8)
    second = factories.an_open_round(place.exercise, RoundKind.RANKING, n=2, questions=8)
    db.session.add(Round(exercise=place.exercise, n=3, kind=RoundKind.RANKING))
    factories.an_open_round(place.exercise, RoundKind.CHOOSE, n=4, design={"choose": 3, "ranked": True})
    factories.an_open_round(place.exercise, RoundKind.BEST_WORST, n=5, design={"sets": [["Q1.1", "Q2.1", "Q3.1"]]})
    factories.an_open_round(place.exercise, n=6, design={"feedback": True, "reasons": True, "suggestions": True})
    factories.an_open_round(place.exercise, n=1001, pilot=True)
    piles = {"Q1.1": 1, "Q2.1": 1, "Q3.1": 2}
    for one in panel:
        voting.save_page(first, one, {"Q1.1": 9, "Q2.1": 4}, base=None)
        voting.save_whole(second, one, {"piles": piles, "order": {"Q1.1": 1}}, base=None)
    db.session.flush()
