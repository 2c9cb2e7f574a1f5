"""Coming in: links, codes and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock
from priority.errors import Gone, Invalid
from priority.extensions import db
from priority.models import Outbox
from priority.services import accounts
from priority.words import RoleName
from tests.factories import a_contributor, a_panelist, a_person, an_exercise

pytestmark = pytest.mark.usefixtures("app")


def test_a_link_that_was_asked_for_works_once():
    person = a_person(an_exercise().organisation, RoleName.MODERATOR)
    secret = accounts.secret_of(accounts.make_link(person, lasts=accounts.LINK_LASTS))
    assert accounts.behind_link(secret) is person
    assert accounts.behind_link(secret) is person  # looking, as a mail scanner does, uses nothing up
    assert accounts.use_link(secret) is person
    assert accounts.use_link(secret) is person  # a double press
    with clock.at(clock.now() + timedelta(minutes=1)), pytest.raises(Gone):
        accounts.use_link(secret)


def test_a_link_that_was_asked_for_lasts_a_quarter_of_an_hour():
    person = a_person(an_exercise().organisation)
    secret = accounts.secret_of(accounts.make_link(person, lasts=accounts.LINK_LASTS))
    with clock.at(clock.now() + timedelta(minutes=16)), pytest.raises(Gone):
        accounts.behind_link(secret)


def test_an_invitation_works_again_and_again():
    panelist = a_panelist(an_exercise())
    for _ in range(3):
        assert accounts.use_link(accounts.secret_of(panelist)) is panelist


def test_a_panelist_who_lost_the_link_gets_it_again_until_the_last_round_closes():
    panelist = a_panelist(an_exercise())
    for _ in range(2):
        accounts.ask_for_link(accounts.keys.reveal(panelist.address))
    assert [message.template for message in db.session.query(Outbox)] == ["invitation"] * 2


def test_a_link_of_somebody_who_left_says_so():
    panelist = a_panelist(an_exercise(), active=False)
    with pytest.raises(Gone, match="no longer works"):
        accounts.use_link(accounts.secret_of(panelist))


def test_codes_forgive_case_spaces_and_look_alikes():
    contributor = a_contributor(an_exercise())
    code = accounts.code_of(contributor)
    assert accounts.behind_code(f" {code[:5].upper()} - {code[5:]} ".replace("0", "O")) is contributor


@pytest.mark.parametrize("text", ["", "abc", "0000000000", "x" * 500, "7kq2m x4p9d extra"])
def test_a_wrong_code_is_refused_in_words(text):
    with pytest.raises(Invalid, match="can't find that code"):
        accounts.behind_code(text)


def test_asking_for_a_link_says_nothing_about_who_is_known():
    person = a_person(an_exercise().organisation)
    db.session.flush()
    accounts.ask_for_link("nobody@example.org")
    assert db.session.query(Outbox).count() == 0
    accounts.ask_for_link(accounts.keys.reveal(person.address).upper())
    assert db.session.query(Outbox).count() == 1


def test_a_panelists_session_has_a_fixed_end_and_is_never_seen():
    exercise = an_exercise()
    session = accounts.sign_in(a_panelist(exercise), "s" * 51)
    assert session.last_seen_at is None
    assert not accounts.note_seen(session)
    with clock.at(clock.now() + accounts.PANELIST_LASTS):
        assert accounts.find_session("s" * 51) is None


def test_a_staff_session_ends_after_half_an_hour_of_silence():
    person = a_person(an_exercise().organisation, RoleName.COORDINATOR)
    accounts.sign_in(person, "s" * 51)
    assert accounts.find_session("s" * 51) is not None
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert accounts.find_session("s" * 51) is None
