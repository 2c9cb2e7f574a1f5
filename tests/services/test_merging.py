"""Joining people's words to questions, and taking every step of it back."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from priority.errors import Invalid, NotFound, Stale
from priority.extensions import db
from priority.models import ExerciseQuestion, MergeRecord, Outbox, OutcomeEvent, ProposalPart, ProposalWords, Question
from priority.queries.links import links, originals_of, questions_of
from priority.services import merging, triage
from priority.words import Destination, ExerciseState, MailState, Moment, Operation, RoleName
from tests.factories import a_person, a_proposal, an_exercise

pytestmark = pytest.mark.usefixtures("app")

SENTENCE = "This matters, and it needs a change rather than a study. Karin takes it to the region in March."


@pytest.fixture
def exercise(app):
    return an_exercise(state=ExerciseState.SORTING)


@pytest.fixture
def moderator(exercise):
    return a_person(exercise.organisation, RoleName.MODERATOR)


def a_question(exercise, moderator, text="What helps against tiredness?", short="Tiredness"):
    return merging.new_question(exercise, text=text, short=short, actor=moderator)


def part_of(proposal):
    return proposal.parts[0]


def state_of(exercise):
    """Everything that the trail decides: links, roads, the set of parts, wordings, the list."""
    parts = db.session.scalars(select(ProposalPart).where(ProposalPart.retired_at.is_(None)).order_by(ProposalPart.id))
    roads = [
        (p.id, p.words_n, p.start, p.end, p.destination, p.owner, p.sentence, p.decided_by_id, p.decided_at)
        for p in parts
    ]
    places = db.session.execute(
        select(ExerciseQuestion.question_id, ExerciseQuestion.number).where(ExerciseQuestion.withdrawn_at.is_(None))
    ).all()
    wordings = []
    for question, _number in places:
        now = merging.current_wording(db.session.get(Question, question))
        wordings.append((question, now.text, now.short, now.background, now.locale))
    return links(exercise), roads, sorted(map(tuple, places)), wordings


def test_words_that_are_joined_stand_under_the_question_and_are_answered(exercise, moderator):
    proposal, question = a_proposal(exercise), a_question(exercise, moderator)
    record = merging.merge([part_of(proposal)], question, exercise=exercise, actor=moderator, reason="the same")
    assert links(exercise) == {(part_of(proposal).id, question.id)}
    assert [original.text for original in originals_of(question, exercise)] == ["Why am I so tired?"]
    assert [linked.text for linked in questions_of(proposal)] == ["What helps against tiredness?"]
    assert part_of(proposal).destination is Destination.RESEARCH
    assert (record.operation, record.actor_id, record.reason) == (Operation.MERGE, moderator.id, "the same")
    assert triage.waiting(exercise) == 0


def test_one_part_can_feed_several_questions(exercise, moderator):
    part = part_of(a_proposal(exercise))
    questions = [a_question(exercise, moderator), a_question(exercise, moderator, "Who listens?", "Listening")]
    for question in questions:
        merging.merge([part], question, exercise=exercise, actor=moderator)
    assert links(exercise) == {(part.id, question.id) for question in questions}


def test_whoever_wrote_the_words_hears_of_it_once(exercise, moderator):
    proposals = [a_proposal(exercise), a_proposal(exercise, "Always tired")]
    question = a_question(exercise, moderator)
    merging.merge([part_of(p) for p in proposals], question, exercise=exercise, actor=moderator)
    events = db.session.scalars(select(OutcomeEvent)).all()
    assert [(event.moment, event.proposal_id) for event in events] == [(Moment.MERGED, p.id) for p in proposals]
    assert db.session.query(Outbox).filter_by(template="news_merged").count() == 2


def test_joining_twice_is_refused(exercise, moderator):
    part, question = part_of(a_proposal(exercise)), a_question(exercise, moderator)
    merging.merge([part], question, exercise=exercise, actor=moderator)
    with pytest.raises(Stale, match="under that question already"):
        merging.merge([part], question, exercise=exercise, actor=moderator)


def test_words_of_another_exercise_are_not_found(exercise, moderator):
    with pytest.raises(NotFound):
        merging.merge(
            [part_of(a_proposal(an_exercise()))],
            a_question(exercise, moderator),
            exercise=exercise,
            actor=moderator,
        )


def test_words_that_were_taken_back_are_left_alone(exercise, moderator):
    proposal = a_proposal(exercise)
    proposal.withdrawn_at = proposal.created_at
    with pytest.raises(Stale, match="taken these words back"):
        merging.merge([part_of(proposal)], a_question(exercise, moderator), exercise=exercise, actor=moderator)


def test_words_taken_out_of_their_only_question_wait_again(exercise, moderator):
    part = part_of(a_proposal(exercise))
    first, second = a_question(exercise, moderator), a_question(exercise, moderator, "Who listens?", "Listening")
    for question in (first, second):
        merging.merge([part], question, exercise=exercise, actor=moderator)
    merging.unmerge(part, first, exercise=exercise, actor=moderator)
    assert links(exercise) == {(part.id, second.id)}
    assert part.destination is Destination.RESEARCH
    merging.unmerge(part, second, exercise=exercise, actor=moderator)
    assert links(exercise) == frozenset()
    assert part.destination is None
    assert triage.waiting(exercise) == 1
    with pytest.raises(Stale, match="no longer under"):
        merging.unmerge(part, second, exercise=exercise, actor=moderator)


def test_nobody_is_left_waiting_after_sorting_has_ended(exercise, moderator):
    part, question = part_of(a_proposal(exercise)), a_question(exercise, moderator)
    record = merging.merge([part], question, exercise=exercise, actor=moderator)
    exercise.state = ExerciseState.ANSWERING
    for verb in (
        lambda: merging.unmerge(part, question, exercise=exercise, actor=moderator),
        lambda: merging.undo(record, moderator),
        lambda: triage.split(part, [(0, 3), (3, part.end)], moderator),
    ):
        with pytest.raises(Stale, match="Sorting has ended"):
            verb()


def test_a_new_wording_leaves_the_earlier_ones_and_needs_a_reason(exercise, moderator):
    question = a_question(exercise, moderator)
    new = {"text": "What helps against being tired all day?", "short": "Tired", "background": "Most of us are."}
    with pytest.raises(Invalid) as refused:
        merging.reword(question, exercise=exercise, actor=moderator, reason=" ", **new)
    assert refused.value.field == "reason"
    merging.reword(question, exercise=exercise, actor=moderator, reason="Nearer to the words.", **new)
    db.session.refresh(question)
    assert [wording.text for wording in question.wordings] == ["What helps against tiredness?", new["text"]]
    with pytest.raises(Invalid, match="Nothing is different"):
        merging.reword(question, exercise=exercise, actor=moderator, reason="Again.", **new)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"short": ""}, "short"),
        ({"short": "x" * 121}, "short"),
        ({"background": "x" * 4001}, "background"),
    ],
)
def test_a_question_without_words_or_with_too_many_is_refused_at_the_field(exercise, moderator, changes, field):
    values = {"text": "What helps?", "short": "Help", "background": None} | changes
    with pytest.raises(Invalid) as refused:
        merging.new_question(exercise, actor=moderator, **values)
    assert refused.value.field == field


def test_numbers_of_questions_are_never_used_twice(exercise, moderator):
    part = part_of(a_proposal(exercise))
    record = merging.make_question([part], exercise=exercise, text="What helps?", short="Help", actor=moderator)
    merging.undo(record, moderator)
    again = merging.make_question([part], exercise=exercise, text="What helps?", short="Help", actor=moderator)
    numbers = db.session.scalars(select(ExerciseQuestion.number).order_by(ExerciseQuestion.id)).all()
    assert numbers == [1, 2]
    assert links(exercise) == {(part.id, again.question_id)}


def test_undoing_a_new_question_takes_it_off_the_list_and_its_words_wait(exercise, moderator):
    part = part_of(a_proposal(exercise))
    before = state_of(exercise)
    record = merging.make_question([part], exercise=exercise, text="What helps?", short="Help", actor=moderator)
    merging.undo(record, moderator)
    assert state_of(exercise) == before
    with pytest.raises(Stale, match="no longer on the list"):
        merging.merge([part], record.question, exercise=exercise, actor=moderator)


def test_a_question_with_others_words_stays_on_the_list(exercise, moderator):
    one, other = part_of(a_proposal(exercise)), part_of(a_proposal(exercise, "Always tired"))
    record = merging.make_question([one], exercise=exercise, text="What helps?", short="Help", actor=moderator)
    question = db.session.get(Question, record.question_id)
    joined = merging.merge([other], question, exercise=exercise, actor=moderator)
    with pytest.raises(Stale, match="Something newer"):
        merging.undo(record, moderator)
    with pytest.raises(Stale, match="people's words under it"):
        merging.take_off_list(question, exercise=exercise)
    merging.undo(joined, moderator)
    merging.undo(record, moderator)
    assert links(exercise) == frozenset()


def test_an_undo_is_a_new_line_and_happens_once(exercise, moderator):
    part, question = part_of(a_proposal(exercise)), a_question(exercise, moderator)
    record = merging.merge([part], question, exercise=exercise, actor=moderator)
    undone = merging.undo(record, moderator)
    assert (undone.operation, undone.undoes) == (Operation.UNDO, record.seq)
    with pytest.raises(Stale, match="undone already"):
        merging.undo(record, moderator)
    with pytest.raises(Stale, match="cannot be undone"):
        merging.undo(undone, moderator)


def test_something_newer_on_the_same_words_is_undone_first(exercise, moderator):
    part, question = part_of(a_proposal(exercise)), a_question(exercise, moderator)
    merged = merging.merge([part], question, exercise=exercise, actor=moderator)
    routed = triage.route(part, Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    assert links(exercise) == frozenset()
    with pytest.raises(Stale, match="Something newer"):
        merging.undo(merged, moderator)
    merging.undo(routed, moderator)
    assert links(exercise) == {(part.id, question.id)}
    merging.undo(merged, moderator)
    assert part.destination is None


def test_news_that_has_not_left_is_held_back_when_it_is_undone(exercise, moderator):
    part, question = part_of(a_proposal(exercise)), a_question(exercise, moderator)
    record = merging.merge([part], question, exercise=exercise, actor=moderator)
    message = db.session.scalars(select(Outbox).where(Outbox.template == "news_merged")).one()
    merging.undo(record, moderator)
    db.session.refresh(message)
    assert message.state is MailState.DROPPED


def test_the_trail_cannot_be_changed(exercise, moderator):
    part, question = part_of(a_proposal(exercise)), a_question(exercise, moderator)
    record = merging.merge([part], question, exercise=exercise, actor=moderator)
    record.reason = "another"
    with pytest.raises(Exception, match="merge_record is never changed"):
        db.session.flush()


class Board:
    """Plays one random step after another and remembers how things stood before each."""

    def __init__(self, exercise, moderator, chance):
        self.exercise, self.moderator, self.chance = exercise, moderator, chance
        self.stack = []

    def play(self):
        verb = self.chance.choice([self.join, self.make, self.take_out, self.send, self.split, self.reword, self.undo])
        before = state_of(self.exercise)
        record = verb()
        if record is not None:
            self.stack.append((before, record))

    def part(self):
        live = select(ProposalPart).where(ProposalPart.retired_at.is_(None)).order_by(ProposalPart.id)
        return self.chance.choice(db.session.scalars(live).all())

    def question(self):
        listed = select(Question).join(ExerciseQuestion).where(ExerciseQuestion.withdrawn_at.is_(None))
        found = db.session.scalars(listed.order_by(Question.id)).all()
        return self.chance.choice(found) if found else None

    def join(self):
        part, question = self.part(), self.question()
        if question is None or (part.id, question.id) in links(self.exercise):
            return None
        return merging.merge([part], question, exercise=self.exercise, actor=self.moderator)

    def make(self):
        values = {"text": f"Question {self.chance.random()}?", "short": "New", "actor": self.moderator}
        return merging.make_question([self.part()], exercise=self.exercise, **values)

    def take_out(self):
        standing = sorted(links(self.exercise))
        if not standing:
            return None
        part, question = self.chance.choice(standing)
        part, question = db.session.get(ProposalPart, part), db.session.get(Question, question)
        return merging.unmerge(part, question, exercise=self.exercise, actor=self.moderator)

    def send(self):
        road = self.chance.choice([Destination.TO_CHANGE, Destination.ALREADY_KNOWN, Destination.ANOTHER_PARTNER])
        sentence = f"It matters {self.chance.random()}."
        return triage.route(self.part(), road, owner="Karin", sentence=sentence, actor=self.moderator)

    def split(self):
        part = self.part()
        if part.end - part.start < 8:
            return None
        cut = self.chance.randrange(part.start + 3, part.end - 3)
        triage.split(part, [(part.start, cut), (cut, part.end)], self.moderator)
        return db.session.scalars(select(MergeRecord).order_by(MergeRecord.seq.desc()).limit(1)).one()

    def reword(self):
        question = self.question()
        if question is None:
            return None
        values = {"text": f"Reworded {self.chance.random()}?", "short": "R", "background": None, "reason": "Nearer."}
        return merging.reword(question, exercise=self.exercise, actor=self.moderator, **values)

    def undo(self):
        if self.stack:
            before, record = self.stack.pop()
            merging.undo(record, self.moderator)
            assert state_of(self.exercise) == before


@pytest.mark.parametrize("seed", range(5))
def test_sixty_steps_keep_every_word_and_undo_leads_all_the_way_back(exercise, moderator, seed):
    texts = [f"Why {'so ' * n}tired?\nAnd who listens to person {n}?" for n in range(1, 5)]
    for text in texts:
        a_proposal(exercise, text)
    beginning, board = state_of(exercise), Board(exercise, moderator, random.Random(seed))
    for _step in range(60):
        board.play()
        assert db.session.scalars(select(ProposalWords.text).order_by(ProposalWords.id)).all() == texts
    while board.stack:
        board.undo()
    assert state_of(exercise) == beginning
    assert db.session.scalars(select(ProposalWords.text).order_by(ProposalWords.id)).all() == texts
