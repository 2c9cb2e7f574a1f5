"""Letters: what they say, what they never say, and that each leaves once."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from priority.adapters import mail
from priority.extensions import db, keys
from priority.models import Outbox
from priority.services import accounts, outbox, panels, post, rounds
from priority.words import MailState, RoundKind
from tests.factories import a_contributor, a_panelist, a_person, an_exercise, an_open_round

if TYPE_CHECKING:
    from email.message import EmailMessage

pytestmark = pytest.mark.usefixtures("app")


class Server:
    """Stands where a mail server would: keeps what it is given, or refuses it."""

    def __init__(self, *, refuses: tuple[str, ...] = (), breaks_after: int | None = None) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses, self.breaks_after = refuses, breaks_after
        self.sock: object | None = object()

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        self.sock = None

    def send_message(self, letter: EmailMessage) -> None:
        if len(self.taken) == self.breaks_after:
            self.sock = None
            raise smtplib.SMTPServerDisconnected("gone")
        if letter["To"] in self.refuses:
            raise smtplib.SMTPRecipientsRefused({letter["To"]: (550, b"no such person")})
        self.taken.append(letter)


@pytest.fixture
def server(app, monkeypatch):
    """`server()` sets a mail server up; what it took stands in `.taken`."""

    def made(**values):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp="mail.example.org", mail_from="p@example.org")
        one = Server(**values)
        monkeypatch.setattr(mail, "connect", lambda _settings: one)
        return one

    return made


def invited(count=1):
    exercise = an_exercise(title="Living with long covid")
    people = [a_panelist(exercise) for _number in range(count)]
    for panelist in people:
        panels.new_link(panelist, None)
    return people


def states():
    db.session.expire_all()
    return [(row.state, row.tries) for row in db.session.query(Outbox).order_by(Outbox.id)]


def letter(template="invitation"):
    return mail.render(db.session.query(Outbox).filter_by(template=template).one())


def test_an_invitation_has_a_link_a_code_and_a_human():
    (panelist,) = invited()
    found = letter()
    assert found.to == keys.reveal(panelist.address)
    for text in (found.text, found.html):
        assert f"http://127.0.0.1/in/{accounts.secret_of(panelist)}" in text
        assert accounts.code_of(panelist)[:5] in text
        for words in ("Karin Ek", "090-00 00 00", "Living with long covid", "Panelist"):
            assert words in text


@pytest.mark.parametrize("kind", [RoundKind.RATING, RoundKind.RANKING])
def test_news_of_a_round_says_until_when_by_the_clock_of_the_exercise(kind):
    exercise = an_exercise(title="Living with long covid")
    panelist = a_panelist(exercise)
    round_ = an_open_round(exercise, kind)
    outbox.queue("round_open", panelist, event_key="round:1", exercise=exercise, round=round_.n)
    found = letter("round_open")
    for text in (found.text, found.html):
        assert "(Stockholm)" in text
        assert accounts.secret_of(panelist) in text
    assert ("in order" in found.subject) == (kind is RoundKind.RANKING)


def test_subjects_never_name_what_the_exercise_is_about_and_answers_are_never_in_a_letter():
    (panelist,) = invited()
    exercise = panelist.exercise
    round_ = an_open_round(exercise)
    for template in ("round_open", "answers_recorded"):
        outbox.queue(template, panelist, event_key=template, exercise=exercise, round=round_.n)
    for row in db.session.query(Outbox):
        found = mail.render(row)
        assert "covid" not in found.subject.lower()
        assert "\n" not in found.subject
        assert "What helps with number" not in found.text + found.html


def test_what_people_are_called_is_plain_text_in_text_and_escaped_in_html():
    exercise = an_exercise(title="Pain & <b>sleep</b>")
    panels.new_link(a_panelist(exercise, name=keys.hide("O'Neil <script>")), None)
    found = letter()
    assert "Hello O'Neil <script>," in found.text
    assert "Pain & <b>sleep</b>" in found.text
    assert "<script>" not in found.html
    assert "Pain &amp; &lt;b&gt;sleep&lt;/b&gt;" in found.html


def test_both_forms_of_a_letter_say_the_same_sentences():
    invited()
    found = letter()
    for sentence in (
        "Now we ask you which of their questions matter most.",
        "Nothing happens when you open the link.",
        "If that is a mistake, please tell us.",
    ):
        assert sentence in found.text
        assert sentence in found.html


def test_letters_of_made_up_data_say_so():
    exercise = an_exercise(simulated=True)
    panels.new_link(a_panelist(exercise), None)
    assert "made up" in letter().text
    assert "made up" in letter().html


def test_a_link_that_was_asked_for_leads_to_the_person_who_asked():
    person = a_person(an_exercise().organisation)
    accounts.ask_for_link(keys.reveal(person.address))
    row = db.session.query(Outbox).one()
    values = mail._values(row, person)
    assert accounts.use_link(values["link"].rpartition("/")[2]) is person


def test_a_contributors_letter_leads_to_their_page_and_carries_no_secret():
    contributor = a_contributor(an_exercise(), address=keys.hide("a@example.org"))
    outbox.queue("answers_recorded", contributor, event_key="x", exercise=contributor.exercise)
    assert mail._values(db.session.query(Outbox).one(), contributor)["link"] == "http://127.0.0.1/mine"


def test_without_a_mail_server_nothing_is_sent():
    invited()
    assert post.send_waiting() == post.Sending()
    assert states() == [(MailState.WAITING, 0)]


def test_each_letter_leaves_once(server):
    one = server()
    invited(3)
    assert post.send_waiting(2) == post.Sending(sent=2)
    assert post.send_waiting(2) == post.Sending(sent=1)
    assert post.send_waiting() == post.Sending()
    assert states() == [(MailState.SENT, 1)] * 3
    assert len({taken["To"] for taken in one.taken}) == 3
    assert len({taken["Message-ID"] for taken in one.taken}) == 3
    assert {taken["From"] for taken in one.taken} == {"p@example.org"}
    assert {taken["Reply-To"] for taken in one.taken} == {"karin@example.org"}
    assert all(taken.get_body(("plain",)) and taken.get_body(("html",)) for taken in one.taken)


def test_a_letter_that_another_process_took_is_left_to_it(server):
    one = server()
    invited()
    number = db.session.query(Outbox.id).scalar()
    db.session.query(Outbox).update({"state": MailState.FAILED})
    db.session.commit()
    assert post._send(number, one, None) is None
    assert one.taken == []


def test_a_refused_letter_is_tried_five_times_and_kept(server):
    (panelist,) = invited()
    server(refuses=(keys.reveal(panelist.address),))
    for tries in range(1, 5):
        assert post.send_waiting().later == 1
        assert states() == [(MailState.WAITING, tries)]
    assert post.send_waiting() == post.Sending(failed=1)
    assert states() == [(MailState.FAILED, 5)]
    assert post.send_waiting() == post.Sending()


def test_one_bad_address_stops_nobody_else(server):
    people = invited(3)
    one = server(refuses=(keys.reveal(people[0].address),))
    assert post.send_waiting() == post.Sending(sent=2, later=1)
    assert len(one.taken) == 2


def test_a_broken_connection_leaves_the_rest_for_later(server):
    server(breaks_after=1)
    invited(4)
    assert post.send_waiting() == post.Sending(sent=1, later=1)
    assert states() == [(MailState.SENT, 1), (MailState.WAITING, 1), (MailState.WAITING, 0), (MailState.WAITING, 0)]


def test_a_mail_server_that_is_down_costs_no_try(app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp="127.0.0.1:1")
    invited()
    found = post.send_waiting()
    assert (found.later, bool(found.trouble)) == (1, True)
    assert states() == [(MailState.WAITING, 0)]


def test_a_letter_without_a_template_fails_alone(server):
    (panelist,) = invited()
    one = server()
    outbox.queue("no_such_letter", panelist, event_key="x", exercise=panelist.exercise)
    for _try in range(5):
        post.send_waiting()
    assert states() == [(MailState.SENT, 1), (MailState.FAILED, 5)]
    assert len(one.taken) == 1


def test_a_letter_to_print_is_not_mailed(server):
    one = server()
    panels.new_link(a_panelist(an_exercise(), address=None, address_lookup=None), None)
    assert post.send_waiting() == post.Sending()
    assert one.taken == []
    assert post.letters()[0].mail.to == ""


def test_opening_a_round_writes_a_letter_that_can_be_read():
    exercise = an_exercise()
    panelist = a_panelist(exercise)
    round_ = an_open_round(exercise)
    rounds.join_late(round_, panelist)
    outbox.queue("round_open", panelist, event_key="r", exercise=exercise, round=round_.n)
    assert post.letters()[0].trouble is None
