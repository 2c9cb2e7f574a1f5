"""Turns ratings and rankings into consensus: arrays in, results out."""

from aggregation.digest import input_digest, ranking_digest
from aggregation.errors import (
    AggregationError,
    FormatError,
    MethodError,
    ProfileError,
    RatingsError,
    StatisticError,
)
from aggregation.formats import FORMATS, read
from aggregation.profile import Profile
from aggregation.ranking import Ranking, Shortlist
from aggregation.ratings import Ratings
from aggregation.registry import METHODS, Method, Parameter, rank
from aggregation.tally import PairwiseTally

__all__ = [
    "FORMATS",
    "METHODS",
    "AggregationError",
    "FormatError",
    "Method",
    "MethodError",
    "PairwiseTally",
    "Parameter",
    "Profile",
    "ProfileError",
    "Ranking",
    "Ratings",
    "RatingsError",
    "Shortlist",
    "StatisticError",
    "input_digest",
    "rank",
    "ranking_digest",
    "read",
]
