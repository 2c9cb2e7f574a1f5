"""What must never be seen: answers of an open round, who answered, addresses, links and codes, words in a log."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from priority import clock, ids
from priority.errors import Unavailable
from priority.extensions import db, keys
from priority.models import Ballot, BallotSubmit, Panelist
from priority.services import accounts, outbox, panels, post, proposing, rounds, voting
from priority.words import RoleName
from tests import finished
from tests.factories import a_panelist, a_person, an_exercise, an_open_round
from tests.world import World, a_world

if TYPE_CHECKING:
    from flask import Flask

ROLES = ("contributor", "panelist", *RoleName)


@pytest.fixture
def world(app: Flask) -> World:
    """Everything is open; some have sent, one took their answers back."""
    world = a_world()
    first = db.session.query(Panelist).filter_by(exercise_id=world.own.exercise.id).all()
    for n, one in enumerate(first):
        voting.submit(_round(world), one, bytes([n]) * 32)
    voting.take_back(_round(world), first[-1])
    world.own.contributor.address = keys.hide("asker@canary.example")
    world.own.contributor.address_lookup = keys.lookup("asker@canary.example")
    db.session.commit()
    return world


def _round(world: World):
    return next(iter(rounds.rounds_of(world.own.exercise)))


def pages(app: Flask, client, world: World):
    """Every page and file that the visitor may see, with the name of its route."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "entry.link"}:
            continue
        with app.test_request_context():
            values = world.own.values(rule.endpoint)
            address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        response = client.get(address)
        if response.status_code == 200:
            yield rule.endpoint, f"{response.headers}\n{response.text}"


# -- a sweep with canaries -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [None, *ROLES])
def test_nobody_sees_what_is_not_theirs(app, client, sign_in, world, role):
    """Addresses and names of those who answer: the coordinator's list alone. Codes and receipts: only one's own."""
    if role is not None:
        sign_in(client, world.people[role])
    own = world.people.get(role) if role in {"contributor", "panelist"} else None
    everybody = db.session.query(Panelist).all()
    people = {f"panelist {keys.reveal(one.address)}" for one in everybody}
    people |= {f"panelist {keys.reveal(one.name)}" for one in everybody}
    codes = {ids.spaced(accounts.code_of(one)) for one in (*everybody, world.own.contributor) if one is not own}
    links = {accounts.secret_of(one) for one in everybody}
    ballots = {row.ballot_key.hex() for row in db.session.query(Ballot)}
    receipts = {ids.spaced(row.receipt) for row in db.session.query(BallotSubmit)}
    seen = 0
    for endpoint, page in pages(app, client, world):
        seen += 1
        found = {one for one in people if one.removeprefix("panelist ") in page}
        assert not found or (endpoint == "admin.panel"), (endpoint, found)
        assert ("asker@canary.example" in page) <= (role == "contributor"), endpoint
        assert not {one for one in codes | links | ballots if one in page}, endpoint
        mine = {one for one in receipts if one in page}
        assert len(mine) <= (1 if role == "panelist" else 0), endpoint
    assert seen


@pytest.mark.parametrize("role", [RoleName.RESEARCHER, RoleName.COORDINATOR, RoleName.ADMINISTRATOR])
def test_while_everything_is_open_no_page_and_no_file_knows_an_answer(app, client, sign_in, world, role):
    sign_in(client, world.people[role])
    before = dict(pages(app, client, world))
    for one in db.session.query(Panelist).filter_by(exercise_id=world.own.exercise.id):
        voting.save_page(_round(world), one, {"Q1.1": 1, "Q3.1": 2, "Q4.1": "cannot_judge"}, base=None)
    after = dict(pages(app, client, world))
    for endpoint, page in after.items():
        if not endpoint.startswith("admin."):
            assert _without_chance(page) == _without_chance(before[endpoint]), endpoint
    at = f"/staff/e/{world.own.exercise.public_id}"
    assert json.loads(client.get(f"{at}/results.json").text)["questions"] == []
    assert len(client.get(f"{at}/results.csv").text.splitlines()) == 1
    assert client.get(f"{at}/ballots.csv").text.splitlines() in ([], ["\ufeffround,side,group"])


def _without_chance(page: str) -> str:
    """A page without what is drawn anew each time: tokens and keys of forms."""
    return re.sub(r'value="[^"]*"', "", page)


