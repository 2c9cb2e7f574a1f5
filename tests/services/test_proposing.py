"""People's words come in once, stay as they are, and go when their writer says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from priority import clock, database, ids
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import Contributor, MergeRecord, Outbox, OutcomeEvent, Proposal, ProposalWords, WordsErasure
from priority.services import accounts, consent, proposing, triage
from priority.words import (
    Channel,
    Destination,
    ErasureReason,
    ExerciseState,
    Letters,
    MailState,
    Moment,
    Operation,
    Purpose,
    WordsKind,
)
from tests.factories import a_person, an_exercise, group

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("app")
SWEDISH = "Tröttheten är värre än värken. 👩‍🦽 Vad gör man när vila inte hjälper?"


def sent(exercise, *texts, **values):
    return proposing.submit(exercise, texts=texts or ("Why am I tired?",), locale="en", **values)


def test_words_are_kept_letter_by_letter():
    answer = sent(an_exercise(), SWEDISH)
    db.session.expire_all()
    assert answer.proposals[0].words[0].text == SWEDISH
    assert "\u200d" in answer.proposals[0].words[0].text  # the joiner within the emoji


def test_what_turns_a_text_behind_the_readers_back_is_gone_and_lines_stay():
    answer = sent(an_exercise(), " one\r\ntwo\u202egnol\u2066\x00 \u200dthree\r\n")
    assert answer.proposals[0].words[0].text == "one\ntwognol \u200dthree"


def test_each_text_is_a_proposal_of_one_part_over_all_its_words():
    answer = sent(an_exercise(), "First?", "Second, and longer?")
    assert [(part.start, part.end, part.words_n) for p in answer.proposals for part in p.parts] == [
        (0, 6, 1),
        (0, 19, 1),
    ]
    assert [event.moment for event in db.session.query(OutcomeEvent)] == [Moment.RECEIVED] * 2


def test_the_return_code_leads_back():
    answer = sent(an_exercise())
    assert len(answer.code) == ids.CODE_LENGTH
    assert accounts.behind_code(ids.spaced(answer.code).upper()) is answer.contributor


def test_somebody_with_an_address_gets_one_letter_for_everything_sent_together():
    answer = sent(an_exercise(), "One?", "Two?", address=" Anna@Example.org ")
    (letter,) = db.session.query(Outbox)
    assert (letter.template, letter.contributor_id) == ("news_received", answer.contributor.id)
    assert keys.reveal(answer.contributor.address) == "Anna@Example.org"
    assert answer.contributor.address_lookup == keys.lookup("anna@example.org")


def test_somebody_without_an_address_gets_no_letter():
    answer = sent(an_exercise())
    assert answer.contributor.letters is Letters.NOTHING
    assert db.session.query(Outbox).count() == 0


def test_somebody_who_wrote_by_letter_gets_one_to_print():
    sent(an_exercise(), channel=Channel.LETTER)
    assert db.session.query(Outbox).one().template == "news_received"


def test_sending_is_agreeing_to_take_part():
    assert consent.given(sent(an_exercise()).contributor) == {Purpose.TAKE_PART}


@pytest.mark.parametrize("texts", [[], [""], ["  \n "], ["\u200b\u200d"], ["\x00\u202e"]])
def test_nothing_is_not_a_question(texts):
    with pytest.raises(Invalid, match="even if it is only a few words"):
        proposing.submit(an_exercise(), texts=texts, locale="en")
    assert db.session.query(Contributor).count() == 0


@pytest.mark.parametrize(("texts", "words"), [(["x" * 4001], "4000"), ([f"q{n}" for n in range(11)], "ten")])
def test_too_much_is_refused_and_nothing_is_kept(texts, words):
    with pytest.raises(Invalid, match=words):
        proposing.submit(an_exercise(), texts=texts, locale="en")
    assert db.session.query(Proposal).count() == 0


def test_the_longest_text_is_taken():
    assert len(sent(an_exercise(), "ä" * 4000).proposals[0].words[0].text) == 4000


@pytest.mark.parametrize("state", [s for s in ExerciseState if s is not ExerciseState.ASKING])
def test_nothing_is_taken_outside_the_time_of_asking(state):
    exercise = an_exercise(state=state)
    with pytest.raises(proposing.AskingEnded):
        sent(exercise)


def test_asking_ends_at_its_moment():
    exercise = an_exercise(asking_until=clock.now())
    with pytest.raises(proposing.AskingEnded):
        sent(exercise)


def test_the_same_form_sent_twice_keeps_nothing_twice():
    exercise = an_exercise()
    first, second = (sent(exercise, "One?", "Two?", once="k", address="a@example.org") for _ in range(2))
    assert second.code == first.code
    assert [p.id for p in second.proposals] == [p.id for p in first.proposals]
    assert db.session.query(Contributor).count() == 1
    assert db.session.query(Proposal).count() == 2
    assert db.session.query(Outbox).count() == 1


def test_the_same_form_is_answered_after_asking_has_ended():
    exercise = an_exercise()
    first = sent(exercise, once="k")
    exercise.state = ExerciseState.SORTING
    assert sent(exercise, once="k").code == first.code


def test_the_same_form_with_other_words_adds_them_to_the_same_person():
    exercise = an_exercise()
    first, second = sent(exercise, "One?", once="k"), sent(exercise, "One?", "Two?", once="k")
    assert second.contributor is first.contributor
    assert [p.words[0].text for p in second.proposals] == ["One?", "Two?"]
    assert db.session.query(Proposal).count() == 2


def test_other_forms_and_other_people_stay_apart():
    exercise = an_exercise()
    one, other = sent(exercise, once="k"), sent(exercise, once="l")
    again = sent(exercise, once="k", contributor=other.contributor)
    assert len({one.contributor.id, other.contributor.id}) == 2
    assert again.proposals[0].contributor_id == other.contributor.id


def test_the_database_decides_when_two_forms_race(monkeypatch):
    exercise = an_exercise()
    first = sent(exercise, once="k")
    real, calls = proposing._known_contributor, []

    def blind_once(sending):
        calls.append(sending)
        return None if len(calls) == 1 else real(sending)

    monkeypatch.setattr(proposing, "_known_contributor", blind_once)
    assert sent(exercise, once="k").contributor.id == first.contributor.id
    assert len(calls) == 2
    assert db.session.query(Proposal).count() == 1


def test_words_can_be_added_and_the_first_ones_stay():
    proposal = sent(an_exercise(), "First.").proposals[0]
    proposing.add_words(proposal, "More.")
    assert [(w.n, w.kind, w.text) for w in proposal.words] == [
        (1, WordsKind.ORIGINAL, "First."),
        (2, WordsKind.ADDITION, "More."),
    ]


def test_the_database_refuses_to_change_words():
    proposal = sent(an_exercise(), "First.").proposals[0]
    proposal.words[0].text = "Other."
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_what_was_taken_back_no_longer_waits_and_leaves_a_line():
    exercise = an_exercise()
    proposal = sent(exercise).proposals[0]
    assert triage.waiting(exercise) == 1
    proposing.withdraw(proposal)
    proposing.withdraw(proposal)
    assert triage.waiting(exercise) == 0
    assert db.session.query(MergeRecord).one().operation is Operation.WITHDRAW
    with pytest.raises(Stale):
        proposing.add_words(proposal, "More.")


def test_words_on_a_road_stay_as_they_are():
    exercise = an_exercise()
    moderator = a_person(exercise.organisation)
    proposal = sent(exercise).proposals[0]
    triage.route(proposal.parts[0], Destination.TO_CHANGE, owner="Karin", sentence="We take it.", actor=moderator)
    assert not proposing.may_change(proposal)
    for change in (proposing.withdraw, lambda p: proposing.add_words(p, "More.")):
        with pytest.raises(Stale):
            change(proposal)


def test_letters_need_an_address():
    contributor = sent(an_exercise()).contributor
    with pytest.raises(Invalid) as refused:
        proposing.set_reach(contributor, " ", Letters.END)
    assert refused.value.field == "address"
    proposing.set_reach(contributor, "a@example.org", Letters.END)
    assert contributor.address_lookup == keys.lookup("A@example.org")
    proposing.set_reach(contributor, None, Letters.NOTHING)
    assert (contributor.address, contributor.address_lookup) == (None, None)


def test_after_erasure_marks_and_counts_stay_and_no_text_lies_in_the_files(tmp_path: Path):
    exercise = an_exercise()
    canary = "Kanariefågeln sjunger om natten 7b1f"
    answer = sent(exercise, canary, address="canary@example.org", group=group(exercise, "carers"))
    proposing.add_words(answer.proposals[0], f"{canary} again")
    accounts.sign_in(answer.contributor, "s" * 51)
    database.commit()
    assert found_in(tmp_path, canary)
    proposing.erase(answer.contributor)
    proposing.erase(answer.contributor)
    database.commit()
    assert not found_in(tmp_path, canary)
    assert [(m.n, m.reason) for m in db.session.query(WordsErasure)] == [
        (1, ErasureReason.ASKED),
        (2, ErasureReason.ASKED),
    ]
    assert db.session.query(ProposalWords).count() == 0
    assert db.session.query(Proposal).count() == 1
    contributor = db.session.query(Contributor).one()
    assert (contributor.address, contributor.address_lookup, contributor.group_id) == (None, None, None)
    assert contributor.erased_at is not None
    assert consent.given(contributor) == set()
    assert db.session.query(Outbox).one().state is MailState.DROPPED
    assert triage.waiting(exercise) == 0
    with pytest.raises(Invalid):
        accounts.behind_code(answer.code)
    assert accounts.find_session("s" * 51) is None


def test_erased_words_do_not_come_back_with_the_same_form():
    exercise = an_exercise()
    proposing.erase(sent(exercise, once="k").contributor)
    with pytest.raises(Stale, match="deleted"):
        sent(exercise, once="k")


def test_after_erasure_words_on_a_road_keep_their_answer():
    exercise = an_exercise()
    answer = sent(exercise)
    part = answer.proposals[0].parts[0]
    triage.route(part, Destination.TO_CHANGE, owner="Karin", sentence="We take it.", actor=None)
    with clock.at(clock.now() + timedelta(days=1)):
        proposing.erase(answer.contributor)
    assert (part.destination, part.retired_at) == (Destination.TO_CHANGE, None)
    assert answer.proposals[0].withdrawn_at is None


def found_in(folder: Path, text: str) -> list[str]:
    return [path.name for path in folder.iterdir() if path.is_file() and text.encode() in path.read_bytes()]
