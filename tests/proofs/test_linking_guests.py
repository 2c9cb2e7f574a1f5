"""The database file alone links no ballot of an open round to whoever came, nor to a slip, better than chance.

Guests come in an order that the test knows, as somebody who watched the room would. Every order of ballots that an
intruder can read from the file is compared with that order, with the order in which slips were printed, and with the
slips as they lie in the file. The same comparison must find the order when a protection is taken away.
"""

from __future__ import annotations

import random
import re
import secrets
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import text

from priority import clock
from priority.database import commit, rewrite
from priority.extensions import db, keys
from priority.models import Round
from priority.services import open_rounds, rounds, voting
from priority.words import ExerciseState, RoundKind
from tests.factories import a_question, add, an_exercise
from tests.proofs.test_linking import FAR, Cast, _contents, _give_numbers_to, concordance, orders_of_ballots, written_by
from tests.web.conftest import Browser

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE, WITH_SLIPS, QUESTIONS = 200, 120, 40


class Room(NamedTuple):
    """Guests who have answered: what the file holds, and what only the test knows."""

    cast: Cast
    came: dict[int, int]
    printed: dict[int, int]
    hashes: dict[bytes, int]


@pytest.fixture
def room(app, tmp_path) -> Room:
    return a_room(tmp_path)


def a_room(folder: Path) -> Room:
    round_ = an_open_round()
    codes = open_rounds.make_slips(round_, WITH_SLIPS, actor=None)
    codes += [open_rounds.new_code() for _one in range(PEOPLE - WITH_SLIPS)]
    db.session.commit()
    people = list(range(PEOPLE))
    random.Random(secrets.randbits(64)).shuffle(people)
    for who in people:
        guest = open_rounds.begin(round_, "patients" if who % 2 else "nurses", code=codes[who])
        answers = {key: random.randint(1, 9) for key in voting.item_keys(round_)}
        voting.save_page(round_, guest, answers, base=None)
        db.session.commit()
        voting.submit(round_, guest, secrets.token_bytes(16))
        db.session.commit()
    exercise = round_.exercise
    truth = {voting.own_key(exercise, open_rounds.guest_with(round_, code, "")): who for who, code in enumerate(codes)}
    hashes = {keys.fingerprint(code): who for who, code in enumerate(codes[:WITH_SLIPS])}
    came = {who: place for place, who in enumerate(people)}
    printed = {who: who for who in range(WITH_SLIPS)}
    return Room(Cast(folder / "priority.db", round_.id, truth), came, printed, hashes)


def an_open_round() -> Round:
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    round_ = add(Round(exercise_id=exercise.id, n=1, kind=RoundKind.RATING, design={"access": "open"}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    return round_


def orders_of_people(room: Room) -> dict[str, dict[int, int]]:
    """How they came, how their slips were printed, and the slips as an intruder reads them."""
    with sqlite3.connect(room.cast.file) as connection:
        slips = [row[0] for row in connection.execute("SELECT code_hash FROM slip")]
    lying = {room.hashes[mark]: place for place, mark in enumerate(slips)}
    return {"as they came": room.came, "slips as printed": room.printed, "slips as they lie": lying}


def links(room: Room) -> list[str]:
    return [
        f"{ballots} ~ {people}: {z:+.1f}"
        for ballots, one in orders_of_ballots(room.cast).items()
        for people, other in orders_of_people(room).items()
        if abs(z := concordance(one, other, room.cast.truth)) > FAR
    ]


def test_after_a_sweep_nothing_tells_who_came_when_or_with_which_slip(room):
    rewrite()
    compared = len(orders_of_ballots(room.cast)) * len(orders_of_people(room))
    print(f"\n{PEOPLE} guests, {WITH_SLIPS} with slips, {compared} pairs of orders compared")
    assert links(room) == []


def test_after_closing_neither(room):
    rounds.close_round(db.session.get(Round, room.cast.round_id), actor=None, reason="Everybody has answered.")
    commit()
    assert links(room) == []


def test_without_the_rewriting_the_log_tells_who_came_when(app, tmp_path):
    db.session.execute(text("PRAGMA wal_autocheckpoint = 0"))  # the log keeps everything, as it does for a small panel
    room = a_room(tmp_path)
    found = links(room)
    print("\nwithout rewriting:", *found, sep="\n  ")
    assert any(link.startswith("write-ahead log ~ as they came") for link in found)


def test_with_running_numbers_the_table_tells_who_came_when(app, tmp_path):
    _give_numbers_to("ballot")
    room = a_room(tmp_path)
    rewrite()
    found = links(room)
    print("\nwith running numbers:", *found, sep="\n  ")
    assert any(link.startswith("ballot: as read ~ as they came") for link in found)


def test_no_row_holds_a_code_or_leads_from_a_slip_to_a_ballot(room):
    """Neither a code, nor the hash of a slip beside the key of a ballot, nor a key worked out from the hash."""
    with sqlite3.connect(room.cast.file) as connection:
        check = connection.execute("SELECT ballot_key_check, public_id FROM exercise").fetchone()
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                cells = set(map(bytes, (cell for cell in row if isinstance(cell, bytes))))
                assert not (cells & set(room.hashes) and cells & set(room.cast.truth)), table
    for mark in room.hashes:
        assert keys.ballot_key(check[1], mark, check[0]) not in room.cast.truth


def test_a_guest_writes_the_answers_and_nothing_else(app):
    round_ = an_open_round()
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    for slip in (code, None):
        guest = open_rounds.begin(round_, "patients", code=slip)
        assert written_by(lambda: open_rounds.begin(round_, "patients", code=slip)) == set()  # noqa: B023
        assert written_by(lambda: voting.save_page(round_, guest, {"Q1.1": 7}, base=None)) == {"ballot"}  # noqa: B023
        sent = written_by(lambda: voting.submit(round_, guest, secrets.token_bytes(16)))  # noqa: B023
        assert sent == {"ballot", "ballot_submit"}
        assert written_by(lambda: voting.take_back(round_, guest)) == {"ballot"}  # noqa: B023
        assert written_by(lambda: open_rounds.erase(round_, guest)) == {"ballot", "ballot_submit"}  # noqa: B023


def test_no_request_of_a_guest_writes_more_than_the_answers(app):
    """From the slip to the receipt over the pages; beginning counts a try of the network, as it must, and no more."""
    round_ = an_open_round()
    (code,) = open_rounds.make_slips(round_, 1, actor=None)
    landing = f"/e/{round_.exercise.public_id}/join"
    app.test_client_class = Browser
    client = app.test_client()
    way = [
        ("/join", {"code": code}, set()),
        (landing, {"group": "patients"}, {"limit"}),
        ("/answer/1/page/1", {}, {"ballot"}),
        ("/answer/1/check", {"submit_key": "ab" * 32}, {"ballot", "ballot_submit"}),
        ("/answer/1/take-back", {}, {"ballot"}),
        ("/join/leave", {}, set()),
    ]
    for path, fields, expected in way:
        typed = fields | (filled_in(client, path) if "/page/" in path else {})
        before = _contents()
        assert client.send(path, typed).status_code == 303, path
        after = _contents()
        assert {name for name in after if after[name] != before[name]} == expected, path


def filled_in(client, path):
    """The page as it stands, with an answer to every question."""
    page = client.get(path).text
    base = re.findall(r'name="base" value="(\w+)"', page)
    return dict.fromkeys(re.findall(r'name="(Q\d+\.1)"', page), "7") | {"base": base}
