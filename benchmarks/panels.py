"""Ballots that are made, not gathered: the same on every machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from aggregation import Profile

if TYPE_CHECKING:
    from numpy.typing import NDArray


def strict(n: int, m: int, seed: int = 0) -> NDArray[np.uint8]:
    """Complete rankings by pure chance, 1 = best."""
    return (np.random.default_rng(seed).random((n, m)).argsort(axis=1) + 1).astype(np.uint8)


def levels(n: int, m: int, most: int = 9, seed: int = 0) -> NDArray[np.uint8]:
    """Rankings with ties, on so many levels."""
    return np.random.default_rng(seed).integers(1, most + 1, (n, m), dtype=np.uint8)


def panel(n: int, m: int, agreement: float, seed: int = 0) -> NDArray[np.uint8]:
    """Complete rankings of people who share a view, spread `agreement` times as wide as their own, plus their own."""
    rng = np.random.default_rng(seed)
    liking = agreement * rng.normal(size=m) + rng.normal(size=(n, m))
    return ((-liking).argsort(axis=1).argsort(axis=1) + 1).astype(np.uint8)


@cache
def names(m: int) -> tuple[str, ...]:
    """As many ids, "0" to "m - 1"."""
    return tuple(str(i) for i in range(m))


def profile_of(ranks: NDArray[np.uint8]) -> Profile:
    """The ballots as our profile."""
    return Profile(ranks=ranks, items=names(ranks.shape[1]), unranked="last")
