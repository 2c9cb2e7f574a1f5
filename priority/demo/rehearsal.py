"""A rehearsal: an exercise of made-up people of any size, from the first question to the last decision.

Everything goes through the services that real people's answers go through. The people follow a stated model: each
question has a worth to each side, each person a taste of their own; some are missing, some cannot judge, some do not
come back, and in the second round some answers move a step toward the middle of their own side.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from priority import clock
from priority.queries.decision import signed
from priority.queries.rounds import list_run, number_in, results_of, rounds_of, runs_of
from priority.services import (
    accounts,
    deciding,
    exercises,
    merging,
    organisations,
    panels,
    proposing,
    protocols,
    rounds,
    voting,
)
from priority.services.answers import CANNOT_JUDGE, FIRST, MOST_PLACES, pile_of
from priority.words import RoundKind, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from priority.models import Exercise, Panelist, Person, Round

SIDES = {
    "lived": ("People living with it", {"patients": ("Patients", 40), "carers": ("Carers", 20)}),
    "professionals": (
        "Professionals",
        {"nurses": ("Nurses", 16), "doctors": ("Doctors", 14), "social_workers": ("Social workers", 10)},
    ),
}
FEWEST_PEOPLE, FEWEST_QUESTIONS = 10, 5
START = datetime(2026, 1, 12, 9, tzinfo=UTC)
A_ROUND, A_PAUSE = timedelta(days=21), timedelta(days=14)
WORTH_MIDDLE, WORTH_SPREAD, SIDES_DIFFER, TASTE, MOOD = 6.4, 1.9, 0.5, 0.9, 0.6
CANNOT, SKIPS, LEAVES, MOVES = 0.03, 0.02, 0.06, 0.3
CONTACT = {
    "contact_name": "Nobody (this exercise is made up)",
    "contact_phone": "0",
    "contact_hours": "never",
    "contact_email": "nobody@post.example",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The made-up people: their groups in the order of their numbers, and what each says about each question.

    `said` has a table for each round, shape (people, questions); `here` says who answers which round.
    """

    groups: tuple[str, ...]
    said: tuple[NDArray[np.float64], ...]
    here: NDArray[np.bool_]
    gaps: NDArray[np.float64]


def rehearse(*, people: int, questions: int, seed: int, say: Callable[[str], None]) -> str:
    """Runs the exercise in this (empty) installation, says what every round decided, and gives its digest.

    The digest covers everything that was stored as a result; the same sizes and seed give the same digest.
    Refuses fewer than 10 people or 5 questions.
    """
    if people < FEWEST_PEOPLE or questions < FEWEST_QUESTIONS:
        raise ValueError("too few people or questions for a rehearsal")
    with clock.at(START):
        exercise, coordinator = _set_up()
        _ask(exercise, questions)
    cast = _cast(people, questions, np.random.default_rng(seed))
    with clock.at(START + A_PAUSE):
        exercises.close_asking(exercise, actor=None)
        exercises.finish_sorting(exercise, actor=None)
        panel = _invite(exercise, cast)
    for round_ in rounds_of(exercise):
        _hold(round_, cast, panel)
        with clock.at(START + (round_.n + 1) * (A_ROUND + A_PAUSE)):
            deciding.sign(round_, actor=coordinator)
        say(_told(round_))
    say(_list(exercise))
    return digest_of(exercise)


def digest_of(exercise: Exercise) -> str:
    """SHA-256 of all stored results of an exercise, without the ids that are new each time."""
    stored = [[round_.n, _decision(round_), _snapshots(round_)] for round_ in rounds_of(exercise)]
    runs = sorted([run.method, run.pooled, run.input_digest, run.digest] for run in runs_of(exercise))
    return hashlib.sha256(json.dumps([stored, runs], sort_keys=True).encode()).hexdigest()


# -- the exercise ----------------------------------------------------------------------------------------------------
def _set_up() -> tuple[Exercise, Person]:
    house = organisations.found(name="Rehearsal", locale="en", **CONTACT)
    coordinator = accounts.add_person(house, name="A coordinator", address="coordinator@post.example")
    exercise = exercises.create(
        house,
        template=Template.DELPHI_70_15,
        title="A rehearsal with made-up people",
        introduction="Nobody is asked here: all answers are made up.",
        locale="en",
        time_zone="UTC",
        **CONTACT,
        readers="nobody",
        safeguarding_contact="nobody",
        simulated=True,
        actor=coordinator,
        body=protocols.body_for(Template.DELPHI_70_15) | {"sides": _sides()},
    )
    exercises.open_asking(exercise, until=None, actor=coordinator)
    return exercise, coordinator


def _sides() -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": name,
            "share": 1,
            "groups": [
                {"key": one, "name": many, "member": f"One of: {many}"} for one, (many, _part) in groups.items()
            ],
        }
        for key, (name, groups) in SIDES.items()
    ]


def _ask(exercise: Exercise, questions: int) -> None:
    for number in range(1, questions + 1):
        sent = proposing.submit(
            exercise, texts=[f"Made-up words about thing {number}."], locale="en", group=exercise.groups[0]
        )
        question = merging.new_question(
            exercise, text=f"What helps with thing {number}?", short=f"Thing {number}", actor=None
        )
        merging.merge(sent.proposals[0].parts, question, exercise=exercise, actor=None)


