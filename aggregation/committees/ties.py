"""How a rule of choice decides between items that its numbers leave level: by declared means, each use written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MEANS = {"order": "the order of the items", "reverse": "the order of the items, last first", "lot": "lot"}


class TieBreaker:
    """Favours items by the order of the profile, by its reverse, or by a lot drawn from a seed.

    `record` holds each decision: "stage", what was "decided", the level "items", the one "chosen", and "by" what.
    """

    def __init__(self, items: Sequence[str], tie_break: str, seed: int | None) -> None:
        if (tie_break == "lot") != (seed is not None):
            raise MethodError('a lot is drawn from a `seed`: `tie_break="lot"` and `seed` go together')
        if seed is not None and seed < 0:
            raise MethodError(f"`seed` must be 0 or above, not {seed}")
        self.items = items
        self.tie_break = tie_break
        self.record: list[dict[str, Any]] = []
        self._by = MEANS[tie_break] if seed is None else f"lot from seed {seed}"
        self._favour = _favour(len(items), tie_break, seed)

    def first(self, level: Collection[int], stage: int, decided: str) -> int:
        """The most favoured of the level items."""
        chosen = min(level, key=self._favour.__getitem__)
        return self._written(chosen, level, stage, decided, self._by)

    def last(self, level: Collection[int], stage: int, decided: str) -> int:
        """The least favoured of the level items."""
        chosen = max(level, key=self._favour.__getitem__)
        return self._written(chosen, level, stage, decided, self._by)

    def known(self, chosen: int, level: Collection[int], stage: int, decided: str, by: str) -> int:
        """The item that the rule itself chose from level ones, by looking at something else."""
        return self._written(chosen, level, stage, decided, by)

    def at_last_seat(self, members: Collection[int], stage: int) -> list[str]:
        """The items that were level when the last seat was decided at this stage; none where nothing was level."""
        chosen = {self.items[member] for member in members}
        for entry in reversed(self.record):
            inside = chosen.intersection(entry["items"])
            if entry["stage"] == stage and 0 < len(inside) < len(entry["items"]):
                return list(entry["items"])
        return []

    def _written(self, chosen: int, level: Collection[int], stage: int, decided: str, by: str) -> int:
        if len(level) > 1:
            items = [self.items[item] for item in sorted(level)]
            entry = {"stage": stage, "decided": decided, "items": items, "chosen": self.items[chosen], "by": by}
            self.record.append(entry)
        return chosen


def _favour(n_items: int, tie_break: str, seed: int | None) -> list[int]:
    if tie_break == "lot":
        drawn: list[int] = np.random.default_rng(seed).permutation(n_items).tolist()
        return drawn
    return list(range(n_items)) if tie_break == "order" else list(range(n_items, 0, -1))
