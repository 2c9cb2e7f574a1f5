"""An exercise from its template to its published list: what each step refuses, keeps and tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db, keys
from priority.models import Audit, Outbox, OutcomeEvent, Role
from priority.queries import dashboard
from priority.services import consent, drafting, exercises, protocols, rounds
from priority.services.drafting import RuleDraft, SideDraft
from priority.words import ExerciseState, Letters, Moment, Purpose, RoleName, RoundState, SessionKind, Template
from tests.factories import (
    CONTACT,
    a_contributor,
    a_panelist,
    a_person,
    a_proposal,
    a_question,
    an_exercise,
    an_organisation,
)

pytestmark = pytest.mark.usefixtures("app")
SHARE = RuleDraft("share", 70, 15)
SIDES = (SideDraft("side1", "Patients' side", 1, "Patients; A patient"), SideDraft("side2", "Nurses", 2, "Nurses"))


def made(template=Template.JLA_STYLE, **values):
    organisation = an_organisation()
    ordinary = {
        "template": template,
        "title": "An ordinary day",
        "introduction": "Start with what is hard.",
        "locale": "en",
        "time_zone": "Europe/Stockholm",
        "readers": "Maria and Jonas",
        "actor": a_person(organisation),
    }
    return exercises.create(organisation, **(ordinary | CONTACT | values))


def drafted(**values):
    ordinary = {"sides": SIDES, "observers": "", "consensus": SHARE, "primary": "jla", "level": "L1"}
    return drafting.drafted(protocols.body_for(Template.JLA_STYLE), **(ordinary | values))


def log(exercise):
    return [line.action for line in db.session.query(Audit).filter_by(exercise_id=exercise.id).order_by(Audit.seq)]


def ready_to_sort(*, questions=1):
    exercise = an_exercise(state=ExerciseState.SORTING)
    protocols.set_body(exercise, protocols.body_for(Template.JLA_STYLE))
    for number in range(1, questions + 1):
        a_question(exercise, number)
    return exercise


@pytest.mark.parametrize("template", [Template.JLA_STYLE, Template.DELPHI_70_15, Template.RAND_UCLA])
def test_a_template_makes_sides_groups_rules_a_key_and_texts(template):
    exercise = made(template)
    assert [(side.name, side.share, len(side.groups)) for side in exercise.sides] == [
        ("People living with it", 1, 2),
        ("Professionals", 1, 2),
    ]
    assert [group.key for group in exercise.groups if group.side_id is None] == ["researchers"]
    assert protocols.current(exercise).body == protocols.body_for(template)
    assert keys.ballot_check(exercise.public_id) == exercise.ballot_key_check
    text = consent.text_for(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, "en").text
    assert "how many chose each number" in text
    assert exercise.state is ExerciseState.DRAFT
    assert log(exercise) == ["exercise_created"]


def test_whoever_makes_an_exercise_coordinates_it():
    exercise = made()
    role = db.session.query(Role).filter_by(exercise_id=exercise.id).one()
    assert role.name is RoleName.COORDINATOR


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Europe/Umea"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"contact_phone": " "}, "contact_phone"),
        ({"readers": ""}, "readers"),
    ],
)
def test_an_exercise_without_a_clock_or_a_human_is_refused_at_its_field(values, field):
    with pytest.raises(Invalid) as refused:
        made(**values)
    assert refused.value.field == field


def test_what_a_coordinator_typed_becomes_the_rules():
    body = drafted(observers="Companies", primary="copeland", level="L2")
    assert [(side["key"], side["share"]) for side in body["sides"]] == [("patients_side", 1), ("nurses_2", 2)]
    assert body["sides"][0]["groups"] == [{"key": "patients", "name": "Patients", "member": "A patient"}]
    assert body["sides"][1]["groups"][0]["member"] == "One of: Nurses"
    assert body["observers"][0]["key"] == "companies"
    assert body["primary"]["method"] == "copeland"
    beside = [(one["method"], one["pooled"]) for one in body["beside"]]
    assert ("copeland", False) not in beside
    assert ("copeland", True) in beside
    assert ("jla", False) in beside


def test_a_template_left_as_it_is_stays_as_it_is():
    start = protocols.body_for(Template.JLA_STYLE)
    sides = [
        SideDraft(f"side{n}", side["name"], side["share"], drafting.typed_groups(side["groups"]))
        for n, side in enumerate(start["sides"], start=1)
    ]
    same = drafted(sides=sides, observers=drafting.typed_groups(start["observers"]))
    assert same["sides"] == start["sides"]
    assert same["observers"] == start["observers"]
    assert same["primary"] == start["primary"]
    assert sorted(map(str, (one["method"] for one in same["beside"]))) == sorted(
        one["method"] for one in start["beside"]
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sides": (SideDraft("side1", "", 0, ""),)}, "side1_name"),
        ({"sides": (SideDraft("side1", "", 1, "Patients"),)}, "side1_name"),
        ({"sides": (SideDraft("side1", "Side", 0, "Patients"),)}, "side1_share"),
        ({"sides": (SideDraft("side1", "Side", 1, " "),)}, "side1_groups"),
        ({"sides": (SideDraft("side1", "Side", 1, "Patients\nPatients"),)}, "side1_groups"),
        ({"sides": (SideDraft("side1", "Side", 1, "; A patient"),)}, "side1_groups"),
        ({"observers": "Patients"}, "observers"),
        ({"consensus": RuleDraft("share", 50, 15)}, "high"),
        ({"consensus": RuleDraft("share", 70, 70)}, "low"),
        ({"consensus": RuleDraft("share", 70, 15, "somebody")}, "scope"),
        ({"primary": "dice"}, "primary"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_their_field(values, field):
    with pytest.raises(Invalid) as refused:
        drafted(**values)
    assert refused.value.field == field


def test_a_rule_is_said_in_whole_people():
    five = drafting.in_people(drafted(), 5)
    assert (five.high_for_in, five.low_for_in) == (4, 0)
    assert drafting.in_people(drafted(consensus=RuleDraft("rand_ucla", 70, 15)), 5) is None


def test_the_say_is_told_in_people():
    says = drafting.says(drafted(), {"patients_side": 24, "nurses_2": 8})
    assert [(say.share, say.total, say.times, say.other) for say in says] == [
        (1, 3, None, "Patients' side"),
        (2, 3, "6", "Patients' side"),
    ]
    assert [say.times for say in drafting.says(drafted(), {})] == [None, None]


def test_asking_opens_only_with_a_safeguarding_contact():
    exercise = made()
    with pytest.raises(Invalid, match="self-harm") as refused:
        exercises.open_asking(exercise, until=None, actor=None)
    assert refused.value.field == "safeguarding_contact"
    assert exercise.state is ExerciseState.DRAFT
    exercises.name_safeguarding(exercise, "Eva, 090-1", actor=None)
    with pytest.raises(Invalid, match="still to come"):
        exercises.open_asking(exercise, until=clock.now(), actor=None)
    exercises.open_asking(exercise, until=clock.now() + timedelta(days=1), actor=None)
    assert exercise.state is ExerciseState.ASKING
    assert log(exercise)[1:] == ["safeguarding_contact_named", "asking_opened"]


def test_an_open_exercise_keeps_a_safeguarding_contact():
    exercise = an_exercise()
    contacts = exercises.Contacts(**CONTACT, readers="Maria")
    with pytest.raises(Invalid, match="self-harm"):
        exercises.set_contacts(exercise, contacts, actor=None)
    assert exercise.safeguarding_contact


def test_each_step_is_taken_once_and_in_order():
    exercise = an_exercise(state=ExerciseState.ASKING)
    for act in (exercises.finish_sorting, exercises.publish):
        with pytest.raises(Stale, match="Collecting questions"):
            act(exercise, actor=None)
    exercises.close_asking(exercise, actor=None)
    with pytest.raises(Stale):
        exercises.close_asking(exercise, actor=None)
    with pytest.raises(Stale):
        exercises.move_asking(exercise, until=None, actor=None)


def test_sorting_ends_when_nobodys_words_wait():
    exercise = ready_to_sort()
    proposal = a_proposal(exercise)
    a_proposal(exercise)
    with pytest.raises(Stale, match=r"^2 things"):
        exercises.finish_sorting(exercise, actor=None)
    for part in (*proposal.parts, *db.session.query(type(proposal)).all()[1].parts):
        part.destination, part.decided_at = "research", clock.now()
    db.session.flush()
    planned = exercises.finish_sorting(exercise, actor=None)
    assert [(round_.n, round_.state) for round_ in planned] == [(n, RoundState.PLANNED) for n in (1, 2, 3)]
    assert exercise.state is ExerciseState.ANSWERING
    assert log(exercise) == ["sorting_finished"]


def test_sorting_needs_a_question_to_answer():
    with pytest.raises(Stale, match="no question"):
        exercises.finish_sorting(ready_to_sort(questions=0), actor=None)


def closed_in_every_round():
    exercise = ready_to_sort(questions=2)
    a_panelist(exercise)
    for round_ in exercises.finish_sorting(exercise, actor=None):
        with_questions = [1, 2] if round_.n == 3 else None
        ids = None if with_questions is None else [link.question_id for link, _w in _live(exercise)]
        rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None, questions=ids)
        rounds.close_round(round_, actor=None, reason="A test has no patience.")
    return exercise


def _live(exercise):
    from priority.queries.rounds import live_questions

    return live_questions(exercise)


def test_the_list_waits_for_the_last_round():
    exercise = ready_to_sort()
    exercises.finish_sorting(exercise, actor=None)
    with pytest.raises(Stale, match="Round 1 has not closed"):
        exercises.publish(exercise, actor=None)


def test_publishing_tells_everybody_once_and_leaves_nobody_without_an_answer():
    exercise = closed_in_every_round()
    asked = a_contributor(exercise, address=keys.hide("a@example.org"))
    for text in ("One thing", "Another thing"):
        _decided(a_proposal(exercise, text, contributor=asked))
    quiet = a_contributor(exercise, letters=Letters.NOTHING)
    _decided(a_proposal(exercise, contributor=quiet))
    _decided(a_proposal(exercise, withdrawn_at=clock.now()))
    assert exercises.publish(exercise, actor=None) == 2
    assert exercise.state is ExerciseState.PUBLISHED
    assert db.session.query(OutcomeEvent).filter_by(moment=Moment.END).count() == 3
    letters = db.session.query(Outbox).filter_by(template="news_end").all()
    assert [letter.contributor_id for letter in letters] == [asked.id]
    assert dashboard.unanswered(exercise) == 0
    assert log(exercise)[-1] == "published"
    with pytest.raises(Stale):
        exercises.publish(exercise, actor=None)


def _decided(proposal):
    for part in proposal.parts:
        part.destination, part.decided_at = "research", clock.now()
    db.session.flush()


def test_people_without_an_answer_are_counted_as_people():
    exercise = an_exercise()
    somebody = a_contributor(exercise)
    first = a_proposal(exercise, contributor=somebody)
    second = a_proposal(exercise, contributor=somebody)
    a_proposal(exercise, contributor=a_contributor(exercise, erased_at=clock.now()))
    taken_back = a_proposal(exercise)
    taken_back.withdrawn_at = clock.now()
    db.session.flush()
    assert dashboard.unanswered(exercise) == 1
    _decided(first)
    assert dashboard.unanswered(exercise) == 1
    _decided(second)
    assert dashboard.unanswered(exercise) == 0
    exercise.state = ExerciseState.PUBLISHED
    db.session.flush()
    assert dashboard.unanswered(exercise) == 1  # nobody has told them yet that the list is out


def test_a_role_is_given_once_and_only_those_that_are_given_here():
    exercise = an_exercise()
    given = {"name": "Mo", "address": "mo@example.org", "role": RoleName.MODERATOR, "actor": None}
    person, new = exercises.give_role(exercise, **given)
    assert new
    assert exercises.give_role(exercise, **(given | {"address": "MO@example.org"})) == (person, False)
    assert log(exercise) == ["role_given"]
    with pytest.raises(Invalid):
        exercises.give_role(exercise, **(given | {"role": RoleName.ADMINISTRATOR}))