# -- turnout ---------------------------------------------------------------------------------------------------------
def test_a_side_of_few_who_answered_cannot_be_worked_out_from_the_whole(client, sign_in, app):
    """The results say how many answered in all: beside it no page says how many of the other side did."""
    exercise = finished.an_exercise_to_answer(questions=3, panel={"patients": 9, "nurses": 6})
    first = next(iter(rounds.rounds_of(exercise)))
    silent = [one.id for one in db.session.query(Panelist) if one.group.key == "nurses"][3:]

    def some(rng, panelist, keys_):
        return {} if panelist.id in silent else finished.ratings(rng, panelist, keys_)

    finished.run_round(exercise, first, answer=some)
    sign_in(client, a_person(exercise.organisation, RoleName.COORDINATOR))
    page = client.get(f"/staff/e/{exercise.public_id}/rounds/1").text
    results = client.get(f"/staff/e/{exercise.public_id}/results").text
    assert "12 of 15" in _words(results)
    assert "9 of 9" not in _words(page)
    assert "Fewer than 5 of one side answered" in _words(page)
    assert "9 of 9" not in _words(results)


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# -- replays and somebody else's keys --------------------------------------------------------------------------------
def test_a_key_of_sending_that_somebody_else_used_gives_no_receipt_of_theirs(client, sign_in, app):
    exercise = an_exercise()
    one, other = a_panelist(exercise), a_panelist(exercise)
    round_ = an_open_round(exercise)
    for panelist, answer in ((one, 9), (other, 1)):
        voting.save_page(round_, panelist, {"Q1.1": answer}, base=None)
    theirs = voting.submit(round_, one, b"k" * 32)
    before = voting.own_ballot(round_, one)
    with pytest.raises(Unavailable) as refused:
        voting.submit(round_, other, b"k" * 32)
    assert theirs not in str(refused.value)
    assert voting.own_ballot(round_, one) == before
    assert voting.own_receipt(round_, other, b"k" * 32) is None


def test_answers_that_were_taken_back_are_in_no_file(client, sign_in, app):
    exercise = finished.an_exercise_to_answer(questions=3, panel={"patients": 9, "nurses": 7})
    first = next(iter(rounds.rounds_of(exercise)))
    rounds.open_round(first, closes_at=clock.now() + timedelta(days=7), actor=None)
    everybody = db.session.query(Panelist).filter_by(exercise_id=exercise.id).order_by(Panelist.id).all()
    for n, one in enumerate(everybody):
        voting.save_page(first, one, {"Q1.1": 9 if n else 2}, base=None)
    voting.take_back(first, everybody[0])
    rounds.close_round(first, actor=None, reason="So.")
    sign_in(client, a_person(exercise.organisation, RoleName.RESEARCHER))
    lines = client.get(f"/staff/e/{exercise.public_id}/ballots.csv").text.splitlines()
    assert len(lines) == 1 + len(everybody) - 1
    assert not any(",2," in f"{line}," for line in lines[1:])


# -- logs ------------------------------------------------------------------------------------------------------------
def test_an_error_in_the_middle_of_saving_puts_no_word_in_the_log(app, client, sign_in, world, caplog, monkeypatch):
    """What the database refuses is logged with its number, and without what it was asked to keep."""

    def twice(proposal, text):
        words = proposing.ProposalWords(proposal_id=proposal.id, n=1, kind="original", text=text)
        db.session.add(words)
        db.session.flush()

    monkeypatch.setattr(proposing, "add_words", twice)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    sign_in(client, world.people["contributor"])
    with caplog.at_level(logging.DEBUG):
        address = f"/mine/{world.own.proposal.public_id}/add"
        response = client.send(address, {"text": "My secret canary words"})
    assert response.status_code == 500
    assert "canary" not in response.text
    assert IntegrityError.__name__ in caplog.text
    assert "canary" not in caplog.text


def test_a_whole_visit_leaves_no_link_no_code_and_no_address_in_the_log(app, client, world, caplog):
    panelist, contributor = world.own.panelist, world.own.contributor
    secrets = [accounts.secret_of(panelist), accounts.code_of(panelist), accounts.code_of(contributor)]
    with caplog.at_level(logging.DEBUG):
        client.get(f"/in/{secrets[0]}")
        client.send(f"/in/{secrets[0]}")
        client.send("/sign-out")
        client.send("/code", {"code": secrets[2]})
        client.send("/sign-in", {"address": "asker@canary.example"})
        client.send("/answer/1/page/1", {"code": secrets[1], "Q1.1": "5"})
        outbox.queue("no-such-letter", panelist, event_key="x", exercise=world.own.exercise)
        post.send_waiting()
        panels.new_link(panelist, None)
    secrets += ["canary.example", keys.reveal(panelist.address), client.get_cookie("s").value]
    assert not [secret for secret in secrets if secret in caplog.text]
