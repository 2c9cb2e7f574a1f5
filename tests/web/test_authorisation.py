"""Every route, by every method, as every kind of person: in their own exercise, in another, and in a stranger's.

The table says who comes in. A route that is missing from it fails, and so does one that is in it and no longer exists.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from priority import ids
from priority.extensions import db
from priority.words import ExerciseState, RoleName
from tests.world import STAFF, Place, World, a_world

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

    from tests.web.conftest import Browser

EVERYBODY = "nobody contributor panelist moderator coordinator researcher translator administrator"
MODERATE, COORDINATE = "moderator coordinator administrator", "coordinator administrator"
READ = "researcher coordinator administrator"
NONE = ""  # outside development

MAY_COME_IN = {
    "GET public.home": EVERYBODY,
    "GET public.exercise": EVERYBODY,
    "GET public.safety": EVERYBODY,
    "GET public.accessibility": EVERYBODY,
    "GET office.healthz": EVERYBODY,
    "GET office.inbox": NONE,
    "GET entry.sign_in": EVERYBODY,
    "POST entry.send_link": EVERYBODY,
    "GET entry.link": EVERYBODY,
    "POST entry.use_link": EVERYBODY,
    "GET entry.code": EVERYBODY,
    "POST entry.use_code": EVERYBODY,
    "POST entry.sign_out": EVERYBODY,
    "GET propose.consent": EVERYBODY,
    "GET propose.ask": EVERYBODY,
    "POST propose.go_on": EVERYBODY,
    "GET propose.mine": "contributor",
    "GET propose.question_page": "contributor",
    "POST propose.add": "contributor",
    "POST propose.take_back": "contributor",
    "POST propose.agree": "contributor",
    "GET propose.delete": "contributor",
    "POST propose.erase": "contributor",
    "GET propose.reach": "contributor",
    "POST propose.set_reach": "contributor",
    "GET open.landing": EVERYBODY,
    "POST open.begin": EVERYBODY,
    "GET open.code": EVERYBODY,
    "POST open.use_code": EVERYBODY,
    "GET open.mine": "panelist",
    "POST open.leave": EVERYBODY,
    "POST open.erase": "panelist",
    "GET answer.home": "panelist",
    "POST answer.agree": "panelist",
    "GET answer.rating_page": "panelist",
    "POST answer.rating_page": "panelist",
    "POST answer.choose_role": "panelist",
    "GET answer.changes": "panelist",
    "GET answer.suggest": "panelist",
    "POST answer.suggest": "panelist",
    "GET answer.leave": "panelist",
    "POST answer.leave": "panelist",
    "GET answer.why": "panelist",
    "POST answer.why": "panelist",
    "GET answer.choose_page": "panelist",
    "POST answer.choose_page": "panelist",
    "GET answer.set_page": "panelist",
    "POST answer.set_page": "panelist",
    "GET answer.sort_page": "panelist",
    "POST answer.sort_page": "panelist",
    "GET answer.order": "panelist",
    "POST answer.order": "panelist",
    "GET answer.check": "panelist",
    "POST answer.check": "panelist",
    "GET answer.thanks": "panelist",
    "POST answer.take_back": "panelist",
    "GET results.public_list": EVERYBODY,
    "GET results.full": READ,
    "GET results.results_csv": READ,
    "GET results.results_json": READ,
    "GET results.ballots_csv": READ,
    "GET moderate.queue": MODERATE,
    "GET moderate.proposal": MODERATE,
    "POST moderate.sort": MODERATE,
    "GET moderate.heard": MODERATE,
    "GET moderate.reasons_page": MODERATE,
    "POST moderate.reasons_page": MODERATE,
    "GET moderate.suggestions_page": MODERATE,
    "GET moderate.suggestion": MODERATE,
    "POST moderate.suggestion": MODERATE,
    "GET moderate.questions": MODERATE,
    "GET moderate.question": MODERATE,
    "POST moderate.change": MODERATE,
    "POST moderate.undo": MODERATE,
    "GET admin.home": " ".join(STAFF),
    "GET admin.new": COORDINATE,
    "POST admin.new": COORDINATE,
    "GET admin.exercise": COORDINATE,
    "GET admin.asking": COORDINATE,
    "POST admin.asking": COORDINATE,
    "POST admin.close_asking": COORDINATE,
    "GET admin.sorting": COORDINATE,
    "POST admin.sorting": COORDINATE,
    "GET admin.publish": COORDINATE,
    "POST admin.publish": COORDINATE,
    "GET admin.settings": COORDINATE,
    "POST admin.settings": COORDINATE,
    "GET admin.protocol": COORDINATE,
    "GET admin.change_rules": COORDINATE,
    "POST admin.change_rules": COORDINATE,
    "GET admin.change_round": COORDINATE,
    "POST admin.change_round": COORDINATE,
    "GET admin.remove_round": COORDINATE,
    "POST admin.remove_round": COORDINATE,
    "GET admin.design": COORDINATE,
    "GET admin.preview_round": COORDINATE,
    "GET admin.dates": COORDINATE,
    "POST admin.dates": COORDINATE,
    "POST admin.no_dates": COORDINATE,
    "GET admin.remind": COORDINATE,
    "POST admin.remind": COORDINATE,
    "GET admin.trial": COORDINATE,
    "POST admin.trial": COORDINATE,
    "POST admin.close_trial": COORDINATE,
    "GET admin.people": COORDINATE,
    "POST admin.people": COORDINATE,
    "GET admin.panel": COORDINATE,
    "GET admin.invite": COORDINATE,
    "POST admin.look_at_list": COORDINATE,
    "POST admin.deactivate": COORDINATE,
    "POST admin.reactivate": COORDINATE,
    "POST admin.new_link": COORDINATE,
    "GET admin.round_page": COORDINATE,
    "POST admin.open_round": COORDINATE,
    "POST admin.move_end": COORDINATE,
    "POST admin.close_round": COORDINATE,
    "GET admin.after_round": COORDINATE,
    "POST admin.sign_round": COORDINATE,
    "POST admin.alternatives": COORDINATE,
    "GET admin.doors": COORDINATE,
    "POST admin.slips": COORDINATE,
}
IN, SIGN_IN, NOT_FOUND = "comes in", "is asked to sign in", "finds no such page"


@dataclass
class Visit:
    """One way to come to a route: by which method, to which address."""

    name: str
    rule: Rule
    method: str

    def address(self, app: Flask, values: dict[str, object]) -> str:
        with app.test_request_context():
            return str(app.url_for(self.rule.endpoint, **{name: values[name] for name in self.rule.arguments}))


def visits(app: Flask) -> list[Visit]:
    return [
        Visit(f"{method} {rule.endpoint}", rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.endpoint != "static"
    ]


def expected(name: str, role: str) -> str:
    """What the table says of somebody in the exercise where they have their role."""
    if role in MAY_COME_IN[name].split():
        return IN
    if MAY_COME_IN[name] == NONE:
        return NOT_FOUND
    wanted = next((kind for kind in MAY_COME_IN[name].split() if kind in {"contributor", "panelist"}), "staff")
    kind = role if role in {"nobody", "contributor", "panelist"} else "staff"
    return NOT_FOUND if kind == wanted else SIGN_IN


def outcome(response: TestResponse) -> str:
    assert response.status_code < 500, response.status
    if response.status_code == 303 and response.location.split("?")[0] == "/sign-in":
        return SIGN_IN
    asks_again = response.status_code == 409 and "You were away for a while" in response.text
    return SIGN_IN if asks_again else NOT_FOUND if response.status_code == 404 else IN


@pytest.fixture
def world(app: Flask) -> World:
    """Published lists, so that public pages are there; everything else is in the middle of its rounds."""
    world = a_world()
    for place in (world.own, world.other, world.foreign):
        place.exercise.state = ExerciseState.PUBLISHED
    db.session.commit()
    return world


@pytest.fixture
def again(app: Flask, world: World, tmp_path: Path):
    """`again()` puts the database back as it was at the first call."""
    kept = tmp_path / "kept.db"

    def restore() -> None:
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        if kept.exists():
            for left in ("-wal", "-shm"):
                (tmp_path / f"priority.db{left}").unlink(missing_ok=True)
            shutil.copy(kept, tmp_path / "priority.db")
        else:
            shutil.copy(tmp_path / "priority.db", kept)

    return restore


def test_the_table_knows_every_route(app):
    assert {visit.name for visit in visits(app)} == set(MAY_COME_IN)


@pytest.mark.slow
@pytest.mark.parametrize("role", EVERYBODY.split())
def test_who_comes_in_where(app, client, sign_in, world, again, role):
    come(client, sign_in, world, role)
    ways = [
        (visit.name, where, visit.method, visit.address(app, place.values(visit.rule.endpoint) | changed))
        for visit in visits(app)
        for where, place, changed in _places(world)
        if where == "own" or "exercise" in visit.rule.arguments
    ]
    again()
    cookie, wrong = client.get_cookie("s"), []
    for name, where, method, address in ways:
        found = outcome(client.get(address) if method == "GET" else client.send(address))
        if found != should(name, role, where):
            wrong.append(f"{name} ({where}): {role} {found}, should be: {should(name, role, where)}")
        if method == "POST":  # whatever it changed is put back, the browser's cookie, too
            again()
            client.delete_cookie("s") if cookie is None else client.set_cookie("s", cookie.value)
    assert not wrong, "\n".join(wrong)


def come(client: Browser, sign_in, world: World, role: str) -> None:
    if role != "nobody":
        sign_in(client, world.people[role])


def _places(world: World) -> list[tuple[str, Place, dict[str, object]]]:
    found: list[tuple[str, Place, dict[str, object]]] = [
        ("own", world.own, {}),
        ("other", world.other, {}),
        ("foreign", world.foreign, {}),
    ]
    return [*found, ("unknown", world.own, {"exercise": ids.new_public_id()})]


def should(name: str, role: str, where: str) -> str:
    """What the table says, in somebody's own exercise or in another."""
    if where == "unknown":
        return NOT_FOUND
    here = expected(name, role)
    if where == "own" or here != IN or MAY_COME_IN[name] == EVERYBODY:
        return here
    return IN if role == RoleName.ADMINISTRATOR and where == "other" else NOT_FOUND


