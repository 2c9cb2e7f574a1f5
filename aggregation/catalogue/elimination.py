"""Methods that drop one question after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregation.rows import Method

ROWS: tuple[Method, ...] = ()
