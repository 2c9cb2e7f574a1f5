"""Methods that give points for places."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Method, Parameter

ROWS: tuple[Method, ...] = (
    Method(
        key="jla",
        label="Equal weight (James Lind Alliance style)",
        family="positional",
        parameters=(
            Parameter("k", int, 10, "How many places of a ballot have points."),
            Parameter(
                "rescore", str, "all", "Whether all places of a side's list count, or its first k.", ("all", "top10")
            ),
        ),
        axioms=ALWAYS | {"weak unanimity"},
        source="James Lind Alliance Guidebook, interim priority setting",
        sentences=(
            "Each side's ballots give points to their first ten questions, which puts that side's questions in order.",
            "The places on the sides' lists are then added up, so that a large side cannot drown a small one.",
        ),
    ),
    Method(
        key="borda",
        takes_tally=True,
        label="Borda",
        family="positional",
        axioms=ALWAYS | {"unanimity", "monotone"},
        source="Borda 1781; ties as in Emerson 2013",
        sentences=(
            "On each ballot a question gets a point for every other question placed below it, half a point for a tie.",
            "The question with the most points on average comes first.",
        ),
    ),
)
