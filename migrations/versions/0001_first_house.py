"""first house"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# What the database refused when this migration was written; priority/models/guards.py says what it refuses now.
GUARDS = (
    'CREATE TRIGGER guard_proposal_words_update BEFORE UPDATE ON "proposal_words" WHEN 1 BEGIN SELECT RAISE(ABORT, \'proposal_words is never changed\'); END',
    'CREATE TRIGGER guard_proposal_words_delete BEFORE DELETE ON "proposal_words" WHEN NOT EXISTS (SELECT 1 FROM words_erasure WHERE proposal_id = OLD.proposal_id AND n = OLD.n) BEGIN SELECT RAISE(ABORT, \'words are deleted only with a dated mark\'); END',
    'CREATE TRIGGER guard_words_erasure_update BEFORE UPDATE ON "words_erasure" WHEN 1 BEGIN SELECT RAISE(ABORT, \'words_erasure is never changed\'); END',
    'CREATE TRIGGER guard_words_erasure_delete BEFORE DELETE ON "words_erasure" WHEN 1 BEGIN SELECT RAISE(ABORT, \'words_erasure is never changed\'); END',
    'CREATE TRIGGER guard_question_wording_update BEFORE UPDATE ON "question_wording" WHEN 1 BEGIN SELECT RAISE(ABORT, \'question_wording is never changed\'); END',
    'CREATE TRIGGER guard_question_wording_delete BEFORE DELETE ON "question_wording" WHEN 1 BEGIN SELECT RAISE(ABORT, \'question_wording is never changed\'); END',
    'CREATE TRIGGER guard_merge_record_update BEFORE UPDATE ON "merge_record" WHEN 1 BEGIN SELECT RAISE(ABORT, \'merge_record is never changed\'); END',
    'CREATE TRIGGER guard_merge_record_delete BEFORE DELETE ON "merge_record" WHEN 1 BEGIN SELECT RAISE(ABORT, \'merge_record is never changed\'); END',
    'CREATE TRIGGER guard_merge_record_part_update BEFORE UPDATE ON "merge_record_part" WHEN 1 BEGIN SELECT RAISE(ABORT, \'merge_record_part is never changed\'); END',
    'CREATE TRIGGER guard_merge_record_part_delete BEFORE DELETE ON "merge_record_part" WHEN 1 BEGIN SELECT RAISE(ABORT, \'merge_record_part is never changed\'); END',
    'CREATE TRIGGER guard_outcome_event_update BEFORE UPDATE ON "outcome_event" WHEN 1 BEGIN SELECT RAISE(ABORT, \'outcome_event is never changed\'); END',
    'CREATE TRIGGER guard_outcome_event_delete BEFORE DELETE ON "outcome_event" WHEN 1 BEGIN SELECT RAISE(ABORT, \'outcome_event is never changed\'); END',
    'CREATE TRIGGER guard_audit_update BEFORE UPDATE ON "audit" WHEN 1 BEGIN SELECT RAISE(ABORT, \'audit is never changed\'); END',
    'CREATE TRIGGER guard_audit_delete BEFORE DELETE ON "audit" WHEN 1 BEGIN SELECT RAISE(ABORT, \'audit is never changed\'); END',
    'CREATE TRIGGER guard_consent_text_update BEFORE UPDATE ON "consent_text" WHEN 1 BEGIN SELECT RAISE(ABORT, \'consent_text is never changed\'); END',
    'CREATE TRIGGER guard_consent_text_delete BEFORE DELETE ON "consent_text" WHEN 1 BEGIN SELECT RAISE(ABORT, \'consent_text is never changed\'); END',
    'CREATE TRIGGER guard_consent_update BEFORE UPDATE ON "consent" WHEN OLD.withdrawn_at IS NOT NULL OR OLD.text_id <> NEW.text_id OR OLD.given_at <> NEW.given_at BEGIN SELECT RAISE(ABORT, \'a consent can only be withdrawn\'); END',
    'CREATE TRIGGER guard_protocol_update BEFORE UPDATE ON "protocol" WHEN OLD.frozen_at IS NOT NULL BEGIN SELECT RAISE(ABORT, \'a frozen protocol is never changed\'); END',
    'CREATE TRIGGER guard_protocol_delete BEFORE DELETE ON "protocol" WHEN OLD.frozen_at IS NOT NULL BEGIN SELECT RAISE(ABORT, \'a frozen protocol is never changed\'); END',
    'CREATE TRIGGER guard_protocol_insert BEFORE INSERT ON "protocol" WHEN NEW.n > 1 AND NOT EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'a deviation needs a frozen protocol before it\'); END',
    'CREATE TRIGGER guard_side_insert BEFORE INSERT ON "side" WHEN EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol of this exercise is frozen\'); END',
    'CREATE TRIGGER guard_side_update BEFORE UPDATE ON "side" WHEN EXISTS (SELECT 1 FROM protocol WHERE exercise_id = OLD.exercise_id AND n = 1 AND frozen_at IS NOT NULL) OR EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol of this exercise is frozen\'); END',
    'CREATE TRIGGER guard_side_delete BEFORE DELETE ON "side" WHEN EXISTS (SELECT 1 FROM protocol WHERE exercise_id = OLD.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol of this exercise is frozen\'); END',
    'CREATE TRIGGER guard_stakeholder_group_insert BEFORE INSERT ON "stakeholder_group" WHEN EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol of this exercise is frozen\'); END',
    'CREATE TRIGGER guard_stakeholder_group_update BEFORE UPDATE ON "stakeholder_group" WHEN EXISTS (SELECT 1 FROM protocol WHERE exercise_id = OLD.exercise_id AND n = 1 AND frozen_at IS NOT NULL) OR EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol of this exercise is frozen\'); END',
    'CREATE TRIGGER guard_stakeholder_group_delete BEFORE DELETE ON "stakeholder_group" WHEN EXISTS (SELECT 1 FROM protocol WHERE exercise_id = OLD.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol of this exercise is frozen\'); END',
    'CREATE TRIGGER guard_exercise_ballot_key BEFORE UPDATE ON "exercise" WHEN OLD.ballot_key_check IS NOT NULL AND OLD.ballot_key_check IS NOT NEW.ballot_key_check BEGIN SELECT RAISE(ABORT, \'the ballot key of an exercise is made once\'); END',
    'CREATE TRIGGER guard_round_insert BEFORE INSERT ON "round" WHEN NEW.state <> \'planned\' BEGIN SELECT RAISE(ABORT, \'a round begins as planned\'); END',
    'CREATE TRIGGER guard_round_back BEFORE UPDATE ON "round" WHEN (OLD.state = \'closed\') OR (OLD.state = \'open\' AND NEW.state = \'planned\') OR (OLD.state = \'planned\' AND NEW.state = \'closed\') BEGIN SELECT RAISE(ABORT, \'a round never goes back\'); END',
    'CREATE TRIGGER guard_round_unfrozen BEFORE UPDATE ON "round" WHEN OLD.state = \'planned\' AND NEW.state = \'open\' AND NOT NEW.pilot AND NOT EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, \'the protocol must be frozen before a round opens\'); END',
    'CREATE TRIGGER guard_round_changed BEFORE UPDATE ON "round" WHEN OLD.state <> \'planned\' AND (OLD.exercise_id IS NOT NEW.exercise_id OR OLD.n IS NOT NEW.n OR OLD.pilot IS NOT NEW.pilot OR OLD.kind IS NOT NEW.kind OR OLD.design IS NOT NEW.design OR OLD.opened_at IS NOT NEW.opened_at) BEGIN SELECT RAISE(ABORT, \'an open round is never changed\'); END',
    'CREATE TRIGGER guard_round_end BEFORE UPDATE ON "round" WHEN OLD.state = \'open\' AND OLD.closes_at IS NOT NEW.closes_at AND NOT EXISTS (SELECT 1 FROM round_extension WHERE round_id = NEW.id AND closes_at = NEW.closes_at AND id = (SELECT max(id) FROM round_extension WHERE round_id = NEW.id)) BEGIN SELECT RAISE(ABORT, \'the end of a round moves only with a reason\'); END',
    'CREATE TRIGGER guard_round_delete BEFORE DELETE ON "round" WHEN OLD.state <> \'planned\' BEGIN SELECT RAISE(ABORT, \'a round that was open stays\'); END',
    'CREATE TRIGGER guard_round_item_insert BEFORE INSERT ON "round_item" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> \'planned\' BEGIN SELECT RAISE(ABORT, \'the questions of an open round stay\'); END',
    'CREATE TRIGGER guard_round_item_update BEFORE UPDATE ON "round_item" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'planned\' BEGIN SELECT RAISE(ABORT, \'the questions of an open round stay\'); END',
    'CREATE TRIGGER guard_round_item_delete BEFORE DELETE ON "round_item" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'planned\' BEGIN SELECT RAISE(ABORT, \'the questions of an open round stay\'); END',
    'CREATE TRIGGER guard_round_group_update BEFORE UPDATE ON "round_group" WHEN 1 BEGIN SELECT RAISE(ABORT, \'the groups of a round stay\'); END',
    'CREATE TRIGGER guard_round_group_delete BEFORE DELETE ON "round_group" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'planned\' BEGIN SELECT RAISE(ABORT, \'the groups of a round stay\'); END',
    'CREATE TRIGGER guard_round_extension_update BEFORE UPDATE ON "round_extension" WHEN 1 BEGIN SELECT RAISE(ABORT, \'round_extension is never changed\'); END',
    'CREATE TRIGGER guard_round_extension_delete BEFORE DELETE ON "round_extension" WHEN 1 BEGIN SELECT RAISE(ABORT, \'round_extension is never changed\'); END',
    'CREATE TRIGGER guard_ballot_insert BEFORE INSERT ON "ballot" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_ballot_update BEFORE UPDATE ON "ballot" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'open\' OR (SELECT state FROM round WHERE id = NEW.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_ballot_delete BEFORE DELETE ON "ballot" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_ballot_submit_insert BEFORE INSERT ON "ballot_submit" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_ballot_submit_update BEFORE UPDATE ON "ballot_submit" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'open\' OR (SELECT state FROM round WHERE id = NEW.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_ballot_submit_delete BEFORE DELETE ON "ballot_submit" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_paper_entry_insert BEFORE INSERT ON "paper_entry" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_paper_entry_update BEFORE UPDATE ON "paper_entry" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'open\' OR (SELECT state FROM round WHERE id = NEW.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_paper_entry_delete BEFORE DELETE ON "paper_entry" WHEN (SELECT state FROM round WHERE id = OLD.round_id) <> \'open\' BEGIN SELECT RAISE(ABORT, \'answers can be given only while their round is open\'); END',
    'CREATE TRIGGER guard_round_result_insert BEFORE INSERT ON "round_result" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> \'closed\' BEGIN SELECT RAISE(ABORT, \'results exist only after closing\'); END',
    'CREATE TRIGGER guard_round_result_update BEFORE UPDATE ON "round_result" WHEN 1 BEGIN SELECT RAISE(ABORT, \'round_result is never changed\'); END',
    'CREATE TRIGGER guard_round_result_delete BEFORE DELETE ON "round_result" WHEN 1 BEGIN SELECT RAISE(ABORT, \'round_result is never changed\'); END',
    'CREATE TRIGGER guard_consensus_run_insert BEFORE INSERT ON "consensus_run" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> \'closed\' BEGIN SELECT RAISE(ABORT, \'results exist only after closing\'); END',
    'CREATE TRIGGER guard_consensus_run_update BEFORE UPDATE ON "consensus_run" WHEN 1 BEGIN SELECT RAISE(ABORT, \'consensus_run is never changed\'); END',
    'CREATE TRIGGER guard_consensus_run_delete BEFORE DELETE ON "consensus_run" WHEN 1 BEGIN SELECT RAISE(ABORT, \'consensus_run is never changed\'); END',
)


def upgrade() -> None:
    op.create_table('limit',
    sa.Column('key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_limit'))
    )
    op.create_index(op.f('ix_limit_expires_at'), 'limit', ['expires_at'], unique=False)
    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('contact_name', sa.String(length=300), nullable=False),
    sa.Column('contact_phone', sa.String(length=300), nullable=False),
    sa.Column('contact_hours', sa.String(length=300), nullable=False),
    sa.Column('contact_email', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('public_id', name=op.f('uq_organisation_public_id'))
    )
    op.create_table('exercise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('introduction', sa.Text(), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.Column('template', sa.Enum('jla_style', 'delphi_70_15', 'rand_ucla', 'imported', name='template', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state', sa.Enum('draft', 'asking', 'sorting', 'answering', 'published', name='exercise_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('simulated', sa.Boolean(), nullable=False),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('contact_name', sa.String(length=300), nullable=False),
    sa.Column('contact_phone', sa.String(length=300), nullable=False),
    sa.Column('contact_hours', sa.String(length=300), nullable=False),
    sa.Column('contact_email', sa.String(length=300), nullable=False),
    sa.Column('readers', sa.String(length=300), nullable=False),
    sa.Column('safeguarding_contact', sa.String(length=300), nullable=True),
    sa.Column('asking_until', sa.DateTime(), nullable=True),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('key_days', sa.Integer(), nullable=False),
    sa.Column('ballot_key_check', sa.LargeBinary(), nullable=True),
    sa.Column('key_destroyed_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("state = 'draft' OR safeguarding_contact IS NOT NULL", name=op.f('ck_exercise_safeguarding_before_opening')),
    sa.CheckConstraint('key_days BETWEEN 1 AND 365', name=op.f('ck_exercise_key_days')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_exercise_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise')),
    sa.UniqueConstraint('public_id', name=op.f('uq_exercise_public_id'))
    )
    op.create_index(op.f('ix_exercise_organisation_id'), 'exercise', ['organisation_id'], unique=False)
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('address_lookup', sa.LargeBinary(), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_person_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('organisation_id', 'address_lookup', name=op.f('uq_person_organisation_id_address_lookup')),
    sa.UniqueConstraint('public_id', name=op.f('uq_person_public_id'))
    )
    op.create_index(op.f('ix_person_address_lookup'), 'person', ['address_lookup'], unique=False)
    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_question_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('public_id', name=op.f('uq_question_public_id'))
    )
    op.create_index(op.f('ix_question_organisation_id'), 'question', ['organisation_id'], unique=False)
    op.create_table('audit',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('prev', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_audit_actor_id')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_audit_exercise_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_audit_organisation_id')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_exercise_id'), 'audit', ['exercise_id'], unique=False)
    op.create_index(op.f('ix_audit_organisation_id'), 'audit', ['organisation_id'], unique=False)
    op.create_table('consent_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.Enum('staff', 'panelist', 'contributor', name='session_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('purpose', sa.Enum('take_part', 'contact', 'name', 'pass_on', name='purpose', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_consent_text_exercise_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_text')),
    sa.UniqueConstraint('exercise_id', 'audience', 'purpose', 'locale', 'version', name=op.f('uq_consent_text_exercise_id_audience_purpose_locale_version'))
    )
    op.create_table('evidence_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('searched', sa.Text(), nullable=False),
    sa.Column('searched_on', sa.DateTime(), nullable=False),
    sa.Column('finding', sa.Enum('unanswered', 'partly', 'answered', name='finding', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('checked_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['checked_by_id'], ['person.id'], name=op.f('fk_evidence_check_checked_by_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_evidence_check_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_check'))
    )
    op.create_index(op.f('ix_evidence_check_question_id'), 'evidence_check', ['question_id'], unique=False)
    op.create_table('exercise_partner',
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name_shown', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_partner_exercise_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_exercise_partner_organisation_id')),
    sa.PrimaryKeyConstraint('exercise_id', 'organisation_id', name=op.f('pk_exercise_partner'))
    )
    op.create_table('exercise_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=40), nullable=True),
    sa.Column('stage', sa.String(length=40), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_exercise_question_exercise_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_exercise_question_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exercise_question')),
    sa.UniqueConstraint('exercise_id', 'number', name=op.f('uq_exercise_question_exercise_id_number')),
    sa.UniqueConstraint('exercise_id', 'question_id', name=op.f('uq_exercise_question_exercise_id_question_id'))
    )
    op.create_index(op.f('ix_exercise_question_question_id'), 'exercise_question', ['question_id'], unique=False)
    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('payload', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', name='job_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_job_exercise_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('public_id', name=op.f('uq_job_public_id'))
    )
    op.create_index(op.f('ix_job_state'), 'job', ['state'], unique=False)
    op.create_table('merge_record',
    sa.Column('seq', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('operation', sa.Enum('merge', 'unmerge', 'split', 'route', 'reword', 'withdraw', 'undo', name='operation', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('second_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('undoes', sa.Integer(), nullable=True),
    sa.Column('detail', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_merge_record_actor_id')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_merge_record_exercise_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_merge_record_question_id')),
    sa.ForeignKeyConstraint(['second_by_id'], ['person.id'], name=op.f('fk_merge_record_second_by_id')),
    sa.ForeignKeyConstraint(['undoes'], ['merge_record.seq'], name=op.f('fk_merge_record_undoes')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_merge_record')),
    sa.UniqueConstraint('undoes', name=op.f('uq_merge_record_undoes'))
    )
    op.create_index(op.f('ix_merge_record_exercise_id'), 'merge_record', ['exercise_id'], unique=False)
    op.create_index(op.f('ix_merge_record_question_id'), 'merge_record', ['question_id'], unique=False)
    op.create_table('protocol',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('(frozen_at IS NULL) = (digest IS NULL)', name=op.f('ck_protocol_frozen_with_digest')),
    sa.CheckConstraint('n = 1 OR (reason IS NOT NULL AND frozen_at IS NOT NULL)', name=op.f('ck_protocol_deviation_has_reason')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_protocol_author_id')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_protocol_exercise_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol')),
    sa.UniqueConstraint('exercise_id', 'n', name=op.f('uq_protocol_exercise_id_n'))
    )
    op.create_table('question_wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('short', sa.String(length=300), nullable=False),
    sa.Column('background', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('length(text) > 0', name=op.f('ck_question_wording_not_empty')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_question_wording_author_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_wording_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_wording')),
    sa.UniqueConstraint('question_id', 'n', name=op.f('uq_question_wording_question_id_n'))
    )
    op.create_table('reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('doi', 'address', name='reference_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('value', sa.String(length=300), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_reference_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference'))
    )
    op.create_index(op.f('ix_reference_question_id'), 'reference', ['question_id'], unique=False)
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Enum('moderator', 'coordinator', 'researcher', 'translator', 'administrator', name='role_name', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_role_exercise_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_role_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role'))
    )
    op.create_index('uq_role_everywhere', 'role', ['person_id', 'organisation_id', 'name'], unique=True, sqlite_where=sa.text('exercise_id IS NULL'), postgresql_where=sa.text('exercise_id IS NULL'))
    op.create_index('uq_role_exercise', 'role', ['person_id', 'organisation_id', 'exercise_id', 'name'], unique=True)
    op.create_table('round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('pilot', sa.Boolean(), nullable=False),
    sa.Column('kind', sa.Enum('rating', 'ranking', 'choose', 'best_worst', name='round_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('design', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.Enum('planned', 'open', 'closed', name='round_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('closes_at', sa.DateTime(), nullable=True),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_round_closed')),
    sa.CheckConstraint("state = 'planned' OR closes_at IS NOT NULL", name=op.f('ck_round_has_an_end')),
    sa.CheckConstraint("state = 'planned' OR opened_at IS NOT NULL", name=op.f('ck_round_opened')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_round_exercise_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('exercise_id', 'n', 'pilot', name=op.f('uq_round_exercise_id_n_pilot')),
    sa.UniqueConstraint('id', 'pilot', name=op.f('uq_round_id_pilot')),
    sa.UniqueConstraint('public_id', name=op.f('uq_round_public_id'))
    )
    op.create_table('side',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('share', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('share > 0', name=op.f('ck_side_share')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_side_exercise_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_side')),
    sa.UniqueConstraint('exercise_id', 'key', name=op.f('uq_side_exercise_id_key'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_stored_file_exercise_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_stored_file_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('public_id', name=op.f('uq_stored_file_public_id'))
    )
    op.create_index(op.f('ix_stored_file_organisation_id'), 'stored_file', ['organisation_id'], unique=False)
    op.create_table('translation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('question', 'proposal', 'exercise', name='translation_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('object_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('source_digest', sa.String(), nullable=False),
    sa.Column('reviewed_by_id', sa.Integer(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['person.id'], name=op.f('fk_translation_reviewed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_translation')),
    sa.UniqueConstraint('kind', 'object_id', 'field', 'locale', name=op.f('uq_translation_kind_object_id_field_locale'))
    )
    op.create_table('ballot',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('ballot_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('state', sa.Enum('saved', 'submitted', 'taken_back', name='ballot_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('kind', sa.Enum('rating', 'ranking', 'choose', 'best_worst', name='round_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('format', sa.Integer(), nullable=False),
    sa.Column('group', sa.String(length=40), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('nonce', sa.LargeBinary(), nullable=True),
    sa.Column('commitment', sa.LargeBinary(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state = 'submitted') <= (commitment IS NOT NULL)", name=op.f('ck_ballot_submitted_has_commitment')),
    sa.CheckConstraint('(nonce IS NULL) = (commitment IS NULL)', name=op.f('ck_ballot_nonce_with_commitment')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_ballot_round_id')),
    sa.PrimaryKeyConstraint('round_id', 'ballot_key', name=op.f('pk_ballot')),
    sqlite_with_rowid=False
    )
    op.create_table('ballot_submit',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('ballot_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('submit_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_ballot_submit_round_id')),
    sa.PrimaryKeyConstraint('round_id', 'ballot_key', 'submit_key', name=op.f('pk_ballot_submit')),
    sa.UniqueConstraint('round_id', 'submit_key', name=op.f('uq_ballot_submit_round_id_submit_key')),
    sqlite_with_rowid=False
    )
    op.create_table('consensus_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('pilot', sa.Boolean(), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('pooled', sa.Boolean(), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('parameters', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Enum('done', 'heuristic', name='run_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('input_digest', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('result', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('software', sa.String(length=40), nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('NOT pilot', name=op.f('ck_consensus_run_no_pilot')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_consensus_run_exercise_id')),
    sa.ForeignKeyConstraint(['round_id', 'pilot'], ['round.id', 'round.pilot'], name='fk_consensus_run_round'),
    sa.ForeignKeyConstraint(['supersedes_id'], ['consensus_run.id'], name=op.f('fk_consensus_run_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus_run')),
    sa.UniqueConstraint('public_id', name=op.f('uq_consensus_run_public_id')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_consensus_run_supersedes_id'))
    )
    op.create_index(op.f('ix_consensus_run_exercise_id'), 'consensus_run', ['exercise_id'], unique=False)
    op.create_table('paper_entry',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('ballot_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('entry', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint('entry IN (1, 2)', name=op.f('ck_paper_entry_entry')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_paper_entry_round_id')),
    sa.PrimaryKeyConstraint('round_id', 'ballot_key', 'entry', name=op.f('pk_paper_entry')),
    sqlite_with_rowid=False
    )
    op.create_table('round_extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('later', 'early', name='extension_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('closes_at', sa.DateTime(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_round_extension_reason')),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_round_extension_actor_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_extension_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_extension'))
    )
    op.create_index(op.f('ix_round_extension_round_id'), 'round_extension', ['round_id'], unique=False)
    op.create_table('round_item',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('wording_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('block', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_item_round_id')),
    sa.ForeignKeyConstraint(['wording_id'], ['question_wording.id'], name=op.f('fk_round_item_wording_id')),
    sa.PrimaryKeyConstraint('round_id', 'wording_id', name=op.f('pk_round_item')),
    sa.UniqueConstraint('round_id', 'key', name=op.f('uq_round_item_round_id_key'))
    )
    op.create_table('round_result',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('items', 'feedback', 'turnout', 'agreement', name='result_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_result_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_result')),
    sa.UniqueConstraint('round_id', 'kind', name=op.f('uq_round_result_round_id_kind'))
    )
    op.create_table('slip',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_slip_round_id')),
    sa.PrimaryKeyConstraint('round_id', 'code_hash', name=op.f('pk_slip')),
    sqlite_with_rowid=False
    )
    op.create_table('stakeholder_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('side_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('member', sa.String(length=300), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_stakeholder_group_exercise_id')),
    sa.ForeignKeyConstraint(['side_id'], ['side.id'], name=op.f('fk_stakeholder_group_side_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stakeholder_group')),
    sa.UniqueConstraint('exercise_id', 'key', name=op.f('uq_stakeholder_group_exercise_id_key'))
    )
    op.create_table('contributor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.Enum('web', 'letter', 'telephone', 'imported', name='channel', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('letters', sa.Enum('every_step', 'end', 'nothing', name='letters', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('address_lookup', sa.LargeBinary(), nullable=True),
    sa.Column('code_number', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('erased_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_contributor_exercise_id')),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_contributor_group_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contributor')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_contributor_code_hash')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contributor_public_id'))
    )
    op.create_index(op.f('ix_contributor_address_lookup'), 'contributor', ['address_lookup'], unique=False)
    op.create_index(op.f('ix_contributor_exercise_id'), 'contributor', ['exercise_id'], unique=False)
    op.create_table('panelist',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=True),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('address_lookup', sa.LargeBinary(), nullable=True),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('observer', sa.Boolean(), nullable=False),
    sa.Column('link_number', sa.Integer(), nullable=False),
    sa.Column('link_hash', sa.LargeBinary(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('erased_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('NOT active OR observer OR salt IS NOT NULL', name=op.f('ck_panelist_active_has_salt')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_panelist_exercise_id')),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_panelist_group_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_panelist_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panelist')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_panelist_code_hash')),
    sa.UniqueConstraint('exercise_id', 'address_lookup', name=op.f('uq_panelist_exercise_id_address_lookup')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_panelist_link_hash')),
    sa.UniqueConstraint('public_id', name=op.f('uq_panelist_public_id')),
    sa.UniqueConstraint('salt', name=op.f('uq_panelist_salt'))
    )
    op.create_index(op.f('ix_panelist_exercise_id'), 'panelist', ['exercise_id'], unique=False)
    op.create_table('reason',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('ballot_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('wording_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('high', 'low', name='reason_side', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'released', 'withheld', name='review_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.ForeignKeyConstraint(['round_id', 'wording_id'], ['round_item.round_id', 'round_item.wording_id'], name='fk_reason_round_item'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_reason_round_id')),
    sa.PrimaryKeyConstraint('round_id', 'ballot_key', 'wording_id', name=op.f('pk_reason')),
    sqlite_with_rowid=False
    )
    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('contributor_id', sa.Integer(), nullable=True),
    sa.Column('panelist_id', sa.Integer(), nullable=True),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('(contributor_id IS NULL) <> (panelist_id IS NULL)', name=op.f('ck_consent_belongs_to_one')),
    sa.ForeignKeyConstraint(['contributor_id'], ['contributor.id'], name=op.f('fk_consent_contributor_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelist.id'], name=op.f('fk_consent_panelist_id')),
    sa.ForeignKeyConstraint(['text_id'], ['consent_text.id'], name=op.f('fk_consent_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index(op.f('ix_consent_contributor_id'), 'consent', ['contributor_id'], unique=False)
    op.create_index(op.f('ix_consent_panelist_id'), 'consent', ['panelist_id'], unique=False)
    op.create_table('interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.Column('panelist_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('declared_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('(role_id IS NULL) <> (panelist_id IS NULL)', name=op.f('ck_interest_belongs_to_one')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelist.id'], name=op.f('fk_interest_panelist_id')),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_interest_role_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interest'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=True),
    sa.Column('event_key', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.Enum('mail', 'letter', name='mail_channel', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contributor_id', sa.Integer(), nullable=True),
    sa.Column('panelist_id', sa.Integer(), nullable=True),
    sa.Column('context', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sent', 'failed', 'dropped', name='mail_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['contributor_id'], ['contributor.id'], name=op.f('fk_outbox_contributor_id')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_outbox_exercise_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelist.id'], name=op.f('fk_outbox_panelist_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_outbox_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('event_key', name=op.f('uq_outbox_event_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_outbox_public_id'))
    )
    op.create_index(op.f('ix_outbox_exercise_id'), 'outbox', ['exercise_id'], unique=False)
    op.create_index(op.f('ix_outbox_state'), 'outbox', ['state'], unique=False)
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('contributor_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('locale', sa.String(length=12), nullable=False),
    sa.Column('on_behalf', sa.Boolean(), nullable=False),
    sa.Column('stage', sa.String(length=40), nullable=True),
    sa.Column('theme', sa.String(length=40), nullable=True),
    sa.Column('kind', sa.Enum('question', 'stop', name='proposal_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('channel', sa.Enum('web', 'letter', 'telephone', 'imported', name='channel', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['contributor_id'], ['contributor.id'], name=op.f('fk_proposal_contributor_id')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_proposal_exercise_id')),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_proposal_group_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('public_id', name=op.f('uq_proposal_public_id'))
    )
    op.create_index(op.f('ix_proposal_contributor_id'), 'proposal', ['contributor_id'], unique=False)
    op.create_index(op.f('ix_proposal_exercise_id'), 'proposal', ['exercise_id'], unique=False)
    op.create_table('round_group',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('panelist_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['stakeholder_group.id'], name=op.f('fk_round_group_group_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelist.id'], name=op.f('fk_round_group_panelist_id')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_round_group_round_id')),
    sa.PrimaryKeyConstraint('round_id', 'panelist_id', name=op.f('pk_round_group'))
    )
    op.create_table('session',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('kind', sa.Enum('staff', 'panelist', 'contributor', name='session_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('panelist_id', sa.Integer(), nullable=True),
    sa.Column('contributor_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(kind = 'staff' AND person_id IS NOT NULL AND panelist_id IS NULL AND contributor_id IS NULL) OR (kind = 'panelist' AND person_id IS NULL AND panelist_id IS NOT NULL AND contributor_id IS NULL) OR (kind = 'contributor' AND person_id IS NULL AND panelist_id IS NULL AND contributor_id IS NOT NULL)", name=op.f('ck_session_belongs_to_one')),
    sa.CheckConstraint("kind = 'staff' OR last_seen_at IS NULL", name=op.f('ck_session_only_staff_are_seen')),
    sa.ForeignKeyConstraint(['contributor_id'], ['contributor.id'], name=op.f('fk_session_contributor_id')),
    sa.ForeignKeyConstraint(['panelist_id'], ['panelist.id'], name=op.f('fk_session_panelist_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_session_person_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_session'))
    )
    op.create_index(op.f('ix_session_contributor_id'), 'session', ['contributor_id'], unique=False)
    op.create_index(op.f('ix_session_panelist_id'), 'session', ['panelist_id'], unique=False)
    op.create_index(op.f('ix_session_person_id'), 'session', ['person_id'], unique=False)
    op.create_table('sign_in_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('contributor_id', sa.Integer(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('reusable', sa.Boolean(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('(person_id IS NULL) <> (contributor_id IS NULL)', name=op.f('ck_sign_in_token_belongs_to_one')),
    sa.CheckConstraint('tries BETWEEN 0 AND 10', name=op.f('ck_sign_in_token_tries')),
    sa.ForeignKeyConstraint(['contributor_id'], ['contributor.id'], name=op.f('fk_sign_in_token_contributor_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_token_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_sign_in_token_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_token_token_hash'))
    )
    op.create_table('outcome_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('exercise_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('moment', sa.Enum('received', 'routed', 'merged', 'known', 'round_result', 'end', 'afterwards', name='moment', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('detail', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('(proposal_id IS NULL) <> (question_id IS NULL)', name=op.f('ck_outcome_event_about_one')),
    sa.ForeignKeyConstraint(['exercise_id'], ['exercise.id'], name=op.f('fk_outcome_event_exercise_id')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_outcome_event_proposal_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_outcome_event_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_event'))
    )
    op.create_index(op.f('ix_outcome_event_exercise_id'), 'outcome_event', ['exercise_id'], unique=False)
    op.create_index(op.f('ix_outcome_event_proposal_id'), 'outcome_event', ['proposal_id'], unique=False)
    op.create_index(op.f('ix_outcome_event_question_id'), 'outcome_event', ['question_id'], unique=False)
    op.create_table('proposal_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('words_n', sa.Integer(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=False),
    sa.Column('end', sa.Integer(), nullable=False),
    sa.Column('destination', sa.Enum('research', 'to_change', 'already_known', 'another_partner', name='destination', native_enum=False, create_constraint=True, length=20), nullable=True),
    sa.Column('owner', sa.String(length=300), nullable=True),
    sa.Column('sentence', sa.Text(), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('retired_at', sa.DateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("destination IS NULL OR destination = 'research' OR (owner IS NOT NULL AND sentence IS NOT NULL)", name=op.f('ck_proposal_part_road_has_owner_and_sentence')),
    sa.CheckConstraint('(destination IS NULL) = (decided_at IS NULL)', name=op.f('ck_proposal_part_decided')),
    sa.CheckConstraint('start >= 0 AND start < "end"', name=op.f('ck_proposal_part_stretch')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_proposal_part_decided_by_id')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_part_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_part')),
    sa.UniqueConstraint('proposal_id', 'n', name=op.f('uq_proposal_part_proposal_id_n')),
    sa.UniqueConstraint('public_id', name=op.f('uq_proposal_part_public_id'))
    )
    op.create_table('proposal_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('original', 'addition', 'redaction', name='words_kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('length(text) > 0', name=op.f('ck_proposal_words_not_empty')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_words_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_words')),
    sa.UniqueConstraint('proposal_id', 'n', name=op.f('uq_proposal_words_proposal_id_n'))
    )
    op.create_table('words_erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('asked', 'redacted', name='erasure_reason', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('erased_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_words_erasure_proposal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_words_erasure')),
    sa.UniqueConstraint('proposal_id', 'n', name=op.f('uq_words_erasure_proposal_id_n'))
    )
    op.create_table('merge_record_part',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['part_id'], ['proposal_part.id'], name=op.f('fk_merge_record_part_part_id')),
    sa.ForeignKeyConstraint(['seq'], ['merge_record.seq'], name=op.f('fk_merge_record_part_seq')),
    sa.PrimaryKeyConstraint('seq', 'part_id', name=op.f('pk_merge_record_part'))
    )
    op.create_index(op.f('ix_merge_record_part_part_id'), 'merge_record_part', ['part_id'], unique=False)
    op.create_table('objection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('part_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('open', 'upheld', 'explained', name='objection_state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f('ck_objection_answered')),
    sa.CheckConstraint("state = 'open' OR answer IS NOT NULL", name=op.f('ck_objection_answer')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_objection_answered_by_id')),
    sa.ForeignKeyConstraint(['part_id'], ['proposal_part.id'], name=op.f('fk_objection_part_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_objection_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection')),
    sa.UniqueConstraint('public_id', name=op.f('uq_objection_public_id'))
    )
    op.create_index(op.f('ix_objection_part_id'), 'objection', ['part_id'], unique=False)
    for guard in GUARDS:
        op.execute(guard)


def downgrade() -> None:
    for guard in GUARDS:
        op.execute(f"DROP TRIGGER {guard.split()[2]}")
    op.drop_index(op.f('ix_objection_part_id'), table_name='objection')
    op.drop_table('objection')
    op.drop_index(op.f('ix_merge_record_part_part_id'), table_name='merge_record_part')
    op.drop_table('merge_record_part')
    op.drop_table('words_erasure')
    op.drop_table('proposal_words')
    op.drop_table('proposal_part')
    op.drop_index(op.f('ix_outcome_event_question_id'), table_name='outcome_event')
    op.drop_index(op.f('ix_outcome_event_proposal_id'), table_name='outcome_event')
    op.drop_index(op.f('ix_outcome_event_exercise_id'), table_name='outcome_event')
    op.drop_table('outcome_event')
    op.drop_table('sign_in_token')
    op.drop_index(op.f('ix_session_person_id'), table_name='session')
    op.drop_index(op.f('ix_session_panelist_id'), table_name='session')
    op.drop_index(op.f('ix_session_contributor_id'), table_name='session')
    op.drop_table('session')
    op.drop_table('round_group')
    op.drop_index(op.f('ix_proposal_exercise_id'), table_name='proposal')
    op.drop_index(op.f('ix_proposal_contributor_id'), table_name='proposal')
    op.drop_table('proposal')
    op.drop_index(op.f('ix_outbox_state'), table_name='outbox')
    op.drop_index(op.f('ix_outbox_exercise_id'), table_name='outbox')
    op.drop_table('outbox')
    op.drop_table('interest')
    op.drop_index(op.f('ix_consent_panelist_id'), table_name='consent')
    op.drop_index(op.f('ix_consent_contributor_id'), table_name='consent')
    op.drop_table('consent')
    op.drop_table('reason')
    op.drop_index(op.f('ix_panelist_exercise_id'), table_name='panelist')
    op.drop_table('panelist')
    op.drop_index(op.f('ix_contributor_exercise_id'), table_name='contributor')
    op.drop_index(op.f('ix_contributor_address_lookup'), table_name='contributor')
    op.drop_table('contributor')
    op.drop_table('stakeholder_group')
    op.drop_table('slip')
    op.drop_table('round_result')
    op.drop_table('round_item')
    op.drop_index(op.f('ix_round_extension_round_id'), table_name='round_extension')
    op.drop_table('round_extension')
    op.drop_table('paper_entry')
    op.drop_index(op.f('ix_consensus_run_exercise_id'), table_name='consensus_run')
    op.drop_table('consensus_run')
    op.drop_table('ballot_submit')
    op.drop_table('ballot')
    op.drop_table('translation')
    op.drop_index(op.f('ix_stored_file_organisation_id'), table_name='stored_file')
    op.drop_table('stored_file')
    op.drop_table('side')
    op.drop_table('round')
    op.drop_index('uq_role_exercise', table_name='role')
    op.drop_index('uq_role_everywhere', table_name='role', sqlite_where=sa.text('exercise_id IS NULL'), postgresql_where=sa.text('exercise_id IS NULL'))
    op.drop_table('role')
    op.drop_index(op.f('ix_reference_question_id'), table_name='reference')
    op.drop_table('reference')
    op.drop_table('question_wording')
    op.drop_table('protocol')
    op.drop_index(op.f('ix_merge_record_question_id'), table_name='merge_record')
    op.drop_index(op.f('ix_merge_record_exercise_id'), table_name='merge_record')
    op.drop_table('merge_record')
    op.drop_index(op.f('ix_job_state'), table_name='job')
    op.drop_table('job')
    op.drop_index(op.f('ix_exercise_question_question_id'), table_name='exercise_question')
    op.drop_table('exercise_question')
    op.drop_table('exercise_partner')
    op.drop_index(op.f('ix_evidence_check_question_id'), table_name='evidence_check')
    op.drop_table('evidence_check')
    op.drop_table('consent_text')
    op.drop_index(op.f('ix_audit_organisation_id'), table_name='audit')
    op.drop_index(op.f('ix_audit_exercise_id'), table_name='audit')
    op.drop_table('audit')
    op.drop_index(op.f('ix_question_organisation_id'), table_name='question')
    op.drop_table('question')
    op.drop_index(op.f('ix_person_address_lookup'), table_name='person')
    op.drop_table('person')
    op.drop_index(op.f('ix_exercise_organisation_id'), table_name='exercise')
    op.drop_table('exercise')
    op.drop_table('organisation')
    op.drop_index(op.f('ix_limit_expires_at'), table_name='limit')
    op.drop_table('limit')
