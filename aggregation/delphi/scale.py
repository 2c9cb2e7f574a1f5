"""Scales: which answers a question can have, and which of them are low and high."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import RatingsError, StatisticError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aggregation.ratings import Ratings


@dataclass(frozen=True, slots=True)
class Scale:
    """The answers that can be given, and the bands at both ends; the band between may be empty.

    Parameters
    ----------
    points : tuple of float
        Two or more, ascending; higher is better.
    low, high : tuple of float
        The first of the points and the last of them, at least one each.

    Raises
    ------
    StatisticError
        If the points do not ascend, or the bands are not its two ends.

    Examples
    --------
    >>> NINE.bands.tolist()
    [0, 0, 0, 1, 1, 1, 2, 2, 2]
    """

    points: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        steps = pairwise(self.points)
        if len(self.points) < 2 or not all(map(isfinite, self.points)) or any(left >= right for left, right in steps):
            raise StatisticError(f"the points of a scale ascend, and there are two or more, not {self.points}")
        first, last = len(self.low), len(self.high)
        ends = self.points[:first], self.points[len(self.points) - last :]
        if not first or not last or first + last > len(self.points) or ends != (self.low, self.high):
            raise StatisticError(f"{self.low} and {self.high} are not the two ends of the scale {self.points}")

    @property
    def values(self) -> NDArray[np.float64]:
        """The points, shape (n_points,)."""
        return np.array(self.points, dtype=np.float64)

    @property
    def bands(self) -> NDArray[np.int64]:
        """The band of each point: 0 low, 1 between, 2 high; shape (n_points,)."""
        sizes = len(self.low), len(self.points) - len(self.low) - len(self.high), len(self.high)
        return np.repeat(np.arange(3), sizes)

    def places(self, ratings: Ratings) -> NDArray[np.int64]:
        """Which point each answer is, 0 = the lowest, -1 = no answer; shape (n_people, n_items).

        Refuses any other answer with a `RatingsError` that names the person's row and the question.
        """
        values, points = ratings.values, self.values
        silent = np.isnan(values)
        if self._is_even:
            steps = np.where(silent, 0, (values - points[0]) / (points[1] - points[0]))
            found = np.rint(np.clip(steps, 0, len(points) - 1)).astype(np.int64)
        else:
            found = np.minimum(np.searchsorted(points, values), len(points) - 1)
        wrong = (points[found] != values) & ~silent
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise RatingsError(
                f"`values`[{row}, {column}] ({ratings.items[column]!r}) is {values[row, column]:g}; "
                f"this statistic is for {self}"
            )
        return np.where(silent, -1, found)

    @property
    def _is_even(self) -> bool:
        return len({right - left for left, right in pairwise(self.points)}) == 1

    def __str__(self) -> str:
        """The answers in words.

        Examples
        --------
        >>> str(FIVE), str(CHNRI)
        ('whole numbers from 1 to 5', 'the answers 0, 0.5, 1')
        """
        first, last = self.points[0], self.points[-1]
        if self.points == tuple(range(int(first), int(last) + 1)):
            return f"whole numbers from {first:g} to {last:g}"
        return f"the answers {', '.join(f'{point:g}' for point in self.points)}"


NINE = Scale(points=(1, 2, 3, 4, 5, 6, 7, 8, 9), low=(1, 2, 3), high=(7, 8, 9))
FIVE = Scale(points=(1, 2, 3, 4, 5), low=(1, 2), high=(4, 5))
# No, undecided, yes: the answers to a criterion of the Child Health and Nutrition Research Initiative.
CHNRI = Scale(points=(0, 0.5, 1), low=(0,), high=(1,))

SCALES: Mapping[str, Scale] = MappingProxyType({"1-9": NINE, "1-5": FIVE, "chnri": CHNRI})
