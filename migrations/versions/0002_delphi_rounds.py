"""Rounds that open by themselves, suggested questions, signed decisions, and what is worked out between rounds.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What the database refuses from this migration on; priority/models/guards.py says what it refuses now.
ADDED = (
    "CREATE TRIGGER guard_reason_insert BEFORE INSERT ON \"reason\" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> 'open' BEGIN SELECT RAISE(ABORT, 'reasons can be given only while their round is open'); END",
    "CREATE TRIGGER guard_reason_update BEFORE UPDATE ON \"reason\" WHEN (OLD.text IS NOT NEW.text OR OLD.side IS NOT NEW.side) AND (SELECT state FROM round WHERE id = OLD.round_id) <> 'open' BEGIN SELECT RAISE(ABORT, 'the words of a reason stay after its round has closed'); END",
    "CREATE TRIGGER guard_suggestion_insert BEFORE INSERT ON \"suggestion\" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> 'open' BEGIN SELECT RAISE(ABORT, 'questions can be suggested only while their round is open'); END",
    "CREATE TRIGGER guard_suggestion_update BEFORE UPDATE ON \"suggestion\" WHEN OLD.text IS NOT NEW.text AND (SELECT state FROM round WHERE id = OLD.round_id) <> 'open' BEGIN SELECT RAISE(ABORT, 'the words of a suggestion stay after its round has closed'); END",
    "CREATE TRIGGER guard_slip_insert BEFORE INSERT ON \"slip\" WHEN (SELECT state FROM round WHERE id = NEW.round_id) = 'closed' BEGIN SELECT RAISE(ABORT, 'slips are made before their round closes'); END",
    "CREATE TRIGGER guard_slip_update BEFORE UPDATE ON \"slip\" WHEN 1 BEGIN SELECT RAISE(ABORT, 'slip is never changed'); END",
    "CREATE TRIGGER guard_slip_delete BEFORE DELETE ON \"slip\" WHEN 1 BEGIN SELECT RAISE(ABORT, 'slip is never changed'); END",
    "CREATE TRIGGER guard_round_decision_insert BEFORE INSERT ON \"round_decision\" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> 'closed' BEGIN SELECT RAISE(ABORT, 'a decision is signed after closing'); END",
    "CREATE TRIGGER guard_round_decision_update BEFORE UPDATE ON \"round_decision\" WHEN 1 BEGIN SELECT RAISE(ABORT, 'round_decision is never changed'); END",
    "CREATE TRIGGER guard_round_decision_delete BEFORE DELETE ON \"round_decision\" WHEN 1 BEGIN SELECT RAISE(ABORT, 'round_decision is never changed'); END",
)
# Guards of the table that is made anew below: SQLite drops them with it.
OF_RESULTS = (
    "CREATE TRIGGER guard_round_result_insert BEFORE INSERT ON \"round_result\" WHEN (SELECT state FROM round WHERE id = NEW.round_id) <> 'closed' BEGIN SELECT RAISE(ABORT, 'results exist only after closing'); END",
    "CREATE TRIGGER guard_round_result_update BEFORE UPDATE ON \"round_result\" WHEN 1 BEGIN SELECT RAISE(ABORT, 'round_result is never changed'); END",
    "CREATE TRIGGER guard_round_result_delete BEFORE DELETE ON \"round_result\" WHEN 1 BEGIN SELECT RAISE(ABORT, 'round_result is never changed'); END",
)
BEFORE = ("items", "feedback", "turnout", "agreement")
SINCE = ("change", "attrition", "movement", "choices", "voices", "doors", "alternatives")


def upgrade() -> None:
    op.add_column("round", sa.Column("opens_at", sa.DateTime(), nullable=True))
    op.add_column("panelist", sa.Column("other_group", sa.String(length=40), nullable=True))
    op.create_table(
        "round_decision",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_decision_round_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_round_decision_signed_by_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_decision")),
    )
    op.create_table(
        "suggestion",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ballot_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken",
                "on_list",
                "not_now",
                name="suggestion_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (answer IS NULL)", name=op.f("ck_suggestion_answered")),
        sa.CheckConstraint(
            "state NOT IN ('taken', 'on_list') OR question_id IS NOT NULL",
            name=op.f("ck_suggestion_leads_to_a_question"),
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_suggestion_not_empty")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_suggestion_question_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_suggestion_round_id")),
        sa.PrimaryKeyConstraint("round_id", "ballot_key", "n", name=op.f("pk_suggestion")),
        sqlite_with_rowid=False,
    )
    _allow(BEFORE + SINCE)
    for guard in ADDED:
        op.execute(guard)


def downgrade() -> None:
    for guard in ADDED:
        op.execute(f"DROP TRIGGER {guard.split()[2]}")
    for guard in OF_RESULTS:
        op.execute(f"DROP TRIGGER {guard.split()[2]}")
    op.execute(
        sa.text("DELETE FROM round_result WHERE kind NOT IN :kinds").bindparams(
            sa.bindparam("kinds", BEFORE, expanding=True)
        )
    )
    _allow(BEFORE)
    op.drop_table("suggestion")
    op.drop_table("round_decision")
    op.drop_column("panelist", "other_group")
    op.drop_column("round", "opens_at")


def _allow(kinds: tuple[str, ...]) -> None:
    """The table of frozen results with these kinds, and its guards."""
    op.rename_table("round_result", "round_result_before")
    op.create_table(
        "round_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="result_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_result_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_result")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_round_result_round_id_kind")),
    )
    op.execute("INSERT INTO round_result SELECT * FROM round_result_before")
    op.drop_table("round_result_before")
    for guard in OF_RESULTS:
        op.execute(guard)
