"""What is computed when a round closes: statistics and verdicts of ratings, consensus rankings of orders.

Everything is stored once, as a frozen snapshot or an immutable run, with the digests of what went in and what came
out; services/recomputing.py computes the rankings again and compares.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

import aggregation
from aggregation import Profile, Ratings, StatisticError
from aggregation.delphi import ConsensusRule, appropriateness, kendall_w, summarise, verdicts
from priority import __version__
from priority.extensions import db
from priority.models import ConsensusRun, Round, RoundResult
from priority.queries.ballots import Row, asked_by_group, counted_rows
from priority.queries.readers import contributors_of_questions
from priority.queries.rounds import items_of
from priority.services import outcomes, protocols, suppression
from priority.services.answers import CANNOT_JUDGE, ranks
from priority.words import Moment, ResultKind, RoundKind, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation import Ranking
    from aggregation.delphi import RatingSummary, Verdict
    from priority.models import Exercise, RoundItem

Body = dict[str, Any]


def compute(round_: Round) -> None:
    """Stores everything that follows from a closed round's answers. Nothing is computed from a pilot."""
    rows = counted_rows(round_)
    _store(round_, ResultKind.TURNOUT, _turnout(round_, rows))
    if round_.kind is RoundKind.RATING:
        _compute_ratings(round_, rows)
    elif round_.kind is RoundKind.RANKING:
        _compute_rankings(round_, rows)


def rule_of(body: Body) -> ConsensusRule:
    """The consensus rule that a protocol declares."""
    declared = body["consensus"]
    common = {"scope": declared["scope"], "floor": body["valid_share"], "percentile": body["percentile_rule"]}
    if declared["rule"] == "rand_ucla":
        return ConsensusRule(by="median", **common)
    high, low = declared["high"], declared["low"]
    return ConsensusRule(in_high=high, in_low=low, out_low=high, out_high=low, **common)


def who_ordered(rows: Sequence[Row]) -> list[Row]:
    """The ballots of a ranking round that order anything: who can judge nothing takes nothing from the others."""
    return [row for row in rows if ranks(row.answers)]


def profile_of(exercise: Exercise, items: Sequence[RoundItem], rows: Sequence[Row], *, pooled: bool) -> Profile:
    """The orders of a ranking round, of everybody who put at least one question anywhere.

    "Can't judge" and unanswered questions are absent, never last.
    """
    rows = who_ordered(rows)
    keys = [item.key for item in items]
    orders = [ranks(row.answers) for row in rows]
    sides: dict[str, Any] = {}
    if not pooled:
        total = sum(side.share for side in exercise.sides)
        sides = {
            "sides": [row.side for row in rows],
            "shares": {side.key: Fraction(side.share, total) for side in exercise.sides},
        }
    return Profile.from_ranks(
        [[order.get(key, 0) for key in keys] for order in orders],
        keys,
        unranked="absent",
        names=[item.wording.text for item in items],
        groups=[row.group for row in rows],
        **sides,
    )


# -- ratings ---------------------------------------------------------------------------------------------------------
def _compute_ratings(round_: Round, rows: Sequence[Row]) -> None:
    items = items_of(round_)
    questions = [_unanswered(item) for item in items] if not rows else _rated(round_, items, rows)
    _store(round_, ResultKind.ITEMS, {"questions": questions})
    _store(round_, ResultKind.FEEDBACK, _feedback(round_.exercise, questions))
    _tell_contributors(round_, items, {row["key"]: row["whole"] for row in questions})


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
            "number": _number(item),
            "question": item.wording.question.public_id,
            "whole": _cell(whole, index),
            "sides": {name: _cell(summary, index) for name, summary in sides.items()},
            "groups": {name: _cell(summary, index) for name, summary in groups.items()},
            "mean_high": _mean_high([sides.get(key) for key in declared], index),
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
        "number": _number(item),
        "question": item.wording.question.public_id,
        "whole": empty | nothing,
        "sides": {},
        "groups": {},
        "mean_high": None,
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


def _mean_high(sides: Sequence[RatingSummary | None], index: int) -> str | None:
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


