"""Texts that try to become something else, in every place where somebody can write one, on every page that shows it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from priority.extensions import db, keys
from priority.models import Panelist
from priority.queries.rounds import live_questions, rounds_of
from priority.services import exercises, merging, outbox, post, proposing, protocols, rounds, triage
from priority.words import Destination, ExerciseState, Letters, RoleName
from tests import factories, finished
from tests.factories import a_panelist, a_person, group

if TYPE_CHECKING:
    from flask import Flask

    from priority.models import Exercise

TAG = "<script>alert(1)</script>"
HOSTILE = f"""=1+1{TAG}"' onfocus=alert(1) x='{{{{ 7777*7 }}}} %(x)s %s {{0}}"""
CONTACT = dict.fromkeys(("contact_name", "contact_phone", "contact_hours"), HOSTILE)
CONTACT |= {"contact_email": "karin@example.org"}


@pytest.fixture
def exercise(app: Flask, monkeypatch) -> Exercise:
    """A published exercise of which every text is hostile."""
    groups = tuple(
        (key, HOSTILE + key, share, tuple((one, f"{HOSTILE} {one}") for one, _name in many))
        for key, _name, share, many in factories.GROUPS
    )
    monkeypatch.setattr(factories, "GROUPS", groups)
    monkeypatch.setattr(factories, "CONTACT", CONTACT)
    organisation = factories.an_organisation(name=HOSTILE)
    exercise = factories.an_exercise(
        organisation, title=HOSTILE, introduction=HOSTILE, readers=HOSTILE, safeguarding_contact=HOSTILE
    )
    moderator = a_person(organisation, RoleName.MODERATOR, name=HOSTILE)
    _ask(exercise, moderator)
    for key, size in (("patients", 6), ("nurses", 6)):
        for _one in range(size):
            a_panelist(exercise, key, name=keys.hide(HOSTILE))
    exercise.state = ExerciseState.ANSWERING
    protocols.set_body(exercise, protocols.body_for(exercise.template) | {"publication_level": "L3"})
    rounds.plan(exercise)
    for round_ in rounds_of(exercise):
        finished.run_round(exercise, round_)
    exercises.publish(exercise, actor=None)
    db.session.commit()
    return exercise


def _ask(exercise: Exercise, moderator) -> None:
    for number in range(12):
        sent = proposing.submit(
            exercise,
            texts=[f"{HOSTILE} {number}"],
            locale="en",
            group=group(exercise, "patients"),
            address="asker@example.org",
            letters=Letters.EVERY_STEP,
        )
        part = sent.proposals[0].parts[0]
        if number == 11:
            triage.route(part, Destination.TO_CHANGE, owner=HOSTILE, sentence=HOSTILE, actor=moderator, reason=HOSTILE)
        else:
            text = f"{HOSTILE} {number}"
            merging.make_question(
                [part], exercise=exercise, text=text, short=text[:120], background=HOSTILE, actor=moderator, reason=TAG
            )


def pages(app: Flask, client, exercise: Exercise):
    proposal = db.session.query(proposing.Proposal).order_by(proposing.Proposal.id.desc()).first()
    question = live_questions(exercise)[0][1].question
    values = {"exercise": exercise.public_id, "proposal": proposal.public_id, "question": question.public_id, "n": 1}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= set(values):
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            response = client.get(address)
            if response.status_code == 200 and response.mimetype == "text/html":
                yield address, response.text


@pytest.mark.parametrize("role", ["nobody", "contributor", "panelist", "administrator"])
def test_on_every_page_a_text_stays_a_text(app, client, sign_in, exercise, role):
    contributor = db.session.query(proposing.Contributor).order_by(proposing.Contributor.id.desc()).first()
    people = {
        "contributor": contributor,
        "panelist": db.session.query(Panelist).first(),
        "administrator": a_person(exercise.organisation, RoleName.ADMINISTRATOR, name=HOSTILE),
    }
    if role in people:
        sign_in(client, people[role])
    found = dict(pages(app, client, exercise))
    assert sum("&lt;script&gt;" in page for page in found.values()) > 1
    for address, page in found.items():
        assert "<script>alert" not in page, address
        assert "\"' onfocus" not in page, address
        assert "54439" not in page, address


def test_in_every_letter_a_text_stays_a_text(exercise):
    for panelist in db.session.query(Panelist):
        outbox.queue("round_open", panelist, event_key="again", exercise=exercise, round=1)
    letters = post.letters(limit=1000)
    assert {letter.template for letter in letters} >= {"round_open", "news_received", "news_end"}
    written = 0
    for letter in letters:
        assert letter.mail is not None, letter.trouble
        assert "<script>" not in letter.mail.html
        assert "\"' onfocus" not in letter.mail.html
        assert "54439" not in letter.mail.html + letter.mail.text
        assert "\n" not in letter.mail.subject + letter.mail.to + letter.mail.reply_to
        written += "&lt;script&gt;" in letter.mail.html
    assert written


def test_in_every_table_no_cell_is_a_formula(client, sign_in, exercise):
    sign_in(client, a_person(exercise.organisation, RoleName.RESEARCHER))
    for name in ("results.csv", "ballots.csv"):
        response = client.get(f"/staff/e/{exercise.public_id}/{name}")
        rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))], name
