"""Which questions could go on into the next round, and what speaks for each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Stale
from priority.queries.rounds import live_questions, result_of, rounds_of
from priority.services import protocols
from priority.services.designs import full
from priority.services.suppression import SIDE
from priority.words import ResultKind, RoundKind, RoundState, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.models import Exercise, Round

# What each kind of round found of its questions is kept under; a round of putting in order is the last one.
FOUND_IN = {
    RoundKind.RATING: ResultKind.ITEMS,
    RoundKind.CHOOSE: ResultKind.CHOICES,
    RoundKind.BEST_WORST: ResultKind.CHOICES,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that could go on, with what speaks for it in a round of the kind `basis`.

    `place` is its place by support, 1 the best, equal support shares a place; None where a side has no valid answer,
    so that there is no mean over the sides. `support` is that mean: of the share in the high band (or of the scores by
    criteria), of the share who chose it, or of how often it mattered most less how often least; None where it may not
    be told, for a side of few people would follow from it. `verdict` is that of a round of ratings.
    """

    question_id: int
    number: int
    text: str
    short: str
    basis: RoundKind
    place: int | None
    support: Fraction | None
    verdict: Verdict


def candidates(exercise: Exercise, *, for_round: Round | None = None) -> list[Candidate]:
    """The questions that the last closed round did not find "out", by support, best first.

    At most as many as the next round (or `for_round`) declares, and those that tie with the last one. After them come,
    without support, those on which one side has no say: they go on where the coordinator says so. Refuses before a
    round of ratings, choices or best and worst has closed.
    """
    source = _source(exercise, for_round)
    found = None if source is None else result_of(source, FOUND_IN[source.kind])
    if source is None or found is None:
        raise Stale(_("First a round of ratings must have closed."))
    wordings = {link.number: (link.question_id, wording) for link, wording in live_questions(exercise)}
    rows = [row for row in found["questions"] if row.get("verdict") != Verdict.OUT and row["number"] in wordings]
    support = {row["number"]: Fraction(row["support"]) for row in rows if row["support"] is not None}
    told = _told_by_side(source, rows)
    going = [
        Candidate(
            question_id=wordings[row["number"]][0],
            number=row["number"],
            text=wordings[row["number"]][1].text,
            short=wordings[row["number"]][1].short,
            basis=source.kind,
            place=_place(row["number"], support),
            support=support.get(row["number"]) if row["key"] in told else None,
            verdict=Verdict(row.get("verdict", Verdict.NONE)),
        )
        for row in rows
    ]
    most = _at_most(exercise, for_round, len(going))
    kept = [one for one in going if one.place is None or one.place <= most]
    return sorted(kept, key=lambda one: (one.place is None, one.place or 0, one.number))


def takes_candidates(round_: Round) -> bool:
    """Whether a round asks the best of the round before, rather than every question: it does where rounds narrow."""
    narrows = round_.kind is RoundKind.RANKING or "at_most" in round_.design
    return narrows and _source(round_.exercise, round_) is not None


def _source(exercise: Exercise, for_round: Round | None) -> Round | None:
    """The latest closed round whose findings can be compared question by question."""
    closed = [
        one
        for one in rounds_of(exercise)
        if one.state is RoundState.CLOSED
        and one.kind in FOUND_IN
        and (for_round is None or for_round.pilot or one.n < for_round.n)
    ]
    return closed[-1] if closed else None


def _at_most(exercise: Exercise, for_round: Round | None, otherwise: int) -> int:
    """How many may go on: as the round declares, else the first of the planned ones that does."""
    said = protocols.current(exercise).body["rounds"] if for_round is None else [for_round.design]
    designs = [full(design) for design in said]
    return next((int(design["at_most"]) for design in designs if "at_most" in design), otherwise)


def _place(number: int, support: Mapping[int, Fraction]) -> int | None:
    if number not in support:
        return None
    return 1 + sum(other > support[number] for other in support.values())


def _told_by_side(source: Round, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The questions on which every side is shown apart, so that no small one follows from a mean over the sides."""
    if source.kind is not RoundKind.RATING:
        return {row["key"] for row in rows if row["sides"]}
    fields: dict[str, list[bool]] = {}
    for field, one in (result_of(source, ResultKind.FEEDBACK) or {"questions": {}})["questions"].items():
        apart = any(row["kind"] == SIDE for row in one["rows"])
        fields.setdefault(field.partition("/")[0], []).append(apart)
    return {key for key, apart in fields.items() if all(apart)}
