"""The database file alone links no ballot to a person better than chance.

A panel signs in, saves and sends in an order that the test knows. Then every order that an intruder can read from the
file is compared with every order in which people left a mark. The same comparison must find the link when a
protection is taken away, or it would prove nothing.
"""

from __future__ import annotations

import itertools
import random
import secrets
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import text

from priority import clock
from priority.database import commit, rewrite
from priority.extensions import db, keys
from priority.keys import KeyMissing
from priority.models import Exercise, Panelist, QuestionWording, Round
from priority.services import accounts, leaving, reasons, rounds, suggestions, voting
from priority.words import ExerciseState, ReasonSide, RoundKind
from tests.factories import a_panelist, a_question, add, an_exercise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

PEOPLE = 200
REASON, SUGGESTION = "It keeps me awake", "What about the nights of"
QUESTIONS = 40
PAGE = 4096
FRAME = PAGE + 24  # of the write-ahead log, after its header
LOG_HEADER = 32
FAR = 4.5  # standard deviations; with some thirty comparisons, chance goes beyond once in several thousand runs


class Cast(NamedTuple):
    """A panel that has answered: whose ballot is whose, which only the test knows."""

    file: Path
    round_id: int
    truth: dict[bytes, int]


@pytest.fixture
def cast(app, tmp_path) -> Cast:
    return Cast(tmp_path / "priority.db", *_cast())


