"""Short words after something was done. The address carries a key (`?done=sent`), never a text."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

NOTICES = {
    "saved": _l("Saved."),
    "answers-saved": _l("Saved. Come back when you like, on any device."),
    "answers-taken-back": _l("You have taken your answers back. They do not count."),
    "answers-erased": _l("Your answers are deleted for good."),
    "left": _l("Nobody's answers are open on this device any more."),
    "suggested": _l("Thank you. We have your question, and you find here what becomes of it."),
    "suggestion-taken-back": _l("You have taken it back. Nobody will read it."),
    "no-longer-here": _l("You have left, and no letter reaches you any more. Thank you for everything you gave."),
    "reasons-released": _l("Released together. Those who answer next read them."),
    "suggestion-answered": _l("Answered. Whoever suggested it reads it on their page."),
    "exercise-made": _l("The exercise is made. Nobody can see it until you open it."),
    "asking-open": _l("People can ask."),
    "asking-closed": _l("Asking is closed."),
    "sorting-ended": _l("The sorting is done, and the rounds are planned."),
    "published": _l("The list is out. Letters to everybody who asked are on their way."),
    "invited": _l("They are invited. Each gets a letter with a link and a code."),
    "deactivated": _l("The link and the code of this person no longer work."),
    "link-sent": _l("A new link is on its way. The old one no longer works."),
    "role-given": _l("They have this role now. They sign in with their e-mail."),
    "round-open": _l("The round is open. Everybody who is invited gets a letter."),
    "end-moved": _l("The end of the round is moved."),
    "signed": _l("The decision is signed."),
    "round-closed": _l("The round is closed, and its results are computed."),
    "rules-changed": _l("The rules are changed."),
    "scheduled": _l("The round has its dates. It opens by itself."),
    "not-scheduled": _l("The round does not open by itself any more."),
    "reminded": _l("The letters are on their way."),
    "pilot-open": _l("The trial is open. Everybody you chose gets a letter."),
    "pilot-closed": _l("The trial is closed. Nothing was computed from it."),
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
