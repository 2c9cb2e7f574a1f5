"""The values a report is made of: sides and their say, rounds, numbers, rankings. Frozen, and nothing lazy in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from priority.queries.rules import smallest_cell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from fractions import Fraction

    from priority.words import ExtensionKind, RoundKind, RunState, Verdict

Body = dict[str, Any]
WHOLE = "whole"
NINE, FIVE, CRITERIA = "nine", "five", "chnri"
# The bands of each scale, low, middle, high, as pages and files write them.
BANDS = {NINE: ("1–3", "4–6", "7–9"), FIVE: ("1–2", "3", "4–5")}


@dataclass(frozen=True, slots=True)
class SideLine:
    """A side: its share of the say in whole parts, and its groups as (key, name)."""

    key: str
    name: str
    share: int
    of: int
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose answers a column holds: the whole panel, a side, or a group."""

    kind: str
    key: str
    name: str

    @property
    def column(self) -> str:
        """Its name in files, where a side and a group may have the same key."""
        return self.key if self.kind == WHOLE else f"{self.kind}_{self.key}"


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """The rules as they were frozen; a deviation has a reason."""

    n: int
    digest: str | None
    frozen_at: datetime | None
    reason: str | None
    body: Body = field(compare=False)

    @property
    def minimum_cell(self) -> int:
        """How many valid answers there must be before a side or group is shown; never under five."""
        return smallest_cell(self.body)

    @property
    def shortlist(self) -> int:
        """How many places the list has."""
        return int(self.body.get("shortlist", 10))


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of a side (or of all, without a name) were asked and answered; None where they are too few to say."""

    key: str
    name: str
    asked: int | None
    answered: int | None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A closed round: when, how many answered, and the reason where its end was moved.

    `scale` is that of a round of ratings, None of others; `design` what was asked how, as it was fixed at the opening.
    """

    n: int
    kind: RoundKind
    opened_at: datetime | None
    closed_at: datetime | None
    whole: Turnout
    sides: tuple[Turnout, ...]
    moved: tuple[tuple[ExtensionKind, str], ...]
    scale: str | None
    design: Body = field(compare=False)

    @property
    def high(self) -> str:
        """The high band of its scale, such as 7–9."""
        return BANDS[self.scale or NINE][-1]


@dataclass(frozen=True, slots=True)
class Cell:
    """How one voice rated one question. Where fewer than ten all gave the same answer, only its band is told.

    `interval` is Wilson's for the share in the high band; `mad` the median distance from the median.
    """

    n: int
    people: int
    cannot_judge: int
    high: int
    low: int
    median: float | None
    q1: float | None
    q3: float | None
    mad: float | None = None
    interval: tuple[float, float] | None = None
    band: str | None = None

    @property
    def percent_high(self) -> int:
        """The share of valid answers in the high band, in whole percent, half up."""
        return (200 * self.high + self.n) // (2 * self.n)


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rating round found of a question; a voice without a cell may not be shown."""

    n: int
    key: str
    verdict: Verdict
    why: str
    di: Fraction | None
    disagreement: bool | None
    cells: Mapping[str, Cell]
    scale: str = NINE

    @property
    def high(self) -> str:
        """The high band of its scale, such as 7–9."""
        return BANDS[self.scale][-1]

    def cell(self, voice: Voice) -> Cell | None:
        """A voice's cell; None where it may not be shown."""
        return self.cells.get(voice.column)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A stored ranking: how it was made, from what, and which questions (by key) it puts on the list."""

    public_id: str
    round: int
    is_primary: bool
    makes_the_list: bool
    pooled: bool
    method: str
    parameters: Body
    state: RunState
    input_digest: str | None
    digest: str
    software: str
    tiers: tuple[tuple[str, ...], ...]
    shortlist: tuple[str, ...]
    n: Mapping[str, int]

    @property
    def column(self) -> str:
        """Its name in files."""
        return f"{self.method}_pooled" if self.pooled else self.method


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kendall's W of one side over the `n` of its `people` who left no gap; all None under five of them.

    `w` alone is None where it has no value: there is one question only, or everybody put all of them level.
    """

    side: str
    name: str
    w: float | None
    n: int | None
    people: int | None


@dataclass(frozen=True, slots=True)
class BallotLine:
    """One ballot as it may be published: the round, whose side, and group or (where that is small) the side again."""

    round: int
    side: str
    group: str
    answers: Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True)
class BallotSheet:
    """The ballots that may be published, sorted by content, so that neither order nor round links them to anybody.

    `columns` are the keys of the questions; `left_out` the rounds of which a side was too small to be told apart.
    """

    columns: tuple[str, ...]
    lines: tuple[BallotLine, ...]
    left_out: tuple[int, ...]
