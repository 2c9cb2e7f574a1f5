"""The largest bloc of near-identical ballots of a round, beside what chance makes. It accuses nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.answers.blocs import blocs_by_chance, largest_bloc
from priority.queries.rounds import items_of
from priority.services.answers import CANNOT_JUDGE, ranks
from priority.services.ballot_types.best_worst import fields, sets_of
from priority.services.ballot_types.scales import scale_of
from priority.services.closing.stored import seed_of
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from priority.models import Round
    from priority.queries.ballots import Row

Body = dict[str, Any]
A_TENTH = 10
MOST_DRAWS, PAIRS = 99, 25_000_000  # pairs of ballots compared: about a second, so that closing holds nobody up
_CANNOT, _NOT_CHOSEN, _NO_ANSWER = -1.0, 0.0, float("nan")


def bloc_among(round_: Round, rows: Sequence[Row], *, k: int) -> tuple[Body | None, list[int]]:
    """The largest bloc, as it is kept, and which rows are in it where it is to be named.

    Near-identical are ballots that differ in a tenth of their answers at most. Those that answer less than half are
    left out, since almost empty ballots are all alike. A bloc is named where it has `k` ballots and chance made none
    so large. None where there is nothing to compare.
    """
    if not rows:
        return None, []
    keys = [item.key for item in items_of(round_)]
    table = np.array([_numbers(round_, keys, row.answers) for row in rows], dtype=np.float64)
    full = np.flatnonzero(_is_half_answered(round_, table))
    if not full.size:
        return None, []
    within = table.shape[1] // A_TENTH
    bloc = largest_bloc(table[full], within=within)
    chance = _by_chance(round_, table[full], within)
    is_named = bloc.size >= k and bloc.size > chance["most"]
    members = [int(full[index]) for index in bloc.members]
    verified = sum(rows[index].verified for index in members)
    return {
        "size": _enough(bloc.size, bloc.size, k),
        "identical": _enough(bloc.identical, bloc.size, k),
        "verified": _enough(verified, bloc.size, k),
        "within": within,
        "answers": table.shape[1],
        "people": int(full.size),
        "named": is_named,
        "chance": chance,
    }, members if is_named else []


def _by_chance(round_: Round, table: NDArray[np.float64], within: int) -> Body:
    draws, seed = max(1, min(MOST_DRAWS, PAIRS // len(table) ** 2)), seed_of(round_)
    sizes = blocs_by_chance(table, within=within, draws=draws, seed=seed)
    return {"most": int(sizes[-1]), "middle": float(np.median(sizes)), "draws": draws, "seed": seed}


def _enough(n: int, whole: int, k: int) -> int | None:
    """A part of the bloc, where neither it nor the rest is a few people."""
    return None if whole < k or 0 < n < k or 0 < whole - n < k else n


def _is_half_answered(round_: Round, table: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Of a choice: at least half of what could be chosen."""
    asked = table.shape[1]
    answered = ~np.isnan(table)
    if round_.kind is RoundKind.CHOOSE:
        answered, asked = table != _NOT_CHOSEN, min(int(round_.design["choose"]), asked)
    return np.asarray(2 * answered.sum(axis=1) >= asked)


def _numbers(round_: Round, keys: Sequence[str], answers: Mapping[str, Any]) -> list[float]:
    """A ballot as numbers, a column an answer; no answer is nan."""
    if round_.kind is RoundKind.RATING:
        return [_number(answers.get(field)) for key in keys for field in scale_of(round_.design).fields(key)]
    if round_.kind is RoundKind.BEST_WORST:
        asked = [field for n in range(1, len(sets_of(round_.design)) + 1) for field in fields(n)]
        return [float(keys.index(answers[field])) if field in answers else _NO_ANSWER for field in asked]
    if round_.kind is RoundKind.CHOOSE:
        order, chosen = answers.get("order", {}), answers.get("chosen", ())
        return [float(order.get(key, len(keys) + 1)) if key in chosen else _NOT_CHOSEN for key in keys]
    placed = ranks(answers) | {key: _CANNOT for key, pile in answers.get("piles", {}).items() if pile == CANNOT_JUDGE}
    return [float(placed.get(key, _NO_ANSWER)) for key in keys]


def _number(answer: Any) -> float:
    return _NO_ANSWER if answer is None else _CANNOT if answer == CANNOT_JUDGE else float(answer)
