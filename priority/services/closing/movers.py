"""Who moved toward whom since the round before, free of what regression to the mean looks like.

Between the published counts of two rounds, an exact mean over those who answered twice would give away what somebody
answered who came once. So where such people are one to k - 1 of any group, and always for groups, figures are told in
half points, from ten people on; numbers of people are told in steps then, and figures over all questions in tenths.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.delphi import movement
from priority.services.closing.changes import told_by_index
from priority.services.closing.pairs import number
from priority.services.closing.stored import named, seed_of
from priority.services.suppression import GROUP, SIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregation.delphi import Movement
    from priority.services.closing.changes import Telling
    from priority.services.closing.pairs import Pairs

Body = dict[str, Any]
CONFIDENCE, DRAWS = 0.95, 2000
# A closing takes seconds: of a large panel a quarter of the draws says as much.
LARGE, DRAWS_OF_MANY = 1000, 500
# With fewer people half a point of their mean is still one person's answer.
COARSE_FROM, HALVES = 10, 2
DIGITS, FEWER_DIGITS = 2, 1
# The ends of an interval are rounded outward: told in steps it may be wider than it was found, never narrower.
ROUNDED: dict[str, Callable[[float], int]] = {"nearer": round, "low": math.floor, "high": math.ceil}
NOISE = 12


def movers_of(pairs: Pairs) -> Body:
    """The snapshot."""
    seed = seed_of(pairs.second)
    before, after = pairs.everybody()
    draws = DRAWS if before.n_people <= LARGE else DRAWS_OF_MANY
    how: Body = {"seed": seed, "scale": pairs.scale, "confidence": CONFIDENCE, "draws": draws}
    found = {
        SIDE: movement(before, after, by="sides", **how),
        GROUP: movement(before, after, by="groups", **how),
    }
    telling = told_by_index(pairs)
    return {
        "since": pairs.first.n,
        "confidence": CONFIDENCE,
        "draws": draws,
        "seed": seed,
        "questions": [
            named(item)
            | {"sides": _parts(found[SIDE], SIDE, telling[index], index)}
            | {"groups": _parts(found[GROUP], GROUP, telling[index], index)}
            for index, item in enumerate(pairs.items)
        ],
        "overall": _overall(found[SIDE], telling),
    }


def _parts(found: Movement, kind: str, telling: Telling, index: int) -> Body:
    """Each part that may be told, and how it moved toward each that may."""
    places = {key: place for place, key in enumerate(found.parts) if (kind, key) in telling.told}
    return {key: _mover(found, (kind, key), places, telling, index) for key in places}


def _mover(found: Movement, part: tuple[str, str], places: dict[str, int], telling: Telling, index: int) -> Body:
    place = places[part[1]]
    n, coarse = int(found.n[index, place]), part not in telling.exact
    return {
        "n": n,
        "coarse": coarse,
        "step": telling.step,
        "shift": _figure(found.shift[index, place], n, coarse=coarse),
        "toward": {
            target: _approach(found, (index, place, at), n, telling, coarse=coarse) for target, at in places.items()
        },
    }


def _approach(found: Movement, at: tuple[int, int, int], n: int, telling: Telling, *, coarse: bool) -> Body:
    figures = {name: _figure(getattr(found, name)[at], n, to, coarse=coarse) for name, to in ROUNDED.items()}
    off, toward = (telling.in_steps(int(each[at])) for each in (found.off, found.toward))
    by_chance = number(found.by_chance[at]) if off else None
    return figures | {
        "off": off,
        "toward": toward,
        "by_chance": None if by_chance is None else round(by_chance, DIGITS),
        "beyond_chance": bool(found.beyond_chance[at]),
    }


def _figure(value: float, n: int, to: Callable[[float], int] = round, *, coarse: bool) -> float | None:
    """A mean as it may be told."""
    if np.isnan(value) or (coarse and n < COARSE_FROM):
        return None
    return _in_steps(value, HALVES, to) if coarse else float(value)


def _overall(found: Movement, telling: list[Telling]) -> Body:
    """Over all answers to all questions, for sides that are told on every one of them; to a few digits."""
    digits = DIGITS if all(one.exact for one in telling) else FEWER_DIGITS
    places = {key: place for place, key in enumerate(found.parts) if all((SIDE, key) in one.told for one in telling)}
    names = {"nearer": found.overall, "low": found.overall_low, "high": found.overall_high}
    return {
        mover: {
            target: {name: _rounded(figure[place, at], digits, ROUNDED[name]) for name, figure in names.items()}
            for target, at in places.items()
        }
        for mover, place in places.items()
    }


def _rounded(value: float, digits: int, to: Callable[[float], int]) -> float | None:
    return None if np.isnan(value) else _in_steps(value, 10**digits, to)


def _in_steps(value: float, parts: int, to: Callable[[float], int]) -> float:
    """To a whole number of parts of a point; what is one but for the computer's own rounding stays where it is."""
    return to(round(parts * float(value), NOISE)) / parts
