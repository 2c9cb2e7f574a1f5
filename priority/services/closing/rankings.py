"""Rankings: the consensus orders by the declared methods, and how far each side agrees."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

import aggregation
from aggregation import Profile, StatisticError
from aggregation.delphi import kendall_w
from priority import __version__
from priority.extensions import db
from priority.models import ConsensusRun
from priority.queries.rounds import items_of
from priority.services import protocols
from priority.services.answers import ranks
from priority.services.closing.stored import store, tell_contributors
from priority.words import ResultKind, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation import Ranking
    from priority.models import Exercise, Round, RoundItem
    from priority.queries.ballots import Row

Body = dict[str, Any]


def compute(round_: Round, rows: Sequence[Row]) -> None:
    """Stores the agreement within each side and a run for each declared method."""
    items = items_of(round_)
    rows = who_ordered(rows)
    store(round_, ResultKind.AGREEMENT, {"kendall_w": _agreement(round_.exercise, items, rows)})
    body = protocols.current(round_.exercise).body
    everybody = all(any(row.side == side.key for row in rows) for side in round_.exercise.sides)
    specs = [body["primary"] | {"pooled": False, "is_primary": True}]
    specs += [spec | {"is_primary": False} for spec in body["beside"]]
    for spec in specs:
        if rows and (everybody or spec["pooled"]):  # a side that did not answer has no say to weigh
            _run(round_, items, rows, body["shortlist"], **spec)
    tell_contributors(round_, items, {})


def _run(
    round_: Round,
    items: Sequence[RoundItem],
    rows: Sequence[Row],
    places: int,
    *,
    method: str,
    pooled: bool,
    is_primary: bool,
    parameters: Body | None = None,
) -> None:
    parameters = parameters or {}
    profile = profile_of(round_.exercise, items, rows, pooled=pooled)
    ranking = aggregation.rank(profile, method, **parameters)
    result = stored_form(ranking, places) | {
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


def who_ordered(rows: Sequence[Row]) -> list[Row]:
    """The ballots of a ranking round that order anything: who can judge nothing takes nothing from the others."""
    return [row for row in rows if ranks(row.answers)]


def profile_of(exercise: Exercise, items: Sequence[RoundItem], rows: Sequence[Row], *, pooled: bool) -> Profile:
    """The orders of a ranking round, of everybody who put at least one question anywhere.

    "Can't judge" and unanswered questions are absent, never last.
    """
    rows = who_ordered(rows)
    keys = [item.key for item in items]
    orders = [ranks(row.answers) for row in rows]
    sides: dict[str, Any] = {}
    if not pooled:
        total = sum(side.share for side in exercise.sides)
        sides = {
            "sides": [row.side for row in rows],
            "shares": {side.key: Fraction(side.share, total) for side in exercise.sides},
        }
    return Profile.from_ranks(
        [[order.get(key, 0) for key in keys] for order in orders],
        keys,
        unranked="absent",
        names=[item.wording.text for item in items],
        groups=[row.group for row in rows],
        **sides,
    )
