"""An exercise that went the whole way on the real services, with answers drawn from a seed."""

from __future__ import annotations

import random
from datetime import timedelta

from priority import clock
from priority.extensions import db
from priority.queries.rounds import rounds_of
from priority.services import deciding, exercises, merging, proposing, protocols, rounds, voting
from priority.words import ExerciseState, RoleName, RoundKind, Template
from tests import factories

PANEL = {"patients": 11, "carers": 7, "nurses": 9, "doctors": 6}


def an_exercise_to_answer(*, questions=14, level="L3", panel=None, **body):
    """Questions with people's words under them, a panel, and planned rounds; nothing open yet."""
    exercise = factories.an_exercise()
    protocols.set_body(exercise, protocols.body_for(Template.JLA_STYLE) | {"publication_level": level} | body)
    for number in range(1, questions + 1):
        _ask(exercise, number)
    exercise.state = ExerciseState.ANSWERING
    for key, size in (panel or PANEL).items():
        for _one in range(size):
            factories.a_panelist(exercise, key)
    rounds.plan(exercise)
    return exercise


def run_round(exercise, round_, *, seed=7, answer=None):
    """Opens a round, lets everybody answer, and closes it. `answer(rng, panelist, keys)` gives ratings, or an order."""
    rng = random.Random(f"{seed}-{round_.n}")
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    keys = voting.item_keys(round_)
    for panelist in rounds._invited(exercise):
        if round_.kind is RoundKind.RATING:
            voting.save_page(round_, panelist, (answer or ratings)(rng, panelist, keys), base=None)
        else:
            voting.save_whole(round_, panelist, (answer or order)(rng, panelist, keys), base=None)
    rounds.close_round(round_, actor=None, reason="Everybody has answered.")


def a_finished_exercise(*, publish=True, **values):
    """Two rounds of ratings and one of orders, closed, their decisions signed; and published."""
    exercise = an_exercise_to_answer(**values)
    karin = factories.a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise)
    for round_ in rounds_of(exercise):
        run_round(exercise, round_)
        deciding.sign(round_, actor=karin)
    if publish:
        exercises.publish(exercise, actor=None)
    db.session.flush()
    return exercise


def ratings(rng, panelist, keys):
    """Higher for questions with low numbers; some empty, some that cannot be judged."""
    answers = {key: max(1, min(9, round(rng.gauss(8.4 - i / 3, 1.6)))) for i, key in enumerate(keys)}
    answers[rng.choice(keys)] = "cannot_judge"
    answers[rng.choice(keys)] = None
    return answers


def order(rng, panelist, keys):
    """Piles as the ratings would make them, places for at most ten of the first pile, sometimes shared."""
    felt = {key: rng.gauss(8.4 - i / 3, 1.6) for i, key in enumerate(keys)}
    piles = {key: 1 if value >= 4.5 else 2 if value >= 3 else 3 for key, value in felt.items()}
    piles[rng.choice(keys)] = "cannot_judge"
    piles.pop(rng.choice(keys), None)
    first = sorted((key for key, pile in piles.items() if pile == 1), key=lambda key: -felt[key])[:10]
    places = {key: place for place, key in enumerate(first, start=1)}
    if len(first) > 3 and rng.random() < 0.3:
        places[first[2]] = places[first[1]]
    return {"piles": piles, "order": places}


def _ask(exercise, number):
    locale = "sv" if number % 3 == 0 else "en"
    own = f"My own words about thing {number}, <b>as I wrote</b> them"
    sent = proposing.submit(exercise, texts=[own], locale=locale, group=factories.group(exercise, "patients"))
    question = merging.new_question(
        exercise, text=f"What helps with thing {number}?", short=f"Thing {number}", actor=None
    )
    merging.merge(sent.proposals[0].parts, question, exercise=exercise, actor=None)
