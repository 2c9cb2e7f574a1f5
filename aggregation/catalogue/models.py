"""Methods that fit a model of how people choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregation.rows import Method

ROWS: tuple[Method, ...] = ()
