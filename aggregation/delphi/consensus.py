"""The verdict of a consensus rule on each question, and where its reason lies."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Self

from aggregation.delphi.rand_ucla import appropriateness, percentile_of
from aggregation.delphi.rules import ALTERNATIVES
from aggregation.delphi.scale import NINE
from aggregation.delphi.summary import Tally, summarise
from aggregation.errors import RatingsError, StatisticError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aggregation.delphi.rules import ConsensusRule
    from aggregation.delphi.scale import Scale
    from aggregation.delphi.summary import RatingSummary
    from aggregation.ratings import Ratings

Decision = Literal["in", "out", "none"]
Reason = Literal["met", "too_few_valid", "too_small", "parts_differ", "few_high", "many_low", "middle", "disagreement"]


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


def verdicts(ratings: Ratings, rule: ConsensusRule, scale: Scale = NINE) -> tuple[Verdict, ...]:
    """The verdict of a rule on every question.

    Parameters
    ----------
    ratings : Ratings
        Every row is somebody who was asked, so that rows without an answer count against the floor.
    rule : ConsensusRule
    scale : Scale
        Its high and low answers are what the rule calls 7-9 and 1-3.

    Returns
    -------
    tuple of Verdict, one an item, in their order

    Raises
    ------
    RatingsError
        If a rating is no point of the scale, or the rule asks for groups and there are none.
    StatisticError
        If the rule goes by the median and the scale is not 1 to 9, or asks for a median that the scale has not.

    Examples
    --------
    14 of 20 is 70 % exactly, and that is in; 3 of 20 in 1-3 is 15 %, and that is not.

    >>> from aggregation import Ratings
    >>> from aggregation.delphi import ConsensusRule
    >>> rows = [[8, 8]] * 14 + [[5, 2]] * 3 + [[5, 5]] * 3
    >>> [(v.decision, v.reason) for v in verdicts(Ratings(values=rows, items=["a", "b"]), ConsensusRule())]
    [('in', 'met'), ('none', 'many_low')]
    """
    check_scale(rule, scale)
    return _by_rule(_Panel.of(ratings, scale, groups=_asks_groups(rule)), rule)


def alternatives(
    ratings: Ratings, rules: Mapping[str, ConsensusRule] = ALTERNATIVES, scale: Scale = NINE
) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts of several rules on every question, by the key of the rule; see `verdicts`.

    Rules that cannot be asked here are left out: those that ask groups where there are none, and those that go by a
    median which the scale does not have.

    Examples
    --------
    Five of eight say 9 and three say 5; nobody has a group:

    >>> from aggregation import Ratings
    >>> found = alternatives(Ratings(values=[[9]] * 5 + [[5]] * 3, items=["a"]))
    >>> {key: verdict.decision for key, (verdict,) in found.items()}
    {'75_pooled': 'none', 'rand_ucla': 'in', 'iqr_2_median_7': 'none'}
    """
    panel = _Panel.of(ratings, scale, groups=ratings.groups is not None)
    return {
        key: _by_rule(panel, rule)
        for key, rule in rules.items()
        if _is_for(rule, scale) and not (_asks_groups(rule) and panel.groups is None)
    }


@dataclass(frozen=True, slots=True)
class _Panel:
    """What everybody, each side and each group answered; `sides` has the whole panel under "" where there are none."""

    whole: RatingSummary
    sides: dict[str, RatingSummary]
    groups: dict[str, RatingSummary] | None

    @classmethod
    def of(cls, ratings: Ratings, scale: Scale, *, groups: bool) -> Self:
        whole = summarise(ratings, scale)
        sides, by_group = (
            {name: summarise(part, scale) for name, part in parts.items()}
            for parts in (ratings.by_side(), ratings.by_group() if groups else {})
        )
        return cls(whole, sides or {"": whole}, by_group or None)


def _asks_groups(rule: ConsensusRule) -> bool:
    return rule.scope in ("groups", "k_of_groups")


def _by_rule(panel: _Panel, rule: ConsensusRule) -> tuple[Verdict, ...]:
    parts = {"": panel.whole} if rule.scope == "pooled" else panel.sides
    if _asks_groups(rule):
        if panel.groups is None:
            who = "every group" if rule.scope == "groups" else f"{rule.needed} of the groups"
            raise RatingsError(f"the rule asks {who}, and these ratings have none")
        parts = panel.groups
    return tuple(_verdict(rule, item, panel.sides, parts, name) for item, name in enumerate(panel.whole.items))


