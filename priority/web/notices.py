"""Short words after something was done. The address carries a key (`?done=sent`), never a text."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

NOTICES = {
    "saved": _l("Saved."),
    "answers-saved": _l("Saved. Come back when you like, on any device."),
    "answers-taken-back": _l("You have taken your answers back. They do not count."),
    "signed-out": _l("You have signed out on this device."),
    "added": _l("Your words are added. The first ones stay as they were."),
    "taken-back": _l("You have taken this back. We will not use it."),
    "deleted": _l("Everything you wrote is deleted, and you are signed out."),
}


def current_notice() -> str | None:
    """What the page says on top because of what was just done; None where nothing was."""
    words = NOTICES.get(request.args.get("done", ""))
    return None if words is None else str(words)
