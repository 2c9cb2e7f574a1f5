"""Routes for whoever looks after the installation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify, render_template

from priority.policy import Access
from priority.services import post
from priority.web.guard import requires

bp = Blueprint("office", __name__)


@bp.get("/healthz")
@requires(Access.ANYONE)
def healthz() -> object:
    """The process is up; says nothing about the database."""
    return jsonify(status="ok")


@bp.get("/inbox")
@requires(Access.DEVELOPER)
def inbox() -> Any:
    """The letters that would have been sent, newest first; only in development, where nothing leaves."""
    return render_template(
        "office/inbox.html", letters=post.letters(), url=current_app.config["SETTINGS"].url, lines=linked
    )


def linked(text: str, url: str) -> list[list[tuple[str, bool]]]:
    """The lines of a letter in words, each with whether it is an address of ours that can be followed."""
    return [[(word, word.startswith(f"{url}/")) for word in line.split(" ")] for line in text.split("\n")]
