"""Methods that compare questions two by two."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Method, Parameter

STRENGTH = Parameter(
    "strength",
    str,
    "margins",
    "How strong a defeat is: the difference of the two sides of a pair, or the winning side alone.",
    ("margins", "winning"),
)

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
    Method(
        key="minimax",
        label="Minimax (Simpson-Kramer)",
        family="pairwise",
        parameters=(
            Parameter(
                "scoring",
                str,
                "winning",
                "What a defeat measures: the winning side of a pair, the difference of both, or all who disagree.",
                ("winning", "margins", "opposition"),
            ),
        ),
        takes_tally=True,
        better="lower",
        axioms=ALWAYS | {"weak unanimity", "condorcet", "monotone"},
        source="Simpson 1969, Kramer 1977",
        sentences=(
            "For every question we look for the one other question that most people put above it.",
            "The question with the smallest such defeat comes first: nothing else is clearly wanted more.",
        ),
    ),
    Method(
        key="schulze",
        label="Schulze",
        family="pairwise",
        parameters=(STRENGTH,),
        takes_tally=True,
        axioms=ALWAYS | {"unanimity", "condorcet", "smith", "monotone", "clones"},
        source="Schulze 2011",
        sentences=(
            "If more people put A above B, and more people put B above C, this also counts for A against C.",
            "A question stands above another if the chain of such wins from it is stronger than any chain back.",
        ),
    ),
    Method(
        key="ranked_pairs",
        label="Ranked pairs (Tideman)",
        family="pairwise",
        parameters=(
            STRENGTH,
            Parameter(
                "tie_break",
                str,
                "all",
                "What becomes of equally strong pairs: every order of them is looked at, or circles are left out.",
                ("all", "leave_out"),
            ),
        ),
        takes_tally=True,
        axioms=ALWAYS | {"unanimity", "condorcet", "smith", "monotone"},
        source="Tideman 1987; ties as in Brill and Fischer 2012",
        sentences=(
            "Every two questions are compared, and the comparisons on which people agree most are settled first.",
            "A comparison that would contradict those settled before it is left aside.",
        ),
    ),
)
