"""Rules that choose some of the questions so that every part of the panel is heard."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Parameter, Rule

TIE_BREAK = Parameter(
    "tie_break",
    str,
    "order",
    "Which of level items is favoured: the first or the last in the order of the items, or one drawn by lot.",
    ("order", "reverse", "lot"),
)
SEED = Parameter("seed", int, None, 'The seed of the lot; needed for `tie_break="lot"`, and only there.')

ROWS: tuple[Rule, ...] = (
    Rule(
        key="stv_scottish",
        label="Single transferable vote, Scottish rules",
        family="committees",
        parameters=(TIE_BREAK, SEED),
        axioms=ALWAYS,
        source="The Scottish Local Government Elections Order 2007, rules 45 to 52",
        sentences=(
            "Each person's vote goes to their first question; what a question has beyond its need goes on to the next.",
            "The question with the fewest votes drops out and its votes go on, until all places are filled.",
        ),
    ),
    Rule(
        key="stv_wigm",
        label="Single transferable vote, exact",
        family="committees",
        parameters=(TIE_BREAK, SEED),
        axioms=ALWAYS | {"solid coalitions"},
        source="Weighted inclusive Gregory method; quota by Droop 1881",
        sentences=(
            "Each person's vote goes to their first question; what a question has beyond its need goes on to the next.",
            "It works like the Scottish rules, but parts of a vote are exact fractions, not cut after five decimals.",
        ),
    ),
    Rule(
        key="stv_meek",
        label="Single transferable vote, Meek",
        family="committees",
        parameters=(TIE_BREAK, SEED),
        axioms=ALWAYS | {"solid coalitions"},
        source="Hill, Wichmann and Woodall 1987; arithmetic of the Reference Meek Rule",
        sentences=(
            "Each person's vote goes to their first question; what a question has beyond its need goes on to the next.",
            "When a question drops out, all votes are counted again as if it had never been there.",
        ),
    ),
    Rule(
        key="expanding_approvals",
        label="Expanding approvals",
        family="committees",
        parameters=(TIE_BREAK, SEED),
        axioms=ALWAYS | {"solid coalitions"},
        source="Aziz and Lee 2020",
        sentences=(
            "It looks at everybody's first place, then at the first two places, and so on, until enough people agree.",
            "A question that enough people agree on is chosen; these people have then used that part of their say.",
        ),
    ),
    Rule(
        key="phragmen",
        label="Phragmén",
        family="committees",
        parameters=(
            Parameter("r", int, None, "How many places of a ballot count as support; as many as are to be chosen."),
            TIE_BREAK,
            SEED,
        ),
        axioms=ALWAYS,
        source="Phragmén 1894; Janson 2016",
        sentences=(
            "Every chosen question is carried by the people who have it among their first places.",
            "The next question is always the one whose people would then have the least to carry.",
        ),
    ),
)
