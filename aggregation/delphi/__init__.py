"""Delphi statistics: how a question was rated, whether that is consensus, and how far people agree."""

from aggregation.delphi.agreement import tastle_wierman, van_der_eijk
from aggregation.delphi.attrition import Attrition, attrition, welch
from aggregation.delphi.best_worst import AnsweredSet, BestWorst, best_worst, cards
from aggregation.delphi.best_worst_design import Design, design
from aggregation.delphi.change import Change, change
from aggregation.delphi.chnri import CriteriaScores, chnri
from aggregation.delphi.choices import Choices, choices
from aggregation.delphi.concordance import Concordance, kendall_w
from aggregation.delphi.concordance_missing import GappyConcordance, kendall_w_missing
from aggregation.delphi.consensus import PartCount, Verdict, alternatives, verdicts
from aggregation.delphi.ladders import average_majority, consistency
from aggregation.delphi.mergers import Merger
from aggregation.delphi.movement import Movement, movement
from aggregation.delphi.nominal_group import Importance, LowestTotal, importance, lowest_total
from aggregation.delphi.panel_design import PanelDesign, panel_design
from aggregation.delphi.panel_trials import Assumptions
from aggregation.delphi.proportion import Interval, wilson
from aggregation.delphi.rand_ucla import Appropriateness, appropriateness, rand_ucla
from aggregation.delphi.rank_tests import RankTest, holm, kruskal_wallis, mann_whitney
from aggregation.delphi.reruns import Reruns, reruns
from aggregation.delphi.rules import ALTERNATIVES, RULES, ConsensusRule, RulesByRound
from aggregation.delphi.scale import CHNRI, FIVE, NINE, SCALES, Scale
from aggregation.delphi.stability import Finding, Stable, findings, stable
from aggregation.delphi.stopping import Stopping, StoppingRule, stopping
from aggregation.delphi.subgroups import Superiority, superiority
from aggregation.delphi.summary import RatingSummary, Tally, summarise
from aggregation.delphi.visibility import visible_groups
from aggregation.delphi.whole_people import WholePeople, whole_people
from aggregation.delphi.wilcoxon import SignedRanks, wilcoxon

__all__ = [
    "ALTERNATIVES",
    "CHNRI",
    "FIVE",
    "NINE",
    "RULES",
    "SCALES",
    "AnsweredSet",
    "Appropriateness",
    "Assumptions",
    "Attrition",
    "BestWorst",
    "Change",
    "Choices",
    "Concordance",
    "ConsensusRule",
    "CriteriaScores",
    "Design",
    "Finding",
    "GappyConcordance",
    "Importance",
    "Interval",
    "LowestTotal",
    "Merger",
    "Movement",
    "PanelDesign",
    "PartCount",
    "RankTest",
    "RatingSummary",
    "Reruns",
    "RulesByRound",
    "Scale",
    "SignedRanks",
    "Stable",
    "Stopping",
    "StoppingRule",
    "Superiority",
    "Tally",
    "Verdict",
    "WholePeople",
    "alternatives",
    "appropriateness",
    "attrition",
    "average_majority",
    "best_worst",
    "cards",
    "change",
    "chnri",
    "choices",
    "consistency",
    "design",
    "findings",
    "holm",
    "importance",
    "kendall_w",
    "kendall_w_missing",
    "kruskal_wallis",
    "lowest_total",
    "mann_whitney",
    "movement",
    "panel_design",
    "rand_ucla",
    "reruns",
    "stable",
    "stopping",
    "summarise",
    "superiority",
    "tastle_wierman",
    "van_der_eijk",
    "verdicts",
    "visible_groups",
    "welch",
    "whole_people",
    "wilcoxon",
    "wilson",
]
