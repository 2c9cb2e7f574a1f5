"""The order that a round of putting in order made, with the people, rules and questions it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aggregation
from priority.queries.rounds import items_of
from priority.services.closing.profiles import heard_in, profile_in
from priority.services.closing.stored import least_of, named, rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aggregation import Profile, Ranking
    from priority.models import Round
    from priority.queries.ballots import Row

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """The order by the declared method. `places` of it are the list; fewer than `least` people are never told."""

    round: Round
    profile: Profile
    ranking: Ranking
    method: str
    parameters: Mapping[str, Any]
    places: int
    least: int
    named: Mapping[str, Body]

    @property
    def listed(self) -> tuple[str, ...]:
        """The questions on the list, with all that tie for its last place."""
        return self.ranking.shortlist(self.places).items


def silent_side(round_: Round, rows: Sequence[Row]) -> bool:
    """Whether nobody of some side ordered anything, so that there is no order by sides."""
    heard = {row.side for row in heard_in(round_, rows)}
    return any(side.key not in heard for side in round_.exercise.sides)


def order_of(round_: Round, rows: Sequence[Row]) -> Order:
    """The order that the answers of a closed round make by the declared method; refuses a silent side."""
    if silent_side(round_, rows):
        raise ValueError("A side that ordered nothing has no say to weigh.")
    body, items = rules_of(round_), items_of(round_)
    profile = profile_in(round_, rows, pooled=False)
    method, parameters = body["primary"]["method"], body["primary"].get("parameters") or {}
    return Order(
        round=round_,
        profile=profile,
        ranking=aggregation.rank(profile, method, **parameters),
        method=method,
        parameters=parameters,
        places=min(body["shortlist"], len(items)),
        least=least_of(round_),
        named={item.key: named(item) for item in items},
    )
