"""The command line: rank a file of ballots, describe a file of ratings, list the methods."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aggregation import FORMATS, METHODS, AggregationError, MethodError, Profile, Ratings, rank, read
from aggregation.listing import methods_listing, ranking_listing, ratings_listing
from aggregation.registry import method_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.listing import Listing

REFUSED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0, or 1 when the input is refused, with the reason on stderr.

    A command that is written wrongly ends with 2, as `argparse` does.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        text = options.command(options).as_text(options.format)
    except MethodError as wrong:
        parser.error(str(wrong))
    except AggregationError as wrong:
        where = f"{options.file}: " if "file" in options else ""
        sys.stderr.write(f"{where}{wrong}\n")
        return REFUSED
    return _write(text, options.output)


def _write(text: str, output: str | None) -> int:
    if output is None:
        sys.stdout.write(text)
        return 0
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as wrong:
        sys.stderr.write(f"{output} cannot be written: {wrong.strerror}\n")
        return REFUSED
    return 0


def _rank(options: argparse.Namespace) -> Listing:
    parameters = dict(_pair(text) for text in options.set)
    method_named(options.method).read(parameters)
    profile = read(options.file, options.input_format)
    if not isinstance(profile, Profile):
        raise AggregationError("this is a file of ratings; a ranking needs ranks")
    if options.shares:
        profile = profile.with_shares(dict(_pair(text) for text in options.shares))
    return ranking_listing(rank(profile, options.method, **parameters), profile.names)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals or not name:
        raise MethodError(f"{text!r} is not written name=value")
    return name.strip(), value.strip()


def _ratings(options: argparse.Namespace) -> Listing:
    ratings = read(options.file, options.input_format or "ratingcsv")
    if not isinstance(ratings, Ratings):
        raise AggregationError("this is a file of ranks; these statistics need ratings")
    return ratings_listing(ratings, options.percentile)


def _methods(_options: argparse.Namespace) -> Listing:
    return methods_listing(METHODS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m aggregation",
        description="Consensus from ballots and ratings. Exit code 0; 1 when the input is refused; 2 for wrong usage.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print it")
    output.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    source = argparse.ArgumentParser(add_help=False)
    source.add_argument("file", metavar="FILE")
    source.add_argument("--input-format", choices=tuple(FORMATS), help="when the suffix does not tell")

    ranking = commands.add_parser("rank", parents=[source, output], help="one ranking from a file of ballots")
    ranking.add_argument("--method", default="borda", metavar="M", help=f"{', '.join(METHODS)} (borda)")
    ranking.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="its parameters")
    ranking.add_argument(
        "--shares", nargs="+", action="extend", default=[], metavar="SIDE=SHARE", help="the say of each side"
    )
    ranking.set_defaults(command=_rank)

    ratings = commands.add_parser("ratings", parents=[source, output], help="statistics of each question, 1 to 9")
    ratings.add_argument("--percentile", choices=("weibull", "linear"), default="weibull", help="for RAND/UCLA")
    ratings.set_defaults(command=_ratings)

    methods = commands.add_parser("methods", parents=[output], help="the methods, their parameters and claims")
    methods.set_defaults(command=_methods)
    return parser
