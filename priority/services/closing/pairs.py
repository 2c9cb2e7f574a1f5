"""The same people's answers in two rounds of ratings, side by side, without anybody's key.

Only questions in the same wording are compared, and only people who stood in the same group both times: whoever
changed it is in the counts of neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aggregation import Ratings
from priority.policy import is_open_to_all
from priority.queries.ballots import linked_rows
from priority.queries.feedback import previous_rating
from priority.queries.rounds import items_of
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.scales import scale_of
from priority.services.closing.ratings import BANDED, banded
from priority.services.closing.stored import least_of
from priority.services.suppression import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi import Scale
    from priority.models import Round, RoundItem
    from priority.queries.ballots import Row

EVERYBODY = (WHOLE, WHOLE)


@dataclass(frozen=True)
class Pairs:
    """Two rounds of ratings on one scale; `rows` has what each person answered in each, None where nothing counts."""

    first: Round
    second: Round
    rows: Sequence[tuple[Row | None, Row | None]]

    @property
    def scale(self) -> Scale:
        """The scale of both rounds."""
        return banded(self.second)

    @property
    def k(self) -> int:
        """How many people there must be before anything is told of them."""
        return least_of(self.second)

    @cached_property
    def items(self) -> list[RoundItem]:
        """The questions that both rounds asked in the same words, in the order of the second."""
        asked = {item.key for item in items_of(self.first)}
        return [item for item in items_of(self.second) if item.key in asked]

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The groups of each side."""
        return {side.key: tuple(group.key for group in side.groups) for side in self.second.exercise.sides}

    @cached_property
    def stayed(self) -> list[tuple[Row, Row]]:
        """The people who answered both times, in the same group."""
        both = [(one, other) for one, other in self.rows if one is not None and other is not None]
        return [(one, other) for one, other in both if (one.side, one.group) == (other.side, other.group)]

    def same_people(self) -> tuple[Ratings, Ratings]:
        """What those who stayed in their group answered before and after; refuses (RatingsError) nobody."""
        of = [one for one, _other in self.stayed]
        return rated(self.items, of, of), rated(self.items, [other for _one, other in self.stayed], of)

    def everybody(self) -> tuple[Ratings, Ratings]:
        """The answers of all who came the first time, and of those of them who stayed; the rest has none after."""
        of = [one for one, _other in self.rows if one is not None]
        after = [other if self._stands_where(one, other) else None for one, other in self.rows if one is not None]
        return rated(self.items, of, of), rated(self.items, after, of)

    @cached_property
    def rounds(self) -> tuple[list[Row], list[Row]]:
        """Everything that counts in the first round, and in the second."""
        first = [one for one, _other in self.rows if one is not None]
        return first, [other for _one, other in self.rows if other is not None]

    @staticmethod
    def _stands_where(one: Row, other: Row | None) -> bool:
        return other is not None and (one.side, one.group) == (other.side, other.group)


def pairs_before(round_: Round) -> Pairs | None:
    """A closed round beside the round of ratings before it; None where the two cannot be compared person by person.

    That is: there is none, they have other scales or one without bands, they have no question in the same words, or
    anybody could answer one of them with a new code.
    """
    before = previous_rating(round_)
    if before is None or is_open_to_all(before) or is_open_to_all(round_):
        return None
    scale = scale_of(round_.design)
    if scale.key not in BANDED or scale_of(before.design) != scale:
        return None
    found = Pairs(before, round_, [(one, other) for one, other in linked_rows(before, round_)])
    return found if found.items and found.stayed else None


def rated(items: Sequence[RoundItem], rows: Sequence[Row | None], of: Sequence[Row]) -> Ratings:
    """The ratings of some questions, a row a person; side and group are those of `of`."""
    answers = [[None if row is None else row.answers.get(item.key) for item in items] for row in rows]
    return Ratings.from_values(
        [[float(one) if isinstance(one, int) else float("nan") for one in row] for row in answers],
        [item.key for item in items],
        cannot_judge=np.array([[one == CANNOT_JUDGE for one in row] for row in answers]),
        sides=[row.side for row in of],
        groups=[row.group for row in of],
    )


def told_count(n: int, k: int) -> int | None:
    """A number of people where they are none or enough to be told; else None."""
    return n if n == 0 or n >= k else None


def number(value: float) -> float | None:
    """A number as a snapshot holds it; None where there is none."""
    return None if np.isnan(value) else float(value)
