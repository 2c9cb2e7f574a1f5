"""Every stored ranking and every snapshot computed again from the stored answers, and whether it is the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aggregation
from aggregation import AggregationError
from priority.extensions import db
from priority.models import Round
from priority.queries.ballots import result_rows
from priority.queries.rounds import results_of, rounds_of, runs_of
from priority.services import protocols
from priority.services.closing import profile_in, snapshots, stored_form
from priority.words import ResultKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Collection

    from aggregation import Ranking
    from priority.models import ConsensusRun, Exercise

NOT_COMPUTABLE = "cannot be computed from the stored answers"
BETWEEN = frozenset({ResultKind.CHANGE, ResultKind.ATTRITION, ResultKind.MOVEMENT})
FROM_ANSWERS = frozenset(
    {
        ResultKind.ITEMS,
        ResultKind.FEEDBACK,
        ResultKind.AGREEMENT,
        ResultKind.CHOICES,
        ResultKind.CHANGE,
        ResultKind.ATTRITION,
        ResultKind.MOVEMENT,
    }
)
SHOWN = ("items", "tiers", "ranks", "scores", "shortlist", "tied")


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A stored ranking beside the same computed anew; `untouched`: what pages show of it is what was computed."""

    run: ConsensusRun
    input_digest: str
    digest: str
    untouched: bool

    @property
    def same(self) -> bool:
        """Whether the input, the ranking and what pages show of it are what was stored."""
        return self.untouched and (self.input_digest, self.digest) == (self.run.input_digest, self.run.digest)


def recompute(exercise: Exercise) -> list[Recomputed]:
    """Every stored ranking of an exercise, computed again from the stored answers."""
    lengths = {body["shortlist"] for body in protocols.bodies(exercise)}
    return [_again(run, lengths) for run in runs_of(exercise)]


@dataclass(frozen=True, slots=True)
class Recounted:
    """A stored snapshot of round `n`, and whether the stored answers still say the same."""

    n: int
    kind: ResultKind
    same: bool


def recount(exercise: Exercise) -> list[Recounted]:
    """Every snapshot that follows from answers alone, of every closed round, computed again.

    Numbers are the same to nine digits: another machine may round the last ones otherwise. A round that closed before
    change between rounds was kept has none to compare.
    """
    closed = [round_ for round_ in rounds_of(exercise) if round_.state is RoundState.CLOSED]
    found = []
    for round_ in closed:
        stored, anew = results_of(round_), snapshots(round_)
        if not BETWEEN & stored.keys():
            anew = {kind: body for kind, body in anew.items() if kind not in BETWEEN}
        kinds = [kind for kind in ResultKind if kind in anew or (kind in stored and kind in FROM_ANSWERS)]
        found += [Recounted(round_.n, kind, _level(stored.get(kind)) == _level(anew.get(kind))) for kind in kinds]
    return found


def _level(value: Any) -> Any:
    """A snapshot as it is compared."""
    if isinstance(value, Mapping):
        return {key: _level(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_level(each) for each in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def _again(run: ConsensusRun, lengths: Collection[int]) -> Recomputed:
    round_ = db.session.get_one(Round, run.round_id)
    try:
        profile = profile_in(round_, result_rows(round_), pooled=run.pooled)
        ranking = aggregation.rank(profile, run.method, **run.parameters)
    except AggregationError:  # such as a side whose answers are all gone
        return Recomputed(run, NOT_COMPUTABLE, NOT_COMPUTABLE, untouched=False)
    return Recomputed(
        run,
        aggregation.input_digest(profile, run.method, run.parameters, run.seed),
        aggregation.ranking_digest(ranking),
        any(_shows(run, ranking, places) for places in lengths),
    )


def _shows(run: ConsensusRun, ranking: Ranking, places: int) -> bool:
    """Whether a run holds just this ranking, with a list as long as some rules of the exercise say."""
    anew = stored_form(ranking, places)
    return all(run.result[part] == anew[part] for part in SHOWN)