# -- rankings --------------------------------------------------------------------------------------------------------
def _compute_rankings(round_: Round, rows: Sequence[Row]) -> None:
    items = items_of(round_)
    rows = who_ordered(rows)
    _store(round_, ResultKind.AGREEMENT, {"kendall_w": _agreement(round_.exercise, items, rows)})
    body = protocols.current(round_.exercise).body
    everybody = all(any(row.side == side.key for row in rows) for side in round_.exercise.sides)
    specs = [body["primary"] | {"pooled": False, "is_primary": True}]
    specs += [spec | {"is_primary": False} for spec in body["beside"]]
    for spec in specs:
        if rows and (everybody or spec["pooled"]):  # a side that did not answer has no say to weigh
            _run(round_, items, rows, body["shortlist"], **spec)
    _tell_contributors(round_, items, {})


def _run(
    round_: Round,
    items: Sequence[RoundItem],
    rows: Sequence[Row],
    places: int,
    *,
    method: str,
    pooled: bool,
    is_primary: bool,
    parameters: Body | None = None,
) -> None:
    parameters = parameters or {}
    profile = profile_of(round_.exercise, items, rows, pooled=pooled)
    ranking = aggregation.rank(profile, method, **parameters)
    result = stored_form(ranking, places) | {
        "n": {side.key: sum(row.side == side.key for row in rows) for side in round_.exercise.sides},
    }
    db.session.add(
        ConsensusRun(
            exercise_id=round_.exercise_id,
            round_id=round_.id,
            is_primary=is_primary,
            pooled=pooled,
            method=method,
            parameters=parameters,
            seed=None,
            state=RunState.DONE if ranking.diagnostics.get("optimal", True) else RunState.HEURISTIC,
            input_digest=aggregation.input_digest(profile, method, parameters, None),
            digest=aggregation.ranking_digest(ranking),
            result=result,
            software=f"priority {__version__}, numpy {np.__version__}",
        )
    )
    db.session.flush()


def stored_form(ranking: Ranking, places: int) -> Body:
    """A ranking as a run holds it, with the list of so many places."""
    shortlist = ranking.shortlist(places)
    return ranking.as_dict() | {"shortlist": list(shortlist.items), "tied": list(shortlist.tied)}


def _agreement(exercise: Exercise, items: Sequence[RoundItem], rows: Sequence[Row]) -> Body:
    """Kendall's W of each side over the people who left no gap; only its size where there are fewer than five."""
    found: Body = {}
    for side in exercise.sides:
        mine = [ranks(row.answers) for row in rows if row.side == side.key]
        whole = [[order[item.key] for item in items] for order in mine if all(item.key in order for item in items)]
        try:
            concordance = kendall_w(np.array(whole, dtype=float).reshape(len(whole), len(items)))
            found[side.key] = {"w": concordance.w, "n": concordance.raters, "people": len(mine)}
        except StatisticError:
            found[side.key] = {"w": None, "n": len(whole), "people": len(mine)}
    return found


# -- both ------------------------------------------------------------------------------------------------------------
def _turnout(round_: Round, rows: Sequence[Row]) -> Body:
    """How many were asked and how many answered, by side and by group."""
    asked = asked_by_group(round_)
    sides = {side.key: [group.key for group in side.groups] for side in round_.exercise.sides}
    answered = {key: sum(row.group == key for row in rows) for key in asked}
    return {
        "asked": {side: sum(asked.get(key, 0) for key in groups) for side, groups in sides.items()},
        "answered": {side: sum(row.side == side for row in rows) for side in sides},
        "groups": {key: {"asked": asked[key], "answered": answered[key]} for key in sorted(asked)},
    }


def _store(round_: Round, kind: ResultKind, body: Body) -> None:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    db.session.add(RoundResult(round_id=round_.id, kind=kind, body=body, digest=digest))
    db.session.flush()


def _tell_contributors(round_: Round, items: Sequence[RoundItem], cells: dict[str, Body]) -> None:
    """Everybody whose words stand under a question of the round hears that it was answered, in people, not places."""
    exercise = round_.exercise
    readers = contributors_of_questions(exercise)
    least = protocols.current(exercise).body["minimum_cell"]
    for item in items:
        cell = cells.get(item.key)
        counts = {"high": cell["high"], "n": cell["n"]} if cell and cell["n"] >= least else {}
        event = outcomes.note(
            Moment.ROUND_RESULT,
            item.wording.question,
            exercise,
            source=f"round {round_.n}",
            round=round_.n,
            kind=str(round_.kind),
            **counts,
        )
        for contributor in readers.get(item.wording.question_id, ()):
            outcomes.tell(contributor, event, exercise)


def _number(item: RoundItem) -> int:
    """The question's number in its exercise, as its key says it (`Q12.2` is question 12)."""
    return int(item.key[1:].partition(".")[0])
