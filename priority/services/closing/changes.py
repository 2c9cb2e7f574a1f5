"""What the same people changed since the round before: who crossed a band, and what answers settled.

How many changed and crossed is told of every part that may be shown. What depends on the very answers of those who
answered twice (such as a variation) is told only where none, or enough, answered just once: beside the published
counts of each round it would otherwise give one person's answer away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.delphi import StoppingRule, Tally, change, findings, stable, stopping
from priority.queries.ballots import asked_by_group
from priority.queries.rounds import items_of, rounds_of
from priority.services import suppression
from priority.services.closing import parts
from priority.services.closing.pairs import EVERYBODY, number, rated, told_count
from priority.services.closing.stored import named, number_of, rules_of
from priority.services.suppression import GROUP, SIDE
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aggregation import Ratings
    from aggregation.delphi import Change, Stable
    from priority.queries.ballots import Row
    from priority.services.closing.pairs import Pairs
    from priority.services.closing.parts import Part
    from priority.services.suppression import Told

Body = dict[str, Any]
Counts = dict[str, dict[str, int]]
MARGIN, CONSENSUS, ROUNDS_AT_MOST, SETTLED_SHARE = 15, 70, 3, 80
MORE = (
    "mean_absolute",
    "cv_before",
    "cv_after",
    "cv_difference",
    "net",
    "kappa_linear",
    "kappa_quadratic",
    "spearman",
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What may be told of one question: the parts with enough people, and those of them that may be told exactly."""

    told: Told
    exact: frozenset[Part]


def told_by_index(pairs: Pairs) -> list[Telling]:
    """What may be told of each question of the people who answered it twice."""
    before, after = pairs.same_people()
    paired = ~np.isnan(before.values) & ~np.isnan(after.values)
    twice = _counts(pairs, [one for one, _other in pairs.stayed], paired)
    every = [_counts(pairs, rows, ~np.isnan(rated(pairs.items, rows, rows).values)) for rows in pairs.rounds]
    return [
        Telling(_told(pairs, twice[index]), _exact(pairs, twice[index], [one[index] for one in every]))
        for index in range(len(pairs.items))
    ]


def change_of(pairs: Pairs) -> Body:
    """The snapshot."""
    body = rules_of(pairs.second)
    margin = int(body.get("stability_margin", MARGIN))
    before, after = pairs.same_people()
    changes = {part: change(*both, pairs.scale) for part, both in _by_part(before, after).items()}
    settled = {part: stable(one, margin, fewest=pairs.k) for part, one in changes.items()}
    agreement = _agreement(pairs, changes[EVERYBODY], margin, body)
    telling = told_by_index(pairs)
    questions = []
    for index, item in enumerate(pairs.items):
        told, exact = telling[index].told, telling[index].exact
        cells = {part: _cell(changes[part], settled[part], index, exact=part in exact) for part in told.parts}
        stability = cells[EVERYBODY]["stability"] if EVERYBODY in cells else "unknown"
        found = {"stability": stability, "agreement": agreement[index], "hidden": parts.hidden(told)}
        questions.append(named(item) | found | parts.laid_out(cells))
    return {
        "since": pairs.first.n,
        "scale": pairs.second.design.get("scale", "nine"),
        "margin": margin,
        "people": told_count(len(pairs.stayed), pairs.k),
        "questions": questions,
        "not_compared": _not_compared(pairs),
        "stopping": _stopping(pairs, settled[EVERYBODY], body),
        "arms": _arms(pairs),
    }


def _arms(pairs: Pairs) -> Body | None:
    """What each half of a drawn arm changed, over all questions; None without one, or where a half is too few."""
    halves = {"own_side": True, "everybody": False}
    people = {name: [pair for pair in pairs.stayed if pair[1].own_side_only is arm] for name, arm in halves.items()}
    if pairs.second.design.get("arm") != "random" or min(map(len, people.values())) < pairs.k:
        return None
    return {name: _changed_by(pairs, mine) for name, mine in people.items()}


def _changed_by(pairs: Pairs, people: Sequence[tuple[Row, Row]]) -> Body:
    """How many answers these people gave twice, and how many of them changed and went to another band."""
    before, after = [one for one, _other in people], [other for _one, other in people]
    found = change(rated(pairs.items, before, before), rated(pairs.items, after, before), pairs.scale)
    return {"people": len(people)} | {name: int(getattr(found, name).sum()) for name in ("n", "changed", "crossed")}


