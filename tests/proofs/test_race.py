"""Two hundred ballots, each saved and sent eight times at once to two worker processes: two hundred rows, and the same
receipt for all eight. Without the two constraints the same requests leave more rows, so the proof can fail.
"""

from __future__ import annotations

import http.client
import re
import secrets
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from flask import g
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from priority import clock
from priority.extensions import db
from priority.models import Panelist, Round
from priority.services import accounts, consent, rounds
from priority.services.answers import page_digest
from priority.web.sessions import new_secret
from priority.words import ExerciseState, Purpose, RoundKind, SessionKind
from tests.factories import a_panelist, a_question, add, an_exercise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BALLOTS, TIMES, QUESTIONS = 200, 8, 6
pytestmark = pytest.mark.slow


class Voter:
    """Somebody with a browser: a session, and the token that forms carry."""

    def __init__(self, secret: str, token: str) -> None:
        self.cookie = f"s={secret}"
        self.token = token

    def post(self, port: int, path: str, **fields: object) -> tuple[int, str]:
        body = urlencode({"csrf_token": self.token} | fields)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return _ask(port, "POST", path, body, headers)

    def receipt(self, port: int) -> str:
        status, page = _ask(port, "GET", "/answer/1/thanks", None, {"Cookie": self.cookie})
        found = re.search(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{5}", page)
        assert status == 200, (status, page)
        assert found, page
        return found.group()


def _ask(port: int, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def voters(app) -> list[Voter]:
    """Two hundred people who are signed in and asked six questions."""
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    consent.set_text(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, "en", "I take part.")
    people = [a_panelist(exercise) for _ in range(BALLOTS)]
    round_ = add(Round(exercise_id=exercise.id, n=1, kind=RoundKind.RATING, design={}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    found = [_sign_in(app, panelist) for panelist in people]
    db.session.commit()
    return found


def _sign_in(app, panelist: Panelist) -> Voter:
    consent.give(panelist, [Purpose.TAKE_PART])
    secret = new_secret()
    accounts.sign_in(panelist, secret)
    with app.test_request_context(headers={"Cookie": f"s={secret}"}):
        g.pop("csrf_token", None)  # kept for one request; here all share a context
        return Voter(secret, generate_csrf())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], list[int]]]:
    """Starts the two worker processes and gives their ports; ends them afterwards."""
    workers: list[subprocess.Popen[str]] = []

    def go() -> list[int]:
        command = [sys.executable, str(Path(__file__).with_name("worker.py")), str(tmp_path)]
        root = Path(__file__).parents[2]
        workers.extend(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(2))
        return [int(worker.stdout.readline()) for worker in workers]

    yield go
    for worker in workers:
        worker.terminate()
        worker.communicate(timeout=20)


def race(voters: list[Voter], ports: list[int]) -> Counter[int]:
    """Every voter saves and sends eight times at once; gives how often each status was answered."""
    statuses: Counter[int] = Counter()
    with ThreadPoolExecutor(TIMES) as pool:

        def at_once(act: Callable[[int], tuple[int, str]]) -> None:
            gate = threading.Barrier(TIMES)

            def wait_and_act(number: int) -> int:
                gate.wait()
                return act(ports[number % 2])[0]

            statuses.update(pool.map(wait_and_act, range(TIMES)))

        for voter in voters:
            answers = {f"Q{number}.1": str(1 + secrets.randbelow(9)) for number in range(1, QUESTIONS + 1)}
            answers["base"] = page_digest({})
            at_once(lambda port, voter=voter, answers=answers: voter.post(port, "/answer/1/page/1", **answers))
            key = secrets.token_hex(32)
            at_once(lambda port, voter=voter, key=key: voter.post(port, "/answer/1/check", submit_key=key))
    return statuses


def rows(table: str) -> int:
    db.session.rollback()
    return db.session.scalar(text(f"SELECT count(*) FROM {table}"))


def take_away_the_constraints() -> None:
    """The same tables without UNIQUE(round, ballot_key) and UNIQUE(round, submit_key)."""
    for table in ("ballot", "ballot_submit"):
        sql = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
        kept = [line for line in sql.splitlines() if "PRIMARY KEY" not in line and "UNIQUE" not in line]
        loose = re.sub(r",?(\s*)\)\s*WITHOUT ROWID", r"\1)", "\n".join(kept))
        db.session.execute(text(f"DROP TABLE {table}"))
        db.session.execute(text(loose))
    db.session.commit()


def test_eight_identical_submits_leave_one_ballot_and_one_receipt(voters, start):
    ports = start()
    statuses = race(voters, ports)
    print(
        f"\n{BALLOTS} ballots x {TIMES}: {rows('ballot')} ballots, {rows('ballot_submit')} receipts; {dict(statuses)}"
    )
    assert statuses == {303: 2 * TIMES * BALLOTS}
    assert rows("ballot") == rows("ballot_submit") == BALLOTS
    shown = [{voter.receipt(port) for port in ports} for voter in voters]
    assert all(len(receipts) == 1 for receipts in shown)
    stored = db.session.execute(text("SELECT receipt FROM ballot_submit")).scalars()
    assert {receipt.replace("-", "") for receipts in shown for receipt in receipts} == set(stored)


def test_without_the_constraints_the_same_requests_leave_more(voters, start):
    take_away_the_constraints()
    statuses = race(voters, start())
    print(f"\nwithout the constraints: {rows('ballot')} ballots, {rows('ballot_submit')} receipts; {dict(statuses)}")
    assert rows("ballot") > BALLOTS
    assert rows("ballot_submit") > BALLOTS
