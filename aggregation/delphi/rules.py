"""Consensus rules as a protocol declares them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from aggregation.delphi.rand_ucla import AtEquality, PercentileRule
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Mapping

Scope = Literal["sides", "any", "groups", "k_of_groups", "pooled"]
By = Literal["share", "median", "iqr"]
CannotJudge = Literal["left_out", "not_high"]

_CHOICES = {
    "scope": Scope,
    "by": By,
    "cannot_judge": CannotJudge,
    "percentile": PercentileRule,
    "at_equality": AtEquality,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsensusRule:
    """A rule that a protocol declares beforehand; percentages are compared as whole numbers.

    Parameters
    ----------
    scope : {"sides", "any", "groups", "k_of_groups", "pooled"}
        Who must say so: every side; one side is enough for in (out needs every side); every group; `needed` of the
        groups; the panel as a whole. Where nobody has a side, the panel is the one side.
    needed : int
        For "k_of_groups": in where so many say in. Out needs as many that say out, and so many that in is out of
        reach: with one needed, all of them.
    by : {"share", "median", "iqr"}
        "share": by the percentages below. "median": RAND/UCLA, by the median's third unless there is disagreement.
        "iqr": by the median, unless the quartiles lie further apart than `most_iqr`.
    in_high, in_low : int, and int or None
        In: at least `in_high` % in 7-9 and less than `in_low` % in 1-3 (None: not asked).
    out_low, out_high, out_high_most : int or None
        Out: at least `out_low` % in 1-3, less than `out_high` % in 7-9, at most `out_high_most` % in 7-9;
        None: not asked. With all three None nothing is ever out.
    in_median, out_median, most_iqr : float, and float or None
        "iqr": in with a median of `in_median` or more, out with one of `out_median` or less (None: never). Both
        in points of the scale, quartiles by `percentile`.
    floor : int
        Percentage of each side's people who must have given a valid answer; else there is no verdict.
    minimum : int
        Groups, or sides of which one is enough, with fewer valid answers are left out of the question who must say so;
        where every side must, one with fewer (or none) leaves no verdict.
    cannot_judge : {"left_out", "not_high"}
        "left_out" of the percentages, or counted among those who did not choose 7-9 or 1-3; that by "share" only.
    percentile, at_equality : as in `appropriateness`

    Raises
    ------
    StatisticError
        If a number is out of range, a choice is none of these, or the parts of the rule contradict each other.
    """

    scope: Scope = "sides"
    needed: int = 1
    by: By = "share"
    in_high: int = 70
    in_low: int | None = 15
    out_low: int | None = 70
    out_high: int | None = 15
    out_high_most: int | None = None
    in_median: float = 7
    out_median: float | None = 3
    most_iqr: float = 2
    floor: int = 70
    minimum: int = 1
    cannot_judge: CannotJudge = "left_out"
    percentile: PercentileRule = "weibull"
    at_equality: AtEquality = "agreement"

    def __post_init__(self) -> None:
        percentages = (self.in_high, self.in_low, self.out_low, self.out_high, self.out_high_most, self.floor)
        if any(each is not None and not 0 <= each <= 100 for each in percentages):
            raise StatisticError("the percentages of a rule lie between 0 and 100")
        if self.needed < 1:
            raise StatisticError(f"a rule needs one group or more, not {self.needed}")
        if self.minimum < 0:
            raise StatisticError(f"a part needs 0 or more valid answers, not {self.minimum}")
        if self.out_median is not None and not self.out_median < self.in_median:
            raise StatisticError(f"a median of {self.out_median:g} cannot be out where {self.in_median:g} is in")
        if not self.most_iqr >= 0:
            raise StatisticError(f"quartiles may lie 0 or more apart, not {self.most_iqr:g}")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in get_args(choices):
                known = ", ".join(get_args(choices))
                raise StatisticError(f"`{name}` must be one of {known}, not {getattr(self, name)!r}")
        if self.cannot_judge == "not_high" and self.by != "share":
            raise StatisticError("only a rule by shares can count those who cannot judge as not high")


@dataclass(frozen=True, slots=True)
class RulesByRound:
    """A rule for each round, declared together beforehand; the last holds for every later round.

    Parameters
    ----------
    rules : tuple of ConsensusRule
        At least one; the first is that of round 1.

    Raises
    ------
    StatisticError
        If there is no rule, or a round below 1 is asked for.

    Examples
    --------
    Half of the panel in the first round, seven of ten from the second on:

    >>> declared = RulesByRound((ConsensusRule(in_high=50, out_low=50), ConsensusRule()))
    >>> [declared.rule_for_round(number).in_high for number in (1, 2, 3)]
    [50, 70, 70]
    """

    rules: tuple[ConsensusRule, ...]

    def __post_init__(self) -> None:
        if not self.rules:
            raise StatisticError("a rule for the first round is needed")

    def rule_for_round(self, number: int) -> ConsensusRule:
        """The rule of a round, 1 = the first."""
        if number < 1:
            raise StatisticError(f"rounds are counted from 1, not from {number}")
        return self.rules[min(number, len(self.rules)) - 1]


# What five published rules would have decided is told beside the verdict, once that is signed.
ALTERNATIVES: Mapping[str, ConsensusRule] = MappingProxyType(
    {
        "70_15_each_group": ConsensusRule(scope="groups"),
        "75_pooled": ConsensusRule(scope="pooled", in_high=75, in_low=None, out_low=75, out_high=None),
        "rand_ucla": ConsensusRule(scope="pooled", by="median"),
        "iqr_2_median_7": ConsensusRule(scope="pooled", by="iqr", percentile="linear"),
        "any_group": ConsensusRule(scope="k_of_groups", needed=1),
    }
)

RULES: Mapping[str, ConsensusRule] = MappingProxyType(
    {
        "70_15_both_sides": ConsensusRule(),
        "70_15_pooled": ConsensusRule(scope="pooled"),
        "70_15_any_side": ConsensusRule(scope="any"),
        **ALTERNATIVES,
    }
)
