"""Coming in by link or code, and going out: nothing used up by looking, nothing told to strangers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock, ids
from priority.extensions import db, keys
from priority.models import Outbox, Session, SignInToken
from priority.services import accounts
from priority.words import RoleName
from tests.factories import a_contributor, a_panelist, a_person, an_exercise


def a_link(somebody):
    return f"/in/{accounts.secret_of(accounts.make_link(somebody, lasts=accounts.LINK_LASTS))}"


def test_a_link_shows_a_button_and_only_pressing_it_signs_in(client):
    person = a_person(an_exercise().organisation, RoleName.MODERATOR)
    link = a_link(person)
    for method in (client.get, client.head) * 20:
        assert method(link).status_code == 200
    assert db.session.query(Session).count() == 0
    answer = client.send(link)
    assert (answer.status_code, answer.location) == (303, "/staff")
    assert db.session.query(Session).one().person_id == person.id


@pytest.mark.parametrize("make", [a_panelist, a_contributor])
def test_the_page_of_a_link_names_no_condition(client, make):
    exercise = an_exercise(title="Living with a rare disease")
    somebody = make(exercise)
    link = f"/in/{accounts.secret_of(somebody)}" if make is a_panelist else a_link(somebody)
    assert "rare disease" not in client.get(link).text


def test_everybody_lands_where_they_belong(client):
    exercise = an_exercise()
    panelist, contributor = a_panelist(exercise), a_contributor(exercise)
    assert client.send(f"/in/{accounts.secret_of(panelist)}").location == "/answer"
    assert client.send(a_link(contributor)).location == "/mine"


def test_the_browser_gets_a_new_secret_when_somebody_comes_in(client):
    link = a_link(a_contributor(an_exercise()))
    client.get(link)
    before = client.get_cookie("s").value
    client.send(link)
    assert client.get_cookie("s").value != before
    assert client.get("/mine").status_code == 200


def test_a_used_link_offers_a_new_one(client):
    link = a_link(a_person(an_exercise().organisation))
    client.send(link)
    assert client.get(link).status_code == 410
    assert client.send(link).status_code == 303  # the second press of the same button: the browser shows its answer
    with clock.at(clock.now() + accounts.DOUBLE_PRESS):
        for answer in (client.send(link), client.get("/in/nonsense"), client.send("/in/" + "0" * 51)):
            assert answer.status_code == 410
            assert "Send me a new one" in answer.text


def test_an_old_link_offers_a_new_one(client):
    link = a_link(a_person(an_exercise().organisation))
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert client.send(link).status_code == 410
    assert db.session.query(Session).count() == 0


def test_a_link_is_not_used_without_the_token_of_our_page(client):
    link = a_link(a_person(an_exercise().organisation))
    assert client.post(link).status_code == 409
    assert client.send(link).status_code == 303


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/////evil", "\t//evil"]
)
def test_nobody_is_sent_to_a_strangers_site(client, target):
    link = a_link(a_person(an_exercise().organisation))
    assert client.send(link, query_string={"next": target}).location == "/staff"


def test_a_known_and_an_unknown_address_get_the_same_answer(client):
    exercise = an_exercise()
    person = a_person(exercise.organisation)
    known = keys.reveal(person.address)
    pages = [client.send("/sign-in", {"address": address}) for address in (known, "x" + known)]
    assert {page.status_code for page in pages} == {200}
    assert pages[0].text.replace(known, "") == pages[1].text.replace("x" + known, "")
    assert [letter.template for letter in db.session.query(Outbox)] == ["sign_in"]


def test_the_letter_holds_the_link_that_works_and_the_outbox_does_not(client):
    from priority.adapters import mail

    person = a_person(an_exercise().organisation, RoleName.MODERATOR)
    client.send("/sign-in", {"address": keys.reveal(person.address)})
    message, token = db.session.query(Outbox).one(), db.session.query(SignInToken).one()
    secret = accounts.secret_of(token)
    assert secret not in str(message.context)
    assert f"/in/{secret}" in mail.render(message).text
    assert client.send(f"/in/{secret}").status_code == 303


@pytest.mark.parametrize(
    "address", ["", "   ", "anna", "a@b", "a b@example.org", "<x>@example.org", "a@" + "x" * 300, "å\x00"]
)
def test_a_mistyped_address_is_said_at_the_field_and_kept(client, address):
    an_exercise()
    answer = client.send("/sign-in", {"address": address})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "<title>Error:" in answer.text


def test_an_address_gets_three_links_an_hour_whether_it_is_known_or_not(client):
    an_exercise()
    statuses = [client.send("/sign-in", {"address": "nobody@example.org"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_a_network_gets_twenty_links_an_hour(client):
    an_exercise()
    statuses = [client.send("/sign-in", {"address": f"n{n}@example.org"}).status_code for n in range(21)]
    assert statuses == [200] * 20 + [429]


def test_a_code_brings_people_back_however_it_is_typed(client):
    contributor = a_contributor(an_exercise())
    typed = f"  {ids.spaced(accounts.code_of(contributor)).upper().replace('0', 'o')} "
    answer = client.send("/code", {"code": typed})
    assert (answer.status_code, answer.location) == (303, "/mine")


def test_a_code_leads_on_to_where_somebody_was_going(client):
    contributor = a_contributor(an_exercise())
    answer = client.send("/code", {"code": accounts.code_of(contributor)}, query_string={"next": "/mine/reach"})
    assert answer.location == "/mine/reach"


@pytest.mark.parametrize("code", ["", "0000000000", "x" * 5000, "\x00", "🙂" * 10, "'; DROP TABLE session"])
def test_a_wrong_code_is_said_at_the_field(client, code):
    an_exercise()
    answer = client.send("/code", {"code": code})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_after_ten_wrong_codes_even_the_right_one_must_wait(client):
    code = accounts.code_of(a_contributor(an_exercise()))
    assert [client.send("/code", {"code": "0000000000"}).status_code for _ in range(10)] == [422] * 10
    answer = client.send("/code", {"code": code})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert client.send("/code", {"code": code}).status_code == 303


def test_signing_out_ends_the_session_and_forgets_the_browser(client, sign_in):
    sign_in(client, a_contributor(an_exercise()))
    assert client.get("/mine").status_code == 200
    answer = client.send("/sign-out")
    assert answer.status_code == 303
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert db.session.query(Session).count() == 0
    assert client.get("/mine").status_code == 303


def test_somebody_not_signed_in_is_asked_to_and_brought_back(client):
    an_exercise()
    assert client.get("/mine").location == "/sign-in?next=/mine"