@pytest.mark.parametrize("parameter", ["proposal", "question", "panelist", "seq"])
@pytest.mark.parametrize("whose", ["other", "foreign"])
def test_nothing_of_another_exercise_is_found_under_ones_own(app, client, sign_in, world, parameter, whose):
    """Not even by the administrator of the organisation: the address names one exercise, and only that."""
    sign_in(client, world.people["administrator"])
    theirs = getattr(world, whose).values("")[parameter]
    tried = 0
    for visit in visits(app):
        if {"exercise", parameter} <= visit.rule.arguments:
            address = visit.address(app, world.own.values(visit.rule.endpoint) | {parameter: theirs})
            response = client.get(address) if visit.method == "GET" else client.send(address)
            assert response.status_code == 404, f"{visit.name}: {response.status_code}"
            tried += 1
    assert tried


@pytest.mark.parametrize("whose", ["other", "foreign"])
def test_forms_take_no_part_and_no_question_of_another_exercise(client, sign_in, whose, app):
    world = a_world()
    for place in (world.own, world.other, world.foreign):
        place.exercise.state = ExerciseState.ASKING
    sign_in(client, world.people["moderator"])
    theirs = getattr(world, whose)
    part, their_part = world.own.proposal.parts[0], theirs.proposal.parts[0]
    mine = f"/staff/e/{world.own.exercise.public_id}/queue/{world.own.proposal.public_id}"
    seen = {"part": part.public_id, "version": str(part.version)}
    joined = client.send(mine, seen | {"act": "join", "question": theirs.question.public_id})
    assert joined.status_code == 422
    road = {"act": "send", "destination": "to_change", "owner": "Us", "sentence": "We do it."}
    sent = client.send(mine, road | {"part": their_part.public_id, "version": str(their_part.version)})
    assert sent.status_code == 404
    own = f"/staff/e/{world.own.exercise.public_id}/questions/{world.own.question.public_id}"
    gone = client.send(own, {"act": "take-out", "part": their_part.public_id, "version": str(their_part.version)})
    assert gone.status_code == 409
    assert all(one.destination is None for one in (*world.own.proposal.parts, *theirs.proposal.parts))


