"""Methods that compare questions two by two."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Method

ROWS: tuple[Method, ...] = (
    Method(
        key="copeland",
        label="Copeland",
        family="pairwise",
        takes_tally=True,
        axioms=ALWAYS | {"unanimity", "condorcet", "monotone"},
        source="Copeland 1951",
        sentences=(
            "Every question is compared with every other: which of the two do more people put higher?",
            "The question that wins the most of these comparisons comes first; a draw is half a win.",
        ),
    ),
)
