"""The made-up people of the demo and how they answer: a stated model, every draw from the generator handed in.

Nobody's answers are written by hand. Each question has a worth to each side, each person a taste of their own and a
tendency to answer high or low; a rating is their sum, rounded. `docs/demo.md` states the model and what is planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from priority.services.answers import CANNOT_JUDGE, FIRST, MOST_PLACES, pile_of, places

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

SEED = 59

# How many people of each group answer, and on which side they stand.
PEOPLE = {"patients": 24, "carers": 9, "clinicians": 8, "social_workers": 3}
LIVED = ("patients", "carers")

# What each question is worth to people living with it and to professionals, on the scale of the answers.
WORTH: dict[str, tuple[float, float]] = {
    "Q1": (8.4, 7.5), "Q2": (6.9, 6.7), "Q3": (6.9, 6.7), "Q4": (4.8, 1.4), "Q5": (6.6, 4.3),
    "Q6": (8.0, 7.2), "Q7": (7.9, 7.7), "Q8": (5.0, 5.2), "Q9": (8.4, 6.6), "Q10": (8.1, 7.7),
    "Q11": (6.7, 6.3), "Q12": (7.4, 6.9), "Q13": (6.3, 7.1), "Q14": (7.5, 7.1), "Q15": (7.6, 7.0),
    "Q16": (6.5, 7.2), "Q17": (5.4, 4.6), "Q18": (5.6, 6.3), "Q19": (5.3, 5.0), "Q20": (5.4, 4.5),
    "Q21": (5.4, 6.4), "Q22": (5.7, 6.3), "Q23": (6.2, 6.0), "Q24": (6.3, 6.6), "Q25": (6.0, 7.0),
    "Q26": (6.0, 6.3), "Q27": (4.8, 6.2), "Q28": (4.2, 4.0), "Q29": (4.4, 3.7), "Q30": (4.6, 4.8),
    "Q31": (4.2, 3.2), "Q32": (7.2, 7.0), "Q33": (5.0, 5.1), "Q34": (5.2, 4.0), "Q35": (4.4, 4.6),
    "Q36": (5.0, 6.6), "Q37": (4.0, 3.4), "Q38": (4.2, 3.9), "Q39": (4.4, 3.3), "Q40": (7.6, 7.4),
}  # fmt: skip
TASTE, TENDENCY, MOOD = 1.1, 0.5, 0.6  # standard deviations: of a person and a question, of a person, of a day

# Planted. Q4 is everything to these few; Q8 has two camps; Q5 moves; who ranks one of two twins leaves the other.
UNHEARD, FEW = "Q4", {"patients": 5, "carers": 1, "clinicians": 1}
TWO_CAMPS, CAMPS = "Q8", (1.4, 8.6, 5.0)
MOVED, MOVED_BY = "Q5", {"clinicians": 2.4, "social_workers": 2.0}
TWINS = ("Q2", "Q3")

CANNOT, SKIPS, MOVES = 0.03, 0.015, 0.3  # chances for each answer
ORDERS_FEW, ORDERS_TIES = 0.2, 0.2  # chances for each person
ONLY_THE_FIRST_ROUND = (3, 34)  # people by number who answer once and do not come back
STOPS_AFTER = {9: 26, 28: 31, 40: 22}  # people who leave the first list after so many questions
MISSES_THE_LAST = (17,)

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rater:
    """One made-up person of the group who answer."""

    number: int
    group: str

    @property
    def side(self) -> int:
        """Which column of `WORTH` is theirs."""
        return 0 if self.group in LIVED else 1

    def answers_round(self, n: int) -> bool:
        """Whether they come back for the second and the third round."""
        if n > 1 and self.number in ONLY_THE_FIRST_ROUND:
            return False
        return n < 3 or self.number not in MISSES_THE_LAST


@dataclass(frozen=True, slots=True)
class Simulation:
    """What everybody answers in three rounds; the same generator gives the same answers."""

    raters: tuple[Rater, ...]
    first: tuple[Answers, ...]
    second: tuple[Answers, ...]
    wishes: Values
    orders: Values

    def ranking(self, rater: Rater, candidates: Collection[str]) -> tuple[dict[str, Any], dict[str, int]]:
        """The piles and places that somebody gives these questions in the third round."""
        wish = {key: float(self.wishes[rater.number, index]) for index, key in enumerate(WORTH) if key in candidates}
        rated = self.second[rater.number]
        piles = {key: pile_of(rated.get(key, _rounded(wish[key]))) for key in wish}
        first = sorted((key for key, pile in piles.items() if pile == FIRST), key=lambda key: -wish[key])
        chosen = _one_of_two(first)[: self._how_many(rater)]
        return piles, self._places(rater, chosen, wish)

    def _how_many(self, rater: Rater) -> int:
        few = self.orders[rater.number, 0] < ORDERS_FEW
        return 3 + int(self.orders[rater.number, 1] * 5) if few else MOST_PLACES

    def _places(self, rater: Rater, chosen: Sequence[str], wish: Mapping[str, float]) -> dict[str, int]:
        """Places in order; some people give the same place to questions that they wish for alike."""
        ties = self.orders[rater.number, 2] < ORDERS_TIES
        number, numbers = 0, {}
        for before, key in zip([None, *chosen], chosen, strict=False):
            alike = ties and before is not None and wish[before] - wish[key] < 0.15 and before != UNHEARD
            number += not alike
            numbers[key] = number
        return places(numbers)


def simulate(rng: Generator) -> Simulation:
    """Draws everybody's answers: first what each question is to each person, then what they say in each round."""
    raters = everybody()
    worth = _worth(raters, rng)
    shape = worth.shape
    first_said = worth + rng.normal(0, MOOD, shape)
    gaps = rng.random((2, *shape))
    first = tuple(_ratings(first_said, gaps[0], rater, STOPS_AFTER.get(rater.number)) for rater in raters)
    second_said = _moved(raters, first_said, rng)
    second = tuple(_ratings(second_said, gaps[1], rater, None) for rater in raters)
    wishes = second_said + rng.normal(0, MOOD, shape)
    wishes[:, _index(UNHEARD)] += np.where(_few(raters), 9, 0)
    return Simulation(raters, first, second, wishes, rng.random((len(raters), 3)))


