"""What others answered, as the figure that draws it wants it: shapes and tones, and words for what is not drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.queries.feedback import GROUP, SIDE, WHOLE
from priority.services.ballot_types.scales import NINE, Scale

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
    """One row of the figure and its sentence; without counts it is not drawn, and the sentence says why."""

    label: str
    shape: str
    tone: str
    counts: tuple[int, ...] | None
    n: int
    median: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The line that the answers stand on: its numbers, what each is called, and the bands with how many each has.

    An axis without bands (criteria) is told and tabled, not drawn.
    """

    values: tuple[float, ...]
    heads: tuple[str, ...]
    bands: tuple[tuple[str, int], ...] = ()

    @property
    def edges(self) -> tuple[int, int]:
        """After how many numbers the first and the second band end."""
        return self.bands[0][1], self.bands[0][1] + self.bands[1][1]


@dataclass(frozen=True, slots=True)
class Figure:
    """The rows of a figure, sides (or the whole group who answer) first, on one axis."""

    sides: tuple[Drawn, ...]
    groups: tuple[Drawn, ...]
    axis: Axis

    @property
    def shows_something(self) -> bool:
        """Whether anything may be shown of this question."""
        return any(row.n for row in (*self.sides, *self.groups))


def figure_of(
    feedback: QuestionFeedback,
    exercise: Exercise,
    own: StakeholderGroup | None = None,
    *,
    scale: Scale = NINE,
    only: str | None = None,
) -> Figure:
    """The figure of what may be shown of a question, in the exercise's order, the reader's own side and groups first.

    The shape of a side or group is the same for every reader. With `only`, the rows of that side and its groups alone.
    """
    shapes = _own_first(_shapes(exercise), own)
    rows = {(row.kind, row.key): _drawn(row, shapes, scale) for row in feedback.rows}
    rows |= {(one.kind, one.key): _not_drawn(one, shapes) for one in feedback.hidden}
    wanted = ((WHOLE, WHOLE), *shapes) if only is None else _of_side(exercise, only)
    found = [(place, rows[place]) for place in wanted if place in rows]
    return Figure(
        sides=tuple(row for (kind, _key), row in found if kind != GROUP),
        groups=tuple(row for (kind, _key), row in found if kind == GROUP),
        axis=_axis(scale),
    )


def _axis(scale: Scale) -> Axis:
    if not scale.high:
        return Axis(scale.values, tuple(str(scale.words[value]) for value in scale.values))
    low, high = len(scale.low), len(scale.high)
    names = (_("Less important"), _("Important"), _("Very important"))
    sizes = (low, len(scale.values) - low - high, high)
    bands = tuple((str(name), size) for name, size in zip(names, sizes, strict=True))
    return Axis(scale.values, tuple(str(value) for value in scale.values), bands)


def _of_side(exercise: Exercise, key: str) -> tuple[tuple[str, str], ...]:
    """A side and its groups: what the half that is shown its own side alone may see."""
    groups = [group.key for side in exercise.sides if side.key == key for group in side.groups]
    return ((SIDE, key), *((GROUP, group) for group in groups))


def _shapes(exercise: Exercise) -> Shapes:
    sides = {(SIDE, side.key): SIDE_SHAPES[i % len(SIDE_SHAPES)] for i, side in enumerate(exercise.sides)}
    members = [group for side in exercise.sides for group in side.groups]
    return sides | {(GROUP, group.key): GROUP_SHAPES[i % len(GROUP_SHAPES)] for i, group in enumerate(members)}


def _own_first(shapes: Shapes, own: StakeholderGroup | None) -> Shapes:
    if own is None or own.side is None:
        return shapes
    places = {(SIDE, own.side.key), *((GROUP, group.key) for group in own.side.groups)}
    return {place: shapes[place] for place in sorted(shapes, key=lambda place: place not in places)}


def _drawn(row: FeedbackRow, shapes: Mapping[tuple[str, str], tuple[str, str]], scale: Scale) -> Drawn:
    shape, tone = shapes.get((row.kind, row.key), WHOLE_SHAPE)
    label = str(_("Everybody who answered")) if row.kind == WHOLE else row.name
    words = _alike(row, scale) if row.histogram is None else high_words(row.high, row.n, scale)
    return Drawn(label, shape, tone, row.histogram, row.n, row.median, words)


def high_words(high: int, n: int, scale: Scale = NINE) -> str:
    """How many of a row answered high, as a sentence: counts up to 100, tenths above."""
    numbers = _spoken(scale.high or scale.values[-1:], scale)
    tenths = round(10 * high / n)
    if n > 100 and 0 < tenths < 10:
        return str(_("about %(tenths)s in 10 chose %(numbers)s", tenths=tenths, numbers=numbers))
    return str(_("%(high)s of %(n)s chose %(numbers)s", high=high, n=n, numbers=numbers))


def _alike(row: FeedbackRow, scale: Scale) -> str:
    """All alike and few: the band and no more."""
    place = row.bands.index(max(row.bands))
    if not scale.high:
        return str(_("all chose %(numbers)s", numbers=_spoken(scale.values[place : place + 1], scale)))
    middle = tuple(value for value in scale.values if value not in (*scale.low, *scale.high))
    return str(_("all chose %(numbers)s", numbers=_spoken((scale.low, middle, scale.high)[place], scale)))


def _spoken(numbers: tuple[float, ...], scale: Scale) -> str:
    """Numbers as a sentence lists them: "7, 8 or 9"; where only words were offered, those."""
    if not scale.high:
        return str(_("“%(words)s”", words=scale.words[numbers[0]]))
    if len(numbers) == 1:
        return str(numbers[0])
    first = ", ".join(str(number) for number in numbers[:-1])
    return str(_("%(first)s or %(last)s", first=first, last=numbers[-1]))


def _not_drawn(one: Hidden, shapes: Mapping[tuple[str, str], tuple[str, str]]) -> Drawn:
    shape, tone = shapes.get((one.kind, one.key), WHOLE_SHAPE)
    few, subtraction = _("too few answered to show it"), _("not shown, so that nobody can be worked out")
    return Drawn(one.name, shape, tone, None, 0, None, str(few if one.why == "few" else subtraction))
