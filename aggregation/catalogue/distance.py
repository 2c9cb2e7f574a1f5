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
)
