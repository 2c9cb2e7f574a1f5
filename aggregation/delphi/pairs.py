"""The same people's answers in two rounds, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import RatingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings


def check_same_people(before: Ratings, after: Ratings) -> None:
    """Refuse two rounds whose rows are not the same people, as far as their number, sides and groups can tell.

    Raises
    ------
    RatingsError
        If there are more people in one than in the other, or somebody sits elsewhere.
    """
    if before.n_people != after.n_people:
        raise RatingsError(
            f"`before` has {before.n_people} rows and `after` {after.n_people}; they must be the same people"
        )
    for earlier, later, what in (
        (_names(before.strata, before.strata_names), _names(after.strata, after.strata_names), "side"),
        (_names(before.groups, before.group_names), _names(after.groups, after.group_names), "group"),
    ):
        if earlier is None or later is None:
            continue
        elsewhere = np.flatnonzero(earlier != later)
        if elsewhere.size:
            row = elsewhere[0]
            raise RatingsError(f"row {row} has the {what} {earlier[row]!r} before and {later[row]!r} after")


def check_same_questions(before: Ratings, after: Ratings) -> None:
    """Refuse two rounds with other questions, or the same ones in another order, by a `RatingsError`."""
    if before.items != after.items:
        raise RatingsError("`before` and `after` must have the same questions in the same order")


def took_part(ratings: Ratings) -> NDArray[np.bool_]:
    """Who answered something or said "I can't judge", shape (n_people,)."""
    said = ~np.isnan(ratings.values)
    return np.asarray((said if ratings.cannot_judge is None else said | ratings.cannot_judge).any(axis=1))


def joint_counts(before: Ratings, after: Ratings, scale: Scale) -> NDArray[np.int64]:
    """How many gave one answer before and another after, over those with both; shape (n_items, n_points, n_points).

    The second axis is the answer before. Other people, other questions and answers outside the scale are refused
    with a `RatingsError`.
    """
    check_same_people(before, after)
    check_same_questions(before, after)
    earlier, later, points = scale.places(before), scale.places(after), len(scale.points)
    both = (earlier >= 0) & (later >= 0)
    cells = (np.arange(before.n_items) * points + earlier) * points + later
    counts = np.bincount(cells[both], minlength=before.n_items * points**2)
    return counts.reshape(before.n_items, points, points)


def _names(codes: NDArray[np.int64] | None, names: tuple[str, ...]) -> NDArray[np.object_] | None:
    return None if codes is None else np.array(names, dtype=object)[codes]
