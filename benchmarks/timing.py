"""Measuring calls side by side, and telling whether a goal is reached."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Seconds that a contender runs for in its turn, at least.
TURN = 0.02


class WrongResultError(Exception):
    """A contender gave another result than ours: its time means nothing, or ours does."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what was measured beside what, what came out, what was wanted, whether that is reached."""

    goal: str
    workload: str
    beside: str
    ours: str
    theirs: str
    reached: str
    wanted: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Timed:
    """The least seconds of several runs of a call, and what it gave."""

    seconds: float
    result: Any


def interleaved(calls: Mapping[str, Callable[[], Any]], *, budget: float = 10.0, rounds: int = 60) -> dict[str, Timed]:
    """Each call in turn, round by round, so that all meet the same machine; a call leaves when its budget is spent.

    A turn lasts at least 20 ms: a short call is repeated, so that it does not pay for the caches its rivals emptied.
    The first turn of each is not counted when another follows: it compiles, imports, or fills caches.
    """
    best: dict[str, Timed] = {}
    spent = dict.fromkeys(calls, 0.0)
    for number in range(rounds):
        for name, call in calls.items():
            if spent[name] <= budget:
                turn = _turn(call)
                spent[name] += sum(each.seconds for each in turn)
                kept = [best[name]] if number > 1 else []
                best[name] = min(kept + turn, key=lambda each: each.seconds)
    return best


def _turn(call: Callable[[], Any]) -> list[Timed]:
    turn: list[Timed] = []
    while sum(each.seconds for each in turn) < TURN:
        start = perf_counter()
        result = call()
        turn.append(Timed(perf_counter() - start, result))
    return turn


def check(true: object, what: str) -> None:
    """Refuse to measure contenders whose results differ."""
    if not true:
        raise WrongResultError(f"the results differ: {what}")


def shown(seconds: float) -> str:
    """Seconds with three digits and a unit that fits."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms"


def times_faster(goal: str, workload: str, beside: str, ours: Timed, theirs: Timed, wanted: float | None) -> Line:
    """A line for "at least so many times as fast as"; without a number wanted, for information."""
    ratio = theirs.seconds / ours.seconds
    verdict = "-" if wanted is None else "reached" if ratio >= wanted else f"missed: {ratio / wanted:.2f} of it"
    return Line(
        goal,
        workload,
        beside,
        shown(ours.seconds),
        shown(theirs.seconds),
        f"{_digits(ratio)} x faster",
        "-" if wanted is None else f"{wanted:g} x or more",
        verdict,
    )


def times_slower(goal: str, workload: str, beside: str, ours: Timed, limit: Timed, wanted: float | None) -> Line:
    """A line for "at most so many times as long as"; without a number wanted, for information."""
    ratio = ours.seconds / limit.seconds
    verdict = "-" if wanted is None else "reached" if ratio <= wanted else f"missed: {ratio / wanted:.2f} times it"
    return Line(
        goal,
        workload,
        beside,
        shown(ours.seconds),
        shown(limit.seconds),
        f"{_digits(ratio)} x as long",
        "-" if wanted is None else f"{wanted:g} x or less",
        verdict,
    )


def within(goal: str, workload: str, what: str, value: float, most: float, unit: str) -> Line:
    """A line for "at most so much"."""
    verdict = "reached" if value <= most else f"missed: {value / most:.2f} times it"
    return Line(goal, workload, what, f"{_digits(value)} {unit}", "-", "-", f"{most:g} {unit} or less", verdict)


def at_least(goal: str, workload: str, what: str, value: float, least: float, unit: str) -> Line:
    """A line for "at least so much"."""
    verdict = "reached" if value >= least else f"missed: {value / least:.2f} of it"
    return Line(goal, workload, what, f"{_digits(value)} {unit}", "-", "-", f"{least:g} {unit} or more", verdict)


def not_measured(goal: str, workload: str, beside: str, why: str) -> Line:
    """A line that says why there is none."""
    return Line(goal, workload, beside, "-", "-", "-", "-", f"not measured: {why}")


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