def _cast() -> tuple[int, dict[bytes, int]]:
    exercise, round_ = _open_round()
    people = list(db.session.query(Panelist).order_by(Panelist.id))
    random.Random(secrets.randbits(64)).shuffle(people)  # the order in which they come is nobody's order
    for panelist in people:
        accounts.sign_in(panelist, secrets.token_hex(26)[:51])
        db.session.commit()
        answer = {key: random.randint(1, 9) for key in voting.item_keys(round_)}
        half = dict(itertools.islice(answer.items(), QUESTIONS // 2))
        for page in (half, answer):
            voting.save_page(round_, panelist, page, base=None)
            db.session.commit()
        voting.submit(round_, panelist, secrets.token_bytes(16))
        db.session.commit()
        reasons.give(round_, panelist, "Q1.1", f"{REASON}, as {secrets.token_hex(4)} said.", side=ReasonSide.HIGH)
        db.session.commit()
        suggestions.suggest(round_, panelist, f"{SUGGESTION} {secrets.token_hex(4)}?")
        db.session.commit()
    return round_.id, {voting.own_key(exercise, panelist): panelist.id for panelist in people}


def _open_round() -> tuple[Exercise, Round]:
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    for _ in range(PEOPLE):
        a_panelist(exercise)
    round_ = add(Round(exercise_id=exercise.id, n=1, kind=RoundKind.RATING, design={"suggestions": True}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    db.session.commit()
    return exercise, round_


# -- what an intruder can read ---------------------------------------------------------------------------------------
def orders_of_ballots(cast: Cast) -> dict[str, list[list[bytes]]]:
    """Every order of ballots in the file, as lists within which the order may mean something."""
    found = {}
    with sqlite3.connect(cast.file) as connection:
        for table in ("ballot", "ballot_submit", "reason", "suggestion"):
            found[f"{table}: as read"] = [[row[0] for row in connection.execute(f"SELECT ballot_key, * FROM {table}")]]
        found["receipts"] = [
            [row[0] for row in connection.execute("SELECT ballot_key FROM ballot_submit ORDER BY receipt")]
        ]
    data = cast.file.read_bytes()
    for name, needles in _needles(cast).items():
        places = sorted((place, key) for needle, key in needles.items() for place in _places(data, needle))
        found[f"{name}: place in the file"] = [[key for _, key in places]]
        pages = itertools.groupby(places, key=lambda one: one[0] // PAGE)
        found[f"{name}: within each page"] = [[key for _, key in page] for _, page in pages]
    return found | {"write-ahead log": [_first_seen(cast)]}


def _first_seen(cast: Cast) -> list[bytes]:
    """The ballots in the order in which the write-ahead log first holds them; none where there is no log."""
    log = cast.file.with_name("priority.db-wal")
    data = log.read_bytes() if log.exists() else b""
    frames = (data[start : start + FRAME] for start in range(LOG_HEADER, len(data), FRAME))
    return list(dict.fromkeys(key for frame in frames for key in cast.truth if key in frame))


def _needles(cast: Cast) -> dict[str, dict[bytes, bytes]]:
    """What to look for in the raw file: the rows of each table and index, which hold these bytes side by side."""
    with sqlite3.connect(cast.file) as connection:
        rows = connection.execute("SELECT ballot_key, submit_key FROM ballot_submit").fetchall()
        asked = [row[0] for row in connection.execute("SELECT DISTINCT wording_id FROM reason")]  # guests give none
    numbers = [b"" if one == 1 else bytes([one]) for one in asked]  # the file keeps the number 1 without a byte
    return {
        "reason rows": {key + number + b"high" + REASON.encode(): key for number in numbers for key, _ in rows},
        "suggestion rows": {key + SUGGESTION.encode(): key for key, _ in rows},
        "ballot rows": {key + b"submitted": key for key, _ in rows},
        "ballot_submit rows": {key + submit: key for key, submit in rows},
        "ballot_submit index": {submit + key: key for key, submit in rows},
    }


def orders_of_people(cast: Cast) -> dict[str, dict[int, int]]:
    """Every order in which people left a mark: who came first has the lowest number."""
    with sqlite3.connect(cast.file) as connection:
        return {
            name: {row[0]: place for place, row in enumerate(connection.execute(sql))}
            for name, sql in {
                "sessions as read": "SELECT panelist_id FROM session",
                "sessions by number": "SELECT panelist_id FROM session ORDER BY rowid",
                "sessions by end": "SELECT panelist_id FROM session ORDER BY expires_at",
                "panelists": "SELECT id FROM panelist ORDER BY id",
                "groups": "SELECT panelist_id FROM round_group",
                "outbox": "SELECT panelist_id FROM outbox WHERE panelist_id IS NOT NULL ORDER BY id",
                "salts": "SELECT id FROM panelist ORDER BY salt",
            }.items()
        }


def _places(data: bytes, needle: bytes) -> list[int]:
    found, place = [], data.find(needle)
    while place >= 0:
        found.append(place)
        place = data.find(needle, place + 1)
    return found


# -- better than chance? ---------------------------------------------------------------------------------------------
def concordance(ballots: list[list[bytes]], people: dict[int, int], truth: dict[bytes, int]) -> float:
    """How far two orders agree over the pairs of each list, in standard deviations from what chance gives."""
    score = variance = 0.0
    for page in ballots:
        places = [people[truth[key]] for key in page if truth[key] in people]
        n = len(places)
        score += sum(1 if a < b else -1 for a, b in itertools.combinations(places, 2))
        variance += n * (n - 1) * (2 * n + 5) / 18
    return score / variance**0.5 if variance else 0.0


def links(cast: Cast) -> list[str]:
    """The pairs of orders that agree, or oppose each other, further than chance explains."""
    return [
        f"{ballots} ~ {people}: {z:+.1f}"
        for ballots, one in orders_of_ballots(cast).items()
        for people, other in orders_of_people(cast).items()
        if abs(z := concordance(one, other, cast.truth)) > FAR
    ]


def test_what_is_looked_for_in_the_file_is_found_there(cast):
    rewrite()
    data = cast.file.read_bytes()
    for name, needles in _needles(cast).items():
        assert sum(bool(_places(data, needle)) for needle in needles) == PEOPLE, name


def test_after_a_sweep_nothing_links_a_ballot_to_a_person(cast):
    rewrite()
    print(f"\n{PEOPLE} ballots, {len(orders_of_ballots(cast))} x {len(orders_of_people(cast))} orders compared")
    assert links(cast) == []
    assert not cast.file.with_name("priority.db-wal").exists() or not (
        cast.file.with_name("priority.db-wal").stat().st_size
    )


def test_after_closing_nothing_links_a_ballot_to_a_person(cast):
    rounds.close_round(db.session.get(Round, cast.round_id), actor=None, reason="Everybody has answered")
    commit()
    assert links(cast) == []


def test_without_the_rewriting_the_file_tells_who_came_when(app, tmp_path):
    """The protection that is taken away here: the file is not written anew and its log stays."""
    db.session.execute(text("PRAGMA wal_autocheckpoint = 0"))  # the log keeps everything, as it does for a small panel
    found = links(Cast(tmp_path / "priority.db", *_cast()))
    print("\nwithout rewriting:", *found, sep="\n  ")
    assert any(link.startswith("write-ahead log ~ sessions") for link in found)


def test_with_running_numbers_the_table_tells_who_came_when(app, tmp_path):
    """The protection that is taken away here: the answers lie in an ordinary table."""
    _give_numbers_to("ballot")
    cast = Cast(tmp_path / "priority.db", *_cast())
    rewrite()
    found = links(cast)
    print("\nwith running numbers:", *found, sep="\n  ")
    assert any(link.startswith("ballot: as read ~ sessions") for link in found)


def _give_numbers_to(table: str) -> None:
    sql = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
    triggers = db.session.execute(
        text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name = :name"), {"name": table}
    ).scalars()
    for trigger in list(triggers):
        db.session.execute(text(f"DROP TRIGGER {trigger}"))
    db.session.execute(text(f"DROP TABLE {table}"))
    db.session.execute(text(sql.replace("WITHOUT ROWID", "")))
    db.session.commit()


# -- and nothing else is written -------------------------------------------------------------------------------------
def written_by(act: Callable[[], object]) -> set[str]:
    """The tables whose rows an act changed, by counting and hashing all of them before and after."""
    before = _contents()
    act()
    db.session.flush()
    after = _contents()
    return {table for table in after if after[table] != before[table]}


def _contents() -> dict[str, Sequence[object]]:
    return {table: db.session.execute(text(f'SELECT * FROM "{table}"')).fetchall() for table in db.metadata.tables}


def test_casting_writes_the_answers_and_nothing_else(app):
    exercise, round_ = _open_round()
    panelist = db.session.query(Panelist).first()
    assert written_by(lambda: voting.save_page(round_, panelist, {"Q1.1": 7}, base=None)) == {"ballot"}
    assert written_by(lambda: voting.submit(round_, panelist, b"s" * 16)) == {"ballot", "ballot_submit"}
    assert written_by(lambda: voting.take_back(round_, panelist)) == {"ballot"}
    why = ReasonSide.HIGH
    assert written_by(lambda: reasons.give(round_, panelist, "Q1.1", "So.", side=why)) == {"reason"}
    assert written_by(lambda: suggestions.suggest(round_, panelist, "What about the nights?")) == {"suggestion"}
    everything = {"ballot", "ballot_submit", "reason", "suggestion"}
    assert written_by(lambda: leaving.remove_answers(panelist)) == everything
    assert exercise.ballot_key_check


def test_without_the_key_file_the_keys_of_ballots_follow_from_nothing(cast, app):
    exercise = db.session.query(Exercise).first()
    keys.destroy_exercise_key(exercise.public_id)
    with pytest.raises(KeyMissing):
        voting.own_key(exercise, db.session.query(Panelist).first())


def test_ballots_name_the_wording_that_was_seen(app):
    _, round_ = _open_round()
    assert voting.item_keys(round_)[0] == "Q1.1"
    assert db.session.query(QuestionWording).count() == QUESTIONS
