"""Will this design work? What the planned people can see, decide and bear, before a round opens."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from aggregation.delphi import Assumptions, PanelDesign, panel_design
from aggregation.errors import StatisticError
from priority.adapters.similarity import closest_pairs
from priority.errors import Invalid
from priority.queries.links import links
from priority.queries.panel import group_counts
from priority.queries.rounds import live_questions
from priority.queries.rules import smallest_cell
from priority.services import protocols
from priority.services.closing import rule_of
from priority.services.designs import full
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aggregation.delphi import ConsensusRule
    from priority.models import Exercise

__all__ = ["PanelDesign", "Plan", "Twins", "check", "plan_of", "seed_of", "twins"]

DRAWS = 400
NOT_YET = 30
PLANNED = 8
MOST_QUESTIONS = 500
PAIRS, SHARED_PAIRS = 5, 10
Sides = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is taken for granted: people of each group (by its key), questions, and how people will answer."""

    people: Mapping[str, int]
    questions: int
    response: int = 80
    cannot_judge: int = 10
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class Twins:
    """Two questions that may be one: so many people's words stand under both, or their wordings are the closest."""

    first: tuple[int, str]
    second: tuple[int, str]
    shared: int = 0


def plan_of(exercise: Exercise) -> Plan:
    """What one would plan with as things stand: who is invited (eight a group while nobody is) and what is asked."""
    invited = {one.key: one.invited for one in group_counts(exercise) if one.side is not None}
    if not any(invited.values()):
        invited = dict.fromkeys(invited, PLANNED)
    return Plan(people=invited, questions=len(live_questions(exercise)) or NOT_YET)


def check(exercise: Exercise, plan: Plan) -> PanelDesign:
    """What the rules in force do with these people: what is visible, how often a question passes, minutes, alarms.

    Every figure comes from a simulation whose seed follows from the exercise, so that the same plan gives the same
    figures. Groups without anybody are left out. Refuses, at its field, a plan that cannot be.
    """
    body = protocols.current(exercise).body
    sides = tuple(
        (side.name, tuple((group.name, n) for group in side.groups if (n := plan.people.get(group.key, 0))))
        for side in exercise.sides
    )
    for side, (_name, groups) in zip(exercise.sides, sides, strict=True):
        if not groups:
            raise Invalid(_("Each side needs somebody who answers."), field=f"people-{side.groups[0].key}")
    if not 2 <= plan.questions <= MOST_QUESTIONS:
        raise Invalid(
            _("Write a whole number from %(least)d to %(most)d.", least=2, most=MOST_QUESTIONS), field="questions"
        )
    try:
        return _computed(
            sides,
            plan.questions,
            rule_of(body),
            max(1, sum(design["kind"] == RoundKind.RATING for design in body["rounds"])),
            tuple((side.name, side.share) for side in exercise.sides),
            _assumed(body, plan),
            seed_of(exercise),
        )
    except StatisticError as refusal:
        raise Invalid(_("This cannot be worked out: %(why)s", why=str(refusal))) from None


def seed_of(exercise: Exercise) -> int:
    """The seed of the simulations of an exercise; it stands on the page."""
    return int.from_bytes(hashlib.sha256(f"design|{exercise.public_id}".encode()).digest()[:6])


def twins(exercise: Exercise) -> list[Twins]:
    """Pairs of questions to be read before a round opens: under both stand the same words, or they are worded alike.

    Those that share the most words come first.
    """
    live = live_questions(exercise)
    asked = [(link.number, wording.text) for link, wording in live]
    shared = _shared_words(exercise, [link.question_id for link, _wording in live])
    found = {pair: Twins(asked[pair[0]], asked[pair[1]], n) for pair, n in shared.most_common(SHARED_PAIRS)}
    for pair in closest_pairs([text for _n, text in asked], PAIRS):
        found.setdefault((pair.first, pair.second), Twins(asked[pair.first], asked[pair.second]))
    return list(found.values())


def _shared_words(exercise: Exercise, questions: Sequence[int]) -> Counter[tuple[int, int]]:
    """How many pieces of people's words stand under both of two questions, by the questions' places in the list."""
    place = {question: at for at, question in enumerate(questions)}
    under: dict[int, list[int]] = defaultdict(list)
    for part, question in links(exercise):
        if question in place:
            under[part].append(place[question])
    return Counter(pair for places in under.values() for pair in combinations(sorted(places), 2))


def _assumed(body: protocols.Body, plan: Plan) -> Assumptions:
    ordered = [design["at_most"] for design in map(full, body["rounds"]) if "at_most" in design]
    return Assumptions(
        response=plan.response / 100,
        cannot_judge=plan.cannot_judge / 100,
        k=smallest_cell(body),
        places=body["shortlist"],
        ranked=ordered[0] if ordered else NOT_YET,
        seconds=plan.seconds,
    )


@lru_cache(maxsize=64)
def _computed(
    sides: Sides,
    questions: int,
    rule: ConsensusRule,
    rounds: int,
    shares: tuple[tuple[str, int], ...],
    assumptions: Assumptions,
    seed: int,
) -> PanelDesign:
    total = sum(share for _name, share in shares)
    return panel_design(
        {side: dict(groups) for side, groups in sides},
        questions,
        rule=rule,
        rounds=rounds,
        shares={name: Fraction(share, total) for name, share in shares},
        assumptions=assumptions,
        draws=DRAWS,
        seed=seed,
    )
