"""The scales on which questions are rated: 1 to 9, 1 to 5, and the criteria of CHNRI.

A scale with criteria asks each question once for each of them; the answer to the criterion `equity` of question
`Q3.1` is kept under `Q3.1/equity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Scale:
    """What can be answered: the numbers, with words for those that have some, and the criteria, in their order.

    `low` and `high` are the numbers of the outer bands; a scale without bands (CHNRI) has none.
    """

    key: str
    label: LazyString
    values: tuple[float, ...]
    words: Mapping[float, LazyString]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    criteria: tuple[tuple[str, LazyString], ...] = ()

    def fields(self, item: str) -> tuple[str, ...]:
        """The keys under which the answers to one question are kept."""
        return tuple(f"{item}/{criterion}" for criterion, _words in self.criteria) or (item,)

    def band_of(self, value: float) -> int | None:
        """0 for the low band, 1 for the middle one, 2 for the high one; None on a scale without bands."""
        if not self.high:
            return None
        return 2 if value in self.high else 0 if value in self.low else 1


NINE = Scale(
    "nine",
    _l("1 to 9"),
    tuple(range(1, 10)),
    {1: _l("not important"), 5: _l("in between"), 9: _l("as important as can be")},
    low=(1, 2, 3),
    high=(7, 8, 9),
)
FIVE = Scale(
    "five",
    _l("1 to 5"),
    tuple(range(1, 6)),
    {
        1: _l("not a priority"),
        2: _l("low priority"),
        3: _l("medium priority"),
        4: _l("high priority"),
        5: _l("very high priority"),
    },
    low=(1, 2),
    high=(4, 5),
)
CHNRI = Scale(
    "chnri",
    _l("CHNRI criteria: no, in between, yes"),
    (0, 0.5, 1),
    {0: _l("No"), 0.5: _l("In between"), 1: _l("Yes")},
    criteria=(
        ("answerability", _l("Can research answer it?")),
        ("effectiveness", _l("Would the answer lead to something that helps?")),
        ("deliverability", _l("Could it be put into practice?")),
        ("burden", _l("Could it take away much of the burden?")),
        ("equity", _l("Would it reach those who need it most?")),
    ),
)
SCALES = {scale.key: scale for scale in (NINE, FIVE, CHNRI)}


def scale_of(design: Mapping[str, object]) -> Scale:
    """The scale that a round of ratings declares; 1 to 9 where it says nothing."""
    return SCALES[str(design.get("scale", NINE.key))]
