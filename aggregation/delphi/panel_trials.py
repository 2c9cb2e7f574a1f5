"""Simulated rounds of a planned panel: how often a question passes, how many alarms chance alone rings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from aggregation.answers.left_behind import left_behind
from aggregation.answers.unheard import unheard
from aggregation.delphi.consensus import verdicts
from aggregation.errors import StatisticError
from aggregation.frozen import Frozen
from aggregation.profile import Profile
from aggregation.ratings import Ratings
from aggregation.registry import rank
from aggregation.uncertainty.batched import places_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from aggregation.delphi.rules import ConsensusRule

# Alarms take longer than answers: they are looked for in so many panels, each group drawn anew so many times.
PANELS, DRAWS_OF_A_GROUP = 60, 200
# Methods that put many panels in order at once; a plan is looked at while somebody waits.
QUICK = ("borda", "jla")
MOST_RANKED = 40
# The answers of those who hold a question for important, of those who do not, and of those in between.
HIGH, LOW, MIDDLE = 8.0, 2.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What a plan takes for granted; declare it, nobody knows it beforehand.

    Parameters
    ----------
    response : float
        The part of the people invited who answer, above 0 and at most 1; each by chance, whoever else does.
    cannot_judge : float
        The part of their answers that are "I can't judge" or left open, from 0 to below 1.
    low : float
        Of those who do not hold a question for important, the part that answers low, the others in the middle; 0 to 1.
    k : int
        The fewest valid answers that are shown.
    places, ranked, method : int, int, str
        How long the list is, of how many questions put in order at the end (all, if there are fewer; 40 at most), by
        which method: "borda" or "jla".
    spread : float
        How much people differ in what questions are worth to them, where what all share has spread 1: at 1.5
        Kendall's W is about .3.
    seconds : float
        For one answer of one person.
    kept : float
        The part of the questions that come again in each later round, 0 to 1.
    """

    response: float = 0.8
    cannot_judge: float = 0.1
    low: float = 0.25
    k: int = 5
    places: int = 10
    ranked: int = 30
    method: str = "borda"
    spread: float = 1.5
    seconds: float = 20.0
    kept: float = 0.6

    def __post_init__(self) -> None:
        parts = {"response": self.response, "cannot_judge": self.cannot_judge, "low": self.low, "kept": self.kept}
        for name, part in parts.items():
            if not 0 <= part <= 1:
                raise StatisticError(f"`{name}` must be from 0 to 1, not {part}")
        if not self.response or self.cannot_judge == 1:
            raise StatisticError("nobody would answer anything")
        if self.k < 2 or self.places < 1 or not 2 <= self.ranked <= MOST_RANKED:
            raise StatisticError(f"`k` must be 2 or more, `ranked` 2 to {MOST_RANKED}, `places` 1 or more")
        if not 0 <= self.spread <= 100 or not 0 < self.seconds <= 3600:
            raise StatisticError("`spread` must be from 0 to 100, `seconds` above 0 and at most 3600")
        if self.method not in QUICK:
            raise StatisticError(f"`method` must be one of {', '.join(QUICK)}, not {self.method!r}")


@dataclass(frozen=True, slots=True, eq=False)
class Panel(Frozen):
    """The planned people: the size of each group and the side it is on, shape (n_groups,), with names and shares."""

    sizes: NDArray[np.int64]
    side: NDArray[np.int64]
    side_names: tuple[str, ...]
    shares: tuple[Fraction, ...]

    @classmethod
    def of(cls, sides: Mapping[str, Mapping[str, int]], shares: tuple[Fraction, ...]) -> Self:
        """The panel of groups by side, with the shares of these."""
        sizes = [people for groups in sides.values() for people in groups.values()]
        side = [code for code, groups in enumerate(sides.values()) for _ in groups]
        return cls(np.array(sizes), np.array(side), tuple(sides), shares)

    def of_side(self, code: int) -> NDArray[np.bool_]:
        """Which groups are on a side."""
        return np.asarray(self.side == code)

    def sides_of(self, who: NDArray[np.int64]) -> list[str]:
        """The side of each person, given their groups."""
        return [self.side_names[code] for code in self.side[who]]

    def answering(self, response: float, rng: np.random.Generator) -> NDArray[np.int64] | None:
        """The group of each person who answers in one round; None where a side is silent."""
        everybody = np.repeat(np.arange(len(self.sizes)), self.sizes)
        who = everybody[rng.random(len(everybody)) < response]
        return who if len(set(self.side[who])) == len(self.side_names) else None


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many alarms a panel rings on average, over `panels` of them."""

    left_behind: float
    unheard: float
    panels: int


def passing_chances(
    panel: Panel,
    rule: ConsensusRule,
    liked: Sequence[int],
    assumed: Assumptions,
    draws: int,
    rng: np.random.Generator,
) -> list[float]:
    """How often the rule calls a question in that so many of 100 people hold for important; 0 to 1, one for each.

    Each person is drawn alone, whatever their side; a round in which a side is silent passes nothing. The floor of the
    rule is of those who answer anything, not of those invited.
    """
    parts = np.array(liked) / 100
    hits = np.zeros(len(parts), dtype=np.int64)
    items = [f"liked by {part}" for part in liked]
    for _ in range(draws):
        who = panel.answering(assumed.response, rng)
        if who is None:
            continue
        mood, rest = rng.random((2, len(who), len(parts)))
        values = np.where(mood < parts, HIGH, np.where(rest < assumed.low, LOW, MIDDLE))
        silent = rng.random(values.shape) < assumed.cannot_judge
        values[silent] = np.nan
        ratings = Ratings.from_values(
            values,
            items,
            cannot_judge=silent,
            sides=panel.side[who].astype(str).tolist(),
            groups=who.astype(str).tolist(),
        )
        hits += [verdict.decision == "in" for verdict in verdicts(ratings, rule)]
    return [float(each) for each in hits / draws]


def expected_alarms(panel: Panel, questions: int, assumed: Assumptions, draws: int, rng: np.random.Generator) -> Alarms:
    """The mean number of alarms where people, of whatever side and group, differ by chance alone.

    What a question is worth has a part that all share and one of each person's own, both normal. Rounds in which a
    side is silent have no list and are left out.
    """
    items = [f"q{number}" for number in range(min(questions, assumed.ranked))]
    places, panels = min(assumed.places, len(items)), min(draws, PANELS)
    behind = alarms = listed = 0
    for _ in range(panels):
        who = panel.answering(assumed.response, rng)
        if who is None:
            continue
        listed += 1
        worth = rng.standard_normal(len(items)) + assumed.spread * rng.standard_normal((len(who), len(items)))
        ballots = Profile.from_ranks(
            places_of(worth),
            items,
            unranked="last",
            sides=panel.sides_of(who),
            shares=dict(zip(panel.side_names, panel.shares, strict=True)),
            groups=[str(group) for group in who],
        )
        found = left_behind(
            ballots, assumed.method, places, floor=assumed.k, draws=DRAWS_OF_A_GROUP, seed=int(rng.integers(2**31))
        )
        behind += sum(len(group.left_behind) for group in found)
        alarms += len(unheard(ballots, rank(ballots, assumed.method), places, floor=assumed.k).alarms)
    if not listed:
        raise StatisticError("in none of the simulated rounds did every side answer")
    return Alarms(behind / listed, alarms / listed, listed)
