"""Methods that fit a model of how people choose."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Method, Parameter

PRIOR = Parameter(
    "prior",
    float,
    0.01,
    "Part of the say added to every item as wins and as losses against an imaginary one; 0 is maximum likelihood.",
)

ROWS: tuple[Method, ...] = (
    Method(
        key="plackett_luce",
        label="Plackett-Luce",
        family="model",
        parameters=(
            PRIOR,
            Parameter(
                "ties",
                str,
                "efron",
                "Whether a tie is an order that nobody knows, or an outcome of its own.",
                ("efron", "davidson"),
            ),
        ),
        axioms=ALWAYS | {"unanimity"},
        source="Plackett 1975; Hunter 2004; ties by Efron 1977 or Turner, van Etten, Firth and Kosmidis 2020",
        sentences=(
            "Each ballot is read as a row of choices: the first question out of all, the next out of those left.",
            "Every question gets the weight that makes the choices people made most likely.",
        ),
    ),
    Method(
        key="bradley_terry",
        label="Bradley-Terry",
        family="model",
        parameters=(PRIOR,),
        axioms=ALWAYS | {"unanimity", "monotone"},
        source="Bradley and Terry 1952; Ford 1957; Hunter 2004",
        sentences=(
            "Every two questions are compared: how many people put the one higher, and how many the other?",
            "Every question gets the weight that makes these comparisons most likely, also where few were made.",
        ),
    ),
    Method(
        key="mallows",
        label="Mallows",
        family="distance",
        parameters=(Parameter("time_limit", float, 10.0, "Seconds after which the best found so far is given."),),
        takes_tally=True,
        axioms=ALWAYS | {"weak unanimity", "condorcet"},
        source="Mallows 1957; Fligner and Verducci 1986",
        sentences=(
            "The order is the one that contradicts the ballots least, the same as Kemeny's.",
            "A number besides says how closely people's own orders lie around it: 0 means not at all.",
        ),
    ),
)
