"""Ratings: what was answered to each question, the verdict of the declared rule, and what may be shown."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import Ratings, StatisticError
from aggregation.delphi import FIVE, NINE, ConsensusRule, RulesByRound, appropriateness, summarise, verdicts, wilson
from priority.queries.rounds import items_of
from priority.services import suppression
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types import scales
from priority.services.closing import criteria, parts
from priority.services.closing.stored import least_of, named, rules_of
from priority.words import ResultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi import RatingSummary, Scale, Verdict
    from priority.models import Round, RoundItem
    from priority.queries.ballots import Row

Body = dict[str, Any]

# The scales with bands, as statistics know them.
BANDED = {scales.NINE.key: NINE, scales.FIVE.key: FIVE}
NO_RULE: Body = {"verdict": "none", "why": "no_rule", "where": ""}


def snapshots(round_: Round, rows: Sequence[Row]) -> dict[ResultKind, Body]:
    """What was answered to each question with the verdicts, and what may be shown of it."""
    items, scale = items_of(round_), scales.scale_of(round_.design)
    if scale.key not in BANDED:
        return criteria.snapshots(round_, items, rows, scale)
    questions = rated(round_, items, rows) if rows else [_unanswered(item, scale) for item in items]
    feedback = {row["key"]: _shown(round_, row, scale) for row in questions}
    return {
        ResultKind.ITEMS: {"scale": scale.key, "questions": questions},
        ResultKind.FEEDBACK: {"scale": scale.key, "questions": feedback},
    }


def rated(round_: Round, items: Sequence[RoundItem], rows: Sequence[Row]) -> list[Body]:
    """What these ballots, at least one, say of each question of a round on a scale with bands, and the verdict."""
    body, scale = rules_of(round_), banded(round_)
    declared = [side.key for side in round_.exercise.sides]
    ratings = ratings_of(items, rows)
    whole = summarise(ratings, scale)
    sides = {name: summarise(part, scale) for name, part in ratings.by_side().items()}
    groups = {name: summarise(part, scale) for name, part in ratings.by_group().items()}
    found = _verdicts(ratings, rule_of(body, round_.n), scale)
    return [
        named(item)
        | {
            "whole": _cell(whole, index),
            "sides": {name: _cell(summary, index) for name, summary in sides.items()},
            "groups": {name: _cell(summary, index) for name, summary in groups.items()},
            "support": _support([sides.get(key) for key in declared], index),
            **_verdict(found[index] if found else None, [key for key in declared if key not in sides]),
            **_disagreement(whole, index, body),
        }
        for index, item in enumerate(items)
    ]


def _unanswered(item: RoundItem, scale: scales.Scale) -> Body:
    """A question of a round in which nobody answered."""
    empty = {"n": 0, "people": 0, "cannot_judge": 0, "histogram": [0] * len(scale.values), "high": 0, "low": 0}
    nothing = dict.fromkeys(("median", "q1", "q3", "mad", "interval"))
    verdict = {"support": None, "verdict": "none", "why": "too_small", "di": None, "disagreement": None}
    return named(item) | {"whole": empty | nothing, "sides": {}, "groups": {}} | verdict


def banded(round_: Round) -> Scale:
    """The scale of a round of ratings with bands, as statistics take it; refuses (KeyError) one by criteria."""
    return BANDED[scales.scale_of(round_.design).key]


def _verdicts(ratings: Ratings, rule: ConsensusRule, scale: Scale) -> tuple[Verdict, ...]:
    """The verdicts of the rule; none where it is not for this scale."""
    try:
        return verdicts(ratings, rule, scale)
    except StatisticError:
        return ()


def ratings_of(items: Sequence[RoundItem], rows: Sequence[Row]) -> Ratings:
    """The answers of a round with bands, a row a person; refuses (RatingsError) where nobody answered."""
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
    middle = {name: float(getattr(summary, name)[index]) if n else None for name in ("median", "q1", "q3", "mad")}
    interval = wilson(int(summary.high[index]), n) if n else None
    return {
        "n": n,
        "people": summary.people,
        "cannot_judge": int(summary.cannot_judge[index]),
        "histogram": summary.histogram[index].tolist(),
        "high": int(summary.high[index]),
        "low": int(summary.low[index]),
        **middle,
        "interval": None if interval is None else [interval.low, interval.high],
    }


def _support(sides: Sequence[RatingSummary | None], index: int) -> str | None:
    """The mean over the sides of the share in the high band, as a fraction; None where a side has no valid answer."""
    tallies = [None if summary is None else summary.high_of(index) for summary in sides]
    shares = [Fraction(tally.hits, tally.n) for tally in tallies if tally is not None and tally.n]
    return str(sum(shares, Fraction(0)) / len(shares)) if len(shares) == len(sides) else None


def _verdict(verdict: Verdict | None, silent: Sequence[str]) -> Body:
    """What the rule says; nothing where a whole side did not answer, for the rest cannot speak for it."""
    if verdict is None:
        return NO_RULE
    if silent:
        return {"verdict": "none", "why": "too_few_valid", "where": silent[0]}
    return {"verdict": verdict.decision, "why": verdict.reason, "where": verdict.part}


def _disagreement(whole: RatingSummary, index: int, body: Body) -> Body:
    if not whole.n[index] or whole.scale != NINE:
        return {"di": None, "disagreement": None}
    found = appropriateness(whole.histogram[index].tolist(), percentile=body["percentile_rule"])
    return {"di": str(found.di), "disagreement": found.disagreement}


def _shown(round_: Round, row: Body, scale: scales.Scale) -> Body:
    return suppression.shown(row, parts.names_of(round_.exercise), k=least_of(round_), scale=scale)


def rule_of(body: Body, n: int = 1) -> ConsensusRule:
    """The consensus rule that a protocol declares for round `n`.

    `consensus_by_round` has a rule for each round, the last for all later ones; without it `consensus` holds always.
    """
    by_round = body.get("consensus_by_round") or [body["consensus"]]
    return RulesByRound(tuple(_rule(body, declared) for declared in by_round)).rule_for_round(n)


def _rule(body: Body, declared: Body) -> ConsensusRule:
    common: Body = {"scope": declared["scope"], "floor": body["valid_share"], "percentile": body["percentile_rule"]}
    common |= {name: declared[name] for name in ("needed", "minimum") if name in declared}
    if declared["rule"] == "rand_ucla":
        return ConsensusRule(by="median", **common)
    if declared["rule"] == "iqr":
        return ConsensusRule(by="iqr", **common | {"percentile": "linear"})
    high, low = declared["high"], declared["low"]
    return ConsensusRule(in_high=high, in_low=low, out_low=high, out_high=low, **common)
