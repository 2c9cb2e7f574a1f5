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
    Method(
        key="black",
        takes_tally=True,
        label="Black",
        family="positional",
        axioms=ALWAYS | {"unanimity", "condorcet", "monotone"},
        source="Black 1958",
        sentences=(
            "A question that more people put higher than lower, against each of the others, comes first.",
            "Beyond that, questions are in order of their points by Borda's count.",
        ),
    ),
    Method(
        key="dowdall",
        label="Dowdall",
        family="positional",
        axioms=ALWAYS | {"unanimity", "monotone"},
        source="Nauru 1971; Fraenkel and Grofman 2014",
        sentences=(
            "On each ballot the first question gets a point, the second half a point, the third a third, and so on.",
            "The question with the most points comes first, so that being somebody's first choice counts for much.",
        ),
    ),
    Method(
        key="plurality",
        label="First places",
        family="positional",
        axioms=ALWAYS | {"weak unanimity", "monotone"},
        source="Traditional; compared by Saari 1994",
        sentences=(
            "Each ballot counts for the question it puts first, and for nothing else.",
            "The question that most people put first comes first.",
        ),
    ),
    Method(
        key="approval",
        label="Among the first k",
        family="positional",
        parameters=(Parameter("k", int, 10, "How many places of a ballot count."),),
        axioms=ALWAYS | {"weak unanimity", "monotone"},
        source="Brams and Fishburn 1978, on the first k places",
        sentences=(
            "Each ballot counts once for every question among its first ten, and their order does not matter.",
            "The question that is among the first ten of most people comes first.",
        ),
    ),
    Method(
        key="bucklin",
        label="Bucklin",
        family="positional",
        axioms=ALWAYS | {"weak unanimity", "monotone"},
        source="Bucklin's system as in Hoag and Hallett 1926",
        sentences=(
            "First places are counted, then second places are added, and so on.",
            "The question that more than half of the people have named first, in this sense, comes first.",
        ),
    ),
    Method(
        key="positional",
        label="Points for places",
        family="positional",
        parameters=(
            Parameter("vector", tuple, None, "Needed: the points for place 1, 2, 3 and so on; other places have 0."),
        ),
        axioms=ALWAYS | {"weak unanimity", "monotone"},
        source="Young 1975",
        sentences=(
            "On each ballot a question gets the points that were agreed beforehand for its place.",
            "The question with the most points comes first.",
        ),
    ),
    Method(
        key="jla_union",
        label="On any side's list (James Lind Alliance style)",
        family="positional",
        parameters=(Parameter("k", int, 10, "How many places of a ballot have points, and the length of a list."),),
        axioms=ALWAYS | {"weak unanimity"},
        source="James Lind Alliance Guidebook, interim priority setting",
        sentences=(
            "Each side makes its own list of ten from its ballots, and all these lists are put together.",
            "Questions on every side's list come first, then those on some side's list, then the rest.",
        ),
    ),
    Method(
        key="best_worst",
        label="Best less worst",
        family="positional",
        axioms=ALWAYS | {"weak unanimity", "monotone"},
        source="Louviere, Flynn and Marley 2015",
        sentences=(
            "Each time a question is shown it may be called the most or the least important of those beside it.",
            "What counts is how often it was called most, less how often least, for each time it was shown.",
        ),
    ),
)
