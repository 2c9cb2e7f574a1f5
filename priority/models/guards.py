"""What the database itself refuses, whoever asks: the rules that must hold even against a mistake in the code.

Each guard is a row: on which table, before which event, under which condition (SQL over OLD and NEW), with which
words. `create_statements` gives them in a dialect's own spelling. SQLite loses triggers when a table is rebuilt, so
a test compares the triggers in a migrated database with this list.
"""

from __future__ import annotations

from dataclasses import dataclass

from priority.schema import Base


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse `event` on `table` where `when` holds, saying `words`."""

    table: str
    event: str
    when: str
    words: str
    name: str = ""

    @property
    def trigger(self) -> str:
        """The trigger's name in the database."""
        return f"guard_{self.table}_{self.name or self.event.lower()}"


def _never(table: str, *, delete: bool = True) -> list[Guard]:
    events = ("UPDATE", "DELETE") if delete else ("UPDATE",)
    return [Guard(table, event, "1", f"{table} is never changed") for event in events]


def _round_is(state: str, row: str) -> str:
    return f"(SELECT state FROM round WHERE id = {row}.round_id) {state}"  # noqa: S608 - the words are ours


def _exercise_is_frozen(row: str) -> str:
    frozen = f"SELECT 1 FROM protocol WHERE exercise_id = {row}.exercise_id AND n = 1 AND frozen_at IS NOT NULL"  # noqa: S608
    return f"EXISTS ({frozen})"


def _unless_frozen(table: str) -> list[Guard]:
    words = "the protocol of this exercise is frozen"
    return [
        Guard(table, "INSERT", _exercise_is_frozen("NEW"), words),
        Guard(table, "UPDATE", f"{_exercise_is_frozen('OLD')} OR {_exercise_is_frozen('NEW')}", words),
        Guard(table, "DELETE", _exercise_is_frozen("OLD"), words),
    ]


def _only_while_open(table: str) -> list[Guard]:
    words = "answers can be given only while their round is open"
    before, after = _round_is("<> 'open'", "OLD"), _round_is("<> 'open'", "NEW")
    return [
        Guard(table, "INSERT", after, words),
        Guard(table, "UPDATE", f"{before} OR {after}", words),
        Guard(table, "DELETE", before, words),
    ]


_ERASED = "SELECT 1 FROM words_erasure WHERE proposal_id = OLD.proposal_id AND n = OLD.n"
_EXTENDED = (
    "SELECT 1 FROM round_extension WHERE round_id = NEW.id AND closes_at = NEW.closes_at "
    "AND id = (SELECT max(id) FROM round_extension WHERE round_id = NEW.id)"
)
_PARTS_OF_A_ROUND = "exercise_id", "n", "pilot", "kind", "design", "opened_at"

