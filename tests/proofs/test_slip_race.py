"""One slip typed on eight devices at once, on two worker processes: one ballot, and the others are shown both versions.

Twelve slips, each with its own eight devices, each device with answers of its own. Without the constraint the same
requests leave more ballots than there are slips, so the proof can fail.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from priority import clock
from priority.extensions import db
from priority.models import Round
from priority.services import open_rounds, rounds
from priority.services.answers import page_digest
from priority.words import ExerciseState, RoundKind
from tests.factories import a_question, add, an_exercise
from tests.proofs.test_race import rows, start, take_away_the_constraints

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["start"]

SLIPS, DEVICES, QUESTIONS = 12, 8, 6
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
pytestmark = pytest.mark.slow


class Device:
    """A browser of its own, with its cookies and the token of its last page."""

    def __init__(self, port: int) -> None:
        self.port, self.token = port, ""
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        page = self._ask("GET", path, None)[1]
        found = TOKEN.search(page)
        self.token = found.group(1) if found else self.token
        return page

    def post(self, path: str, **fields: object) -> int:
        return self._ask("POST", path, urlencode({"csrf_token": self.token} | fields))[0]

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, value = line.partition(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def slips(app) -> list[str]:
    """The codes of the slips of a round that is open to all."""
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    round_ = add(Round(exercise_id=exercise.id, n=1, kind=RoundKind.RATING, design={"access": "open"}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    codes = open_rounds.make_slips(round_, SLIPS, actor=None)
    db.session.commit()
    return codes


def come_in(device: Device, code: str, landing: str) -> None:
    """Types the slip's code and says whose view it is, as somebody does."""
    device.get("/join")
    assert device.post("/join", code=code) == 303
    assert code[:5] in device.get(landing)
    assert device.post(landing, group="patients") == 303
    device.get("/answer/1/page/1")


def race(codes: list[str], ports: list[int]) -> Counter[int]:
    """Every slip is answered on eight devices at once, differently on each; gives how often each status came."""
    statuses: Counter[int] = Counter()
    landing = f"/e/{db.session.scalar(text('SELECT public_id FROM exercise'))}/join"
    db.session.rollback()
    with ThreadPoolExecutor(DEVICES) as pool:
        for code in codes:
            devices = [Device(ports[number % 2]) for number in range(DEVICES)]
            for device in devices:
                come_in(device, code, landing)
            gate = threading.Barrier(DEVICES)

            def send(number: int, devices: list[Device] = devices, gate: threading.Barrier = gate) -> int:
                answers = {f"Q{item}.1": str(number + 1) for item in range(1, QUESTIONS + 1)}
                gate.wait()
                return devices[number].post("/answer/1/page/1", base=page_digest({}), **answers)

            statuses.update(pool.map(send, range(DEVICES)))
    return statuses


def test_a_slip_on_eight_devices_at_once_is_one_ballot(slips, start: Callable[[], list[int]]):
    statuses = race(slips, start())
    print(f"\n{SLIPS} slips x {DEVICES} devices: {rows('ballot')} ballots; {dict(statuses)}")
    assert statuses == {303: SLIPS, 409: (DEVICES - 1) * SLIPS}
    assert rows("ballot") == SLIPS
    assert db.session.scalar(text("SELECT count(*) FROM ballot WHERE verified")) == SLIPS


def test_without_the_constraint_the_same_requests_leave_more(slips, start: Callable[[], list[int]]):
    take_away_the_constraints()
    statuses = race(slips, start())
    print(f"\nwithout the constraint: {SLIPS} slips, {rows('ballot')} ballots; {dict(statuses)}")
    assert rows("ballot") > SLIPS
