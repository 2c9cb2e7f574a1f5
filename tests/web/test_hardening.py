"""What an attacker tries first, anywhere: headers, hosts, cookies, files of the server, and errors while failing."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from typing import TYPE_CHECKING

import pytest
from flask import request
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from priority.app import answer_static_files, create_app
from priority.database import migrate_to_newest
from priority.extensions import db
from priority.services.answers import page_digest
from priority.web.headers import HEADERS
from priority.words import ExerciseState
from tests.conftest import settings_in
from tests.world import World, a_place, a_world

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse


@pytest.fixture
def world(app: Flask) -> World:
    return a_world()


def is_protected(response: TestResponse) -> bool:
    return all(response.headers.get(name) == value for name, value in HEADERS.items())


# -- headers and hosts -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/nowhere", 404), ("/staff", 303), ("/in/x", 410), ("/healthz", 200), ("/static/mark.svg", 200)],
)
def test_every_answer_carries_the_headers(client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert is_protected(response)


def test_exports_and_refused_forms_carry_the_headers(client, sign_in, world):
    assert is_protected(client.post("/sign-in", data={}))
    sign_in(client, world.people["researcher"])
    files = [client.get(f"/staff/e/{world.own.exercise.public_id}/{name}") for name in ("results.csv", "results.json")]
    assert all(file.status_code == 200 and is_protected(file) for file in files)
    assert all(file.headers["Cache-Control"] == "no-store" for file in files)


def test_a_disk_that_is_full_at_the_very_end_is_answered_with_the_headers(client, sign_in, world, monkeypatch):
    sign_in(client, world.people["contributor"])

    def full() -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr("priority.web.transaction.commit", full)
    response = client.send("/mine/agree", {"purposes": "contact"})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert is_protected(response)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "a b", "[::1"])
def test_another_host_is_refused_with_a_plain_page(client, host):
    response = client.get("/sign-in", headers={"Host": host})
    assert response.status_code == 400
    assert is_protected(response)
    assert host not in response.text


def test_in_production_files_carry_everything_that_pages_do(tmp_path, migrated):
    app = create_app(settings_in(tmp_path, environment="production", url="https://priority.example"))
    answer_static_files(app)
    with Client(app).get("/static/mark.svg") as response:
        assert response.status_code == 200
        assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2f..%2fsetup.cfg"])
def test_no_file_beside_the_static_ones_is_handed_out(app, path):
    answer_static_files(app)
    with Client(app).get(path) as response:
        assert response.status_code == 404


def test_the_cookie_cannot_be_read_or_sent_from_elsewhere(tmp_path, migrated):
    (tmp_path / "priority.db").write_bytes(migrated.read_bytes())
    app = create_app(settings_in(tmp_path, environment="production", url="https://priority.example"))
    with app.app_context():
        response = app.test_client().get("/sign-in", base_url="https://127.0.0.1")
        db.session.remove()
        db.engine.dispose()
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-s=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_an_address_that_a_proxy_claims_does_not_reset_the_limits(client):
    client.token()
    for n in range(10):
        client.send("/code", {"code": f"{n:010}"}, headers={"X-Forwarded-For": f"10.0.0.{n}"})
    claimed = {"X-Forwarded-For": "10.9.9.9", "Forwarded": "for=10.9.9.9", "X-Real-IP": "10.9.9.9"}
    last = client.send("/code", {"code": "0" * 10}, headers=claimed)
    assert last.status_code == 429


def test_behind_a_proxy_that_is_declared_everybody_has_limits_of_their_own(tmp_path, migrated):
    """And nobody a way around them: only what the last proxy itself added is believed."""
    (tmp_path / "priority.db").write_bytes(migrated.read_bytes())
    app = create_app(settings_in(tmp_path, proxies=1))
    seen = []
    app.add_url_rule("/who", view_func=lambda: seen.append(request.remote_addr) or "")
    for claimed in ("10.0.0.1", "10.0.0.2", "192.0.2.9, 10.0.0.2"):
        Client(app).get("/who", headers={"X-Forwarded-For": claimed, "X-Forwarded-Host": "evil.example"})
    assert seen == ["10.0.0.1", "10.0.0.2", "10.0.0.2"]


# -- files -----------------------------------------------------------------------------------------------------------
def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_on_the_computer_reads_the_database_or_the_keys(tmp_path):
    before = os.umask(0o022)
    try:
        folder = tmp_path / "instance"
        app = create_app(settings_in(folder))
        with app.app_context():
            migrate_to_newest()
            db.session.remove()
            db.engine.dispose()
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert mode(folder / "priority.db") == 0o600
    assert mode(folder / "keys") == 0o700
    assert {mode(file) for file in (folder / "keys").rglob("*.key")} == {0o600}


def test_a_database_that_others_could_read_is_closed_to_them_at_the_start(tmp_path, migrated):
    (tmp_path / "priority.db").write_bytes(migrated.read_bytes())
    (tmp_path / "priority.db").chmod(0o644)
    create_app(settings_in(tmp_path))
    assert mode(tmp_path / "priority.db") == 0o600


# -- numbers, moments and versions that nobody types -----------------------------------------------------------------
@pytest.mark.parametrize("page", ["9" * 20, "9" * 5000, "-1", "0", "٣", "²", "1e3", "x"])
def test_a_page_number_that_nobody_types_is_answered(client, sign_in, world, page):
    sign_in(client, world.people["administrator"])
    for name in ("panel", "queue"):
        assert client.get(f"/staff/e/{world.own.exercise.public_id}/{name}?page={page}").status_code == 200


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "1999-12-31T23:59", "9999-12-31T23:59"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_moment_beyond_all_calendars_is_said_at_the_field(client, sign_in, world, when, zone):
    sign_in(client, world.people["administrator"])
    asking = a_place(world.own.exercise.organisation, ExerciseState.ASKING, time_zone=zone).exercise.public_id
    response = client.send(f"/staff/e/{asking}/asking", {"until": when, "safeguarding_contact": "Eva"})
    assert response.status_code == 422
    assert when in response.text
    moved = client.send(f"/staff/e/{world.own.exercise.public_id}/rounds/1/end", {"closes_at": when, "reason": "So."})
    assert moved.status_code == 422


@pytest.mark.parametrize("choice", [" ", "\t", "x", "EVERY_STEP"])
def test_a_choice_that_is_not_offered_is_refused_where_leaving_it_out_is_not(client, sign_in, world, choice):
    sign_in(client, world.people["contributor"])
    assert client.send("/mine/agree", {"purposes": choice}).status_code == 422
    assert client.send("/mine/agree", {"purposes": ["", choice]}).status_code == 422
    assert client.send("/mine/agree", {}).status_code == 303
    assert client.send("/mine/reach", {"letters": choice, "address": "a@example.org"}).status_code == 422
    asking = a_place(world.own.exercise.organisation, ExerciseState.ASKING).exercise.public_id
    for field in ("letters", "group", "on_behalf"):
        form = {"texts-0": "My words.", "step": "check", "go": "on"}
        assert client.send(f"/e/{asking}/ask/words", form).status_code == 200
        assert client.send(f"/e/{asking}/ask/words", form | {field: choice}).status_code == 422


@pytest.mark.parametrize("name", ["texts-²", "texts-" + "9" * 5000, "texts-٣", "texts--1", "texts-", "texts-1-1"])
def test_names_of_fields_that_no_page_has_are_answered(client, world, name):
    asking = a_place(world.own.exercise.organisation, ExerciseState.ASKING).exercise.public_id
    form = {"texts-0": "My words.", name: "Others", "step": "words", "go": "on"}
    response = client.send(f"/e/{asking}/ask/words", form)
    assert response.status_code == 200
    assert "My words." in response.text


@pytest.mark.parametrize("letter", ["[", "[a ", " ", "-\n", "a@", '"', "\u202e"])
def test_a_text_as_long_as_the_door_takes_is_refused_in_time(client, sign_in, world, letter):
    """No pattern that we look for takes longer than its text: nobody can keep the server busy with one form."""
    sign_in(client, world.people["administrator"])
    asking = a_place(world.own.exercise.organisation, ExerciseState.ASKING)
    part = asking.proposal.parts[0]
    here = f"/staff/e/{asking.exercise.public_id}"
    seen = {"part": part.public_id, "version": str(part.version)}
    text = letter * (200_000 // len(letter))
    begun = time.monotonic()
    for form in (
        {"act": "send", "destination": "to_change", "owner": "We", "sentence": text},
        {"act": "split", "pieces": text},
        {"act": "redact", "redacted": text},
        {"act": "make", "text": text, "short": "Short"},
    ):
        assert client.send(f"{here}/queue/{asking.proposal.public_id}", seen | form).status_code == 422
    client.send(f"{here}/people", {"name": "N", "address": text, "role": "moderator"})
    client.send("/sign-in", {"address": text})
    assert time.monotonic() - begun < 30  # a hang: it used to take minutes


VERSIONS = (
    "[" * 60_000,
    '{"piles": {"Q1.1": [1]}, "order": {}}',
    '{"piles": {"Q1.1": {"a": 1}}, "order": {}}',
    '{"piles": {"\\ud800": 1}, "order": {}}',
    '{"piles": {"Q1.1": "\\ud800"}, "order": {}}',
    '{"piles": {"Q1.1": 1e999}, "order": {}}',
    '{"piles": {"Q1.1": 1}, "order": {"Q1.1": 99999999999999999999}}',
)


@pytest.mark.parametrize("keep", VERSIONS)
@pytest.mark.parametrize("page", ["order", "sort/1"])
def test_a_made_up_version_of_an_order_is_refused(client, sign_in, world, keep, page):
    sign_in(client, world.people["panelist"])
    response = client.send(f"/answer/2/{page}", {"keep": keep, "base": page_digest({})})
    assert response.status_code in {409, 422}
