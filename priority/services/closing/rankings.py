"""Rankings: how far each side agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import StatisticError
from aggregation.delphi import kendall_w
from priority.queries.rounds import items_of
from priority.services.answers import ranks
from priority.services.closing.profiles import heard_in
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise, Round, RoundItem
    from priority.queries.ballots import Row

Body = dict[str, Any]


def snapshots(round_: Round, rows: Sequence[Row]) -> dict[ResultKind, Body]:
    """The agreement within each side."""
    found = _agreement(round_.exercise, items_of(round_), heard_in(round_, rows))
    return {ResultKind.AGREEMENT: {"kendall_w": found}}


def _agreement(exercise: Exercise, items: Sequence[RoundItem], rows: Sequence[Row]) -> Body:
    """Kendall's W of each side over the people who left no gap; only its size where there are fewer than five."""
    found: Body = {}
    for side in exercise.sides:
        mine = [ranks(row.answers) for row in rows if row.side == side.key]
        whole = [[order[item.key] for item in items] for order in mine if all(item.key in order for item in items)]
        try:
            concordance = kendall_w(np.array(whole, dtype=float).reshape(len(whole), len(items)))
            found[side.key] = {"w": concordance.w, "n": concordance.raters, "people": len(mine)}
        except StatisticError:
            found[side.key] = {"w": None, "n": len(whole), "people": len(mine)}
    return found
