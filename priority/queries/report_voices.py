"""What a report holds of each closed round beyond its numbers: the signature, who is unheard, what changed, who moved.

Only snapshots that leave out what few people answered when they are stored; they are told as they were stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from priority.queries.between import between, round_before
from priority.queries.decision import TOLD_AS_STORED, alternatives_told, looks, signed
from priority.queries.rounds import result_of
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from priority.models import Round
    from priority.queries.between import Between

Body = dict[str, Any]
# What pages showed to those who answered is in the report's numbers already.
TOLD = TOLD_AS_STORED - {ResultKind.FEEDBACK}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was signed after a round, when, and how often somebody then looked at what other rules would have decided.

    Who signed stays on the pages of the staff.
    """

    at: datetime
    digest: str
    body: Body = field(compare=False)
    looks: int


@dataclass(frozen=True, slots=True)
class Findings:
    """A closed round: its decision (None where nobody has signed), its snapshots by kind, what changed before it.

    `alternatives` is None until the decision is signed and the list is out, and where there is nothing to compare.
    """

    n: int
    decision: Decision | None
    snapshots: Mapping[str, Body]
    alternatives: Body | None
    changed: Between | None


def findings_of(closed: Sequence[Round]) -> tuple[Findings, ...]:
    """The findings of closed rounds, in their order."""
    return tuple(_findings(round_) for round_ in closed)


def _findings(round_: Round) -> Findings:
    stored = {str(kind): result_of(round_, kind) for kind in ResultKind if kind in TOLD}
    before = round_before(round_)
    return Findings(
        n=round_.n,
        decision=_decision(round_),
        snapshots={kind: body for kind, body in stored.items() if body is not None},
        alternatives=alternatives_told(round_),
        changed=None if before is None else between(before, round_),
    )


def _decision(round_: Round) -> Decision | None:
    found = signed(round_)
    return None if found is None else Decision(found.at, found.digest, found.body, len(looks(round_)))
