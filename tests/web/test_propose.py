"""Asking on real pages: nothing lost, nothing kept before "send", nobody else's page reachable."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from priority import clock, ids
from priority.extensions import db
from priority.models import Contributor, Outbox, Proposal, ProposalPart, WordsErasure
from priority.services import accounts, consent, merging, outcomes, proposing, triage
from priority.words import Destination, ExerciseState, Letters, Moment, ProposalKind, Purpose
from tests.factories import a_contributor, a_panelist, a_person, an_exercise

WORDS = "Jag vågar inte sluta och vågar inte fortsätta. 👩‍🦽 <b>?</b>"


def asking(exercise):
    return f"/e/{exercise.public_id}/ask/words"


def hidden(page):
    """The hidden fields of a page, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def walk(client, exercise, *texts, you=None, **check):
    """Fills in all three screens and presses send, as slowly as a person."""
    began = clock.now()
    page = client.get(asking(exercise))
    for _ in texts[1:]:
        page = client.send(asking(exercise), hidden(page) | {"go": "another"})
    page = client.send(asking(exercise), hidden(page) | {f"texts-{n}": t for n, t in enumerate(texts)} | {"go": "on"})
    page = client.send(asking(exercise), hidden(page) | (you or {}) | {"go": "on"})
    assert page.status_code == 200, page.text
    data = hidden(page) | check | {"go": "send"}
    with clock.at(began + timedelta(seconds=30)):
        return client.send(asking(exercise), data), data


def said(page):
    return html.unescape(re.sub(r"<[^>]+>", " ", page.text))


def test_the_first_layer_has_few_words_three_facts_and_one_button(client):
    exercise = an_exercise()
    page = client.get(f"/e/{exercise.public_id}/ask")
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL).group()
    assert len(re.sub(r"<[^>]+>", " ", main).split()) <= 120
    assert main.count("<li>") == 3
    assert len(re.findall(r'<a class="button|<button', main)) == 1


def test_words_walk_through_three_screens_and_arrive_as_they_were(client):
    exercise = an_exercise()
    answer, _data = walk(
        client, exercise, WORDS, "And\r\nthis?", you={"group": "carers", "on_behalf": "y", "stop": "y"}, letters="end"
    )
    assert (answer.status_code, answer.location) == (303, "/mine?done=asked")
    one, two = db.session.query(Proposal).order_by(Proposal.id)
    assert (one.words[0].text, two.words[0].text) == (WORDS, "And\nthis?")
    assert (one.group.key, one.on_behalf, one.kind) == ("carers", True, ProposalKind.STOP)
    assert consent.given(one.contributor) == {Purpose.TAKE_PART}


def test_nothing_is_kept_before_send(client):
    exercise = an_exercise()
    page = client.get(asking(exercise))
    page = client.send(asking(exercise), hidden(page) | {"texts-0": WORDS, "go": "on"})
    client.send(asking(exercise), hidden(page) | {"go": "on"})
    assert db.session.query(Contributor).count() == db.session.query(Proposal).count() == 0


def test_every_way_back_carries_everything(client):
    exercise = an_exercise()
    page = client.get(asking(exercise))
    page = client.send(asking(exercise), hidden(page) | {"texts-0": WORDS, "go": "another"})
    assert 'name="texts-1"' in page.text
    page = client.send(asking(exercise), hidden(page) | {"texts-0": WORDS, "texts-1": "", "go": "on"})
    page = client.send(asking(exercise), hidden(page) | {"group": "nurses", "on_behalf": "y", "go": "on"})
    data = hidden(page) | {"address": "not an address", "letters": "end", "go": "words"}
    page = client.send(asking(exercise), data)
    assert page.status_code == 200
    assert WORDS in html.unescape(page.text)
    carried = hidden(page)
    assert (carried["group"], carried["on_behalf"], carried["letters"]) == ("nurses", "y", "end")
    assert carried["address"] == "not an address"


def test_the_thanks_show_the_words_the_code_and_who_reads_them(client):
    answer, _data = walk(client, an_exercise(), WORDS)
    page = client.get(answer.location)
    contributor = db.session.query(Contributor).one()
    assert "We have your question. Thank you." in page.text
    assert ids.spaced(accounts.code_of(contributor)) in page.text
    assert "Maria and Jonas read every one" in page.text
    assert WORDS in html.unescape(page.text)
    assert "<b>?</b>" not in page.text  # what people write is never markup


