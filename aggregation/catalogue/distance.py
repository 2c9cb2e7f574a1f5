"""Methods that look for the order nearest to the ballots."""

from __future__ import annotations

from aggregation.rows import ALWAYS, Method, Parameter

ROWS: tuple[Method, ...] = (
    Method(
        key="kemeny",
        label="Kemeny",
        family="distance",
        parameters=(Parameter("time_limit", float, 10.0, "Seconds after which the best found so far is given."),),
        takes_tally=True,
        axioms=ALWAYS | {"weak unanimity", "condorcet"},
        source="Kemeny 1959; exact by Conitzer, Davenport and Kalagnanam 2006",
        sentences=(
            "Of all possible orders, this is the one that contradicts the ballots least.",
            "It counts, for every two questions, the people who put them the other way round.",
        ),
    ),
    Method(
        key="footrule",
        label="Footrule optimum",
        family="distance",
        axioms=ALWAYS | {"weak unanimity"},
        source="Diaconis and Graham 1977; optimum as an assignment by Dwork, Kumar, Naor and Sivakumar 2001",
        sentences=(
            "Of all possible orders, this is the one in which the questions stand nearest to where people put them.",
            "It adds up, over all people and questions, how many places a question stands from where they put it.",
        ),
    ),
)
