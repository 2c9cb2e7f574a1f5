"""Which whole answers may leave, and in what form: without people, without order, without small groups."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.errors import NotFound
from priority.policy import can_export_ballots
from priority.queries.ballots import result_rows
from priority.queries.report_parts import protocol_lines, publication_level
from priority.queries.report_values import BallotLine, BallotSheet
from priority.queries.rounds import items_of, rounds_of
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.best_worst import fields, sets_of
from priority.services.ballot_types.scales import scale_of
from priority.services.closing.profiles import orders_in
from priority.services.suppression import visible_groups
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.models import Exercise, Round
    from priority.queries.ballots import Row


def ballot_sheet(exercise: Exercise) -> BallotSheet:
    """The ballots of every closed round that may be published; refuses where the rules do not publish ballots.

    A group with fewer ballots than may be shown is told as its side, and so is the next smallest where the rest of the
    side would be too few. A round in which a side is too small as a whole is left out.
    """
    if not can_export_ballots(publication_level(exercise)):
        raise NotFound(_("Whole answers of this exercise are not published."))
    least = protocol_lines(exercise)[0].minimum_cell
    closed = [round_ for round_ in rounds_of(exercise) if round_.state is RoundState.CLOSED]
    rows = {round_.n: result_rows(round_) for round_ in closed}
    left_out = tuple(n for n, mine in rows.items() if _has_a_small_side(mine, least))
    told = [round_ for round_ in closed if round_.n not in left_out]
    columns = dict.fromkeys(column for round_ in told for column in _columns(round_))
    lines = [line for round_ in told for line in _lines(round_, rows[round_.n], least)]
    return BallotSheet(tuple(sorted(columns, key=_by_number)), tuple(sorted(lines, key=_by_content)), left_out)


def _has_a_small_side(rows: Sequence[Row], least: int) -> bool:
    return any(n < least for n in Counter(row.side for row in rows).values())


def _lines(round_: Round, rows: Sequence[Row], least: int) -> list[BallotLine]:
    shown = set()
    for side in {row.side for row in rows}:
        groups = Counter(row.group for row in rows if row.side == side)
        shown |= visible_groups(groups.total(), groups, k=least)
    return [
        BallotLine(round_.n, row.side, row.group if row.group in shown else row.side, _answers(round_, row))
        for row in rows
    ]


def _answers(round_: Round, row: Row) -> Mapping[str, int | float | str]:
    """Ratings and sets as they were given; orders as ranks, with "can't judge" apart from no answer."""
    if round_.kind in {RoundKind.RATING, RoundKind.BEST_WORST}:
        return row.answers
    silent: dict[str, int | float | str] = {
        key: CANNOT_JUDGE for key, pile in row.answers.get("piles", {}).items() if pile == CANNOT_JUDGE
    }
    return silent | orders_in(round_, row.answers)


def _columns(round_: Round) -> list[str]:
    """What a ballot of the round can answer: questions, their criteria, or sets."""
    items = [item.key for item in items_of(round_)]
    if round_.kind is RoundKind.BEST_WORST:
        return [field for n in range(1, len(sets_of(round_.design)) + 1) for field in fields(n)]
    if round_.kind is RoundKind.RATING:
        scale = scale_of(round_.design)
        return [field for item in items for field in scale.fields(item)]
    return items


def _by_content(line: BallotLine) -> tuple[int, str, str, list[tuple[str, str]]]:
    return line.round, line.side, line.group, sorted((key, str(value)) for key, value in line.answers.items())


def _by_number(column: str) -> tuple[int, int, int, str]:
    """Questions by number and wording, then sets."""
    if not column.startswith("Q"):
        return 1, int(column.partition(".")[0]), 0, column
    key, _slash, criterion = column.partition("/")
    number, _dot, wording = key[1:].partition(".")
    return 0, int(number), int(wording), criterion