def everybody() -> tuple[Rater, ...]:
    """The 44 people, numbered from 0, group by group."""
    groups = [group for group, count in PEOPLE.items() for _ in range(count)]
    return tuple(Rater(number, group) for number, group in enumerate(groups))


def _worth(raters: Sequence[Rater], rng: Generator) -> Values:
    """What each question is to each person, before they speak; shape (people, questions)."""
    table = np.array(list(WORTH.values()))
    worth = table[:, [rater.side for rater in raters]].T + rng.normal(0, TASTE, (len(raters), len(table)))
    worth += rng.normal(0, TENDENCY, (len(raters), 1))
    worth[_few(raters), _index(UNHEARD)] = 9.4
    lived = np.array([rater.side == 0 for rater in raters])
    worth[lived, _index(TWO_CAMPS)] = np.resize([0, 1, 0, 1, 2, 0, 1, 0, 1, 0, 1, 2], lived.sum()).choose(CAMPS)
    carers = np.array([rater.group == "carers" for rater in raters])
    worth[carers, _index(MOVED)] = rng.normal(8.3, 0.5, carers.sum())
    return worth


def _few(raters: Sequence[Rater]) -> NDArray[np.bool_]:
    """Those to whom one question is everything: the last ones of their groups."""
    left = dict(FEW)
    chosen = np.zeros(len(raters), dtype=bool)
    for rater in reversed(raters):
        if left.get(rater.group, 0) and rater.answers_round(2) and rater.answers_round(3):
            chosen[rater.number] = True
            left[rater.group] -= 1
    return chosen


def _moved(raters: Sequence[Rater], said: Values, rng: Generator) -> Values:
    """What people say the second time: some answers go a step toward the middle of their own side, most stay."""
    sides = np.array([rater.side for rater in raters])
    middle = np.array([np.median(said[sides == side], axis=0) for side in (0, 1)])[sides]
    moves = rng.random(said.shape) < MOVES
    moves[:, [_index(UNHEARD), _index(TWO_CAMPS), _index(MOVED)]] = False
    again = said + np.where(moves, np.sign(middle - said), 0) + rng.normal(0, 0.2, said.shape)
    again[:, _index(MOVED)] += [MOVED_BY.get(rater.group, 0.0) for rater in raters]
    return again


def _ratings(said: Values, gaps: Values, rater: Rater, stops_after: int | None) -> Answers:
    """What one person's answers look like: numbers from 1 to 9, a few "can't judge", a few left empty."""
    answers: Answers = {}
    for index, key in enumerate(list(WORTH)[:stops_after]):
        chance = gaps[rater.number, index]
        if chance < SKIPS:
            continue
        answers[key] = CANNOT_JUDGE if chance < SKIPS + CANNOT else _rounded(said[rater.number, index])
    return answers


def _one_of_two(keys: Sequence[str]) -> list[str]:
    """The questions without the second one of the twins: whoever sees both gives a place to one."""
    seen = [key for key in keys if key in TWINS]
    return [key for key in keys if key not in seen[1:]]


def _rounded(value: float) -> int:
    return int(min(9, max(1, round(value))))


def _index(key: str) -> int:
    return list(WORTH).index(key)
