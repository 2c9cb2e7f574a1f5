"""Ratings: what was answered to each question, the verdict of the declared rule, and what may be shown."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import Ratings
from aggregation.delphi import ConsensusRule, appropriateness, summarise, verdicts
from priority.queries.rounds import items_of
from priority.services import protocols, suppression
from priority.services.answers import CANNOT_JUDGE
from priority.services.closing.stored import number_of, store, tell_contributors
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi import RatingSummary, Verdict
    from priority.models import Exercise, Round, RoundItem
    from priority.queries.ballots import Row

Body = dict[str, Any]


def compute(round_: Round, rows: Sequence[Row]) -> None:
    """Stores what was answered to each question, what may be shown of it, and the verdicts."""
    items = items_of(round_)
    questions = [_unanswered(item) for item in items] if not rows else _rated(round_, items, rows)
    store(round_, ResultKind.ITEMS, {"questions": questions})
    store(round_, ResultKind.FEEDBACK, _feedback(round_.exercise, questions))
    tell_contributors(round_, items, {row["key"]: row["whole"] for row in questions})


def _rated(round_: Round, items: Sequence[RoundItem], rows: Sequence[Row]) -> list[Body]:
    body = protocols.current(round_.exercise).body
    declared = [side.key for side in round_.exercise.sides]
    ratings = _ratings_of(items, rows)
    whole = summarise(ratings)
    sides = {name: summarise(part) for name, part in ratings.by_side().items()}
    groups = {name: summarise(part) for name, part in ratings.by_group().items()}
    found = verdicts(ratings, rule_of(body))
    return [
        {
            "key": item.key,
            "number": number_of(item),
            "question": item.wording.question.public_id,
            "whole": _cell(whole, index),
            "sides": {name: _cell(summary, index) for name, summary in sides.items()},
            "groups": {name: _cell(summary, index) for name, summary in groups.items()},
            "support": _support([sides.get(key) for key in declared], index),
            **_verdict(found[index], [key for key in declared if key not in sides]),
            **_disagreement(whole, index, body),
        }
        for index, item in enumerate(items)
    ]


def _unanswered(item: RoundItem) -> Body:
    """A question of a round in which nobody answered."""
    empty = {"n": 0, "people": 0, "cannot_judge": 0, "histogram": [0] * 9, "high": 0, "low": 0}
    nothing = dict.fromkeys(("median", "q1", "q3"))
    return {
        "key": item.key,
        "number": number_of(item),
        "question": item.wording.question.public_id,
        "whole": empty | nothing,
        "sides": {},
        "groups": {},
        "support": None,
        "verdict": "none",
        "why": "too_small",
        "di": None,
        "disagreement": None,
    }


def _ratings_of(items: Sequence[RoundItem], rows: Sequence[Row]) -> Ratings:
    keys = [item.key for item in items]
    values = [[_number_or_nan(row.answers.get(key)) for key in keys] for row in rows]
    cannot = np.array([[row.answers.get(key) == CANNOT_JUDGE for key in keys] for row in rows])
    return Ratings.from_values(
        values,
        keys,
        cannot_judge=cannot,
        sides=[row.side for row in rows],
        groups=[row.group for row in rows],
    )


def _number_or_nan(answer: Any) -> float:
    return float(answer) if isinstance(answer, int) else float("nan")


def _cell(summary: RatingSummary, index: int) -> Body:
    """What one part of the panel answered to one question; `people` is the N of "n of N"."""
    n = int(summary.n[index])
    middle = {name: float(getattr(summary, name)[index]) if n else None for name in ("median", "q1", "q3")}
    return {
        "n": n,
        "people": summary.people,
        "cannot_judge": int(summary.cannot_judge[index]),
        "histogram": summary.histogram[index].tolist(),
        "high": int(summary.high[index]),
        "low": int(summary.low[index]),
        **middle,
    }


def _support(sides: Sequence[RatingSummary | None], index: int) -> str | None:
    """The mean over the sides of the share in 7-9, as a fraction; None where a side has no valid answer."""
    tallies = [None if summary is None else summary.high_of(index) for summary in sides]
    shares = [Fraction(tally.hits, tally.n) for tally in tallies if tally is not None and tally.n]
    return str(sum(shares, Fraction(0)) / len(shares)) if len(shares) == len(sides) else None


def _verdict(verdict: Verdict, silent: Sequence[str]) -> Body:
    """What the rule says; nothing where a whole side did not answer, for the rest cannot speak for it."""
    if silent:
        return {"verdict": "none", "why": "too_few_valid", "where": silent[0]}
    return {"verdict": verdict.decision, "why": verdict.reason, "where": verdict.part}


def _disagreement(whole: RatingSummary, index: int, body: Body) -> Body:
    if not whole.n[index]:
        return {"di": None, "disagreement": None}
    found = appropriateness(whole.histogram[index].tolist(), percentile=body["percentile_rule"])
    return {"di": str(found.di), "disagreement": found.disagreement}


def _feedback(exercise: Exercise, questions: Sequence[Body]) -> Body:
    sides = {side.key: (side.name, {group.key: group.name for group in side.groups}) for side in exercise.sides}
    k = protocols.current(exercise).body["minimum_cell"]
    return {"questions": {row["key"]: suppression.shown(row, sides, k=k) for row in questions}}


def rule_of(body: Body) -> ConsensusRule:
    """The consensus rule that a protocol declares."""
    declared = body["consensus"]
    common = {"scope": declared["scope"], "floor": body["valid_share"], "percentile": body["percentile_rule"]}
    if declared["rule"] == "rand_ucla":
        return ConsensusRule(by="median", **common)
    high, low = declared["high"], declared["low"]
    return ConsensusRule(in_high=high, in_low=low, out_low=high, out_high=low, **common)