@pytest.mark.parametrize("text", ["", "   \r\n ", "\x00", "\u202e"])
def test_an_empty_question_is_said_at_the_field_and_at_the_top(client, text):
    exercise = an_exercise()
    page = client.send(asking(exercise), {"step": "words", "go": "on", "texts-0": text})
    assert page.status_code == 422
    assert page.text.count("even if it is only a few words") == 2
    assert 'href="#texts-0"' in page.text
    assert "<title>Error:" in page.text


def test_what_is_too_long_is_kept_and_said(client):
    exercise = an_exercise()
    page = client.send(asking(exercise), {"step": "words", "go": "on", "texts-0": "short", "texts-1": "å" * 4001})
    assert page.status_code == 422
    assert "å" * 4001 in page.text
    assert 'href="#texts-1"' in page.text


def test_the_longest_words_arrive(client):
    answer, _data = walk(client, an_exercise(), "å\n" * 2000)
    assert answer.status_code == 303
    assert len(db.session.query(Proposal).one().words[0].text) == 3999


def test_more_than_the_door_takes_is_refused_in_words(client):
    exercise = an_exercise()
    page = client.send(asking(exercise), {"go": "on", "texts-0": "x" * 2_100_000})
    assert page.status_code == 413
    assert db.session.query(Proposal).count() == 0


def test_eleven_questions_are_too_many_and_none_is_lost(client):
    exercise = an_exercise()
    texts = {f"texts-{n}": f"question number {n}" for n in range(11)}
    for go in ("on", "another"):
        page = client.send(asking(exercise), {"step": "words", "go": go} | texts)
        assert page.status_code == 422
        assert all(text in page.text for text in texts.values())


@pytest.mark.parametrize(
    "data",
    [
        {"step": "you", "texts-0": "a?", "group": "nobody", "go": "on"},
        {"step": "you", "texts-0": "a?", "on_behalf": "🙂", "go": "on"},
        {"step": "check", "texts-0": "a?", "address": "anna", "go": "send"},
        {"step": "check", "texts-0": "a?", "letters": "weekly", "go": "send"},
        {"step": "check", "texts-0": "a?", "address": "a@example.org\r\nBcc: b@example.org", "go": "send"},
        {"step": "check", "texts-0": "a?", "key": "made up", "go": "send"},
        {"step": "check", "texts-0": "a?", "key": "\x00" * 10, "go": "send"},
        {"step": "check", "go": "send"},
        {"step": "nowhere", "go": "nowhere"},
        {"step": "words", "texts-99999999999999999999": "a?", "go": "on"},
        {"texts-x": "a?"},
        {},
    ],
)
def test_bad_input_is_answered_and_kept(client, data):
    page = client.send(asking(an_exercise()), data)
    assert page.status_code in {200, 422}
    assert db.session.query(Proposal).count() == 0
    if "texts-0" in data:
        assert page.status_code == 422
        assert data["texts-0"] in said(page) or data["texts-0"] in hidden(page).values()


def test_a_page_left_open_in_another_session_keeps_what_was_typed(client):
    exercise = an_exercise()
    page = client.post(asking(exercise), data={"step": "words", "texts-0": WORDS, "go": "on", "csrf_token": "old"})
    assert page.status_code == 422
    assert WORDS in html.unescape(page.text)
    assert "send it once more" in page.text


def test_a_machine_that_fills_in_everything_sends_nothing_and_a_person_loses_nothing(client):
    exercise = an_exercise()
    answer, _data = walk(client, exercise, WORDS, homepage="http://spam.example")
    assert answer.status_code == 422
    assert "once more" in answer.text
    assert db.session.query(Proposal).count() == 0
    with clock.at(clock.now() + timedelta(seconds=60)):
        again = client.send(asking(exercise), hidden(answer) | {"homepage": "", "go": "send"})
    assert again.status_code == 303
    assert db.session.query(Proposal).one().words[0].text == WORDS


def test_what_comes_faster_than_a_person_writes_is_asked_once_more(client):
    exercise = an_exercise()
    with clock.at(clock.now()):
        page = client.get(asking(exercise))
        data = hidden(page) | {"step": "check", "texts-0": WORDS, "go": "send"}
        fast = client.send(asking(exercise), data)
        assert fast.status_code == 422
        assert hidden(fast)["texts-0"] == WORDS
    with clock.at(clock.now() + timedelta(seconds=4)):
        assert client.send(asking(exercise), hidden(fast) | {"go": "send"}).status_code == 303


def test_the_key_of_another_exercise_does_not_open_this_one(client):
    one, other = an_exercise(), an_exercise()
    page = client.get(asking(one))
    with clock.at(clock.now() + timedelta(seconds=30)):
        answer = client.send(asking(other), hidden(page) | {"texts-0": WORDS, "go": "send"})
    assert answer.status_code == 422


