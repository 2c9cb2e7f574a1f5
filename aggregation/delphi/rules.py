"""Consensus rules as a protocol declares them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.delphi.rand_ucla import AtEquality, PercentileRule

Scope = Literal["sides", "any", "groups", "pooled"]


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
