"""Turns ratings and rankings into consensus: arrays in, results out.

What costs time to import, and not every program needs, is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from aggregation.committee import Committee
from aggregation.errors import (
    AggregationError,
    FormatError,
    MethodError,
    ProfileError,
    RatingsError,
    StatisticError,
)
from aggregation.profile import Profile
from aggregation.ranking import Ranking, Shortlist
from aggregation.ratings import Ratings
from aggregation.registry import METHODS, RULES, elect, rank
from aggregation.rows import Method, Parameter, Rule
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from aggregation.answers.twins import twins
    from aggregation.answers.unheard import unheard
    from aggregation.answers.what_would_it_take import what_would_it_take
    from aggregation.bundle import recompute, write_bundle
    from aggregation.committees.leximin import leximin
    from aggregation.digest import input_digest, ranking_digest
    from aggregation.formats import FORMATS, read, write
    from aggregation.raking import rake
    from aggregation.representation import Representation, represented
    from aggregation.subshares import pooled_shares
    from aggregation.uncertainty.intervals import RankIntervals, rank_intervals

__all__ = [
    "FORMATS",
    "METHODS",
    "RULES",
    "AggregationError",
    "Committee",
    "FormatError",
    "Method",
    "MethodError",
    "PairwiseTally",
    "Parameter",
    "Profile",
    "ProfileError",
    "RankIntervals",
    "Ranking",
    "Ratings",
    "RatingsError",
    "Representation",
    "Rule",
    "Shortlist",
    "StatisticError",
    "elect",
    "input_digest",
    "leximin",
    "pooled_shares",
    "rake",
    "rank",
    "rank_intervals",
    "ranking_digest",
    "read",
    "recompute",
    "represented",
    "twins",
    "unheard",
    "what_would_it_take",
    "write",
    "write_bundle",
]

_LATER = {
    "twins": "aggregation.answers.twins",
    "unheard": "aggregation.answers.unheard",
    "what_would_it_take": "aggregation.answers.what_would_it_take",
    "recompute": "aggregation.bundle",
    "write_bundle": "aggregation.bundle",
    "leximin": "aggregation.committees.leximin",
    "input_digest": "aggregation.digest",
    "ranking_digest": "aggregation.digest",
    "FORMATS": "aggregation.formats",
    "read": "aggregation.formats",
    "write": "aggregation.formats",
    "rake": "aggregation.raking",
    "Representation": "aggregation.representation",
    "represented": "aggregation.representation",
    "pooled_shares": "aggregation.subshares",
    "RankIntervals": "aggregation.uncertainty.intervals",
    "rank_intervals": "aggregation.uncertainty.intervals",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