GUARDS: tuple[Guard, ...] = (
    *_never("proposal_words", delete=False),
    Guard("proposal_words", "DELETE", f"NOT EXISTS ({_ERASED})", "words are deleted only with a dated mark"),
    *_never("words_erasure"),
    *_never("question_wording"),
    *_never("merge_record"),
    *_never("merge_record_part"),
    *_never("outcome_event"),
    *_never("audit"),
    *_never("consent_text"),
    Guard(
        "consent",
        "UPDATE",
        "OLD.withdrawn_at IS NOT NULL OR OLD.text_id <> NEW.text_id OR OLD.given_at <> NEW.given_at",
        "a consent can only be withdrawn",
    ),
    # the protocol, and what it declares
    Guard("protocol", "UPDATE", "OLD.frozen_at IS NOT NULL", "a frozen protocol is never changed"),
    Guard("protocol", "DELETE", "OLD.frozen_at IS NOT NULL", "a frozen protocol is never changed"),
    Guard(
        "protocol",
        "INSERT",
        f"NEW.n > 1 AND NOT {_exercise_is_frozen('NEW')}",
        "a deviation needs a frozen protocol before it",
    ),
    *_unless_frozen("side"),
    *_unless_frozen("stakeholder_group"),
    Guard(
        "exercise",
        "UPDATE",
        "OLD.ballot_key_check IS NOT NULL AND OLD.ballot_key_check IS NOT NEW.ballot_key_check",
        "the ballot key of an exercise is made once",
        "ballot_key",
    ),
    # rounds
    Guard("round", "INSERT", "NEW.state <> 'planned'", "a round begins as planned"),
    Guard(
        "round",
        "UPDATE",
        "(OLD.state = 'closed') OR (OLD.state = 'open' AND NEW.state = 'planned') "
        "OR (OLD.state = 'planned' AND NEW.state = 'closed')",
        "a round never goes back",
        "back",
    ),
    Guard(
        "round",
        "UPDATE",
        "OLD.state = 'planned' AND NEW.state = 'open' AND NOT NEW.pilot AND NOT "
        "EXISTS (SELECT 1 FROM protocol WHERE exercise_id = NEW.exercise_id AND n = 1 AND frozen_at IS NOT NULL)",
        "the protocol must be frozen before a round opens",
        "unfrozen",
    ),
    Guard(
        "round",
        "UPDATE",
        "OLD.state <> 'planned' AND (" + " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in _PARTS_OF_A_ROUND) + ")",
        "an open round is never changed",
        "changed",
    ),
    Guard(
        "round",
        "UPDATE",
        f"OLD.state = 'open' AND OLD.closes_at IS NOT NEW.closes_at AND NOT EXISTS ({_EXTENDED})",
        "the end of a round moves only with a reason",
        "end",
    ),
    Guard("round", "DELETE", "OLD.state <> 'planned'", "a round that was open stays"),
    Guard("round_item", "INSERT", _round_is("<> 'planned'", "NEW"), "the questions of an open round stay"),
    Guard("round_item", "UPDATE", _round_is("<> 'planned'", "OLD"), "the questions of an open round stay"),
    Guard("round_item", "DELETE", _round_is("<> 'planned'", "OLD"), "the questions of an open round stay"),
    Guard("round_group", "UPDATE", "1", "the groups of a round stay"),
    Guard("round_group", "DELETE", _round_is("<> 'planned'", "OLD"), "the groups of a round stay"),
    *_never("round_extension"),
    # answers and what is computed from them
    *_only_while_open("ballot"),
    *_only_while_open("ballot_submit"),
    *_only_while_open("paper_entry"),
    Guard("reason", "INSERT", _round_is("<> 'open'", "NEW"), "reasons can be given only while their round is open"),
    Guard(
        "reason",
        "UPDATE",
        "(OLD.text IS NOT NEW.text OR OLD.side IS NOT NEW.side) AND " + _round_is("<> 'open'", "OLD"),
        "the words of a reason stay after its round has closed",
    ),
    Guard(
        "suggestion",
        "INSERT",
        _round_is("<> 'open'", "NEW"),
        "questions can be suggested only while their round is open",
    ),
    Guard(
        "suggestion",
        "UPDATE",
        "OLD.text IS NOT NEW.text AND " + _round_is("<> 'open'", "OLD"),
        "the words of a suggestion stay after its round has closed",
    ),
    Guard("slip", "INSERT", _round_is("= 'closed'", "NEW"), "slips are made before their round closes"),
    *_never("slip"),
    Guard("round_result", "INSERT", _round_is("<> 'closed'", "NEW"), "results exist only after closing"),
    *_never("round_result"),
    Guard("round_decision", "INSERT", _round_is("<> 'closed'", "NEW"), "a decision is signed after closing"),
    *_never("round_decision"),
    Guard("consensus_run", "INSERT", _round_is("<> 'closed'", "NEW"), "results exist only after closing"),
    *_never("consensus_run"),
)


def create_statements(dialect: str) -> list[str]:
    """The statements that set every guard up in a database of this dialect; refuses one that has no spelling yet."""
    if dialect != "sqlite":
        raise ValueError(f"The guards have no spelling for {dialect} yet.")
    return [
        f'CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON "{guard.table}" WHEN {guard.when} '
        f"BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"
        for guard in GUARDS
    ]


def unknown_tables() -> set[str]:
    """Tables that a guard names and the models do not; empty unless somebody renamed one."""
    return {guard.table for guard in GUARDS} - set(Base.metadata.tables)
