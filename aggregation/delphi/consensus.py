"""Consensus rules: when a question is in, when it is out, and in how many people that is."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from aggregation.delphi.rand_ucla import AtEquality, PercentileRule, appropriateness
from aggregation.delphi.summary import Tally, summarise
from aggregation.errors import RatingsError, StatisticError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.delphi.summary import RatingSummary
    from aggregation.ratings import Ratings

Scope = Literal["sides", "any", "groups", "pooled"]
Decision = Literal["in", "out", "none"]
Reason = Literal["met", "too_few_valid", "too_small", "parts_differ", "few_high", "many_low", "middle", "disagreement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsensusRule:
    """A rule that a protocol declares beforehand; percentages are compared as whole numbers.

    Parameters
    ----------
    scope : {"sides", "any", "groups", "pooled"}
        Who must say so: every side; one side is enough for in (out needs every side); every group; the panel as
        a whole. Where nobody has a side, the panel is the one side.
    by : {"share", "median"}
        "share": by the percentages below. "median": RAND/UCLA, by the median's third unless there is disagreement.
    in_high, in_low : int, and int or None
        In: at least `in_high` % in 7-9 and less than `in_low` % in 1-3 (None: not asked).
    out_low, out_high, out_high_most : int or None
        Out: at least `out_low` % in 1-3, less than `out_high` % in 7-9, at most `out_high_most` % in 7-9;
        None: not asked. With all three None nothing is ever out.
    floor : int
        Percentage of each side's people who must have given a valid answer; else there is no verdict.
    minimum : int
        Parts with fewer valid answers are left out of the question who must say so.
    cannot_judge : {"left_out", "not_high"}
        "left_out" of the percentages, or counted among those who did not choose 7-9 or 1-3.
    percentile, at_equality : as in `appropriateness`
    """

    scope: Scope = "sides"
    by: Literal["share", "median"] = "share"
    in_high: int = 70
    in_low: int | None = 15
    out_low: int | None = 70
    out_high: int | None = 15
    out_high_most: int | None = None
    floor: int = 70
    minimum: int = 1
    cannot_judge: Literal["left_out", "not_high"] = "left_out"
    percentile: PercentileRule = "weibull"
    at_equality: AtEquality = "agreement"

    def __post_init__(self) -> None:
        percentages = (self.in_high, self.in_low, self.out_low, self.out_high, self.out_high_most, self.floor)
        if any(each is not None and not 0 <= each <= 100 for each in percentages):
            raise StatisticError("the percentages of a rule lie between 0 and 100")


RULES: Mapping[str, ConsensusRule] = MappingProxyType(
    {
        "70_15_both_sides": ConsensusRule(),
        "70_15_pooled": ConsensusRule(scope="pooled"),
        "70_15_any_side": ConsensusRule(scope="any"),
        "70_15_each_group": ConsensusRule(scope="groups"),
        "rand_ucla": ConsensusRule(scope="pooled", by="median"),
    }
)


@dataclass(frozen=True, slots=True)
class PartCount:
    """What one part of the panel said about one question, and what the rule makes of it alone.

    `name` is "" for the panel as a whole. `high` and `low` are shares of the same `n`.
    """

    name: str
    people: int
    valid: int
    cannot_judge: int
    high: Tally
    low: Tally
    decision: Decision
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """In, out or neither, and why; `part` names the side or group the reason lies with, "" for the whole panel."""

    item: str
    decision: Decision
    reason: Reason
    part: str
    parts: tuple[PartCount, ...]


def verdicts(ratings: Ratings, rule: ConsensusRule) -> tuple[Verdict, ...]:
    """The verdict of a rule on every question.

    Parameters
    ----------
    ratings : Ratings
        1 to 9; every row is somebody who was asked, so that rows without an answer count against the floor.
    rule : ConsensusRule

    Returns
    -------
    tuple of Verdict, one an item, in their order

    Raises
    ------
    RatingsError
        If a rating is no whole number from 1 to 9, or the rule asks for groups and there are none.

    Examples
    --------
    14 of 20 is 70 % exactly, and that is in; 3 of 20 in 1-3 is 15 %, and that is not.

    >>> from aggregation import Ratings
    >>> rows = [[8, 8]] * 14 + [[5, 2]] * 3 + [[5, 5]] * 3
    >>> [(v.decision, v.reason) for v in verdicts(Ratings(values=rows, items=["a", "b"]), ConsensusRule())]
    [('in', 'met'), ('none', 'many_low')]
    """
    whole = summarise(ratings)
    sides = {name: summarise(part) for name, part in ratings.by_side().items()} or {"": whole}
    parts = _parts(ratings, rule, sides, whole)
    return tuple(_verdict(rule, item, sides, parts, name) for item, name in enumerate(ratings.items))


def _parts(
    ratings: Ratings, rule: ConsensusRule, sides: dict[str, RatingSummary], whole: RatingSummary
) -> dict[str, RatingSummary]:
    if rule.scope == "pooled":
        return {"": whole}
    if rule.scope != "groups":
        return sides
    if ratings.groups is None:
        raise RatingsError("the rule asks every group, and these ratings have none")
    return {name: summarise(part) for name, part in ratings.by_group().items()}


def _verdict(
    rule: ConsensusRule, item: int, sides: dict[str, RatingSummary], parts: dict[str, RatingSummary], name: str
) -> Verdict:
    counts = tuple(_count(rule, item, summary, part) for part, summary in parts.items())
    for side, summary in sides.items():
        if not Tally(int(summary.n[item]), summary.people).at_least(rule.floor):
            return Verdict(name, "none", "too_few_valid", side, counts)
    asked = [count for count in counts if count.reason != "too_small"]
    if not asked:
        return Verdict(name, "none", "too_small", counts[0].name, counts)
    return _combined(rule, name, asked, counts)


def _combined(rule: ConsensusRule, name: str, asked: list[PartCount], counts: tuple[PartCount, ...]) -> Verdict:
    for_in = [count for count in asked if count.decision == "in"]
    for_out = [count for count in asked if count.decision == "out"]
    if len(for_in) == len(asked) or (for_in and rule.scope == "any"):
        return Verdict(name, "in", "met", for_in[0].name if len(for_in) < len(asked) else "", counts)
    if len(for_out) == len(asked):
        return Verdict(name, "out", "met", "", counts)
    if for_in and for_out:
        return Verdict(name, "none", "parts_differ", for_out[0].name, counts)
    against = next(count for count in asked if count.decision == "none")
    return Verdict(name, "none", against.reason, against.name, counts)


def _count(rule: ConsensusRule, item: int, summary: RatingSummary, part: str) -> PartCount:
    valid, cannot = int(summary.n[item]), int(summary.cannot_judge[item])
    n = valid + (cannot if rule.cannot_judge == "not_high" else 0)
    high, low = Tally(int(summary.high[item]), n), Tally(int(summary.low[item]), n)
    if valid < max(rule.minimum, 1):
        decision, reason = _NO_VOICE
    elif rule.by == "median":
        decision, reason = _by_median(rule, summary.histogram[item].tolist())
    else:
        decision, reason = _by_share(rule, high, low)
    return PartCount(part, summary.people, valid, cannot, high, low, decision, reason)


_NO_VOICE: tuple[Decision, Reason] = ("none", "too_small")


def _by_share(rule: ConsensusRule, high: Tally, low: Tally) -> tuple[Decision, Reason]:
    enough_high = high.at_least(rule.in_high)
    if enough_high and (rule.in_low is None or low.below(rule.in_low)):
        return "in", "met"
    if _is_out(rule, high, low):
        return "out", "met"
    return "none", "many_low" if enough_high else "few_high"


def _is_out(rule: ConsensusRule, high: Tally, low: Tally) -> bool:
    asked = (
        None if rule.out_low is None else low.at_least(rule.out_low),
        None if rule.out_high is None else high.below(rule.out_high),
        None if rule.out_high_most is None else 100 * high.hits <= rule.out_high_most * high.n,
    )
    return any(each is not None for each in asked) and all(each is not False for each in asked)


def _by_median(rule: ConsensusRule, counts: list[int]) -> tuple[Decision, Reason]:
    result = appropriateness(counts, percentile=rule.percentile, at_equality=rule.at_equality)
    if result.disagreement:
        return "none", "disagreement"
    if result.band == "middle":
        return "none", "middle"
    return ("in" if result.band == "high" else "out"), "met"


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
