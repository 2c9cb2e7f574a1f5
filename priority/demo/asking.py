"""People send their words, and the team sorts them: every part of every text gets its road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority import clock
from priority.demo.calendar import passing
from priority.demo.texts import Reach
from priority.services import exercises, merging, proposing, triage
from priority.words import Destination

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from priority.demo.texts import Contributor as Writer
    from priority.demo.texts import DemoTexts, Part, Question
    from priority.demo.texts import Proposal as Text
    from priority.models import Contributor, Exercise, Person, Proposal, ProposalPart

    Piece = tuple[Part, ProposalPart]

# Texts come from finer groups than those whose answers are counted.
GROUPS = {"nurses": "clinicians", "doctors": "clinicians", "physiotherapists": "clinicians"}


def send(
    exercise: Exercise, words: DemoTexts, texts: Sequence[Text], dates: tuple[datetime, datetime]
) -> dict[str, Proposal]:
    """Everybody sends their words, spread over these dates; gives the proposals by the keys of their texts."""
    writers = {writer.number: writer for writer in words.contributors}
    known: dict[int, Contributor] = {}
    proposals = {}
    for step, text in enumerate(texts):
        with passing(*dates, step, len(texts)):
            sent = _send(exercise, text, writers[text.contributor], known.get(text.contributor))
        known[text.contributor] = sent.contributor
        proposals[text.key] = sent.proposals[0]
    return proposals


def sort(
    exercise: Exercise,
    words: DemoTexts,
    texts: Sequence[Text],
    proposals: Mapping[str, Proposal],
    *,
    questions: Sequence[Question],
    dates: tuple[datetime, datetime],
    team: Sequence[Person],
) -> None:
    """The team writes these questions, joins words to them and sends the other words down their roads."""
    with clock.at(dates[0]):
        exercises.close_asking(exercise, actor=team[0])
        pieces = [piece for text in texts for piece in _pieces(text, proposals[text.key], team[0])]
    for step, question in enumerate(questions):
        with passing(*dates, step, len(questions)):
            _write_question(exercise, question, pieces, team[step % len(team)])
    elsewhere = [piece for piece in pieces if piece[0].destination is not Destination.RESEARCH]
    for step, (text, part) in enumerate(elsewhere):
        with passing(*dates, step, len(elsewhere)):
            _send_elsewhere(words, text, part, team[step % len(team)])


def feeding(texts: Iterable[Text], questions: Collection[str], *, most: int) -> list[Text]:
    """Texts that belong wholly to these questions, at most so many for each."""
    left = dict.fromkeys(questions, most)
    chosen = []
    for text in texts:
        feeds = {key for part in text.parts for key in part.questions}
        whole = all(part.destination is Destination.RESEARCH for part in text.parts)
        if whole and feeds <= left.keys() and all(left[key] for key in feeds):
            chosen.append(text)
            left.update({key: left[key] - 1 for key in feeds})
    return chosen


def _send(exercise: Exercise, text: Text, writer: Writer, known: Contributor | None) -> proposing.Sent:
    key = GROUPS.get(text.group, text.group)
    return proposing.submit(
        exercise,
        texts=[text.text],
        locale=text.locale,
        group=next(group for group in exercise.groups if group.key == key),
        on_behalf=text.on_behalf,
        stage=text.stage,
        theme=text.theme,
        kind=text.kind,
        channel=text.channel,
        address=f"person{writer.number}@post.example" if writer.reach is Reach.EMAIL else None,
        letters=writer.letters,
        contributor=known,
    )


def _pieces(text: Text, proposal: Proposal, actor: Person) -> list[Piece]:
    """Each part of a text beside the part of the proposal that it became."""
    parts = [part for part in proposal.parts if part.retired_at is None]
    if len(text.parts) > 1:
        parts = triage.split(parts[0], [(part.start, part.end) for part in text.parts], actor)
    return list(zip(text.parts, parts, strict=True))


def _write_question(exercise: Exercise, question: Question, pieces: Sequence[Piece], actor: Person) -> None:
    written = merging.new_question(
        exercise,
        text=question.text.en,
        short=question.short.en,
        background=question.background.en,
        theme=question.theme,
        stage=question.stage,
        actor=actor,
    )
    merging.merge(
        [part for text, part in pieces if question.key in text.questions], written, exercise=exercise, actor=actor
    )


def _send_elsewhere(words: DemoTexts, text: Part, part: ProposalPart, actor: Person) -> None:
    """Down another road, with its owner; an answer that is known comes with its lines and its source."""
    if text.owner is None or text.sentence is None:
        raise LookupError(f"Nobody owns “{text.text}”.")
    said = "\n".join(line for line in (text.sentence, *text.answer, text.source) if line)
    owner = words.exercise.person(text.owner).name
    triage.route(part, text.destination, owner=owner, sentence=said, actor=actor)
