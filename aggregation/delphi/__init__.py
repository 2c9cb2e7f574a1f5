"""Delphi statistics: how a question was rated, whether that is consensus, and how far people agree."""

from aggregation.delphi.concordance import Concordance, kendall_w
from aggregation.delphi.consensus import (
    RULES,
    ConsensusRule,
    PartCount,
    Verdict,
    WholePeople,
    verdicts,
    whole_people,
)
from aggregation.delphi.proportion import Interval, wilson
from aggregation.delphi.rand_ucla import Appropriateness, appropriateness, rand_ucla
from aggregation.delphi.summary import RatingSummary, Tally, summarise

__all__ = [
    "RULES",
    "Appropriateness",
    "Concordance",
    "ConsensusRule",
    "Interval",
    "PartCount",
    "RatingSummary",
    "Tally",
    "Verdict",
    "WholePeople",
    "appropriateness",
    "kendall_w",
    "rand_ucla",
    "summarise",
    "verdicts",
    "whole_people",
    "wilson",
]
