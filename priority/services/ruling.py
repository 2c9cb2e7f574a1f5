"""Changing the rules of an exercise: freely until the first real round opens, afterwards as a deviation with a reason.

Whichever it is, the sides, the texts that people agree to and the planned rounds follow in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Consent, ConsentText, Round, Slip
from priority.queries.rounds import rounds_of
from priority.services import audit, consent, drafting, protocols, sides
from priority.services.designs import full
from priority.services.rule_checks import refuse_contradictions
from priority.words import ExerciseState, PublicationLevel, Purpose, RoundKind, RoundState, SessionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise, Person, Protocol
    from priority.services.protocols import Body

LEVELS = list(PublicationLevel)


def change_rules(
    exercise: Exercise, body: Body, *, reason: str, actor: Person | None, at_round: int | None = None
) -> Protocol:
    """Other rules from here on; `reason` is needed once they are frozen, and every report shows it.

    Refuses rules that contradict themselves, a change to a round that has opened, to show or publish more than people
    agreed to, and anything once the list is out. `at_round` is the round whose page was used.
    """
    before = protocols.current(exercise)
    _refuse_late(exercise, before, body)
    _refuse_change_of_opened(exercise, before.body, body)
    refuse_contradictions(body, at_round=at_round)
    _refuse_showing_more(exercise, before, body)
    old_level = before.body["publication_level"]
    if before.frozen_at is None:
        sides.follow(exercise, body)
        row = protocols.set_body(exercise, body)
        audit.record("rules_changed", exercise=exercise, actor=actor, digest=protocols.digest(body))
    else:
        row = protocols.deviate(exercise, body, reason=reason.strip(), actor=actor)
    if body["publication_level"] != old_level:
        _tell_level(exercise, body["publication_level"])
    _replan(exercise, body["rounds"])
    return row


def with_round(body: Body, n: int, design: Body) -> Body:
    """The rules with this design for round `n`, added at the end where there is no such round yet."""
    designs = list(body["rounds"])
    designs[n - 1 : n] = [design]
    return body | {"rounds": designs}


def without_round(body: Body, n: int) -> Body:
    """The rules without round `n`; the later ones move up."""
    return body | {"rounds": [design for at, design in enumerate(body["rounds"], start=1) if at != n]}


def can_change(exercise: Exercise, n: int) -> bool:
    """Whether a round may still be changed: it has not opened, and the list is not out."""
    opened = any(one.n == n and one.state is not RoundState.PLANNED for one in rounds_of(exercise))
    return not opened and exercise.state is not ExerciseState.PUBLISHED


# -- what is refused ---------------------------------------------------------------------------------------------------
def _refuse_late(exercise: Exercise, before: Protocol, body: Body) -> None:
    if exercise.state is ExerciseState.PUBLISHED:
        raise Stale(_("The list is out. Its rules cannot change any more."))
    if body == before.body and before.frozen_at is not None:
        raise Invalid(_("Nothing here differs from the rules in force."))


def _refuse_change_of_opened(exercise: Exercise, before: Body, after: Body) -> None:
    opened = [one.n for one in rounds_of(exercise) if one.state is not RoundState.PLANNED]
    for n in opened:
        if after["rounds"][n - 1 : n] != before["rounds"][n - 1 : n]:
            raise Stale(_("Round %(n)d has opened. What it asks cannot change any more.", n=n))


def _refuse_showing_more(exercise: Exercise, before: Protocol, body: Body) -> None:
    """Nobody's answers are shown more openly than they agreed to."""
    old, new = (LEVELS.index(PublicationLevel(one["publication_level"])) for one in (before.body, body))
    if new > old and (before.frozen_at is not None or _has_agreed(exercise)):
        raise Invalid(_("People have agreed to less being published. It can only become less."), field="level")
    if before.frozen_at is not None and body["minimum_cell"] < before.body["minimum_cell"]:
        raise Invalid(
            _("People answer knowing that fewer than %(k)d are never shown.", k=before.body["minimum_cell"]),
            field="minimum_cell",
        )


def _has_agreed(exercise: Exercise) -> bool:
    wanted = (
        select(Consent.id)
        .join(ConsentText, ConsentText.id == Consent.text_id)
        .where(ConsentText.exercise_id == exercise.id, Consent.panelist_id.is_not(None))
        .limit(1)
    )
    return db.session.scalar(wanted) is not None


# -- what follows ------------------------------------------------------------------------------------------------------
def _tell_level(exercise: Exercise, level: str) -> None:
    """A new version of what people agree to before they answer, with the sentence on what is published now."""
    sentences = {drafting.published_in_words(one) for one in LEVELS}
    text = consent.text_for(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, exercise.locale).text
    kept = [line for line in text.split("\n") if line not in sentences]
    words = "\n".join([*kept, drafting.published_in_words(level)])
    consent.set_text(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, exercise.locale, words)


def _replan(exercise: Exercise, designs: Sequence[Body]) -> None:
    """The rounds that have not opened, as the rules say now; one that asks something else loses its date."""
    planned = {one.n: one for one in rounds_of(exercise)}
    if not planned:
        return
    for n, design in enumerate(map(full, designs), start=1):
        row = planned.pop(n, None)
        if row is None:
            db.session.add(Round(exercise_id=exercise.id, n=n, kind=RoundKind(design["kind"]), design=design))
        elif row.state is RoundState.PLANNED and full(row.design) != design:
            _refuse_slips(row)
            row.kind, row.design, row.opens_at, row.closes_at = RoundKind(design["kind"]), design, None, None
    for row in planned.values():
        _refuse_slips(row)
        db.session.delete(row)
    db.session.flush()


def _refuse_slips(round_: Round) -> None:
    if db.session.scalar(select(Slip.code_hash).where(Slip.round_id == round_.id).limit(1)) is not None:
        raise Stale(_("Slips are printed for round %(n)d. What it asks cannot change any more.", n=round_.n))