def test_pressing_send_twice_is_harmless(client):
    exercise = an_exercise()
    client.token()
    before = client.get_cookie("s").value
    first, data = walk(client, exercise, WORDS, address="a@example.org")
    other = client.application.test_client()
    other.set_cookie("s", before)  # the same browser, which the first answer has not reached yet
    with clock.at(clock.now() + timedelta(seconds=40)):
        second = other.send(asking(exercise), data)
    assert second.location == first.location == "/mine?done=asked"
    assert db.session.query(Proposal).count() == db.session.query(Contributor).count() == 1
    assert db.session.query(Outbox).count() == 1
    assert WORDS in html.unescape(other.get(second.location).text)


def test_sending_again_after_asking_has_ended_shows_the_same_thanks(client):
    exercise = an_exercise()
    _first, data = walk(client, exercise, WORDS)
    exercise.state = ExerciseState.SORTING
    with clock.at(clock.now() + timedelta(seconds=40)):
        assert client.send(asking(exercise), data).location == "/mine?done=asked"


def test_words_that_come_too_late_are_shown_back(client):
    exercise = an_exercise()
    page = client.get(asking(exercise))
    exercise.state = ExerciseState.SORTING
    for go in ("on", "send"):
        data = hidden(page) | {"step": "words", "texts-0": WORDS, "go": go}
        with clock.at(clock.now() + timedelta(seconds=30)):
            late = client.send(asking(exercise), data)
        assert late.status_code == 409
        assert "Asking has ended" in late.text
        assert WORDS in html.unescape(late.text)
        assert "Karin Ek" in late.text
    assert client.get(asking(exercise)).status_code == 409
    assert db.session.query(Proposal).count() == 0


@pytest.mark.parametrize("path", ["/ask", "/ask/words"])
def test_a_draft_is_nowhere(client, path):
    exercise = an_exercise(state=ExerciseState.DRAFT)
    assert client.get(f"/e/{exercise.public_id}{path}").status_code == 404
    assert client.send(f"/e/{exercise.public_id}/ask/words", {"texts-0": "a?", "go": "send"}).status_code == 404


def test_ten_sendings_an_hour_from_one_network_and_the_eleventh_is_kept_on_the_page(client):
    exercise = an_exercise()
    for n in range(10):
        answer, _data = walk(client.application.test_client(), exercise, f"Question {n}")
        assert answer.status_code == 303
    answer, _data = walk(client, exercise, WORDS)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert WORDS in html.unescape(answer.text)
    assert db.session.query(Proposal).count() == 10


def test_somebody_who_asks_again_stays_the_same_person(client):
    exercise = an_exercise()
    walk(client, exercise, "First?")
    walk(client, exercise, "Second?")
    assert db.session.query(Contributor).count() == 1
    assert client.get("/mine").text.count("See the whole story") == 2


def test_somebody_of_another_exercise_becomes_a_contributor_here(client, sign_in):
    sign_in(client, a_contributor(an_exercise()))
    here = an_exercise()
    answer, _data = walk(client, here, WORDS)
    assert answer.status_code == 303
    assert db.session.query(Proposal).one().contributor.exercise_id == here.id


# -- the private page ------------------------------------------------------------------------------------------------
@pytest.fixture
def mine(client, sign_in):
    """Somebody with one question, signed in; gives the proposal."""
    proposal = proposing.submit(an_exercise(), texts=[WORDS], locale="sv").proposals[0]
    sign_in(client, proposal.contributor)
    return proposal


def test_a_single_question_is_the_page_and_its_news_the_heading(client, mine):
    page = client.get("/mine")
    assert re.search(r"<h1>We have your question\.</h1>", page.text)
    assert page.text.count("<h1") == 1
    assert WORDS in html.unescape(page.text)


def test_words_joined_to_a_question_show_it_with_who_else_asked(client, mine):
    exercise, moderator = mine.exercise, a_person(mine.exercise.organisation, name="Tom Berg")
    other = proposing.submit(exercise, texts=["Something close"], locale="en").proposals[0]
    question = merging.new_question(exercise, text="How can medicines be reduced safely?", short="m", actor=moderator)
    merging.merge([mine.parts[0], other.parts[0]], question, exercise=exercise, actor=moderator)
    page = said(client.get("/mine"))
    assert "Your words became part of a question." in page
    assert "How can medicines be reduced safely?" in page
    assert "Joined with the words of one other" in page
    assert "Tom Berg sorted this." in page
    assert "Something close" not in page