def test_a_contributor_finds_nobody_elses_words(app, client, sign_in, world):
    sign_in(client, world.people["contributor"])
    for visit in visits(app):
        if visit.rule.endpoint.startswith("propose.") and "proposal" in visit.rule.arguments:
            for theirs in (world.other, world.foreign):
                address = visit.address(app, {"proposal": theirs.proposal.public_id})
                response = client.get(address) if visit.method == "GET" else client.send(address)
                assert response.status_code == 404, visit.name


WITHOUT_LIMITS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'limit'"


@pytest.mark.parametrize("token", [{}, {"csrf_token": ""}, {"csrf_token": "x" * 90}])
def test_no_form_is_taken_without_the_token_of_our_page(app, client, sign_in, world, token):
    """Forged from elsewhere, a form changes nothing, whoever is signed in: not a row, and nobody's session."""
    for role in ("contributor", "panelist", "administrator"):
        come(client, sign_in, world, role)
        cookie, before = client.get_cookie("s").value, _contents()
        for visit in visits(app):
            if visit.method == "POST" and role == MAY_COME_IN[visit.name].split()[-1]:
                response = client.post(visit.address(app, world.own.values(visit.rule.endpoint)), data=token)
                assert response.status_code < 500, f"{visit.name}: {response.status}"
                assert _contents() == before, visit.name
                assert client.get_cookie("s").value == cookie, visit.name


def _contents() -> dict[str, list[object]]:
    tables = db.session.scalars(text(WITHOUT_LIMITS)).all()
    rows = {name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')).all())) for name in tables}
    db.session.rollback()
    return rows