def _invite(exercise: Exercise, cast: Cast) -> list[Panelist]:
    groups = {group.key: group for group in exercise.groups}
    return [
        panels.add_panelist(
            exercise, group=groups[key], address=f"person{number}@post.example", name=f"Person {number}"
        )
        for number, key in enumerate(cast.groups)
    ]


# -- the people ------------------------------------------------------------------------------------------------------
def _cast(people: int, questions: int, rng: np.random.Generator) -> Cast:
    groups = _group_of_each(people)
    lived = np.array([key in SIDES["lived"][1] for key in groups])
    common = rng.normal(WORTH_MIDDLE, WORTH_SPREAD, questions)
    of_sides = common + rng.normal(0, SIDES_DIFFER, (2, questions))
    wish = np.where(lived[:, None], of_sides[0], of_sides[1]) + rng.normal(0, TASTE, (people, questions))
    first = wish + rng.normal(0, MOOD, wish.shape)
    middle = np.array([np.median(first[lived == (side == 0)], axis=0) for side in (0, 1)])[1 - lived.astype(int)]
    moves = rng.random(wish.shape) < MOVES
    second = np.where(moves, first + np.sign(middle - first), first)
    here = np.cumsum(rng.random((people, 3)) < [0, LEAVES, LEAVES], axis=1) == 0
    return Cast(groups, (first, second, second + rng.normal(0, MOOD, wish.shape)), here, rng.random((3, *wish.shape)))


def _group_of_each(people: int) -> tuple[str, ...]:
    """The groups in their declared parts, by largest remainder, at least one person each."""
    parts = {key: part for _name, groups in SIDES.values() for key, (_many, part) in groups.items()}
    sizes = {key: max(1, people * part // 100) for key, part in parts.items()}
    for key in sorted(parts, key=lambda key: -(people * parts[key] % 100))[: people - sum(sizes.values())]:
        sizes[key] += 1
    return tuple(key for key, size in sizes.items() for _one in range(size))


def _hold(round_: Round, cast: Cast, panel: Sequence[Panelist]) -> None:
    """Opens a round, lets everybody who is there answer and send, and closes it at its end."""
    opens = START + round_.n * (A_ROUND + A_PAUSE)
    with clock.at(opens):
        rounds.open_round(round_, closes_at=opens + A_ROUND, actor=None)
    items = voting.item_keys(round_)
    with clock.at(opens + A_ROUND / 2):
        for number, panelist in enumerate(panel):
            if cast.here[number, round_.n - 1]:
                _answer(round_, panelist, _answers_of(cast, round_.n - 1, number, items))
    with clock.at(opens + A_ROUND):
        rounds.close_round(round_, actor=None)


def _answer(round_: Round, panelist: Panelist, ratings: dict[str, Any]) -> None:
    if round_.kind is RoundKind.RANKING:
        voting.save_whole(round_, panelist, _ordered(ratings), base=None)
    else:
        voting.save_page(round_, panelist, {key: _rounded(value) for key, value in ratings.items()}, base=None)
    voting.submit(round_, panelist, secrets.token_bytes(32))


def _answers_of(cast: Cast, round_index: int, number: int, items: Sequence[str]) -> dict[str, Any]:
    """What somebody feels about each of these questions; "can't judge" and gaps as drawn."""
    felt: dict[str, Any] = {}
    for key in items:
        question = number_in(key) - 1
        chance = cast.gaps[round_index, number, question]
        if chance >= SKIPS:
            felt[key] = CANNOT_JUDGE if chance < SKIPS + CANNOT else float(cast.said[round_index][number, question])
    return felt


def _ordered(felt: dict[str, Any]) -> dict[str, dict[str, Any]]:
    piles = {key: pile_of(_rounded(value)) for key, value in felt.items()}
    first = sorted((key for key, pile in piles.items() if pile == FIRST), key=lambda key: -felt[key])[:MOST_PLACES]
    return {"piles": piles, "order": {key: place for place, key in enumerate(first, start=1)}}


def _rounded(value: Any) -> Any:
    return value if value == CANNOT_JUDGE else int(min(9, max(1, round(value))))


# -- what is kept, and said ----------------------------------------------------------------------------------------
def _snapshots(round_: Round) -> dict[str, Any]:
    return {str(kind): _without_ids(body) for kind, body in results_of(round_).items()}


def _decision(round_: Round) -> Any:
    """What was signed, without the digests of snapshots, which hold ids that are new each time."""
    found = signed(round_)
    return None if found is None else {part: said for part, said in found.body.items() if part != "snapshots"}


def _told(round_: Round) -> str:
    found = {str(kind): body for kind, body in results_of(round_).items()}
    asked, answered = (sum(found["turnout"][name].values()) for name in ("asked", "answered"))
    told = f"Round {round_.n} ({round_.kind.value}): {answered} of {asked} answered."
    if "items" in found:
        verdicts = [row["verdict"] for row in found["items"]["questions"]]
        counts = ", ".join(f"{verdicts.count(each)} {word}" for each, word in _VERDICTS.items())
        told += f" Decided: {counts}."
    return told


_VERDICTS = {"in": "in", "out": "out", "none": "undecided"}


def _list(exercise: Exercise) -> str:
    run = list_run(exercise)
    if run is None:
        return "No list could be made: a side was silent."
    return f"The list by {run.method}: {', '.join(run.result['shortlist'])}"


def _without_ids(value: Any) -> Any:
    """A snapshot without the public ids of questions."""
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if key != "question"}
    return [_without_ids(each) for each in value] if isinstance(value, list) else value