def _is_for(rule: ConsensusRule, scale: Scale) -> bool:
    if rule.by == "iqr":
        return scale.points[0] <= rule.in_median <= scale.points[-1]
    return rule.by == "share" or scale == NINE


def check_scale(rule: ConsensusRule, scale: Scale) -> None:
    """Refuse a rule by the median or the IQR on a scale it is not for."""
    if _is_for(rule, scale):
        return
    if rule.by == "median":
        raise StatisticError("RAND/UCLA is for ratings from 1 to 9")
    raise StatisticError(f"the rule asks for a median of {rule.in_median:g}, and the scale has {scale}")


def _verdict(
    rule: ConsensusRule, item: int, sides: dict[str, RatingSummary], parts: dict[str, RatingSummary], name: str
) -> Verdict:
    counts = tuple(_count(rule, item, summary, part) for part, summary in parts.items())
    for side, summary in sides.items():
        if not Tally(int(summary.n[item]), summary.people).at_least(rule.floor):
            return Verdict(name, "none", "too_few_valid", side, counts)
    asked = [count for count in counts if count.reason != "too_small"]
    # Every side must say so, and the rest cannot speak for one that is too small.
    if len(asked) < max(1, _needed(rule, len(counts if rule.scope == "sides" else asked))):
        silent = next((count.name for count in counts if count.reason == "too_small"), "")
        return Verdict(name, "none", "too_small", silent, counts)
    return _combined(rule, name, asked, counts)


def _needed(rule: ConsensusRule, parts: int) -> int:
    """How many of the parts must say in."""
    return {"any": 1, "k_of_groups": rule.needed}.get(rule.scope, parts)


def _combined(rule: ConsensusRule, name: str, asked: list[PartCount], counts: tuple[PartCount, ...]) -> Verdict:
    needed = _needed(rule, len(asked))
    enough: dict[Decision, int] = {"in": needed, "out": max(needed, len(asked) - needed + 1)}
    saying = {each: [count.name for count in asked if count.decision == each] for each in enough}
    for each, least in enough.items():
        if len(saying[each]) >= least:
            return Verdict(name, each, "met", saying[each][0] if len(saying[each]) < len(asked) else "", counts)
    if saying["in"] and saying["out"]:
        return Verdict(name, "none", "parts_differ", saying["out"][0], counts)
    against = next(count for count in asked if count.decision == "none")
    return Verdict(name, "none", against.reason, against.name, counts)


def _count(rule: ConsensusRule, item: int, summary: RatingSummary, part: str) -> PartCount:
    valid, cannot = int(summary.n[item]), int(summary.cannot_judge[item])
    n = valid + (cannot if rule.cannot_judge == "not_high" else 0)
    high, low = Tally(int(summary.high[item]), n), Tally(int(summary.low[item]), n)
    if valid < max(rule.minimum, 1):
        decision, reason = _NO_VOICE
    elif rule.by == "share":
        decision, reason = _by_share(rule, high, low)
    else:
        decision, reason = by_order(rule, summary.histogram[item].tolist(), summary.scale)
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


def by_order(rule: ConsensusRule, counts: Sequence[int], scale: Scale = NINE) -> tuple[Decision, Reason]:
    """What a rule by the median or the IQR makes of so many answers at each point of the scale, one at least."""
    return _by_median(rule, counts) if rule.by == "median" else _by_iqr(rule, counts, scale)


def _by_median(rule: ConsensusRule, counts: Sequence[int]) -> tuple[Decision, Reason]:
    result = appropriateness(counts, percentile=rule.percentile, at_equality=rule.at_equality)
    if result.disagreement:
        return "none", "disagreement"
    if result.band == "middle":
        return "none", "middle"
    return ("in" if result.band == "high" else "out"), "met"


def _by_iqr(rule: ConsensusRule, counts: Sequence[int], scale: Scale) -> tuple[Decision, Reason]:
    q1, q3 = (percentile_of(counts, Fraction(quarters, 4), rule.percentile, scale.points) for quarters in (1, 3))
    median = percentile_of(counts, Fraction(1, 2), "linear", scale.points)
    if q3 - q1 > rule.most_iqr:
        return "none", "disagreement"
    if median >= rule.in_median:
        return "in", "met"
    return ("out", "met") if rule.out_median is not None and median <= rule.out_median else ("none", "middle")
