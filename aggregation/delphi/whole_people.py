"""Consensus rules told in people instead of percentages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from aggregation.delphi.rules import ConsensusRule


@dataclass(frozen=True, slots=True)
class WholePeople:
    """A rule in people, for a part of `n` who all answer.

    In: at least `high_for_in` in 7-9 and at most `low_for_in` in 1-3. Out: at least `low_for_out` in 1-3 and at
    most `high_for_out` in 7-9; None where the rule does not ask, or has no out. `valid` answers are needed.
    """

    n: int
    valid: int
    high_for_in: int
    low_for_in: int | None
    low_for_out: int | None
    high_for_out: int | None


def whole_people(rule: ConsensusRule, n: int) -> WholePeople:
    """What the percentages of a rule mean in whole people, for a part of n.

    Parameters
    ----------
    rule : ConsensusRule
        One by share.
    n : int
        1 or more.

    Raises
    ------
    StatisticError
        If the rule goes by the median, or `n` is below 1.

    Examples
    --------
    70/15 in a group of five: four of five, and nobody low.

    >>> from aggregation.delphi import ConsensusRule
    >>> table = whole_people(ConsensusRule(), 5)
    >>> table.high_for_in, table.low_for_in
    (4, 0)
    """
    if rule.by != "share" or n < 1:
        raise StatisticError("only a rule by shares, in a part of 1 or more, can be told in people")
    below = None if rule.out_high is None else _most_below(rule.out_high, n)
    most = None if rule.out_high_most is None else rule.out_high_most * n // 100
    return WholePeople(
        n=n,
        valid=_fewest(rule.floor, n),
        high_for_in=_fewest(rule.in_high, n),
        low_for_in=None if rule.in_low is None else _most_below(rule.in_low, n),
        low_for_out=None if rule.out_low is None else _fewest(rule.out_low, n),
        high_for_out=min((each for each in (below, most) if each is not None), default=None),
    )


def _fewest(percent: int, n: int) -> int:
    return -(-percent * n // 100)


def _most_below(percent: int, n: int) -> int:
    """The most that is still less than the percentage; -1 where not even nobody is."""
    return _fewest(percent, n) - 1
