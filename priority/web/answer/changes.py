"""What changed in the list since last time, before the first page of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, url_for

from priority.policy import Access
from priority.queries.answering import was_asked
from priority.queries.between import Leaving, between, round_before
from priority.services.voting import Guest
from priority.web.answer.blueprint import bp
from priority.web.answer.desk import sit_down
from priority.web.answer.kinds import pages_of
from priority.web.guard import requires

if TYPE_CHECKING:
    from priority.queries.between import Between
    from priority.web.answer.desk import Desk


@bp.get("/answer/<int(max=9999):n>/changes")
@requires(Access.PANELIST)
def changes(n: int) -> Any:
    """What is new, has other words, was joined or is not asked again; on to the first page where nothing changed."""
    desk = sit_down(n)
    found = _found(desk)
    if found is None:
        return redirect(pages_of(desk).start(desk), code=303)
    left = {str(why): [one.question for one in found.left if one.why is why] for why in Leaving}
    return render_template("answer/changes.html", desk=desk, changes=found, left=left, start=pages_of(desk).start(desk))


def first_page(desk: Desk) -> str:
    """Where somebody goes on: past what changed, where something did and they have not begun."""
    if desk.own is None and desk.is_open and _found(desk) is not None:
        return url_for("answer.changes", n=desk.round.n)
    return pages_of(desk).start(desk)


def _found(desk: Desk) -> Between | None:
    """What changed for somebody who answered before; None where nothing did, or they were not asked then."""
    earlier = round_before(desk.round)
    if earlier is None or isinstance(desk.who, Guest) or not was_asked(earlier, desk.who):
        return None
    found = between(earlier, desk.round)
    return None if found.nothing_changed else found
