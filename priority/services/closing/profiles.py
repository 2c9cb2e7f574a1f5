"""The ballots of a round of any kind as orders, from which the methods make a list."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aggregation import Profile
from aggregation.delphi import AnsweredSet, cards
from priority.queries.rounds import items_of
from priority.services.answers import places, ranks
from priority.services.ballot_types.best_worst import fields, sets_of
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.models import Exercise, Round
    from priority.queries.ballots import Row


def heard_in(round_: Round, rows: Sequence[Row]) -> list[Row]:
    """The ballots that say anything about which question comes before which."""
    if round_.kind is RoundKind.BEST_WORST:
        return [row for row in rows if any(one.complete for one in answered_sets(round_, row))]
    return [row for row in rows if orders_in(round_, row.answers)]


def orders_in(round_: Round, answers: Mapping[str, Any]) -> dict[str, int]:
    """One ballot as ranks, 1 the best: of a ranking its tiers, of a choice its places or all that was chosen, level."""
    if round_.kind is RoundKind.RANKING:
        return ranks(answers)
    placed = places(answers.get("order", {}))
    behind = len(placed) + 1
    return {key: placed.get(key, behind) for key in answers.get("chosen", ())}


def answered_sets(round_: Round, row: Row) -> list[AnsweredSet]:
    """The sets of best and worst as somebody answered them; half an answer counts nowhere."""
    sets = enumerate(sets_of(round_.design), start=1)
    return [AnsweredSet(tuple(shown), *(row.answers.get(field) for field in fields(n))) for n, shown in sets]


def profile_in(round_: Round, rows: Sequence[Row], *, pooled: bool) -> Profile:
    """The orders of a closed round, of everybody who says anything, by sides with their shares or all as one.

    "Can't judge" and what was not answered is absent; what was not chosen comes after what was. Refuses (ProfileError)
    where a side has nobody.
    """
    rows = heard_in(round_, rows)
    items = items_of(round_)
    keys = [item.key for item in items]
    if round_.kind is RoundKind.BEST_WORST:
        sets = [(row, one) for row in rows for one in answered_sets(round_, row) if one.complete]
        return cards([one for _row, one in sets], keys, **_sorts(round_, [row for row, _set in sets], pooled=pooled))
    orders = [orders_in(round_, row.answers) for row in rows]
    return Profile.from_ranks(
        [[order.get(key, 0) for key in keys] for order in orders],
        keys,
        unranked="absent" if round_.kind is RoundKind.RANKING else "last",
        names=[item.wording.text for item in items],
        **_sorts(round_, rows, pooled=pooled),
    )


def _sorts(round_: Round, rows: Sequence[Row], *, pooled: bool) -> dict[str, Any]:
    """Whose view each ballot is, and the sides' parts of the say where they have any."""
    sides = {} if pooled else {"sides": [row.side for row in rows], "shares": shares_of(round_.exercise)}
    return {"groups": [row.group for row in rows]} | sides


def shares_of(exercise: Exercise) -> dict[str, Fraction]:
    """The part of the say of each side."""
    total = sum(side.share for side in exercise.sides)
    return {side.key: Fraction(side.share, total) for side in exercise.sides}
