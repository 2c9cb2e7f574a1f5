"""An exercise with a round of every kind and scale, with answers drawn from a seed: gaps, ties, "can't judge"."""

from __future__ import annotations

import random
from datetime import timedelta

from priority import clock
from priority.queries.rounds import rounds_of
from priority.services import rounds, voting
from priority.services.ballot_types import type_of
from priority.services.ballot_types.scales import scale_of
from priority.words import RoundKind
from tests import finished

ROUNDS = (
    {"kind": "choose", "choose": 4, "ranked": False},
    {"kind": "best_worst", "size": 3, "at_least": 3},
    {"kind": "rating", "scale": "five"},
    {"kind": "rating", "scale": "chnri"},
    {"kind": "rating", "scale": "nine"},
    {"kind": "choose", "choose": 4, "ranked": True},
)
CHOICE, SETS, FIVE, CRITERIA, NINE, RANKED = range(1, 7)


def an_exercise(*, seed=11, **values):
    """Seven questions through all rounds, with a list of three."""
    exercise = finished.an_exercise_to_answer(questions=7, rounds=list(ROUNDS), shortlist=3, **values)
    rng = random.Random(seed)
    for round_ in rounds_of(exercise):
        rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
        for panelist in rounds._invited(exercise):
            save = voting.save_page if type_of(round_.kind).by_page else voting.save_whole
            save(round_, panelist, answers(rng, round_), base=None)
        rounds.close_round(round_, actor=None, reason="Everybody has answered.")
    return exercise


def answers(rng, round_):
    """What somebody answers; they like questions with low numbers better, more or less."""
    felt = {key: rng.gauss(7 - place, 2) for place, key in enumerate(voting.item_keys(round_))}
    if round_.kind is RoundKind.BEST_WORST:
        return _sets(rng, felt, round_.design["sets"])
    if round_.kind is RoundKind.CHOOSE:
        return _choice(rng, felt, ranked=round_.design["ranked"])
    scale = scale_of(round_.design)
    fields = [(field, felt[key]) for key in felt for field in scale.fields(key)]
    return {field: _rating(rng, value, scale) for field, value in fields if rng.random() > 0.03}


def _rating(rng, value, scale):
    if rng.random() < 0.04:
        return "cannot_judge"
    at = min(0.999, max(0.0, (value + rng.gauss(0, 1)) / 9))
    return scale.values[int(at * len(scale.values))]


def _choice(rng, felt, *, ranked):
    """Up to four; of an order sometimes only the first, sometimes two level."""
    best = sorted(felt, key=felt.get, reverse=True)[: rng.choice([0, 2, 3, 4, 4, 4])]
    placed = {key: place for place, key in enumerate(best[: rng.choice([1, 4, 4])], start=1)} if ranked else {}
    if len(placed) > 2 and rng.random() < 0.3:
        placed[best[1]] = placed[best[2]]
    return {"chosen": best, "order": placed}


def _sets(rng, felt, sets):
    """Most sets; of some only one half."""
    given = {}
    for n, shown in enumerate(sets, start=1):
        in_order = sorted(shown, key=felt.get)
        if rng.random() > 0.1:
            given[f"{n}.best"] = in_order[-1]
        if rng.random() > 0.1:
            given[f"{n}.worst"] = in_order[0]
    return given
