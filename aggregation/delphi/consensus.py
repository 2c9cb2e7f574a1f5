"""The verdict of a consensus rule on each question, and where its reason lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aggregation.delphi.rand_ucla import appropriateness
from aggregation.delphi.summary import Tally, summarise
from aggregation.errors import RatingsError

if TYPE_CHECKING:
    from aggregation.delphi.rules import ConsensusRule
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
    >>> from aggregation.delphi import ConsensusRule
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
