"""What every closing keeps: snapshots with their digests, who could answer and did, the news to those who asked."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from priority.extensions import db
from priority.models import RoundResult
from priority.queries.ballots import asked_by_group
from priority.queries.readers import contributors_of_questions
from priority.queries.rounds import number_in
from priority.queries.rules import smallest_cell
from priority.services import outcomes, protocols
from priority.words import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Round, RoundItem
    from priority.queries.ballots import Row
    from priority.words import ResultKind

Body = dict[str, Any]


def turnout(round_: Round, rows: Sequence[Row]) -> Body:
    """How many were asked and how many answered, by side and by group."""
    asked = asked_by_group(round_)
    sides = {side.key: [group.key for group in side.groups] for side in round_.exercise.sides}
    answered = Counter(row.group for row in rows)
    groups = sorted({*asked, *answered})  # an open round asks nobody by name, so nobody knows how many it asked
    return {
        "asked": {side: sum(asked.get(key, 0) for key in groups) for side, groups in sides.items()},
        "answered": {side: sum(row.side == side for row in rows) for side in sides},
        "groups": {key: {"asked": asked.get(key, 0), "answered": answered[key]} for key in groups},
    }


def store(round_: Round, kind: ResultKind, body: Body) -> None:
    """Keeps a snapshot with its digest, for good."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    db.session.add(RoundResult(round_id=round_.id, kind=kind, body=body, digest=digest))
    db.session.flush()


def tell_contributors(round_: Round, items: Sequence[RoundItem], cells: dict[str, Body]) -> None:
    """Everybody whose words stand under a question of the round hears that it was answered, in people, not places."""
    exercise = round_.exercise
    readers = contributors_of_questions(exercise)
    least = least_of(round_)
    for item in items:
        cell = cells.get(item.key)
        counts = {"high": cell["high"], "n": cell["n"]} if cell and cell["n"] >= least else {}
        event = outcomes.note(
            Moment.ROUND_RESULT,
            item.wording.question,
            exercise,
            source=f"round {round_.n}",
            round=round_.n,
            kind=str(round_.kind),
            **counts,
        )
        for contributor in readers.get(item.wording.question_id, ()):
            outcomes.tell(contributor, event, exercise)


def rules_of(round_: Round) -> Body:
    """The rules that were in force when a round closed; those in force now while it has not."""
    if round_.closed_at is None:
        return protocols.current(round_.exercise).body
    return protocols.at(round_.exercise, round_.closed_at).body


def least_of(round_: Round) -> int:
    """How many people there must be before anything is told of them; never under five."""
    return smallest_cell(rules_of(round_))


def named(item: RoundItem) -> Body:
    """What every snapshot calls a question by."""
    return {"key": item.key, "number": number_of(item), "question": item.wording.question.public_id}


def number_of(item: RoundItem) -> int:
    """The question's number in its exercise, as its key says it (`Q12.2` is question 12)."""
    return number_in(item.key)


def seed_of(round_: Round) -> int:
    """The seed of everything drawn for a round: from the rules as frozen first, and the round's number.

    It is fixed before the first answer, and the same rules and answers give the same numbers again.
    """
    first = protocols.first(round_.exercise)
    return int.from_bytes(hashlib.sha256(f"{protocols.digest(first.body)}|{round_.n}".encode()).digest()[:7])
