"""Reads the parts of a report from what was stored at closing, and leaves out what few people answered."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority.extensions import db
from priority.models import Protocol, RoundExtension
from priority.queries.report_values import (
    BANDS,
    CRITERIA,
    NINE,
    WHOLE,
    Agreement,
    Cell,
    ProtocolLine,
    Rating,
    RoundLine,
    RunLine,
    SideLine,
    Turnout,
    Voice,
)
from priority.queries.rounds import result_of
from priority.words import PublicationLevel, ResultKind, RoundKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from priority.models import ConsensusRun, Exercise, Round
    from priority.queries.report_values import Body


MIDDLE = ("median", "q1", "q3", "mad")
# What a file says of how a round was asked; the rest is how it is run.
DESIGN = (
    "scale",
    "weights",
    "choose",
    "ranked",
    "size",
    "at_least",
    "sets",
    "shown",
    "together",
    "balanced",
    "access",
    "count",
    "arm",
    "order",
)


def side_lines(exercise: Exercise) -> tuple[SideLine, ...]:
    """The sides in their order."""
    of = sum(side.share for side in exercise.sides)
    return tuple(
        SideLine(side.key, side.name, side.share, of, tuple((group.key, group.name) for group in side.groups))
        for side in exercise.sides
    )


def voices(exercise: Exercise) -> tuple[Voice, ...]:
    """The whole panel, the sides, then the groups of sides that have more than one, in the exercise's order."""
    sides = [Voice("side", side.key, side.name) for side in exercise.sides]
    groups = [
        Voice("group", group.key, group.name)
        for side in exercise.sides
        for group in side.groups
        if len(side.groups) > 1
    ]
    return (Voice(WHOLE, WHOLE, ""), *(sides if len(sides) > 1 else []), *groups)


def protocol_lines(exercise: Exercise) -> tuple[ProtocolLine, tuple[ProtocolLine, ...]]:
    """The rules in force, and every deviation from those that were frozen first."""
    rows = db.session.scalars(select(Protocol).where(Protocol.exercise_id == exercise.id).order_by(Protocol.n)).all()
    lines = [ProtocolLine(row.n, row.digest, row.frozen_at, row.reason, row.body) for row in rows]
    return lines[-1], tuple(line for line in lines if line.n > 1)


def publication_level(exercise: Exercise) -> PublicationLevel:
    """How much of the answers is published: what was frozen when people agreed, or less, never more."""
    bodies = db.session.scalars(select(Protocol.body).where(Protocol.exercise_id == exercise.id)).all()
    return PublicationLevel(min(str(body.get("publication_level", PublicationLevel.L1)) for body in bodies))


def round_line(round_: Round, exercise: Exercise, least: int) -> RoundLine:
    """A closed round, with its turnout where enough people answered to say it."""
    body = result_of(round_, ResultKind.TURNOUT) or {"asked": {}, "answered": {}}
    asked, answered = body["asked"], body["answered"]
    small = any(0 < answered.get(side.key, 0) < least for side in exercise.sides)
    moved = db.session.execute(
        select(RoundExtension.kind, RoundExtension.reason)
        .where(RoundExtension.round_id == round_.id)
        .order_by(RoundExtension.id)
    )
    return RoundLine(
        n=round_.n,
        kind=round_.kind,
        opened_at=round_.opened_at,
        closed_at=round_.closed_at,
        whole=_turnout(WHOLE, "", sum(asked.values()), sum(answered.values()), hidden=False, least=least),
        sides=tuple(
            _turnout(side.key, side.name, asked.get(side.key, 0), answered.get(side.key, 0), hidden=small, least=least)
            for side in exercise.sides
        ),
        moved=tuple((kind, reason) for kind, reason in moved),
        scale=str(round_.design.get("scale", NINE)) if round_.kind is RoundKind.RATING else None,
        design={name: round_.design[name] for name in DESIGN if name in round_.design},
    )


def _turnout(key: str, name: str, asked: int, answered: int, *, hidden: bool, least: int) -> Turnout:
    """Imported rounds asked nobody through us, so they only know who answered."""
    if hidden or answered < least:
        return Turnout(key, name, None, None)
    return Turnout(key, name, asked or None, answered)


