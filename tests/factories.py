"""Things for tests to stand on. Each states only what matters; the rest is an ordinary case."""

from __future__ import annotations

import itertools
import secrets
from datetime import timedelta
from typing import Any

from priority import clock
from priority.extensions import db, keys
from priority.models import (
    Contributor,
    Exercise,
    ExerciseQuestion,
    Organisation,
    Panelist,
    Person,
    Proposal,
    ProposalPart,
    ProposalWords,
    Protocol,
    Question,
    QuestionWording,
    Round,
    RoundGroup,
    RoundItem,
    Side,
    StakeholderGroup,
)
from priority.queries.rounds import live_questions
from priority.services import accounts, protocols
from priority.words import Channel, ExerciseState, Letters, RoleName, RoundKind, RoundState, Template, WordsKind

_numbers = itertools.count(1)
GROUPS = (
    ("lived", "People living with it", 1, (("patients", "Patients"), ("carers", "Carers"))),
    ("professionals", "Professionals", 1, (("nurses", "Nurses"), ("doctors", "Doctors"))),
)
CONTACT = {
    "contact_name": "Karin Ek",
    "contact_phone": "090-00 00 00",
    "contact_hours": "Monday to Friday, 10 to 4",
    "contact_email": "karin@example.org",
}


def add(thing: Any) -> Any:
    """Into the database, and back."""
    db.session.add(thing)
    db.session.flush()
    return thing


def an_organisation(**values: Any) -> Organisation:
    return add(Organisation(**({"name": "An association", "locale": "en"} | CONTACT | values)))


def an_exercise(organisation: Organisation | None = None, **values: Any) -> Exercise:
    """An exercise with two sides of two groups each, a protocol that is not frozen yet, and its ballot key."""
    ordinary = {
        "organisation": organisation or an_organisation(),
        "title": "An ordinary day",
        "introduction": "What should research find out?",
        "locale": "en",
        "time_zone": "Europe/Stockholm",
        "template": Template.JLA_STYLE,
        "state": ExerciseState.ASKING,
        "readers": "Maria and Jonas",
        "safeguarding_contact": "Eva Lind, 090-00 00 01",
    }
    exercise = Exercise(**(ordinary | CONTACT | values))
    add(exercise)
    exercise.ballot_key_check = keys.make_exercise_key(exercise.public_id)
    position = itertools.count(1)
    for side_key, name, share, groups in GROUPS:
        side = add(Side(exercise=exercise, key=side_key, name=name, share=share, position=next(position)))
        for group_key, group_name in groups:
            add(
                StakeholderGroup(
                    exercise=exercise,
                    side=side,
                    key=group_key,
                    name=group_name,
                    member=f"One of: {group_name}",
                    position=next(position),
                )
            )
    add(Protocol(exercise_id=exercise.id, n=1, body=protocols.body_for(exercise.template)))
    db.session.refresh(exercise)
    return exercise


def group(exercise: Exercise, key: str) -> StakeholderGroup:
    """The exercise's group of this key."""
    return next(group for group in exercise.groups if group.key == key)


def a_person(organisation: Organisation, *roles: RoleName, exercise: Exercise | None = None, **values: Any) -> Person:
    """Somebody of the staff, with roles."""
    number = next(_numbers)
    person = accounts.add_person(
        organisation, name=values.get("name", f"Person {number}"), address=f"person{number}@example.org"
    )
    for role in roles:
        accounts.give_role(person, role, exercise)
    db.session.refresh(person)
    return person


def a_contributor(exercise: Exercise, **values: Any) -> Contributor:
    """Somebody who asked, with a return code and no address."""
    public_id = values.pop("public_id", None) or secrets.token_hex(13)
    ordinary = {
        "public_id": public_id,
        "exercise": exercise,
        "locale": "en",
        "channel": Channel.WEB,
        "letters": Letters.EVERY_STEP,
        "code_hash": keys.fingerprint(keys.code(accounts.CODE, public_id)),
    }
    return add(Contributor(**(ordinary | values)))


def a_panelist(exercise: Exercise, group_key: str = "patients", **values: Any) -> Panelist:
    """Somebody invited to answer."""
    number, public_id = next(_numbers), secrets.token_hex(13)
    address = f"panelist{number}@example.org"
    ordinary = {
        "public_id": public_id,
        "exercise": exercise,
        "group": group(exercise, group_key),
        "name": keys.hide(f"Panelist {number}"),
        "address": keys.hide(address),
        "address_lookup": keys.lookup(address),
        "salt": secrets.token_bytes(16),
        "locale": "en",
        "link_hash": keys.fingerprint(keys.token(accounts.LINK, public_id)),
        "code_hash": keys.fingerprint(keys.code(accounts.CODE, public_id)),
    }
    return add(Panelist(**(ordinary | values)))


def a_proposal(
    exercise: Exercise, text: str = "Why am I so tired?", group_key: str | None = None, **values: Any
) -> Proposal:
    """Something that somebody sent: its words, and one part over the whole of them that waits."""
    ordinary = {
        "exercise": exercise,
        "contributor": values.pop("contributor", None) or a_contributor(exercise),
        "group": None if group_key is None else group(exercise, group_key),
        "locale": "en",
    }
    proposal = add(Proposal(**(ordinary | values)))
    add(ProposalWords(proposal=proposal, n=1, kind=WordsKind.ORIGINAL, text=text))
    add(ProposalPart(proposal=proposal, n=1, start=0, end=len(text)))
    return proposal


def a_question(exercise: Exercise, number: int, **values: Any) -> Question:
    """A summary question with one wording, in the exercise under this number."""
    question = add(Question(organisation_id=exercise.organisation_id))
    ordinary = {"n": 1, "locale": "en", "text": f"What helps with number {number}?", "short": f"Number {number}"}
    add(QuestionWording(question_id=question.id, **(ordinary | values)))
    add(ExerciseQuestion(exercise_id=exercise.id, question_id=question.id, number=number))
    return question


def an_open_round(
    exercise: Exercise, kind: RoundKind = RoundKind.RATING, *, n: int = 1, questions: int = 8, **values: Any
) -> Round:
    """A round that asks every active panelist, open for a week; the exercise gets as many questions as it asks."""
    round_ = add(Round(exercise=exercise, n=n, kind=kind, **values))
    known = {link.number for link, _wording in live_questions(exercise)}
    for number in range(1, questions + 1):
        if number not in known:
            a_question(exercise, number)
    for link, wording in live_questions(exercise)[:questions]:
        key = f"Q{link.number}.{wording.n}"
        add(RoundItem(round_id=round_.id, wording_id=wording.id, key=key, position=link.number))
    for panelist in db.session.query(Panelist).filter_by(exercise_id=exercise.id, active=True, observer=False):
        add(RoundGroup(round_id=round_.id, panelist_id=panelist.id, group_id=panelist.group_id))
    protocols.freeze(exercise, actor=None)
    round_.opened_at, round_.closes_at = clock.now(), clock.now() + timedelta(days=7)
    round_.state = RoundState.OPEN
    db.session.flush()
    return round_
