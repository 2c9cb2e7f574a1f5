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
    "joined": _l("Joined. The person hears which question their words became part of."),
    "made": _l("The new question is on the list, with these words as its first original."),
    "sent": _l("Sent on its way. The person reads your sentence."),
    "split": _l("Split. Each piece wants an answer of its own."),
    "redacted": _l("The name is gone for good. The person is told."),
    "undone": _l("Undone. Everything is as it was before."),
    "reworded": _l("The new wording stands. The earlier ones stay below it."),
    "taken-out": _l("Taken out of the question. Words without another question wait in the queue again."),
    "off-list": _l("The question is off the list. Its page stays."),
}


def current_notice() -> str | None:
    """What the page says on top because of what was just done; None where nothing was."""
    words = NOTICES.get(request.args.get("done", ""))
    return None if words is None else str(words)