def ratings_of(round_: Round, heard: Sequence[Voice], least: int) -> dict[str, Rating]:
    """What a round of ratings with bands found, by question key, with cells only for those that may be shown."""
    items = result_of(round_, ResultKind.ITEMS) or {"questions": []}
    scale = items.get("scale", NINE)
    if scale == CRITERIA:
        return {}
    feedback = result_of(round_, ResultKind.FEEDBACK) or {"questions": {}}
    found = {}
    for row in items["questions"]:
        shown = {(one["kind"], one["key"]) for one in feedback["questions"].get(row["key"], {}).get("rows", ())}
        sides = {key for kind, key in shown if kind == "side"}
        if sides and sides >= set(row["sides"]):
            shown.add((WHOLE, WHOLE))
        cells = {voice.column: cell for voice in heard if (cell := _cell(row, voice, shown, least, scale))}
        found[row["key"]] = _rating(round_, row, cells, scale)
    return found


def _rating(round_: Round, row: Body, cells: Mapping[str, Cell], scale: str) -> Rating:
    told = WHOLE in cells
    return Rating(
        n=round_.n,
        key=row["key"],
        verdict=Verdict(row["verdict"]),
        why=row["why"],
        di=Fraction(row["di"]) if told and row["di"] is not None else None,
        disagreement=row["disagreement"] if told else None,
        cells=cells,
        scale=scale,
    )


def _cell(row: Body, voice: Voice, shown: set[tuple[str, str]], least: int, scale: str) -> Cell | None:
    """A voice's numbers where its row was shown to those who answered."""
    if (voice.kind, voice.key) not in shown:
        return None
    stored = row[WHOLE] if voice.kind == WHOLE else row[f"{voice.kind}s"].get(voice.key)
    if stored is None or stored["n"] < least:
        return None
    histogram = stored["histogram"]
    alike = stored["n"] < 2 * least and stored["n"] in histogram
    told = {name: stored[name] for name in ("n", "people", "cannot_judge", "high", "low", *MIDDLE)}
    band = _band(stored, scale) if alike else None
    return Cell(
        **told | (dict.fromkeys(MIDDLE) if alike else {}),
        interval=(stored["interval"][0], stored["interval"][1]),
        band=band,
    )


def _band(stored: Body, scale: str) -> str:
    """The band in which all answers lie."""
    low, middle, high = BANDS[scale]
    return high if stored["high"] else low if stored["low"] else middle


def run_line(run: ConsensusRun, rounds: Sequence[Round], *, makes_the_list: bool, with_input: bool) -> RunLine:
    """A stored ranking; `with_input` the digest of the answers it was made from, by which they could be guessed."""
    return RunLine(
        public_id=run.public_id,
        round=next(round_.n for round_ in rounds if round_.id == run.round_id),
        is_primary=run.is_primary,
        makes_the_list=makes_the_list,
        pooled=run.pooled,
        method=run.method,
        parameters=run.parameters,
        state=run.state,
        input_digest=run.input_digest if with_input else None,
        digest=run.digest,
        software=run.software,
        tiers=tuple(tuple(tier) for tier in run.result["tiers"]),
        shortlist=tuple(run.result["shortlist"]),
        n=run.result["n"],
    )


def agreement(exercise: Exercise, rounds: Sequence[Round], least: int) -> tuple[Agreement, ...]:
    """Kendall's W of each side in the last ranking round; nothing where there was none."""
    last = next((round_ for round_ in reversed(rounds) if round_.kind is RoundKind.RANKING), None)
    body = None if last is None else result_of(last, ResultKind.AGREEMENT)
    if body is None:
        return ()
    found = []
    for side in exercise.sides:
        one = body["kendall_w"].get(side.key, {"w": None, "n": 0, "people": 0})
        told = one["n"] >= least
        w, n, people = (one[part] if told else None for part in ("w", "n", "people"))
        found.append(Agreement(side.key, side.name, w, n, people))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Standings:
    """Where the ranking that makes the list puts questions; `result` is None where there is none.

    Scores are told where every side has enough people: beside the numbers of everybody, those of a small one follow.
    """

    result: Body | None
    least: int

    def of(self, key: str) -> Body:
        """Where it puts a question: place, whether it shares it, score, on the list, tied at its end."""
        stand = standing(key, self.result)
        few = self.result is not None and any(0 < n < self.least for n in self.result["n"].values())
        return stand | ({"score": None} if few else {})


def standing(key: str, result: Body | None) -> Body:
    """Where a ranking puts a question: place, whether it shares it, score, on the list, tied at its end."""
    nowhere = {"place": None, "shared": False, "score": None, "listed": False, "tied_at_end": False}
    if result is None or key not in result["items"]:
        return nowhere
    index = result["items"].index(key)
    tier = next(tier for tier in result["tiers"] if key in tier)
    return {
        "place": result["ranks"][index],
        "shared": len(tier) > 1,
        "score": None if result["scores"] is None else result["scores"][index],
        "listed": key in result["shortlist"],
        "tied_at_end": key in result["tied"],
    }
