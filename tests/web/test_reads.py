"""Pages of an exercise read as often for many questions as for few: nothing is read one question at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from priority import clock
from priority.extensions import db
from priority.models import Panelist
from priority.queries.rounds import rounds_of
from priority.services import consent, deciding, rounds
from priority.words import Purpose, RoleName
from tests import finished
from tests.factories import a_person

ROUNDS = [
    {"kind": "rating"},
    {"kind": "rating", "feedback": True, "reasons": True},
    {"kind": "ranking", "at_most": 10},
    {"kind": "rating", "feedback": True, "suggestions": True},
]
FOR_COORDINATORS = (
    *("rounds/1", "rounds/1/after", "rounds/2/after", "rounds/3/after", "rounds/4", "rounds/4/remind"),
    *("rules", "rules/change", "rules/rounds/4", "panel", "design", "heard", "rounds/1/preview"),
)
FOR_PANELISTS = ("/answer", "/answer/4/page/1", "/answer/4/check", "/answer/4/suggest")
FEW, MANY = 12, 24


@pytest.fixture
def reads(app):
    """Every statement that reads, since the list was emptied."""
    found = []

    def note(*args):
        if args[2].lstrip().startswith("SELECT"):
            found.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    return found


def an_exercise_in_its_fourth_round(questions):
    """Three rounds closed and signed, the fourth open; with its coordinator, and somebody who is asked."""
    made = finished.an_exercise_to_answer(questions=questions, rounds=ROUNDS)
    karin = a_person(made.organisation, RoleName.COORDINATOR, exercise=made, name="Karin Ek")
    for round_ in rounds_of(made)[:3]:
        finished.run_round(made, round_)
        deciding.sign(round_, actor=karin)
    rounds.open_round(rounds_of(made)[3], closes_at=clock.now() + timedelta(days=7), actor=None)
    somebody = db.session.query(Panelist).filter_by(exercise_id=made.id).first()
    consent.give(somebody, {Purpose.TAKE_PART})
    db.session.commit()
    return made, karin, somebody


def test_many_questions_are_read_as_quickly_as_few(app, client, sign_in, reads):
    counted = {}
    for questions in (FEW, MANY):
        exercise, karin, somebody = an_exercise_in_its_fourth_round(questions)
        mine = {name: f"/staff/e/{exercise.public_id}/{name}" for name in FOR_COORDINATORS}
        for who, pages in ((karin, mine), (somebody, {url: url for url in FOR_PANELISTS})):
            sign_in(client, who)
            for name, url in pages.items():
                reads.clear()
                assert client.get(url).status_code == 200, name
                counted.setdefault(name, []).append(len(reads))
    assert {name: n for name, n in counted.items() if n[1] > n[0] + 2 or n[1] > 70} == {}
