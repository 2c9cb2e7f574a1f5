"""Which words stand under which question, as the trail says, and who they came from."""

from __future__ import annotations

import pytest

from priority.queries.links import links, originals_of, questions_of
from priority.queries.questions import homes, question_row, question_rows
from priority.queries.sorting import Filters, next_waiting, queue, sheet
from priority.queries.trail import recent, trail_of_proposal, trail_of_question
from priority.services import merging, triage
from priority.words import Destination, ExerciseState, Operation, RoleName
from tests.factories import a_contributor, a_person, a_proposal, an_exercise

SENTENCE = "Karin takes it to the region in March."


@pytest.fixture
def exercise(app):
    return an_exercise(state=ExerciseState.SORTING)


@pytest.fixture
def moderator(exercise):
    return a_person(exercise.organisation, RoleName.MODERATOR, name="Maria")


@pytest.fixture
def question(exercise, moderator):
    return merging.new_question(exercise, text="What helps against tiredness?", short="Tiredness", actor=moderator)


def join(proposal, question, moderator):
    return merging.merge(proposal.parts[:1], question, exercise=proposal.exercise, actor=moderator)


def test_an_exercise_without_a_trail_has_no_links(exercise, question):
    assert links(exercise) == frozenset()
    assert originals_of(question, exercise) == ()


def test_the_trail_of_one_exercise_says_nothing_about_another(exercise, question, moderator):
    join(a_proposal(exercise), question, moderator)
    assert links(an_exercise()) == frozenset()


def test_an_undone_line_counts_for_nothing_and_the_one_before_holds(exercise, question, moderator):
    proposal = a_proposal(exercise)
    join(proposal, question, moderator)
    out = merging.unmerge(proposal.parts[0], question, exercise=exercise, actor=moderator)
    assert links(exercise) == frozenset()
    merging.undo(out, moderator)
    assert links(exercise) == {(proposal.parts[0].id, question.id)}
    again = merging.unmerge(proposal.parts[0], question, exercise=exercise, actor=moderator)
    join(proposal, question, moderator)
    assert links(exercise) == {(proposal.parts[0].id, question.id)}
    assert again.operation is Operation.UNMERGE


