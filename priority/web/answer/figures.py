"""What others answered, as the figure that draws it wants it: shapes and tones, and words for what is not drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.queries.feedback import GROUP, WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Exercise, StakeholderGroup
    from priority.queries.feedback import FeedbackRow, Hidden, QuestionFeedback

SIDE_SHAPES = (("disc", "blue"), ("square", "green"), ("triangle", "slate"))
GROUP_SHAPES = (
    ("disc", "blue"),
    ("diamond", "rust"),
    ("square", "green"),
    ("triangle", "slate"),
    ("hexagon", "magenta"),
    ("plus", "olive"),
)
WHOLE_SHAPE = ("hexagon", "slate")
Shapes = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row of the figure; without counts it says why in words."""

    label: str
    shape: str
    tone: str
    counts: tuple[int, ...] | None
    n: int
    median: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The rows of a figure, sides (or the whole group who answer) first."""

    sides: tuple[Drawn, ...]
    groups: tuple[Drawn, ...]

    @property
    def shows_something(self) -> bool:
        """Whether anything may be shown of this question."""
        return any(row.n for row in (*self.sides, *self.groups))


def figure_of(feedback: QuestionFeedback, exercise: Exercise, own: StakeholderGroup | None = None) -> Figure:
    """The figure of what may be shown of a question, in the exercise's order, the reader's own side and groups first.

    The shape of a side or group is the same for every reader.
    """
    shapes = _own_first(_shapes(exercise), own)
    rows = {(row.kind, row.key): _drawn(row, shapes) for row in feedback.rows}
    rows |= {(one.kind, one.key): _not_drawn(one, shapes) for one in feedback.hidden}
    ordered = [rows[place] for place in ((WHOLE, WHOLE), *shapes) if place in rows]
    groups = {place for place in rows if place[0] == GROUP}
    of_groups = [rows[place] for place in shapes if place in groups]
    return Figure(tuple(row for row in ordered if row not in of_groups), tuple(of_groups))


def _shapes(exercise: Exercise) -> Shapes:
    sides = {("side", side.key): SIDE_SHAPES[i % len(SIDE_SHAPES)] for i, side in enumerate(exercise.sides)}
    members = [group for side in exercise.sides for group in side.groups]
    return sides | {(GROUP, group.key): GROUP_SHAPES[i % len(GROUP_SHAPES)] for i, group in enumerate(members)}


def _own_first(shapes: Shapes, own: StakeholderGroup | None) -> Shapes:
    if own is None or own.side is None:
        return shapes
    places = {("side", own.side.key), *((GROUP, group.key) for group in own.side.groups)}
    return {place: shapes[place] for place in sorted(shapes, key=lambda place: place not in places)}


def _drawn(row: FeedbackRow, shapes: Mapping[tuple[str, str], tuple[str, str]]) -> Drawn:
    shape, tone = shapes.get((row.kind, row.key), WHOLE_SHAPE)
    label = str(_("Everybody who answered")) if row.kind == WHOLE else row.name
    return Drawn(label, shape, tone, row.histogram, row.n, row.median, _alike(row))


def _alike(row: FeedbackRow) -> str:
    """All alike and few: the band and no more."""
    band = row.bands.index(max(row.bands))
    return str((_("all chose 1, 2 or 3"), _("all chose 4, 5 or 6"), _("all chose 7, 8 or 9"))[band])


def _not_drawn(one: Hidden, shapes: Mapping[tuple[str, str], tuple[str, str]]) -> Drawn:
    shape, tone = shapes.get((one.kind, one.key), WHOLE_SHAPE)
    few, subtraction = _("too few answered to show it"), _("not shown, so that nobody can be worked out")
    return Drawn(one.name, shape, tone, None, 0, None, str(few if one.why == "few" else subtraction))
