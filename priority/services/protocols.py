"""The declared rules of an exercise: what a template pre-fills, what is frozen, and how a deviation is added."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Protocol
from priority.queries import rules
from priority.services import audit
from priority.services.ballot_types import type_of
from priority.words import PublicationLevel, RoundKind, Template

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from priority.models import Exercise, Person

Body = dict[str, Any]
BESIDE = ("borda", "copeland", "kemeny")


def body_for(template: Template) -> Body:
    """The rules that a template starts from; a coordinator may change them until the first real round opens."""
    primary = {"method": "jla", "parameters": {"k": 10, "rescore": "all"}}
    return {
        "template": str(template),
        "sides": _sides(),
        "observers": [{"key": "researchers", "name": _("Researchers"), "member": _("A researcher")}],
        "rounds": [
            {"kind": "rating", "feedback": False},
            {"kind": "rating", "feedback": True},
            {"kind": "ranking", **type_of(RoundKind.RANKING).design},
        ],
        "consensus": _consensus(template),
        "valid_share": rules.VALID_SHARE,
        "percentile_rule": "weibull",
        "minimum_cell": rules.LEAST,
        "primary": primary,
        "beside": [
            *({"method": method, "parameters": {}, "pooled": False} for method in BESIDE),
            primary | {"pooled": True},
            *({"method": method, "parameters": {}, "pooled": True} for method in BESIDE),
        ],
        "shortlist": 10,
        "publication_level": str(PublicationLevel.L1),
        "stability_margin": rules.STABILITY_MARGIN,
        "stopping": rules.stopping_rule({}),
        "aim": "consensual",
    }


def current(exercise: Exercise) -> Protocol:
    """The rules in force: the newest row."""
    row = db.session.scalar(
        select(Protocol).where(Protocol.exercise_id == exercise.id).order_by(Protocol.n.desc()).limit(1)
    )
    if row is None:
        raise LookupError(f"Exercise {exercise.public_id} has no protocol.")
    return row


def at(exercise: Exercise, moment: datetime) -> Protocol:
    """The rules that were in force at a moment; the first ones before any was frozen."""
    row = db.session.scalar(
        select(Protocol)
        .where(Protocol.exercise_id == exercise.id, Protocol.frozen_at <= moment)
        .order_by(Protocol.n.desc())
        .limit(1)
    )
    return first(exercise) if row is None else row


def first(exercise: Exercise) -> Protocol:
    """The rules as they were declared first, before any deviation."""
    return db.session.scalars(select(Protocol).where(Protocol.exercise_id == exercise.id, Protocol.n == 1)).one()


def bodies(exercise: Exercise) -> Sequence[Body]:
    """All rules that were ever in force, the first first."""
    return db.session.scalars(
        select(Protocol.body).where(Protocol.exercise_id == exercise.id).order_by(Protocol.n)
    ).all()


def versions(exercise: Exercise) -> Sequence[Protocol]:
    """Every row of rules, the first first: what was declared, then each deviation with its reason."""
    return db.session.scalars(select(Protocol).where(Protocol.exercise_id == exercise.id).order_by(Protocol.n)).all()


def write_first(exercise: Exercise, body: Body, *, actor: Person | None) -> Protocol:
    """The first rules of a new exercise, not frozen yet."""
    row = Protocol(exercise_id=exercise.id, n=1, body=body, author_id=None if actor is None else actor.id)
    db.session.add(row)
    db.session.flush()
    return row


def set_body(exercise: Exercise, body: Body) -> Protocol:
    """Other rules, before anything is frozen; refuses afterwards."""
    row = current(exercise)
    if row.frozen_at is not None:
        raise Stale(_("The rules are frozen since the first round opened. A change needs a reason, as a deviation."))
    row.body = body
    db.session.flush()
    return row


def freeze(exercise: Exercise, *, actor: Person | None) -> Protocol:
    """The rules from here on for everybody; frozen already is no mistake."""
    row = current(exercise)
    if row.frozen_at is None:
        row.digest = digest(row.body)
        row.frozen_at = clock.now()
        audit.record("protocol_frozen", exercise=exercise, actor=actor, n=row.n, digest=row.digest)
    return row


def deviate(exercise: Exercise, body: Body, *, reason: str, actor: Person | None) -> Protocol:
    """A change of frozen rules, with its reason, as a new row that every report shows. Sides and shares stay."""
    before = current(exercise)
    if before.frozen_at is None:
        raise Stale(_("Nothing is frozen yet: the rules can simply be changed."))
    if not reason.strip():
        raise Invalid(_("Please say why the rules change."), field="reason")
    if body["sides"] != before.body["sides"]:
        raise Invalid(_("Sides and their shares cannot change after the first round has opened."), field="sides")
    row = Protocol(
        exercise_id=exercise.id,
        n=before.n + 1,
        body=body,
        digest=digest(body),
        reason=reason,
        author_id=None if actor is None else actor.id,
        frozen_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record("protocol_deviation", exercise=exercise, actor=actor, n=row.n, digest=row.digest, reason=reason)
    return row


def digest(body: Body) -> str:
    """SHA-256 of the rules as canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _sides() -> list[Body]:
    return [
        {
            "key": "lived",
            "name": _("People living with it"),
            "share": 1,
            "groups": [
                {"key": "patients", "name": _("Patients"), "member": _("A patient")},
                {"key": "carers", "name": _("Carers"), "member": _("A carer")},
            ],
        },
        {
            "key": "professionals",
            "name": _("Professionals"),
            "share": 1,
            "groups": [
                {
                    "key": "clinicians",
                    "name": _("Nurses, doctors, physiotherapists"),
                    "member": _("A nurse, doctor or physiotherapist"),
                },
                {"key": "social_workers", "name": _("Social workers"), "member": _("A social worker")},
            ],
        },
    ]


def _consensus(template: Template) -> Body:
    if template is Template.RAND_UCLA:
        return {"rule": "rand_ucla", "scope": "pooled"}
    return {"rule": "share", "high": rules.HIGH, "low": rules.LOW, "scope": "sides"}
