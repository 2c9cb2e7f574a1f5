"""Consensus rules told in people instead of percentages."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from aggregation.delphi.consensus import by_order, check_scale
from aggregation.delphi.rand_ucla import place_of
from aggregation.delphi.scale import NINE
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aggregation.delphi.consensus import Decision
    from aggregation.delphi.rules import ConsensusRule
    from aggregation.delphi.scale import Scale


@dataclass(frozen=True, slots=True)
class WholePeople:
    """A rule in people, for a part of `n` who all answer.

    In: at least `high_for_in` in 7-9 and at most `low_for_in` in 1-3. Out: at least `low_for_out` in 1-3 and at
    most `high_for_out` in 7-9; None where the rule does not ask, or has no out. `valid` answers are needed, 1 at least.

    `exact` is whether this is the whole rule. It is not for one by the median or the IQR, of which no count of people
    tells everything: with `high_for_in` in 7-9 the question is in, with `low_for_out` in 1-3 out, *whatever the
    others say*; with fewer it may be. They are n + 1 where no number of people is enough.
    """

    n: int
    valid: int
    high_for_in: int
    low_for_in: int | None
    low_for_out: int | None
    high_for_out: int | None
    exact: bool = True


def whole_people(rule: ConsensusRule, n: int, scale: Scale = NINE) -> WholePeople:
    """What the percentages of a rule mean in whole people, for a part of n.

    Parameters
    ----------
    rule : ConsensusRule
    n : int
        1 or more.
    scale : Scale
        Its high and low answers are what is called 7-9 and 1-3 here.

    Raises
    ------
    StatisticError
        If `n` is below 1, or the rule is not for this scale.

    Examples
    --------
    70/15 in a group of five: four of five, and nobody low.

    >>> from aggregation.delphi import ConsensusRule
    >>> table = whole_people(ConsensusRule(), 5)
    >>> table.high_for_in, table.low_for_in
    (4, 0)

    RAND/UCLA in a panel of nine: seven who give 7 to 9 are enough, and nobody can undo it.

    >>> whole_people(ConsensusRule(by="median"), 9).high_for_in
    7
    """
    check_scale(rule, scale)
    if n < 1:
        raise StatisticError(f"a rule is told in people for a part of 1 or more, not of {n}")
    if rule.by != "share":
        return _by_order(rule, n, scale)
    below = None if rule.out_high is None else _most_below(rule.out_high, n)
    most = None if rule.out_high_most is None else rule.out_high_most * n // 100
    return WholePeople(
        n=n,
        valid=_valid(rule, n),
        high_for_in=_fewest(rule.in_high, n),
        low_for_in=None if rule.in_low is None else _most_below(rule.in_low, n),
        low_for_out=None if rule.out_low is None else _fewest(rule.out_low, n),
        high_for_out=min((each for each in (below, most) if each is not None), default=None),
    )


def _fewest(percent: int, n: int) -> int:
    return -(-percent * n // 100)


def _valid(rule: ConsensusRule, n: int) -> int:
    return max(_fewest(rule.floor, n), rule.minimum, 1)


def _most_below(percent: int, n: int) -> int:
    """The most that is still less than the percentage; -1 where not even nobody is."""
    return _fewest(percent, n) - 1


def _by_order(rule: ConsensusRule, n: int, scale: Scale) -> WholePeople:
    high = _surely(rule, n, scale, "in")
    low = _surely(rule, n, scale, "out") if rule.by == "median" or rule.out_median is not None else None
    return WholePeople(
        n=n,
        valid=_valid(rule, n),
        high_for_in=high,
        low_for_in=None,
        low_for_out=low,
        high_for_out=None,
        exact=False,
    )


def _surely(rule: ConsensusRule, n: int, scale: Scale, decision: Decision) -> int:
    """The fewest people at one end of the scale with whom the decision is sure; n + 1 if all are not enough.

    Only the answers at a few places in ascending order count, so it is enough to let these be anything: as long as
    no more than so many of them are at other points, the decision must stand.
    """
    places = _places_that_count(rule, n)
    wanted = set(scale.high if decision == "in" else scale.low)
    for others in range(len(places) + 1):
        for counts in _panels(places, n, scale, wanted, others):
            if by_order(rule, counts, scale)[0] != decision:
                # One place fewer is still sure: so many people at the wanted end leave that many places to others.
                return n + 1 if not others else _people_who_leave(places, others - 1, n, decision)
    raise AssertionError("a rule that no answer can undo")


def _people_who_leave(places: Sequence[int], others: int, n: int, decision: Decision) -> int:
    """The fewest at the wanted end with whom at most `others` of the places are held by somebody else."""
    return n - places[others] if decision == "in" else places[-1 - others] + 1


def _places_that_count(rule: ConsensusRule, n: int) -> list[int]:
    tenths = (3, 7) if rule.by == "median" else (Fraction(5, 2), Fraction(15, 2))
    found = [place_of(n, Fraction(1, 2), "linear")]
    found += [place_of(n, Fraction(each) / 10, rule.percentile) for each in tenths]
    below = {place.numerator // place.denominator for place in found}
    return sorted(below | {min(place + 1, n - 1) for place in below})


def _panels(places: Sequence[int], n: int, scale: Scale, wanted: set[float], others: int) -> Iterator[list[int]]:
    """Panels of n of which so many of the places are not at the wanted points, whatever they are instead."""
    starts = [0, *places[1:], n]
    for answers in combinations_with_replacement(range(len(scale.points)), len(places)):
        if sum(scale.points[each] not in wanted for each in answers) == others:
            counts = [0] * len(scale.points)
            for answer, start, end in zip(answers, starts[:-1], starts[1:], strict=True):
                counts[answer] += end - start
            yield counts
