"""Ratings by criteria, as CHNRI counts them: scores of each criterion, research priority scores, how far people agree.

Every criterion of a question is told on its own terms: one to four people may not follow from any of them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import Ratings
from aggregation.delphi import CHNRI, chnri, summarise
from priority.services import suppression
from priority.services.answers import CANNOT_JUDGE
from priority.services.closing import parts
from priority.services.closing.stored import least_of, named
from priority.services.suppression import GROUP, SIDE, WHOLE
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.models import Round, RoundItem
    from priority.queries.ballots import Row
    from priority.services.ballot_types.scales import Scale
    from priority.services.closing.parts import Part

Body = dict[str, Any]
# No rule about bands can be met where there are none.
NO_RULE: Body = {"verdict": "none", "why": "no_rule", "where": "", "di": None, "disagreement": None}


def snapshots(round_: Round, items: Sequence[RoundItem], rows: Sequence[Row], scale: Scale) -> dict[ResultKind, Body]:
    """The scores of each question and criterion, and what may be shown of them."""
    names = [name for name, _words in scale.criteria]
    questions = rated(round_, items, rows, scale)
    shown = {f"{row['key']}/{name}": _shown(round_, row, name, scale) for row in questions for name in names}
    return {
        ResultKind.ITEMS: {"scale": scale.key, "blank": "all_scorers", "questions": questions},
        ResultKind.FEEDBACK: {"scale": scale.key, "questions": shown},
    }


def rated(round_: Round, items: Sequence[RoundItem], rows: Sequence[Row], scale: Scale) -> list[Body]:
    """What these ballots say of each question, by criteria; no rule decides."""
    names = [name for name, _words in scale.criteria]
    weights = _weights(round_, names)
    scored = {
        part: _scored(items, parts.rows_of(part, rows), names, weights) for part in _parts_with_rows(round_, rows)
    }
    sides = [side.key for side in round_.exercise.sides]
    return [
        named(item)
        | parts.laid_out({part: cells[index] for part, cells in scored.items()})
        | {"support": _support([scored.get((SIDE, side)) for side in sides], index, weights)}
        | NO_RULE
        for index, item in enumerate(items)
    ]


def _weights(round_: Round, names: Sequence[str]) -> dict[str, Fraction]:
    """The declared weight of each criterion; alike where none are."""
    declared = round_.design.get("weights") or dict.fromkeys(names, 1)
    return {name: Fraction(str(declared[name])) for name in names}


def _parts_with_rows(round_: Round, rows: Sequence[Row]) -> list[Part]:
    exercise = round_.exercise
    every = [
        (WHOLE, WHOLE),
        *((SIDE, side.key) for side in exercise.sides),
        *((GROUP, one.key) for one in exercise.groups),
    ]
    return [part for part in every if parts.rows_of(part, rows)]


def _scored(
    items: Sequence[RoundItem], rows: Sequence[Row], names: Sequence[str], weights: Mapping[str, Fraction]
) -> list[Body]:
    """One part's cell of each question."""
    criteria = {name: _ratings_of(items, rows, name) for name in names}
    found = chnri(criteria, weights={name: float(weight) for name, weight in weights.items()}, blank="all_scorers")
    counts = {name: summarise(ratings, CHNRI) for name, ratings in criteria.items()}
    spoke = (~np.isnan([ratings.values for ratings in criteria.values()])).any(axis=0).sum(axis=0)
    return [
        {
            "n": int(spoke[index]),
            "people": len(rows),
            "rps": _number(found.rps[index]),
            "weighted": _number(found.weighted[index]),
            "aea": _number(found.aea[index]),
            "criteria": {
                name: {
                    "n": int(one.n[index]),
                    "cannot_judge": int(one.cannot_judge[index]),
                    "histogram": one.histogram[index].tolist(),
                    "score": _number(found.scores[index, names.index(name)]),
                }
                for name, one in counts.items()
            },
        }
        for index in range(len(items))
    ]


def _ratings_of(items: Sequence[RoundItem], rows: Sequence[Row], criterion: str) -> Ratings:
    fields = [f"{item.key}/{criterion}" for item in items]
    answers = [[row.answers.get(field) for field in fields] for row in rows]
    return Ratings.from_values(
        [[float("nan") if one is None or one == CANNOT_JUDGE else float(one) for one in row] for row in answers],
        [item.key for item in items],
        cannot_judge=np.array([[one == CANNOT_JUDGE for one in row] for row in answers]),
    )


def _support(sides: Sequence[Sequence[Body] | None], index: int, weights: Mapping[str, Fraction]) -> str | None:
    """The mean over the sides of the (weighted) priority score, exact; None where a side lacks one."""
    scores = [None if cells is None else _exact(cells[index], weights) for cells in sides]
    known = [score for score in scores if score is not None]
    return str(sum(known, Fraction(0)) / len(known)) if known and len(known) == len(scores) else None


def _exact(cell: Body, weights: Mapping[str, Fraction]) -> Fraction | None:
    """The score that `weighted` rounds, so that equal scores are ties."""
    total = Fraction(0)
    for name, weight in weights.items():
        _no, between, yes = cell["criteria"][name]["histogram"]
        n = cell["criteria"][name]["n"]
        if not n:
            return None
        total += weight * Fraction(2 * yes + between, 2 * n)
    return total / sum(weights.values())


def _shown(round_: Round, row: Body, criterion: str, scale: Scale) -> Body:
    """The answers to one criterion as those who answer may see them."""
    empty = {"n": 0, "histogram": [0] * len(scale.values)}
    field = {
        "whole": _one(row["whole"], criterion, empty),
        "sides": {key: _one(cell, criterion, empty) for key, cell in row["sides"].items()},
        "groups": {key: _one(cell, criterion, empty) for key, cell in row["groups"].items()},
    }
    return suppression.shown(field, parts.names_of(round_.exercise), k=least_of(round_), scale=scale)


def _one(cell: Body | None, criterion: str, empty: Body) -> Body:
    return (empty if cell is None else cell["criteria"][criterion]) | {"median": None}


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
