"""Each guard of the database refuses what it says, and lets the ordinary case through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from priority import clock
from priority.extensions import db
from priority.models import (
    Audit,
    ConsensusRun,
    Consent,
    ConsentText,
    ExerciseQuestion,
    MergeRecord,
    MergeRecordPart,
    OutcomeEvent,
    Proposal,
    ProposalPart,
    ProposalWords,
    Question,
    QuestionWording,
    Round,
    RoundDecision,
    RoundExtension,
    RoundGroup,
    RoundItem,
    RoundResult,
    Slip,
    WordsErasure,
)
from priority.models.guards import GUARDS
from priority.services import protocols
from priority.words import (
    ErasureReason,
    ExtensionKind,
    Moment,
    Operation,
    Purpose,
    ResultKind,
    RoundKind,
    RoundState,
    RunState,
    SessionKind,
    WordsKind,
)
from tests.factories import a_contributor, a_panelist, a_person, add, an_exercise, group

HOUR = timedelta(hours=1)


@pytest.fixture
def world(app):
    """One row in every guarded table: a frozen exercise with a planned, an open and a closed round."""
    loose, exercise = an_exercise(), an_exercise()
    panelist = a_panelist(exercise)
    proposal = add(Proposal(exercise=exercise, contributor=a_contributor(exercise), locale="en"))
    for n in (1, 2):
        add(ProposalWords(proposal_id=proposal.id, n=n, kind=WordsKind.ORIGINAL, text="My words."))
    add(WordsErasure(proposal_id=proposal.id, n=2, reason=ErasureReason.ASKED, erased_at=clock.now()))
    part = add(ProposalPart(proposal_id=proposal.id, n=1, start=0, end=9))
    question = add(Question(organisation_id=exercise.organisation_id))
    wording = add(QuestionWording(question_id=question.id, n=1, locale="en", text="What helps?", short="Help"))
    add(ExerciseQuestion(exercise_id=exercise.id, question_id=question.id, number=1))
    record = add(
        MergeRecord(exercise_id=exercise.id, operation=Operation.MERGE, question_id=question.id, at=clock.now())
    )
    add(MergeRecordPart(seq=record.seq, part_id=part.id))
    add(
        OutcomeEvent(
            exercise_id=exercise.id, proposal_id=proposal.id, moment=Moment.RECEIVED, source="web", at=clock.now()
        )
    )
    consent_text = add(
        ConsentText(
            exercise_id=exercise.id,
            audience=SessionKind.PANELIST,
            purpose=Purpose.TAKE_PART,
            locale="en",
            version=1,
            text="I take part.",
        )
    )
    add(Consent(text_id=consent_text.id, panelist_id=panelist.id, given_at=clock.now()))
    add(
        Audit(
            seq=1,
            organisation_id=exercise.organisation_id,
            action="x",
            body={},
            at=clock.now(),
            prev="0" * 64,
            hash="0" * 64,
        )
    )
    protocols.freeze(exercise, actor=None)
    rounds = {}
    for n, name in enumerate(("closed", "open", "planned"), start=1):
        rounds[name] = add(Round(exercise_id=exercise.id, n=n, kind=RoundKind.RATING, design={}))
        add(RoundItem(round_id=rounds[name].id, wording_id=wording.id, key="Q1.1", position=1))
        add(RoundGroup(round_id=rounds[name].id, panelist_id=panelist.id, group_id=panelist.group_id))
    for name in ("closed", "open"):
        open_(rounds[name])
        ballot(rounds[name])
    add(Slip(round_id=rounds["open"].id, code_hash=b"1"))
    add(
        RoundExtension(
            round_id=rounds["open"].id, kind=ExtensionKind.LATER, closes_at=clock.now() + 9 * HOUR, reason="Holidays"
        )
    )
    rounds["closed"].state, rounds["closed"].closed_at = RoundState.CLOSED, clock.now()
    db.session.flush()
    add(RoundResult(round_id=rounds["closed"].id, kind=ResultKind.ITEMS, body={}, digest="0" * 64))
    add(a_run(exercise, rounds["closed"]))
    add(
        RoundDecision(
            round_id=rounds["closed"].id,
            body={},
            digest="0" * 64,
            signed_by_id=a_person(exercise.organisation).id,
            signed_at=clock.now(),
        )
    )
    db.session.commit()
    ids = {f"{name}_round": round_.id for name, round_ in rounds.items()}
    return ids | {
        "exercise": exercise.id,
        "loose": loose.id,
        "panelist": panelist.id,
        "group": group(exercise, "carers").id,
        "wording": wording.id,
        "proposal": proposal.id,
    }


def open_(round_):
    round_.state, round_.opened_at, round_.closes_at = RoundState.OPEN, clock.now(), clock.now() + HOUR
    db.session.flush()


def ballot(round_):
    for table, columns, values in BALLOT_ROWS:
        sql = f"INSERT INTO {table} (round_id, ballot_key, {columns}) VALUES (:round, x'01', {values})"
        db.session.execute(text(sql), {"round": round_.id})


BALLOT_ROWS = (
    (
        "ballot",
        '"state", kind, format, "group", answers, version, verified',
        "'saved', 'rating', 1, 'patients', '{}', 1, 1",
    ),
    ("ballot_submit", "submit_key, receipt", "x'02', 'abcd'"),
    ("paper_entry", "entry", "1"),
    ("reason", "wording_id, side, text, state", "(SELECT min(wording_id) FROM round_item), 'high', 'Why.', 'waiting'"),
    ("suggestion", "n, text, state", "1, 'And sleep?', 'waiting'"),
)


def a_run(exercise, round_, **values):
    ordinary = {
        "exercise_id": exercise.id,
        "round_id": round_.id,
        "is_primary": True,
        "pooled": False,
        "method": "jla",
        "parameters": {},
        "state": RunState.DONE,
        "input_digest": "0" * 64,
        "digest": "0" * 64,
        "result": {},
        "software": "priority",
    }
    return ConsensusRun(**(ordinary | values))


_NEVER = {
    "proposal_words": ("UPDATE proposal_words SET text = 'Other.'", None),
    "words_erasure": ("UPDATE words_erasure SET n = 9", "DELETE FROM words_erasure"),
    "question_wording": ("UPDATE question_wording SET text = 'Other?'", "DELETE FROM question_wording"),
    "merge_record": ("UPDATE merge_record SET reason = 'x'", "DELETE FROM merge_record"),
    "merge_record_part": ("UPDATE merge_record_part SET seq = seq", "DELETE FROM merge_record_part"),
    "outcome_event": ("UPDATE outcome_event SET source = 'x'", "DELETE FROM outcome_event"),
    "audit": ("UPDATE audit SET action = 'y'", "DELETE FROM audit"),
    "consent_text": ("UPDATE consent_text SET text = 'x'", "DELETE FROM consent_text"),
    "round_extension": ("UPDATE round_extension SET reason = 'x'", "DELETE FROM round_extension"),
    "round_result": ("UPDATE round_result SET digest = 'x'", "DELETE FROM round_result"),
    "consensus_run": ("UPDATE consensus_run SET digest = 'x'", "DELETE FROM consensus_run"),
    "round_decision": ("UPDATE round_decision SET digest = 'x'", "DELETE FROM round_decision"),
    "slip": ("UPDATE slip SET code_hash = x'03'", "DELETE FROM slip"),
}
_INSERT_ITEM = (
    "INSERT INTO round_item (round_id, wording_id, key, block, position) VALUES (:open_round, 99, 'Q9.1', 1, 2)"
)

# For each guard, by the name of its trigger, something it must refuse.
REFUSED: dict[str, str] = {
    **{f"guard_{table}_update": update for table, (update, _) in _NEVER.items()},
    **{f"guard_{table}_delete": delete for table, (_, delete) in _NEVER.items() if delete},
    "guard_proposal_words_delete": "DELETE FROM proposal_words WHERE n = 1",
    "guard_consent_update": "UPDATE consent SET text_id = text_id + 1",
    "guard_protocol_update": "UPDATE protocol SET body = '{}' WHERE exercise_id = :exercise",
    "guard_protocol_delete": "DELETE FROM protocol WHERE exercise_id = :exercise",
    "guard_protocol_insert": "INSERT INTO protocol (exercise_id, n, body, created_at, reason, frozen_at, digest) "
    "VALUES (:loose, 2, '{}', '2026-01-01', 'why', '2026-01-01', 'x')",
    "guard_side_insert": "INSERT INTO side (exercise_id, key, name, share, position) "
    "VALUES (:exercise, 'x', 'X', 9, 9)",
    "guard_side_update": "UPDATE side SET share = 5 WHERE exercise_id = :exercise",
    "guard_side_delete": "DELETE FROM side WHERE exercise_id = :exercise",
    "guard_stakeholder_group_insert": "INSERT INTO stakeholder_group (exercise_id, key, name, member, position) "
    "VALUES (:exercise, 'x', 'X', 'An X', 9)",
    "guard_stakeholder_group_update": "UPDATE stakeholder_group SET side_id = NULL WHERE exercise_id = :exercise",
    "guard_stakeholder_group_delete": "DELETE FROM stakeholder_group WHERE exercise_id = :exercise",
    "guard_exercise_ballot_key": "UPDATE exercise SET ballot_key_check = x'00' WHERE id = :exercise",
    "guard_round_insert": "INSERT INTO round (public_id, exercise_id, n, pilot, kind, design, state, "
    "opened_at, closes_at) VALUES ('x', :exercise, 9, 0, 'rating', '{}', 'open', '2026-01-01', '2027-01-01')",
    "guard_round_back": "UPDATE round SET state = 'planned' WHERE id = :open_round",
    "guard_round_unfrozen": "UPDATE round SET exercise_id = :loose, state = 'open', opened_at = '2026-01-01', "
    "closes_at = '2027-01-01' WHERE id = :planned_round",
    "guard_round_changed": "UPDATE round SET kind = 'ranking' WHERE id = :open_round",
    "guard_round_end": "UPDATE round SET closes_at = '2030-01-01 00:00:00.000000' WHERE id = :open_round",
    "guard_round_delete": "DELETE FROM round WHERE id = :open_round",
    "guard_round_item_insert": _INSERT_ITEM,
    "guard_round_item_update": "UPDATE round_item SET position = 7 WHERE round_id = :open_round",
    "guard_round_item_delete": "DELETE FROM round_item WHERE round_id = :open_round",
    "guard_round_group_update": "UPDATE round_group SET group_id = :group WHERE round_id = :open_round",
    "guard_round_group_delete": "DELETE FROM round_group WHERE round_id = :open_round",
    "guard_round_result_insert": "INSERT INTO round_result (round_id, kind, body, digest, created_at) "
    "VALUES (:open_round, 'items', '{}', 'x', '2026-01-01')",
    "guard_consensus_run_insert": "INSERT INTO consensus_run (public_id, exercise_id, round_id, pilot, is_primary, "
    "pooled, method, parameters, state, input_digest, digest, result, software, created_at) VALUES "
    "('x', :exercise, :open_round, 0, 1, 0, 'jla', '{}', 'done', 'x', 'x', '{}', 'x', '2026-01-01')",
    **{
        f"guard_{table}_insert": f"INSERT INTO {table} (round_id, ballot_key, {columns}) "
        f"VALUES (:closed_round, x'07', {values})"
        for table, columns, values in BALLOT_ROWS
    },
    "guard_ballot_update": "UPDATE ballot SET answers = '[]' WHERE round_id = :closed_round",
    "guard_ballot_submit_update": "UPDATE ballot_submit SET receipt = 'x' WHERE round_id = :closed_round",
    "guard_reason_update": "UPDATE reason SET text = 'x' WHERE round_id = :closed_round",
    "guard_suggestion_update": "UPDATE suggestion SET text = 'x' WHERE round_id = :closed_round",
    "guard_slip_insert": "INSERT INTO slip (round_id, code_hash) VALUES (:closed_round, x'02')",
    "guard_round_decision_insert": "INSERT INTO round_decision (round_id, body, digest, signed_by_id, signed_at) "
    "VALUES (:open_round, '{}', 'x', 1, '2026-01-01')",
    "guard_paper_entry_update": "UPDATE paper_entry SET entry = 2 WHERE round_id = :closed_round",
    **{
        f"guard_{table}_delete": f"DELETE FROM {table} WHERE round_id = :closed_round"
        for table in ("ballot", "ballot_submit", "paper_entry")
    },
}
WORDS = {guard.trigger: guard.words for guard in GUARDS}


def test_no_guard_is_without_its_case():
    assert set(REFUSED) == set(WORDS)


@pytest.mark.parametrize("trigger", sorted(REFUSED))
def test_the_database_refuses(world, trigger):
    with pytest.raises(IntegrityError) as refused:
        db.session.execute(text(REFUSED[trigger]), world)
    assert WORDS[trigger] in str(refused.value)


@pytest.mark.parametrize("trigger", sorted(REFUSED))
def test_it_is_the_guard_that_refuses(world, trigger):
    db.session.execute(text(f"DROP TRIGGER {trigger}"))
    assert WORDS[trigger] not in said_by_the_database(REFUSED[trigger], world)


def said_by_the_database(sql: str, values: dict) -> str:
    try:
        db.session.execute(text(sql), values)
    except IntegrityError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "allowed",
    [
        "DELETE FROM proposal_words WHERE n = 2",  # its mark is there
        "UPDATE consent SET withdrawn_at = '2026-01-01'",
        "UPDATE round SET closes_at = (SELECT closes_at FROM round_extension) WHERE id = :open_round",
        "UPDATE ballot SET answers = '[]' WHERE round_id = :open_round",
        "UPDATE side SET share = 5 WHERE exercise_id = :loose",
        "UPDATE round_item SET position = 7 WHERE round_id = :planned_round",
        "UPDATE round SET state = 'open', opened_at = '2026-01-01', closes_at = '2027-01-01' WHERE id = :planned_round",
    ],
)
def test_the_ordinary_case_goes_through(world, allowed):
    assert db.session.execute(text(allowed), world).rowcount
