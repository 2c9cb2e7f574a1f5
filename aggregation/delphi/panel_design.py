"""Will this design work? What a panel of the planned sides and groups can show, decide and bear."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.delphi.mergers import Merger, merger
from aggregation.delphi.panel_trials import Assumptions, Panel, expected_alarms, passing_chances
from aggregation.delphi.rules import ConsensusRule
from aggregation.delphi.visibility import visible_groups
from aggregation.delphi.whole_people import WholePeople, whole_people
from aggregation.errors import StatisticError
from aggregation.shares import shares_by_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from numpy.typing import NDArray

    from aggregation.shares import ShareLike

# Of 100 people who could judge it, so many truly hold a question for important.
LIKED = (60, 80, 90)
# Far beyond what a page would ask for; a typing mistake must not keep a machine busy.
MOST_PEOPLE, MOST_DRAWS = 1_000, 2_000


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """A group: its people, whether it is visible when all answer, and how often when some do not."""

    name: str
    people: int
    visible: bool
    chance: float


@dataclass(frozen=True, slots=True)
class PlannedSide:
    """A side: its people, its share of the say, that of one person (in people of the side with the smallest such).

    `visible` and `chance` as for a group: sides are shown where each has enough valid answers, else only all together.
    """

    name: str
    people: int
    share: Fraction
    visible: bool
    chance: float
    groups: tuple[PlannedGroup, ...]

    @property
    def each(self) -> Fraction:
        """The share of the say that one of its people has."""
        return self.share / self.people


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """The rule in people, for a part that it asks; "" is the whole panel."""

    name: str
    rule: WholePeople


@dataclass(frozen=True, slots=True)
class Passing:
    """How often a question is "in" that `liked` of 100 people hold for important."""

    liked: int
    chance: float


@dataclass(frozen=True, slots=True)
class PanelDesign:
    """What `panel_design` found; every chance is the part of `draws` simulated rounds.

    Parameters
    ----------
    sides : tuple of PlannedSide
    rule : tuple of PlannedPart
        The rule in people, for each part that it asks, where all of them answer. Empty for a rule by the median.
    passing : tuple of Passing
        For questions that 60, 80 and 90 of 100 people hold for important.
    mergers : tuple of Merger
        At most one a side.
    left_behind, unheard : float
        How many alarms to expect where chance alone is at work, over `panels` panels; unheard, and how many
        items are named as left behind by some group.
    minutes : tuple of float
        For one person, round by round.
    assumptions : Assumptions
    draws, panels, seed : int
    """

    sides: tuple[PlannedSide, ...]
    rule: tuple[PlannedPart, ...]
    passing: tuple[Passing, ...]
    mergers: tuple[Merger, ...]
    left_behind: float
    unheard: float
    minutes: tuple[float, ...]
    assumptions: Assumptions
    draws: int
    panels: int
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it; shares are fractions in text."""
        told: dict[str, Any] = asdict(self)
        for side in told["sides"]:
            side["share"] = str(side["share"])
        return told


def panel_design(
    sides: Mapping[str, Mapping[str, int]],
    questions: int,
    *,
    rule: ConsensusRule | None = None,
    rounds: int = 2,
    shares: Mapping[str, ShareLike] | None = None,
    assumptions: Assumptions | None = None,
    draws: int = 400,
    seed: int,
) -> PanelDesign:
    """What will be visible, decided, alarmed and asked of people, if so many are on each side and in each group.

    Parameters
    ----------
    sides : mapping of side to mapping of group to int
        How many people are planned, 1 or more in each group, 1,000 in all at most.
    questions : int
        How many are rated in the first round, 2 or more.
    rule : ConsensusRule, optional
        Both sides by 70 and 15 per cent, when left out.
    rounds : int
        Of rating, 1 or more.
    shares : mapping of side to number, optional
        The share of the say of each side; equal when left out.
    assumptions : Assumptions, optional
        How many answer, and so on: declared, not known.
    draws : int
        Rounds to simulate, 10 to 2,000; alarms are looked for in at most `PANELS` of them.
    seed : int
        0 or above; the same seed gives the same figures.

    Raises
    ------
    StatisticError
        If there is nobody, or a number is out of range.
    ProfileError
        If `shares` are not one for each side, adding up to 1.

    Notes
    -----
    A figure of 400 draws is sure to about 5 per cent either way; see the page for what each takes for granted.

    Examples
    --------
    Two sides of four groups of five, all of whom must agree by 70/15, where everybody answers everything: a question
    that 80 of 100 people hold for important passes in one round of six (.16 exactly computed).

    >>> sides = {"lived": {"patients": 5, "carers": 5}, "staff": {"nurses": 5, "doctors": 5}}
    >>> everybody = Assumptions(response=1, cannot_judge=0)
    >>> found = panel_design(sides, 30, rule=ConsensusRule(scope="groups"), assumptions=everybody, seed=1)
    >>> found.passing[1], found.rule[0].rule.high_for_in, found.rule[0].rule.low_for_in
    (Passing(liked=80, chance=0.17), 4, 0)
    """
    assumed = Assumptions() if assumptions is None else assumptions
    asked = ConsensusRule() if rule is None else rule
    _check(sides, questions, rounds, draws, seed)
    panel = Panel.of(sides, shares_by_name(tuple(sides), shares))
    streams = np.random.default_rng(seed).spawn(3)
    valid = streams[0].binomial(panel.sizes, assumed.response * (1 - assumed.cannot_judge), (draws, len(panel.sizes)))
    planned, put_together = _seen(sides, panel, valid, assumed.k)
    chances = passing_chances(panel, asked, LIKED, assumed, draws, streams[1])
    alarms = expected_alarms(panel, questions, assumed, draws, streams[2])
    return PanelDesign(
        sides=planned,
        rule=_in_people(asked, sides),
        passing=tuple(Passing(liked, chance) for liked, chance in zip(LIKED, chances, strict=True)),
        mergers=put_together,
        left_behind=alarms.left_behind,
        unheard=alarms.unheard,
        minutes=_minutes(questions, rounds, assumed),
        assumptions=assumed,
        draws=draws,
        panels=alarms.panels,
        seed=seed,
    )


