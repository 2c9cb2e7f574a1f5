"""The kinds of ballot: what each asks, how its answers are checked and kept, and how much of it somebody has answered.

A kind is a row of `BALLOT_TYPES`. Answers of a kind whose `by_page` is true are a flat mapping that is saved page by
page; the others are saved as a whole. A round's `design` (part of the frozen rules) says the rest: the scale, how many
to choose, the sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.services.answers import MOST_PLACES
from priority.services.ballot_types import best_worst, choose, ranking, rating
from priority.services.ballot_types.scales import NINE
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from priority.services.answers import Answers

    Design = Mapping[str, Any]
    Check = Callable[[Mapping[str, Any], Collection[str], Design], Answers]
    Count = Callable[[Mapping[str, Any], Collection[str], Design], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class BallotType:
    """One kind of ballot.

    `check(answers, items, design)` gives the answers as they are kept, or refuses (Invalid) what no page of ours
    offers; `progress(answers, items, design)` how many things are answered of how many asked; `is_empty(answers)`
    whether nothing at all is answered; `design` what a round of this kind has beside what every round has, and what it
    is where the rules do not say; `prepare(design, items)` the design as it is fixed when a round of these questions
    opens.
    """

    kind: RoundKind
    by_page: bool
    check: Check
    progress: Count
    is_empty: Callable[[Mapping[str, Any]], bool]
    design: Mapping[str, Any]
    prepare: Callable[[Design, Sequence[str]], Design] = lambda design, _items: design


BALLOT_TYPES: dict[RoundKind, BallotType] = {
    row.kind: row
    for row in (
        BallotType(
            RoundKind.RATING,
            by_page=True,
            check=rating.check,
            progress=rating.progress,
            is_empty=lambda answers: not answers,
            design={"scale": NINE.key, "feedback": False, "reasons": False, "arm": None},
        ),
        BallotType(
            RoundKind.RANKING,
            by_page=False,
            check=ranking.check,
            progress=ranking.progress,
            is_empty=lambda answers: not answers.get("piles"),
            design={"at_most": 30, "top": MOST_PLACES},
        ),
        BallotType(
            RoundKind.CHOOSE,
            by_page=False,
            check=choose.check,
            progress=choose.progress,
            is_empty=lambda answers: not answers.get("chosen"),
            design={"choose": 10, "ranked": False},
        ),
        BallotType(
            RoundKind.BEST_WORST,
            by_page=True,
            check=best_worst.check,
            progress=best_worst.progress,
            is_empty=lambda answers: not answers,
            design={"size": 5, "at_least": 3},
            prepare=best_worst.prepare,
        ),
    )
}


def type_of(kind: RoundKind) -> BallotType:
    """The row of a kind."""
    return BALLOT_TYPES[kind]
