"""What anybody can read: the start page, an exercise, and what we promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from priority import clock
from priority.errors import NotFound
from priority.policy import Access, can_answer, can_propose, can_see_list
from priority.queries import public as queries
from priority.queries.open_rounds import round_for_all
from priority.web.guard import requires
from priority.web.public import standing
from priority.words import ExerciseState

if TYPE_CHECKING:
    from priority.models import Exercise

bp = Blueprint("public", __name__)
SORTED = frozenset({ExerciseState.ANSWERING, ExerciseState.PUBLISHED})


@bp.get("/")
@requires(Access.ANYONE)
def home() -> Any:
    """What this is, one button, one person's story, and what is under way."""
    rows = queries.under_way()
    return render_template(
        "public/home.html",
        rows=rows,
        asking=[row for row in rows if row.state is ExerciseState.ASKING],
        story=queries.story_to_tell(),
        is_example=bool(rows) and all(row.simulated for row in rows),
    )


@bp.get("/e/<id:exercise>")
@requires(Access.ANYONE)
def exercise(exercise: Exercise) -> Any:
    """What an exercise asks, where it stands, what one can do now, and its questions once they are sorted."""
    if not queries.is_listed(exercise):
        raise NotFound(_("There is no such page."))
    rounds = queries.round_steps(exercise)
    flow = queries.flow_of(exercise)
    for_all = round_for_all(exercise)
    return render_template(
        "public/exercise.html",
        introduction=exercise.introduction,
        state=exercise.state,
        zone=exercise.time_zone,
        steps=standing.steps_of(exercise, rounds, flow),
        can_join=for_all is not None and can_answer(for_all, clock.now()),
        open_round=next((one for one in rounds if one.state == "open"), None),
        flow=standing.flow_steps(flow),
        shares=standing.shares_in_words(exercise),
        questions=queries.questions_with_words(exercise) if exercise.state in SORTED else (),
        shapes=standing.shapes_of(exercise),
        can_ask=can_propose(exercise, clock.now()),
        until=exercise.asking_until,
        is_out=can_see_list(exercise),
    )


@bp.get("/help/safety")
@requires(Access.ANYONE)
def safety() -> Any:
    """How answers and names are kept apart, and what nobody can promise."""
    return render_template("public/safety.html")


@bp.get("/help/accessibility")
@requires(Access.ANYONE)
def accessibility() -> Any:
    """How the pages can be used, and whom to tell where they cannot."""
    return render_template("public/accessibility.html")
