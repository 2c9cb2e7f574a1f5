"""A round as those who answer will see it: their own pages, on which nothing can be saved or sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, g, redirect, render_template, url_for

from priority.errors import Refusal
from priority.policy import Access
from priority.services import previewing
from priority.web.admin.blueprint import bp
from priority.web.guard import requires
from priority.words import RoundKind

if TYPE_CHECKING:
    from priority.models import Exercise, Panelist, Round

PAGES = {
    RoundKind.RATING: "answer.rating_page",
    RoundKind.RANKING: "answer.sort_page",
    RoundKind.CHOOSE: "answer.choose_page",
    RoundKind.BEST_WORST: "answer.set_page",
}
FORM = re.compile(r"<form\b[^>]*>")
ANSWER = re.compile(r'href="/answer[^"]*"')
MAIN = re.compile(r"<main\b[^>]*>")
SCRIPT = re.compile(r'<script type="module" src="[^"]*/(?:autosave|draft|order)\.js[^"]*"></script>')


@bp.get("/staff/e/<id:exercise>/rounds/<int(max=99):n>/preview")
@bp.get("/staff/e/<id:exercise>/rounds/<int(max=99):n>/preview/<int(max=9999):page>")
@requires(Access.COORDINATOR)
def preview_round(exercise: Exercise, n: int, page: int = 1) -> Any:
    """One of the pages on which a round is answered, as it will look; nothing of it is kept."""
    try:
        with previewing.as_somebody(exercise, n) as (somebody, round_):
            shown = _page_of(somebody, round_, page)
    except Refusal as refusal:
        if page > 1:
            return redirect(url_for("admin.preview_round", exercise=exercise.public_id, n=n), code=303)
        g.pop("signed_in", None)
        g.exercise = exercise
        return render_template("admin/no_preview.html", record=exercise, n=n, why=str(refusal.words))
    banner = render_template("admin/preview_banner.html", record=exercise, n=n, page=page)
    return _made_harmless(shown, banner)


def _page_of(somebody: Panelist, round_: Round, page: int) -> str:
    """The page that this person would get, from the view that would give it to them."""
    g.signed_in = previewing.signed_in_as(somebody)
    view: Any = current_app.view_functions[PAGES[round_.kind]]
    return str(view.__wrapped__(n=round_.n, page=page))


def _made_harmless(shown: str, banner: str) -> str:
    """The page without forms, scripts that save, or ways into the real pages, under a line that says what it is."""
    still = SCRIPT.sub("", FORM.sub("<div>", shown).replace("</form>", "</div>"))
    still = ANSWER.sub('href="#main"', still)
    return MAIN.sub(lambda found: found.group() + banner, still, count=1)
