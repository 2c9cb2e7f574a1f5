"""What can be typed after `python -m aggregation`, and which function each command runs."""

from __future__ import annotations

import argparse

from aggregation import FORMATS, METHODS, RULES
from aggregation.delphi import SCALES


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; `module` and `run` of what it gives name the function to call."""
    top = argparse.ArgumentParser(
        prog="python -m aggregation",
        description="Consensus from ballots and ratings. Exit code 0; 1 when the input is refused; 2 for wrong usage.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for add in (_rank, _elect, _summary, _compare, _ratings, _intervals, _tally, _recompute, _methods):
        add(commands)
    return top


Commands = argparse._SubParsersAction  # noqa: SLF001 -- argparse has no public name for what add_subparsers gives


def _output() -> argparse.ArgumentParser:
    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print it")
    output.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    return output


def _source() -> argparse.ArgumentParser:
    source = argparse.ArgumentParser(add_help=False)
    source.add_argument("file", metavar="FILE")
    _input_format(source)
    return source


def _input_format(command: argparse.ArgumentParser) -> None:
    command.add_argument("--input-format", choices=tuple(FORMATS), help="when the suffix does not tell")


def _ballots() -> argparse.ArgumentParser:
    ballots = argparse.ArgumentParser(add_help=False, parents=[_source()])
    ballots.add_argument(
        "--shares", nargs="+", action="extend", default=[], metavar="SIDE=SHARE", help="the say of each side"
    )
    return ballots


def _unranked(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--unranked", choices=("last", "absent"), help="what is left out is (last, or as the file says)"
    )


def _set(command: argparse.ArgumentParser) -> None:
    command.add_argument("--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="its parameters")


def _bundle(command: argparse.ArgumentParser) -> None:
    command.add_argument("--bundle", metavar="ZIP", help="write ballots and result there too, to be recomputed")


def _method(command: argparse.ArgumentParser) -> None:
    command.add_argument("--method", default="borda", metavar="M", help=f"{', '.join(METHODS)} (borda)")
    _set(command)


def _rank(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("rank", parents=[_ballots(), _output()], help="one ranking from a file of ballots")
    _method(command)
    _bundle(command)
    command.set_defaults(module="consensus", run="ranked")


def _elect(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("elect", parents=[_ballots(), _output()], help="choose some items, with the count")
    command.add_argument("--rule", required=True, metavar="R", help=", ".join(RULES))
    command.add_argument("--seats", required=True, type=int, metavar="K", help="how many to choose")
    _set(command)
    _bundle(command)
    command.set_defaults(module="consensus", run="elected")


def _summary(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "summary", parents=[_ballots(), _output()], help="counts, blanks, ties, pairs, Condorcet winner and sets"
    )
    _unranked(command)
    command.set_defaults(module="description", run="summarised")


def _compare(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("compare", parents=[_ballots(), _output()], help="the places by every method")
    _unranked(command)
    command.add_argument("--k", type=int, default=10, help="on the first k of which families agree (10)")
    command.set_defaults(module="consensus", run="compared")


def _ratings(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("ratings", parents=[_source(), _output()], help="statistics of each question")
    command.add_argument("--scale", choices=tuple(SCALES), default="1-9", help="the answers there are (1-9)")
    command.add_argument("--percentile", choices=("weibull", "linear"), default="weibull", help="for RAND/UCLA")
    command.add_argument("--groups", action="store_true", help="each group as well, not only each side")
    command.add_argument("--before", metavar="FILE", help="the round before: what the same participants changed")
    command.add_argument("--margin", type=int, default=15, metavar="PERCENT", help="stable below so many (15)")
    command.add_argument("--tests", action="store_true", help="p-values, adjusted for the number of questions")
    command.add_argument("--seed", type=int, metavar="S", help="draw panels for intervals, by this whole number")
    command.add_argument("--draws", type=int, default=1000, metavar="B", help="how many, 200 to 20,000 (1000)")
    command.set_defaults(module="ratings", run="described")


def _intervals(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("intervals", parents=[_ballots(), _output()], help="which places an item may have")
    _method(command)
    command.add_argument("--draws", type=int, default=1000, metavar="B", help="how many panels to draw (1000)")
    command.add_argument(
        "--seed", type=int, required=True, metavar="S", help="any whole number; the same gives the same"
    )
    command.add_argument("--k", type=int, default=10, help="for the chance of being among the first k (10)")
    command.add_argument("--coverage", type=float, default=0.95, help="of the intervals (0.95)")
    command.set_defaults(module="description", run="bounded")


def _tally(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("tally", parents=[_output()], help="pairwise counts over many files, in chunks")
    command.add_argument("files", metavar="FILE", nargs="+")
    _input_format(command)
    _unranked(command)
    command.add_argument("--processes", type=int, default=1, metavar="N", help="how many files at a time (1)")
    command.set_defaults(module="proof", run="folded")


def _recompute(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("recompute", parents=[_output()], help="compute a stored bundle again and compare")
    command.add_argument("file", metavar="BUNDLE", help="a zip of ballots.csv and run.json")
    command.set_defaults(module="proof", run="recomputed")


def _methods(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("methods", parents=[_output()], help="methods and rules, their parameters and claims")
    command.set_defaults(module="consensus", run="listed")
