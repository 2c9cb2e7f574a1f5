"""What a command reads: a file of ballots or of ratings, and name=value pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation import AggregationError, MethodError, Profile, Ratings, read

if TYPE_CHECKING:
    from argparse import Namespace


def ballots_of(options: Namespace) -> Profile:
    """The ballots of the file that was named, with the shares that were; refuses ratings."""
    profile = read(options.file, options.input_format, unranked=getattr(options, "unranked", None))
    if not isinstance(profile, Profile):
        raise AggregationError("this is a file of ratings; a ranking needs ranks")
    return profile.with_shares(pairs_of(options.shares)) if options.shares else profile


def ratings_of(options: Namespace) -> Ratings:
    """The ratings of the file that was named; refuses ranks."""
    ratings = read(options.file, options.input_format or "ratingcsv")
    if not isinstance(ratings, Ratings):
        raise AggregationError("this is a file of ranks; these statistics need ratings")
    return ratings


def pairs_of(texts: list[str]) -> dict[str, str]:
    """Texts like "name=value" as a mapping; refuses another text and a name given twice."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals or not name.strip():
            raise MethodError(f"{text!r} is not written name=value")
        if name.strip() in pairs:
            raise MethodError(f"{name.strip()!r} is given twice")
        pairs[name.strip()] = value.strip()
    return pairs