def test_another_road_ends_links_and_joining_later_makes_a_new_one(exercise, question, moderator):
    proposal = a_proposal(exercise)
    join(proposal, question, moderator)
    triage.route(proposal.parts[0], Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    assert questions_of(proposal) == ()
    join(proposal, question, moderator)
    assert [linked.number for linked in questions_of(proposal)] == [1]
    assert proposal.parts[0].owner is None


def test_originals_are_the_stretches_people_wrote_in_their_own_language(exercise, question, moderator):
    text = "Varför är jag så trött? Vem lyssnar?"
    proposal = a_proposal(exercise, text, "carers", locale="sv")
    made = triage.split(proposal.parts[0], [(0, 23), (24, len(text))], moderator)
    merging.merge([made[0]], question, exercise=exercise, actor=moderator)
    (original,) = originals_of(question, exercise)
    assert (original.text, original.locale, original.group_name) == ("Varför är jag så trött?", "sv", "Carers")


def test_a_group_that_few_people_asked_from_is_counted_among_the_others(exercise, question, moderator):
    for group, n in (("patients", 5), ("carers", 4), (None, 1)):
        for _each in range(n):
            join(a_proposal(exercise, group_key=group), question, moderator)
    (row,) = question_rows(exercise)
    assert [(count.name, count.n) for count in row.groups] == [("Patients", 5), (None, 5)]
    assert row.originals == 10


def test_five_proposals_of_one_person_are_still_one_person(exercise, question, moderator):
    somebody = a_contributor(exercise)
    for _each in range(5):
        join(a_proposal(exercise, group_key="nurses", contributor=somebody), question, moderator)
    (row,) = question_rows(exercise)
    assert [(count.name, count.n) for count in row.groups] == [(None, 5)]


def test_likely_homes_share_most_words_and_can_be_looked_for(exercise, question, moderator):
    for text, short in (("Who listens to carers at night?", "Listening"), ("What helps sleep at night?", "Sleep")):
        merging.new_question(exercise, text=text, short=short, actor=moderator)
    rows = question_rows(exercise)
    found = homes("At night nobody listens to carers", rows)
    assert [(home.question.short, home.shared) for home in found][:2] == [
        ("Listening", ("carers", "listens", "night")),
        ("Sleep", ("night",)),
    ]
    assert [home.question.short for home in homes("", rows, "NIGHT sleep")] == ["Sleep"]
    assert homes("", rows, "nothing like it") == ()


def test_the_queue_can_be_narrowed_and_counts_what_waits(exercise, question, moderator):
    swedish = a_proposal(exercise, "Varför?", "carers", locale="sv")
    a_proposal(exercise, "Why?", "patients")
    join(a_proposal(exercise, "Tired", "patients"), question, moderator)
    gone = a_proposal(exercise, "Never mind")
    gone.withdrawn_at = gone.created_at
    everything = queue(exercise, Filters(state="all"))
    assert (everything.waiting, everything.total, everything.found) == (2, 3, 3)
    assert everything.languages == ("en", "sv")
    assert [row.excerpt for row in queue(exercise, Filters("carers")).rows] == ["Varför?"]
    assert [row.excerpt for row in queue(exercise, Filters(language="en")).rows] == ["Why?"]
    assert [row.excerpt for row in queue(exercise, Filters(state="done")).rows] == ["Tired"]
    assert queue(exercise, Filters("none")).rows == ()
    assert next_waiting(exercise, swedish, Filters()) is not None
    assert next_waiting(exercise, swedish, Filters("carers")) is None


def test_next_goes_on_from_here_and_around_the_end(exercise):
    first, second, third = (a_proposal(exercise, text) for text in ("One", "Two", "Three"))
    order = [first.public_id, second.public_id, third.public_id]
    assert [next_waiting(exercise, each, Filters()) for each in (first, second, third)] == [*order[1:], order[0]]


def test_a_page_beyond_the_end_is_the_last_one(exercise):
    for number in range(51):
        a_proposal(exercise, f"Question {number}")
    last = queue(exercise, Filters(), page=99)
    assert (last.page, last.pages, [row.excerpt for row in last.rows]) == (2, 2, ["Question 50"])


def test_a_sheet_shows_each_part_with_its_answer(exercise, question, moderator):
    text = "Why am I tired? Who listens?"
    proposal = a_proposal(exercise, text)
    made = triage.split(proposal.parts[0], [(0, 15), (16, len(text))], moderator)
    merging.merge([made[0]], question, exercise=exercise, actor=moderator)
    triage.route(made[1], Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    first, second = sheet(proposal).parts
    assert (first.text, [linked.number for linked in first.questions]) == ("Why am I tired?", [1])
    assert (second.destination, second.owner, second.decided_by) == (Destination.TO_CHANGE, "Karin", "Maria")


def test_the_trail_reads_newest_first_and_says_what_can_be_undone(exercise, question, moderator):
    proposal = a_proposal(exercise, "Why am I so tired?")
    join(proposal, question, moderator)
    routed = triage.route(proposal.parts[0], Destination.TO_CHANGE, owner="Karin", sentence=SENTENCE, actor=moderator)
    assert [(line.operation, line.can_undo) for line in recent(exercise)] == [
        (Operation.ROUTE, True),
        (Operation.MERGE, False),
    ]
    merging.undo(routed, moderator)
    lines = trail_of_proposal(proposal)
    assert [(line.operation, line.can_undo, line.undone) for line in lines] == [
        (Operation.UNDO, False, False),
        (Operation.ROUTE, False, True),
        (Operation.MERGE, True, False),
    ]
    assert (lines[1].actor, lines[1].destination, lines[1].excerpt) == (
        "Maria",
        Destination.TO_CHANGE,
        "Why am I so tired?",
    )
    assert [line.operation for line in trail_of_question(question, exercise)] == [Operation.MERGE]
    assert question_row(question, exercise).originals == 1
