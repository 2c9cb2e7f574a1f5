"""Inviting the people who answer: lists read row by row, links, codes, and letters."""

from __future__ import annotations

import time

import pytest

from priority.errors import Gone, Invalid, Stale
from priority.extensions import db, keys
from priority.models import Audit, Outbox, Panelist
from priority.services import accounts, panels, turnout, voting
from tests.factories import a_panelist, a_person, an_exercise, an_open_round

pytestmark = pytest.mark.usefixtures("app")
GOOD = "email,name,group\nanna@example.org,Anna,Patients\nbo@example.org,Bo,doctors\n"


def problems(exercise, text):
    return [(one.line, one.column, one.value) for one in panels.preview(exercise, text).problems]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("email,name,group", "  EMAIL, Name ,GROUP"),
        GOOD.replace("\n", "\n\n"),
        "Group,E,Email,Name\nPatients,,anna@example.org,Anna\nDoctors,,bo@example.org,Bo\n",
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(text):
    rows = panels.preview(an_exercise(), text).rows
    assert [(row.address, row.name, row.group) for row in rows] == [
        ("anna@example.org", "Anna", "patients"),
        ("bo@example.org", "Bo", "doctors"),
    ]


def test_a_quoted_cell_keeps_its_commas_and_the_next_line_its_number():
    text = 'email,name,group\nanna@example.org,"Ek, Anna\nMaria",Patients\nnot-an-address,Bo,Doctors\n'
    preview = panels.preview(an_exercise(), text)
    assert preview.rows[0].name == "Ek, Anna Maria"
    assert preview.problems[0].line == 4


def test_every_bad_row_is_named_with_its_line_value_and_reason():
    exercise = an_exercise()
    text = (
        "email,name,group,language,observer\n"
        "anna@example.org,Anna,Patients,sv,\n"
        "nobody,Nobody,Patients,,\n"
        "carl@example.org,,Patients,,\n"
        "dora@example.org,Dora,Plumbers,,\n"
        "erik@example.org,Erik,Patients,klingon,\n"
        "fia@example.org,Fia,Patients,,perhaps\n"
        "ANNA@example.org,Anna again,Carers,,\n"
        "gun@example.org,Gun,Patients,,,one,more\n"
        "only-one-cell\n"
    )
    preview = panels.preview(exercise, text)
    assert [row.address for row in preview.rows] == ["anna@example.org"]
    assert problems(exercise, text)[:6] == [
        (3, "email", "nobody"),
        (4, "name", ""),
        (5, "group", "Plumbers"),
        (6, "language", "klingon"),
        (7, "observer", "perhaps"),
        (8, "email", "ANNA@example.org"),
    ]
    assert "line 2" in preview.problems[5].reason
    assert "Patients, Carers, Nurses, Doctors" in preview.problems[2].reason
    assert [one.line for one in preview.problems[6:]] == [9, 10]


