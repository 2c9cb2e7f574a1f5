"""Questions that people asked elsewhere, from a file: each distinct text waits in the queue, as it was written."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from priority.errors import Stale
from priority.extensions import db
from priority.models import Proposal, ProposalPart, ProposalWords
from priority.services import audit, outcomes
from priority.services.import_files import BadRow, read_table
from priority.services.imports import Imported, by_line, new_exercise, refuse_bad
from priority.services.panel_files import shortened
from priority.services.proposing import LONGEST
from priority.texts import clean_words
from priority.words import Channel, ExerciseState, Moment, WordsKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Exercise
    from priority.services.import_files import Line

# What a spreadsheet would run: words that people wrote begin otherwise.
FORMULA = re.compile(r"\s*([=＝@＠]|[+＋\-－]\s*[\w.]+\()")


def import_proposals(
    data: bytes,
    columns: Sequence[str],
    *,
    locale: str,
    title: str = "",
    exercise: Exercise | None = None,
    skip_bad: bool = False,
) -> Imported:
    """Every distinct text of these columns as a proposal that waits in the queue of an exercise, or of a new one.

    A text that is there already is left out and counted. Refuses bad rows (BadRows) unless `skip_bad`, a column that
    is not there, a file without a good row, and an exercise whose queue is closed.
    """
    table = read_table(data)
    places = [table.place(column) for column in columns]
    if exercise is not None and exercise.state not in {ExerciseState.ASKING, ExerciseState.SORTING}:
        raise Stale(_("Nothing can be added to this exercise now: its questions are sorted."))
    bad = [*table.bad]
    texts = [text for row in table.rows for text in _good_texts(row, places, bad)]
    refuse_bad(bad, texts, skip_bad=skip_bad)
    known = set() if exercise is None else _known_texts(exercise)
    new = {_same(text): text for text in reversed(texts) if _same(text) not in known}
    exercise = exercise or new_exercise(title, locale, {})
    if exercise.state is ExerciseState.DRAFT:
        exercise.state = ExerciseState.SORTING
    kept = list(reversed(new.values()))
    _add_proposals(exercise, kept, locale)
    repeats = len(texts) - len(kept)
    audit.record("proposals_imported", exercise=exercise, actor=None, proposals=len(kept), repeats=repeats)
    return Imported(exercise, len(kept), by_line(bad), repeats)


def _good_texts(row: Line, places: Sequence[int], bad: list[BadRow]) -> list[str]:
    """The texts of a row; a row with one that cannot be taken, or with none, is added to `bad` whole."""
    texts = [text for text in (clean_words(row.cells[place]) for place in places) if text]
    reason = None if texts else _("there is no text in it")
    if any(len(text) > LONGEST for text in texts):
        reason = _("a text is longer than %(n)d letters", n=LONGEST)
    formula = next((text for text in texts if FORMULA.match(text)), None)
    if formula is not None:
        reason = _("“%(text)s” is a formula, not somebody's words", text=shortened(formula))
    if reason is None:
        return texts
    bad.append(BadRow(row.number, reason))
    return []


def _known_texts(exercise: Exercise) -> set[str]:
    rows = db.session.scalars(select(ProposalWords.text).join(Proposal).where(Proposal.exercise_id == exercise.id))
    return {_same(text) for text in rows}


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _add_proposals(exercise: Exercise, texts: Sequence[str], locale: str) -> None:
    proposals = []
    for text in texts:
        proposal = Proposal(exercise_id=exercise.id, locale=locale, channel=Channel.IMPORTED)
        proposal.words = [ProposalWords(n=1, kind=WordsKind.ORIGINAL, text=text)]
        proposal.parts = [ProposalPart(n=1, start=0, end=len(text))]
        proposals.append(proposal)
    db.session.add_all(proposals)
    db.session.flush()
    for proposal in proposals:
        outcomes.note(Moment.RECEIVED, proposal, exercise, source="import")
