"""Pages for whoever looks after the installation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from priority.services import accounts, outbox, panels
from tests.factories import a_panelist, a_person, an_exercise


@pytest.fixture
def in_development(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], environment="development")


def test_the_process_says_that_it_is_up(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_there_is_no_inbox_outside_development(client):
    an_exercise()
    assert client.get("/inbox").status_code == 404


@pytest.mark.usefixtures("in_development")
def test_the_inbox_shows_letters_newest_first_with_links_that_work(client):
    exercise = an_exercise()
    old, new = a_panelist(exercise), a_panelist(exercise)
    panels.new_link(old, None)
    panels.new_link(new, None)
    text = client.get("/inbox").text
    first, second = (text.index(accounts.secret_of(one)) for one in (new, old))
    assert first < second
    assert f'<a href="http://127.0.0.1/in/{accounts.secret_of(new)}">' in text
    assert client.get(f"/in/{accounts.secret_of(new)}").status_code == 200


@pytest.mark.usefixtures("in_development")
def test_a_letter_without_a_template_is_named_and_breaks_nothing(client):
    exercise = an_exercise()
    outbox.queue("no_such_letter", a_person(exercise.organisation), event_key="x", exercise=exercise)
    page = client.get("/inbox")
    assert page.status_code == 200
    assert "It cannot be written: TemplateNotFound" in page.text


@pytest.mark.usefixtures("in_development")
def test_nothing_that_somebody_is_called_becomes_markup(client):
    exercise = an_exercise(title="<script>alert(1)</script>")
    panels.new_link(a_panelist(exercise), None)
    text = client.get("/inbox").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