def test_somebody_who_is_invited_already_is_named():
    exercise = an_exercise()
    panels.add_panelist(exercise, group=exercise.groups[0], address="Anna@Example.org", name="Anna")
    preview = panels.preview(exercise, GOOD)
    assert [row.name for row in preview.rows] == ["Bo"]
    assert "invited already" in preview.problems[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste a list"),
        ("\ufeff\n", "Paste a list"),
        ("anna@example.org,Anna,Patients", "Missing: email, name, group"),
        ("email,name\nanna@example.org,Anna", "Missing: group"),
        ("email,email,name,group\n", "twice"),
        ('email,name,group\n"anna@example.org,Anna,Patients\n', "quotation mark"),
        ("email,name,group\n" + "a@example.org,A,Patients\n" * 5001, "more than 5000 rows"),
        ("email,name,group\n" + "x" * 2_000_000, "larger than 2 MB"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_words(text, words):
    with pytest.raises(Invalid, match=words):
        panels.preview(an_exercise(), text)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest of a workbook", "CSV UTF-8"),
        ("email,name,group\nåsa@example.org,Åsa,Patients".encode("cp1252"), "line 2"),
        (b"email,name\x00,group", "not a list"),
    ],
)
def test_a_file_in_other_letters_is_refused_and_never_guessed(data, words):
    with pytest.raises(Invalid, match=words):
        panels.decode(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_unicode_is_read(encoding):
    assert panels.decode("email,name\nåsa,Åsa".encode(encoding)) == "email,name\nåsa,Åsa"


def test_inviting_makes_people_with_letters_and_hides_their_addresses():
    exercise = an_exercise()
    actor = a_person(exercise.organisation)
    invited = panels.invite(exercise, panels.preview(exercise, GOOD).rows, actor=actor)
    db.session.flush()
    assert [keys.reveal(one.address) for one in invited] == ["anna@example.org", "bo@example.org"]
    assert all(b"example" not in one.address + one.name for one in invited)
    assert len({one.salt for one in invited}) == 2
    assert all(len(one.salt) == 16 for one in invited)
    letters = db.session.query(Outbox).all()
    assert [letter.template for letter in letters] == ["invitation", "invitation"]
    assert accounts.use_link(accounts.secret_of(invited[0])) is invited[0]
    assert accounts.behind_code(accounts.code_of(invited[1])) is invited[1]
    line = db.session.query(Audit).filter_by(action="panel_invited").one()
    assert (line.actor_id, line.body) == (actor.id, {"people": 2})
    assert panels.preview(exercise, GOOD).rows == ()


def test_people_of_a_group_without_a_side_only_look_on():
    exercise = an_exercise()
    exercise.groups[3].side_id = None
    db.session.flush()
    panelist = panels.add_panelist(exercise, group=exercise.groups[3], address="r@example.org", name="R")
    assert panelist.observer
    assert panels.preview(exercise, GOOD).rows[1].observer


def test_the_same_address_cannot_be_added_twice():
    exercise = an_exercise()
    panels.add_panelist(exercise, group=exercise.groups[0], address="anna@example.org", name="Anna")
    with pytest.raises(Invalid, match="invited already"):
        panels.add_panelist(exercise, group=exercise.groups[1], address="ANNA@example.org", name="Anna")


def test_a_deactivated_panelists_link_and_code_stop_and_they_are_signed_out():
    panelist = a_panelist(an_exercise())
    accounts.sign_in(panelist, "s" * 51)
    panels.deactivate(panelist, None)
    with pytest.raises(Gone):
        accounts.use_link(accounts.secret_of(panelist))
    with pytest.raises(Gone):
        accounts.behind_code(accounts.code_of(panelist))
    assert accounts.find_session("s" * 51) is None
    with pytest.raises(Stale):
        panels.deactivate(panelist, None)
    panels.reactivate(panelist, None)
    assert accounts.use_link(accounts.secret_of(panelist)) is panelist


def test_a_new_link_ends_the_old_one_and_every_sign_in():
    panelist = a_panelist(an_exercise())
    old = accounts.secret_of(panelist)
    accounts.sign_in(panelist, "s" * 51)
    panels.new_link(panelist, None)
    with pytest.raises(Gone):
        accounts.use_link(old)
    assert accounts.use_link(accounts.secret_of(panelist)) is panelist
    assert accounts.find_session("s" * 51) is None
    assert db.session.query(Outbox).filter_by(template="invitation").count() == 1
    assert [line.action for line in db.session.query(Audit)] == ["panelist_new_link"]


def test_five_thousand_rows_are_previewed_and_nothing_is_written():
    exercise = an_exercise()
    rows = "".join(f"person{n}@example.org,Person {n},Patients,sv,no\n" for n in range(5000))
    begun = time.perf_counter()
    preview = panels.preview(exercise, "email,name,group,language,observer\n" + rows)
    assert time.perf_counter() - begun < 20  # a hang; it takes about half a second
    assert len(preview.rows) == 5000
    assert db.session.query(Panelist).count() == 0


@pytest.mark.parametrize(("done", "told"), [(0, None), (4, None), (5, 5), (9, 5), (10, 10)])
def test_while_a_round_is_open_turnout_comes_in_steps(done, told):
    """One more answer must not show: whoever watches would learn who it was."""
    exercise = an_exercise()
    people = [a_panelist(exercise) for _ in range(12)]
    round_ = an_open_round(exercise)
    for panelist in people[:done]:
        voting.save_page(round_, panelist, {"Q1.1": 7}, base=None)
    assert turnout.by_side(round_)[0].answered == told


# -- two roles ---------------------------------------------------------------------------------------------------------
def test_somebody_with_two_roles_is_one_person_with_both_until_they_choose():
    exercise = an_exercise()
    text = "email,name,group,other group\nanna@example.org,Anna,Nurses,Carers\nbo@example.org,Bo,Patients,\n"
    preview = panels.preview(exercise, text)
    assert [(row.group, row.other_group) for row in preview.rows] == [("nurses", "carers"), ("patients", None)]
    anna, bo = panels.invite(exercise, preview.rows, actor=None)
    assert (anna.group.key, anna.other_group, bo.other_group) == ("nurses", "carers", None)
    assert db.session.query(Panelist).count() == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("anna@example.org,Anna,Nurses,Plumbers,", "do not know this group"),
        ("anna@example.org,Anna,Nurses,nurses,", "same group again"),
        ("anna@example.org,Anna,Nurses,Carers,yes", "answers in both groups"),
    ],
)
def test_a_second_role_that_cannot_be_is_named_with_its_line(row, words):
    preview = panels.preview(an_exercise(), f"email,name,group,other group,observer\n{row}\n")
    assert preview.rows == ()
    assert (preview.problems[0].line, preview.problems[0].column) == (2, "other group")
    assert words in preview.problems[0].reason


def test_two_lines_for_one_person_say_how_two_roles_are_written():
    text = "email,name,group\nanna@example.org,Anna,Nurses\nanna@example.org,Anna,Carers\n"
    assert "“other group”" in panels.preview(an_exercise(), text).problems[0].reason
