"""Whatever is posted or asked for, by whoever may: no error of ours, no half-written page, and it ends in time.

A seed makes the same garbage each time. Each round of it takes one form, leaves fields out, doubles them, swaps what
stands in them, and sends it to the same page as somebody who may be there.
"""

from __future__ import annotations

import itertools
import random
import re
import time
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest

from priority.extensions import db
from priority.queries.rounds import find_round
from priority.queries.suggestions import suggested
from priority.services import accounts, rounds, suggestions, voting
from priority.web.answer import pace
from priority.web.sessions import new_secret
from priority.words import ExerciseState
from tests import factories
from tests.world import Place, World, a_place, a_world

if TYPE_CHECKING:
    from flask import Flask

    from tests.web.conftest import Browser

SECONDS, MOST, SLOW = 8.0, 400, 15.0  # for each kind of person; an answer that takes longer than SLOW hangs
LARGEST = 400_000
GARBAGE: tuple[str, ...] = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "y",
    "x",
    "9" * 20,
    "9" * 5000,
    "-" + "9" * 20,
    "1e999",
    "nan",
    "٣",
    "²",
    "\x00",
    "a\x00b",
    "\u202e\u2066\u200d",
    "\ud800",
    "=1+1",
    "<script>alert(1)</script>",
    "%s%(x)s{0}{{ 7*7 }}",
    "'; DROP TABLE ballot; --",
    "../../../etc/passwd",
    "a" * 4001,
    "ü" * 90_000,
    "[" * 60_000,
    '{"piles": {"Q1.1": [1]}, "order": {}}',
    '{"piles": {"\\ud800": 1}, "order": {}}',
    '{"piles": {"Q1.1": {"a": 1}}, "order": {"Q1.1": 99999999999999999999}}',
    '{"piles": {"Q1.1": 1}, "order": {"Q1.1": 99999999999999999999}}',
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2027-03-28T02:30",
    "2027-13-40T99:99",
    "0000-00-00T00:00",
    "someone@example.org",
    "a\r\nBcc: everybody@example.org",
    '"a b"@example.org',
    "email,name,group\na@b.c,=1,Patients\n",
    'email,name,group\n"',
    "Europe",
    "Africa/../Europe/Stockholm",
    "jla_style",
    "looks\u2028like\u2029lines",
)
NAMES = ("act", "go", "step", "keep", "move", "chosen", "place-Q1.1", "Q1.1", "base", "part", "version", "next")
NAMES += ("texts-²", "texts-" + "9" * 5000, "texts-00", "code", "submit_key", "questions", "purposes", "\ud800", "")
NAMED = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"(?:[^>]*?\bvalue="([^"]*)")?')
SHORT = tuple(value for value in GARBAGE if len(value) < 6000)
QUERY = ("page", "group", "language", "state", "part", "words", "find", "next", "done", "template", "road", "act")
PAGES = {
    "contributor": ("/mine", "/mine/{proposal}", "/mine/reach"),
    "panelist": (
        "/answer",
        "/answer/1/page/1",
        "/answer/2/sort/1",
        "/answer/2/order",
        "/answer/2/order?choose=1",
        "/answer/1/check",
        "/answer/2/check",
        "/answer/4/choose/1",
        "/answer/4/order",
        "/answer/4/check",
        "/answer/5/set/1",
        "/answer/6/page/1",
        "/answer/6/page/1/why",
        "/answer/6/suggest",
        "/answer/1001/page/1",
    ),
    "guest": ("/e/{exercise}/join", "/join", "/join/mine", "/answer/7/page/1", "/answer/7/suggest", "/answer/7/check"),
    "moderator": (
        "/staff/e/{exercise}/queue",
        "/staff/e/{exercise}/queue/{proposal}",
        "/staff/e/{exercise}/queue/{proposal}?act=split",
        "/staff/e/{exercise}/queue/{proposal}?act=send&road=to_change",
        "/staff/e/{exercise}/questions/{question}",
        "/staff/e/{exercise}/reasons/8",
        "/staff/e/{exercise}/suggestions/8/{suggestion}",
    ),
    "administrator": (
        "/staff/new?template=jla_style",
        "/staff/e/{exercise}/asking",
        "/staff/e/{exercise}/sorting",
        "/staff/e/{exercise}/settings",
        "/staff/e/{exercise}/publish",
        "/staff/e/{exercise}/people",
        "/staff/e/{exercise}/panel",
        "/staff/e/{exercise}/panel/invite",
        "/staff/e/{exercise}/rounds/1",
        "/staff/e/{exercise}/rounds/2",
        "/staff/e/{exercise}/rounds/3",
        "/staff/e/{exercise}/rounds/3/dates",
        "/staff/e/{exercise}/rounds/2/trial",
        "/staff/e/{exercise}/rounds/1/remind",
        "/staff/e/{exercise}/rounds/7/doors",
        "/staff/e/{exercise}/rounds/8/after",
        "/staff/e/{exercise}/rules/change",
        "/staff/e/{exercise}/rules/rounds/1",
        "/staff/e/{exercise}/rules/rounds/4?kind=best_worst",
        "/staff/e/{exercise}/rules/rounds/2/remove",
        "/staff/e/{exercise}/design",
    ),
    "nobody": ("/sign-in", "/code", "/in/{token}", "/e/{exercise}/ask/words"),
}
FORM = re.compile(r"<form\b(.*?)</form>", re.DOTALL)


@pytest.fixture
def world(app: Flask) -> World:
    """With a round that is open to all, and a closed one in which somebody suggested a question."""
    world = a_world()
    exercise = world.own.exercise
    factories.an_open_round(exercise, n=7, design={"access": "open", "suggestions": True})
    closed = factories.an_open_round(exercise, n=8, design={"suggestions": True})
    suggestions.suggest(closed, world.own.panelist, "What about the nights?")
    voting.save_page(closed, world.own.panelist, {"Q1.1": 9}, base=None)
    rounds.close_round(closed, actor=None, reason="Enough.")
    planned = find_round(exercise, 3)
    planned.design = {"kind": str(planned.kind)}  # as planning a round writes it
    db.session.commit()
    return world


def asked_for(world: World, place: Place) -> dict[str, object]:
    """What stands for the parameters of an address: of a suggestion, the one that waits."""
    closed = find_round(world.own.exercise, 8)
    return place.values("") | {"suggestion": suggested(closed)[0].handle if closed else ""}


@pytest.fixture(autouse=True)
def without_limits(monkeypatch):
    """Limits would end the test after ten tries; they have tests of their own."""
    monkeypatch.setattr("priority.services.limits.hit", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(pace, "MOST", 10**6)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(PAGES))
def test_whatever_is_posted_is_answered(client, world, role):
    rng = random.Random(f"garbage for a {role}")
    pages = [page.format(**asked_for(world, place)) for place in _places(world, role) for page in PAGES[role]]
    ends, sent = time.monotonic() + SECONDS, 0
    for path in itertools.cycle(pages):
        if sent >= MOST or time.monotonic() > ends:
            break
        _come(client, world, role)
        sent += _attack(client, rng, path)
    print(f"{role}: {sent} forms")
    assert sent > len(PAGES[role])


@pytest.mark.slow
@pytest.mark.parametrize("role", list(PAGES))
def test_whatever_an_address_asks_for_is_answered(app, client, world, role):
    rng = random.Random(f"addresses for a {role}")
    _come(client, world, role)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        with app.test_request_context():
            values = world.own.values(rule.endpoint)
            address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        query = "&".join(f"{name}={_quoted(rng.choice(SHORT))}" for name in QUERY)
        for asked in (f"{address}?{query}", f"{address}%ff%00", f"{address}?%ff=%ed%a0%80&done=%ff"):
            assert client.get(asked).status_code < 500, asked


def _places(world: World, role: str) -> list[Place]:
    """Staff and strangers come to exercises in every state; the others have but one."""
    if role in {"contributor", "panelist", "guest"}:
        return [world.own]
    organisation = world.own.exercise.organisation
    return [world.own, *(a_place(organisation, state) for state in (ExerciseState.ASKING, ExerciseState.DRAFT))]


def _come(client: Browser, world: World, role: str) -> None:
    """Signed in anew each time, since what was posted may have ended the session."""
    secret = new_secret()
    if role == "guest":
        exercise = world.own.exercise
        client.send(f"/e/{exercise.public_id}/join", {"group": "patients"})
        return
    if role != "nobody":
        accounts.sign_in(world.people[role], secret)
    client.set_cookie("s", secret)


def _attack(client: Browser, rng: random.Random, path: str) -> int:
    """Sends each form of a page a few times, each time spoiled otherwise; gives how many were sent."""
    page = client.get(path)
    assert page.status_code < 500, path
    sent = 0
    for form in FORM.findall(page.text):
        action = re.search(r'action="([^"]*)"', form)
        address = unescape(action[1]) if action and action[1] else path
        fields = [(unescape(name), unescape(value)) for name, value in NAMED.findall(form)]
        for spoil in (_one_spoiled, _one_spoiled, _spoiled) if 'method="post"' in form else ():
            body = spoil(rng, fields)
            begun = time.monotonic()
            response = client.post(address, data=body, content_type="application/x-www-form-urlencoded")
            assert response.status_code < 500, (address, body[:400])
            assert time.monotonic() - begun < SLOW, (address, body[:400])
            sent += 1
    return sent


def _one_spoiled(rng: random.Random, fields: list[tuple[str, str]]) -> bytes:
    """Every field as the page has it but one, or one more: so the rest is taken, and the garbage goes deep."""
    names = sorted({name for name, _value in fields} - {"csrf_token"})
    chosen = rng.choice([*names, rng.choice(NAMES)])
    kept = [(name, value) for name, value in fields if name != chosen]
    return _encoded([*kept, (chosen, rng.choice(GARBAGE))])


def _spoiled(rng: random.Random, fields: list[tuple[str, str]]) -> bytes:
    """The fields with some left out, some doubled, some filled with garbage, and some that nobody asked for."""
    sent = []
    for name, value in fields:
        chance = rng.random()
        if name == "csrf_token" or chance < 0.5:
            sent.append((name, value))
        elif chance < 0.9:
            sent.append((name, rng.choice(GARBAGE)))
        if chance > 0.8:
            sent.append((name, rng.choice(GARBAGE)))
    sent += [(rng.choice(NAMES), rng.choice(GARBAGE)) for _one in range(rng.randrange(3))]
    return _encoded(sent)


def _encoded(sent: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sent)[:LARGEST].encode()


def _quoted(value: str) -> str:
    return quote_plus(value.encode("utf-8", "surrogatepass"))
