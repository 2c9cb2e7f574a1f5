"""Lists: each declared method's order of a round's questions, stored with what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import aggregation
from priority import __version__
from priority.extensions import db
from priority.models import ConsensusRun
from priority.services.closing.profiles import heard_in, profile_in
from priority.services.closing.stored import rules_of
from priority.words import RoundKind, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation import Ranking
    from priority.models import Round
    from priority.queries.ballots import Row

Body = dict[str, Any]


def store_runs(round_: Round, rows: Sequence[Row]) -> None:
    """Stores a run for each method that makes or stands beside the list of this round."""
    rows = heard_in(round_, rows)
    everybody = all(any(row.side == side.key for row in rows) for side in round_.exercise.sides)
    for spec in methods_of(round_):
        if rows and (everybody or spec["pooled"]):  # a side that did not answer has no say to weigh
            _run(round_, rows, **spec)


def methods_of(round_: Round) -> list[Body]:
    """The methods for a round, the one that makes the list first: those declared for orders, else by support alone.

    Where people chose without an order there is none to count; where they answered in sets, each set is a ballot.
    """
    if round_.kind is RoundKind.BEST_WORST:
        return _by_support("best_worst", {})
    if round_.kind is RoundKind.CHOOSE and not round_.design.get("ranked"):
        return _by_support("approval", {"k": int(round_.design["choose"])})
    body = rules_of(round_)
    declared = [body["primary"] | {"pooled": False, "is_primary": True}]
    return declared + [spec | {"is_primary": False} for spec in body["beside"]]


def _by_support(method: str, parameters: Body) -> list[Body]:
    spec = {"method": method, "parameters": parameters}
    return [spec | {"pooled": False, "is_primary": True}, spec | {"pooled": True, "is_primary": False}]


def _run(
    round_: Round,
    rows: Sequence[Row],
    *,
    method: str,
    pooled: bool,
    is_primary: bool,
    parameters: Body | None = None,
) -> None:
    parameters = parameters or {}
    profile = profile_in(round_, rows, pooled=pooled)
    ranking = aggregation.rank(profile, method, **parameters)
    result = stored_form(ranking, rules_of(round_)["shortlist"]) | {
        "n": {side.key: sum(row.side == side.key for row in rows) for side in round_.exercise.sides},
    }
    db.session.add(
        ConsensusRun(
            exercise_id=round_.exercise_id,
            round_id=round_.id,
            is_primary=is_primary,
            pooled=pooled,
            method=method,
            parameters=parameters,
            seed=None,
            state=RunState.DONE if ranking.diagnostics.get("optimal", True) else RunState.HEURISTIC,
            input_digest=aggregation.input_digest(profile, method, parameters, None),
            digest=aggregation.ranking_digest(ranking),
            result=result,
            software=f"priority {__version__}, numpy {np.__version__}",
        )
    )
    db.session.flush()


def stored_form(ranking: Ranking, places: int) -> Body:
    """A ranking as a run holds it, with the list of so many places."""
    shortlist = ranking.shortlist(places)
    return ranking.as_dict() | {"shortlist": list(shortlist.items), "tied": list(shortlist.tied)}
