"""Everything that may be told of an exercise's closed rounds, as one value; pages and files all render this.

What few people answered never gets in here: a side or group has a cell only where the snapshot that the people who
answered were shown has a row for it. Rounds that are open or only planned are as if they were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from priority.policy import can_export_ballots
from priority.queries import report_parts as parts
from priority.queries.decision import runs_told
from priority.queries.originals import NOBODY, behind_questions
from priority.queries.report_kinds import found_in
from priority.queries.report_values import CRITERIA
from priority.queries.report_voices import findings_of
from priority.queries.rounds import items_of, list_round, list_run, live_questions, number_in, rounds_of, runs_of
from priority.words import RoundKind, RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from priority.models import ConsensusRun, Exercise, Round, RoundItem
    from priority.queries.originals import Behind
    from priority.queries.report_kinds import Found
    from priority.queries.report_values import Agreement, ProtocolLine, Rating, RoundLine, RunLine, SideLine, Voice
    from priority.queries.report_voices import Findings
    from priority.words import ExerciseState, PublicationLevel


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """A question with all that is known of it; `place` is None where it was not put in order."""

    number: int
    public_id: str
    key: str
    text: str
    short: str
    locale: str
    background: str | None
    wordings: tuple[tuple[int, str, str], ...]
    ratings: tuple[Rating, ...]
    found: tuple[Found, ...]
    behind: Behind
    place: int | None
    shared: bool
    score: float | None
    listed: bool
    tied_at_end: bool
    places: Mapping[str, int]

    def rating_of(self, n: int) -> Rating | None:
        """What a round of ratings with bands found; None where the question was not in it."""
        return next((rating for rating in self.ratings if rating.n == n), None)

    def found_in(self, n: int) -> Found | None:
        """What a round of choices, of best and worst or of criteria found; None where the question was not in it."""
        return next((found for found in self.found if found.n == n), None)

    @property
    def last_rating(self) -> Rating | None:
        """What the latest rating round found."""
        return self.ratings[-1] if self.ratings else None


@dataclass(frozen=True, slots=True)
class Report:
    """The results of an exercise, as far as they may be told.

    `runs` has rankings by other methods only once the decision is signed and the list is out. `silent_sides` are those
    of which nobody put anything in order, so that there is no list by sides; none where there is one.
    """

    public_id: str
    title: str
    state: ExerciseState
    locale: str
    simulated: bool
    imported: bool
    published_at: datetime | None
    sides: tuple[SideLine, ...]
    voices: tuple[Voice, ...]
    protocol: ProtocolLine
    deviations: tuple[ProtocolLine, ...]
    level: PublicationLevel
    rounds: tuple[RoundLine, ...]
    questions: tuple[ReportQuestion, ...]
    runs: tuple[RunLine, ...]
    agreement: tuple[Agreement, ...]
    silent_sides: tuple[SideLine, ...]
    list_round: int | None
    findings: tuple[Findings, ...]

    @property
    def listed(self) -> tuple[ReportQuestion, ...]:
        """The shortlist, best first; longer than the protocol says where places are shared at its end."""
        return tuple(question for question in self.questions if question.listed)

    @property
    def ranked(self) -> tuple[ReportQuestion, ...]:
        """Every question that was put in order, best first."""
        return tuple(question for question in self.questions if question.place is not None)

    @property
    def primary(self) -> RunLine | None:
        """The ranking that makes the list; None where nothing was put in order."""
        return next((run for run in self.runs if run.makes_the_list), None)

    @property
    def ratings(self) -> tuple[RoundLine, ...]:
        """The rounds of ratings on a scale with bands that have closed."""
        return tuple(line for line in self.rounds if line.kind is RoundKind.RATING and line.scale != CRITERIA)

    @property
    def others(self) -> tuple[RoundLine, ...]:
        """The rounds of choices, of best and worst and of ratings by criteria that have closed."""
        others = {RoundKind.CHOOSE, RoundKind.BEST_WORST}
        return tuple(line for line in self.rounds if line.kind in others or line.scale == CRITERIA)

    @property
    def ranking(self) -> RoundLine | None:
        """The round that makes the list; None where none has closed."""
        return next((line for line in self.rounds if line.n == self.list_round), None)

    @property
    def list_runs(self) -> tuple[RunLine, ...]:
        """The rankings of the round that makes the list."""
        return tuple(run for run in self.runs if run.round == self.list_round)


def report(exercise: Exercise, *, findings: bool = True) -> Report:
    """The report of an exercise as it stands: its closed rounds, and nothing of any other.

    Pages that show the list alone ask for no `findings`, which take as long to read as half of the rest.
    """
    closed = [round_ for round_ in rounds_of(exercise) if round_.state is RoundState.CLOSED]
    protocol, deviations = parts.protocol_lines(exercise)
    runs = runs_told(exercise)
    voices = parts.voices(exercise)
    listing, listing_round = list_run(exercise), list_round(exercise)
    level = parts.publication_level(exercise)
    return Report(
        public_id=exercise.public_id,
        title=exercise.title,
        state=exercise.state,
        locale=exercise.locale,
        simulated=exercise.simulated,
        imported=exercise.imported,
        published_at=exercise.published_at,
        sides=parts.side_lines(exercise),
        voices=voices,
        protocol=protocol,
        deviations=deviations,
        level=level,
        rounds=tuple(parts.round_line(round_, exercise, protocol.minimum_cell) for round_ in closed),
        questions=tuple(_questions(exercise, closed, runs, listing, voices, protocol)),
        runs=tuple(
            parts.run_line(run, closed, makes_the_list=run is listing, with_input=can_export_ballots(level))
            for run in runs
        ),
        agreement=parts.agreement(exercise, closed, protocol.minimum_cell),
        silent_sides=_silent_sides(exercise),
        list_round=None if listing_round is None else listing_round.n,
        findings=findings_of(closed) if findings else (),
    )


def _silent_sides(exercise: Exercise) -> tuple[SideLine, ...]:
    round_ = list_round(exercise)
    if round_ is None or list_run(exercise) is not None:
        return ()
    runs = [run for run in runs_of(exercise) if run.round_id == round_.id]
    people = runs[0].result["n"] if runs else {}
    return tuple(side for side in parts.side_lines(exercise) if not people.get(side.key))


def _questions(
    exercise: Exercise,
    closed: Sequence[Round],
    runs: Sequence[ConsensusRun],
    listing: ConsensusRun | None,
    voices: Sequence[Voice],
    protocol: ProtocolLine,
) -> Iterable[ReportQuestion]:
    """By place; those without a place after them, by number. Before anything closed there is nothing to tell."""
    items = {round_.n: items_of(round_) for round_ in closed}
    numbers = {link.question_id: link.number for link, _wording in live_questions(exercise)}
    ratings = {round_.n: parts.ratings_of(round_, voices, protocol.minimum_cell) for round_ in closed}
    kinds = {round_.n: found_in(round_, voices) for round_ in closed}
    stands = parts.Standings(None if listing is None else listing.result, protocol.minimum_cell)
    behind = behind_questions(exercise, least=protocol.minimum_cell)
    seen: dict[int, list[tuple[int, RoundItem]]] = {}
    for n, mine in items.items():
        for item in mine:
            seen.setdefault(item.wording.question_id, []).append((n, item))
    found = [
        _question(
            mine,
            number=numbers.get(question_id),
            ratings=tuple(ratings[n][one.key] for n, one in mine if one.key in ratings[n]),
            found=tuple(kinds[n][one.key] for n, one in mine if one.key in kinds[n]),
            behind=behind.get(question_id, NOBODY),
            places=_places(mine[-1][1].key, runs),
            stand=stands.of(mine[-1][1].key),
        )
        for question_id, mine in seen.items()
    ]
    return sorted(found, key=lambda one: (one.place is None, one.place or 0, one.number))


def _question(
    seen: list[tuple[int, RoundItem]], *, number: int | None, stand: dict[str, Any], **found: Any
) -> ReportQuestion:
    """One question in the wording that was seen last."""
    item = seen[-1][1]
    return ReportQuestion(
        number=number_in(item.key) if number is None else number,
        public_id=item.wording.question.public_id,
        key=item.key,
        text=item.wording.text,
        short=item.wording.short,
        locale=item.wording.locale,
        background=item.wording.background,
        wordings=tuple((n, one.key, one.wording.text) for n, one in seen),
        **found,
        **stand,
    )


def _places(key: str, runs: Sequence[ConsensusRun]) -> dict[str, int]:
    """The question's place in each ranking, by the public id of the run."""
    found: dict[str, Any] = {run.public_id: parts.standing(key, run.result)["place"] for run in runs}
    return {run: place for run, place in found.items() if place is not None}