def test_a_road_shows_its_owner_and_the_sentence(client, mine):
    sentence = "Karin takes it to the region in March."
    triage.route(mine.parts[0], Destination.TO_CHANGE, owner="Karin Ek", sentence=sentence, actor=None)
    page = said(client.get("/mine"))
    assert "It matters, and it needs a change rather than a study." in page
    assert sentence in page
    assert "Karin Ek" in page


def test_of_two_things_in_one_text_each_gets_its_own_answer(client, mine):
    one, _two = triage.split(mine.parts[0], [(0, 20), (21, len(WORDS))], None)
    triage.route(one, Destination.ALREADY_KNOWN, owner="Karin", sentence="Here is what they found.", actor=None)
    page = said(client.get("/mine"))
    assert "Good news: people have looked into this." in page
    assert "This is about: “Jag vågar inte sluta”" in page
    assert "A person reads the rest of your words" in page


def test_a_name_that_was_taken_out_is_said_and_nothing_is_called_deleted(client, mine):
    text = WORDS.replace("sluta", "[name removed]", 1)
    triage.redact(mine, text, a_person(mine.exercise.organisation))
    page = said(client.get("/mine"))
    assert "Your words, with a name taken out" in page
    assert "Jag vågar inte [name removed] och" in page
    assert "deleted, as you asked" not in page


def test_each_round_is_told_in_people_and_never_in_places(client, mine):
    exercise = mine.exercise
    question = merging.new_question(exercise, text="How?", short="h", actor=None)
    merging.merge([mine.parts[0]], question, exercise=exercise, actor=None)
    exercise.state = ExerciseState.ANSWERING
    outcomes.note(Moment.ROUND_RESULT, question, exercise, source="round 1", round=1, kind="rating", high=58, n=96)
    page = said(client.get("/mine"))
    assert "58 of 96 people found it very important." in page
    exercise.state, exercise.published_at = ExerciseState.PUBLISHED, clock.now()
    page = said(client.get("/mine"))
    assert "Your question is not on the list this time." in page
    assert "58 of 96 people found it very important. It stays on the open list" in page


@pytest.mark.parametrize("high", [0, 1, 4])
def test_a_handful_is_never_counted_out_to_whoever_asked(client, mine, high):
    exercise = mine.exercise
    question = merging.new_question(exercise, text="How?", short="h", actor=None)
    merging.merge([mine.parts[0]], question, exercise=exercise, actor=None)
    exercise.state = ExerciseState.ANSWERING
    outcomes.note(Moment.ROUND_RESULT, question, exercise, source="round 1", round=1, kind="rating", high=high, n=41)
    page = said(client.get("/mine"))
    assert "The group has answered." in page
    assert "41 people answered, and few found it very important this time." in page
    assert f"{high} of 41" not in page


def test_words_that_became_two_questions_are_told_round_by_round(client, mine):
    exercise = mine.exercise
    for number, part in enumerate(triage.split(mine.parts[0], [(0, 20), (21, len(WORDS))], None), start=1):
        question = merging.new_question(exercise, text=f"How {number}?", short="h", actor=None)
        merging.merge([part], question, exercise=exercise, actor=None)
        outcomes.note(
            Moment.ROUND_RESULT, question, exercise, source="round 1", round=1, kind="rating", high=10 + number, n=41
        )
    exercise.state, exercise.published_at = ExerciseState.PUBLISHED, clock.now()
    page = said(client.get("/mine"))
    assert page.count("The group answered the first time") == 1
    assert "Question 1: 11 of 41 people" in " ".join(page.split())
    assert "Question 2: 12 of 41 people" in " ".join(page.split())
    assert page.index("How 2?") < page.index("The group answered the first time")
    assert page.count("Happening now:") == 1


def test_words_can_be_added_and_taken_back_until_they_are_joined(client, mine):
    path = f"/mine/{mine.public_id}"
    assert client.send(f"{path}/add", {"text": "Mer."}).status_code == 303
    assert "Mer." in client.get(path).text
    empty = client.send(f"{path}/add", {"text": " "})
    assert empty.status_code == 422
    assert 'href="#text"' in empty.text
    long = client.send(f"{path}/add", {"text": "ö" * 4001})
    assert long.status_code == 422
    assert "ö" * 4001 in long.text
    assert client.send(f"{path}/take-back").status_code == 303
    assert "You took this back." in client.get(path).text
    assert client.send(f"{path}/take-back").status_code == 303  # once more changes nothing
    assert client.send(f"{path}/add", {"text": "Mer."}).status_code == 409


def test_joined_words_can_no_longer_be_taken_back(client, mine):
    triage.route(mine.parts[0], Destination.TO_CHANGE, owner="Karin", sentence="Yes.", actor=None)
    path = f"/mine/{mine.public_id}"
    assert "Take this back" not in client.get(path).text
    assert client.send(f"{path}/take-back").status_code == 409
    assert client.send(f"{path}/add", {"text": "Mer."}).status_code == 409


