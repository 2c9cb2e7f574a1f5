"""Who did not come back: how they had answered beside those who stayed, and what would be decided without them.

Told of a part only where enough people left it and enough stayed, with an answer each; there is no flag. The verdicts
without them are told question by question, where none or enough of each side would turn them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from aggregation import StatisticError
from aggregation.delphi import attrition, reruns
from priority.queries.rounds import items_of
from priority.services import suppression
from priority.services.closing import parts
from priority.services.closing.pairs import EVERYBODY, rated, told_count
from priority.services.closing.ratings import rule_of
from priority.services.closing.stored import named, rules_of, seed_of
from priority.services.suppression import GROUP, SIDE, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aggregation import Ratings
    from aggregation.delphi import Attrition, ConsensusRule, Verdict
    from priority.queries.ballots import Row
    from priority.services.closing.pairs import Pairs

Body = dict[str, Any]
CONFIDENCE, DRAWS = 0.95, 2000
KINDS = {"all": "whole", "side": SIDE, "group": GROUP}
BY_GROUPS = ("groups", "k_of_groups")
MEANS = ("completers_mean", "dropped_out_mean", "difference", "low", "high", "drawn_low", "drawn_high")


def leavers_of(pairs: Pairs) -> Body:
    """The snapshot."""
    seed = seed_of(pairs.second)
    came_as = [one or other for one, other in pairs.rows]
    first, second = _rounds(pairs, came_as)
    found = attrition(first, second, scale=pairs.scale, confidence=CONFIDENCE, draws=DRAWS, seed=seed)
    by_part = {(KINDS[one.kind], one.name or KINDS[one.kind]): one for one in found}
    nobody_left = not by_part[EVERYBODY].dropped_out
    told = Told((EVERYBODY,), ()) if nobody_left else _told(pairs)
    cells = {part: _cell(by_part[part], pairs.k) for part in told.parts}
    return {
        "since": pairs.first.n,
        "confidence": CONFIDENCE,
        "draws": DRAWS,
        "seed": seed,
        "hidden": parts.hidden(told),
        "reruns": _reruns(pairs),
    } | parts.laid_out(cells)


def _rounds(pairs: Pairs, came_as: Sequence[Row | None]) -> tuple[Ratings, Ratings]:
    """Both rounds on all their questions, with a row for everybody who came to either."""
    of = [row for row in came_as if row is not None]
    first = rated(items_of(pairs.first), [one for one, _other in pairs.rows], of)
    return first, rated(items_of(pairs.second), [other for _one, other in pairs.rows], of)


def _told(pairs: Pairs) -> Told:
    """The parts that enough people left, and in which enough stayed; every one of these rated something."""
    heard = [(one, other) for one, other in pairs.rows if one is not None and _is_heard(pairs, one)]
    left = [(one.side, one.group) for one, other in heard if other is None]
    stayed = [(one.side, one.group) for one, other in heard if other is not None]
    both = [parts.told_of(pairs.second, people) for people in (left, stayed)]
    why = {(kind, key): why for told in both for kind, key, why in told.hidden}
    kept = tuple(part for part in both[0].parts if part in both[1])
    lost = {part: suppression.SUBTRACTION for part in both[0].parts if part not in kept}
    return Told(kept, tuple((*part, reason) for part, reason in (lost | why).items()))


def _is_heard(pairs: Pairs, row: Row) -> bool:
    return any(_rated(row, item.key) for item in items_of(pairs.first))


def _cell(found: Attrition, k: int) -> Body:
    """A part of which nobody left has no means to compare; few who came late are not counted out."""
    return {
        "completers": told_count(found.completers, k),
        "dropped_out": found.dropped_out,
        "joined_late": told_count(found.joined_late, k),
        **{name: getattr(found, name) if found.dropped_out else None for name in MEANS},
    }


def _reruns(pairs: Pairs) -> Body | None:
    """The verdicts for all, for completers, and with the last answer carried; None where the rule is not for these."""
    rule = rule_of(rules_of(pairs.second), pairs.second.n)
    first, second = _rounds(pairs, [other or one for one, other in pairs.rows])
    try:
        found = reruns(first, second, rule, pairs.scale)
    except StatisticError:
        return None
    three = {"everybody": found.everybody, "completers": found.completers, "carried": found.carried}
    questions = []
    for index, item in enumerate(items_of(pairs.second)):
        told = {"everybody", *_told_again(pairs, rule, item.key)}
        verdicts = {name: _verdict(each[index]) if each and name in told else None for name, each in three.items()}
        questions.append(named(item) | verdicts)
    return {"questions": questions, "differing": [row["key"] for row in questions if _differ(row, three)]}


def _told_again(pairs: Pairs, rule: ConsensusRule, key: str) -> set[str]:
    """Which of the other two verdicts on a question may stand beside the one for everybody.

    Where they differ, they say how those answered who are in the one and not in the other: who came late, or whose last
    answer is carried. The floor is of people, so these count beside their answers.
    """
    late = [other for one, other in pairs.rows if one is None and other is not None]
    left = [one for one, other in pairs.rows if other is None and one is not None]
    silent = [one for one, other in pairs.rows if one is not None and (other is None or key not in other.answers)]
    turned = {
        "completers": (late, [row for row in late if _rated(row, key)]),
        "carried": (left, [row for row in silent if _rated(row, key)]),
    }
    found = {name for name, each in turned.items() if all(_none_or_enough(rows, rule, pairs.k) for rows in each)}
    return found if len(pairs.stayed) >= pairs.k else found - {"completers"}


def _none_or_enough(rows: Sequence[Row], rule: ConsensusRule, k: int) -> bool:
    """Whether each of the parts that the rule asks has none of these people, or enough."""
    by_groups = rule.scope in BY_GROUPS
    return all(n >= k for n in Counter(row.group if by_groups else row.side for row in rows).values())


def _rated(row: Row, key: str) -> bool:
    return isinstance(row.answers.get(key), int)


def _verdict(verdict: Verdict) -> Body:
    return {"verdict": verdict.decision, "why": verdict.reason}


def _differ(row: Body, names: Iterable[str]) -> bool:
    return len({row[name]["verdict"] for name in names if row[name] is not None}) > 1
