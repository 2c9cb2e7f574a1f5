"""Organisations, as pages find them."""

from __future__ import annotations

from sqlalchemy import select

from priority.extensions import db
from priority.models import Organisation


def first_organisation() -> Organisation | None:
    """The organisation that runs this installation: the one that was here first."""
    return db.session.scalar(select(Organisation).order_by(Organisation.id).limit(1))
