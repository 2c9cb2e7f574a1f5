"""What cannot be added later: the rules that the schema itself holds from its first migration."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from priority import clock
from priority.extensions import db
from priority.models import (
    Ballot,
    BallotSubmit,
    ConsensusRun,
    ConsentText,
    Contributor,
    Exercise,
    ExerciseQuestion,
    MergeRecord,
    Objection,
    Outbox,
    OutcomeEvent,
    Panelist,
    PaperEntry,
    Proposal,
    ProposalPart,
    ProposalWords,
    Protocol,
    Question,
    QuestionWording,
    Role,
    Round,
    RoundResult,
    Session,
    Side,
    SignInToken,
    Translation,
)
from priority.services import protocols
from priority.words import (
    BallotState,
    Destination,
    ExerciseState,
    MailChannel,
    Moment,
    ObjectionState,
    Operation,
    Purpose,
    ResultKind,
    RoleName,
    RoundKind,
    RoundState,
    RunState,
    SessionKind,
    TranslationKind,
    WordsKind,
)
from tests.factories import a_contributor, a_panelist, a_person, add, an_exercise

pytestmark = pytest.mark.usefixtures("app")


def refuses(make, constraint):
    """The second of two rows that `make` gives is refused by the named constraint."""
    add(make())
    with pytest.raises(IntegrityError) as refused, db.session.begin_nested():
        add(make())
    assert constraint in str(refused.value)


def refused(thing, constraint):
    with pytest.raises(IntegrityError) as error, db.session.begin_nested():
        add(thing)
    assert constraint in str(error.value)


@pytest.fixture
def exercise(app):
    return an_exercise()


@pytest.fixture
def open_round(exercise):
    protocols.freeze(exercise, actor=None)
    round_ = add(Round(exercise_id=exercise.id, n=1, kind=RoundKind.RATING, design={}))
    round_.state, round_.opened_at, round_.closes_at = RoundState.OPEN, clock.now(), clock.now() + timedelta(hours=1)
    db.session.flush()
    return round_


def a_ballot(round_, **values):
    ordinary = {
        "round_id": round_.id,
        "ballot_key": b"k" * 32,
        "state": BallotState.SAVED,
        "kind": RoundKind.RATING,
        "format": 1,
        "group": "patients",
        "answers": "{}",
        "version": 1,
        "verified": True,
    }
    return Ballot(**(ordinary | values))


def test_one_ballot_a_person_and_round(open_round):
    db.session.add(a_ballot(open_round))
    db.session.flush()
    db.session.expunge_all()
    refused(a_ballot(open_round), "ballot.round_id, ballot.ballot_key")


def test_one_receipt_a_submit(open_round):
    submit = {"round_id": open_round.id, "submit_key": b"s", "receipt": "x"}
    add(BallotSubmit(ballot_key=b"a", **submit))
    refused(BallotSubmit(ballot_key=b"b", **submit), "ballot_submit.round_id, ballot_submit.submit_key")


def test_a_sent_ballot_has_its_commitment(open_round):
    refused(a_ballot(open_round, state=BallotState.SUBMITTED), "submitted_has_commitment")


def test_paper_is_typed_in_once_or_twice(open_round):
    refused(PaperEntry(round_id=open_round.id, ballot_key=b"a", entry=3), "ck_paper_entry_entry")


def test_a_pilot_is_never_a_result(exercise, open_round):
    pilot = add(Round(exercise_id=exercise.id, n=1, pilot=True, kind=RoundKind.RANKING, design={}))
    pilot.state, pilot.opened_at, pilot.closes_at = RoundState.OPEN, clock.now(), clock.now()
    db.session.flush()
    pilot.state, pilot.closed_at = RoundState.CLOSED, clock.now()
    db.session.flush()
    run = {
        "exercise_id": exercise.id,
        "round_id": pilot.id,
        "is_primary": True,
        "pooled": False,
        "method": "jla",
        "parameters": {},
        "state": RunState.DONE,
        "input_digest": "x",
        "digest": "x",
        "result": {},
        "software": "x",
    }
    refused(ConsensusRun(pilot=True, **run), "no_pilot")
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), db.session.begin_nested():
        add(ConsensusRun(pilot=False, **run))


def test_results_are_stored_once(exercise, open_round):
    open_round.state, open_round.closed_at = RoundState.CLOSED, clock.now()
    db.session.flush()
    refuses(lambda: RoundResult(round_id=open_round.id, kind=ResultKind.ITEMS, body={}, digest="x"), "round_result")


def test_an_exercise_opens_only_with_a_safeguarding_contact():
    with pytest.raises(IntegrityError, match="safeguarding_before_opening"):
        an_exercise(safeguarding_contact=None)


def test_a_draft_may_lack_it():
    assert an_exercise(safeguarding_contact=None, state=ExerciseState.DRAFT).id


def test_a_deviation_has_its_reason(exercise):
    protocols.freeze(exercise, actor=None)
    db.session.flush()
    row = Protocol(exercise_id=exercise.id, n=2, body={}, digest="x", frozen_at=clock.now())
    refused(row, "deviation_has_reason")


def test_a_share_is_above_nothing(exercise):
    refused(Side(exercise_id=exercise.id, key="x", name="X", share=0, position=9), "ck_side_share")


def test_groups_carry_no_weight():
    assert "share" not in {column.name for column in an_exercise().groups[0].__table__.columns}


def test_a_panelist_is_one_address_in_an_exercise(exercise):
    refuses(lambda: a_panelist(exercise, address_lookup=b"same"), "panelist.exercise_id, panelist.address_lookup")


def test_two_panelists_never_share_a_salt(exercise):
    refuses(lambda: a_panelist(exercise, salt=b"same"), "panelist.salt")


def test_an_active_panelist_has_a_salt(exercise):
    with pytest.raises(IntegrityError, match="active_has_salt"):
        a_panelist(exercise, salt=None)


def test_the_same_address_may_answer_in_two_exercises(exercise):
    assert a_panelist(exercise, address_lookup=b"x") is not a_panelist(an_exercise(), address_lookup=b"x")


def test_a_role_is_given_once_everywhere_and_once_an_exercise(exercise):
    person = a_person(exercise.organisation)
    base = {"person_id": person.id, "organisation_id": person.organisation_id, "name": RoleName.MODERATOR}
    refuses(lambda: Role(**base), "UNIQUE")
    refuses(lambda: Role(exercise_id=exercise.id, **base), "UNIQUE")


def test_a_panelists_session_never_says_when_it_was_seen(exercise):
    session = Session(
        token_hash=b"x",
        kind=SessionKind.PANELIST,
        panelist_id=a_panelist(exercise).id,
        expires_at=clock.now(),
        last_seen_at=clock.now(),
    )
    refused(session, "only_staff_are_seen")


def test_a_session_belongs_to_one(exercise):
    refused(Session(token_hash=b"x", kind=SessionKind.STAFF, expires_at=clock.now()), "belongs_to_one")


def test_a_sign_in_link_allows_ten_tries(exercise):
    token = {"token_hash": b"t", "code_hash": b"c", "expires_at": clock.now()}
    person = a_person(exercise.organisation)
    refused(SignInToken(person_id=person.id, tries=11, **token), "ck_sign_in_token_tries")
    refused(SignInToken(**token), "belongs_to_one")


def test_a_return_code_is_one_persons(exercise):
    refuses(lambda: a_contributor(exercise, code_hash=b"same"), "contributor.code_hash")


def test_a_text_of_words_is_not_empty(exercise):
    proposal = add(Proposal(exercise_id=exercise.id, locale="en"))
    refused(ProposalWords(proposal_id=proposal.id, n=1, kind=WordsKind.ORIGINAL, text=""), "not_empty")


def test_a_road_other_than_research_has_an_owner_and_a_sentence(exercise):
    proposal = add(Proposal(exercise_id=exercise.id, locale="en"))
    part = {"proposal_id": proposal.id, "n": 1, "start": 0, "end": 5, "decided_at": clock.now()}
    refused(ProposalPart(destination=Destination.TO_CHANGE, **part), "road_has_owner_and_sentence")
    assert add(ProposalPart(destination=Destination.RESEARCH, **part)).id


def test_a_part_has_words(exercise):
    proposal = add(Proposal(exercise_id=exercise.id, locale="en"))
    refused(ProposalPart(proposal_id=proposal.id, n=1, start=5, end=5), "stretch")


def a_question(exercise):
    return add(Question(organisation_id=exercise.organisation_id))


def test_wordings_questions_and_numbers_are_unique(exercise):
    question = a_question(exercise)
    wording = {"question_id": question.id, "n": 1, "locale": "en", "text": "What?", "short": "What"}
    refuses(lambda: QuestionWording(**wording), "question_wording.question_id, question_wording.n")
    add(ExerciseQuestion(exercise_id=exercise.id, question_id=question.id, number=1))
    refused(
        ExerciseQuestion(exercise_id=exercise.id, question_id=a_question(exercise).id, number=1),
        "exercise_question.exercise_id, exercise_question.number",
    )


def test_a_question_can_be_shared_by_two_exercises(exercise):
    question, other = a_question(exercise), an_exercise(exercise.organisation)
    for one in (exercise, other):
        assert add(ExerciseQuestion(exercise_id=one.id, question_id=question.id, number=1)).id


def test_a_line_of_the_trail_is_undone_once(exercise):
    line = {"exercise_id": exercise.id, "operation": Operation.MERGE, "at": clock.now()}
    first = add(MergeRecord(**line))
    refuses(lambda: MergeRecord(undoes=first.seq, **line), "merge_record.undoes")


def test_an_objection_that_is_answered_has_an_answer(exercise):
    proposal = add(Proposal(exercise_id=exercise.id, locale="en"))
    part = add(ProposalPart(proposal_id=proposal.id, n=1, start=0, end=5))
    values = {"part_id": part.id, "question_id": a_question(exercise).id, "text": "Not this."}
    refused(Objection(state=ObjectionState.UPHELD, answered_at=clock.now(), **values), "ck_objection_answer")


def test_an_outcome_is_about_one_thing(exercise):
    event = {"exercise_id": exercise.id, "moment": Moment.END, "source": "x", "at": clock.now()}
    refused(OutcomeEvent(**event), "about_one")


def test_nobody_gets_the_same_message_twice():
    refuses(
        lambda: Outbox(event_key="x", channel=MailChannel.MAIL, locale="en", template="received"), "outbox.event_key"
    )


def test_a_translation_is_one_text_a_language():
    values = {"kind": TranslationKind.QUESTION, "object_id": 1, "field": "text", "locale": "sv"}
    refuses(lambda: Translation(text="x", source_digest="x", **values), "translation.kind")


def test_a_consent_text_has_versions(exercise):
    values = {"audience": SessionKind.PANELIST, "purpose": Purpose.TAKE_PART, "locale": "en", "version": 1}
    refuses(lambda: ConsentText(exercise_id=exercise.id, text="x", **values), "consent_text")


def test_a_state_that_does_not_exist_is_refused(exercise):
    with pytest.raises((IntegrityError, StatementError)):
        db.session.execute(db.text("UPDATE exercise SET state = 'nonsense'"))


def test_public_ids_are_128_random_bits(exercise):
    ids = {add(Proposal(exercise_id=exercise.id, locale="en")).public_id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(one) == 26 for one in ids)


def test_times_have_a_zone(exercise):
    exercise.asking_until = clock.now().replace(tzinfo=None)
    with pytest.raises(StatementError, match="zone"):
        db.session.flush()


def test_every_root_belongs_to_an_organisation():
    for table in (Exercise, Panelist, Contributor, Role):
        names = {column.name for column in table.__table__.columns}
        assert names & {"organisation_id", "exercise_id"}