def _by_part(before: Ratings, after: Ratings) -> dict[Part, tuple[Ratings, Ratings]]:
    sides = {(SIDE, key): (part, after.by_side()[key]) for key, part in before.by_side().items()}
    groups = {(GROUP, key): (part, after.by_group()[key]) for key, part in before.by_group().items()}
    return {EVERYBODY: (before, after)} | sides | groups


def _counts(pairs: Pairs, rows: Sequence[Row], valid: NDArray[np.bool_]) -> list[Counts]:
    """For each question how many of these people, a row each, have a valid answer, by side and group."""
    of = [(row.side, row.group) for row in rows]
    where = {
        (side, group): [each == (side, group) for each in of] for side in pairs.groups for group in pairs.groups[side]
    }
    found = {part: valid[chosen].sum(axis=0) for part, chosen in where.items()}
    return [
        {side: {group: int(found[side, group][index]) for group in groups} for side, groups in pairs.groups.items()}
        for index in range(len(pairs.items))
    ]


def _sizes(counts: Counts) -> dict[str, int]:
    return {side: sum(groups.values()) for side, groups in counts.items()}


def _told(pairs: Pairs, twice: Counts) -> Told:
    return suppression.told(twice, _sizes(twice), k=pairs.k)


def _exact(pairs: Pairs, twice: Counts, every: Sequence[Counts]) -> frozenset[Part]:
    """The parts of which nobody can be worked out by taking those who answered twice from all who answered.

    Groups never are: what is told of their side would give the rest away.
    """
    exact: set[Part] = {EVERYBODY, *((SIDE, side) for side in pairs.groups)}
    for counts in every:
        once = {side: n - _sizes(twice)[side] for side, n in _sizes(counts).items()}
        if any(0 < n < pairs.k for n in once.values()):
            exact -= {(SIDE, side) for side in pairs.groups}
        if 0 < sum(once.values()) < pairs.k:
            exact -= {EVERYBODY}
    return frozenset(exact)


def _cell(found: Change, settled: Sequence[Stable], index: int, *, exact: bool) -> Body:
    counts = {name: int(getattr(found, name)[index]) for name in ("n", "changed", "crossed")}
    more = {name: number(getattr(found, name)[index]) for name in MORE} if exact else None
    return counts | {"stability": settled[index].verdict, "more": more}


def _agreement(pairs: Pairs, whole: Change, margin: int, body: Body) -> list[str]:
    """The kind of agreement of everybody who answered the later round; unknown where they are few."""
    rows = pairs.rounds[1]
    after = rated(pairs.items, rows, rows)
    declared = int(body["consensus"].get("high", CONSENSUS))
    found = findings(whole, after, scale=pairs.scale, margin=margin, consensus=max(51, declared))
    enough = (~np.isnan(after.values)).sum(axis=0) >= pairs.k
    return [one.agreement if enough[index] else "unknown" for index, one in enumerate(found)]


def _stopping(pairs: Pairs, settled: Sequence[Stable], body: Body) -> Body:
    """Whether the declared rule asks for no further round, with its evidence."""
    declared = body.get("stopping", {})
    most = int(declared.get("rounds_at_most", ROUNDS_AT_MOST))
    rule = StoppingRule(
        rounds_at_least=min(2, most),
        rounds_at_most=most,
        settled_share=int(declared.get("settled_share", SETTLED_SHARE)),
        answering_share=int(declared.get("answering_share", 0)),
    )
    held = [one for one in rounds_of(pairs.second.exercise) if one.kind is RoundKind.RATING and one.n <= pairs.second.n]
    asked, answered = sum(asked_by_group(pairs.second).values()), len(pairs.rounds[1])
    found = stopping(rule, rounds=len(held), stability=settled, answered=Tally(answered, max(asked, answered)))
    return {
        "met": found.stop,
        "reasons": list(found.reasons),
        "rounds": found.rounds,
        "rounds_at_most": rule.rounds_at_most,
        "settled": found.stable.hits,
        "questions": found.stable.n,
        "settled_share": rule.settled_share,
        "moving": list(found.moving),
        "unknown": list(found.unknown),
    }


def _not_compared(pairs: Pairs) -> Body:
    """The questions of which there is no pair of answers, and why."""
    before = {number_of(item): item.key for item in items_of(pairs.first)}
    after = {number_of(item): item.key for item in items_of(pairs.second)}
    return {
        "reworded": [key for n, key in after.items() if n in before and before[n] != key],
        "new": [key for n, key in after.items() if n not in before],
        "gone": [key for n, key in before.items() if n not in after],
    }
