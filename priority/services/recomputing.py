"""Every stored ranking computed again from the stored answers, and whether it is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aggregation
from aggregation import AggregationError
from priority.extensions import db
from priority.models import Round
from priority.queries.ballots import result_rows
from priority.queries.rounds import runs_of
from priority.services import protocols
from priority.services.closing import profile_in, stored_form

if TYPE_CHECKING:
    from collections.abc import Collection

    from aggregation import Ranking
    from priority.models import ConsensusRun, Exercise

NOT_COMPUTABLE = "cannot be computed from the stored answers"
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
