"""What the declared rule decided after a round, who signed it, and what may be read only after that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from priority.extensions import db
from priority.models import Audit, ConsensusRun, Person, Round, RoundDecision, RoundResult
from priority.policy import can_see_alternatives, can_tell_alternatives
from priority.queries.rounds import result_of, runs_of
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from priority.models import Exercise

Body = dict[str, Any]
LOOKED = "alternatives_seen"
# Snapshots that are told as they are stored. The others hold what few people answered: of that a digest could be
# guessed by trying every answer, so a decision, which files show, keeps none.
TOLD_AS_STORED = frozenset(
    {
        ResultKind.FEEDBACK,
        ResultKind.CHANGE,
        ResultKind.ATTRITION,
        ResultKind.MOVEMENT,
        ResultKind.VOICES,
        ResultKind.DOORS,
    }
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed decision: what was decided, its digest, by whom and when, with a note where there is one."""

    body: Body
    digest: str
    by: str
    at: datetime

    @property
    def note(self) -> str | None:
        """What whoever signed wanted to have noted."""
        found: str | None = self.body.get("note")
        return found


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at what other rules would have decided."""

    by: str
    at: datetime


def signed(round_: Round) -> Signed | None:
    """The decision that was signed after a round; None where nobody has."""
    row = db.session.execute(
        select(RoundDecision, Person)
        .join(Person, Person.id == RoundDecision.signed_by_id)
        .where(RoundDecision.round_id == round_.id)
    ).one_or_none()
    if row is None:
        return None
    decision, person = row
    return Signed(decision.body, decision.digest, person.name, decision.signed_at)


def decided(round_: Round) -> Body:
    """What the declared rule says after a closed round, with the digests of what may be told of it as it is stored."""
    items, run = result_of(round_, ResultKind.ITEMS), _primary(round_)
    verdicts = {row["key"]: row["verdict"] for row in (items or {"questions": []})["questions"]}
    snapshots = db.session.execute(
        select(RoundResult.kind, RoundResult.digest).where(
            RoundResult.round_id == round_.id, RoundResult.kind.in_(TOLD_AS_STORED)
        )
    )
    return {
        "round": round_.n,
        "kind": str(round_.kind),
        "verdicts": verdicts,
        "listed": None if run is None else run.result["shortlist"],
        "places": None if run is None else _places(run),
        "run": None if run is None else run.digest,
        "snapshots": {str(kind): digest for kind, digest in snapshots},
    }


def looks(round_: Round) -> list[Look]:
    """Each time that somebody looked at the alternatives of a round, the first first."""
    rows = db.session.execute(
        select(Audit, Person)
        .join(Person, Person.id == Audit.actor_id)
        .where(Audit.exercise_id == round_.exercise_id, Audit.action == LOOKED)
        .order_by(Audit.seq)
    )
    return [Look(person.name, line.at) for line, person in rows if line.body["round"] == round_.n]


def alternatives_of(round_: Round) -> Body | None:
    """What other rules would have decided; refuses before the decision was signed. None where there are none.

    Nothing else reads this snapshot. Whoever shows it to somebody before the list is out asks `deciding.look`.
    """
    if not can_see_alternatives(signed=_is_signed(round_)):
        raise PermissionError("What other rules would have decided is shown to nobody before the decision is signed.")
    return result_of(round_, ResultKind.ALTERNATIVES)


def alternatives_told(round_: Round) -> Body | None:
    """The same for reports and files, where no look is logged: only once the list is out. None before."""
    if not can_tell_alternatives(round_.exercise, signed=_is_signed(round_)):
        return None
    return alternatives_of(round_)


def runs_seen(round_: Round) -> list[ConsensusRun]:
    """Every stored ranking of a round, also those by other methods; refuses before the decision was signed."""
    if not can_see_alternatives(signed=_is_signed(round_)):
        raise PermissionError("Rankings by other methods are shown to nobody before the decision is signed.")
    return [run for run in runs_of(round_.exercise) if run.round_id == round_.id]


def runs_told(exercise: Exercise) -> Sequence[ConsensusRun]:
    """The stored rankings that reports and files may hold: the ones that make a list, and others once they may be told.

    A ranking by another method is an alternative too: it waits for the signature, and for the list to be out.
    """
    told = {
        round_.id: can_tell_alternatives(exercise, signed=_is_signed(round_))
        for round_ in db.session.scalars(select(Round).where(Round.exercise_id == exercise.id))
    }
    return [run for run in runs_of(exercise) if run.is_primary or told[run.round_id]]


def _is_signed(round_: Round) -> bool:
    return db.session.get(RoundDecision, round_.id) is not None


def _places(run: ConsensusRun) -> list[int]:
    """The place of each question on the list, in its order; equal ones are shared."""
    ranks = dict(zip(run.result["items"], run.result["ranks"], strict=True))
    return [ranks[key] for key in run.result["shortlist"]]


def _primary(round_: Round) -> ConsensusRun | None:
    return next((run for run in runs_of(round_.exercise) if run.round_id == round_.id and run.is_primary), None)
