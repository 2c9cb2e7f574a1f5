"""Methods that drop one question after another."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Method

ROWS: tuple[Method, ...] = (
    Method(
        key="baldwin",
        label="Baldwin",
        family="elimination",
        takes_tally=True,
        axioms=ALWAYS | {"unanimity", "condorcet", "smith"},
        source="Baldwin 1926",
        sentences=(
            "The question with the fewest points by Borda's count drops out, and the others are counted again.",
            "The question that is left in the end comes first.",
        ),
    ),
    Method(
        key="nanson",
        label="Nanson",
        family="elimination",
        takes_tally=True,
        axioms=ALWAYS | {"weak unanimity", "condorcet", "smith"},
        source="Nanson 1882, in the form of Schwartz 1986",
        sentences=(
            "All questions with fewer points than the mean by Borda's count drop out; the others are counted again.",
            "The question that is left in the end comes first.",
        ),
    ),
    Method(
        key="irv",
        label="Instant runoff",
        family="elimination",
        axioms=ALWAYS | {"weak unanimity", "clones"},
        source="Ware 1871; ties as in Conitzer, Rognlie and Xia 2009",
        sentences=(
            "Each ballot counts for its first question; the question that the fewest put first drops out.",
            "Its ballots then count for the next question they name, until one is left, which comes first.",
        ),
    ),
)
