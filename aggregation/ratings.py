"""Ratings as one frozen value: who gave what how many points, who could not judge, who said nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np

from aggregation.checks import checked_labels, checked_sorts, codes_of, distinct_names
from aggregation.errors import RatingsError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ratings(Frozen):
    """Ratings of the same items by many people; every array is read-only, everything is checked once, here.

    Parameters
    ----------
    values : array_like of float, shape (n_people, n_items)
        Higher is better; nan where there is no answer. The scale is that of the statistic used later.
    items, names : as in `Profile`
    cannot_judge : array_like of bool, shape (n_people, n_items), optional
        True where a person said so. Such an entry is nan in `values`: never 0, never a middle value.
    strata, strata_names, groups, group_names : as in `Profile`, a row a person

    Raises
    ------
    RatingsError
        Naming the argument, and the row and column where there is one.

    Examples
    --------
    >>> ratings = Ratings(values=[[9, float("nan")], [7, 3]], items=["a", "b"])
    >>> ratings.n_people, ratings.n_items
    (2, 2)
    """

    values: NDArray[np.float64]
    items: tuple[str, ...]
    names: tuple[str, ...] = ()
    cannot_judge: NDArray[np.bool_] | None = None
    strata: NDArray[np.int64] | None = None
    strata_names: tuple[str, ...] = ()
    groups: NDArray[np.int64] | None = None
    group_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._set(items=distinct_names(self.items, "items", RatingsError))
        self._set(names=checked_labels(self.names, self.items, RatingsError))
        self._set(values=_checked_values(self.values, len(self.items)))
        self._set(cannot_judge=_checked_cannot_judge(self.cannot_judge, self.values))
        self._set(**checked_sorts(self, self.n_people, RatingsError))

    @classmethod
    def from_values(
        cls,
        values: ArrayLike,
        items: Sequence[str],
        *,
        names: Sequence[str] = (),
        cannot_judge: ArrayLike | None = None,
        sides: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
    ) -> Self:
        """Ratings from a matrix, with the side and group of each person by name; see `Ratings` for the rest.

        Examples
        --------
        >>> Ratings.from_values([[9], [7]], ["a"], sides=["lived", "staff"]).strata_names
        ('lived', 'staff')
        """
        more: dict[str, Any] = {}
        if sides is not None:
            more["strata"], more["strata_names"] = codes_of(sides)
        if groups is not None:
            more["groups"], more["group_names"] = codes_of(groups)
        return cls(
            values=cast("NDArray[np.float64]", values),
            items=tuple(items),
            names=tuple(names),
            cannot_judge=cast("NDArray[np.bool_] | None", cannot_judge),
            **more,
        )

    @property
    def n_people(self) -> int:
        """Number of rows: the people asked, whether or not they answered."""
        return int(self.values.shape[0])

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.items)

    def by_side(self) -> dict[str, Ratings]:
        """The ratings of each side, by its name; empty where there are none."""
        return self._split(self.strata, self.strata_names)

    def by_group(self) -> dict[str, Ratings]:
        """The ratings of each group, by its name; empty where there are none."""
        return self._split(self.groups, self.group_names)

    def _split(self, codes: NDArray[np.int64] | None, names: tuple[str, ...]) -> dict[str, Ratings]:
        return {} if codes is None else {name: self._rows(codes == code) for code, name in enumerate(names)}

    def _rows(self, chosen: NDArray[np.bool_]) -> Ratings:
        cannot = None if self.cannot_judge is None else self.cannot_judge[chosen]
        return Ratings(values=self.values[chosen], items=self.items, names=self.names, cannot_judge=cannot)


def _checked_values(values: object, n_items: int) -> NDArray[np.float64]:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as wrong:
        raise RatingsError(f"`values` must be numbers: {wrong}") from wrong
    if array.ndim != 2 or array.shape[1] != n_items:
        raise RatingsError(f"`values` must have shape (n_people, {n_items}), not {array.shape}")
    if not array.size:
        raise RatingsError("there is nobody who rated" if n_items else "there are no items")
    infinite = np.argwhere(np.isinf(array))
    if infinite.size:
        row, column = infinite[0]
        raise RatingsError(f"`values`[{row}, {column}] is infinite; no answer is nan")
    array.setflags(write=False)
    return array


def _checked_cannot_judge(cannot_judge: object, values: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    if cannot_judge is None:
        return None
    array = np.array(cannot_judge)
    if array.shape != values.shape or array.dtype != np.bool_:
        raise RatingsError(f"`cannot_judge` must be True or False in shape {values.shape}")
    both = np.argwhere(array & ~np.isnan(values))
    if both.size:
        row, column = both[0]
        raise RatingsError(f"`values`[{row}, {column}] is {values[row, column]}, yet this person could not judge it")
    array.setflags(write=False)
    return array
