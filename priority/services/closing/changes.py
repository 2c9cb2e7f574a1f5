"""What the same people changed since the round before: who crossed a band, and what answers settled.

Take those who answered twice from the published counts of each round, and whoever is left over answered just once. So
where one to k - 1 people of any group did, nothing is told that depends on the very answers of those who answered
twice (such as a variation), and how many changed and crossed only in steps: where it is known that nobody changed, the
difference of the two rounds is the answer of whoever left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.delphi import StoppingRule, Tally, change, findings, stable, stopping
from priority.queries.ballots import asked_by_group
from priority.queries.rounds import items_of, rounds_of
from priority.queries.rules import HIGH, stability_margin, stopping_rule
from priority.services import suppression
from priority.services.ballot_types.scales import scale_of
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
    """What may be told of one question: the parts with enough people, and those of them that may be told exactly.

    `step` is what numbers of people are rounded down to; 1 where they are told as they are.
    """

    told: Told
    exact: frozenset[Part]
    step: int

    def in_steps(self, people: int) -> int:
        """A number of people as it may be told."""
        return people // self.step * self.step


def told_by_index(pairs: Pairs) -> list[Telling]:
    """What may be told of each question of the people who answered it twice."""
    before, after = pairs.same_people()
    paired = ~np.isnan(before.values) & ~np.isnan(after.values)
    twice = _counts(pairs, [one for one, _other in pairs.stayed], paired)
    every = [_counts(pairs, rows, ~np.isnan(rated(pairs.items, rows, rows).values)) for rows in pairs.rounds]
    return [_telling(pairs, twice[index], [one[index] for one in every]) for index in range(len(pairs.items))]


def change_of(pairs: Pairs) -> Body:
    """The snapshot."""
    body = rules_of(pairs.second)
    margin = stability_margin(body)
    before, after = pairs.same_people()
    changes = {part: change(*both, pairs.scale) for part, both in _by_part(before, after).items()}
    settled = {part: stable(one, margin, fewest=pairs.k) for part, one in changes.items()}
    agreement = _agreement(pairs, changes[EVERYBODY], margin, body)
    telling = told_by_index(pairs)
    questions = []
    for index, item in enumerate(pairs.items):
        mine = telling[index]
        cells = {
            part: _cell(part, changes[part], _stability(settled[part][index], mine, margin), mine, index)
            for part in mine.told.parts
        }
        stability = cells[EVERYBODY]["stability"] if EVERYBODY in cells else "unknown"
        found = {"stability": stability, "agreement": agreement[index], "hidden": parts.hidden(mine.told)}
        questions.append(named(item) | found | parts.laid_out(cells))
    return {
        "since": pairs.first.n,
        "scale": scale_of(pairs.second.design).key,
        "margin": margin,
        "people": told_count(len(pairs.stayed), pairs.k),
        "questions": questions,
        "not_compared": _not_compared(pairs),
        "stopping": _stopping(pairs, settled[EVERYBODY], body),
        "arms": _arms(pairs, max((one.step for one in telling), default=1)),
    }


def _arms(pairs: Pairs, step: int) -> Body | None:
    """What each half of a drawn arm changed, over all questions; None without one, or where a half is too few.

    Rounded down to `step`: where nobody changed anything, few who answered just once could be worked out.
    """
    halves = {"own_side": True, "everybody": False}
    people = {name: [pair for pair in pairs.stayed if pair[1].own_side_only is arm] for name, arm in halves.items()}
    if pairs.second.design.get("arm") != "random" or min(map(len, people.values())) < pairs.k:
        return None
    return {name: _changed_by(pairs, mine, step) for name, mine in people.items()}


def _changed_by(pairs: Pairs, people: Sequence[tuple[Row, Row]], step: int) -> Body:
    """How many answers these people gave twice, and how many of them changed and went to another band."""
    before, after = [one for one, _other in people], [other for _one, other in people]
    found = change(rated(pairs.items, before, before), rated(pairs.items, after, before), pairs.scale)
    changed, crossed = (int(each.sum()) // step * step for each in (found.changed, found.crossed))
    return {"people": len(people), "n": int(found.n.sum()), "changed": changed, "crossed": crossed, "step": step}


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


def _telling(pairs: Pairs, twice: Counts, every: Sequence[Counts]) -> Telling:
    """Exactly only where of no group one to k - 1 people answered just once.

    Groups never are told exactly: what is told of their side would give the rest away.
    """
    told = _told(pairs, twice)
    once = (
        n - twice[side][group] for counts in every for side, groups in counts.items() for group, n in groups.items()
    )
    if any(0 < n < pairs.k for n in once):
        return Telling(told, frozenset(), pairs.k)
    return Telling(told, frozenset({EVERYBODY, *((SIDE, side) for side in pairs.groups)}), 1)


def _cell(part: Part, found: Change, stability: str, telling: Telling, index: int) -> Body:
    changed, crossed = (telling.in_steps(int(each[index])) for each in (found.changed, found.crossed))
    more = {name: number(getattr(found, name)[index]) for name in MORE} if part in telling.exact else None
    counts = {"n": int(found.n[index]), "changed": changed, "crossed": crossed, "step": telling.step}
    return counts | {"stability": stability, "more": more}


def _stability(found: Stable, telling: Telling, margin: int) -> str:
    """Whether a part has settled; unknown where that would say that nobody at all crossed, and somebody left."""
    says_nobody = telling.step > 1 and found.crossed.n * margin <= 100
    return "unknown" if says_nobody else found.verdict


def _agreement(pairs: Pairs, whole: Change, margin: int, body: Body) -> list[str]:
    """The kind of agreement of everybody who answered the later round; unknown where they are few."""
    rows = pairs.rounds[1]
    after = rated(pairs.items, rows, rows)
    declared = int(body["consensus"].get("high", HIGH))
    found = findings(whole, after, scale=pairs.scale, margin=margin, consensus=max(51, declared))
    enough = (~np.isnan(after.values)).sum(axis=0) >= pairs.k
    return [one.agreement if enough[index] else "unknown" for index, one in enumerate(found)]


def _stopping(pairs: Pairs, settled: Sequence[Stable], body: Body) -> Body:
    """Whether the declared rule asks for no further round, with its evidence."""
    declared = stopping_rule(body)
    most = declared["rounds_at_most"]
    rule = StoppingRule(
        rounds_at_least=min(2, most),
        rounds_at_most=most,
        settled_share=declared["settled_share"],
        answering_share=declared.get("answering_share", 0),
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
