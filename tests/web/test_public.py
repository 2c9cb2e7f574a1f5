"""What anybody can read, in every state an exercise can be in, and what nobody can."""

from __future__ import annotations

import html
import re

import pytest

from priority import clock
from priority.extensions import db
from priority.models import ConsensusRun, Round, RoundItem
from priority.services import merging, outcomes, proposing
from priority.words import ExerciseState, Moment, RoundKind, RoundState, RunState
from tests.factories import a_contributor, add, an_exercise, an_organisation, group


def said(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def a_question(exercise, text, *words, group_key=None, contributors=None):
    """A question made of these words, each of somebody else."""
    chosen = None if group_key is None else group(exercise, group_key)
    parts = []
    for one in words:
        state, exercise.state = exercise.state, ExerciseState.ASKING
        parts.append(proposing.submit(exercise, texts=[one], locale="sv", group=chosen).proposals[0].parts[0])
        exercise.state = state
    question = merging.new_question(exercise, text=text, short=text, actor=None)
    merging.merge(parts, question, exercise=exercise, actor=None)
    return question


def a_published_list(exercise, *questions):
    """The questions on the published list, in this order."""
    last = add(Round(exercise_id=exercise.id, n=1, kind=RoundKind.RANKING))
    keys = [f"Q{n}.1" for n, _ in enumerate(questions, start=1)]
    for key, question in zip(keys, questions, strict=True):
        add(RoundItem(round_id=last.id, wording_id=question.wordings[0].id, key=key, position=1))
    exercise.state = ExerciseState.ANSWERING
    protocol_frozen(exercise)
    last.state, last.opened_at, last.closes_at = RoundState.OPEN, clock.now(), clock.now()
    db.session.flush()
    last.state, last.closed_at = RoundState.CLOSED, clock.now()
    db.session.flush()
    result = {"items": keys, "tiers": [[key] for key in keys], "shortlist": keys[:1], "ranks": [], "scores": None}
    add(
        ConsensusRun(
            exercise_id=exercise.id, round_id=last.id, is_primary=True, pooled=False, method="jla", parameters={},
            state=RunState.DONE, input_digest="0" * 64, digest="0" * 64, result=result, software="test",
        )
    )  # fmt: skip
    exercise.state, exercise.published_at = ExerciseState.PUBLISHED, clock.now()
    db.session.flush()


def protocol_frozen(exercise):
    from priority.services import protocols

    protocols.set_body(exercise, protocols.body_for(exercise.template))
    protocols.freeze(exercise, actor=None)
    db.session.flush()


def test_an_empty_installation_has_a_start_page(client):
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing is open just now" in page.text


def test_the_start_page_leads_to_the_one_exercise_that_takes_questions(client):
    exercise = an_exercise()
    page = client.get("/")
    assert page.text.count("<h1") == 1
    assert f'href="/e/{exercise.public_id}/ask"' in page.text
    assert "No list is out here yet" in page.text


def test_what_is_prepared_or_imported_is_nowhere(client):
    for exercise in (
        an_exercise(state=ExerciseState.DRAFT, title="Canary"),
        an_exercise(imported=True, title="Canary"),
    ):
        assert "Canary" not in client.get("/").text
        assert client.get(f"/e/{exercise.public_id}").status_code == 404


@pytest.mark.parametrize("address", ["/e/nonsense", "/e/" + "0" * 26, "/e/" + "0" * 25 + "u", "/e/%00", "/e/é"])
def test_an_unknown_exercise_is_nowhere(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("state", [s for s in ExerciseState if s is not ExerciseState.DRAFT])
def test_an_exercise_says_where_it_stands_in_every_state(client, state):
    exercise = an_exercise(state=state, published_at=clock.now() if state is ExerciseState.PUBLISHED else None)
    page = client.get(f"/e/{exercise.public_id}")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert ("Ask a question" in page.text) is (state is ExerciseState.ASKING)
    assert ("Too late to ask?" in page.text) is (state is not ExerciseState.ASKING)
    assert ("No results yet" in page.text) is (state is not ExerciseState.PUBLISHED)
    assert (f"/e/{exercise.public_id}/list" in page.text) is (state is ExerciseState.PUBLISHED)


def test_questions_are_shown_only_once_sorting_is_finished(client):
    exercise = an_exercise()
    a_question(exercise, "How to rest?", "Jag är trött")
    for state, shown in ((ExerciseState.SORTING, False), (ExerciseState.ANSWERING, True)):
        exercise.state = state
        page = client.get(f"/e/{exercise.public_id}")
        assert ("How to rest?" in page.text) is shown
        assert ("Jag är trött" in page.text) is shown


def test_where_the_others_would_be_one_small_group_the_next_one_is_not_named_either(client):
    """Four nurses among nine people: "others" would be the nurses, and each text without a name one of theirs."""
    exercise = an_exercise()
    a_question(exercise, "One?", *(f"Patient {n}" for n in range(5)), group_key="patients")
    a_question(exercise, "Two?", *(f"Carer {n}" for n in range(6)), group_key="carers")
    a_question(exercise, "Three?", *(f"Nurse {n}" for n in range(4)), group_key="nurses")
    exercise.state = ExerciseState.ANSWERING
    page = said(client.get(f"/e/{exercise.public_id}"))
    assert "Carers: 6" in page
    assert "One of: Carers" in page
    assert "Patients: " not in page
    assert "One of: Patients" not in page
    assert "Nurses: " not in page


def test_people_of_a_group_who_took_another_road_do_not_make_it_large(client):
    """Five doctors wrote, and the words of one stand under a question: that one is not named."""
    exercise = an_exercise()
    a_question(exercise, "One?", *(f"Patient {n}" for n in range(9)), group_key="patients")
    for number in range(4):
        proposing.submit(exercise, texts=[f"Doctor {number}"], locale="sv", group=group(exercise, "doctors"))
    a_question(exercise, "Two?", "Doctor 4", group_key="doctors")
    exercise.state = ExerciseState.ANSWERING
    page = said(client.get(f"/e/{exercise.public_id}"))
    assert "Doctors: " not in page
    assert "One of: Doctors" not in page


def test_a_group_of_fewer_than_five_is_never_named(client):
    exercise = an_exercise()
    a_question(exercise, "One?", *(f"Patient {n}" for n in range(5)), group_key="patients")
    a_question(exercise, "Two?", *(f"Nurse {n}" for n in range(4)), group_key="nurses")
    a_question(exercise, "Three?", "Somebody who would rather not say")
    exercise.state = ExerciseState.ANSWERING
    page = said(client.get(f"/e/{exercise.public_id}"))
    assert "From 5 people: Patients: 5" in page
    assert "One of: Patients" in page
    assert "From 4 people Read" in page
    assert "One of: Nurses" not in page


def test_deleted_words_leave_the_page_and_the_count_stays(client):
    exercise = an_exercise()
    a_question(exercise, "One?", "Canary words", "Other words")
    contributor = proposing.db.session.query(proposing.Contributor).first()
    exercise.state = ExerciseState.ANSWERING
    proposing.erase(contributor)
    page = client.get(f"/e/{exercise.public_id}")
    assert "Canary words" not in page.text
    assert "Other words" in page.text
    assert "From 2 people" in page.text


def test_what_people_wrote_is_never_markup(client):
    exercise = an_exercise(title="<script>x</script>", introduction="<b>bold</b>")
    a_question(exercise, "<i>Q</i>", "<img src=x onerror=alert(1)>")
    exercise.state = ExerciseState.ANSWERING
    for address in ("/", f"/e/{exercise.public_id}"):
        page = client.get(address).text
        assert "<script>x" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
        assert "<i>Q" not in page


def test_the_start_page_tells_a_real_story_once_a_list_is_out(client):
    exercise = an_exercise()
    first = a_question(exercise, "First on the list?", "Längre ord som någon skrev", "Korta ord")
    second = a_question(exercise, "Second on the list?", "Andra ord")
    assert "Korta ord" not in client.get("/").text
    a_published_list(exercise, first, second)
    page = said(client.get("/"))
    assert "A person wrote: Korta ord" in page
    assert "Place 1 of 2" in page
    assert "With one other it became:" in page
    assert "First on the list?" in page
    assert "A group of people put 2 questions in order:" in page


def test_a_place_is_told_only_to_whose_question_is_on_the_list(client, sign_in):
    exercise = an_exercise()
    listed, beyond = (a_question(exercise, f"{word}?", f"{word} words") for word in ("Listed", "Beyond"))
    for question, high in ((listed, 9), (beyond, 14)):
        outcomes.note(
            Moment.ROUND_RESULT, question, exercise, source="round 1", round=1, kind="rating", high=high, n=20
        )
    a_published_list(exercise, listed, beyond)
    for who, has_place in zip(proposing.db.session.query(proposing.Contributor), (True, False), strict=True):
        browser = client.application.test_client()
        sign_in(browser, who)
        page = browser.get("/mine")
        assert ('class="big-number' in page.text) is has_place
        assert ("14 of 20 people found it very important. It stays on the open list" in said(page)) is not has_place


@pytest.mark.parametrize("path", ["/help/safety", "/help/accessibility"])
def test_what_we_promise_can_always_be_read(client, path):
    an_organisation()
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_the_safety_page_says_who_could_link_and_until_when(client):
    page = said(client.get("/help/safety"))
    assert "Whoever looks after the computer could, until 30 days after the end." in page
    assert "guess" in page
    assert "nobody can see" not in page.lower()


def test_no_public_page_uses_the_words_we_avoid(client):
    exercise = an_exercise()
    a_contributor(exercise)
    banned = re.compile(
        r"stakeholder|uncertaint|consensus|ballot|delphi|\bpanel\b|methodolog|prioritis|out of scope|rejected|invalid",
        re.IGNORECASE,
    )
    addresses = ["/", "/sign-in", "/code", "/in/x", "/help/safety", "/help/accessibility"]
    addresses += [f"/e/{exercise.public_id}{tail}" for tail in ("", "/ask", "/ask/words")]
    for address in addresses:
        assert banned.findall(said(client.get(address))) == [], address
