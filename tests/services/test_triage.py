"""Splitting, sending down a road, and taking names out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import MergeRecord, Outbox, OutcomeEvent, ProposalWords, Translation, WordsErasure
from priority.queries.links import links, originals_of
from priority.services import merging, stretches, triage
from priority.services.stretches import REMOVED
from priority.texts import clean_words
from priority.words import (
    Destination,
    ErasureReason,
    ExerciseState,
    Letters,
    Moment,
    RoleName,
    TranslationKind,
    WordsKind,
)
from tests.factories import a_contributor, a_person, a_proposal, add, an_exercise

TWO = "Why am I so tired?\n\nAnd who listens to my daughter?"
SENTENCE = "It is now on the association's list of things to change. Karin takes it to the region in March."
needs_app = pytest.mark.usefixtures("app")


@pytest.fixture
def exercise(app):
    return an_exercise(state=ExerciseState.SORTING)


@pytest.fixture
def moderator(exercise):
    return a_person(exercise.organisation, RoleName.MODERATOR)


def texts_of(parts):
    return [part.proposal.words[0].text[part.start : part.end] for part in parts]


def last_line():
    return db.session.scalars(select(MergeRecord).order_by(MergeRecord.seq.desc()).limit(1)).one()


def test_each_piece_of_a_split_wants_an_answer_of_its_own(exercise, moderator):
    proposal = a_proposal(exercise, TWO)
    made = triage.split(proposal.parts[0], [(20, len(TWO)), (0, 18)], moderator)
    assert texts_of(made) == ["Why am I so tired?", "And who listens to my daughter?"]
    assert proposal.parts[0].retired_at is not None
    assert triage.waiting(exercise) == 2
    assert proposal.words[0].text == TWO


def test_undoing_a_split_brings_the_part_back_with_its_answer_and_its_questions(exercise, moderator):
    part = a_proposal(exercise, TWO).parts[0]
    question = merging.new_question(exercise, text="What helps?", short="Help", actor=moderator)
    merging.merge([part], question, exercise=exercise, actor=moderator)
    made = triage.split(part, stretches.pieces(TWO, TWO.replace("\n\n", "\n---\n")), moderator)
    assert links(exercise) == frozenset()
    merging.undo(last_line(), moderator)
    assert links(exercise) == {(part.id, question.id)}
    assert (part.retired_at, part.destination) == (None, Destination.RESEARCH)
    assert all(piece.retired_at is not None for piece in made)
    assert triage.waiting(exercise) == 0


def test_a_split_whose_pieces_were_sorted_is_not_undone_over_them(exercise, moderator):
    made = triage.split(a_proposal(exercise, TWO).parts[0], [(0, 18), (20, len(TWO))], moderator)
    line = last_line()
    triage.route(made[0], Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    with pytest.raises(Stale, match="Something newer"):
        merging.undo(line, moderator)


def test_a_piece_can_be_split_again_by_lines_between_its_words(exercise, moderator):
    text = "One. Two. Three."
    made = triage.split(a_proposal(exercise, text).parts[0], [(0, 4), (5, 16)], moderator)
    again = triage.split_by_lines(made[1], "Two.\r\n---\r\nThree.", moderator)
    assert texts_of([made[0], *again]) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize(
    "cuts",
    [
        [],
        [(0, len(TWO))],
        [(0, 18), (17, len(TWO))],
        [(0, 18), (20, len(TWO) + 1)],
        [(-1, 18), (20, len(TWO))],
        [(0, 18), (18, 20), (20, len(TWO))],
        [(0, 10), (20, len(TWO))],
        [(0, 18), (20, 40)],
        [(4, 18), (20, len(TWO))],
    ],
    ids=["none", "one", "overlap", "beyond", "before", "white", "hole", "end", "start"],
)
def test_a_split_that_loses_or_invents_words_is_refused(exercise, moderator, cuts):
    part = a_proposal(exercise, TWO).parts[0]
    with pytest.raises(Invalid):
        triage.split(part, cuts, moderator)
    assert triage.waiting(exercise) == 1


def test_a_part_that_was_split_is_not_split_or_sent_again(exercise, moderator):
    part = a_proposal(exercise, TWO).parts[0]
    triage.split(part, [(0, 18), (20, len(TWO))], moderator)
    with pytest.raises(Stale, match="have been split"):
        triage.split(part, [(0, 18), (20, len(TWO))], moderator)
    with pytest.raises(Stale, match="have been split"):
        triage.route(part, Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)


@pytest.mark.parametrize(
    ("destination", "moment"),
    [
        (Destination.TO_CHANGE, Moment.ROUTED),
        (Destination.ANOTHER_PARTNER, Moment.ROUTED),
        (Destination.ALREADY_KNOWN, Moment.KNOWN),
    ],
)
def test_each_road_has_an_owner_and_a_sentence_and_is_told(exercise, moderator, destination, moment):
    part = a_proposal(exercise).parts[0]
    triage.route(part, destination, owner=" Karin  Ek ", sentence=SENTENCE, actor=moderator)
    assert (part.destination, part.owner, part.sentence) == (destination, "Karin Ek", SENTENCE)
    assert triage.waiting(exercise) == 0
    event = db.session.scalars(select(OutcomeEvent)).one()
    assert (event.moment, event.detail["destination"]) == (moment, destination)
    assert db.session.query(Outbox).filter_by(template=f"news_{moment}").count() == 1


@pytest.mark.parametrize(
    ("destination", "owner", "sentence", "field"),
    [
        (Destination.TO_CHANGE, " ", SENTENCE, "owner"),
        (Destination.TO_CHANGE, "x" * 301, SENTENCE, "owner"),
        (Destination.ALREADY_KNOWN, "Karin", "\n", "sentence"),
        (Destination.ANOTHER_PARTNER, "Karin", "x" * 2001, "sentence"),
        (Destination.RESEARCH, "Karin", SENTENCE, "destination"),
    ],
)
def test_a_road_without_an_owner_or_a_sentence_is_refused(exercise, moderator, destination, owner, sentence, field):
    part = a_proposal(exercise).parts[0]
    with pytest.raises(Invalid) as refused:
        triage.route(part, destination, owner=owner, sentence=sentence, actor=moderator)
    assert refused.value.field == field
    assert db.session.query(MergeRecord).count() == 0


def test_a_part_can_change_roads_and_come_back(exercise, moderator):
    part = a_proposal(exercise).parts[0]
    first = triage.route(part, Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    with pytest.raises(Invalid, match="on that road already"):
        triage.route(part, Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    decided = part.decided_at
    second = triage.route(part, Destination.ALREADY_KNOWN, owner="Jonas", sentence="It is known.", actor=moderator)
    assert db.session.query(OutcomeEvent).count() == 2
    merging.undo(second, moderator)
    assert (part.destination, part.owner, part.sentence) == (Destination.TO_CHANGE, "Karin", SENTENCE)
    assert part.decided_at == decided
    merging.undo(first, moderator)
    assert (part.destination, part.owner, part.sentence, part.decided_at) == (None, None, None, None)


def test_the_last_unanswered_part_keeps_the_queue_open(exercise, moderator):
    parts = [a_proposal(exercise).parts[0] for _each in range(3)]
    for left, part in zip((2, 1, 0), parts, strict=True):
        assert triage.waiting(exercise) == left + 1
        triage.route(part, Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
        assert triage.waiting(exercise) == left


def test_words_that_were_taken_back_do_not_wait(exercise):
    proposal = a_proposal(exercise)
    proposal.withdrawn_at = proposal.created_at
    assert triage.waiting(exercise) == 0


def test_a_name_that_is_taken_out_is_gone_from_the_database(exercise, moderator):
    proposal = a_proposal(exercise, "Doctor Sven Svensson never listens. Why?")
    values = {"field": "words", "locale": "sv", "source_digest": "", "text": "Doktor Sven Svensson lyssnar aldrig."}
    add(Translation(kind=TranslationKind.PROPOSAL, object_id=proposal.id, **values))
    new = triage.redact(proposal, f"Doctor {REMOVED} never listens. Why?", moderator)
    kept = db.session.execute(select(ProposalWords.n, ProposalWords.kind, ProposalWords.text)).all()
    assert [tuple(row) for row in kept] == [(2, WordsKind.REDACTION, f"Doctor {REMOVED} never listens. Why?")]
    erasure = db.session.scalars(select(WordsErasure)).one()
    assert (erasure.n, erasure.reason) == (1, ErasureReason.REDACTED)
    part = proposal.parts[0]
    assert (part.words_n, part.start, part.end) == (2, 0, len(new.text))
    dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
    assert "Svensson" not in dump
    assert triage.waiting(exercise) == 1


def test_taking_a_name_out_keeps_the_answers_of_every_piece(exercise, moderator):
    text = "Why does Anna sleep so badly? And who helps Anna's brother?"
    made = triage.split(a_proposal(exercise, text).parts[0], [(0, 29), (30, len(text))], moderator)
    question = merging.new_question(exercise, text="What helps sleep?", short="Sleep", actor=moderator)
    merging.merge([made[0]], question, exercise=exercise, actor=moderator)
    triage.route(made[1], Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    new = triage.redact(made[0].proposal, text.replace("Anna", REMOVED), moderator)
    pieces = [new.text[part.start : part.end] for part in made]
    assert pieces == [f"Why does {REMOVED} sleep so badly?", f"And who helps {REMOVED}'s brother?"]
    assert [original.text for original in originals_of(question, exercise)] == pieces[:1]
    assert made[1].destination is Destination.TO_CHANGE


def test_a_second_name_can_be_taken_out_later(exercise, moderator):
    proposal = a_proposal(exercise, "Anna and Bo are tired.")
    triage.redact(proposal, f"{REMOVED} and Bo are tired.", moderator)
    triage.redact(proposal, f"{REMOVED} and {REMOVED} are tired.", moderator)
    assert db.session.scalars(select(ProposalWords.n)).all() == [3]
    assert db.session.scalars(select(WordsErasure.n).order_by(WordsErasure.n)).all() == [1, 2]


@pytest.mark.parametrize(
    "typed",
    [
        "Doctor Sven never listens.",
        "Doctor never listens.",
        f"Doctor {REMOVED} always listens.",
        f"The doctor {REMOVED} never listens.",
        f"Doctor {REMOVED} never listens. {REMOVED}",
        f"Doctor {REMOVED} never listens. Doctor {REMOVED} never listens.",
        f"Doctor {REMOVED} Sven never listens.",
        REMOVED,
        "",
    ],
)
@needs_app
def test_taking_a_name_out_changes_no_other_word(typed):
    with pytest.raises(Invalid) as refused:
        stretches.redacted("Doctor Sven never listens.", typed)
    assert refused.value.field == "redacted"


@pytest.mark.parametrize(("letters", "told"), [(Letters.EVERY_STEP, 1), (Letters.END, 1), (Letters.NOTHING, 0)])
def test_the_person_is_told_that_a_name_was_taken_out(exercise, moderator, letters, told):
    proposal = a_proposal(exercise, "Anna is tired.", contributor=a_contributor(exercise, letters=letters))
    triage.redact(proposal, f"{REMOVED} is tired.", moderator)
    assert db.session.query(Outbox).filter_by(template="redacted").count() == told


words = st.text(min_size=1, max_size=60).map(clean_words).filter(bool)


@needs_app
@given(pieces=st.lists(words, min_size=2, max_size=5))
def test_any_words_come_back_exactly_from_the_lines_between_them(pieces):
    text = clean_words("\n".join(pieces))
    line = stretches.cutting_line(text)
    marked = f"\r\n{line}\r\n".join(pieces)
    assert [text[start:end] for start, end in stretches.pieces(text, marked)] == [piece.strip() for piece in pieces]


@needs_app
@pytest.mark.parametrize(
    "typed",
    [
        TWO,
        TWO + "\n---\n",
        TWO.replace("\n\n", "\n---\n").replace("so", "very"),
        "Why am I so tired?\n---\nAnd who",
        "",
    ],
)
def test_a_marked_text_with_other_words_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        stretches.pieces(TWO, typed)
    assert refused.value.field == "pieces"


@needs_app
def test_a_line_of_dashes_in_the_words_themselves_is_no_cut():
    text = "One\n---\nTwo"
    assert stretches.cutting_line(text) == "----"
    assert [text[a:b] for a, b in stretches.pieces(text, "One\n---\n----\nTwo")] == ["One\n---", "Two"]


@needs_app
@given(st.lists(words, min_size=3, max_size=7))
def test_a_piece_moves_with_its_words_when_others_are_taken_out(runs):
    text = "".join(runs)
    taken = range(1, len(runs), 2)
    typed = "".join(REMOVED if i in taken else run for i, run in enumerate(runs))
    if clean_words(text) != text or clean_words(typed) != typed or REMOVED in text:
        return
    moved = stretches.redacted(text, typed)
    assert moved.moved((0, len(text))) == (0, len(typed))
    assert typed[slice(*moved.moved((0, len(runs[0]))))] == runs[0]
