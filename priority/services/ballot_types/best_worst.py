"""Best and worst: of each small set of questions, the one that matters most and the one that matters least.

The sets stand in the round's design, the same for everybody; set 3 is answered under `3.best` and `3.worst`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from aggregation.delphi import design as design_of_sets
from priority.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from priority.services.answers import Answers

BEST, WORST = PARTS = ("best", "worst")
FEWEST = 3


def fields(number: int) -> tuple[str, str]:
    """The keys under which the answers to a set are kept; the first set is 1."""
    return f"{number}.{BEST}", f"{number}.{WORST}"


def check(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> Answers:
    """The answers as they are kept; refuses a question outside its set, and one that is both best and worst."""
    sets = sets_of(design)
    members = {field: sets[n - 1] for n in range(1, len(sets) + 1) for field in fields(n)}
    for field, key in answers.items():
        if key not in members.get(field, ()) or key not in items:
            raise Invalid(_("Please choose one of the answers on the page."), field=field)
    for n in range(1, len(sets) + 1):
        best, worst = (answers.get(field) for field in fields(n))
        if best is not None and best == worst:
            raise Invalid(_("The same question cannot matter most and least. Please change one."), field=fields(n)[1])
    return dict(answers)


def progress(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> tuple[int, int]:  # noqa: ARG001 - every kind is asked alike
    """How many sets are answered (both ways) of how many."""
    sets = sets_of(design)
    return sum(all(field in answers for field in fields(n)) for n in range(1, len(sets) + 1)), len(sets)


def prepare(design: Mapping[str, Any], items: Sequence[str]) -> dict[str, Any]:
    """The design with its sets: of the declared size, each question in so many of them, pairs as even as can be.

    `shown` and `together` say how often a question, and two questions beside each other, are in them: the fewest and
    the most. The seed follows from the questions, so that it is fixed before the first answer. As many questions as a
    set holds, or fewer, are one set. Refuses fewer than three questions.
    """
    if len(items) < FEWEST:
        raise Invalid(_("Sets of best and worst need at least three questions."), field="questions")
    if len(items) <= int(design["size"]):
        return dict(design) | {"sets": [list(items)], "shown": [1, 1], "together": [1, 1], "balanced": True}
    seed = int.from_bytes(hashlib.sha256("|".join(items).encode()).digest()[:7])
    found = design_of_sets(len(items), int(design["size"]), int(design["at_least"]), seed=seed)
    return dict(design) | {
        "sets": [[items[place] for place in one] for one in found.sets],
        "shown": [int(found.shown.min()), int(found.shown.max())],
        "together": list(found.together),
        "balanced": found.balanced,
        "seed": seed,
    }


def sets_of(design: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    """The sets of a round, each the keys of its questions; none before it opens."""
    sets: Sequence[Sequence[str]] = design.get("sets", ())
    return sets
