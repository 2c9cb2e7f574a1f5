"""The coordinator's pages: who may see them, what they refuse, and that nothing typed or imported is lost or run."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from priority import clock
from priority.extensions import db, keys
from priority.models import Audit, Exercise, Outbox, Panelist, Role
from priority.moments import typed
from priority.services import accounts, exercises, protocols, rounds, voting
from priority.services.candidates import candidates
from priority.words import ExerciseState, RoleName, RoundState, Template
from tests import finished
from tests.factories import (
    a_contributor,
    a_panelist,
    a_person,
    a_proposal,
    a_question,
    an_exercise,
    an_organisation,
)

LIST = "email,name,group\nanna@example.org,Anna,Patients\nbo@example.org,Bo,Doctors\n"
HOSTILE = '<script>alert(1)</script>"=1+1'


@pytest.fixture
def exercise(app):
    one = an_exercise()
    protocols.set_body(one, protocols.body_for(Template.JLA_STYLE))
    return one


@pytest.fixture
def coordinator(exercise, client, sign_in):
    person = a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise)
    sign_in(client, person)
    return person


def at(exercise, *rest):
    return "/".join(["/staff/e", exercise.public_id, *map(str, rest)])


def pages(exercise):
    return [at(exercise, *rest) for rest in ([], *([one] for one in PAGES))]


PAGES = ("asking", "sorting", "publish", "settings", "rules", "people", "panel", "panel/invite", "rounds/1")


def a_new_exercise(**changes):
    values = {"template": "jla_style", "title": "Living with long covid", "introduction": "Start anywhere."}
    values |= {"locale": "en", "time_zone": "Europe/Stockholm"}
    values |= {"side1_name": "People living with it", "side1_share": "1", "side1_groups": "Patients; A patient\nCarers"}
    values |= {"side2_name": "Professionals", "side2_share": "1", "side2_groups": "Nurses\nDoctors"}
    values |= {"observers": "Companies", "rule": "share", "high": "70", "low": "15", "scope": "sides"}
    values |= {"primary": "jla", "level": "L1", "asking_text": "We keep your words.", "answering_text": "No names."}
    values |= {"contact_name": "Karin", "contact_phone": "090-1", "contact_hours": "Mondays"}
    values |= {"contact_email": "karin@example.org", "readers": "Maria", "safeguarding_contact": ""}
    return values | changes


def planned(exercise, *, questions=3, people=6):
    exercise.state = ExerciseState.SORTING
    for number in range(1, questions + 1):
        a_question(exercise, number)
    for number in range(people):
        a_panelist(exercise, ("patients", "nurses")[number % 2])
    return exercises.finish_sorting(exercise, actor=None)


def rated(exercise, *, people=12, questions=3):
    round_ = planned(exercise, people=people, questions=questions)[0]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    for number, panelist in enumerate(db.session.query(Panelist).order_by(Panelist.id)):
        voting.save_page(round_, panelist, {f"Q{n}.1": 9 - number % 3 for n in range(1, questions + 1)}, base=None)
    return round_


def tomorrow(exercise):
    return typed(clock.now() + timedelta(days=1), exercise.time_zone).strftime("%Y-%m-%dT%H:%M")


# -- who may -----------------------------------------------------------------------------------------------------------
def test_nobody_comes_in_without_signing_in(client, exercise):
    for path in ["/staff", "/staff/new", *pages(exercise)]:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert "/sign-in" in answer.location


@pytest.mark.parametrize("role", [RoleName.MODERATOR, RoleName.RESEARCHER])
def test_other_roles_find_no_such_page(client, sign_in, exercise, role):
    planned(exercise)
    sign_in(client, a_person(exercise.organisation, role))
    for path in pages(exercise):
        assert client.get(path).status_code == 404, path
    assert client.send(at(exercise, "close-asking")).status_code == 404
    assert client.get("/staff").status_code == 200


def test_a_coordinator_of_another_organisation_or_exercise_finds_no_such_page(client, sign_in, exercise):
    planned(exercise)
    elsewhere = an_exercise(an_organisation(name="Another"))
    sister = an_exercise(exercise.organisation)
    for person in (
        a_person(elsewhere.organisation, RoleName.COORDINATOR, RoleName.ADMINISTRATOR),
        a_person(exercise.organisation, RoleName.COORDINATOR, exercise=sister),
    ):
        sign_in(client, person)
        for path in pages(exercise):
            assert client.get(path).status_code == 404, path


def test_every_page_of_the_coordinator_opens_in_every_state(client, exercise, coordinator):
    planned(exercise)
    for state in ExerciseState:
        exercise.state = state
        exercise.published_at = clock.now() if state is ExerciseState.PUBLISHED else None
        for path in pages(exercise):
            answer = client.get(path)
            assert answer.status_code == 200, (path, state)
            assert answer.text.count("<h1") == 1, path


def test_staff_see_the_exercises_they_have_a_role_in(client, exercise, coordinator):
    an_exercise(exercise.organisation, title="A sister exercise")
    text = client.get("/staff").text
    assert exercise.title in text
    assert "A sister exercise" not in text
    assert "you run exercises" in text


def test_a_page_of_somebody_elses_panelist_is_not_found(client, exercise, coordinator):
    stranger = a_panelist(an_exercise(exercise.organisation))
    assert client.send(at(exercise, "panel", stranger.public_id, "deactivate")).status_code == 404
    assert stranger.active


# -- a new exercise ----------------------------------------------------------------------------------------------------
def test_a_template_fills_the_form_in(client, exercise, coordinator):
    text = client.get("/staff/new").text
    assert "JLA-style (not a JLA PSP)" in text
    text = client.get("/staff/new?template=rand_ucla").text
    for words in (
        "Patients; A patient",
        'value="rand_ucla" id="rule-1" checked',
        'id="scope-1" checked',
        "Europe/Stockholm",
        "Karin Ek",
    ):
        assert words in text


def test_a_new_exercise_is_made_with_what_was_typed(client, exercise, coordinator):
    answer = client.send("/staff/new", a_new_exercise(side2_share="2", high="80", primary="kemeny", level="L2"))
    assert answer.status_code == 303
    made = db.session.query(Exercise).filter_by(title="Living with long covid").one()
    body = protocols.current(made).body
    assert [(side.name, side.share) for side in made.sides] == [("People living with it", 1), ("Professionals", 2)]
    assert [group.name for group in made.groups] == ["Patients", "Carers", "Nurses", "Doctors", "Companies"]
    assert (body["consensus"]["high"], body["primary"]["method"], body["publication_level"]) == (80, "kemeny", "L2")
    assert client.get(answer.location).status_code == 200
    assert db.session.query(Audit).filter_by(exercise_id=made.id, action="exercise_created").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"time_zone": "Nowhere"}, "do not know this time zone"),
        ({"side1_groups": ""}, "at least one group"),
        ({"side1_name": "", "side1_groups": "", "side2_name": "", "side2_groups": ""}, "at least one side"),
        ({"high": "40"}, "More than half"),
        ({"high": "many"}, "whole number"),
        ({"contact_email": "karin"}, "name@example.org"),
        ({"level": "L9"}, "Choose one of the answers"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_everything_typed_stays(
    client, exercise, coordinator, changes, words
):
    before = db.session.query(Exercise).count()
    answer = client.send("/staff/new", a_new_exercise(introduction="Mine alone", **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error:" in answer.text
    for kept in ("Mine alone", "Companies", "No names."):
        assert kept in answer.text
    assert db.session.query(Exercise).count() == before
    assert db.session.query(Audit).count() == 0


def test_what_is_to_mend_is_listed_in_the_order_of_the_page(client, coordinator):
    text = client.send("/staff/new", a_new_exercise(title="", readers="")).text
    summary = text[text.index('class="error-summary"') : text.index("<h1")]
    assert summary.index('href="#title"') < summary.index('href="#readers"')
    assert "What is it about? Please fill this in." in summary


# -- steps -------------------------------------------------------------------------------------------------------------
def test_asking_opens_with_a_safeguarding_contact_only(client, exercise, coordinator):
    exercise.state, exercise.safeguarding_contact = ExerciseState.DRAFT, None
    answer = client.send(at(exercise, "asking"), {"until": "", "safeguarding_contact": ""})
    assert answer.status_code == 422
    assert "self-harm" in answer.text
    late = {"until": "2020-01-01T10:00", "safeguarding_contact": "Eva, 090-1"}
    answer = client.send(at(exercise, "asking"), late)
    assert answer.status_code == 422
    assert "still to come" in answer.text
    assert "Eva, 090-1" in answer.text
    assert exercise.safeguarding_contact is None  # nothing half-saved
    until = tomorrow(exercise)
    answer = client.send(at(exercise, "asking"), {"until": until, "safeguarding_contact": "Eva, 090-1"})
    assert answer.status_code == 303
    assert exercise.state is ExerciseState.ASKING
    assert typed(exercise.asking_until, exercise.time_zone).strftime("%Y-%m-%dT%H:%M") == until


def test_a_step_taken_in_another_window_is_refused_with_409(client, exercise, coordinator):
    assert client.send(at(exercise, "close-asking")).status_code == 303
    again = client.send(at(exercise, "close-asking"))
    assert again.status_code == 409
    assert "Sorting" in again.text
    assert [line.action for line in db.session.query(Audit)] == ["asking_closed"]


def test_sorting_does_not_end_while_somebody_waits(client, exercise, coordinator):
    exercise.state = ExerciseState.SORTING
    a_proposal(exercise)
    answer = client.send(at(exercise, "sorting"))
    assert answer.status_code == 409
    assert "1 thing that somebody asked has no answer yet" in answer.text
    assert "1 thing that somebody asked" in client.get(at(exercise, "sorting")).text


def test_the_page_counts_people_without_an_answer(client, exercise, coordinator):
    somebody = a_contributor(exercise)
    a_proposal(exercise, contributor=somebody)
    a_proposal(exercise, contributor=somebody)
    text = client.get(at(exercise)).text
    assert '<p class="big-number num">1</p>' in text
    assert "1 person has asked. 2 things that people asked wait for an answer." in text
    assert text.count('class="button button--small"') == 1  # one plum button


def test_a_role_is_given_by_email(client, exercise, coordinator):
    answer = client.send(at(exercise, "people"), {"name": "Mo", "address": "mo@example.org", "role": "moderator"})
    assert answer.status_code == 303
    assert "mo@example.org" in client.get(at(exercise, "people")).text
    assert db.session.query(Role).filter_by(exercise_id=exercise.id, name=RoleName.MODERATOR).count() == 1
    answer = client.send(at(exercise, "people"), {"name": "Mo", "address": "mo@", "role": "administrator"})
    assert answer.status_code == 422


def test_contacts_are_changed_and_logged(client, exercise, coordinator):
    values = {name: getattr(exercise, name) for name in ("contact_phone", "contact_hours", "contact_email", "readers")}
    values |= {"contact_name": "Nils", "safeguarding_contact": "Eva"}
    assert client.send(at(exercise, "settings"), values).status_code == 303
    assert exercise.contact_name == "Nils"
    assert client.send(at(exercise, "settings"), values | {"safeguarding_contact": ""}).status_code == 422
    assert exercise.safeguarding_contact == "Eva"
    assert [line.actor_id for line in db.session.query(Audit)] == [coordinator.id]


# -- the panel ---------------------------------------------------------------------------------------------------------
def test_a_list_is_looked_at_before_anything_is_sent(client, exercise, coordinator):
    answer = client.send(at(exercise, "panel/invite"), {"text": LIST + "nobody,,Plumbers\nANNA@example.org,A,Carers\n"})
    assert answer.status_code == 200
    for words in ("2 people can be invited", "2 rows are left out", "do not know this group", "on line 2 already"):
        assert words in answer.text
    assert db.session.query(Panelist).count() == db.session.query(Outbox).count() == 0
    first = answer.text.index('type="submit"')
    assert answer.text.index('value="back"') < answer.text.index('value="import"')
    assert 'value="back"' in answer.text[first : first + 120]  # Enter presses the harmless button


def test_the_good_rows_are_imported_once(client, exercise, coordinator):
    data = {"text": LIST + "nobody,,Plumbers\n", "act": "import"}
    assert client.send(at(exercise, "panel/invite"), data).status_code == 303
    assert db.session.query(Panelist).count() == db.session.query(Outbox).count() == 2
    again = client.send(at(exercise, "panel/invite"), data)
    assert again.status_code == 422
    assert "invited already" in again.text
    assert db.session.query(Panelist).count() == 2
    text = client.get(at(exercise, "panel")).text
    assert "anna@example.org" in text
    assert "2 people are invited" in text


def test_back_keeps_the_list(client, exercise, coordinator):
    answer = client.send(at(exercise, "panel/invite"), {"text": LIST, "act": "back"})
    assert answer.status_code == 200
    assert "bo@example.org,Bo,Doctors" in answer.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": ""}, "Paste a list"),
        ({"text": "just words"}, "first line must name the columns"),
        ({"file": (io.BytesIO("email,name,group\nåsa@x.org,Åsa,P".encode("latin-1")), "list.csv")}, "on line 2"),
        ({"file": (io.BytesIO(b"PK\x03\x04"), "list.xlsx")}, "CSV UTF-8"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_words(client, exercise, coordinator, data, words):
    answer = client.send(at(exercise, "panel/invite"), data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text


def test_a_file_too_large_is_refused(client, exercise, coordinator):
    data = b"x" * 2_100_000
    answer = client.post(at(exercise, "panel/invite"), data=data, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_an_uploaded_file_goes_before_what_was_pasted(client, exercise, coordinator):
    data = {"text": "nonsense", "file": (io.BytesIO(("\ufeff" + LIST).encode()), "list.csv")}
    answer = client.send(at(exercise, "panel/invite"), data, content_type="multipart/form-data")
    assert "2 people can be invited" in answer.text


def test_nothing_from_a_list_becomes_markup(client, exercise, coordinator):
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    text = f"email,name,group,{quoted}\nanna@example.org,{quoted},Patients,x\nb,{quoted},{quoted},x\n"
    preview = client.send(at(exercise, "panel/invite"), {"text": text})
    client.send(at(exercise, "panel/invite"), {"text": text, "act": "import"})
    for page in (preview.text, client.get(at(exercise, "panel")).text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;=1+1" in page


def test_five_thousand_rows_are_shown_in_time_and_a_page(client, exercise, coordinator):
    rows = "".join(f"person{n}@example.org,Person {n},Patients\n" for n in range(5000))
    answer = client.send(
        at(exercise, "panel/invite"), {"text": "email,name,group\n" + rows}, content_type="multipart/form-data"
    )
    assert "5000 people can be invited" in answer.text
    assert "And 4950 more." in answer.text


def test_a_deactivated_panelists_link_is_gone_and_comes_back_new(client, exercise, coordinator):
    panelist = a_panelist(exercise)
    old = accounts.secret_of(panelist)
    assert client.send(at(exercise, "panel", panelist.public_id, "deactivate")).status_code == 303
    assert client.get(f"/in/{old}").status_code == 410
    assert client.send(at(exercise, "panel", panelist.public_id, "deactivate")).status_code == 409
    assert client.send(at(exercise, "panel", panelist.public_id, "reactivate")).status_code == 303
    assert client.get(f"/in/{old}").status_code == 410
    assert client.get(f"/in/{accounts.secret_of(panelist)}").status_code == 200
    before = accounts.secret_of(panelist)
    assert client.send(at(exercise, "panel", panelist.public_id, "new-link")).status_code == 303
    assert client.get(f"/in/{before}").status_code == 410


# -- rounds ------------------------------------------------------------------------------------------------------------
def test_a_round_opens_by_the_clock_of_the_exercise(client, exercise, coordinator):
    round_ = planned(exercise)[0]
    path = at(exercise, "rounds", 1)
    late = client.send(f"{path}/open", {"closes_at": "2020-01-01T10:00"})
    assert late.status_code == 422
    assert "still to come" in late.text
    assert "2020-01-01T10:00" in late.text
    until = tomorrow(exercise)
    assert client.send(f"{path}/open", {"closes_at": until}).status_code == 303
    assert round_.state is RoundState.OPEN
    assert typed(round_.closes_at, "Europe/Stockholm").strftime("%Y-%m-%dT%H:%M") == until
    assert "(Stockholm)" in client.get(path).text
    assert client.send(f"{path}/open", {"closes_at": until}).status_code == 409
    assert "The rules are frozen" in client.get(at(exercise, "rules")).text


def test_an_open_round_shows_how_many_by_side_and_never_how(client, exercise, coordinator):
    rated(exercise, people=16)
    for path in (at(exercise), at(exercise, "rounds", 1)):
        text = client.get(path).text
        assert "5 or more of 8" in text
        assert "middle answer" not in text
        assert "Panelist" not in text


def test_few_answers_are_said_in_words(client, exercise, coordinator):
    rated(exercise, people=8)
    text = client.get(at(exercise, "rounds", 1)).text
    assert "4 of 4" not in text
    assert "Fewer than 5 are asked" in text


def test_the_end_moves_with_a_reason_only(client, exercise, coordinator):
    round_ = rated(exercise)
    path, until = at(exercise, "rounds", 1), typed(clock.now() + timedelta(days=9), "Europe/Stockholm")
    data = {"closes_at": until.strftime("%Y-%m-%dT%H:%M"), "reason": ""}
    assert client.send(f"{path}/end", data).status_code == 422
    assert client.send(f"{path}/end", data | {"reason": "Holidays <b>"}).status_code == 303
    assert "Holidays &lt;b&gt;" in client.get(path).text
    assert round_.closes_at > clock.now() + timedelta(days=8)


def test_closing_early_needs_a_reason_and_shows_what_was_found(client, exercise, coordinator):
    round_ = rated(exercise)
    path = at(exercise, "rounds", 1)
    answer = client.send(f"{path}/close", {"early-reason": ""})
    assert answer.status_code == 422
    assert "say why" in answer.text
    assert round_.state is RoundState.OPEN
    assert client.send(f"{path}/close", {"early-reason": "All have answered."}).status_code == 303
    text = client.get(path).text
    assert "6 of 6 chose 7, 8 or 9" in text
    assert "All have answered." in text
    assert client.send(f"{path}/close", {"early-reason": "Again"}).status_code == 409


def test_a_side_of_few_is_not_shown_by_itself(client, exercise, coordinator):
    round_ = rated(exercise, people=8)
    rounds.close_round(round_, actor=None, reason="A test")
    text = client.get(at(exercise, "rounds", 1)).text
    assert "4 of 4" not in text
    assert "Everybody together: 8 of 8" in text
    few = an_exercise(exercise.organisation)
    protocols.set_body(few, protocols.body_for(Template.JLA_STYLE))
    accounts.give_role(coordinator, RoleName.COORDINATOR, few)
    round_ = planned(few, people=4)[0]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    rounds.close_round(round_, actor=None, reason="A test")
    assert "Fewer than 5 answered: not shown." in client.get(at(few, "rounds", 1)).text


def test_the_last_round_asks_what_the_coordinator_confirmed(client, exercise, coordinator):
    first = rated(exercise)
    rounds.close_round(first, actor=None, reason="A test")
    second = rounds.plan(exercise)[1]
    rounds.open_round(second, closes_at=clock.now() + timedelta(days=1), actor=None)
    for panelist in db.session.query(Panelist):
        voting.save_page(second, panelist, {f"Q{n}.1": 8 for n in (1, 2, 3)}, base=None)
    rounds.close_round(second, actor=None, reason="A test")
    third = rounds.plan(exercise)[2]
    path = at(exercise, "rounds", 3)
    first_candidates = candidates(exercise)
    text = client.get(path).text
    for one in first_candidates:
        assert f'value="{one.question_id}"' in text
    data = {"closes_at": tomorrow(exercise)}
    nothing = client.send(f"{path}/open", data)
    assert nothing.status_code == 422
    assert client.send(f"{path}/open", data | {"questions": ["999999"]}).status_code == 422
    chosen = [str(one.question_id) for one in first_candidates[:2]]
    assert client.send(f"{path}/open", data | {"questions": chosen}).status_code == 303
    assert len(voting.item_keys(third)) == 2


def test_whoever_confirms_the_last_round_sees_where_it_was_cut_and_what_has_no_mean(app, client, sign_in):
    exercise = finished.an_exercise_to_answer(questions=3)
    sign_in(client, a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise))

    def answer(_rng, panelist, keys):  # professionals cannot judge the first question
        high = panelist.group.key in {"patients", "nurses"}
        unknown = {keys[0]: "cannot_judge"} if panelist.group.side.key == "professionals" else {}
        return {keys[0]: 8, keys[1]: 9 if high else 5, keys[2]: 8} | unknown

    for round_ in rounds.plan(exercise)[:2]:
        finished.run_round(exercise, round_, answer=answer)
    text = client.get(at(exercise, "rounds", 3)).text
    assert "3. What helps with thing 3? (100.0 %)" in text
    assert "2. What helps with thing 2? (60.6 %)" in text  # (11/18 + 9/15) / 2
    assert "1. What helps with thing 1? (no mean: a side gave no rating at all)" in text
    assert len(re.findall(r'type="checkbox"[^>]*checked', text)) == 2


def test_there_is_no_round_without_a_plan(client, exercise, coordinator):
    assert client.get(at(exercise, "rounds", 1)).status_code == 404
    assert client.get(at(exercise, "rounds", 99999999999999999999)).status_code == 404


def test_publishing_says_what_happens_and_does_it_once(client, exercise, coordinator):
    asked = a_contributor(exercise, address=keys.hide("a@example.org"))
    part = a_proposal(exercise, contributor=asked).parts[0]
    part.destination, part.decided_at = "research", clock.now()
    for round_ in planned(exercise):
        chosen = [one.wording.question_id for one in rounds.plan(exercise)[0].items] if round_.n == 3 else None
        rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None, questions=chosen)
        rounds.close_round(round_, actor=None, reason="A test")
    assert "their questions: 1 person." in client.get(at(exercise, "publish")).text
    assert client.send(at(exercise, "publish")).status_code == 303
    assert client.send(at(exercise, "publish")).status_code == 409
    text = client.get(at(exercise)).text
    assert "everybody who asked has an answer" in text
    assert '<p class="big-number num">0</p>' in text