def _check(sides: Mapping[str, Mapping[str, int]], questions: int, rounds: int, draws: int, seed: int) -> None:
    if not sides or any(not groups for groups in sides.values()):
        raise StatisticError("each side needs a group, and there must be a side")
    for side, groups in sides.items():
        for name, people in groups.items():
            if people < 1:
                raise StatisticError(f"{name!r} of {side!r} has {people} people; a group has 1 or more")
    total = sum(sum(groups.values()) for groups in sides.values())
    if total > MOST_PEOPLE:
        raise StatisticError(f"panels of up to {MOST_PEOPLE} people can be planned, not of {total}")
    if questions < 2 or rounds < 1 or not 10 <= draws <= MOST_DRAWS or seed < 0:
        raise StatisticError(
            f"`questions` must be 2 or more, `rounds` 1 or more, `draws` from 10 to {MOST_DRAWS}, `seed` 0 or more, "
            f"not {questions}, {rounds}, {draws}, {seed}"
        )


def _seen(
    sides: Mapping[str, Mapping[str, int]], panel: Panel, valid: NDArray[np.int64], k: int
) -> tuple[tuple[PlannedSide, ...], tuple[Merger, ...]]:
    """Which sides and groups are visible, when everybody answers and in the simulated rounds."""
    rounds = np.concatenate([panel.sizes[None], valid])
    shown = np.all([rounds[:, panel.of_side(code)].sum(axis=1) >= k for code in range(len(sides))], axis=0)
    planned, proposed = [], []
    for code, (name, groups) in enumerate(sides.items()):
        own = rounds[:, panel.of_side(code)]
        seen = visible_groups(own, k=k) & shown[:, None]
        found = merger(name, groups, own[1:], shown[1:], k=k)
        proposed += [found] if found else []
        parts = tuple(
            PlannedGroup(group, people, bool(column[0]), float(column[1:].mean()))
            for (group, people), column in zip(groups.items(), seen.T, strict=True)
        )
        chance = float(shown[1:].mean())
        planned.append(PlannedSide(name, sum(groups.values()), panel.shares[code], bool(shown[0]), chance, parts))
    return tuple(planned), tuple(proposed)


def _in_people(rule: ConsensusRule, sides: Mapping[str, Mapping[str, int]]) -> tuple[PlannedPart, ...]:
    if rule.by != "share":
        return ()
    if rule.scope == "pooled":
        parts = [("", sum(sum(groups.values()) for groups in sides.values()))]
    elif rule.scope in ("groups", "k_of_groups"):
        parts = [named for groups in sides.values() for named in groups.items()]
    else:
        parts = [(name, sum(groups.values())) for name, groups in sides.items()]
    return tuple(PlannedPart(name, whole_people(rule, people)) for name, people in parts)


def _minutes(questions: int, rounds: int, assumed: Assumptions) -> tuple[float, ...]:
    """Minutes of one person in each round; later rounds have the questions that come again, rounded up."""
    again = -int(-questions * assumed.kept // 1)
    return tuple(assumed.seconds * (again if number else questions) / 60 for number in range(rounds))
