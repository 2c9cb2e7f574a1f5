"""Rules that choose some of the questions so that every part of the panel is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aggregation.rows import Rule

ROWS: tuple[Rule, ...] = ()
