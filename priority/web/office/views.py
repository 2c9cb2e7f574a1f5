"""Routes for whoever looks after the installation."""

from __future__ import annotations

from flask import Blueprint, jsonify

from priority.policy import Access
from priority.web.guard import requires

bp = Blueprint("office", __name__)


@bp.get("/healthz")
@requires(Access.ANYONE)
def healthz() -> object:
    """The process is up; says nothing about the database."""
    return jsonify(status="ok")
