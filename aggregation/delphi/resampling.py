"""Panels drawn anew from the same people, for the intervals of differences between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Parts with fewer people than this are drawn with one person less, which undoes the loss of spread.
SMALL_PART = 10
DRAWS_AT_MOST = 20_000
# Numbers held at a time while panels are drawn.
ROOM = 2**22


def check_confidence(confidence: float) -> None:
    """Refuse a confidence outside (0, 1) by a `StatisticError`."""
    if not 0 < confidence < 1:
        raise StatisticError(f"`confidence` must be between 0 and 1, not {confidence}")


def check_draws(draws: int, seed: int | None, *, fewest: int = 0) -> None:
    """Refuse a number of draws outside the bounds, draws without a seed, and a negative one, by a `StatisticError`."""
    if not fewest <= draws <= DRAWS_AT_MOST:
        raise StatisticError(f"`draws` must be from {fewest} to {DRAWS_AT_MOST}, not {draws}")
    if draws and seed is None:
        raise StatisticError("with draws a `seed` must be given, so that anybody gets the same again")
    if seed is not None and seed < 0:
        raise StatisticError(f"`seed` must be 0 or more, not {seed}")


def size_drawn(people: int) -> int:
    """How many are drawn from so many people.

    Examples
    --------
    >>> size_drawn(40), size_drawn(9)
    (40, 8)
    """
    return people - 1 if people < SMALL_PART else people


def drawn_panels(people: int, draws: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """How often each person is in each of `draws` panels, some panels at a time; shape (some, people)."""
    each, size = np.full(people, 1 / people), size_drawn(people)
    block = max(1, ROOM // people)
    for start in range(0, draws, block):
        yield rng.multinomial(size, each, min(block, draws - start)).astype(np.float64)


def percentiles(drawn: NDArray[np.float64], confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper end of the middle `confidence` of the draws (first axis; nan is no draw).

    nan where all draws are the same: that a few people agree is no proof that others would.
    """
    ends = [(1 - confidence) / 2, (1 + confidence) / 2]
    known = np.isfinite(drawn).any(axis=0)
    low, high = (np.full(drawn.shape[1:], np.nan) for _ in ends)
    if known.any():
        low[known], high[known] = np.nanquantile(drawn[:, known], ends, axis=0)
    alike = ~(np.fmax.reduce(drawn, axis=0) > np.fmin.reduce(drawn, axis=0))
    low[alike], high[alike] = np.nan, np.nan
    return low, high
