"""Floats as they are shown: with fewer digits than they were computed with."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGITS = 9


def rounded(values: Iterable[float]) -> list[float | None]:
    """Floats with nine significant digits, so that the last bits of a sum do not show; None where there is none.

    Examples
    --------
    >>> rounded([2 / 3, float("inf")])
    [0.666666667, None]
    """
    return [float(f"{value:.{DIGITS - 1}e}") if isfinite(value) else None for value in values]