@pytest.mark.parametrize("way", ["", "/add", "/take-back"])
def test_somebody_elses_question_is_nowhere(client, mine, way):
    other = proposing.submit(mine.exercise, texts=["Secret canary"], locale="en").proposals[0]
    path = f"/mine/{other.public_id}{way}"
    answer = client.send(path, {"text": "x"}) if way else client.get(path)
    assert answer.status_code == 404
    assert "canary" not in answer.text
    assert other.withdrawn_at is None
    assert len(other.words) == 1


def test_another_kind_of_visitor_has_no_private_page(client, sign_in, mine):
    for somebody in (a_panelist(mine.exercise), a_person(mine.exercise.organisation)):
        other = client.application.test_client()
        sign_in(other, somebody)
        assert other.get("/mine").status_code == 303
        assert other.send(f"/mine/{mine.public_id}/take-back").status_code == 303
    assert mine.withdrawn_at is None


def test_how_we_reach_somebody_can_be_changed_and_stopped(client, mine):
    bad = client.send("/mine/reach", {"address": "anna", "letters": "end"})
    assert bad.status_code == 422
    assert 'value="anna"' in bad.text
    assert client.send("/mine/reach", {"address": "", "letters": "end"}).status_code == 422
    assert client.send("/mine/reach", {"address": "a@example.org", "letters": "end"}).status_code == 303
    assert mine.contributor.letters is Letters.END
    assert 'value="a@example.org"' in client.get("/mine/reach").text
    assert client.send("/mine/reach", {"address": "", "letters": "nothing"}).status_code == 303
    assert mine.contributor.address is None


def test_what_else_is_allowed_is_asked_after_sending_and_can_be_taken_back(client, mine):
    page = client.get("/mine?done=asked")
    assert not re.search(r'name="purposes"[^>]*checked', page.text)
    client.send("/mine/agree", {"purposes": ["contact", "pass_on"]})
    assert consent.given(mine.contributor) == {Purpose.TAKE_PART, Purpose.CONTACT, Purpose.PASS_ON}
    client.send("/mine/agree", {"purposes": ["pass_on"]})
    assert consent.given(mine.contributor) == {Purpose.TAKE_PART, Purpose.PASS_ON}
    assert client.send("/mine/agree", {"purposes": ["everything"]}).status_code == 422
    assert client.send("/mine/agree").status_code == 303
    assert consent.given(mine.contributor) == {Purpose.TAKE_PART}


def test_deleting_asks_once_more_and_then_nothing_is_left(client, mine, tmp_path):
    exercise, code = mine.exercise, accounts.code_of(mine.contributor)
    assert client.get("/mine/delete").status_code == 200
    assert db.session.query(WordsErasure).count() == 0
    answer = client.send("/mine/delete")
    assert (answer.status_code, answer.location) == (303, "/?done=deleted")
    assert client.get("/mine").status_code == 303
    assert client.send("/code", {"code": code}).status_code == 422
    assert db.session.query(WordsErasure).count() == 1
    assert db.session.query(ProposalPart).count() == 1
    assert triage.waiting(exercise) == 0
    left = [p.name for p in tmp_path.iterdir() if p.is_file() and "vågar inte sluta".encode() in p.read_bytes()]
    assert left == []


def test_the_letter_says_nothing_of_what_was_asked(client):
    from priority.adapters import mail

    exercise = an_exercise(title="Living with a rare disease")
    walk(client, exercise, WORDS, address="a@example.org")
    letter = mail.render(db.session.query(Outbox).one())
    code = ids.spaced(accounts.code_of(db.session.query(Contributor).one()))
    assert code in letter.text
    assert code in letter.html
    for part in (letter.subject, letter.text, letter.html):
        assert "rare disease" not in part
        assert "vågar" not in part
    assert "Stop these letters" in letter.text


@pytest.mark.parametrize("moment", list(Moment))
def test_every_kind_of_news_can_be_written(app, moment):
    from priority.adapters import mail

    exercise = an_exercise()
    proposal = proposing.submit(exercise, texts=["Why?"], locale="en", address="a@example.org").proposals[0]
    event = outcomes.note(moment, proposal, exercise, source="test", kind="rating", high=3, n=5)
    outcomes.tell(proposal.contributor, event, exercise)
    letter = mail.render(db.session.query(Outbox).order_by(Outbox.id.desc()).first())
    assert letter.subject
    assert letter.subject in letter.text
    assert "{{" not in letter.text + letter.html
